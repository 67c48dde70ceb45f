"""The file of a programme as a table, for a spreadsheet: without the ORM.

The first line holds the headings. Each line below is one part of the programme, and
its column ``part`` says which: ``programme`` (once), ``step``, ``criterion`` (of the
step above it) or ``skill``. A column that a part does not have stays empty::

    part,name,minutes,weight,level_1,roles
    programme,Cashier,,,,"cashier, teller"
    step,Count the till,15,,,
    criterion,Patient,,2,Rushes,

A translation stands in a column of its own, ``name:sv_SE``. What comes out of
:func:`read` is what the JSON file holds, so both are judged by ``programme_file``.
"""

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from odoo.addons.office_role.spreadsheet import escape, unescape

from .programme_file import (
    LANGUAGE,
    MAX_BYTES,
    TRANSLATIONS,
    Field,
    Problem,
    document,
    shorten,
    validate_value,
)

PART = "part"
PARTS = ("programme", "step", "criterion", "skill")
SKILL = {name: Field("text") for name in ("type", "skill", "level")}
INTEGER = re.compile(r"([+-]?\d{1,30})([.,]0+)?")
NUMBER = re.compile(r"[+-]?\d{1,30}([.,]\d{1,30})?(e[+-]?\d{1,3})?", re.IGNORECASE)
TICKS = dict.fromkeys(("yes", "true", "1"), True) | dict.fromkeys(
    ("no", "false", "0"), False
)
HEADING = re.compile(rf'\s*"?{PART}"?\s*([,;\t])', re.IGNORECASE)


@dataclass(frozen=True)
class Shape:
    """The fields and the further keys that the parts of a programme have."""

    programme: Mapping[str, Field]
    step: Mapping[str, Field]
    criterion: Mapping[str, Field]
    programme_keys: Collection[str] = ()
    step_keys: Collection[str] = ()

    def fields(self, part: str) -> Mapping[str, Field]:
        return SKILL if part == "skill" else getattr(self, part)

    def keys(self, part: str) -> tuple[str, ...]:
        """Return the keys of a part that stand in one cell."""
        keys = {"programme": self.programme_keys, "step": self.step_keys}
        return tuple(
            key for key in keys.get(part, ()) if key not in ("skills", "criteria")
        )

    def headings(self) -> list[str]:
        """Return the headings of all parts, what a step has first."""
        names = [PART, "name"]
        for part in ("step", "criterion", "programme", "skill"):
            names += [*self.fields(part), *self.keys(part)]
        return list(dict.fromkeys(names))


# --- cells ----------------------------------------------------------------------------


