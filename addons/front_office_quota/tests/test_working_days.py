import doctest
import unittest
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from .. import working_days

REPEATABLE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
DAYS = st.lists(
    st.integers(0, 30).map(lambda day: date(2026, 3, 1) + timedelta(days=day)),
    unique=True,
)
DAY = st.dates(date(2026, 2, 20), date(2026, 4, 10))


class TestWorkingDays(BaseCase):
    def test_examples(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(working_days).run(result)
        self.assertGreaterEqual(result.testsRun, 3)
        self.assertFalse(result.failures + result.errors)

    @REPEATABLE
    @given(DAYS, DAY)
    def test_two_halves_are_the_whole(self, days, day):
        before = working_days.count_between(days, None, day)
        after = working_days.count_between(days, day + timedelta(days=1))
        self.assertEqual(before + after, len(days))

    @REPEATABLE
    @given(DAYS, DAY, DAY)
    def test_presence_is_a_share(self, days, start, end):
        self.assertTrue(0 <= working_days.presence(days, start, end) <= 1)

    @REPEATABLE
    @given(st.integers(0, 10**6), DAYS, DAY)
    def test_run_rate_is_at_least_what_there_is(self, achieved, days, today):
        self.assertGreaterEqual(
            working_days.run_rate(achieved, days, today), achieved * (1 - 1e-9)
        )
