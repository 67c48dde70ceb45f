import doctest
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import reach
from ..reach import bare, spellings, who

INLAND = st.integers(10**6, 10**11 - 1).map(str)
CODES = st.sampled_from(["1", "34", "44", "39", "420"])
PEOPLE = st.frozensets(st.integers(1, 4), max_size=3)


@tagged("post_install", "-at_install")
class TestReach(BaseCase):
    def test_doctests(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(reach).run(result)
        self.assertGreater(result.testsRun, 3)
        self.assertFalse(result.failures + result.errors, result.failures)

    @settings(deadline=None)
    @given(INLAND, CODES)
    def test_each_way_to_write_a_number_finds_the_others(self, inland, code):
        ways = [
            f"+{code}{inland}",
            f"00{code} {inland}",
            f"+{code} (0){inland}",
            f"0{inland[:3]}/{inland[3:]}",
            inland,
        ]
        for typed in ways:
            for kept in ways:
                self.assertIn(bare(kept), spellings(typed, code), (typed, kept))

    @settings(deadline=None)
    @given(INLAND, INLAND, CODES)
    def test_another_number_is_another(self, one, other, code):
        if one != other and len(one) == len(other):
            self.assertNotIn(other, spellings(f"+{code}{one}", code))

    @settings(deadline=None)
    @given(INLAND)
    def test_another_country_is_another(self, inland):
        self.assertNotIn(f"+44{inland}", spellings(f"+34{inland}", "34"))
        self.assertNotIn(inland, spellings(f"+44{inland}", "34"))

    def test_what_is_no_number(self):
        for text in ("", "112", "ask at the door", "+0"):
            self.assertFalse(spellings(text, "34"), text)

    @settings(deadline=None)
    @given(PEOPLE, PEOPLE)
    def test_only_a_name_never_decides(self, by_reach, by_name):
        chosen = who(by_reach, by_name)
        if chosen is not None:
            self.assertIn(chosen, by_reach)
            others = (by_reach | by_name) - {chosen}
            self.assertTrue(not others or by_reach & by_name == {chosen})
        elif len(by_reach) == 1:
            self.assertTrue(by_name - by_reach)
