"""Days counted back from a deadline: plain functions without the ORM."""

from collections.abc import Iterable
from datetime import date


def latest_day(deadline: date, days_before: int, working_days: Iterable[date]) -> date:
    """Return the last working day that leaves so many working days for the rest.

    :param deadline: the day on which all is handed in
    :param days_before: how many working days lie between; 0 is the last working day
        up to the deadline itself
    :param working_days: the days with work, far enough back
    :return: the day; the first known one where they do not reach back so far, and the
        deadline where none is known

    >>> days = [date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10)]
    >>> latest_day(date(2026, 3, 10), 0, days)
    datetime.date(2026, 3, 10)
    >>> latest_day(date(2026, 3, 8), 0, days)
    datetime.date(2026, 3, 6)
    >>> latest_day(date(2026, 3, 10), 2, days)
    datetime.date(2026, 3, 6)
    >>> latest_day(date(2026, 3, 10), 99, days)
    datetime.date(2026, 3, 2)
    """
    before = sorted((day for day in set(working_days) if day <= deadline), reverse=True)
    if not before:
        return deadline
    return before[min(max(days_before, 0), len(before) - 1)]
