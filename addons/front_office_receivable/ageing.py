"""How late money is, and how long it takes to come: plain functions without the ORM."""

from collections.abc import Iterable
from decimal import Decimal

# The key of a bucket, what people call it, and the most days late that belong to it.
BUCKETS = (
    ("0", "Not due", 0),
    ("1", "1–30 days", 30),
    ("2", "31–60 days", 60),
    ("3", "61–90 days", 90),
    ("4", "Over 90 days", None),
)


def bucket(days_late: int) -> str:
    """Return the key of the bucket of an amount.

    :param days_late: days since it was due; 0 or less: not due yet

    >>> [bucket(days) for days in (-5, 0, 1, 30, 31, 60, 61, 90, 91, 4000)]
    ['0', '0', '1', '1', '2', '2', '3', '3', '4', '4']
    """
    for key, _label, limit in BUCKETS:
        if limit is None or days_late <= limit:
            return key
    raise AssertionError("the last bucket has no limit")


def spread(items: Iterable[tuple[int, Decimal]]) -> dict[str, Decimal]:
    """Return the sum of each bucket.

    :param items: pairs of days late and amount
    :return: all buckets, in order; together they are the sum of the amounts

    >>> sums = spread([(0, Decimal(5)), (12, Decimal(7)), (30, Decimal(1))])
    >>> [str(each) for each in sums.values()]
    ['5', '8', '0', '0', '0']
    """
    sums = {key: Decimal() for key, _label, _limit in BUCKETS}
    for days_late, amount in items:
        sums[bucket(days_late)] += amount
    return sums


def days_sales_outstanding(receivable: float, sales: float, days: int) -> float:
    """Return how many days of sales customers owe.

    :param receivable: what is owed at the end of the period
    :param sales: what was invoiced in the period, taxes included as in what is owed
    :param days: the days of the period
    :return: receivable ÷ sales × days; 0 without sales, because then nothing can be
        said about how long it takes

    >>> days_sales_outstanding(1000.0, 3000.0, 90)
    30.0
    >>> days_sales_outstanding(1000.0, 0.0, 90)
    0.0
    """
    return receivable / sales * days if sales > 0 else 0.0
