import doctest
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.office_role_hiring import interview_plan, interview_rating
from odoo.addons.office_role_hiring.interview_plan import Topic

TOPICS = st.lists(st.booleans(), max_size=15).map(
    lambda must_haves: [Topic(number, must) for number, must in enumerate(must_haves)]
)
RATINGS = st.lists(st.integers(1, 4), min_size=1, max_size=6)
PROPERTY = settings(max_examples=150, deadline=None, database=None, derandomize=True)


@tagged("post_install", "-at_install")
class TestInterviewPlan(BaseCase):
    def test_examples(self):
        for module in (interview_plan, interview_rating):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 4)
            self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(TOPICS, st.integers(1, 6))
    def test_who_asks(self, topics, askers):
        plan = interview_plan.assign(topics, askers)
        self.assertEqual(len(plan), len(topics))
        for topic, who in zip(topics, plan, strict=True):
            self.assertEqual(len(who), min(2 if topic.must_have else 1, askers))
            self.assertEqual(len(set(who)), len(who), "nobody asks twice")
            self.assertTrue(set(who) <= set(range(askers)))
        loads = [sum(number in who for who in plan) for number in range(askers)]
        self.assertLessEqual(max(loads) - min(loads), 1)

    def test_nobody_to_ask(self):
        with self.assertRaises(ValueError):
            interview_plan.assign([Topic("greeting")], 0)

    @PROPERTY
    @given(st.lists(st.integers(1, 5), min_size=1, max_size=20), st.integers(0, 200))
    def test_minutes_add_up(self, weights, spare):
        minutes = len(weights) + spare
        shares = interview_plan.share_minutes(weights, minutes)
        self.assertEqual(sum(shares), minutes)
        self.assertGreaterEqual(min(shares), 1)
        for weight, share in zip(weights, shares, strict=True):
            for other, less in zip(weights, shares, strict=True):
                if weight > other:
                    self.assertGreaterEqual(share + 1, less)

    def test_too_little_time(self):
        with self.assertRaises(ValueError):
            interview_plan.share_minutes([1, 1, 1], 2)

    @PROPERTY
    @given(RATINGS)
    def test_ratings(self, ratings):
        mean = interview_rating.mean(ratings)
        self.assertLessEqual(min(ratings), mean)
        self.assertLessEqual(mean, max(ratings))
        self.assertLessEqual(interview_rating.spread(ratings), 3)
        self.assertEqual(
            interview_rating.disagree(ratings), max(ratings) - min(ratings) >= 2
        )

    @PROPERTY
    @given(st.fractions(1, 4), st.fractions(0, 3), st.integers(1, 8))
    def test_a_better_rating_is_no_lower_level(self, rating, more, levels):
        better = min(rating + more, Fraction(4))
        low = interview_rating.level_index(rating, levels)
        high = interview_rating.level_index(better, levels)
        self.assertLessEqual(0, low)
        self.assertLessEqual(low, high)
        self.assertLess(high, levels)

    def test_ends_of_the_levels(self):
        for levels in (1, 2, 3, 5):
            self.assertEqual(interview_rating.level_index(Fraction(1), levels), 0)
            self.assertEqual(
                interview_rating.level_index(Fraction(4), levels), levels - 1
            )
        with self.assertRaises(ValueError):
            interview_rating.level_index(Fraction(1), 0)
