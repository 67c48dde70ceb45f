"""Texts in files that people open in a spreadsheet: no database."""

import re

# A spreadsheet would take such a text for a formula.
FORMULA = re.compile(r"'*[=+\-@\t\r]")


def escape(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> escape("=1+1"), escape("'=1"), escape("'tis")
    ("'=1+1", "''=1", "'tis")
    """
    return f"'{text}" if FORMULA.match(text) else text


def unescape(text: str) -> str:
    """Return the text that was escaped.

    >>> unescape("'=1+1"), unescape("''=1"), unescape("'tis"), unescape("=1")
    ('=1+1', "'=1", "'tis", '=1')
    """
    return text[1:] if text[:1] == "'" and FORMULA.match(text) else text
