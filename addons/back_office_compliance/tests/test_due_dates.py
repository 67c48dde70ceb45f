import doctest
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import due_dates, public_holidays
from ..due_dates import (
    Calendar,
    NoOpenDayError,
    Rule,
    due_date,
    event_due_date,
    internal_date,
    period_of,
    periods,
)
from .published_dates import BLOCKS

DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
CALENDARS = st.builds(
    Calendar,
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(DAYS, max_size=40),
    st.frozensets(DAYS, max_size=10),
)
RULES = st.builds(
    Rule,
    anchor=st.sampled_from(["start", "end"]),
    months=st.integers(-3, 14),
    day_rule=st.sampled_from(
        ["none", "day", "month_end", "last_weekday", "next_weekday"]
    ),
    day=st.integers(1, 31),
    other_months=st.frozensets(st.integers(1, 12), max_size=3),
    other_day=st.integers(1, 31),
    weekday=st.integers(0, 6),
    days=st.integers(-20, 90),
    business_days=st.booleans(),
    shift=st.sampled_from(["forward", "back", "none"]),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    hours=st.integers(0, 72),
)
KINDS = st.sampled_from(["month", "quarter", "half", "year", "fiscal_year"])
FISCAL = st.tuples(st.integers(1, 12), st.integers(1, 31))
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=200)
START, STOP = date(2020, 1, 1), date(2028, 12, 31)


@tagged("post_install", "-at_install")
class TestDueDates(BaseCase):
    def test_examples_in_the_text(self):
        for module in (due_dates, public_holidays):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 2)
            self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(RULES, CALENDARS, DAYS)
    def test_never_on_a_closed_day_when_shifted(self, rule, calendar, day):
        due = event_due_date(rule, day, calendar)
        if rule.shift != "none":
            self.assertTrue(calendar.is_open(due))
        own = internal_date(due, 5, calendar)
        self.assertTrue(calendar.is_open(own))
        self.assertLess(own, due)

    @PROPERTY
    @given(RULES, CALENDARS, KINDS, st.integers(1, 12), FISCAL)
    def test_a_later_period_is_not_due_earlier(
        self, rule, calendar, kind, first_month, fiscal
    ):
        dates = [
            due_date(rule, first, last, calendar)
            for first, last in periods(kind, first_month, START, STOP, fiscal)
        ]
        self.assertTrue(dates)
        self.assertEqual(dates, sorted(dates))

    @PROPERTY
    @given(RULES, CALENDARS, DAYS, st.integers(0, 40))
    def test_a_later_event_is_not_due_earlier(self, rule, calendar, day, later):
        self.assertLessEqual(
            event_due_date(rule, day, calendar),
            event_due_date(rule, day + timedelta(days=later), calendar),
        )

    @PROPERTY
    @given(KINDS, st.integers(1, 12), FISCAL)
    def test_periods_tile(self, kind, first_month, fiscal):
        found = list(periods(kind, first_month, START, STOP, fiscal))
        self.assertLessEqual(found[0][0], START)
        for (_first, last), (first, _last) in zip(found, found[1:], strict=False):
            self.assertEqual(last + timedelta(days=1), first)
        length = relativedelta(years=1)
        self.assertGreater(found[-1][1], STOP - length)

    @PROPERTY
    @given(KINDS, st.integers(1, 12), FISCAL, DAYS, DAYS, DAYS)
    def test_windows_give_the_same_periods(
        self, kind, first_month, fiscal, first, middle, last
    ):
        """Looking twice, in two windows that meet, finds what one look finds."""
        first, middle, last = sorted((first, middle, last))
        arguments = (kind, first_month)
        whole = list(periods(*arguments, first, last, fiscal))
        parts = [
            *periods(*arguments, first, middle, fiscal),
            *periods(*arguments, middle + timedelta(days=1), last, fiscal),
        ]
        self.assertEqual(parts, whole)
        for period in whole:
            self.assertEqual(period_of(*arguments, period[0], fiscal), period)

    @PROPERTY
    @given(CALENDARS, DAYS, st.integers(1, 30))
    def test_business_days_lead_back(self, calendar, day, count):
        open_day = calendar.next_open(day)
        there = calendar.add_business_days(open_day, count)
        self.assertEqual(calendar.add_business_days(there, -count), open_day)

    def test_an_open_day_wins_over_a_holiday(self):
        day = date(2026, 12, 25)
        self.assertFalse(Calendar(closed=frozenset({day})).is_open(day))
        calendar = Calendar(closed=frozenset({day}), opened=frozenset({day}))
        self.assertTrue(calendar.is_open(day))

    def test_mistakes_are_named(self):
        day, calendar = date(2026, 1, 1), Calendar()
        for rule in (Rule(shift="up"), Rule(day_rule="moon"), Rule(anchor="middle")):
            with self.assertRaisesRegex(ValueError, "unknown"):
                due_date(rule, day, day, calendar)
        with self.assertRaises(NoOpenDayError):
            due_date(Rule(), day, day, Calendar(frozenset(range(7))))
        with self.assertRaisesRegex(ValueError, "unknown kind"):
            list(periods("week", 1, day, day))
        with self.assertRaisesRegex(ValueError, "no month"):
            list(periods("month", 13, day, day))
        with self.assertRaisesRegex(ValueError, "fiscal year"):
            list(periods("fiscal_year", 1, day, day))

    # --- against what was published -------------------------------------------------

    def _get_calendar(self, block):
        found = [
            public_holidays.public_holidays(block.country, block.subdivision, year)
            for year in range(2019, 2028)
        ]
        return Calendar(
            found[0].closed_weekdays,
            frozenset().union(*(each.closed for each in found)),
            frozenset().union(*(each.opened for each in found)),
        )

    def test_published_dates(self):
        for block in BLOCKS:
            calendar = self._get_calendar(block)
            for first, published in block.dates.items():
                with self.subTest(block.name, first=first):
                    period = period_of(block.period, 1, first)
                    self.assertEqual(due_date(block.rule, *period, calendar), published)

    def test_the_table_is_large_and_has_sources(self):
        dates = [(block.name, first) for block in BLOCKS for first in block.dates]
        self.assertGreaterEqual(len(set(dates)), 200)
        self.assertTrue(all(block.source.strip() for block in BLOCKS))
        for block in BLOCKS:
            for due in block.dates.values():
                self.assertIn(due.year, range(2020, 2027))

    def test_the_table_notices_a_wrong_rule(self):
        block = BLOCKS[1]
        calendar = Calendar()  # knows no holidays
        wrong = [
            first
            for first, published in block.dates.items()
            if due_date(block.rule, *period_of("month", 1, first), calendar)
            != published
        ]
        self.assertIn(date(2022, 3, 1), wrong)
