"""The virtual environment beside the checkout."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import apt, launcher, paths, process
from .console import Trouble, step

_logger = logging.getLogger(__name__)

RUNTIME = paths.SETUP / "requirements.txt"
DEVELOPMENT = paths.SETUP / "requirements-dev.txt"
# written before anything is changed, removed when all is in place
UNFINISHED = paths.VENV / ".unfinished"


def fingerprint(files: Sequence[Path], version: Sequence[int]) -> str:
    """Sum up what an environment is made from.

    :param files: the requirement files
    :param version: the Python's version
    :return: a digest that changes with any of them
    """
    digest = hashlib.sha256(".".join(str(part) for part in version[:2]).encode())
    for file in files:
        digest.update(b"\0" + file.read_bytes())
    return digest.hexdigest()


def venv_python() -> Path:
    """Return the environment's interpreter; it may not exist yet.

    :return: its path
    """
    return paths.VENV / "bin" / "python"


def in_environment() -> bool:
    """Say whether this process runs in the checkout's environment.

    :return: True if it does
    """
    return Path(sys.prefix).resolve() == paths.VENV.resolve()


def _stamp(development: bool) -> Path:
    return paths.VENV / (".stamp-dev" if development else ".stamp")


def _files(development: bool) -> list[Path]:
    return [RUNTIME, DEVELOPMENT] if development else [RUNTIME]


def is_ready(development: bool) -> bool:
    """Say whether the environment is there, whole and up to date.

    :param development: with what the tests and the linters need
    :return: True if pip has nothing to do
    """
    if UNFINISHED.exists() or not os.access(venv_python(), os.X_OK):
        return False
    try:
        digest, version = _stamp(development).read_text().split()
    except (OSError, ValueError):
        return False
    expected = fingerprint(_files(development), [int(n) for n in version.split(".")])
    return digest == expected and launcher.works(str(venv_python()))


def has_venv(python: str) -> bool:
    """Say whether an interpreter can make virtual environments.

    Debian ships ``ensurepip`` in a package of its own, python3-venv.

    :param python: path of the interpreter
    :return: True if it can
    """
    command = [python, "-c", "import ensurepip, venv"]
    return (
        subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False
        ).returncode
        == 0
    )


def find_base_python() -> str:
    """Choose the interpreter to make the environment with.

    :return: its path
    :raise Trouble: if none has what a virtual environment needs
    """
    # the environment may itself be active, or be what this process runs in
    own = getattr(sys, "_base_executable", None) or sys.executable
    others = (shutil.which(name) for name in launcher.CANDIDATES)
    candidates = [own, *filter(None, others)]
    for python in candidates:
        if launcher.works(python) and has_venv(python):
            return python
    if apt.may_install():
        apt.install(["python3-venv"])
        for python in candidates:
            if launcher.works(python) and has_venv(python):
                return python
    raise Trouble(
        f"{own} cannot make virtual environments (its module ensurepip is missing).",
        "sudo apt-get install python3-venv",
    )


def ensure(development: bool) -> Path:
    """Make the environment, or bring it up to date.

    :param development: with what the tests and the linters need
    :return: the environment's interpreter
    :raise Trouble: if it cannot be made
    """
    if not is_ready(development):
        with process.locked(paths.ROOT / ".venv.lock"):
            # another command may have made it while this one waited
            if not is_ready(development):
                _build(development)
    return venv_python()


def _build(development: bool) -> None:
    if UNFINISHED.exists() or not launcher.works(str(venv_python())):
        _create()
    UNFINISHED.touch()
    with step("Install the Python packages"):
        _install(_files(development))
    version = subprocess.run(
        [venv_python(), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    digest = fingerprint(_files(development), [int(n) for n in version.split(".")])
    _stamp(development).write_text(f"{digest} {version}\n")
    if development:
        # with the tools, what the server needs is there as well
        digest = fingerprint(_files(False), [int(n) for n in version.split(".")])
        _stamp(False).write_text(f"{digest} {version}\n")
    UNFINISHED.unlink()


def _create() -> None:
    # an environment whose installation was interrupted may hold half a package that
    # pip takes for whole, so it is made anew
    shutil.rmtree(paths.VENV, ignore_errors=True)
    python = find_base_python()
    with step(f"Make a virtual environment with {python}"):
        paths.VENV.mkdir()
        UNFINISHED.touch()
        log = paths.LOGS / "venv.log"
        if process.run_logged([python, "-m", "venv", paths.VENV], log):
            raise Trouble(
                f"{python} could not make {paths.VENV}:\n{process.last_lines(log)}",
                "sudo apt-get install python3-venv",
            )


def _install(files: Sequence[Path]) -> None:
    log = paths.LOGS / "pip.log"
    command: list[str | Path] = [venv_python(), "-m", "pip", "install"]
    command += ["--disable-pip-version-check", "--no-input"]
    for file in files:
        command += ["--requirement", file]
    if process.run_logged(command, log):
        raise Trouble(
            f"pip could not install the packages:\n{process.last_lines(log)}",
            f"see {log}, check the connection to the package index, start again",
        )
