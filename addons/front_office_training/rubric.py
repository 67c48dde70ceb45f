"""The arithmetic of a rubric, without the ORM.

A rubric has criteria. Each has a weight and is judged at one of four levels. The lowest
level is worth nothing and the highest everything, with two equal steps between them.
The browser shows the score while the trainer types and computes it in the same whole
numbers (``static/src/rubric/rubric_score.js``).
"""

from collections.abc import Iterable

LEVELS = (1, 2, 3, 4)
WEIGHTS = (1, 2, 3, 4, 5)
_STEPS = LEVELS[-1] - LEVELS[0]


def score(judgements: Iterable[tuple[int, int]]) -> float:
    """Return the score of a rubric in percent.

    It is the weighted mean of ``(level - 1) / 3``, rounded half up to two decimals; the
    rounded figure is what is shown and what is compared with the pass mark.

    >>> score([(1, 4), (1, 4)])
    100.0
    >>> score([(5, 1)])
    0.0
    >>> score([(2, 3), (1, 1)])  # (2 × 2/3 + 1 × 0) ÷ 3
    44.44
    >>> score([(1, 3)])
    66.67
    >>> score([(1, 5)])
    Traceback (most recent call last):
    ...
    ValueError: level 5 is none of (1, 2, 3, 4)
    >>> score([(0, 4)])
    Traceback (most recent call last):
    ...
    ValueError: weight 0 is not a positive number
    >>> score([])
    Traceback (most recent call last):
    ...
    ValueError: a rubric has at least one criterion

    :param judgements: pairs of a weight and a level, one for each criterion
    :return: between 0 and 100
    :raises ValueError: for a level that is none of the four, a weight that is not a
        positive number, or no criterion at all
    """
    points = weights = 0
    for weight, level in judgements:
        if level not in LEVELS:
            raise ValueError(f"level {level} is none of {LEVELS}")
        if weight <= 0:
            raise ValueError(f"weight {weight} is not a positive number")
        points += weight * (level - LEVELS[0])
        weights += weight
    if not weights:
        raise ValueError("a rubric has at least one criterion")
    # in hundredths of a percent, and in whole numbers: no float is rounded twice
    whole = weights * _STEPS
    return (2 * points * 10000 + whole) // (2 * whole) / 100


def is_passed(percent: float, pass_mark: float) -> bool:
    """Whether a score passes: the mark itself does.

    >>> is_passed(60.0, 60)
    True
    >>> is_passed(59.99, 60)
    False
    """
    return percent >= pass_mark


def mean(scores: Iterable[float]) -> float | None:
    """Return the mean of several observers' scores, rounded to two decimals.

    >>> mean([50.0, 66.67])
    58.34
    >>> mean([]) is None
    True
    """
    hundredths = [round(each * 100) for each in scores]
    if not hundredths:
        return None
    return (2 * sum(hundredths) + len(hundredths)) // (2 * len(hundredths)) / 100
