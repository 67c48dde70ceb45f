import doctest
import unittest
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import local_day as module
from ..local_day import day_end, day_start, local_day

HOUR = timedelta(hours=1)
DAYS = st.dates(date(2008, 1, 1), date(2035, 1, 1))
# in some of them there are days without a midnight
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Madrid",
        "America/Los_Angeles",
        "America/Sao_Paulo",
        "Africa/Cairo",
        "Asia/Kathmandu",
        "Pacific/Auckland",
    ]
)


@tagged("post_install", "-at_install")
class TestLocalDay(BaseCase):
    def test_doctests(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(module).run(result)
        self.assertGreater(result.testsRun, 2)
        self.assertFalse(result.failures + result.errors, result.failures)

    @settings(deadline=None)
    @given(DAYS, ZONES)
    def test_a_day_begins_and_ends_on_it(self, day, tz):
        second = timedelta(seconds=1)
        self.assertEqual(local_day(day_start(day, tz), tz), day)
        self.assertEqual(local_day(day_end(day, tz), tz), day)
        self.assertEqual(local_day(day_start(day, tz) - second, tz), day - 24 * HOUR)

    @settings(deadline=None)
    @given(DAYS, ZONES)
    def test_a_day_has_about_24_hours(self, day, tz):
        length = day_end(day, tz) - day_start(day, tz) + timedelta(seconds=1)
        self.assertLessEqual(abs(length - 24 * HOUR), HOUR)

    def test_days_differ_by_zone(self):
        moment = datetime(2026, 3, 1, 20)
        self.assertEqual(local_day(moment, "America/Los_Angeles"), date(2026, 3, 1))
        self.assertEqual(local_day(moment, "Pacific/Auckland"), date(2026, 3, 2))
