import doctest
import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import commission as module
from ..commission import (
    Terms,
    Tier,
    allocate,
    attainment,
    commission,
    effective_rates,
    explain,
    from_json,
    round_to,
    split,
    to_json,
)

ROUNDINGS = st.sampled_from([Decimal(1), Decimal("0.01"), Decimal("0.001")])
RATES = st.integers(0, 2000).map(lambda number: Decimal(number) / 10000)
KEYS = (None, 1, 2)


@st.composite
def all_terms(draw, accelerators=True, limits=True, rounding=None):
    """Return terms as the models allow them: nothing falls from tier to tier."""
    number = draw(st.integers(0, 3))
    thresholds = sorted(
        draw(st.sets(st.integers(1, 300), min_size=number, max_size=number))
    )
    rates = sorted(draw(st.lists(RATES, min_size=number + 1, max_size=number + 1)))
    faster = sorted(
        draw(st.lists(st.integers(100, 300), min_size=number, max_size=number))
    )
    return Terms(
        target=Decimal(draw(st.sampled_from([0, 1, 999, 10000]))),
        base_rate=rates[0],
        tiers=tuple(
            Tier(
                Decimal(threshold) / 100,
                rate,
                Decimal(factor) / 100 if accelerators else Decimal(1),
            )
            for threshold, rate, factor in zip(
                thresholds, rates[1:], faster, strict=True
            )
        ),
        categories={1: draw(RATES), 2: draw(RATES)},
        cap=Decimal(draw(st.sampled_from([0, 0, 50, 500]))) if limits else Decimal(0),
        minimum=Decimal(draw(st.sampled_from([0, 0, 1, 2]))) / 2
        if limits
        else Decimal(0),
        rounding=draw(ROUNDINGS) if rounding is None else rounding,
    )


def amounts(minimum=-3_000_000, maximum=3_000_000):
    return st.integers(minimum, maximum).map(lambda number: Decimal(number) / 100)


LINES = st.lists(st.tuples(st.sampled_from(KEYS), amounts()), max_size=15)
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=200)


def sums(lines):
    credited = {}
    for key, amount in lines:
        credited[key] = credited.get(key, Decimal(0)) + amount
    return credited


