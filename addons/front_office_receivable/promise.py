"""What a promise to pay is worth: plain functions without the ORM.

A customer promises instalments. What was paid counts for the first of them first, so
that an instalment is kept when all that was promised up to it has come in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

KEPT, BROKEN, OPEN, VOID = "kept", "broken", "open", "void"


@dataclass(frozen=True)
class Instalment:
    """An amount that is promised, and the last day on which it is in time."""

    amount: Decimal
    deadline: date


@dataclass(frozen=True)
class Payment:
    """An amount that came on a day; negative: it was taken back."""

    amount: Decimal
    day: date


def judge(
    instalments: Sequence[Instalment],
    debt: Decimal,
    payments: Sequence[Payment],
    today: date,
    credited: Decimal = Decimal(),
    paused: bool = False,
    lost: Sequence[Payment] = (),
) -> list[str]:
    """Return the state of each instalment of one agreement.

    :param instalments: in the order in which they are due
    :param debt: what was owed when they were promised
    :param payments: what has come since
    :param today: an instalment can be broken only after its deadline
    :param credited: what was owed and is not any more without having been paid, as by
        a credit note; nobody has to pay that, whatever they promised
    :param paused: whether the invoice is disputed; nothing is broken then
    :param lost: what was written off or given as a discount, and when; until the
        deadline nobody has to pay that, and after it nothing is made good by it
    :return: a state an instalment: ``kept``, ``broken``, ``open``, or ``void`` where
        there is nothing left that could be paid

    >>> plan = [Instalment(Decimal(60), date(2026, 3, 4)),
    ...         Instalment(Decimal(40), date(2026, 3, 18))]
    >>> half = [Payment(Decimal(60), date(2026, 3, 3))]
    >>> judge(plan, Decimal(100), half, date(2026, 3, 10))
    ['kept', 'open']
    >>> judge(plan, Decimal(100), half, date(2026, 3, 19))
    ['kept', 'broken']
    >>> judge(plan, Decimal(100), [], date(2026, 3, 5), paused=True)
    ['open', 'open']
    >>> judge(plan, Decimal(100), [], date(2026, 3, 5), credited=Decimal(100))
    ['void', 'void']
    >>> judge(plan, Decimal(100), [], date(2026, 3, 10),
    ...       lost=[Payment(Decimal(100), date(2026, 3, 9))])
    ['broken', 'void']
    """
    states, upto = [], Decimal()
    for instalment in instalments:
        upto += instalment.amount
        gone = sum(
            (each.amount for each in lost if each.day <= instalment.deadline),
            Decimal(),
        )
        target = min(upto, debt - credited - gone)
        paid = sum(
            (each.amount for each in payments if each.day <= instalment.deadline),
            Decimal(),
        )
        if target <= 0:
            states.append(VOID)
        elif paid >= target:
            states.append(KEPT)
        elif instalment.deadline < today and not paused:
            states.append(BROKEN)
        else:
            states.append(OPEN)
    return states


def paid_of_each(amounts: Sequence[Decimal], paid: Decimal) -> list[Decimal]:
    """Return what has been paid of each instalment, the first one first.

    >>> [str(each) for each in paid_of_each([Decimal(60), Decimal(40)], Decimal(75))]
    ['60', '15']
    """
    parts, left = [], max(paid, Decimal())
    for amount in amounts:
        part = min(amount, left)
        parts.append(part)
        left -= part
    return parts


def keeping_rate(kept: int, broken: int) -> float:
    """Return the part of the decided promises that was kept; 0 where none is decided.

    >>> keeping_rate(3, 1)
    0.75
    >>> keeping_rate(0, 0)
    0.0
    """
    return kept / (kept + broken) if kept + broken else 0.0
