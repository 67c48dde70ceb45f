"""How well somebody's skills match what a role requires: the arithmetic, no database.

``report/office_role_match_line.py`` and ``models/refresh/office_role_match.py`` do the
same in SQL; a test compares them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Requirement:
    """One skill that a role asks for, and the level that somebody holds in it.

    :param required: the level asked for, in points of progress (0 to 100)
    :param held: the level held today, 0 for none
    :param weight: how much the skill counts
    :param must_have: whether somebody below the level does not qualify
    """

    required: int
    held: int
    weight: int
    must_have: bool = False

    @property
    def share(self) -> Fraction:
        """Return how much of the requirement is met, from 0 to 1.

        More than required counts no more than required.

        >>> Requirement(required=75, held=50, weight=1).share
        Fraction(2, 3)
        >>> Requirement(required=75, held=100, weight=1).share
        Fraction(1, 1)
        >>> Requirement(required=0, held=0, weight=1).share
        Fraction(1, 1)
        """
        if self.required <= 0:
            return Fraction(1)
        return min(Fraction(self.held, self.required), Fraction(1))

    @property
    def shortfall(self) -> int:
        """Return the points that are missing.

        >>> Requirement(required=75, held=50, weight=1).shortfall
        25
        >>> Requirement(required=75, held=100, weight=1).shortfall
        0
        """
        return max(self.required - self.held, 0)


def score(requirements: Iterable[Requirement]) -> Fraction | None:
    """Return Σ weight × share ÷ Σ weight as a number from 0 to 100.

    :return: None if nothing is required, or nothing that counts: there is no score

    A strong skill does not hide a missing one:

    >>> score([Requirement(50, 100, weight=1), Requirement(50, 0, weight=1)])
    Fraction(50, 1)
    >>> score([Requirement(75, 50, weight=3), Requirement(50, 50, weight=1)])
    Fraction(75, 1)
    >>> score([]) is None
    True
    """
    requirements = list(requirements)
    total = sum(requirement.weight for requirement in requirements)
    if total <= 0:
        return None
    earned = sum(requirement.weight * requirement.share for requirement in requirements)
    return 100 * Fraction(earned) / total


def must_haves_missed(requirements: Iterable[Requirement]) -> int:
    """Return how many must-haves are below their level.

    >>> must_haves_missed([Requirement(50, 25, 1, must_have=True)])
    1
    >>> must_haves_missed([Requirement(50, 25, 1), Requirement(50, 50, 1, True)])
    0
    """
    return sum(
        requirement.must_have and requirement.shortfall > 0
        for requirement in requirements
    )


def degree_fit(asked: Fraction | None, own: Fraction | None) -> str:
    """Return whether a degree is what a job asks for: ``none``, ``met``, ``missed``.

    Degrees compare by the score that Recruitment gives them. The answer stands beside
    the match and does not count in the score: a degree is no skill.

    :param asked: the score of the degree asked for, None if the job asks for none
    :param own: the score of the applicant's degree, None if none is known

    >>> degree_fit(None, Fraction(1, 2))
    'none'
    >>> degree_fit(Fraction(7, 10), Fraction(9, 10))
    'met'
    >>> degree_fit(Fraction(1), Fraction(0))
    'missed'
    >>> degree_fit(Fraction(0), None)
    'missed'
    """
    if asked is None:
        return "none"
    return "met" if own is not None and own >= asked else "missed"


def parts(requirements: Iterable[Requirement]) -> list[Fraction]:
    """Return the part of the score that each requirement makes, to two decimals.

    The running total is rounded, not each part by itself: the parts therefore add up
    to the rounded score on paper.

    >>> thirds = [Requirement(50, 50, weight=1)] * 3
    >>> [float(part) for part in parts(thirds)]
    [33.33, 33.34, 33.33]
    >>> float(sum(parts(thirds)))
    100.0
    """
    requirements = list(requirements)
    total = sum(requirement.weight for requirement in requirements)
    if total <= 0:
        return [Fraction(0)] * len(requirements)
    result, earned, before = [], Fraction(0), Fraction(0)
    for requirement in requirements:
        earned += requirement.weight * requirement.share
        running = two_decimals(100 * earned / total)
        result.append(running - before)
        before = running
    return result


def two_decimals(number: Fraction) -> Fraction:
    """Round half up, as PostgreSQL rounds a number that is not negative.

    >>> float(two_decimals(Fraction(2, 3)))
    0.67
    >>> float(two_decimals(Fraction(125, 1000)))
    0.13
    """
    return Fraction(int(number * 100 + Fraction(1, 2)), 100)
