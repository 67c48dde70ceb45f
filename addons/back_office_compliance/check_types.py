"""What the engine of checks hands around. Plain: no Odoo here."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True)
class CheckScope:
    """The dates that a run is limited to, both included."""

    date_from: date
    date_to: date


class Found(NamedTuple):
    """What a check found, and how that differs from the findings known before.

    ``rows`` holds a tuple for each difference: the action (new, back, changed or gone),
    the id of the finding if it is known, the record, the key, the date and the values.
    """

    count: int
    dropped: int
    rows: list[tuple]
