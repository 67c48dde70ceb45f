"""Days of a period, counted: plain functions without the ORM."""

from collections.abc import Iterable
from datetime import date


def presence(
    days: Iterable[date], start: date | None = None, end: date | None = None
) -> float:
    """Return the part of the working days on which somebody is there.

    :param days: the working days of the period
    :param start: the first day of presence; None: from the beginning
    :param end: the last day of presence; None: to the end
    :return: from 0 to 1; a period without working days counts as present

    >>> week = [date(2026, 3, day) for day in (2, 3, 4, 5, 6)]
    >>> presence(week)
    1.0
    >>> presence(week, start=date(2026, 3, 5))
    0.4
    >>> presence(week, start=date(2026, 3, 7))
    0.0
    >>> presence([], start=date(2026, 3, 5))
    1.0
    """
    days = set(days)
    if not days:
        return 1.0
    return count_between(days, start, end) / len(days)


def count_between(
    days: Iterable[date], start: date | None = None, end: date | None = None
) -> int:
    """Return how many of the days lie between two days, both included.

    >>> count_between([date(2026, 3, 2), date(2026, 3, 3)], start=date(2026, 3, 3))
    1
    """
    return sum(
        (start is None or day >= start) and (end is None or day <= end)
        for day in set(days)
    )


def run_rate(achieved: float, days: Iterable[date], today: date) -> float:
    """Return what a period ends with if it goes on as it began.

    :param achieved: what was achieved so far
    :param days: the working days of the period
    :param today: the day that has just begun: it does not count as gone
    :return: achieved ÷ working days gone × working days of the period; what was
        achieved where no working day is gone yet

    >>> week = [date(2026, 3, day) for day in (2, 3, 4, 5, 6)]
    >>> run_rate(200.0, week, date(2026, 3, 4))
    500.0
    >>> run_rate(200.0, week, date(2026, 3, 2))
    200.0
    """
    days = set(days)
    gone = sum(day < today for day in days)
    return achieved / gone * len(days) if gone else achieved
