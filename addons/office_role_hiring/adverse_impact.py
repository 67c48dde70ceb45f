"""Adverse impact by the four-fifths rule: the arithmetic, no database.

*Uniform Guidelines on Employee Selection Procedures*, 29 CFR 1607.4(D): a selection
rate for a group "which is less than four-fifths (4/5) (or eighty percent) of the rate
for the group with the highest rate" is generally taken as evidence of adverse impact.
The same paragraph warns of differences "based on small numbers" that are "not
statistically significant". It is a rule of thumb that says where to look; it does not
say why.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction

FOUR_FIFTHS = Fraction(4, 5)
# a difference that chance makes more often than this is not significant
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Group:
    """How many of a group were considered, and how many of them were selected."""

    key: Hashable
    considered: int
    selected: int

    @property
    def rate(self) -> Fraction:
        """Return the selection rate.

        >>> Group("a", considered=20, selected=3).rate
        Fraction(3, 20)
        """
        return Fraction(self.selected, self.considered)


@dataclass(frozen=True)
class Finding:
    """What the rule says of a group.

    :param ratio: the rate divided by the highest one; None if nobody was selected
    :param below: whether the ratio is below four fifths
    :param small: whether the numbers are too small to rest anything on: one more
        selection in this group would lift it to four fifths, or chance makes such a
        difference more than one time in twenty (:func:`probability`)
    """

    group: Group
    ratio: Fraction | None
    below: bool
    small: bool


def hidden(groups: Iterable[Group], minimum: int) -> set[Hashable]:
    """Return the keys of the groups of which nothing may be shown.

    A group below the minimum is hidden. If it is the only one, somebody who knows the
    total could subtract the others: the smallest of the others is hidden with it.
    Who was selected is known: where those are fewer than the minimum, the rates would
    tell their answers, and nothing is shown.

    >>> groups = [Group("a", 40, 9), Group("b", 12, 3), Group("c", 2, 1)]
    >>> sorted(hidden(groups, minimum=5))
    ['b', 'c']
    >>> hidden(groups[:2], minimum=5)
    set()
    >>> sorted(hidden(groups + [Group("d", 1, 0)], minimum=5))
    ['c', 'd']
    >>> sorted(hidden([Group("a", 40, 1), Group("b", 12, 0)], minimum=5))
    ['a', 'b']
    """
    groups = list(groups)
    keys = {group.key for group in groups if group.considered < minimum}
    rest = [group for group in groups if group.key not in keys]
    if len(keys) == 1 and rest:
        keys.add(min(rest, key=lambda group: (group.considered, str(group.key))).key)
    if 0 < sum(group.selected for group in rest) < minimum:
        keys.update(group.key for group in groups)
    return keys


def too_close(one: set, other: set, minimum: int) -> bool:
    """Return whether two sets of people differ by so few that these can be made out.

    Somebody who sees the figures of both subtracts them, and has the figures of those
    who are in one and not in the other. Sets without a common member cannot be
    subtracted.

    >>> too_close({1, 2, 3, 4}, {1, 2, 3}, minimum=2)
    True
    >>> too_close({1, 2, 3, 4, 5}, {1, 2, 3}, minimum=2)
    False
    >>> too_close({1, 2, 3}, {1, 2, 3}, minimum=2)
    False

    One is exchanged for another:

    >>> too_close({1, 2, 3}, {1, 2, 4}, minimum=2)
    True
    >>> too_close({1}, {2, 3, 4}, minimum=2)
    False
    """
    if one.isdisjoint(other):
        return False
    return any(0 < len(rest) < minimum for rest in (one - other, other - one))


def compare(groups: Iterable[Group]) -> list[Finding]:
    """Compare the selection rates of groups with the highest one, in their order.

    :param groups: of which at least one person each was considered

    The example of the Guidelines' questions and answers (44 FR 11996, no. 21): of 20
    men 3 were selected and of 10 women 1. The ratio is two thirds, and the number is
    too small: with one more woman there would be none.

    >>> man, woman = compare([Group("men", 20, 3), Group("women", 10, 1)])
    >>> woman.ratio, woman.below, woman.small
    (Fraction(2, 3), True, True)
    >>> man.ratio, man.below
    (Fraction(1, 1), False)
    >>> [f.small for f in compare([Group("men", 2000, 300), Group("women", 1000, 100)])]
    [False, False]

    Exactly four fifths is not below:

    >>> [f.below for f in compare([Group("a", 10, 5), Group("b", 10, 4)])]
    [False, False]
    >>> compare([Group("a", 10, 0)])[0].ratio is None
    True
    """
    groups = list(groups)
    best = max(groups, key=lambda group: (group.rate, group.considered), default=None)
    return [_judge(group, best) for group in groups]


def probability(one: Group, other: Group) -> float:
    """Return how often chance makes the rates of two groups differ at least so much.

    Fisher's exact test, two-sided: of all ways to choose as many people from both
    groups together, those that are no more probable than the one that happened. The
    tea-tasting lady who told four cups of four:

    >>> round(probability(Group("milk", 4, 4), Group("tea", 4, 0)), 4)
    0.0286
    >>> round(probability(Group("a", 6, 1), Group("b", 6, 3)), 4)
    0.5455
    """
    selected = one.selected + other.selected
    lowest = max(0, selected - other.considered)
    highest = min(selected, one.considered)
    ways = [
        _log_choose(one.considered, number)
        + _log_choose(other.considered, selected - number)
        for number in range(lowest, highest + 1)
    ]
    top = max(ways)
    weights = [math.exp(way - top) for way in ways]
    # what is equally probable must not be lost to rounding
    limit = weights[one.selected - lowest] * (1 + 1e-9)
    return min(sum(w for w in weights if w <= limit) / sum(weights), 1.0)


def _log_choose(total: int, number: int) -> float:
    """Return the logarithm of how many ways there are to choose.

    >>> round(math.exp(_log_choose(4, 2)))
    6
    """
    return (
        math.lgamma(total + 1)
        - math.lgamma(number + 1)
        - math.lgamma(total - number + 1)
    )


def _judge(group: Group, best: Group) -> Finding:
    """Return what the rule says of one group beside the one with the highest rate.

    >>> _judge(Group("a", 10, 3), Group("b", 10, 5)).below
    True
    """
    if not best.selected:
        return Finding(group, None, below=False, small=False)
    ratio = group.rate / best.rate
    if ratio >= FOUR_FIFTHS:
        return Finding(group, ratio, below=False, small=False)
    one_more = Fraction(group.selected + 1, group.considered) / best.rate
    small = one_more >= FOUR_FIFTHS or probability(group, best) > SIGNIFICANCE
    return Finding(group, ratio, below=True, small=small)
