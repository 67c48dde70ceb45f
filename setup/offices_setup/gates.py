"""What makes a run fail although each of its tests passed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

COVERAGE_MINIMUM = 90.0
LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<text>.*)$"
)
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")


class Known(NamedTuple):
    """A line in the log of an installation that is no fault of ours."""

    pattern: str
    reason: str


# The one list of them. An entry names the line as closely as it can.
KNOWN: tuple[Known, ...] = (
    Known(
        r"py\.warnings: \S+/odoo/addons/auth_signup/models/res_partner\.py:\d+: "
        r"DeprecationWarning: 'werkzeug\.urls\.url_encode' is deprecated",
        "Odoo's own module calls what its own pinned Werkzeug announces to remove",
    ),
)


def log_problems(log: str, known: Sequence[Known] = KNOWN) -> list[str]:
    """Find warnings and errors in Odoo's log.

    :param log: the log
    :param known: what to pass over
    :return: each warning or error, with the lines that belong to it
    """
    problems: list[str] = []
    inside = False
    for line in log.splitlines():
        match = LOG_LINE.match(line)
        if match:
            inside = match["level"] in BAD_LEVELS and not any(
                re.search(entry.pattern, match["text"]) for entry in known
            )
            if inside:
                problems.append(line)
        elif inside:
            # a traceback, or a message of several lines
            problems[-1] += f"\n{line}"
    return problems


class AddonCoverage(NamedTuple):
    """How much of an add-on's Python the tests ran."""

    name: str
    statements: int
    covered: int

    @property
    def percent(self) -> float:
        """Return the share in per cent.

        :return: from 0 to 100; 100 for an add-on without statements
        """
        if not self.statements:
            return 100.0
        return 100.0 * self.covered / self.statements


def coverage_by_addon(report: Mapping, modules: Iterable[str]) -> list[AddonCoverage]:
    """Sum up coverage's report for each add-on.

    :param report: what ``coverage json`` wrote, its paths relative to the checkout
    :param modules: the add-ons to tell about
    :return: a row an add-on; those that have no Python are left out
    """
    rows = []
    for name in modules:
        prefix = f"addons/{name}/"
        summaries = [
            entry["summary"]
            for path, entry in report["files"].items()
            if path.replace("\\", "/").startswith(prefix)
        ]
        statements = sum(summary["num_statements"] for summary in summaries)
        if statements:
            covered = sum(summary["covered_lines"] for summary in summaries)
            rows.append(AddonCoverage(name, statements, covered))
    return rows


def below_minimum(
    rows: Iterable[AddonCoverage], minimum: float = COVERAGE_MINIMUM
) -> list[AddonCoverage]:
    """Find the add-ons that too few tests run.

    :param rows: all of them
    :param minimum: the share in per cent that is enough
    :return: those under it
    """
    return [row for row in rows if row.percent < minimum]
