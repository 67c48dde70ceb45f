"""The payroll file: text that a spreadsheet reads as text, and money as money.

>>> render([["Name", "Total"], ["=HYPERLINK(1)", "12.50"]])
"\\ufeffName,Total\\r\\n'=HYPERLINK(1),12.50\\r\\n"
"""

import csv
import io

# A cell that begins so is a formula for a spreadsheet, also after blanks.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


def safe_text(value):
    """Return a text that no spreadsheet takes for a formula.

    :param value: any text, maybe empty or None
    :return: the same text; behind an apostrophe where it begins like a formula

    >>> safe_text("Anna")
    'Anna'
    >>> safe_text("=1+1"), safe_text("  @SUM(A1)")
    ("'=1+1", "'  @SUM(A1)")
    >>> safe_text(None)
    ''
    """
    text = "" if value is None or value is False else str(value)
    first = text.lstrip(" \u00a0\ufeff\u200b")[:1]
    if first and (first in FORMULA_SIGNS or text[:1] in FORMULA_SIGNS):
        return f"'{text}"
    return text


def money(amount, digits):
    """Return an amount with a point and a fixed number of decimals, never ``-0``.

    >>> money(1234.5, 2), money(-3, 0), money(-0.001, 2)
    ('1234.50', '-3', '0.00')
    """
    text = f"{amount:.{digits}f}"
    return text.lstrip("-") if not float(text) else text


class Money(str):
    """A cell that is a number already and must stay one."""


def render(rows):
    """Return rows as the text of a CSV file with a byte order mark.

    :param rows: lists of cells; a cell of class ``Money`` goes in as it is
    """
    stream = io.StringIO()
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [cell if isinstance(cell, Money) else safe_text(cell) for cell in row]
        )
    return stream.getvalue()
