"""Commission: what an amount credited pays, and how that is calculated.

Plain functions over decimals: no ORM, no floats. Rates are parts of one (0.02 = 2 %),
thresholds and the minimum are attainments (1 = the target), and every result is a
multiple of the currency's rounding.

A period's commission is ::

    accelerator × ( Σ credited in a category × its rate
                  + Σ (tier's rate − rate below) × credited above the tier's threshold )

where the rate below the first tier is the base rate. The cap comes last. So a tier pays
on the part above its threshold only:

>>> terms = Terms(
...     target=Decimal(10000),
...     base_rate=Decimal("0.02"),
...     tiers=(Tier(Decimal(1), Decimal("0.05")),),
... )
>>> commission(terms, {None: Decimal(9000)})
Decimal('180.00')
>>> commission(terms, {None: Decimal(12000)})  # 2 % of 12,000 and 3 % of 2,000 more
Decimal('300.00')

What is credited is given by rate: None is the base rate, another key one of
``terms.categories``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

Key = Hashable
Credited = Mapping[Any, Decimal]

ZERO = Decimal(0)
ONE = Decimal(1)
# Enough for the products and quotients here; amounts have far fewer digits.
PRECISE = Context(prec=60)
# An effective rate is kept to so many decimals, in Python as in the database.
RATE_STEP = Decimal(1).scaleb(-20)


@dataclass(frozen=True)
class Tier:
    """From ``threshold`` on, ``rate`` is paid on what is above it.

    Once it is reached, the whole commission is multiplied by ``accelerator``.
    """

    threshold: Decimal
    rate: Decimal
    accelerator: Decimal = ONE


@dataclass(frozen=True)
class Terms:
    """All that a period's commission depends on, besides what is credited.

    ``tiers`` are in order: thresholds rise, rates and accelerators do not fall.
    ``categories`` has the rates that replace the base rate. A ``cap`` of 0 is no cap, a
    ``minimum`` of 0 no minimum.
    """

    target: Decimal = ZERO
    base_rate: Decimal = ZERO
    tiers: tuple[Tier, ...] = ()
    categories: Mapping[Any, Decimal] = field(default_factory=dict)
    cap: Decimal = ZERO
    minimum: Decimal = ZERO
    rounding: Decimal = Decimal("0.01")

    def rate(self, key: Key) -> Decimal:
        """Return the rate of a category's key, or the base rate for None."""
        return self.base_rate if key is None else self.categories[key]

    def reaches(self, threshold: Decimal, amount: Decimal) -> bool:
        """Tell whether ``amount`` attains ``threshold``.

        Without a target there is no attainment, and no tier is reached.

        >>> Terms(target=Decimal(200)).reaches(Decimal("0.5"), Decimal(100))
        True
        >>> Terms().reaches(ONE, Decimal(100))
        False
        """
        if not self.target:
            return threshold <= 0
        return amount >= threshold * self.target


@dataclass(frozen=True)
class Step:
    """One line of the calculation: ``amount`` × ``rate``, and the ``result``.

    ``kind`` says which (``base``, ``category``, ``tier``, ``accelerator``, ``minimum``,
    ``cap``, ``rounding``), ``key`` is the category's key or the tier's threshold. Steps
    of the last three kinds have no rate: the result is taken away or added as it is.
    """

    kind: str
    label: str
    amount: Decimal
    rate: Decimal | None
    result: Decimal
    key: Any = None


def round_to(amount: Decimal, rounding: Decimal) -> Decimal:
    """Round half away from zero to a multiple of ``rounding``, as Odoo and SQL do.

    >>> round_to(Decimal("2.345"), Decimal("0.01"))
    Decimal('2.35')
    >>> round_to(Decimal("-2.5"), Decimal(1))
    Decimal('-3')
    >>> round_to(Decimal("1.13"), Decimal("0.05"))
    Decimal('1.15')
    """
    with localcontext(PRECISE):
        return (amount / rounding).quantize(ONE, ROUND_HALF_UP) * rounding


def attainment(terms: Terms, amount: Decimal) -> Decimal:
    """Return ``amount`` ÷ target; 0 without a target.

    >>> attainment(Terms(target=Decimal(400)), Decimal(100))
    Decimal('0.25')
    >>> attainment(Terms(), Decimal(100))
    Decimal('0')
    """
    if not terms.target:
        return ZERO
    with localcontext(PRECISE):
        return amount / terms.target


