"""The file of role profiles for a spreadsheet, one line a requirement: no database.

The first line holds the headings, in any order::

    role_code,role_name,side,skill_type,skill,level,must_have,weight
    receptionist,Receptionist,front,Interpersonal,Patience,Skilled,no,4
    receptionist,,,Computer,Computer use,Working,yes,3

Lines with the same code make one role; its name and side are needed once. A role
without requirements has one line whose columns of the skill are empty.

:func:`read` says what is wrong with the file by itself; whether the skills exist is for
whoever calls.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .spreadsheet import escape, unescape

HEADINGS = (
    "role_code",
    "role_name",
    "side",
    "skill_type",
    "skill",
    "level",
    "must_have",
    "weight",
)
REQUIRED = ("role_code", "skill_type", "skill", "level")
REQUIREMENT = HEADINGS[3:]
SIDES = ("front", "back")
DEFAULT_WEIGHT = 3
MAX_BYTES = 5 * 1024 * 1024
CODE = re.compile(r"[a-z][a-z0-9_]*")
# The database stores no NUL.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
TICKS = dict.fromkeys(("yes", "true", "1"), True) | dict.fromkeys(
    ("no", "false", "0", ""), False
)


@dataclass(frozen=True)
class Problem:
    """What is wrong and where. The caller puts ``code`` into words.

    ``line`` counts from 1, the headings; 0 is the file as a whole. ``heading`` is the
    column, empty for the whole line.
    """

    code: str
    line: int = 0
    heading: str = ""
    values: Mapping = field(default_factory=dict)


@dataclass(frozen=True)
class Requirement:
    """One skill that a role asks for, in words, and the line where it stands."""

    skill_type: str
    skill: str
    level: str
    must_have: bool = False
    weight: int = DEFAULT_WEIGHT
    line: int = 0


@dataclass
class Role:
    """A role in the file: its name and side are empty where the file gives none."""

    code: str
    name: str = ""
    side: str = ""
    requirements: list[Requirement] = field(default_factory=list)
    line: int = 0


def write(roles: Iterable[Role]) -> bytes:
    """Return the bytes of the file, with the mark that spreadsheets know UTF-8 by.

    >>> patience = Requirement("Manner", "Patience", "Skilled", True, 4)
    >>> data = write([Role("desk", "Desk", "front", [patience]), Role("till", "Till")])
    >>> for line in data.decode("utf-8-sig").splitlines():
    ...     print(line)
    role_code,role_name,side,skill_type,skill,level,must_have,weight
    desk,Desk,front,Manner,Patience,Skilled,yes,4
    till,Till,,,,,,
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for role in roles:
        head = [role.code, escape(role.name), role.side]
        for each in role.requirements:
            texts = map(escape, (each.skill_type, each.skill, each.level))
            tick = "yes" if each.must_have else "no"
            writer.writerow([*head, *texts, tick, each.weight])
        if not role.requirements:
            writer.writerow([*head, "", "", "", "", ""])
    return stream.getvalue().encode("utf-8-sig")


def read(data: bytes) -> tuple[list[Role], list[Problem]]:
    """Return the roles of a file and all that is wrong with it.

    >>> roles, problems = read(b"role_code;skill_type;skill;level;weight\\n"
    ...                        b"desk;Manner;Patience;Skilled;9\\n")
    >>> [(problem.code, problem.line, problem.heading) for problem in problems]
    [('weight', 2, 'weight')]
    >>> read(b"name,skill\\n")[1][0].code
    'no_headings'
    """
    table, problems = _read_table(data)
    if problems:
        return [], problems
    headings = [heading.strip().lower() for heading in table[0]]
    problems = _check_headings(headings)
    if problems:
        return [], problems
    reading = _Reading(headings)
    for line, row in enumerate(table[1:], 2):
        if any(map(str.strip, row)):
            reading.read_row(line, row)
    if not reading.roles and not reading.problems:
        reading.problems.append(Problem("empty"))
    return list(reading.roles.values()), reading.problems


