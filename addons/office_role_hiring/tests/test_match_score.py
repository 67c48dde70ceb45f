import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.office_role_hiring import match_score
from odoo.addons.office_role_hiring.match_score import Requirement

LEVELS = st.integers(0, 100)
REQUIREMENTS = st.lists(
    st.builds(
        Requirement,
        required=LEVELS,
        held=LEVELS,
        weight=st.integers(1, 5),
        must_have=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)
DEGREES = st.fractions(0, 1)
PROPERTY = settings(max_examples=150, deadline=None, database=None, derandomize=True)


def _replace(requirement, **values):
    return Requirement(**{**vars(requirement), **values})


@tagged("post_install", "-at_install")
class TestMatchScore(BaseCase):
    def test_examples(self):
        result = doctest.testmod(match_score)
        self.assertGreater(result.attempted, 10)
        self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(REQUIREMENTS)
    def test_bounded(self, requirements):
        self.assertGreaterEqual(match_score.score(requirements), 0)
        self.assertLessEqual(match_score.score(requirements), 100)

    @PROPERTY
    @given(REQUIREMENTS, st.integers(0, 11), LEVELS)
    def test_more_skill_never_scores_less(self, requirements, place, more):
        place %= len(requirements)
        better = list(requirements)
        better[place] = _replace(
            better[place], held=min(better[place].held + more, 100)
        )
        self.assertGreaterEqual(
            match_score.score(better), match_score.score(requirements)
        )
        self.assertLessEqual(
            match_score.must_haves_missed(better),
            match_score.must_haves_missed(requirements),
        )

    @PROPERTY
    @given(REQUIREMENTS, st.integers(2, 50))
    def test_the_scale_of_the_weights_does_not_matter(self, requirements, factor):
        scaled = [_replace(line, weight=line.weight * factor) for line in requirements]
        self.assertEqual(match_score.score(scaled), match_score.score(requirements))

    @PROPERTY
    @given(REQUIREMENTS)
    def test_hundred_means_that_nothing_is_short(self, requirements):
        short = any(requirement.shortfall for requirement in requirements)
        self.assertEqual(match_score.score(requirements) == 100, not short)

    @PROPERTY
    @given(REQUIREMENTS)
    def test_parts_add_up_on_paper(self, requirements):
        parts = match_score.parts(requirements)
        score = match_score.score(requirements)
        self.assertEqual(sum(parts), match_score.two_decimals(score))
        self.assertTrue(all(part >= 0 for part in parts))

    @PROPERTY
    @given(st.none() | DEGREES, st.none() | DEGREES, DEGREES, st.integers(2, 50))
    def test_degree(self, asked, own, more, factor):
        fit = match_score.degree_fit(asked, own)
        self.assertIn(fit, ("met", "missed") if asked is not None else ("none",))
        if fit == "met":  # a higher degree does no harm
            self.assertEqual(match_score.degree_fit(asked, own + more), "met")
        scaled = [None if score is None else score * factor for score in (asked, own)]
        self.assertEqual(match_score.degree_fit(*scaled), fit)

    def test_weights_of_nothing_make_no_score(self):
        requirements = [Requirement(50, 50, weight=0)]
        self.assertIsNone(match_score.score(requirements))
        self.assertEqual(match_score.parts(requirements), [0])
