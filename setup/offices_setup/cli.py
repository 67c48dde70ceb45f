"""The commands' options, and the way into the environment they run in."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from . import console, python_env

PORT = 8069


def port(text: str) -> int:
    """Read a port number.

    :param text: what was typed
    :return: the port
    :raise argparse.ArgumentTypeError: if there is no such port
    """
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return number


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=port,
        help=f"serve on this port of 127.0.0.1 ({PORT}; with --check a free one)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="ask for the login page and a backend page, then stop; 0 if both came",
    )
    parser.add_argument(
        "--reset",
        action="store_true",
        help="drop the demo database first and build it anew",
    )
    parser.add_argument(
        "--database", default="offices_demo", help="the demo database (%(default)s)"
    )


def _test_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fast",
        action="store_true",
        help="keep the test database of the last run and update what changed",
    )
    parser.add_argument(
        "--no-browser",
        action="store_true",
        help="leave browser tests out; they are the only ones that may be skipped",
    )
    parser.add_argument(
        "--benchmark",
        action="store_true",
        help="run the programs in tests/benchmark instead of the tests",
    )
    parser.add_argument(
        "--database", default="offices_test", help="the test database (%(default)s)"
    )
    parser.epilog = (
        "Every other argument goes on to pytest (with --benchmark, to each program)."
    )


def _screenshots_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", help="the pictures to take (all of them when none is named)"
    )
    parser.add_argument(
        "--database", default="offices_demo", help="the demo database (%(default)s)"
    )


def _lint_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fix", action="store_true", help="let ruff correct and format what it can"
    )


COMMANDS = {
    "run": (_run_options, "Serve Odoo 19 with every add-on and demo data."),
    "test": (_test_options, "Run every test of a fresh database."),
    "screenshots": (_screenshots_options, "Take the pictures of the documentation."),
    "lint": (_lint_options, "Check the style of every file."),
}


def parse(command: str, arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command's arguments.

    :param command: its name
    :param arguments: what was typed after it
    :return: the options; for "test" with what goes on to pytest as ``pytest``
    """
    add_options, description = COMMANDS[command]
    parser = argparse.ArgumentParser(
        prog=f"setup/{command}", description=description, allow_abbrev=False
    )
    add_options(parser)
    if command != "test":
        return parser.parse_args(arguments)
    options, rest = parser.parse_known_args(arguments)
    options.pytest = [argument for argument in rest if argument != "--"]
    return options


def main(command: str, arguments: Sequence[str]) -> int:
    """Run a command in the checkout's environment.

    :param command: its name
    :param arguments: what was typed after it
    :return: the exit status
    """
    options = parse(command, arguments)
    console.set_up_logging()

    def work() -> int:
        python = python_env.ensure(development=command != "run")
        if not python_env.in_environment():
            script = os.path.abspath(sys.argv[0])
            # variables of another environment would lead to its packages
            for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
                os.environ.pop(name, None)
            os.execv(python, [str(python), script, *arguments])
        module = importlib.import_module(f".commands.{command}", __package__)
        return module.main(options)

    return console.guard(work)
