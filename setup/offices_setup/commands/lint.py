"""setup/lint: the style of every file."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from .. import addons, paths, process
from ..console import Trouble, say, step

FOLDERS = (paths.ADDONS, paths.TESTS, paths.SETUP)
TEXT_SUFFIXES = {"", ".py", ".xml", ".js", ".scss", ".css", ".csv", ".md", ".sh"}
# put together, so that this line is not one of those it looks for
MARKS = "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"))
OPEN_TASK = re.compile(rf"\b(?:{MARKS})\b(?!\(#\d+\))")


def main(options: argparse.Namespace) -> int:
    """Check everything, and tell all that is wrong before failing.

    :param options: the command's options
    :return: 0 if all is well
    :raise Trouble: if something is not
    """
    folders = [folder for folder in FOLDERS if folder.exists()]
    failed = []
    for name, complaints in (
        ("ruff", ruff(folders, options.fix)),
        ("pylint-odoo", pylint_odoo()),
        ("XML", broken_xml(_files(folders, {".xml"}))),
        ("open tasks", open_tasks(_files(folders, TEXT_SUFFIXES))),
    ):
        with step(f"Lint: {name}"):
            found = list(complaints)
        for complaint in found:
            say(complaint)
        if found:
            failed.append(name)
    if failed:
        raise Trouble(
            f"Not in order: {', '.join(failed)}.",
            "correct what is named above; setup/lint --fix does what ruff can",
        )
    say("Lint: all is in order.")
    return 0


def _files(folders: Iterable[Path], suffixes: set[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            hidden = "__pycache__" in path.parts or "lib" in path.parts
            if path.suffix in suffixes and path.is_file() and not hidden:
                yield path


def _run(command: Sequence[str | Path], log_name: str) -> Iterator[str]:
    log = paths.LOGS / log_name
    if process.run_logged(command, log, cwd=paths.ROOT):
        yield log.read_text(encoding="utf-8", errors="replace").rstrip()


def ruff(folders: Sequence[Path], fix: bool) -> Iterator[str]:
    """Run ruff with the rules in pyproject.toml.

    :param folders: what to check
    :param fix: correct what ruff can
    :return: its complaints
    """
    tool = [sys.executable, "-m", "ruff"]
    rules = ["--config", paths.ROOT / "pyproject.toml"]
    check = [*tool, "check", *rules, *(["--fix"] if fix else []), *folders]
    formatting = [*tool, "format", *rules, *([] if fix else ["--diff"]), *folders]
    yield from _run(check, "ruff-check.log")
    yield from _run(formatting, "ruff-format.log")


def pylint_odoo() -> Iterator[str]:
    """Run pylint with the checks of pylint-odoo that .pylintrc names.

    :return: its complaints
    """
    modules = [paths.ADDONS / name for name in addons.names(with_tests=True)]
    if not modules:
        return
    command = [sys.executable, "-m", "pylint", f"--rcfile={paths.ROOT / '.pylintrc'}"]
    yield from _run([*command, *map(str, modules)], "pylint.log")


def broken_xml(files: Iterable[Path]) -> Iterator[str]:
    """Find XML that is not well formed.

    :param files: XML files
    :return: a complaint a file
    """
    for file in files:
        try:
            etree.parse(str(file))
        except etree.XMLSyntaxError as error:
            yield f"{file}: {error}"


def open_tasks(files: Iterable[Path]) -> Iterator[str]:
    """Find notes of things to do that name no issue.

    :param files: text files
    :return: a complaint a line
    """
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if OPEN_TASK.search(line):
                yield f"{file}:{number}: name the issue, as in (#12): {line.strip()}"
