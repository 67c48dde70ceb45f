import doctest
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import evidence

ZONES = st.sampled_from(
    ["UTC", "Europe/Stockholm", "Asia/Manila", "America/New_York", "Pacific/Apia"]
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


class TestEvidenceTools(BaseCase):
    """The arithmetic: examples in the docstrings, and what holds for any input."""

    def test_examples(self):
        result = doctest.testmod(evidence)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @given(DAYS, ZONES)
    def test_a_day_starts_on_that_day_and_not_before(self, day, zone):
        start = evidence.local_day_start(day, zone)
        self.assertIsNone(start.tzinfo)
        self.assertGreaterEqual(evidence.local_date(start, zone), day)
        self.assertLess(evidence.local_date(start - timedelta(seconds=1), zone), day)

    @given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), ZONES)
    def test_the_date_is_the_one_of_the_clock_on_the_wall(self, moment, zone):
        wall = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        self.assertEqual(evidence.local_date(moment, zone), wall.date())

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.tuples(inner, inner, inner),
        )
    )
    def test_what_is_literal_is_read_as_it_is(self, value):
        if isinstance(value, list):
            self.assertEqual(evidence.parse_domain(repr(value)), value)
        elif not isinstance(value, str):
            with self.assertRaises(ValueError):
                evidence.parse_domain(repr(value))

    @given(st.text())
    def test_anything_else_is_a_value_error(self, text):
        try:
            self.assertIsInstance(evidence.parse_domain(text), list)
        except ValueError as error:
            self.assertEqual(str(error), "not a list of literal values")

    @given(st.integers(0, 1000), st.integers(1, 1000))
    def test_a_percentage_is_full_when_enough_is_done(self, done, wanted):
        percentage = evidence.percentage(done, wanted)
        self.assertTrue(0 <= percentage <= 100)
        self.assertEqual(percentage == 100, done >= wanted)
