"""What statements have to say, worked out again in plain Python.

Nothing here uses the add-on's SQL or ``commission.py``: fractions instead of decimals,
one document after the other, and the bands of the tiers instead of what they add.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor


@dataclass
class Document:
    """A posted invoice or refund; amounts are signed, in the company's currency."""

    id: int
    date: date
    untaxed: Fraction
    total: Fraction
    people: list  # [(user id, percent)], in the order of the split
    payments: list = field(default_factory=list)  # [(id, date, signed amount)]
    rates: dict = field(default_factory=dict)  # rate id or None: untaxed of its lines


def to_cents(amount):
    """Round half away from zero."""
    sign = -1 if amount < 0 else 1
    return Fraction(sign * floor(abs(amount) * 100 + Fraction(1, 2)), 100)


def shared(amount, weights):
    """Share ``amount`` by weights, so that the parts sum to it to the cent."""
    whole, upto, before = sum(weights), Fraction(0), Fraction(0)
    for weight in weights:
        upto += weight
        so_far = to_cents(amount * upto / whole)
        yield so_far - before
        before = so_far


def all_credits(documents, basis):
    """Yield (user, date, key, amount) for all that counts for somebody."""
    for document in documents:
        if basis == "collected":
            paid, before = Fraction(0), Fraction(0)
            parts = []
            for number, day, amount in sorted(document.payments):
                paid += amount
                so_far = to_cents(document.untaxed * paid / document.total)
                parts.append((number, day, so_far - before))
                before = so_far
        else:
            parts = [(None, document.date, document.untaxed)]
        for number, day, amount in parts:
            percents = [Fraction(percent) for _user, percent in document.people]
            for (user, _percent), part in zip(
                document.people,
                shared(amount, percents) if percents else (),
                strict=True,
            ):
                rates = sorted(
                    document.rates or {None: Fraction(1)},
                    key=lambda rate: (rate is not None, rate),
                )
                weights = [(document.rates or {None: Fraction(1)})[r] for r in rates]
                for rate, share in zip(rates, shared(part, weights), strict=True):
                    if share:
                        yield user, day, (document.id, number, rate), share


def credited(documents, basis, user, first, last):
    """Return what a person is credited in a period, by key."""
    result = defaultdict(Fraction)
    for who, day, key, amount in all_credits(documents, basis):
        if who == user and first <= day <= last:
            result[key] += amount
    return {key: amount for key, amount in result.items() if amount}


def commission(terms, by_key):
    """Return what a period pays, by the terms as a statement keeps them (JSON)."""
    target = Fraction(terms["target"])
    rates = {row["id"]: Fraction(row["rate"]) for row in terms["categories"]}
    rates[None] = base = Fraction(terms["base_rate"])
    amount = sum(by_key.values(), Fraction(0))
    attained = amount / target if target else Fraction(0)
    minimum = Fraction(terms["minimum"])
    if minimum and attained < minimum:
        return Fraction(0)
    # the rates of the categories, as if there were no tiers …
    result = sum((value * rates[key[2]] for key, value in by_key.items()), Fraction(0))
    # … and each band between two thresholds at its rate instead of the base rate
    tiers = [
        tuple(Fraction(tier[name]) for name in ("threshold", "rate", "accelerator"))
        for tier in terms["tiers"]
    ]
    if not target:
        tiers = [tier for tier in tiers if not tier[0]]
    tops = [threshold * target for threshold, _rate, _factor in tiers[1:]] + [None]
    factor = Fraction(1)
    for (threshold, rate, accelerator), top in zip(tiers, tops, strict=True):
        highest = amount if top is None else min(amount, top)
        result += max(Fraction(0), highest - threshold * target) * (rate - base)
        if attained >= threshold:
            factor = accelerator
    if result > 0:
        result *= factor
    if minimum:
        result = max(result, Fraction(0))
    if Fraction(terms["cap"]):
        result = min(result, Fraction(terms["cap"]))
    return to_cents(result)
