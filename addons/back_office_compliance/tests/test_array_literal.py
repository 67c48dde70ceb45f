import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from .. import check_types

# a text of PostgreSQL holds every character but this one, and no half of a pair
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=50)


@tagged("post_install", "-at_install")
class TestArrayLiteral(TransactionCase):
    """What the engine writes comes back from PostgreSQL as it was."""

    def _come_back(self, values, column_type):
        query = SQL(
            "SELECT found FROM unnest(%s::%s[]) WITH ORDINALITY AS row(found, number)"
            " ORDER BY number",
            check_types.array_literal(values),
            SQL.identifier(column_type),
        )
        return [found for (found,) in self.env.execute_query(query)]

    @PROPERTY
    @given(st.lists(st.none() | TEXTS, max_size=20))
    def test_texts(self, values):
        self.assertEqual(self._come_back(values, "text"), values)

    @PROPERTY
    @given(st.lists(st.none() | st.integers(-(2**31), 2**31 - 1), max_size=20))
    def test_numbers(self, values):
        self.assertEqual(self._come_back(values, "int4"), values)

    @PROPERTY
    @given(st.lists(st.none() | st.dates(), max_size=20))
    def test_dates(self, values):
        self.assertEqual(self._come_back(values, "date"), values)

    def test_texts_that_look_like_something_else(self):
        values = ["NULL", "", " ", "{}", ",", '"', "\\", '\\"', "a\nb", "'"]
        self.assertEqual(self._come_back(values, "text"), values)

    def test_doctests(self):
        self.assertFalse(doctest.testmod(check_types).failed)
