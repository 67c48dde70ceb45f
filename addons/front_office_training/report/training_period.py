"""The stretches of time that the dashboard offers; no ORM."""

from datetime import date, timedelta

PERIODS = ("month", "quarter", "year", "all")


def period_bounds(period: str, today: date) -> tuple[date, date] | None:
    """Return the first day of the period and the first day after it.

    >>> period_bounds("month", date(2026, 2, 14))
    (datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    >>> period_bounds("quarter", date(2026, 11, 30))
    (datetime.date(2026, 10, 1), datetime.date(2027, 1, 1))
    >>> period_bounds("year", date(2026, 2, 14))
    (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
    >>> period_bounds("all", date(2026, 2, 14)) is None
    True

    :param period: one of :data:`PERIODS`
    :param today: the day that lies in the period
    :return: the bounds, None for all time
    :raises ValueError: for an unknown period
    """
    if period not in PERIODS:
        raise ValueError(period)
    if period == "all":
        return None
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    first = date(today.year, today.month - (today.month - 1) % months, 1)
    # 31 days after the first of a month lie in the next one
    after = first
    for _month in range(months):
        after = (after + timedelta(days=31)).replace(day=1)
    return first, after
