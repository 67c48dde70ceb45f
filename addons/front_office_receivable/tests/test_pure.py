import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import ageing, promise, working_days

CENTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
INSTALMENTS = st.lists(st.builds(promise.Instalment, CENTS, DAYS), max_size=6)
PAYMENTS = st.lists(st.builds(promise.Payment, CENTS, DAYS), max_size=6)


@tagged("standard", "at_install")
class TestPure(BaseCase):
    """Arithmetic, without the ORM."""

    def test_examples(self):
        for module in (ageing, promise, working_days):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0)
            self.assertEqual(result.failed, 0)

    @settings(max_examples=200, deadline=None)
    @given(DAYS, st.integers(0, 30), st.sets(DAYS, max_size=40))
    def test_working_day_counts_working_days(self, day, number, working):
        found = working_days.working_day(day, number, working)
        self.assertGreaterEqual(found, day)
        if found in working:
            between = sum(day <= each < found for each in working)
            self.assertEqual(between, number)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.tuples(st.integers(-400, 4000), CENTS)))
    def test_ageing_loses_nothing(self, items):
        sums = ageing.spread(items)
        self.assertEqual(sum(sums.values()), sum(amount for _days, amount in items))
        not_due = sum(amount for days, amount in items if days <= 0)
        self.assertEqual(sums["0"], not_due)

    @settings(max_examples=200, deadline=None)
    @given(st.floats(0, 1e9), st.floats(0.01, 1e9), st.integers(1, 365))
    def test_dso_is_the_time_in_which_the_debt_was_sold(self, owed, sales, days):
        found = ageing.days_sales_outstanding(owed, sales, days)
        self.assertAlmostEqual(found * sales / days, owed, delta=1e-6 * (1 + owed))

    @settings(max_examples=300, deadline=None)
    @given(INSTALMENTS, PAYMENTS, DAYS)
    def test_more_money_breaks_nothing(self, plan, payments, today):
        plan.sort(key=lambda each: each.deadline)
        debt = sum((each.amount for each in plan), Decimal())
        before = promise.judge(plan, debt, payments, today)
        more = [*payments, promise.Payment(Decimal(5), date(2025, 1, 1))]
        after = promise.judge(plan, debt, more, today)
        for old, new in zip(before, after, strict=True):
            if old == promise.KEPT:
                self.assertEqual(new, promise.KEPT)
        everything = [promise.Payment(debt, date(2025, 1, 1))]
        states = promise.judge(plan, debt, everything, today)
        self.assertEqual(states, [promise.KEPT] * len(plan))

    @settings(max_examples=300, deadline=None)
    @given(INSTALMENTS, PAYMENTS, DAYS)
    def test_nothing_breaks_before_its_deadline_or_in_a_dispute(
        self, plan, payments, today
    ):
        plan.sort(key=lambda each: each.deadline)
        debt = sum((each.amount for each in plan), Decimal())
        states = promise.judge(plan, debt, payments, today)
        for instalment, state in zip(plan, states, strict=True):
            if state == promise.BROKEN:
                self.assertLess(instalment.deadline, today)
        later = promise.judge(
            plan, debt, payments, today + timedelta(days=9), paused=True
        )
        self.assertNotIn(promise.BROKEN, later)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(CENTS), st.decimals(-10, 10**7, places=2))
    def test_what_is_paid_is_shared_without_loss(self, amounts, paid):
        parts = promise.paid_of_each(amounts, paid)
        total = min(max(paid, Decimal()), sum(amounts, Decimal()))
        self.assertEqual(sum(parts, Decimal()), total)
        for part, amount in zip(parts, amounts, strict=True):
            self.assertTrue(0 <= part <= amount)

    def test_keeping_rate(self):
        self.assertEqual(promise.keeping_rate(1, 3), 0.25)
