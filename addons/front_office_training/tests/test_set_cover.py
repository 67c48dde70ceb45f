import doctest
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import set_cover
from ..set_cover import Gap, Offer, choose

SKILLS = st.sampled_from("abcdef")
LEVELS = st.sampled_from([25, 50, 75, 100])
GAPS = st.lists(
    st.builds(
        Gap,
        skill=SKILLS,
        required=LEVELS,
        current=st.sampled_from([0, 25, 50]),
        must_have=st.booleans(),
        weight=st.integers(1, 5),
    ),
    max_size=7,
)
OFFERS = st.lists(
    st.builds(
        Offer,
        id=st.integers(1, 40),
        levels=st.dictionaries(SKILLS, LEVELS, max_size=4),
        minutes=st.integers(0, 90),
    ),
    max_size=7,
    unique_by=lambda offer: offer.id,
)
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=150)


def smallest_cover(gaps, offers):
    """Return the least number of offers that close all gaps, by trying them all."""
    for size in range(len(offers) + 1):
        for chosen in combinations(offers, size):
            if all(any(offer.closes(gap) for offer in chosen) for gap in gaps):
                return size
    raise AssertionError("the gaps cannot be closed")


@tagged("post_install", "-at_install")
class TestSetCover(BaseCase):
    def test_examples_in_the_text(self):
        result = doctest.testmod(set_cover)
        self.assertGreater(result.attempted, 5)
        self.assertEqual(result.failed, 0)

    def _open(self, gaps):
        return {gap for gap in gaps if set_cover.is_open(gap)}

    @PROPERTY
    @given(GAPS, OFFERS)
    def test_every_choice_closes_something_new(self, gaps, offers):
        closed = set()
        for choice in choose(gaps, offers).choices:
            self.assertTrue(choice.closes)
            self.assertTrue(closed.isdisjoint(choice.closes))
            self.assertTrue(all(choice.offer.closes(gap) for gap in choice.closes))
            closed.update(choice.closes)
        self.assertLessEqual(closed, self._open(gaps))

    @PROPERTY
    @given(GAPS, OFFERS)
    def test_all_that_can_be_closed_is_closed(self, gaps, offers):
        plan = choose(gaps, offers)
        expected = {
            gap
            for gap in self._open(gaps)
            if not any(offer.closes(gap) for offer in offers)
        }
        self.assertEqual(set(plan.remaining), expected)
        self.assertLessEqual(len(plan.choices), len(self._open(gaps) - expected))

    @PROPERTY
    @given(GAPS, OFFERS, st.randoms(use_true_random=False))
    def test_order_of_the_arguments_does_not_matter(self, gaps, offers, random):
        plan = choose(gaps, offers)
        random.shuffle(gaps)
        random.shuffle(offers)
        self.assertEqual(choose(gaps, offers), plan)

    @PROPERTY
    @given(GAPS, OFFERS)
    def test_must_haves_come_before_the_rest(self, gaps, offers):
        counts = [
            sum(gap.must_have for gap in choice.closes)
            for choice in choose(gaps, offers).choices
        ]
        self.assertEqual(counts, sorted(counts, reverse=True))

    @PROPERTY
    @given(GAPS, OFFERS)
    def test_chvatals_bound_for_the_must_haves(self, gaps, offers):
        plan = choose(gaps, offers)
        chosen = [
            choice
            for choice in plan.choices
            if any(gap.must_have for gap in choice.closes)
        ]
        closed = {gap for choice in chosen for gap in choice.closes if gap.must_have}
        largest = max((sum(o.closes(gap) for gap in closed) for o in offers), default=0)
        harmonic = sum(1 / number for number in range(1, largest + 1))
        bound = harmonic * smallest_cover(closed, offers)
        self.assertLessEqual(len(chosen), bound + 1e-9)

    @PROPERTY
    @given(GAPS, OFFERS, OFFERS)
    def test_what_is_under_way_is_not_chosen_for(self, gaps, offers, under_way):
        plan = choose(gaps, offers, under_way)
        for gap in [gap for choice in plan.choices for gap in choice.closes]:
            self.assertFalse(any(offer.closes(gap) for offer in under_way))

    def test_ties_go_to_the_shorter_then_to_the_older(self):
        gaps = [Gap("a", 50, must_have=True), Gap("b", 75, weight=2)]
        level = {"a": 50}
        for offers, expected in (
            ([Offer(1, level, minutes=60), Offer(2, level, minutes=30)], 2),
            ([Offer(2, level, minutes=30), Offer(1, level, minutes=30)], 1),
            ([Offer(1, level), Offer(2, {"a": 50, "b": 50}, minutes=90)], 2),
        ):
            self.assertEqual(choose(gaps, offers).choices[0].offer.id, expected)

    def test_a_must_have_outweighs_many_others(self):
        gaps = [Gap("a", 25, must_have=True)]
        gaps += [Gap(skill, 100, weight=5) for skill in "bcd"]
        offers = [Offer(1, dict.fromkeys("bcd", 100)), Offer(2, {"a": 25})]
        chosen = [choice.offer.id for choice in choose(gaps, offers).choices]
        self.assertEqual(chosen, [2, 1])
