"""What the answers of a playbook are worth: plain functions without the ORM."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """A question and its points.

    ``points`` are earned by a yes, by a number that reaches the threshold, or by any
    text; a choice has the points of what was chosen.
    """

    kind: str
    points: float = 0.0
    threshold: float = 0.0
    options: dict[int, float] = field(default_factory=dict)


def is_answered(value) -> bool:
    """Whether something was answered; no is an answer, 0 and spaces are none.

    >>> is_answered("no"), is_answered(0.0), is_answered("  "), is_answered(None)
    (True, False, False, False)
    """
    return bool(value.strip() if isinstance(value, str) else value)


def score(question: Question, value) -> float:
    """Return the points of an answer.

    :param question: the question
    :param value: ``yes`` or ``no``, the key of an option, a number, or a text

    >>> score(Question("yesno", points=10), "yes"), score(Question("yesno", 10), "no")
    (10, 0.0)
    >>> score(Question("number", points=5, threshold=20), 19.5)
    0.0
    >>> score(Question("choice", options={1: 3, 2: 8}), 2)
    8
    """
    if not is_answered(value):
        return 0.0
    if question.kind == "choice":
        return question.options.get(value, 0.0)
    if question.kind == "yesno":
        return question.points if value == "yes" else 0.0
    if question.kind == "number":
        return question.points if value >= question.threshold else 0.0
    return question.points


def best(question: Question) -> float:
    """Return the most points that an answer can have, at least 0.

    >>> best(Question("choice", options={1: 3, 2: 8})), best(Question("choice"))
    (8, 0.0)
    >>> best(Question("yesno", points=-5))
    0.0
    """
    if question.kind == "choice":
        return max([0.0, *question.options.values()])
    return max(0.0, question.points)


def percent(points: Iterable[float], most: Iterable[float]) -> float:
    """Return the part of the points that was earned, from 0 to 100.

    :param points: what each answer earned
    :param most: what each could have earned

    >>> percent([8, 0], [8, 8])
    50.0
    >>> percent([-5], [0]), percent([-5, 3], [0, 10])
    (0.0, 0.0)
    """
    total = sum(most)
    return max(0.0, min(100.0, sum(points) / total * 100)) if total else 0.0