@tagged("post_install", "-at_install")
class TestCommission(BaseCase):
    def test_examples_in_the_text(self):
        result = doctest.testmod(module)
        self.assertGreater(result.attempted, 15)
        self.assertEqual(result.failed, 0)

    def test_tiers_pay_on_the_part_above_only(self):
        terms = Terms(
            target=Decimal(1000),
            base_rate=Decimal("0.01"),
            tiers=(
                Tier(Decimal("0.8"), Decimal("0.02")),
                Tier(Decimal("1.2"), Decimal("0.05")),
            ),
        )
        by_bands = Decimal("800") * Decimal("0.01") + Decimal("400") * Decimal("0.02")
        by_bands += Decimal("300") * Decimal("0.05")
        self.assertEqual(commission(terms, {None: Decimal(1500)}), by_bands)

    def test_accelerator_of_the_highest_tier_multiplies_all(self):
        terms = Terms(
            target=Decimal(100),
            base_rate=Decimal("0.1"),
            tiers=(
                Tier(Decimal(1), Decimal("0.1"), Decimal("1.5")),
                Tier(Decimal(2), Decimal("0.1"), Decimal(2)),
            ),
        )
        self.assertEqual(commission(terms, {None: Decimal(99)}), Decimal("9.9"))
        self.assertEqual(commission(terms, {None: Decimal(100)}), Decimal(15))
        self.assertEqual(commission(terms, {None: Decimal(200)}), Decimal(40))

    def test_category_has_its_rate_and_counts_for_the_tiers(self):
        terms = Terms(
            target=Decimal(100),
            base_rate=Decimal("0.1"),
            tiers=(Tier(Decimal(1), Decimal("0.2")),),
            categories={7: Decimal("0.01")},
        )
        credited = {None: Decimal(100), 7: Decimal(50)}
        self.assertEqual(commission(terms, credited), Decimal("15.5"))
        with self.assertRaises(KeyError):
            commission(terms, {8: Decimal(1)})

    def test_without_a_target_no_tier_is_reached(self):
        tiers = (Tier(Decimal(1), Decimal("0.3"), Decimal(2)),)
        terms = Terms(base_rate=Decimal("0.1"), tiers=tiers)
        self.assertEqual(commission(terms, {None: Decimal(10)}), Decimal(1))
        self.assertEqual(attainment(terms, Decimal(10)), 0)
        terms = Terms(base_rate=Decimal("0.1"), tiers=tiers, minimum=Decimal("0.5"))
        self.assertEqual(commission(terms, {None: Decimal(10)}), 0)

    def test_currencies_without_and_with_three_decimals(self):
        for rounding, expected in (("1", "2"), ("0.001", "1.667"), ("0.05", "1.65")):
            terms = Terms(
                base_rate=Decimal("0.0166666"), rounding=Decimal(rounding)
            )  # 1.66666
            self.assertEqual(commission(terms, {None: Decimal(100)}), Decimal(expected))

    @PROPERTY
    @given(all_terms(), LINES, st.sampled_from(KEYS), amounts(minimum=0))
    def test_more_credit_never_pays_less(self, terms, lines, key, more):
        before = commission(terms, sums(lines))
        after = commission(terms, sums([*lines, (key, more)]))
        self.assertGreaterEqual(after, before)

    @PROPERTY
    @given(all_terms(accelerators=False, limits=False, rounding=Decimal("1e-15")))
    def test_no_jump_at_a_threshold(self, terms):
        step = Decimal("1e-12")
        for tier in terms.tiers:
            at = tier.threshold * terms.target
            jump = commission(terms, {None: at}) - commission(terms, {None: at - step})
            self.assertLessEqual(abs(jump), step)

    @PROPERTY
    @given(all_terms(), LINES)
    def test_parts_sum_to_the_whole(self, terms, lines):
        parts = split(terms, lines)
        self.assertEqual(len(parts), len(lines))
        whole = commission(terms, sums(lines))
        self.assertEqual(sum(parts), whole if lines else 0)
        for part in parts:
            self.assertEqual(part, round_to(part, terms.rounding))

    @PROPERTY
    @given(all_terms(), LINES, st.randoms(use_true_random=False))
    def test_order_does_not_matter(self, terms, lines, chance):
        shuffled = list(lines)
        chance.shuffle(shuffled)
        self.assertEqual(
            commission(terms, sums(shuffled)), commission(terms, sums(lines))
        )
        # a line's part moves by roundings alone; the last one takes what is left
        rates = effective_rates(terms, sums(lines))
        for (key, amount), part in zip(
            shuffled[:-1], split(terms, shuffled)[:-1], strict=True
        ):
            self.assertLessEqual(abs(part - amount * rates[key]), terms.rounding)

    @PROPERTY
    @given(all_terms(), LINES)
    def test_explanation_adds_up(self, terms, lines):
        credited = sums(lines)
        steps = explain(terms, credited)
        self.assertEqual(
            sum(step.result for step in steps), commission(terms, credited)
        )
        for step in steps:
            self.assertEqual(step.result, round_to(step.result, terms.rounding))
            if step.rate is not None:
                exact = round_to(step.amount * step.rate, terms.rounding)
                self.assertEqual(step.result, exact)

    @PROPERTY
    @given(all_terms(), LINES)
    def test_cap_and_minimum(self, terms, lines):
        credited = sums(lines)
        paid = commission(terms, credited)
        if terms.cap:
            self.assertLessEqual(paid, terms.cap)
        if terms.minimum:
            self.assertGreaterEqual(paid, 0)
            if not terms.reaches(terms.minimum, sum(credited.values(), Decimal(0))):
                self.assertEqual(paid, 0)

    @PROPERTY
    @given(all_terms())
    def test_terms_survive_json(self, terms):
        self.assertEqual(from_json(to_json(terms)), terms)

    def test_explanation_names_what_limits(self):
        terms = Terms(Decimal(100), Decimal("0.5"), cap=Decimal(20), minimum=Decimal(1))
        self.assertEqual(
            [(s.kind, s.result) for s in explain(terms, {None: Decimal(50)})],
            [("base", Decimal(25)), ("minimum", Decimal(-25))],
        )
        self.assertEqual(
            [(s.kind, s.result) for s in explain(terms, {None: Decimal(100)})],
            [("base", Decimal(50)), ("cap", Decimal(-30))],
        )

    def test_allocate_takes_the_rest_with_the_last(self):
        chance = random.Random(4)
        for _number in range(50):
            weights = [Decimal(chance.randrange(-999, 999)) / 7 for _i in range(6)]
            total = round_to(sum(weights), Decimal("0.01"))
            parts = allocate(weights, total, Decimal("0.01"))
            self.assertEqual(sum(parts), total)
            for part, weight in zip(parts, weights, strict=True):
                self.assertLessEqual(abs(part - weight), Decimal("0.01"))
        self.assertEqual(allocate([], Decimal(0), Decimal("0.01")), [])
