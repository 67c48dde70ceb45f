import doctest
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import certificate_record as record

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=8,
)
# The first draw imports what it draws from: no reason to fail on a slow machine.
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
RECORDS = st.dictionaries(st.text(max_size=5), PLAIN, max_size=4)


@tagged("post_install", "-at_install")
class TestCertificateRecord(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(record)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @QUIET
    @given(RECORDS)
    def test_text_does_not_depend_on_the_order_of_the_keys(self, values):
        backwards = dict(reversed(values.items()))
        self.assertEqual(
            record.canonical_json(values), record.canonical_json(backwards)
        )

    @QUIET
    @given(RECORDS, RECORDS)
    def test_only_what_was_issued_holds(self, issued, columns):
        text = record.canonical_json({"certificate": issued})
        self.assertTrue(record.holds(text, record.digest(text), issued))
        same = record.canonical_json(issued) == record.canonical_json(columns)
        self.assertEqual(record.holds(text, record.digest(text), columns), same)

    @QUIET
    @given(st.text(max_size=30), st.text(min_size=1, max_size=3))
    def test_longer_text_has_another_digest(self, text, more):
        self.assertNotEqual(record.digest(text), record.digest(text + more))

    @QUIET
    @given(st.lists(st.floats(0, 100), min_size=1, max_size=30))
    def test_mean_lies_between_the_scores(self, scores):
        mean = record.mean_score(scores)
        self.assertGreaterEqual(mean, round(min(scores), 2) - 0.01)
        self.assertLessEqual(mean, round(max(scores), 2) + 0.01)

    @QUIET
    @given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(1, 240))
    def test_last_day_is_that_many_months_later(self, issued_on, months):
        last = record.last_day(issued_on, months)
        distance = (last.year - issued_on.year) * 12 + last.month - issued_on.month
        self.assertEqual(distance, months)
        self.assertLessEqual(last.day, issued_on.day)