def to_cell(value) -> str:
    """Return the cell of a value: a list or a part in brackets as JSON.

    >>> to_cell(None), to_cell(True), to_cell(1.5), to_cell("Läs"), to_cell("[x]")
    ('', 'yes', '1.5', 'Läs', '"[x]"')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str) and value[:1] not in ("[", "{", '"'):
        return escape(value)
    return json.dumps(value, ensure_ascii=False)


def _roles_to_cell(codes: list[str]) -> str:
    """Return codes with commas between them, where none holds one.

    >>> _roles_to_cell(["cashier", "teller"]), _roles_to_cell(["a,b"])
    ('cashier, teller', '["a,b"]')
    """
    text = ", ".join(codes)
    return escape(text) if _roles(text) == codes else to_cell(codes)


def _roles(text: str):
    """Return the codes of a cell."""
    if text[:1] in ("[", "{", '"'):
        return json.loads(text)
    return [code for code in map(str.strip, text.split(",")) if code]


def from_cell(text: str, spec: Field | None, name: str):
    """Return the value of a cell; Ellipsis where the cell is empty and says nothing.

    :param spec: the field, or None for a further key
    :raises ValueError: when the cell cannot be read

    >>> from_cell("7,5", Field("number"), ""), from_cell("No", Field("boolean"), "")
    (7.5, False)
    >>> from_cell("", Field("text"), ""), from_cell("", Field("integer"), "")
    (None, Ellipsis)
    """
    if spec is None:
        text = unescape(text)
        if name == "roles":
            return _roles(text)
        return json.loads(text) if text[:1] in ("[", "{", '"') else text or None
    if spec.kind == "text":
        return unescape(text) or (... if spec.required else None)
    text = text.strip()
    if not text:
        return ...
    if spec.kind == "choice":
        return text
    if spec.kind == "boolean":
        if text.lower() not in TICKS:
            raise ValueError(text)
        return TICKS[text.lower()]
    whole = INTEGER.fullmatch(text)
    if whole:
        return int(whole[1])
    if spec.kind == "integer" or not NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text.replace(",", "."))


def letter(column: int) -> str:
    """Return the letters over a column of a spreadsheet.

    >>> letter(0), letter(25), letter(26), letter(27)
    ('A', 'Z', 'AA', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# --- writing --------------------------------------------------------------------------


def write(content: dict, shape: Shape) -> bytes:
    """Return the bytes of the table, with the mark that spreadsheets know UTF-8 by.

    >>> name = {"name": Field("text")}
    >>> shape = Shape(name, {**name, "minutes": Field("integer")}, {})
    >>> data = write(document({"name": "Till"}, [{"name": "=1", "minutes": 5}]), shape)
    >>> data.decode("utf-8-sig").splitlines()
    ['part,name,minutes,type,skill,level', 'programme,Till,,,,', "step,'=1,5,,,"]
    """
    rows = list(_rows(content, shape))
    headings = list(
        dict.fromkeys([*shape.headings(), *(n for row in rows for n in row)])
    )
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, headings, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def _rows(content: dict, shape: Shape) -> Iterator[dict[str, str]]:
    """Yield the lines of the table as dicts of heading to cell."""
    programme = content["programme"]
    yield _row("programme", programme, shape)
    for skill in programme.get("skills") or []:
        yield _row("skill", skill, shape)
    for step in content["steps"]:
        yield _row("step", step, shape)
        for criterion in step.get("criteria") or []:
            yield _row("criterion", criterion, shape)


def _row(part: str, values: dict, shape: Shape) -> dict[str, str]:
    row = {PART: part}
    for name, value in values.items():
        if name == "roles":
            row[name] = _roles_to_cell(value or [])
        elif name in shape.keys(part):
            row[name] = to_cell(value)
        elif name in shape.fields(part):
            row[name] = escape(value) if isinstance(value, str) else to_cell(value)
    for language, texts in sorted((values.get(TRANSLATIONS) or {}).items()):
        for name, text in texts.items():
            row[f"{name}:{language}"] = escape(text or "")
    return row


# --- reading --------------------------------------------------------------------------


def is_table(data: bytes) -> bool:
    """Whether a file is rather a table than JSON.

    >>> is_table(b"part,name"), is_table(b'  {"format": 1}'), is_table(b"")
    (True, False, False)
    """
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"", b"{", b"[")


