"""When an obligation falls due: dates from a rule, a period and a calendar.

Plain functions without the ORM. A due date is found in four steps, each of which may do
nothing:

1. the *anchor* (first or last day of the period, or the day of the event) plus months:
   the last day of a month stays the last day of a month when a period is counted from
   (28 February and one month: 31 March), but not when an event is (28 March), because
   "within a month" of something that happened means the same day of the next month,
2. the *day rule*: the day that came out, a day of its month (another one in some
   months), the month's last day or its last given weekday, or the next of weekdays,
3. plus days, or business days,
4. the *shift* off a closed day: to the next open day, to the one before, or none.

What is due hours after an event falls due on the local day on which they have passed.

None of the steps turns the order of two periods round: a later period never falls due
before an earlier one.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAY = timedelta(days=1)
# A calendar without an open day in a year is a mistake, not a long holiday.
MOST_CLOSED_DAYS = 366


class NoOpenDayError(ValueError):
    """A calendar has no open day where one is looked for."""


@dataclass(frozen=True)
class Calendar:
    """The days on which an authority works.

    :param closed_weekdays: weekdays that are closed, 0 is Monday
    :param closed: further closed days, the holidays
    :param opened: days that are open although the above says closed
    """

    closed_weekdays: frozenset[int] = frozenset({5, 6})
    closed: frozenset[date] = field(default_factory=frozenset)
    opened: frozenset[date] = field(default_factory=frozenset)

    def is_open(self, day: date) -> bool:
        """Return whether the authority works on the day.

        >>> Calendar().is_open(date(2026, 11, 21))  # a Saturday
        False
        >>> Calendar(opened=frozenset({date(2026, 11, 21)})).is_open(date(2026, 11, 21))
        True
        """
        if day in self.opened:
            return True
        return day.weekday() not in self.closed_weekdays and day not in self.closed

    def next_open(self, day: date) -> date:
        """Return the day itself if it is open, else the first open one after it.

        >>> Calendar().next_open(date(2026, 11, 21))
        datetime.date(2026, 11, 23)
        """
        return self._seek(day, DAY)

    def previous_open(self, day: date) -> date:
        """Return the day itself if it is open, else the last open one before it.

        >>> Calendar().previous_open(date(2026, 11, 21))
        datetime.date(2026, 11, 20)
        """
        return self._seek(day, -DAY)

    def add_business_days(self, day: date, count: int) -> date:
        """Return the open day that lies a number of open days after (or before) a day.

        The day itself does not count, open or not.

        >>> Calendar().add_business_days(date(2026, 11, 20), 3)
        datetime.date(2026, 11, 25)
        >>> Calendar().add_business_days(date(2026, 11, 23), -1)
        datetime.date(2026, 11, 20)
        >>> Calendar().add_business_days(date(2026, 11, 21), 0)
        datetime.date(2026, 11, 21)
        """
        step = DAY if count >= 0 else -DAY
        for _day in range(abs(count)):
            day = self._seek(day + step, step)
        return day

    def shift(self, day: date, direction: str) -> date:
        """Return the day moved off a closed one.

        :param direction: ``forward``, ``back`` or ``none``
        :raises ValueError: for another direction
        """
        if direction == "forward":
            return self.next_open(day)
        if direction == "back":
            return self.previous_open(day)
        if direction == "none":
            return day
        raise ValueError(f"unknown shift: {direction}")

    def _seek(self, day: date, step: timedelta) -> date:
        for _day in range(MOST_CLOSED_DAYS):
            if self.is_open(day):
                return day
            day += step
        raise NoOpenDayError(f"no open day within a year of {day}")


@dataclass(frozen=True)
class Rule:
    """When something falls due; see the steps in the module's description.

    :param anchor: ``start`` or ``end`` of the period; an event has only its day
    :param months: months after the anchor
    :param day_rule: ``none``, ``day``, ``month_end``, ``last_weekday`` or
        ``next_weekday``
    :param day: with ``day``: which of the month, at most its last
    :param other_months: with ``day``: months (1-12) in which it is another day
    :param other_day: the day in those months
    :param weekday: with ``last_weekday``: 0 is Monday
    :param weekdays: with ``next_weekday``: the next of them, the day itself included
    :param days: days after that, negative before
    :param business_days: whether those are business days
    :param shift: ``forward``, ``back`` or ``none``
    :param hours: hours after an event, instead of the steps
    """

    anchor: str = "end"
    months: int = 0
    day_rule: str = "none"
    day: int = 0
    other_months: frozenset[int] = frozenset()
    other_day: int = 0
    weekday: int = 0
    days: int = 0
    business_days: bool = False
    shift: str = "forward"
    weekdays: frozenset[int] = frozenset()
    hours: int = 0


def due_date(rule: Rule, first: date, last: date, calendar: Calendar) -> date:
    """Return the day on which the obligation of a period falls due.

    :param rule: when
    :param first: the first day of the period, or the day of the event
    :param last: the last day of the period, or the day of the event again
    :param calendar: the days on which the authority works
    :raises ValueError: for an unknown anchor, day rule or shift
    :raises NoOpenDayError: if the calendar never opens

    The 15th of the month after the month, or the next business day:

    >>> rule = Rule(months=1, day_rule="day", day=15)
    >>> due_date(rule, date(2026, 1, 1), date(2026, 1, 31), Calendar())
    datetime.date(2026, 2, 16)

    In January and August another day:

    >>> rule = Rule("end", 1, "day", 12, frozenset({1, 8}), 17)
    >>> due_date(rule, date(2024, 12, 1), date(2024, 12, 31), Calendar())
    datetime.date(2025, 1, 17)
    """
    anchors = {"start": first, "end": last}
    if rule.anchor not in anchors:
        raise ValueError(f"unknown anchor: {rule.anchor}")
    day = anchors[rule.anchor]
    is_month_end = (day + DAY).month != day.month
    day += relativedelta(months=rule.months)
    if rule.months and is_month_end:
        day = _day_of_month(day, 31)
    return _finish(rule, day, calendar)


def event_due_date(rule: Rule, day: date, calendar: Calendar) -> date:
    """Return the day on which the obligation that follows an event falls due.

    :param rule: when; its anchor means nothing here
    :param day: the day of the event
    :param calendar: the days on which the authority works
    :raises ValueError: for an unknown day rule or shift
    :raises NoOpenDayError: if the calendar never opens

    Three business days after it, and a month after it:

    >>> rule = Rule(days=3, business_days=True)
    >>> event_due_date(rule, date(2026, 11, 20), Calendar())
    datetime.date(2026, 11, 25)
    >>> event_due_date(Rule(months=1, shift="none"), date(2026, 2, 28), Calendar())
    datetime.date(2026, 3, 28)

    Wages paid on a Thursday, deposited three business days after the next Friday:

    >>> from dataclasses import replace
    >>> friday = Rule(day_rule="next_weekday", weekdays=frozenset({1, 4}))
    >>> rule = replace(friday, days=3, business_days=True)
    >>> event_due_date(rule, date(2026, 11, 19), Calendar())
    datetime.date(2026, 11, 25)

    Of hours, as long as only the day is known, whole days count:

    >>> event_due_date(Rule(hours=8, shift="none"), date(2026, 11, 21), Calendar())
    datetime.date(2026, 11, 21)
    """
    day += relativedelta(months=rule.months)
    return _finish(rule, day + timedelta(hours=rule.hours), calendar)


def event_deadline(hours: int, moment: datetime) -> datetime:
    """Return the moment when hours have passed since an event, in the event's zone.

    An hour that the clocks skip or repeat counts as what it is:

    >>> from zoneinfo import ZoneInfo
    >>> moment = datetime(2026, 3, 7, 9, 0, tzinfo=ZoneInfo("America/New_York"))
    >>> event_deadline(24, moment).isoformat()
    '2026-03-08T10:00:00-04:00'

    :param hours: how many
    :param moment: when it happened or became known, with its time zone
    """
    passed = moment.astimezone(UTC) + timedelta(hours=hours)
    return passed.astimezone(moment.tzinfo)


def internal_date(due: date, lead_days: int, calendar: Calendar) -> date:
    """Return the company's own date, some business days before the statutory one.

    :param due: the statutory date
    :param lead_days: how many business days; 0: the statutory date itself
    :param calendar: the days on which the authority works

    >>> internal_date(date(2026, 11, 23), 5, Calendar())
    datetime.date(2026, 11, 16)
    """
    return calendar.add_business_days(due, -lead_days)


def _finish(rule: Rule, day: date, calendar: Calendar) -> date:
    """Return what the second, third and fourth step make of a day."""
    day = _apply_day_rule(rule, day)
    if rule.business_days:
        day = calendar.add_business_days(day, rule.days)
    else:
        day += timedelta(days=rule.days)
    return calendar.shift(day, rule.shift)


def _apply_day_rule(rule: Rule, day: date) -> date:
    if rule.day_rule == "none":
        return day
    if rule.day_rule == "day":
        is_other = day.month in rule.other_months
        return _day_of_month(day, rule.other_day if is_other else rule.day)
    if rule.day_rule == "month_end":
        return _day_of_month(day, 31)
    if rule.day_rule == "last_weekday":
        last = _day_of_month(day, 31)
        return last - timedelta(days=(last.weekday() - rule.weekday) % 7)
    if rule.day_rule == "next_weekday":
        return _next_weekday(day, rule.weekdays)
    raise ValueError(f"unknown day rule: {rule.day_rule}")


def _next_weekday(day: date, weekdays: frozenset[int]) -> date:
    """Return the next of the weekdays, the day itself included.

    :raises ValueError: without a weekday

    >>> _next_weekday(date(2026, 11, 21), frozenset({1, 4}))
    datetime.date(2026, 11, 24)
    """
    if not weekdays:
        raise ValueError("the next of no weekdays")
    return day + timedelta(days=min((each - day.weekday()) % 7 for each in weekdays))


def _day_of_month(day: date, number: int) -> date:
    """Return a day of the month, its last one if it has fewer days.

    >>> _day_of_month(date(2026, 2, 3), 31)
    datetime.date(2026, 2, 28)
    """
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def periods(
    kind: str,
    first_month: int,
    start: date,
    stop: date,
    fiscal: tuple[int, int] | None = None,
) -> Iterator[tuple[date, date]]:
    """Yield the whole periods that end from one day to another, both included.

    :param kind: ``month``, ``quarter``, ``half``, ``year`` or ``fiscal_year``
    :param first_month: the month (1-12) in which a year of such periods begins; nothing
        to a fiscal year
    :param start: the earliest last day
    :param stop: the latest last day
    :param fiscal: month and day on which the fiscal year ends, with ``fiscal_year``
    :raises ValueError: for an unknown kind, a month that is none, or no fiscal year

    Quarters that begin in February, May, August and November:

    >>> list(periods("quarter", 2, date(2026, 4, 30), date(2026, 9, 30)))
    ... # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2026, 2, 1), datetime.date(2026, 4, 30)),
     (datetime.date(2026, 5, 1), datetime.date(2026, 7, 31))]

    A fiscal year that ends on 5 April:

    >>> list(periods("fiscal_year", 1, date(2026, 1, 1), date(2026, 12, 31), (4, 5)))
    [(datetime.date(2025, 4, 6), datetime.date(2026, 4, 5))]
    """
    if kind == "fiscal_year":
        if fiscal is None:
            raise ValueError("a fiscal year needs the day on which it ends")
        yield from _fiscal_years(*fiscal, start, stop)
        return
    if kind not in MONTHS:
        raise ValueError(f"unknown kind of period: {kind}")
    if not 1 <= first_month <= 12:
        raise ValueError(f"no month of the year: {first_month}")
    length = MONTHS[kind]
    number = start.year * 12 + start.month - 1
    number -= (number - (first_month - 1)) % length
    while True:
        first = date(number // 12, number % 12 + 1, 1)
        last = first + relativedelta(months=length) - DAY
        if last > stop:
            return
        if last >= start:
            yield first, last
        number += length


def period_of(
    kind: str, first_month: int, first: date, fiscal: tuple[int, int] | None = None
) -> tuple[date, date] | None:
    """Return the period that begins on a day, None if none does.

    :raises ValueError: as :func:`periods` does

    >>> period_of("quarter", 1, date(2026, 4, 1))
    (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
    >>> period_of("quarter", 2, date(2026, 4, 1))
    """
    stop = first + relativedelta(years=1)
    found = (each for each in periods(kind, first_month, first, stop, fiscal))
    return next((each for each in found if each[0] == first), None)


def _fiscal_years(
    month: int, day: int, start: date, stop: date
) -> Iterator[tuple[date, date]]:
    last = _fiscal_end(start.year, month, day)
    if last < start:
        last = _fiscal_end(start.year + 1, month, day)
    while last <= stop:
        yield _fiscal_end(last.year - 1, month, day) + DAY, last
        last = _fiscal_end(last.year + 1, month, day)


def _fiscal_end(year: int, month: int, day: int) -> date:
    """Return the last day of the fiscal year that ends in a year.

    28 February means the end of February, in a leap year too.

    >>> _fiscal_end(2028, 2, 28)
    datetime.date(2028, 2, 29)
    """
    if (month, day) == (2, 28):
        day = 29
    return _day_of_month(date(year, month, 1), day)