def _uplifts(terms: Terms, amount: Decimal) -> list[tuple[Tier, Decimal, Decimal]]:
    """Return each tier with the part above it, and by how much its rate is higher."""
    below, uplifts = terms.base_rate, []
    for tier in terms.tiers:
        part = ZERO
        if terms.target or not tier.threshold:
            part = max(ZERO, amount - tier.threshold * terms.target)
        uplifts.append((tier, part, tier.rate - below))
        below = tier.rate
    return uplifts


def _accelerator(terms: Terms, amount: Decimal) -> Decimal:
    """Return the accelerator of the highest tier reached."""
    reached = [t.accelerator for t in terms.tiers if terms.reaches(t.threshold, amount)]
    return reached[-1] if reached else ONE


def _parts(terms: Terms, credited: Credited) -> tuple[Decimal, Decimal, Decimal]:
    """Return what is credited, its commission by rates, and what the tiers add."""
    amount = sum(credited.values(), ZERO)
    flat = sum((value * terms.rate(key) for key, value in credited.items()), ZERO)
    more = sum((part * rate for _tier, part, rate in _uplifts(terms, amount)), ZERO)
    return amount, flat, more


def commission(terms: Terms, credited: Credited) -> Decimal:
    """Return the commission of a period.

    Nothing is paid below the minimum attainment. Where there is a minimum, nothing is
    taken back either; without one, a period of refunds alone pays a negative
    commission, which is not accelerated.

    Args:
        terms: the rates, tiers, cap and target.
        credited: what is credited, by rate.

    Raises:
        KeyError: something is credited to a rate that the terms do not have.

    >>> terms = Terms(Decimal(100), Decimal("0.1"), minimum=Decimal("0.5"))
    >>> commission(terms, {None: Decimal("49.99")})
    Decimal('0.00')
    >>> commission(terms, {None: Decimal(50)})
    Decimal('5.00')
    >>> commission(Terms(Decimal(100), Decimal("0.1")), {None: Decimal(-20)})
    Decimal('-2.00')
    """
    with localcontext(PRECISE):
        amount, flat, more = _parts(terms, credited)
        result = flat + more
        if result > 0:
            result *= _accelerator(terms, amount)
        if terms.minimum > 0:
            reached = terms.reaches(terms.minimum, amount)
            result = max(ZERO, result) if reached else ZERO
        if terms.cap > 0:
            result = min(result, terms.cap)
        return round_to(result, terms.rounding)


def effective_rates(terms: Terms, credited: Credited) -> dict[Any, Decimal]:
    """Return what one unit of each rate pays in the end: tiers, cap and all.

    >>> terms = Terms(Decimal(100), Decimal("0.1"), cap=Decimal(5))
    >>> effective_rates(terms, {None: Decimal(200)})[None].normalize()
    Decimal('0.025')
    """
    with localcontext(PRECISE):
        amount, flat, more = _parts(terms, credited)
        whole = flat + more
        factor = commission(terms, credited) / whole if whole else ONE
        each = more / amount if amount else ZERO
        return {
            key: (factor * (terms.rate(key) + each)).quantize(RATE_STEP, ROUND_HALF_UP)
            for key in credited
        }


def allocate(
    weights: Sequence[Decimal], total: Decimal, rounding: Decimal
) -> list[Decimal]:
    """Round ``weights`` so that together they are ``total``; the last takes the rest.

    The sum so far is rounded, not each weight, so no part is off by more than one step
    of rounding, except what the last one takes.

    >>> third = Decimal(10) / 3
    >>> [str(part) for part in allocate([third] * 3, Decimal(10), Decimal("0.01"))]
    ['3.33', '3.34', '3.33']
    """
    parts: list[Decimal] = []
    with localcontext(PRECISE):
        exact = before = ZERO
        for weight in weights[:-1]:
            exact += weight
            so_far = round_to(exact, rounding)
            parts.append(so_far - before)
            before = so_far
        if weights:
            parts.append(total - before)
    return parts


def split(terms: Terms, lines: Iterable[tuple[Key, Decimal]]) -> list[Decimal]:
    """Return each line's part of the commission; together they are the commission.

    Args:
        terms: the rates, tiers, cap and target.
        lines: the rate's key and the amount of each line, in the statement's order.

    >>> terms = Terms(Decimal(100), Decimal("0.1"))
    >>> [str(part) for part in split(terms, [(None, Decimal("33.33"))] * 3)]
    ['3.33', '3.34', '3.33']
    """
    lines = list(lines)
    credited: dict[Any, Decimal] = {}
    for key, amount in lines:
        credited[key] = credited.get(key, ZERO) + amount
    rates = effective_rates(terms, credited)
    with localcontext(PRECISE):
        weights = [amount * rates[key] for key, amount in lines]
    return allocate(weights, commission(terms, credited), terms.rounding)


