"""The file that carries a programme from one database to another: without the ORM.

The file is JSON: ``format`` and ``format_version`` say what it is, ``programme`` holds
what belongs to the whole, ``steps`` the steps in order. Texts are in the source
language (en_US); ``translations`` holds those of other languages, in the programme and
in each step::

    {
      "format": "front_office_training.programme",
      "format_version": 1,
      "programme": {"name": "Cashier", "roles": ["cashier"], "skills": []},
      "steps": [{"name": "Count the till", "translations": {"sv_SE": {"name": "…"}}}]
    }

Whoever calls says which fields there are (:class:`Field`), so that the file grows with
the model and needs no change here.
"""

import dataclasses
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

FORMAT = "front_office_training.programme"
FORMAT_VERSION = 1
MAX_BYTES = 20 * 1024 * 1024
# what an integer column of the database holds
MAX_INTEGER = 2**31 - 1
TRANSLATIONS = "translations"

LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z0-9]{2,3})?(@[a-z]+)?")
# The database stores no NUL and no half of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
TYPES = {
    "text": str,
    "choice": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


@dataclass(frozen=True)
class Field:
    """What may stand in a field of the file.

    ``kind`` is one of text, choice, boolean, integer and number.
    """

    kind: str
    required: bool = False
    has_default: bool = False
    translated: bool = False
    minimum: int | None = 0
    maximum: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong and where. The caller puts ``code`` into words.

    ``section`` is file, programme or step; ``number`` counts steps from 1. ``cells``
    says where the part stands in a table: from (field, language, place in a list) to
    (line, column); ("", "", None) is the line itself.
    """

    code: str
    section: str = "file"
    number: int = 0
    field: str = ""
    language: str = ""
    values: Mapping = dataclasses.field(default_factory=dict)
    cells: Mapping = dataclasses.field(default_factory=dict)

    def cell(self, field: str, language: str = "", index: int | None = None):
        """Return the line and the column of what is wrong, or None.

        >>> place = Problem("", "step", 1, cells={("", "", None): (4, "")})
        >>> place.cell("name"), Problem("", "step", 1).cell("name")
        ((4, ''), None)
        """
        for key in ((field, language, index), (field, "", None), ("", "", None)):
            if key in self.cells:
                return self.cells[key]
        return None


def document(programme: dict, steps: list[dict]) -> dict:
    """Return the whole of a file.

    >>> document({"name": "Cashier"}, [])["format_version"]
    1
    """
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "programme": programme,
        "steps": steps,
    }


def serialise(content: dict) -> bytes:
    """Return the bytes of the file: readable, and the same for the same content.

    >>> serialise({"name": "Läs"})
    b'{\\n  "name": "L\\xc3\\xa4s"\\n}\\n'
    """
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


class _Refused(Exception):
    """A key that stands twice, or a number that JSON does not know."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.problem = Problem(code, values=values)


def _unique(pairs: list[tuple]) -> dict:
    result = {}
    for key, value in pairs:
        if key in result:
            raise _Refused("double_key", key=shorten(key))
        result[key] = value
    return result


def _no_constant(name: str):
    raise _Refused("no_number", value=name)


def parse(data: bytes) -> tuple[dict | None, list[Problem]]:
    """Return the content of a file, or None and what is wrong with it.

    >>> parse(b'{"format": 1}')
    ({'format': 1}, [])
    >>> parse(b'{"format": ')[1][0].code
    'no_json'
    >>> [parse(data)[1][0].code for data in (b"\\xff", b"[]", b'{"a": 1, "a": 2}')]
    ['no_utf8', 'no_object', 'double_key']
    """
    if len(data) > MAX_BYTES:
        return None, [Problem("too_big", values={"limit": MAX_BYTES // 1024**2})]
    try:
        content = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        return None, [Problem("no_utf8", values={"position": error.start})]
    except json.JSONDecodeError as error:
        values = {"line": error.lineno, "column": error.colno}
        return None, [Problem("no_json", values=values)]
    except _Refused as error:
        return None, [error.problem]
    except (RecursionError, ValueError):
        # nested by the thousand, or a number of thousands of digits
        return None, [Problem("no_json", values={"line": 1, "column": 1})]
    if not isinstance(content, dict):
        return None, [Problem("no_object")]
    return content, []


def validate(
    content: dict,
    programme_fields: Mapping[str, Field],
    step_fields: Mapping[str, Field],
    programme_keys: Collection[str] = (),
    step_keys: Collection[str] = (),
) -> list[Problem]:
    """Return all that is wrong with the content of a file.

    :param content: what :func:`parse` returned
    :param programme_fields: the fields of the programme by name
    :param step_fields: the fields of a step by name
    :param programme_keys: further keys, which the caller checks
    :param step_keys: further keys of a step, which the caller checks

    >>> fields = {"name": Field("text", required=True), "minutes": Field("integer")}
    >>> bad = document({"name": "Cashier"}, [{"name": "Count", "minutes": -1}, {}])
    >>> for each in validate(bad, {"name": fields["name"]}, fields):
    ...     print(each.section, each.number, each.field, each.code)
    step 1 minutes negative
    step 2 name missing
    """
    if content.get("format") != FORMAT:
        return [Problem("other_format", field="format", values={"format": FORMAT})]
    version = content.get("format_version")
    if type(version) is not int or version != FORMAT_VERSION:
        values = {"version": FORMAT_VERSION}
        return [Problem("other_version", field="format_version", values=values)]
    return list(
        _validate_all(content, programme_fields, step_fields, programme_keys, step_keys)
    )


def _validate_all(
    content, programme_fields, step_fields, programme_keys, step_keys
) -> Iterator[Problem]:
    """Yield the problems of a file whose format is right."""
    for key in content.keys() - {"format", "format_version", "programme", "steps"}:
        yield Problem("unknown_key", field=shorten(key))
    programme = content.get("programme")
    place = Problem("", "programme")
    if isinstance(programme, dict):
        yield from _validate_part(programme, programme_fields, programme_keys, place)
    else:
        yield Problem("no_part", field="programme")
    steps = content.get("steps")
    if not isinstance(steps, list):
        yield Problem("no_list", field="steps")
        return
    for number, step in enumerate(steps, 1):
        place = Problem("", "step", number)
        if isinstance(step, dict):
            yield from _validate_part(step, step_fields, step_keys, place)
        else:
            yield replace(place, code="no_part")


def _validate_part(
    part: dict, fields: Mapping[str, Field], keys: Collection[str], place: Problem
) -> Iterator[Problem]:
    """Yield the problems of the programme's part or of one step."""
    for key in sorted(part.keys() - fields.keys() - set(keys) - {TRANSLATIONS}):
        yield replace(place, code="unknown_key", field=shorten(key))
    for name, spec in fields.items():
        where = replace(place, field=name)
        if name in part:
            yield from validate_value(part[name], spec, where)
        elif spec.required and not spec.has_default:
            yield replace(where, code="missing")
    yield from _validate_translations(part.get(TRANSLATIONS), fields, place)


def _validate_translations(
    translations, fields: Mapping[str, Field], place: Problem
) -> Iterator[Problem]:
    where = replace(place, field=TRANSLATIONS)
    if translations is None:
        return
    if not isinstance(translations, dict):
        yield replace(where, code="no_part")
        return
    translated = {
        name: replace(spec, required=False)
        for name, spec in fields.items()
        if spec.translated
    }
    for language, values in translations.items():
        spot = replace(where, language=shorten(language))
        if not LANGUAGE.fullmatch(language) or language == "en_US":
            yield replace(spot, code="no_language")
        elif not isinstance(values, dict):
            yield replace(spot, code="no_part")
        else:
            for key, value in values.items():
                if key not in translated:
                    yield replace(spot, code="unknown_key", field=shorten(key))
                else:
                    yield from validate_value(
                        value, translated[key], replace(spot, field=key)
                    )


def validate_value(value, spec: Field, where: Problem) -> Iterator[Problem]:
    """Yield the problem of a value, if it has one.

    >>> where = Problem("", "step", 1, "minutes")
    >>> def codes(value):
    ...     problems = validate_value(value, Field("integer"), where)
    ...     return [problem.code for problem in problems]
    >>> [codes(value) for value in (5, -1, True, "5", 2**31)]
    [[], ['negative'], ['wrong_type'], ['wrong_type'], ['too_large']]
    """
    if value is None and spec.kind == "text":
        if spec.required:
            yield replace(where, code="empty")
    elif not isinstance(value, TYPES[spec.kind]) or (
        isinstance(value, bool) and spec.kind != "boolean"
    ):
        yield replace(where, code="wrong_type", values={"kind": spec.kind})
    elif spec.kind == "text":
        if UNSTORABLE.search(value):
            yield replace(where, code="unstorable")
        elif spec.required and not value.strip():
            yield replace(where, code="empty")
    elif spec.kind == "choice":
        if value not in spec.choices:
            values = {"value": shorten(value), "choices": ", ".join(spec.choices)}
            yield replace(where, code="no_choice", values=values)
    elif spec.kind != "boolean":
        if abs(value) > MAX_INTEGER:
            yield replace(where, code="too_large", values={"limit": MAX_INTEGER})
        elif spec.minimum is not None and value < spec.minimum:
            yield replace(where, code="negative", values={"minimum": spec.minimum})
        elif spec.maximum is not None and value > spec.maximum:
            yield replace(where, code="too_large", values={"limit": spec.maximum})


def is_valid(value, spec: Field) -> bool:
    """Whether a value may stand in a field.

    >>> is_valid("Patient", Field("text", required=True)), is_valid(5, Field("text"))
    (True, False)
    """
    return not any(True for _problem in validate_value(value, spec, Problem("", "")))


def shorten(text: str) -> str:
    """Return a text from the file as it can be shown: short, without odd characters.

    >>> shorten("dué_days"), shorten("x" * 200)[-3:]
    ('dué_days', 'xx…')
    """
    clean = UNSTORABLE.sub("?", text)
    return clean if len(clean) <= 60 else clean[:59] + "…"
