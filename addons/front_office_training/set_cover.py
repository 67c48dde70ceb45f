"""Which programmes close somebody's skill gaps: a greedy choice, without the ORM.

The smallest set of programmes that covers given gaps is the *set cover* problem, which
nobody solves fast in general. The greedy rule takes, again and again, the programme
that covers most of what is still open; it never needs more than H(n) = 1 + 1/2 + … +
1/n times the smallest number, where n is the number of gaps that one programme closes
at most (V. Chvátal, "A Greedy Heuristic for the Set-Covering Problem", Mathematics of
Operations Research 4(3), 1979, pp. 233–235).

Must-have gaps come first here, so that bound holds for the programmes that are chosen
to close the must-have gaps. The rest is chosen by what helps most, without a bound on
the number.

A programme *closes* a gap when it leads to the required level or above it. One that
leads to a level in between makes the gap smaller: that counts where two programmes
close equally many must-haves, but it closes nothing, and nothing is chosen for it
alone.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """A skill that a person holds at a lower level than one of their roles asks for.

    Levels are points of progress, 0 to 100.
    """

    skill: Hashable
    required: int
    current: int = 0
    must_have: bool = False
    weight: int = 1


@dataclass(frozen=True)
class Offer:
    """A programme: the level to which it leads in each of its skills."""

    id: int
    levels: Mapping[Hashable, int]
    minutes: int = 0

    def closes(self, gap: Gap) -> bool:
        """Whether this programme leads to the level that the gap asks for."""
        return self.levels.get(gap.skill, 0) >= gap.required


@dataclass(frozen=True)
class Choice:
    """A chosen programme and the gaps that it is chosen for."""

    offer: Offer
    closes: tuple[Gap, ...]


@dataclass(frozen=True)
class Plan:
    """The chosen programmes in order, and the gaps that none of them closes."""

    choices: tuple[Choice, ...]
    remaining: tuple[Gap, ...]


def is_open(gap: Gap) -> bool:
    """Whether the level that is held lies below the one that is required.

    >>> is_open(Gap("patience", required=50, current=25))
    True
    >>> is_open(Gap("patience", required=50, current=50))
    False
    """
    return gap.current < gap.required


def choose(
    gaps: Iterable[Gap], offers: Iterable[Offer], under_way: Iterable[Offer] = ()
) -> Plan:
    """Choose programmes that close the gaps of one person.

    In each round the programme is taken that closes the most must-have gaps, then the
    one that takes away most of the weighted shortfall, then the one with the fewest
    minutes, then the one with the lowest id. It ends when no programme closes a gap
    that is open.

    :param gaps: the person's gaps; those that are not open are passed over
    :param offers: the programmes to choose from
    :param under_way: programmes that the person takes already: what these close needs
        no other programme
    :return: a :class:`Plan`; the same for the same arguments, in whatever order

    One programme that closes both must-haves is better than two:

    >>> gaps = [Gap("greet", 50, must_have=True), Gap("listen", 50, must_have=True)]
    >>> offers = [Offer(1, {"greet": 50}), Offer(2, {"greet": 50, "listen": 75})]
    >>> [choice.offer.id for choice in choose(gaps, offers).choices]
    [2]

    A level in between closes nothing:

    >>> plan = choose([Gap("sell", 75)], [Offer(1, {"sell": 50})])
    >>> plan.choices, [gap.skill for gap in plan.remaining]
    ((), ['sell'])

    Who takes a programme already needs no second one for the same:

    >>> choose([Gap("sell", 50)], [Offer(1, {"sell": 50})], [Offer(2, {"sell": 50})])
    Plan(choices=(), remaining=())
    """
    under_way = list(under_way)
    held: dict[Gap, int] = {
        gap: max([gap.current, *(o.levels.get(gap.skill, 0) for o in under_way)])
        for gap in sorted(set(gaps), key=_order)
        if is_open(gap) and not any(offer.closes(gap) for offer in under_way)
    }
    candidates = list(offers)
    choices = []
    while True:
        candidates = [o for o in candidates if any(o.closes(gap) for gap in held)]
        if not candidates:
            return Plan(tuple(choices), tuple(held))
        best = min(candidates, key=lambda offer: _rank(offer, held))
        choices.append(Choice(best, tuple(gap for gap in held if best.closes(gap))))
        held = {
            gap: max(level, best.levels.get(gap.skill, 0))
            for gap, level in held.items()
            if not best.closes(gap)
        }


def _rank(offer: Offer, held: Mapping[Gap, int]) -> tuple[int, int, int, int]:
    """Return what the smallest of is the best programme for the open gaps.

    :param held: the open gaps, each with the level that is reached so far

    >>> gaps = {Gap("greet", 50, must_have=True): 0, Gap("sell", 75, weight=2): 25}
    >>> _rank(Offer(7, {"greet": 50, "sell": 50}, minutes=30), gaps)
    (-1, -100, 30, 7)
    """
    must_haves = shortfall = 0
    for gap, level in held.items():
        reached = min(offer.levels.get(gap.skill, 0), gap.required)
        shortfall += gap.weight * max(reached - level, 0)
        must_haves += gap.must_have and offer.closes(gap)
    return -must_haves, -shortfall, offer.minutes, offer.id


def _order(gap: Gap) -> tuple:
    """Return the key that puts must-haves first, then heavy weights and long gaps."""
    return (
        not gap.must_have,
        -gap.weight,
        gap.current - gap.required,
        str(gap.skill),
        gap.required,
    )