def _read_table(data: bytes) -> tuple[list[list[str]], list[Problem]]:
    """Return the cells of a file, or what keeps it from being a table."""
    if len(data) > MAX_BYTES:
        return [], [Problem("too_big", values={"limit": MAX_BYTES // 1024**2})]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem("no_utf8", data.count(b"\n", 0, error.start) + 1)]
    if UNSTORABLE.search(text):
        line = text.count("\n", 0, UNSTORABLE.search(text).start()) + 1
        return [], [Problem("unstorable", line)]
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    table: list[list[str]] = []
    try:
        table.extend(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        )
    except csv.Error:
        return [], [Problem("no_table", len(table) + 1)]
    if not table:
        return [], [Problem("empty")]
    return table, []


def _check_headings(headings: list[str]) -> list[Problem]:
    missing = [heading for heading in REQUIRED if heading not in headings]
    if missing:
        return [Problem("no_headings", 1, values={"headings": ", ".join(missing)})]
    problems = []
    for column, heading in enumerate(headings):
        if heading and heading not in HEADINGS:
            problems.append(Problem("unknown_heading", 1, heading))
        elif heading and heading in headings[:column]:
            problems.append(Problem("double_heading", 1, heading))
    return problems


class _Reading:
    """The lines of one file, read from the first to the last."""

    def __init__(self, headings: list[str]):
        self.headings = headings
        self.roles: dict[str, Role] = {}
        self.problems: list[Problem] = []

    def _say(self, code: str, line: int, heading: str = "", **values):
        self.problems.append(Problem(code, line, heading, values))

    def read_row(self, line: int, row: list[str]):
        if any(text.strip() for text in row[len(self.headings) :]):
            self._say("too_long", line)
            return
        cells = dict.fromkeys(HEADINGS, "")
        for heading, text in zip(self.headings, row, strict=False):
            cells[heading] = unescape(text.strip())
        role = self._read_role(line, cells)
        if role and any(cells[heading] for heading in REQUIREMENT):
            self._read_requirement(line, cells, role)

    def _read_role(self, line: int, cells: dict[str, str]) -> Role | None:
        """Return the role of a line; None if its code cannot be one."""
        code = cells["role_code"]
        if not code:
            self._say("no_code", line, "role_code")
            return None
        if not CODE.fullmatch(code):
            self._say("code", line, "role_code", value=code)
            return None
        role = self.roles.setdefault(code, Role(code, line=line))
        side = cells["side"].lower()
        if side and side not in SIDES:
            self._say("side", line, "side", value=cells["side"])
        else:
            self._settle(role, "side", side, line, "side")
        self._settle(role, "name", cells["role_name"], line, "role_name")
        return role

    def _settle(self, role: Role, attribute: str, value: str, line: int, heading: str):
        """Take a value of the role, or say that an earlier line gives another."""
        before = getattr(role, attribute)
        if value and before and value != before:
            self._say("conflict", line, heading, value=value, before=before)
        elif value:
            setattr(role, attribute, value)

    def _read_requirement(self, line: int, cells: dict[str, str], role: Role):
        missing = [name for name in REQUIRED if not cells[name]]
        for heading in missing:
            self._say("missing", line, heading)
        tick = cells["must_have"].lower()
        if tick not in TICKS:
            self._say("must_have", line, "must_have", value=cells["must_have"])
        weight = cells["weight"]
        if weight and not re.fullmatch("[1-5]", weight):
            self._say("weight", line, "weight", value=weight)
            weight = ""
        if missing:
            return
        key = (cells["skill_type"].lower(), cells["skill"].lower())
        for each in role.requirements:
            if (each.skill_type.lower(), each.skill.lower()) == key:
                self._say(
                    "duplicate", line, "skill", value=each.skill, before=each.line
                )
                return
        role.requirements.append(
            Requirement(
                cells["skill_type"],
                cells["skill"],
                cells["level"],
                TICKS.get(tick, False),
                int(weight or DEFAULT_WEIGHT),
                line,
            )
        )
