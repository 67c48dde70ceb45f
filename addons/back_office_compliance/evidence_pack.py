"""The evidence pack: what was filed, as a ZIP that anybody can check without Odoo.

``frozen.json`` holds the facts of the filing and the SHA-256 of ``lines.csv``,
``items.csv`` and every file of evidence; its own SHA-256 is the frozen hash, which is
also in Odoo and on the print. ``manifest.xml`` follows from it and names the SHA-256
and the size of every file, so that nothing in a pack can change unnoticed.

No ORM and no Odoo: ``python evidence_pack.py pack.zip`` verifies a pack.
"""

import csv
import functools
import hashlib
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from lxml import etree

NAMESPACE = "urn:front-back-office:evidence-pack:1"
XSD = Path(__file__).resolve().parent / "static" / "evidence_pack.xsd"
MANIFEST = "manifest.xml"
FROZEN = "frozen.json"
LINES = "lines.csv"
ITEMS = "items.csv"
EVIDENCE = "evidence/"
# A ZIP knows no earlier day; a fixed one makes equal packs equal bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)

MAX_FILES = 5000
MAX_FILE_BYTES = 512 * 2**20
MAX_TOTAL_BYTES = 2 * 2**30
MAX_XML_BYTES = 16 * 2**20
CHUNK = 2**20

LINE_COLUMNS = ("code", "name", "in_total", "amount", "items")
ITEM_COLUMNS = ("line", "item", "entry", "date", "account", "label", "amount")


