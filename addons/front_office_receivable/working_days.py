"""Working days, counted: plain functions without the ORM."""

from collections.abc import Iterable
from datetime import date, timedelta


def working_day(day: date, number: int, working: Iterable[date]) -> date:
    """Return the working day that comes a number of working days after a day.

    :param day: where to count from; the next working day if it is none
    :param number: how many working days later, 0 or more
    :param working: the known working days; what lies beyond them is not known, and
        is counted as one day after the other
    :return: a working day, never before ``day``

    >>> week = [date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10)]
    >>> working_day(date(2026, 3, 5), 2, week)
    datetime.date(2026, 3, 9)
    >>> working_day(date(2026, 3, 7), 0, week)  # a Saturday
    datetime.date(2026, 3, 9)
    >>> working_day(date(2026, 3, 7), 2, [])
    datetime.date(2026, 3, 9)
    """
    later = sorted({each for each in working if each >= day})
    if number < len(later):
        return later[number]
    if later:
        return later[-1] + timedelta(days=number - len(later) + 1)
    return day + timedelta(days=number)
