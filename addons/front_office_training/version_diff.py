"""What changed between two versions of a programme: without the ORM.

A version is a list of steps; a step is a dict of field to value, with its ``id``.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

# What says which step it is, and is no content.
KEY = "id"


@dataclass(frozen=True)
class Change:
    """A step that stands in both versions, and its fields that differ."""

    old: dict
    new: dict
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Diff:
    """The steps that only one version has, and those that differ."""

    added: list[dict] = field(default_factory=list)
    removed: list[dict] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def diff(old: list[dict], new: list[dict]) -> Diff:
    """Compare two versions step by step and field by field.

    Steps belong together when they have the same ``id``. What is left over, after a
    step was deleted and written again or the programme imported, is matched by name.

    :param old: the steps of the earlier version, in order
    :param new: the steps of the later version, in order
    :return: :class:`Diff`; exchanging the arguments exchanges added and removed

    >>> bool(diff([{"id": 1, "name": "Read"}], [{"id": 1, "name": "Read"}]))
    False
    >>> found = diff(
    ...     [{"id": 1, "name": "Read", "minutes": 5}, {"id": 2, "name": "Greet"}],
    ...     [{"id": 1, "name": "Read", "minutes": 9}, {"id": 3, "name": "Call"}],
    ... )
    >>> [step["name"] for step in found.added], [step["name"] for step in found.removed]
    (['Call'], ['Greet'])
    >>> [(change.old["name"], change.fields) for change in found.changed]
    [('Read', ('minutes',))]
    """
    pairs = list(_pairs(old, new))
    matched_old = {a for a, _b in pairs}
    matched_new = {b for _a, b in pairs}
    changes = (
        Change(old[a], new[b], changed_fields(old[a], new[b])) for a, b in sorted(pairs)
    )
    return Diff(
        added=[step for b, step in enumerate(new) if b not in matched_new],
        removed=[step for a, step in enumerate(old) if a not in matched_old],
        changed=[change for change in changes if change.fields],
    )


def changed_fields(old: dict, new: dict) -> tuple[str, ...]:
    """Return the names of the fields that differ, in the order of the steps' fields.

    A field that one of them lacks is empty there.

    >>> changed_fields({"id": 1, "name": "A", "minutes": 5}, {"id": 2, "name": "B"})
    ('name', 'minutes')
    >>> changed_fields({"section": False}, {"section": ""})
    ()
    """
    names = dict.fromkeys([*old, *new])
    return tuple(
        name
        for name in names
        if name != KEY and _content(old.get(name)) != _content(new.get(name))
    )


def _content(value):
    """Return the value, with one for all that means «nothing was entered».

    >>> _content(0), _content(True), _content(""), _content(False) == _content(None)
    ((False, 0), (True, True), None, True)
    """
    if value is None or value is False or value in ("", [], {}):
        return None
    # True is no 1 here.
    return isinstance(value, bool), value


def _pairs(old: list[dict], new: list[dict]) -> Iterator[tuple[int, int]]:
    """Yield the positions of steps that belong together: by id, the rest by name."""
    left_old, left_new = range(len(old)), range(len(new))
    for key in (KEY, "name"):
        places = defaultdict(lambda: ([], []))
        for side, steps, left in ((0, old, left_old), (1, new, left_new)):
            for position in left:
                if steps[position].get(key):
                    places[steps[position][key]][side].append(position)
        found = [
            pair
            for olds, news in places.values()
            for pair in zip(olds, news, strict=False)
        ]
        yield from found
        left_old = [a for a in left_old if a not in {pair[0] for pair in found}]
        left_new = [b for b in left_new if b not in {pair[1] for pair in found}]