class BadPack(Exception):
    """A ZIP that cannot be read as a pack; the message says why."""


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, as hexadecimal text.

    >>> sha256(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def canonical(value) -> bytes:
    """Return JSON of which equal values have equal bytes.

    >>> canonical({"b": 1, "a": ["é", None]})
    b'{"a":["\\xc3\\xa9",null],"b":1}'

    :param value: made of dict, list, str, int, bool and None; floats are refused, since
        they read differently elsewhere
    :raises TypeError: for a float or another type
    """
    _refuse_floats(value)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _refuse_floats(value) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form")
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            _refuse_floats(child)


def money(amount, digits: int) -> str:
    """Return an amount as text, rounded to a number of decimals.

    >>> money("12.3", 2), money("-0.001", 2), money("7", 0)
    ('12.30', '0.00', '7')
    """
    rounded = round(Decimal(amount or 0), digits)
    return f"{rounded + 0 if rounded else abs(rounded):.{digits}f}"


def csv_bytes(columns: Iterable[str], rows: Iterable[Iterable]) -> bytes:
    """Return a CSV; text that a spreadsheet would run as a formula gets a quote.

    >>> csv_bytes(["a", "b"], [["=1+1", "-3.50"], [None, "x"]]).decode()
    "a,b\\r\\n'=1+1,-3.50\\r\\n,x\\r\\n"
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode()


def _cell(value) -> str:
    text = "" if value is None or value is False else str(value)
    if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(
        r"-?\d+(\.\d+)?", text
    ):
        return f"'{text}"
    return text


def safe_name(name: str, number: int) -> str:
    """Return the name of a file of evidence in the pack: unique, and safe to unpack.

    >>> safe_name("../../etc/passwd", 1)
    'evidence/01_passwd'
    >>> safe_name("Beleg: März.pdf", 2)
    'evidence/02_Beleg_ März.pdf'
    >>> safe_name("...", 12)
    'evidence/12_file'

    :param name: the name that people gave
    :param number: which file it is; makes the name unique
    """
    text = unicodedata.normalize("NFC", name or "")
    text = re.split(r"[/\\]", text)[-1]
    text = "".join(
        "_" if unicodedata.category(char)[0] == "C" or char in '<>:"|?*' else char
        for char in text
    )
    stem, dot, ending = text.strip(". ").rpartition(".")
    if dot and len(ending) <= 10:
        text = f"{stem[:80]}.{ending}"
    else:
        text = text.strip(". ")[:90]
    return f"{EVIDENCE}{number:02d}_{text.rstrip('. ') or 'file'}"


# --- building -------------------------------------------------------------------------


def build(frozen: Mapping, files: Mapping[str, bytes]) -> bytes:
    """Return the pack: the same bytes for the same facts and files.

    :param frozen: the frozen facts of the filing, see :func:`canonical`
    :param files: contents by name, without the manifest and ``frozen.json``
    """
    contents = {**files, FROZEN: canonical(frozen)}
    contents[MANIFEST] = manifest(frozen, contents)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents, key=lambda name: (name != MANIFEST, name)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, contents[name])
    return stream.getvalue()


def manifest(frozen: Mapping, contents: Mapping[str, bytes]) -> bytes:
    """Return the manifest of a pack, in canonical XML.

    :param frozen: the frozen facts
    :param contents: contents by name, with ``frozen.json``
    """
    root = etree.Element(f"{{{NAMESPACE}}}pack", nsmap={None: NAMESPACE}, version="1")
    filing = _add(root, "filing")
    for name, value in sorted(frozen["filing"].items()):
        if value not in (None, "", False):
            _add(filing, "fact", name=name).text = _xml_text(str(value))
    checks = _add(root, "checks")
    for check in frozen["checks"]:
        _add(checks, "check", **{k: _xml_text(str(v)) for k, v in check.items()})
    _add(root, "frozen", sha256=sha256(contents[FROZEN]))
    listed = _add(root, "files")
    for name in sorted(contents.keys() - {MANIFEST}):
        data = contents[name]
        _add(listed, "file", name=name, size=str(len(data)), sha256=sha256(data))
    return etree.tostring(root, method="c14n")


def _add(parent, tag: str, **attributes):
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", **attributes)


def _xml_text(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "�", text)


# --- verifying ------------------------------------------------------------------------


def verify(data: bytes, frozen_hash: str | None = None) -> list[str]:
    """Return what is wrong with a pack; nothing for one that is as it was built.

    :param data: the ZIP
    :param frozen_hash: the hash of the filing where it was filed, if it is known
    :return: a sentence for each file that was altered, is missing or was added
    """
    try:
        contents = read(data)
        return list(_problems(data, contents, frozen_hash))
    except BadPack as error:
        return [str(error)]


def frozen_hash_of(data: bytes) -> str | None:
    """Return the frozen hash of a pack, None if it has no readable ``frozen.json``."""
    try:
        contents = read(data)
    except BadPack:
        return None
    return sha256(contents[FROZEN]) if FROZEN in contents else None


def read(data: bytes) -> dict[str, bytes]:
    """Return the contents of a ZIP by name, within limits; nothing is unpacked.

    :raises BadPack: for a ZIP that is damaged, too large or has unsafe names
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            return {entry.filename: _read_entry(archive, entry) for entry in entries}
    except BadPack:
        raise
    # whatever zipfile makes of damaged bytes: it documents no complete list
    except Exception as error:  # pylint: disable=broad-except
        raise BadPack(f"The ZIP is damaged and cannot be read: {error}.") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        raise BadPack(f"The ZIP holds {len(entries)} files, more than {MAX_FILES}.")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise BadPack("The ZIP would unpack to more than 2 GiB.")
    seen = set()
    for entry in entries:
        name = entry.filename
        parts = name.split("/")
        if (
            not name
            or name.startswith("/")
            or "\\" in name
            or "\0" in entry.orig_filename
            or ":" in name
            or {"", ".", ".."} & set(parts)
        ):
            raise BadPack(f"The ZIP holds a file with an unsafe name: {name!r}.")
        if name in seen:
            raise BadPack(f"The ZIP holds {name} twice.")
        seen.add(name)
        if entry.flag_bits & 0x1:
            raise BadPack(f"The ZIP holds an encrypted file: {name}.")
        limit = MAX_XML_BYTES if name == MANIFEST else MAX_FILE_BYTES
        if entry.file_size > limit:
            raise BadPack(f"The file {name} is larger than a pack may hold.")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read a file by chunks: what it says about its size is not believed."""
    parts, total = [], 0
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > entry.file_size:
                    raise BadPack(f"The file {entry.filename} is larger than it says.")
                parts.append(chunk)
    except zipfile.BadZipFile as error:
        raise BadPack(f"The file {entry.filename} was altered: {error}.") from error
    return b"".join(parts)


def _problems(data, contents, frozen_hash):
    if MANIFEST not in contents:
        yield "The file manifest.xml is missing: this is no evidence pack."
        return
    root = _parse_manifest(contents[MANIFEST])
    listed = {
        element.get("name"): element for element in root.iter(f"{{{NAMESPACE}}}file")
    }
    problems = list(_file_problems(contents, listed))
    yield from problems
    if FROZEN not in contents:
        return
    declared = root.find(f"{{{NAMESPACE}}}frozen").get("sha256")
    actual = sha256(contents[FROZEN])
    if declared != actual:
        yield "The frozen hash in manifest.xml is not that of frozen.json."
    if frozen_hash and frozen_hash != actual:
        yield "The frozen hash is not that of the filing: the pack was made anew."
    yield from _frozen_problems(contents, not problems)
    yield from _container_problems(data, contents)


def _parse_manifest(text: bytes):
    """Parse the manifest without entities and network, and check it by the schema."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise BadPack("manifest.xml declares entities, which a pack never does.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise BadPack(f"manifest.xml was altered and is no XML: {error}.") from error
    schema = _schema()
    if not schema.validate(root):
        raise BadPack(
            f"manifest.xml was altered: {schema.error_log.last_error.message}"
        )
    return root


@functools.cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(XSD)))


