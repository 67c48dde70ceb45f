import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import plan_arithmetic
from ..plan_arithmetic import (
    coverage,
    month_ranges,
    required_revenue,
    split,
    waterfall,
    year_before,
)

PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=200)
AMOUNTS = st.decimals(0, 10**9, places=2)
WEIGHTS = st.lists(
    st.floats(0, 10**6, allow_nan=False).map(lambda weight: round(weight, 3)),
    min_size=1,
    max_size=30,
).filter(any)
LABELS = dict.fromkeys(("total", "markup", "required", "uncovered", "surplus"), "")


@tagged("post_install", "-at_install")
class TestPlanArithmetic(BaseCase):
    def test_examples_in_the_text(self):
        result = doctest.testmod(plan_arithmetic)
        self.assertGreater(result.attempted, 15)
        self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(AMOUNTS, WEIGHTS)
    def test_parts_sum_to_the_whole(self, amount, weights):
        parts = split(amount, weights)
        self.assertEqual(sum(parts), amount)
        self.assertTrue(all(part >= 0 for part in parts))

    @PROPERTY
    @given(AMOUNTS, WEIGHTS)
    def test_a_part_is_within_a_cent_of_its_share(self, amount, weights):
        whole = sum(Decimal(str(weight)) for weight in weights)
        for part, weight in zip(split(amount, weights), weights, strict=True):
            exact = amount * Decimal(str(weight)) / whole
            self.assertLessEqual(abs(part - exact), Decimal("0.0101"))

    @PROPERTY
    @given(AMOUNTS, WEIGHTS, st.integers(2, 1000))
    def test_only_the_ratio_of_weights_matters(self, amount, weights, factor):
        scaled = [Decimal(str(weight)) * factor for weight in weights]
        self.assertEqual(split(amount, weights), split(amount, scaled))

    @PROPERTY
    @given(st.integers(0, 10**9), WEIGHTS)
    def test_a_currency_without_cents(self, amount, weights):
        parts = split(amount, weights, rounding=1)
        self.assertEqual(sum(parts), amount)
        self.assertTrue(all(part == int(part) for part in parts))

    @PROPERTY
    @given(AMOUNTS, st.floats(0.01, 1))
    def test_the_margin_of_the_required_revenue_pays_the_cost(self, cost, margin):
        required = required_revenue(cost, margin)
        self.assertAlmostEqual(
            float(required) * margin, float(cost), delta=0.006 + 1e-9 * float(cost)
        )
        self.assertGreaterEqual(required, cost)
        self.assertEqual(required_revenue(cost, margin, "margin"), cost)

    @PROPERTY
    @given(AMOUNTS, AMOUNTS, st.floats(0.01, 1))
    def test_more_costs_require_more(self, one, other, margin):
        low, high = sorted((one, other))
        self.assertLessEqual(
            required_revenue(low, margin), required_revenue(high, margin)
        )

    def test_a_margin_out_of_bounds_is_refused(self):
        for margin in (0, -0.1, 1.01, float("nan")):
            with self.assertRaises(ValueError):
                required_revenue(100, margin)

    @PROPERTY
    @given(AMOUNTS, WEIGHTS)
    def test_a_split_covers_the_whole(self, amount, weights):
        if amount:
            self.assertEqual(coverage(sum(split(amount, weights)), amount), 1)
        else:
            self.assertEqual(coverage(0, amount), 0)

    @PROPERTY
    @given(st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(lambda d: d.replace(day=1)))
    def test_months_follow_each_other(self, first):
        last = date(first.year + 1, first.month, 1) - (date(2, 1, 2) - date(2, 1, 1))
        months = month_ranges(first, last)
        self.assertEqual(len(months), 12)
        self.assertEqual((months[0][0], months[-1][1]), (first, last))
        for (_one, end), (start, _other) in zip(months, months[1:], strict=False):
            self.assertEqual((start - end).days, 1)
        before = [year_before(*month) for month in months]
        for (_one, end), (start, _other) in zip(before, before[1:], strict=False):
            self.assertEqual((start - end).days, 1)

    @PROPERTY
    @given(st.lists(AMOUNTS, max_size=4), AMOUNTS, st.lists(AMOUNTS, max_size=6))
    def test_the_waterfall_ends_on_the_ground(self, costs, required, targets):
        bars = waterfall(
            [("", cost) for cost in costs],
            required,
            [("", target) for target in targets],
            LABELS,
        )
        kinds = [bar.kind for bar in bars]
        falling = [
            bar for bar in bars if bar.kind in ("target", "uncovered", "surplus")
        ]
        height = float(required)
        for bar in falling:
            self.assertEqual(bar.start, height)
            height = bar.end
        self.assertEqual(height, 0.0)
        self.assertEqual("uncovered" in kinds, sum(targets) < required)
        self.assertEqual("surplus" in kinds, sum(targets) > required)
