"""A clock that runs in working hours: plain functions without the ORM.

Moments are aware datetimes of any time zone. They are compared in UTC, so that an
hour that a change of the clocks skips or repeats counts as long as it really is.
An interval is a pair (start, stop); a pause may have no stop yet.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

Interval = tuple[datetime, datetime]
FOREVER = datetime.max.replace(tzinfo=UTC)


def tidy(intervals: Iterable[tuple[datetime, datetime | None]]) -> list[Interval]:
    """Return intervals in UTC, sorted, joined where they touch, empty ones left out.

    :param intervals: pairs in any order and time zone; a stop of None is never

    >>> hour = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(24)]
    >>> tidy([(hour[3], hour[5]), (hour[1], hour[3]), (hour[7], hour[7])]) == [
    ...     (hour[1], hour[5])
    ... ]
    True
    """
    result: list[Interval] = []
    pairs = (
        (start.astimezone(UTC), stop.astimezone(UTC) if stop else FOREVER)
        for start, stop in intervals
    )
    for start, stop in sorted(pairs):
        if stop <= start:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(stop, result[-1][1]))
        else:
            result.append((start, stop))
    return result


def without(
    intervals: Iterable[Interval],
    pauses: Iterable[tuple[datetime, datetime | None]],
) -> list[Interval]:
    """Return what is left of intervals outside the pauses.

    :param intervals: when the clock may run
    :param pauses: when it stands; one that goes on has the stop None

    >>> hour = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(24)]
    >>> without([(hour[8], hour[17])], [(hour[10], hour[11])]) == [
    ...     (hour[8], hour[10]), (hour[11], hour[17])
    ... ]
    True
    >>> without([(hour[8], hour[17])], [(hour[9], None)]) == [(hour[8], hour[9])]
    True
    """
    holes = tidy(pauses)
    result = []
    for start, stop in tidy(intervals):
        for hole_start, hole_stop in holes:
            if hole_stop <= start:
                continue
            if hole_start >= stop:
                break
            if start < hole_start:
                result.append((start, hole_start))
            start = min(hole_stop, stop)
        if start < stop:
            result.append((start, stop))
    return result


def worked(
    intervals: Iterable[Interval],
    start: datetime,
    stop: datetime,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
) -> timedelta:
    """Return how long the clock ran between two moments.

    :param intervals: the working hours
    :param start: when the clock was started
    :param stop: when it is read
    :param pauses: when it stood

    >>> hour = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(24)]
    >>> worked([(hour[8], hour[12]), (hour[13], hour[17])], hour[11], hour[14])
    datetime.timedelta(seconds=7200)
    """
    total = timedelta()
    for begin, end in without(intervals, pauses):
        ran = min(end, stop.astimezone(UTC)) - max(begin, start.astimezone(UTC))
        total += max(ran, timedelta())
    return total


def due(
    intervals: Iterable[Interval],
    start: datetime,
    amount: timedelta,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
) -> datetime | None:
    """Return the first moment at which the clock shows an amount.

    :param intervals: the working hours, far enough into the future
    :param start: when the clock is started
    :param amount: how long it runs; nothing is due at once
    :param pauses: when it stands
    :return: a moment in UTC; None where the working hours do not suffice

    >>> hour = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(24)]
    >>> day = [(hour[8], hour[12]), (hour[13], hour[17])]
    >>> due(day, hour[11], timedelta(hours=2)) == hour[14]
    True
    >>> due(day, hour[11], timedelta(hours=2), [(hour[11], hour[15])]) == hour[17]
    True
    >>> due(day, hour[11], timedelta(hours=9)) is None
    True
    """
    moment = start.astimezone(UTC)
    if amount <= timedelta():
        return moment
    for begin, end in without(intervals, pauses):
        begin = max(begin, moment)
        if end <= begin:
            continue
        if end - begin >= amount:
            return begin + amount
        amount -= end - begin
    return None
