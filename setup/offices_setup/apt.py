"""Debian's package manager: what it may install, and where its mirror is."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from . import paths, process
from .console import Trouble, step

_logger = logging.getLogger(__name__)

SUITES = {
    *("bullseye", "bookworm", "trixie", "forky", "sid"),
    *("oldoldstable", "oldstable", "stable", "testing", "unstable"),
}
ONE_LINE = re.compile(
    r"^deb(?:\s+\[(?P<options>[^\]]*)\])?\s+(?P<uri>\S+)\s+(?P<suite>\S+)(?P<rest>.*)$"
)


class Entry(NamedTuple):
    """One place that packages come from."""

    uri: str
    suite: str
    components: tuple[str, ...]


def parse_list(text: str) -> Iterator[Entry]:
    """Read the one-line format of sources.list(5).

    :param text: the file's content
    :return: an entry for each line about binary packages
    """
    for line in text.splitlines():
        match = ONE_LINE.match(line.split("#", 1)[0].strip())
        if match:
            components = tuple(match["rest"].split())
            yield Entry(match["uri"], match["suite"], components)


def parse_sources(text: str) -> Iterator[Entry]:
    """Read the deb822 format of sources.list(5).

    :param text: the file's content
    :return: an entry for each pair of URI and suite about binary packages
    """
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", kept):
        fields = _stanza_fields(stanza)
        enabled = fields.get("enabled", "yes").lower() not in ("no", "false", "off")
        if not enabled or "deb" not in fields.get("types", "").split():
            continue
        components = tuple(fields.get("components", "").split())
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Entry(uri, suite, components)


def _stanza_fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line[:1] in (" ", "\t"):
            # a field goes on in the lines that are indented
            fields[name] = f"{fields.get(name, '')} {line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def read_entries(directory: Path = Path("/etc/apt")) -> list[Entry]:
    """Read the machine's own sources.

    :param directory: apt's configuration
    :return: every entry about binary packages
    """
    files = [directory / "sources.list"]
    files += sorted((directory / "sources.list.d").glob("*"))
    entries: list[Entry] = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if file.suffix == ".list":
            entries += parse_list(text)
        elif file.suffix == ".sources":
            entries += parse_sources(text)
    return entries


def find_mirror(entries: Iterable[Entry]) -> str | None:
    """Choose the address that serves all of Debian's suites.

    Entries for security and updates, for other distributions and for vendors name
    other suites, so the suite's name tells them apart.

    :param entries: the machine's sources
    :return: the mirror's address, or None
    """
    for entry in entries:
        served = entry.uri.startswith(("http:", "https:", "ftp:", "file:", "copy:"))
        main = "main" in entry.components
        if served and main and entry.suite in SUITES:
            return entry.uri
    return None


def may_install() -> bool:
    """Say whether this process may install packages.

    :return: True as root on Debian
    """
    return (
        os.geteuid() == 0
        and shutil.which("apt-get") is not None
        and Path("/etc/debian_version").exists()
    )


def install(packages: Sequence[str]) -> None:
    """Install packages on the machine.

    :param packages: their names
    :raise Trouble: if apt refuses
    """
    log = paths.LOGS / "apt.log"
    names = " ".join(packages)
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    # another apt may be at work, as on a machine that has just been started
    patience = ["-o", "DPkg::Lock::Timeout=300"]
    install_command = ["apt-get", *patience, "install", "--yes"]
    install_command += ["--no-install-recommends", *packages]
    with step(f"Install with apt-get: {names}"):
        for command in (["apt-get", *patience, "update"], install_command):
            if process.run_logged(command, log, env=environment):
                raise Trouble(
                    f"apt-get could not install {names}:\n{process.last_lines(log)}",
                    f"apt-get update && apt-get install {names}",
                )
