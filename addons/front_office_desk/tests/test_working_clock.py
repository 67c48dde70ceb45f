import doctest
import unittest
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import working_clock
from ..working_clock import due, tidy, without, worked

ZONES = (
    "UTC",
    "Europe/Madrid",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Manila",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
# the weeks around changes of the clocks on both halves of the earth, and calm ones
MONDAYS = (
    date(2026, 3, 23),
    date(2026, 3, 2),
    date(2026, 4, 1) - timedelta(days=2),
    date(2026, 10, 19),
    date(2026, 9, 21),
    date(2026, 6, 15),
)
STEP = timedelta(minutes=15)


def week(zone, monday, hours, weekdays, holidays, days=14):
    """Return the working hours of some days in a time zone."""
    tz = ZoneInfo(zone)
    return [
        (
            datetime.combine(day, time(begin), tz),
            datetime.combine(day, time(end), tz),
        )
        for number in range(days)
        if (day := monday + timedelta(days=number)).weekday() in weekdays
        and number not in holidays
        for begin, end in hours
    ]


def is_running(moment, zone, monday, hours, weekdays, holidays, pauses):
    """Say by the wall clock, without any interval, whether work goes on."""
    wall = moment.astimezone(ZoneInfo(zone))
    number = (wall.date() - monday).days
    return (
        0 <= number < 14
        and wall.weekday() in weekdays
        and number not in holidays
        and any(begin <= wall.hour < end for begin, end in hours)
        and not any(
            start <= moment and (stop is None or moment < stop)
            for start, stop in pauses
        )
    )


def counted(start, stop, *calendar):
    """Return how long the clock ran, counted a quarter of an hour at a time."""
    total, moment = timedelta(), start
    while moment < stop:
        total += STEP * is_running(moment, *calendar)
        moment += STEP
    return total


@st.composite
def calendars(draw):
    zone = draw(st.sampled_from(ZONES))
    monday = draw(st.sampled_from(MONDAYS))
    hours = draw(
        st.sampled_from(([(9, 17)], [(8, 12), (13, 17)], [(0, 4), (20, 23)], [(1, 5)]))
    )
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1))
    holidays = draw(st.sets(st.integers(0, 13), max_size=3))
    return zone, monday, hours, frozenset(weekdays), frozenset(holidays)


@st.composite
def moments(draw, monday, days=14):
    first = datetime.combine(monday, time(), UTC)
    return first + STEP * draw(st.integers(0, days * 96))


@st.composite
def cases(draw):
    calendar = draw(calendars())
    start = draw(moments(calendar[1]))
    pauses = []
    for _number in range(draw(st.integers(0, 3))):
        begin = draw(moments(calendar[1]))
        pauses.append((begin, begin + STEP * draw(st.integers(0, 200))))
    return calendar, start, pauses


@tagged("post_install", "-at_install")
class TestWorkingClock(BaseCase):
    def test_doctests(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(working_clock).run(result)
        self.assertGreater(result.testsRun, 2)
        self.assertFalse(result.failures + result.errors, result.failures)

    @settings(max_examples=60, deadline=None)
    @given(cases(), st.integers(0, 400))
    def test_worked_is_what_the_wall_clock_counts(self, case, quarters):
        calendar, start, pauses = case
        stop = start + STEP * quarters
        self.assertEqual(
            worked(week(*calendar), start, stop, pauses),
            counted(start, stop, *calendar, pauses),
        )

    @settings(max_examples=100, deadline=None)
    @given(cases(), st.integers(0, 160))
    def test_due_is_the_first_moment_with_the_amount(self, case, quarters):
        calendar, start, pauses = case
        intervals, amount = week(*calendar), STEP * quarters
        moment = due(intervals, start, amount, pauses)
        if moment is None:
            far = start + timedelta(days=60)
            self.assertLess(worked(intervals, start, far, pauses), amount)
            return
        self.assertEqual(worked(intervals, start, moment, pauses), amount)
        if quarters:
            earlier = moment - timedelta(seconds=1)
            self.assertLess(worked(intervals, start, earlier, pauses), amount)

    @settings(max_examples=60, deadline=None)
    @given(cases(), st.integers(0, 80), st.integers(0, 80))
    def test_more_takes_longer_and_a_pause_never_hurries(self, case, less, more):
        calendar, start, pauses = case
        intervals = week(*calendar)
        never = datetime.max.replace(tzinfo=UTC)
        first = due(intervals, start, STEP * less, pauses) or never
        second = due(intervals, start, STEP * (less + more), pauses) or never
        unpaused = due(intervals, start, STEP * less) or never
        self.assertLessEqual(first, second)
        self.assertLessEqual(unpaused, first)

    @settings(max_examples=60, deadline=None)
    @given(cases())
    def test_the_parts_add_up(self, case):
        calendar, start, pauses = case
        intervals = week(*calendar)
        middle, stop = start + timedelta(hours=30), start + timedelta(hours=77)
        self.assertEqual(
            worked(intervals, start, middle, pauses)
            + worked(intervals, middle, stop, pauses),
            worked(intervals, start, stop, pauses),
        )
        rest = without(intervals, pauses)
        self.assertEqual(rest, tidy(rest))

    def test_spring_skips_an_hour(self):
        tz = ZoneInfo("Europe/Madrid")
        night = [
            (datetime(2026, 3, 29, 1, tzinfo=tz), datetime(2026, 3, 29, 6, tzinfo=tz))
        ]
        self.assertEqual(worked(night, night[0][0], night[0][1]), timedelta(hours=4))
        self.assertEqual(
            due(night, night[0][0], timedelta(hours=3)),
            datetime(2026, 3, 29, 5, tzinfo=tz),
        )

    def test_autumn_repeats_an_hour(self):
        tz = ZoneInfo("Europe/Madrid")
        night = [
            (datetime(2026, 10, 25, 1, tzinfo=tz), datetime(2026, 10, 25, 6, tzinfo=tz))
        ]
        self.assertEqual(worked(night, night[0][0], night[0][1]), timedelta(hours=6))

    def test_never_due_while_the_customer_is_awaited(self):
        start = datetime(2026, 3, 2, 9, tzinfo=UTC)
        day = [(start, start + timedelta(hours=8))]
        self.assertIsNone(due(day, start, timedelta(hours=2), [(start, None)]))
