"""The arithmetic of evidence from real work, without the ORM."""

import ast
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo


def parse_domain(text):
    """Read a domain that holds nothing but literal values.

    Names, calls and arithmetic are refused, so a rule cannot run code, and counts the
    same whoever looks.

    >>> parse_domain("[('type', '=', 'opportunity')]")
    [('type', '=', 'opportunity')]
    >>> parse_domain("")
    []
    >>> parse_domain("[('user_id', '=', uid)]")
    Traceback (most recent call last):
    ...
    ValueError: not a list of literal values

    :param text: the domain as it is written in Python
    :return: list
    :raises ValueError: when it is something else
    """
    try:
        domain = ast.literal_eval((text or "").strip() or "[]")
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError("not a list of literal values") from error
    if not isinstance(domain, list):
        raise ValueError("not a list of literal values")
    return domain


def local_day_start(day, timezone):
    """Return when a day begins in a time zone, in UTC and without its name.

    >>> from datetime import date
    >>> local_day_start(date(2026, 7, 1), "Europe/Stockholm")
    datetime.datetime(2026, 6, 30, 22, 0)

    :param day: date
    :param timezone: name of the time zone, UTC when empty
    :return: datetime
    """
    start = datetime.combine(day, time.min, ZoneInfo(timezone or "UTC"))
    return start.astimezone(UTC).replace(tzinfo=None)


def local_date(moment, timezone):
    """Return the date in a time zone at a moment that is given in UTC.

    >>> local_date(datetime(2026, 6, 30, 22), "Europe/Stockholm")
    datetime.date(2026, 7, 1)

    :param moment: datetime without a time zone
    :param timezone: name of the time zone, UTC when empty
    :return: date
    """
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone or "UTC")).date()


def percentage(done, wanted):
    """Return how much of ``wanted`` is done, in percent, 100 at the most.

    >>> percentage(3, 5), percentage(7, 5), percentage(0, 5)
    (60.0, 100.0, 0.0)
    """
    return min(100.0, 100.0 * done / wanted) if wanted > 0 else 100.0


def array_literal(values):
    """Return numbers or dates as the text of an array of PostgreSQL.

    One parameter instead of thousands: the driver quotes it once.

    >>> array_literal([1, 2]), array_literal(["2026-03-02T00:00:00"])
    ('{1,2}', '{2026-03-02T00:00:00}')

    :param values: whatever needs no quotation marks as text
    :return: string
    """
    return "{" + ",".join(map(str, values)) + "}"