def explain(terms: Terms, credited: Credited) -> list[Step]:
    """Return the steps of the calculation; their results add up to the commission.

    Every result is rounded, as on paper; where the roundings differ from the
    commission, a last step of the kind ``rounding`` has the difference.

    >>> terms = Terms(
    ...     Decimal(1000), Decimal("0.02"), (Tier(ONE, Decimal("0.05"), Decimal(2)),)
    ... )
    >>> for step in explain(terms, {None: Decimal(1200)}):
    ...     print(step.kind, step.amount, "×", step.rate, "=", step.result)
    base 1200 × 0.02 = 24.00
    tier 200.00 × 0.03 = 6.00
    accelerator 30.00 × 1 = 30.00
    """
    with localcontext(PRECISE):
        steps = _steps_of_rates(terms, credited)
        amount = sum(credited.values(), ZERO)
        so_far = sum((step.result for step in steps), ZERO)
        faster = _accelerator(terms, amount) - 1
        if faster and so_far > 0:
            more = round_to(so_far * faster, terms.rounding)
            steps.append(Step("accelerator", "Accelerator", so_far, faster, more))
        steps += _steps_of_limits(terms, credited, steps)
        rest = commission(terms, credited) - sum((s.result for s in steps), ZERO)
        if rest:
            steps.append(Step("rounding", "Rounding", rest, None, rest))
        return steps


def _steps_of_rates(terms: Terms, credited: Credited) -> list[Step]:
    """Return the steps of the base rate, of the categories and of the tiers."""

    def step(kind: str, label: str, amount: Decimal, rate: Decimal, key: Any) -> Step:
        result = round_to(amount * rate, terms.rounding)
        return Step(kind, label, amount, rate, result, key)

    keys = sorted(credited, key=lambda key: (key is not None, key or 0))
    steps = [
        step("base", "Base rate", credited[key], terms.base_rate, None)
        if key is None
        else step("category", "Rate of a category", credited[key], terms.rate(key), key)
        for key in keys
    ]
    amount = sum(credited.values(), ZERO)
    for tier, part, rate in _uplifts(terms, amount):
        if part:
            part = round_to(part, terms.rounding)
            steps.append(
                step("tier", "Above the threshold", part, rate, tier.threshold)
            )
    return steps


def _steps_of_limits(
    terms: Terms, credited: Credited, steps: Sequence[Step]
) -> list[Step]:
    """Return the steps that take away what the minimum and the cap do not pay."""
    so_far = sum((step.result for step in steps), ZERO)
    amount = sum(credited.values(), ZERO)
    limits: list[Step] = []
    if terms.minimum > 0 and so_far:
        if so_far < 0 or not terms.reaches(terms.minimum, amount):
            label = "Minimum attainment"
            limits.append(Step("minimum", label, -so_far, None, -so_far, terms.minimum))
            so_far = ZERO
    cap = round_to(terms.cap, terms.rounding)
    if terms.cap > 0 and so_far > cap:
        limits.append(Step("cap", "Cap", cap - so_far, None, cap - so_far, terms.cap))
    return limits


def to_json(terms: Terms) -> dict[str, Any]:
    """Return the terms as a value for JSON: decimals are strings, nothing is lost.

    >>> terms = Terms(Decimal(10), Decimal("0.02"), (Tier(ONE, ONE),), {7: ZERO})
    >>> from_json(to_json(terms)) == terms
    True
    """
    return {
        "target": str(terms.target),
        "base_rate": str(terms.base_rate),
        "tiers": [
            {
                "threshold": str(tier.threshold),
                "rate": str(tier.rate),
                "accelerator": str(tier.accelerator),
            }
            for tier in terms.tiers
        ],
        "categories": [
            {"id": key, "rate": str(rate)} for key, rate in terms.categories.items()
        ],
        "cap": str(terms.cap),
        "minimum": str(terms.minimum),
        "rounding": str(terms.rounding),
    }


def from_json(value: Mapping[str, Any]) -> Terms:
    """Return the terms that ``to_json`` wrote; other keys are passed over."""
    return Terms(
        target=Decimal(value["target"]),
        base_rate=Decimal(value["base_rate"]),
        tiers=tuple(
            Tier(
                *(Decimal(tier[name]) for name in ("threshold", "rate", "accelerator"))
            )
            for tier in value["tiers"]
        ),
        categories={row["id"]: Decimal(row["rate"]) for row in value["categories"]},
        cap=Decimal(value["cap"]),
        minimum=Decimal(value["minimum"]),
        rounding=Decimal(value["rounding"]),
    )
