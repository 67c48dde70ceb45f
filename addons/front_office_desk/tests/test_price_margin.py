import doctest
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import price_margin
from ..price_margin import discounted, highest_discount, margin

AMOUNTS = st.floats(0.01, 1e6)


@tagged("post_install", "-at_install")
class TestPriceMargin(BaseCase):
    def test_doctests(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(price_margin).run(result)
        self.assertGreater(result.testsRun, 2)
        self.assertFalse(result.failures + result.errors, result.failures)

    @settings(deadline=None)
    @given(AMOUNTS, AMOUNTS, st.floats(0, 0.9))
    def test_highest_discount_keeps_the_floor_and_more_does_not(
        self, price, cost, floor
    ):
        most = highest_discount(price, cost, floor)
        if 0 < most < 100:
            self.assertAlmostEqual(margin(discounted(price, most), cost), floor, 4)
        if most < 99:
            self.assertLess(margin(discounted(price, most + 1), cost), floor + 1e-9)

    @settings(deadline=None)
    @given(AMOUNTS, AMOUNTS, st.floats(0, 99), st.floats(0, 0.9))
    def test_more_discount_is_less_margin(self, price, cost, discount, more):
        self.assertLessEqual(
            margin(discounted(price, discount + more), cost),
            margin(discounted(price, discount), cost) + 1e-9,
        )
