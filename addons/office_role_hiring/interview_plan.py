"""Who asks what, and for how many minutes: the arithmetic, no database."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# a must-have is heard by two people, so that no single impression decides it
ASKERS_OF_A_MUST_HAVE = 2


@dataclass(frozen=True)
class Topic:
    """One skill to ask about.

    :param key: whatever tells the skills apart
    :param must_have: whether two interviewers ask about it
    :param weight: how much the skill counts; it gets so much of the time
    """

    key: Hashable
    must_have: bool = False
    weight: int = 1


def assign(topics: Sequence[Topic], askers: int) -> list[tuple[int, ...]]:
    """Return who asks about each topic, as the numbers of the askers from 0.

    The topics are dealt out in turn: two neighbours share a must-have, and nobody has
    more than one topic more than somebody else.

    :param topics: what to ask about, in the order of the interview
    :param askers: how many interviewers there are
    :return: for each topic, different askers in their order; a single one asks all
    :raises ValueError: if there is nobody to ask

    >>> greeting, telephone = Topic("greeting", must_have=True), Topic("telephone")
    >>> assign([greeting, telephone, greeting], 3)
    [(0, 1), (2,), (0, 1)]
    >>> assign([greeting, telephone], 1)
    [(0,), (0,)]
    """
    if askers < 1:
        raise ValueError("nobody to ask")
    result, turn = [], 0
    for topic in topics:
        wanted = min(ASKERS_OF_A_MUST_HAVE if topic.must_have else 1, askers)
        result.append(tuple(sorted((turn + step) % askers for step in range(wanted))))
        turn += wanted
    return result


def share_minutes(weights: Sequence[int], minutes: int) -> list[int]:
    """Return whole minutes by weight that add up to the minutes given.

    Everybody gets one minute first; what remains goes by weight, and the last minutes
    to those with the largest remainder.

    :param weights: positive numbers
    :param minutes: how many minutes there are
    :raises ValueError: if there is less than a minute for each

    >>> share_minutes([3, 1], 20)
    [15, 5]
    >>> share_minutes([1, 1, 1], 10)
    [4, 3, 3]
    >>> share_minutes([], 10)
    []
    """
    if minutes < len(weights):
        raise ValueError("less than a minute for each")
    total, spare = sum(weights), minutes - len(weights)
    if not total:
        return []
    parts = [divmod(spare * weight, total) for weight in weights]
    result = [1 + whole for whole, _rest in parts]
    by_rest = sorted(range(len(parts)), key=lambda place: -parts[place][1])
    for place in by_rest[: minutes - sum(result)]:
        result[place] += 1
    return result
