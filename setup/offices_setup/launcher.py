"""The first step of each command: continue under a Python that Odoo 19 supports.

This module is read by whatever ``python3`` is on the PATH, so it keeps to syntax
that Python 3.6 understands and imports the rest of the package only afterwards.
"""

import os
import shutil
import subprocess
import sys

LOWEST = (3, 10)
HIGHEST = (3, 13)
CANDIDATES = ("python3.12", "python3.11", "python3.13", "python3.10", "python3")
REMEDY = (
    "No Python from 3.10 to 3.13 was found, and Odoo 19 needs one."
    " Install it, for example: sudo apt-get install python3 python3-venv"
)


def is_supported(version):
    """Say whether Odoo 19 runs on a Python.

    :param version: the version as a tuple, such as ``sys.version_info``
    :return: True from 3.10 to 3.13
    """
    return LOWEST <= tuple(version[:2]) <= HIGHEST


def works(python):
    """Say whether an interpreter can be started and is supported.

    A version manager leaves stubs on the PATH that fail when they are run, so the
    name of the file proves nothing.

    :param python: path of the interpreter
    :return: True if it started and reported a supported version
    """
    code = "import sys; sys.exit(not (%r <= sys.version_info[:2] <= %r))"
    try:
        return (
            subprocess.call(
                [python, "-c", code % (LOWEST, HIGHEST)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            == 0
        )
    except OSError:
        return False


def find_python(names=CANDIDATES):
    """Look for a supported Python on the PATH.

    :param names: names of interpreters, the preferred one first
    :return: its path, or None
    """
    for name in names:
        path = shutil.which(name)
        if path and works(path):
            return path
    return None


def main(command):
    """Run a command of this package and exit with its status.

    :param command: "run", "test", "screenshots" or "lint"
    """
    if not is_supported(sys.version_info):
        python = find_python()
        if python is None:
            sys.stderr.write(REMEDY + "\n")
            sys.exit(1)
        arguments = [python, os.path.abspath(sys.argv[0])]
        os.execv(python, arguments + sys.argv[1:])
    from . import cli

    sys.exit(cli.main(command, sys.argv[1:]))