def read(data: bytes, shape: Shape) -> tuple[dict | None, list[Problem], dict]:
    """Return the content of a table, what is wrong with it, and where things stand.

    :return: the content as JSON would hold it, or None; the problems; and a dict of
        (section, number) to the cells of that part, see ``Problem.cells``

    >>> name = {"name": Field("text")}
    >>> data = b"part;name\\nprogramme;Till\\nstep;Count"
    >>> content, problems, cells = read(data, Shape(name, name, {}))
    >>> content["programme"], content["steps"], problems
    ({'name': 'Till'}, [{'name': 'Count'}], [])
    >>> cells["step", 1]["name", "", None]
    (3, 'B')
    """
    if len(data) > MAX_BYTES:
        return None, [Problem("too_big", values={"limit": MAX_BYTES // 1024**2})], {}
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        values = {"position": error.start}
        return None, [Problem("no_utf8", values=values)], {}
    heading = HEADING.match(text)
    if not heading:
        return None, [Problem("no_heading", cells=_cell(1, 0))], {}
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=heading[1], strict=True
    )
    table = []
    try:
        table.extend(reader)
    except csv.Error:
        return None, [Problem("no_table", cells=_cell(len(table) + 1))], {}
    reading = _Reading(table, shape)
    return reading.content(), reading.problems, reading.cells


def _cell(line: int, column: int | None = None, key=("", "", None)) -> dict:
    return {key: (line, "" if column is None else letter(column))}


class _Reading:
    """The lines of one table, read from the first to the last."""

    def __init__(self, table: list[list[str]], shape: Shape):
        self.shape = shape
        self.problems: list[Problem] = []
        self.cells: dict = {}
        self.programme: dict | None = None
        self.skills: list[dict] = []
        self.steps: list[dict] = []
        self.headings = [heading.strip() for heading in table[0]]
        self.headings[0] = PART
        self._check_headings()
        for line, row in enumerate(table[1:], 2):
            if any(map(str.strip, row)):
                self._read_row(line, row)

    def content(self) -> dict | None:
        """Return the content, or None when it is no programme at all."""
        if self.programme is None:
            self.problems.append(Problem("no_programme_line"))
            return None
        if self.skills:
            self.programme["skills"] = self.skills
        return document(self.programme, self.steps)

    def _say(self, code: str, line: int, column: int | None, name="", **values):
        cells = _cell(line, column)
        self.problems.append(
            Problem(code, field=shorten(name), values=values, cells=cells)
        )

    def _check_headings(self):
        known = set(self.shape.headings())
        for column, heading in enumerate(self.headings):
            name, colon, language = heading.partition(":")
            if not heading:
                continue
            if name not in known or (colon and name == PART):
                self._say("unknown_key", 1, column, heading)
            elif colon and (not LANGUAGE.fullmatch(language) or language == "en_US"):
                self._say("no_language", 1, column, heading)
            elif heading in self.headings[:column]:
                self._say("double_column", 1, column, heading)

    def _read_row(self, line: int, row: list[str]):
        part = row[0].strip().lower()
        if part not in PARTS:
            values = {"value": shorten(row[0]), "choices": ", ".join(PARTS)}
            self._say("no_choice", line, 0, PART, **values)
            return
        if part == "programme" and self.programme is not None:
            self._say("second_programme", line, 0, PART)
            return
        if part == "criterion" and not self.steps:
            self._say("no_step_above", line, 0, PART)
            return
        place = self._place(part)
        cells = self.cells.setdefault(place[:2], {})
        if place[2] is None:
            cells |= _cell(line)
        values = self._read_cells(part, line, row, cells, place)
        if part != "criterion":
            self._keep(part, values)
        elif self._is_criterion(values, line):
            self.steps[-1].setdefault("criteria", []).append(values)

    def _place(self, part: str) -> tuple[str, int, int | None]:
        """Return the section, its number, and the place in a list of it."""
        if part == "skill":
            return "programme", 0, len(self.skills)
        if part == "criterion":
            return "step", len(self.steps), len(self.steps[-1].get("criteria", []))
        return part, len(self.steps) + 1 if part == "step" else 0, None

    def _keep(self, part: str, values: dict):
        if part == "programme":
            self.programme = values
            if "skills" in self.shape.programme_keys:
                self.programme["skills"] = []
        elif part == "skill":
            self.skills.append({name: values.get(name) or "" for name in SKILL})
        elif part == "step":
            self.steps.append(values)
            if "criteria" in self.shape.step_keys:
                values["criteria"] = []

    def _read_cells(self, part, line, row, cells, place) -> dict:
        """Return the values of a line, and note in ``cells`` where they stand."""
        fields, keys = self.shape.fields(part), self.shape.keys(part)
        values: dict = {}
        key = {"skill": "skills", "criterion": "criteria"}.get(part)
        if key:
            cells |= _cell(line, None, (key, "", place[2]))
        for column, text in enumerate(row[1:], 1):
            heading = self.headings[column] if column < len(self.headings) else ""
            name, colon, language = heading.partition(":")
            mine = name in fields or name in keys
            if not heading or not mine or (colon and (key or name in keys)):
                if text.strip():
                    code = "other_part" if heading else "no_heading_above"
                    self._say(code, line, column, heading, part=part)
                continue
            if not key:
                cells |= _cell(line, column, (name, language, None))
            if colon:
                if text:
                    texts = values.setdefault(TRANSLATIONS, {})
                    texts.setdefault(language, {})[name] = unescape(text)
                continue
            self._read_cell(values, fields.get(name), name, text, line, column)
        return values

    def _read_cell(self, values, spec, name, text, line, column):
        try:
            value = from_cell(text, spec, name)
        except (ValueError, RecursionError):
            if spec is None:
                self._say("no_json_cell", line, column, name)
            else:
                kind = "tick" if spec.kind == "boolean" else spec.kind
                self._say("wrong_type", line, column, name, kind=kind)
            return
        if value is not ...:
            values[name] = value

    def _is_criterion(self, values: dict, line: int) -> bool:
        """Judge a criterion here, where its cells are known."""
        before = len(self.problems)
        for name, spec in self.shape.criterion.items():
            column = self.headings.index(name) if name in self.headings else None
            if name in values:
                for found in validate_value(values[name], spec, Problem("", "")):
                    self._say(found.code, line, column, name, **found.values)
            elif spec.required and not spec.has_default:
                self._say("missing", line, column, name)
        return len(self.problems) == before