def _file_problems(contents, listed):
    for name in sorted(listed.keys() - contents.keys()):
        yield f"The file {name} is missing."
    for name in sorted(contents.keys() - listed.keys() - {MANIFEST}):
        yield f"The file {name} was added."
    for name in sorted(listed.keys() & contents.keys()):
        data, element = contents[name], listed[name]
        if len(data) != int(element.get("size")):
            yield (
                f"The file {name} was altered: it has {len(data)} bytes instead of "
                f"{element.get('size')}."
            )
        elif sha256(data) != element.get("sha256"):
            yield f"The file {name} was altered: its SHA-256 is another one."


def _frozen_problems(contents, listed):
    """Compare the files and the manifest with the facts in ``frozen.json``.

    :param contents: contents by name
    :param listed: whether the files are those that the manifest lists
    """
    try:
        frozen = json.loads(contents[FROZEN])
        if canonical(frozen) != contents[FROZEN]:
            yield "The file frozen.json was altered: it is not in its canonical form."
        expected = {
            LINES: frozen["lines_sha256"],
            ITEMS: frozen["items_sha256"],
            **{each["name"]: each["sha256"] for each in frozen["files"]},
        }
        rest = {name: data for name, data in contents.items() if name != MANIFEST}
        same = manifest(frozen, rest) == contents[MANIFEST]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield "The file frozen.json was altered: it does not hold a filing."
        return
    for name, digest in sorted(expected.items()):
        if name not in contents:
            yield f"The file {name} is missing, though the filing was filed with it."
        elif sha256(contents[name]) != digest:
            yield f"The file {name} is not the one that the filing was filed with."
    for name in sorted(contents):
        if name.startswith(EVIDENCE) and name not in expected:
            yield f"The file {name} was added: the filing was filed without it."
    if listed and not same:
        yield "The file manifest.xml was altered: it says other things than the files."


def _container_problems(data, contents):
    """Compare the ZIP itself, unless it was packed again by another programme."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        return
    names = (MANIFEST, FROZEN)
    files = {name: value for name, value in contents.items() if name not in names}
    try:
        rebuilt = build(json.loads(contents[FROZEN]), files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    if rebuilt != data:
        yield "The ZIP is not the one that was built: bytes between its files differ."


def main(arguments: list[str]) -> int:
    """Verify packs and print what was found.

    :param arguments: paths of packs; ``--hash=<SHA-256>`` gives the frozen hash that
        Odoo shows
    :return: 0 when all are as they were built, 1 otherwise, 2 for a wrong call
    """
    hashes = [a.partition("=")[2] for a in arguments if a.startswith("--hash=")]
    paths = [a for a in arguments if not a.startswith("--")]
    if not paths or len(hashes) > 1 or len(paths) + len(hashes) != len(arguments):
        sys.stderr.write("usage: evidence_pack.py [--hash=SHA256] pack.zip…\n")
        return 2
    status = 0
    for path in paths:
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            sys.stdout.write(f"{path}: cannot be read: {error.strerror}.\n")
            status = 1
            continue
        problems = verify(data, hashes[0] if hashes else None)
        if not problems:
            sys.stdout.write(f"{path}: unaltered. Frozen hash {frozen_hash_of(data)}\n")
            continue
        status = 1
        for problem in problems:
            sys.stdout.write(f"{path}: {problem}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
