"""Days where a company is, as moments in UTC: plain functions without the ORM."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")


def day_start(day: date, tz: str) -> datetime:
    """Return the naive moment in UTC at which a day begins.

    >>> day_start(date(2026, 3, 2), "Europe/Madrid")
    datetime.datetime(2026, 3, 1, 23, 0)
    """
    # where midnight doesn't exist, this is the moment when the clocks change
    local = datetime.combine(day, time.min, tzinfo=ZoneInfo(tz))
    return local.astimezone(UTC).replace(tzinfo=None)


def day_end(day: date, tz: str) -> datetime:
    """Return the last second of a day, as a naive moment in UTC.

    >>> day_end(date(2026, 3, 28), "Europe/Madrid")
    datetime.datetime(2026, 3, 28, 22, 59, 59)
    """
    return day_start(day + timedelta(days=1), tz) - timedelta(seconds=1)


def local_day(moment: datetime, tz: str) -> date:
    """Return which day it is at a naive moment in UTC.

    >>> local_day(datetime(2026, 3, 1, 23, 30), "Europe/Madrid")
    datetime.date(2026, 3, 2)
    """
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date()
