import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import enrolment_plan
from ..enrolment_plan import with_prerequisites

PROGRAMMES = st.integers(1, 8)
PAIRS = st.sets(st.tuples(PROGRAMMES, st.integers(1, 3)), max_size=8)


@st.composite
def prerequisites(draw):
    """Programmes come only after those with a lower number: there is no cycle."""
    return {
        programme: sorted(draw(st.sets(st.integers(1, programme - 1), max_size=3)))
        for programme in range(2, 9)
    }


@tagged("post_install", "-at_install")
class TestEnrolmentPlan(BaseCase):
    def test_examples_in_the_text(self):
        result = doctest.testmod(enrolment_plan)
        self.assertGreater(result.attempted, 3)
        self.assertEqual(result.failed, 0)

    @settings(deadline=None, derandomize=True, database=None, max_examples=200)
    @given(PAIRS, prerequisites(), PAIRS, PAIRS)
    def test_plan_is_complete_and_in_order(self, wanted, before, running, done):
        plan = with_prerequisites(sorted(wanted), before, running, done)
        self.assertEqual(len(plan), len(set(plan)))
        self.assertTrue(set(plan).isdisjoint(running))
        self.assertLessEqual(wanted - running, set(plan))
        for position, (programme, employee) in enumerate(plan):
            for each in before.get(programme, ()):
                pair = (each, employee)
                if pair not in done | running:
                    self.assertIn(pair, plan[:position])
        for pair in set(plan) - wanted:
            self.assertNotIn(pair, done)

    def test_a_circle_made_at_the_same_moment_ends(self):
        plan = with_prerequisites([(1, 1)], {1: [2], 2: [1]})
        self.assertEqual(set(plan), {(1, 1), (2, 1)})
