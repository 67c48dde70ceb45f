"""What a plan has to bring in, and how that is split: arithmetic without the ORM.

Money comes and goes as numbers; inside, it is exact. A split rounds cumulatively: the
parts are the differences between the rounded running totals, so they always sum to the
whole, and none of them is further than one unit of rounding from its exact value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from dateutil.relativedelta import relativedelta

Number = int | float | Decimal
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Bar:
    """A floating bar of the waterfall: from ``start`` to ``end``."""

    label: str
    start: float
    end: float
    kind: str  # cost, total, markup, required, target, uncovered or surplus


def _exact(value: Number) -> Fraction:
    """Return the number that is meant by what a float prints.

    >>> _exact(0.1)
    Fraction(1, 10)
    """
    return Fraction(Decimal(str(value)))


def _round(value: Fraction, rounding: Number) -> Decimal:
    """Round half up to a multiple of the rounding.

    >>> _round(Fraction(1, 200), CENT), _round(Fraction(5, 2), 1)
    (Decimal('0.01'), Decimal('3'))
    """
    step = Decimal(str(rounding))
    units = value / Fraction(step)
    quotient = Decimal(units.numerator) / Decimal(units.denominator)
    return quotient.to_integral_value(ROUND_HALF_UP) * step


def required_revenue(
    cost: Number, margin: Number, basis: str = "invoiced", rounding: Number = CENT
) -> Decimal:
    """Return what has to be sold so that its margin pays the cost.

    Where the margin itself is what counts, the cost is what has to be reached.

    :param cost: what has to be paid
    :param margin: the part of the revenue that is left, more than 0 and at most 1
    :param basis: what counts: invoiced, collected or margin
    :param rounding: the smallest unit of the currency
    :raises ValueError: when the margin is out of its bounds

    >>> required_revenue(12_000, 0.4)
    Decimal('30000.00')
    >>> required_revenue(100, 0.3)
    Decimal('333.33')
    >>> required_revenue(12_000, 0.4, "margin")
    Decimal('12000.00')
    >>> required_revenue(12_000, 0)
    Traceback (most recent call last):
    ...
    ValueError: a margin is more than 0 and at most 1
    """
    if not 0 < margin <= 1:
        raise ValueError("a margin is more than 0 and at most 1")
    revenue = _exact(cost)
    if basis != "margin":
        revenue /= _exact(margin)
    return _round(revenue, rounding)


def split(
    amount: Number, weights: Sequence[Number], rounding: Number = CENT
) -> list[Decimal]:
    """Split an amount by weights; the parts sum to the amount.

    :param amount: what is split; it is rounded first
    :param weights: one number a part, none negative, not all 0
    :param rounding: the smallest unit of the currency
    :raises ValueError: when a weight is negative, or all of them are 0

    >>> [str(part) for part in split(100, [1, 1, 1])]
    ['33.33', '33.34', '33.33']
    >>> [str(part) for part in split(100, [0, 2])]
    ['0.00', '100.00']
    >>> [str(part) for part in split(1000, [1, 1, 1], rounding=1)]
    ['333', '334', '333']
    >>> split(100, [0, 0])
    Traceback (most recent call last):
    ...
    ValueError: no weight is more than 0
    >>> split(100, [2, -1])
    Traceback (most recent call last):
    ...
    ValueError: a weight is negative
    """
    exact = [_exact(weight) for weight in weights]
    if any(weight < 0 for weight in exact):
        raise ValueError("a weight is negative")
    whole = sum(exact)
    if not whole:
        raise ValueError("no weight is more than 0")
    total = Fraction(_round(_exact(amount), rounding))
    parts, running, given = [], Fraction(0), Decimal(0)
    for weight in exact:
        running += weight
        until_here = _round(total * running / whole, rounding)
        parts.append(until_here - given)
        given = until_here
    return parts


def coverage(covered: Number, required: Number) -> float:
    """Return the part of the required amount that is covered, 0 if none is required.

    >>> coverage(75, 100), coverage(120, 100), coverage(50, 0)
    (0.75, 1.2, 0.0)
    """
    return float(covered) / float(required) if required > 0 else 0.0


def month_ranges(first: date, last: date) -> list[tuple[date, date]]:
    """Cut a fiscal year into months, which begin on the day on which it begins.

    The last month ends with the year.

    >>> ranges = month_ranges(date(2027, 7, 1), date(2028, 6, 30))
    >>> len(ranges)
    12
    >>> [str(day) for day in ranges[7]]
    ['2028-02-01', '2028-02-29']
    >>> [str(day) for day in month_ranges(date(2026, 4, 16), date(2027, 4, 15))[0]]
    ['2026-04-16', '2026-05-15']
    """
    ranges, number, start = [], 1, first
    while start <= last:
        following = first + relativedelta(months=number)
        ranges.append((start, min(following - timedelta(days=1), last)))
        start, number = following, number + 1
    return ranges


def year_before(first: date, last: date) -> tuple[date, date]:
    """Return the same days a year before; whole months stay whole.

    >>> [str(day) for day in year_before(date(2029, 2, 1), date(2029, 2, 28))]
    ['2028-02-01', '2028-02-29']
    >>> [str(day) for day in year_before(date(2028, 2, 1), date(2028, 2, 29))]
    ['2027-02-01', '2027-02-28']
    """
    year = relativedelta(years=1)
    day = timedelta(days=1)
    return first - year, (last + day - year) - day


def waterfall(
    costs: Iterable[tuple[str, Number]],
    required: Number,
    targets: Iterable[tuple[str, Number]],
    labels: dict[str, str],
) -> list[Bar]:
    """Return the bars from the costs up to the required amount and down the targets.

    :param costs: label and amount of each cost, stacked up in this order
    :param required: what the targets have to bring in
    :param targets: label and amount of each target, taken off in this order
    :param labels: the words for total, markup, required, uncovered and surplus

    >>> words = dict.fromkeys(("total", "markup", "required", "uncovered"), "")
    >>> for bar in waterfall([("Rent", 40)], 100, [("Ann", 70)], words):
    ...     print(bar.kind, bar.start, bar.end)
    cost 0.0 40.0
    total 0.0 40.0
    markup 40.0 100.0
    required 0.0 100.0
    target 100.0 30.0
    uncovered 30.0 0.0
    """
    bars, height = [], 0.0
    for label, amount in costs:
        bars.append(Bar(label, height, height + float(amount), "cost"))
        height += float(amount)
    required = float(required)
    bars.append(Bar(labels["total"], 0.0, height, "total"))
    if required > height:
        bars.append(Bar(labels["markup"], height, required, "markup"))
    bars.append(Bar(labels["required"], 0.0, required, "required"))
    rest = Decimal(str(required))
    for label, amount in targets:
        after = rest - Decimal(str(amount))
        bars.append(Bar(label, float(rest), float(after), "target"))
        rest = after
    if rest:
        kind = "uncovered" if rest > 0 else "surplus"
        bars.append(Bar(labels[kind], float(rest), 0.0, kind))
    return bars
