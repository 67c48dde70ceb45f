"""What several interviewers say about one skill: the arithmetic, no database."""

from collections.abc import Sequence
from fractions import Fraction

LOWEST, HIGHEST = 1, 4
EXTREMES = (LOWEST, HIGHEST)
# so many points between two raters are talked about
DISAGREEMENT = 2


def mean(ratings: Sequence[int]) -> Fraction | None:
    """Return the mean, None of nothing.

    >>> mean([2, 3])
    Fraction(5, 2)
    >>> mean([]) is None
    True
    """
    return Fraction(sum(ratings), len(ratings)) if ratings else None


def spread(ratings: Sequence[int]) -> int:
    """Return the points between the lowest and the highest rating.

    >>> spread([1, 4, 2])
    3
    >>> spread([3]), spread([])
    (0, 0)
    """
    return max(ratings) - min(ratings) if ratings else 0


def disagree(ratings: Sequence[int]) -> bool:
    """Return whether the raters are so far apart that they should talk.

    >>> disagree([2, 3]), disagree([2, 4])
    (False, True)
    """
    return spread(ratings) >= DISAGREEMENT


def level_index(rating: Fraction, levels: int) -> int:
    """Return which of a skill's levels, sorted upwards, a rating stands for.

    The four points are spread evenly over the levels. A half goes down: a level is
    given for what was shown.

    :param rating: 1 to 4, or a mean of such
    :param levels: how many levels the skill's type has
    :return: a place from 0
    :raises ValueError: if the type has no levels

    >>> [level_index(Fraction(rating), 4) for rating in (1, 2, 3, 4)]
    [0, 1, 2, 3]
    >>> [level_index(Fraction(rating), 3) for rating in (1, 2, 3, 4)]
    [0, 1, 1, 2]
    >>> level_index(Fraction(7, 2), 4)
    2
    """
    if levels < 1:
        raise ValueError("no levels")
    place = (rating - LOWEST) * (levels - 1) / (HIGHEST - LOWEST)
    # ceil(place - 1/2): rounded, with halves down
    return -((Fraction(1, 2) - place) // 1)
