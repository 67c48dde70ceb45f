import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import rubric

JUDGEMENTS = st.lists(
    st.tuples(st.sampled_from(rubric.WEIGHTS), st.sampled_from(rubric.LEVELS)),
    min_size=1,
    max_size=12,
)
SETTINGS = settings(database=None, deadline=None, derandomize=True)


@tagged("post_install", "-at_install")
class TestRubricArithmetic(BaseCase):
    """The score of a rubric, for all the rubrics there can be."""

    def test_examples_of_the_documentation(self):
        result = doctest.testmod(rubric)
        self.assertGreater(result.attempted, 10)
        self.assertEqual(result.failed, 0)

    @SETTINGS
    @given(JUDGEMENTS)
    def test_between_0_and_100(self, judgements):
        self.assertTrue(0 <= rubric.score(judgements) <= 100)

    @SETTINGS
    @given(JUDGEMENTS)
    def test_extremes(self, judgements):
        weights = [weight for weight, _level in judgements]
        self.assertEqual(rubric.score((weight, 4) for weight in weights), 100)
        self.assertEqual(rubric.score((weight, 1) for weight in weights), 0)

    @SETTINGS
    @given(JUDGEMENTS, st.data())
    def test_a_higher_level_raises_the_score(self, judgements, data):
        index = data.draw(st.integers(0, len(judgements) - 1))
        weight, level = judgements[index]
        if level == rubric.LEVELS[-1]:
            return
        better = [*judgements]
        better[index] = (weight, level + 1)
        self.assertGreater(rubric.score(better), rubric.score(judgements))

    @SETTINGS
    @given(JUDGEMENTS, st.integers(1, 50))
    def test_scale_of_the_weights_does_not_matter(self, judgements, factor):
        scaled = [(weight * factor, level) for weight, level in judgements]
        self.assertEqual(rubric.score(scaled), rubric.score(judgements))

    @SETTINGS
    @given(JUDGEMENTS, st.randoms())
    def test_order_of_the_criteria_does_not_matter(self, judgements, random):
        shuffled = [*judgements]
        random.shuffle(shuffled)
        self.assertEqual(rubric.score(shuffled), rubric.score(judgements))

    @SETTINGS
    @given(JUDGEMENTS, st.integers(0, 100))
    def test_passed_from_the_mark_on(self, judgements, mark):
        percent = rubric.score(judgements)
        self.assertEqual(rubric.is_passed(percent, mark), percent >= mark)
        self.assertTrue(rubric.is_passed(percent, percent))

    @SETTINGS
    @given(st.lists(st.integers(0, 10000).map(lambda each: each / 100), min_size=1))
    def test_mean_lies_between_the_observers(self, scores):
        self.assertTrue(min(scores) <= rubric.mean(scores) <= max(scores))
