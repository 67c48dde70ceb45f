import doctest
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.office_role_hiring import adverse_impact
from odoo.addons.office_role_hiring.adverse_impact import Group

COUNTS = st.integers(1, 300).flatmap(
    lambda considered: st.tuples(st.just(considered), st.integers(0, considered))
)
GROUPS = st.lists(COUNTS, min_size=1, max_size=6).map(
    lambda counts: [Group(number, *each) for number, each in enumerate(counts)]
)
PROPERTY = settings(max_examples=150, deadline=None, database=None, derandomize=True)


@tagged("post_install", "-at_install")
class TestFairnessArithmetic(BaseCase):
    def test_examples(self):
        result = doctest.testmod(adverse_impact)
        self.assertGreater(result.attempted, 10)
        self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(GROUPS)
    def test_the_highest_rate_is_the_measure(self, groups):
        findings = adverse_impact.compare(groups)
        if not any(group.selected for group in groups):
            self.assertEqual({finding.ratio for finding in findings}, {None})
            self.assertFalse(any(finding.below for finding in findings))
            return
        ratios = [finding.ratio for finding in findings]
        self.assertEqual(max(ratios), 1)
        self.assertGreaterEqual(min(ratios), 0)
        for finding in findings:
            self.assertEqual(finding.below, finding.ratio < Fraction(4, 5))
            self.assertLessEqual(finding.small, finding.below)

    @PROPERTY
    @given(GROUPS, st.integers(2, 20))
    def test_larger_numbers_keep_the_ratio(self, groups, factor):
        larger = [
            Group(group.key, group.considered * factor, group.selected * factor)
            for group in groups
        ]
        for before, after in zip(
            adverse_impact.compare(groups), adverse_impact.compare(larger), strict=True
        ):
            self.assertEqual(before.ratio, after.ratio)
            self.assertEqual(before.below, after.below)

    @PROPERTY
    @given(COUNTS, COUNTS)
    def test_chance(self, one, other):
        one, other = Group(1, *one), Group(2, *other)
        probability = adverse_impact.probability(one, other)
        self.assertGreater(probability, 0)
        self.assertLessEqual(probability, 1)
        self.assertAlmostEqual(probability, adverse_impact.probability(other, one))
        # who is not selected differs as much as who is
        refused = [
            Group(group.key, group.considered, group.considered - group.selected)
            for group in (one, other)
        ]
        self.assertAlmostEqual(probability, adverse_impact.probability(*refused))
        same = Group(3, one.considered, one.selected)
        self.assertAlmostEqual(adverse_impact.probability(one, same), 1)

    @PROPERTY
    @given(GROUPS)
    def test_the_order_does_not_matter(self, groups):
        forth = {f.group.key: f for f in adverse_impact.compare(groups)}
        back = {f.group.key: f for f in adverse_impact.compare(groups[::-1])}
        self.assertEqual(forth, back)

    @PROPERTY
    @given(GROUPS, st.integers(1, 50))
    def test_no_hidden_group_can_be_worked_out(self, groups, minimum):
        hidden = adverse_impact.hidden(groups, minimum)
        for group in groups:
            if group.considered < minimum:
                self.assertIn(group.key, hidden)
        if len(groups) > 1:
            self.assertNotEqual(len(hidden), 1, "the total would give it away")
