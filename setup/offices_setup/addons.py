"""The add-ons of the checkout, and which of them changed."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from . import paths
from .console import Trouble

# what a database takes nothing from
LEFT_OUT = {"__pycache__", "tests", "readme"}


class Changes(NamedTuple):
    """What a database lacks."""

    install: tuple[str, ...]
    update: tuple[str, ...]


def names(with_tests: bool, directory: Path = paths.ADDONS) -> list[str]:
    """List the add-ons that can be installed.

    :param with_tests: with those that exist for tests alone (``test_*``)
    :param directory: where they are
    :return: their technical names, sorted
    :raise Trouble: if a manifest cannot be read
    """
    found = []
    for manifest in sorted(directory.glob("*/__manifest__.py")):
        name = manifest.parent.name
        if name.startswith("test_") and not with_tests:
            continue
        try:
            content = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            raise Trouble(
                f"{manifest} cannot be read: {error}", f"correct {manifest}"
            ) from None
        if content.get("installable", True):
            found.append(name)
    return found


def digest(directory: Path) -> str:
    """Sum up what a database takes from an add-on.

    :param directory: the add-on
    :return: a digest that changes with its content
    """
    total = hashlib.sha256()
    for file in sorted(directory.rglob("*")):
        relative = file.relative_to(directory)
        if file.suffix == ".pyc" or LEFT_OUT.intersection(relative.parts[:-1]):
            continue
        if file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            total.update(f"{relative}\0{content}\n".encode())
    return total.hexdigest()


def digests(modules: Sequence[str], directory: Path = paths.ADDONS) -> dict[str, str]:
    """Sum up several add-ons.

    :param modules: their names
    :param directory: where they are
    :return: a digest a name
    """
    return {name: digest(directory / name) for name in modules}


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    """Compare what a database was made from with what is there.

    :param before: digests a name, as they were
    :param now: digests a name, as they are
    :return: what to install and what to update
    """
    return Changes(
        install=tuple(name for name in now if name not in before),
        update=tuple(
            name for name in now if name in before and before[name] != now[name]
        ),
    )
