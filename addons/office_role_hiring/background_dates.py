"""When a final notice may follow a pre-adverse notice. Plain dates, no database."""

from datetime import date, timedelta


def weekdays(first: date, last: date) -> set[date]:
    """Return Mondays to Fridays between two dates, both included.

    >>> sorted(day.day for day in weekdays(date(2026, 3, 13), date(2026, 3, 17)))
    [13, 16, 17]
    >>> weekdays(date(2026, 3, 14), date(2026, 3, 15))
    set()
    """
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    return {day for day in days if day.weekday() < 5}


def earliest_final_notice(notice: date, waiting_days: int, working: set[date]) -> date:
    """Return the first day on which the final notice may go out.

    The day of the notice does not count. The waiting days are the next working days
    after it, each of them whole, so that the final notice goes out on the day after
    the last of them at the earliest.

    :param notice: the day on which the pre-adverse notice went out
    :param waiting_days: how many working days the person has, one at least
    :param working: the working days; those up to the notice are ignored
    :raise ValueError: fewer than one waiting day, or too few working days are known

    Five days after Monday the 2nd of March 2026, with weekends off:

    >>> march = weekdays(date(2026, 3, 1), date(2026, 3, 31))
    >>> earliest_final_notice(date(2026, 3, 2), 5, march)
    datetime.date(2026, 3, 10)

    The company is closed on the 4th:

    >>> earliest_final_notice(date(2026, 3, 2), 5, march - {date(2026, 3, 4)})
    datetime.date(2026, 3, 11)

    A notice on a Saturday:

    >>> earliest_final_notice(date(2026, 3, 7), 1, march)
    datetime.date(2026, 3, 10)
    >>> earliest_final_notice(date(2026, 3, 30), 5, march)
    Traceback (most recent call last):
    ...
    ValueError: 5 working days asked for, 1 known
    >>> earliest_final_notice(date(2026, 3, 2), 0, march)
    Traceback (most recent call last):
    ...
    ValueError: at least one waiting day is needed
    """
    if waiting_days < 1:
        raise ValueError("at least one waiting day is needed")
    following = sorted(day for day in working if day > notice)
    if len(following) < waiting_days:
        raise ValueError(
            f"{waiting_days} working days asked for, {len(following)} known"
        )
    return following[waiting_days - 1] + timedelta(1)
