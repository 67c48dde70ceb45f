import doctest
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import playbook_score
from ..playbook_score import Question, best, is_answered, percent, score

POINTS = st.integers(-20, 20)


@st.composite
def questions_and_values(draw):
    kind = draw(st.sampled_from(("yesno", "choice", "number", "text")))
    options = draw(st.dictionaries(st.integers(1, 9), POINTS, max_size=4))
    question = Question(kind, draw(POINTS), draw(st.integers(0, 50)), options)
    values = {
        "yesno": st.sampled_from(("yes", "no", False)),
        "choice": st.sampled_from((False, *options)),
        "number": st.integers(0, 100),
        "text": st.text(max_size=5),
    }
    return question, draw(values[kind])


@tagged("post_install", "-at_install")
class TestPlaybookScore(BaseCase):
    def test_doctests(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(playbook_score).run(result)
        self.assertGreater(result.testsRun, 2)
        self.assertFalse(result.failures + result.errors, result.failures)

    @settings(deadline=None)
    @given(questions_and_values())
    def test_no_answer_is_better_than_the_best(self, case):
        question, value = case
        self.assertLessEqual(score(question, value), best(question))
        if not is_answered(value):
            self.assertEqual(score(question, value), 0)

    @settings(deadline=None)
    @given(st.lists(questions_and_values(), max_size=8))
    def test_percent_is_between_0_and_100(self, cases):
        points = [score(*case) for case in cases]
        most = [best(case[0]) for case in cases]
        self.assertTrue(0 <= percent(points, most) <= 100)

    @settings(deadline=None)
    @given(st.lists(st.integers(1, 20), min_size=1))
    def test_everything_right_is_100(self, points):
        cases = [(Question("yesno", each), "yes") for each in points]
        earned = [score(*case) for case in cases]
        self.assertEqual(percent(earned, [best(case[0]) for case in cases]), 100)
