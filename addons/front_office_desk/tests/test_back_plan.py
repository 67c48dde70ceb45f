import doctest
import unittest
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import back_plan
from ..back_plan import latest_day

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))


@tagged("post_install", "-at_install")
class TestBackPlan(BaseCase):
    def test_doctests(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(back_plan).run(result)
        self.assertGreater(result.testsRun, 0)
        self.assertFalse(result.failures + result.errors, result.failures)

    @settings(deadline=None)
    @given(DAYS, st.integers(0, 30), st.sets(DAYS))
    def test_so_many_working_days_remain(self, deadline, days, working_days):
        day = latest_day(deadline, days, working_days)
        known = {each for each in working_days if each <= deadline}
        self.assertLessEqual(day, deadline)
        if len(known) > days:
            self.assertIn(day, known)
            self.assertEqual(sum(day < each for each in known), days)
        elif known:
            self.assertEqual(day, min(known))

    @settings(deadline=None)
    @given(DAYS, st.integers(0, 30), st.integers(0, 30), st.sets(DAYS))
    def test_more_days_before_are_earlier(self, deadline, days, more, working_days):
        first = latest_day(deadline, days + more, working_days)
        self.assertLessEqual(first, latest_day(deadline, days, working_days))
