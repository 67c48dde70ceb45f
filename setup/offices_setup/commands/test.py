"""setup/test: a fresh database, and every test."""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import (
    addons,
    browser,
    console,
    gates,
    odoo_source,
    paths,
    pdf,
    postgres,
    process,
)
from ..console import Trouble, say, step
from ..database import Database, addons_path, odoo_environment
from ..odoo_source import Odoo
from ..pytest_gate import NO_BROWSER

_logger = logging.getLogger(__name__)

OWN_TESTS = paths.SETUP / "tests"
BENCHMARK = paths.TESTS / "benchmark"
CONFIGURATION = paths.ROOT / "pyproject.toml"
COVERAGE_DATA = paths.STATE / "coverage"


def main(options: argparse.Namespace) -> int:
    """Run the tests.

    :param options: the command's options
    :return: the exit status
    :raise Trouble: if something is missing, or a gate closes
    """
    selection = Selection(options.pytest, Path.cwd())
    if options.benchmark:
        odoo = odoo_source.ensure()
        with postgres.running(), process.locked(paths.STATE / "test.lock"):
            prepare_database(odoo, options)
            return run_benchmarks(odoo, options.database, selection)
    own = selection.own_tests()
    status = run_own_tests(own, selection.options) if own else 0
    if status or not selection.needs_odoo():
        return status
    if not options.no_browser:
        browser.ensure(", or leave browser tests out: setup/test --no-browser")
    pdf.ensure()
    odoo = odoo_source.ensure()
    with postgres.running(), process.locked(paths.STATE / "test.lock"):
        prepare_database(odoo, options)
        return run_odoo_tests(odoo, options, selection)


class Selection:
    """Which tests a person asked for.

    :param arguments: what goes on to pytest
    :param directory: the folder that relative paths begin in
    """

    def __init__(self, arguments: Sequence[str], directory: Path) -> None:
        self.paths: list[str] = []
        self.options: list[str] = []
        for argument in arguments:
            path, separator, rest = argument.partition("::")
            absolute = (directory / path).resolve()
            # the value of an option may look like a path; only tests' folders count
            if not argument.startswith("-") and _is_test_path(absolute):
                self.paths.append(f"{absolute}{separator}{rest}")
            else:
                self.options.append(argument)

    def own_tests(self) -> list[str]:
        """Return the tests of setup/ that were asked for.

        :return: paths; setup/tests when the whole suite was
        """
        if not self.paths:
            return [] if self.options else [str(OWN_TESTS)]
        return [path for path in self.paths if path.startswith(str(OWN_TESTS))]

    def odoo_tests(self) -> list[str]:
        """Return the tests with Odoo that were asked for.

        :return: paths; all of addons/ and tests/ when none was named
        """
        if not self.paths:
            return [str(path) for path in (paths.ADDONS, paths.TESTS) if path.exists()]
        return [path for path in self.paths if not path.startswith(str(OWN_TESTS))]

    def needs_odoo(self) -> bool:
        """Say whether there is more than the tests of setup/.

        :return: True if there is
        """
        return bool(self.odoo_tests())

    def is_whole(self) -> bool:
        """Say whether this is the whole suite.

        :return: True if nothing was asked for in particular
        """
        return not self.paths and not self.options


def _is_test_path(path: Path) -> bool:
    folders = (paths.ADDONS, paths.TESTS, OWN_TESTS)
    return path.exists() and any(path.is_relative_to(folder) for folder in folders)


def run_own_tests(tests: Sequence[str], options: Sequence[str]) -> int:
    """Run the tests of this package, which need no Odoo.

    :param tests: paths of them
    :param options: pytest's options
    :return: pytest's exit status
    """
    command = [sys.executable, "-m", "pytest", "-c", CONFIGURATION]
    # Odoo's plugin would look for a database
    command += ["--rootdir", paths.ROOT, "-p", "no:odoo"]
    command += ["-p", f"{_package()}.pytest_gate"]
    with step("Test setup/"):
        return call([*command, *tests, *options], {"PYTHONPATH": str(paths.SETUP)})


def prepare_database(odoo: Odoo, options: argparse.Namespace) -> None:
    """Make the test database.

    :param odoo: the copy of Odoo
    :param options: the command's options
    :raise Trouble: if Odoo fails, or complains in its log
    """
    modules = addons.names(with_tests=True)
    database = Database(options.database, odoo, demo=False, modules=modules)
    if not options.fast:
        database.refuse_foreign()
        database.drop()
    log = database.ensure()
    if log is None:
        return
    problems = gates.log_problems(log.read_text(encoding="utf-8", errors="replace"))
    if problems:
        # a next --fast run must meet the same complaints again
        database.drop()
        text = "\n".join(problems)
        raise Trouble(
            f"Odoo's log of the installation has {len(problems)} warnings or errors:"
            f"\n{text}",
            f"correct the add-on; the whole log is {log}",
        )


def run_odoo_tests(
    odoo: Odoo, options: argparse.Namespace, selection: Selection
) -> int:
    """Run the tests of the add-ons and those across them.

    :param odoo: the copy of Odoo
    :param options: the command's options
    :param selection: which tests
    :return: pytest's exit status, or 1 if too little code was run
    """
    environment = odoo_environment(odoo)
    environment["PYTHONPATH"] += f":{paths.SETUP}"
    if options.no_browser:
        environment[NO_BROWSER] = "1"
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={CONFIGURATION}"]
    command += [f"--data-file={COVERAGE_DATA}", "-m", "pytest"]
    command += [*pytest_options(odoo, options), f"--ignore={BENCHMARK}"]
    with step("Test the add-ons"):
        tests = [*selection.odoo_tests(), *selection.options]
        status = call([*command, *tests], environment)
    whole = selection.is_whole() and not options.no_browser
    return status or (0 if report_coverage(whole) else 1)


def run_benchmarks(odoo: Odoo, database: str, selection: Selection) -> int:
    """Run the benchmarks, each a program of its own that tells its verdict.

    :param odoo: the copy of Odoo
    :param database: a database with every add-on
    :param selection: paths of benchmarks, none for all, and options for them
    :return: 0 if all succeeded, else the status of the last that did not
    """
    environment = odoo_environment(odoo)
    environment["ODOO_ADDONS_PATH"] = addons_path(odoo)
    chosen = selection.paths or sorted(map(str, BENCHMARK.glob("bench_*.py")))
    arguments = ["-c", str(paths.ODOO_CONF), "-d", database, *selection.options]
    status = 0
    for program in chosen:
        with step(f"Benchmark {Path(program).stem}"):
            status = call([sys.executable, program, *arguments], environment) or status
    return status


def pytest_options(odoo: Odoo, options: argparse.Namespace) -> list[str]:
    """Compose the options that every run with Odoo has.

    :param odoo: the copy of Odoo
    :param options: the command's options
    :return: pytest's options
    """
    return [
        *("-c", str(CONFIGURATION), "--rootdir", str(paths.ROOT)),
        *("-p", f"{_package()}.pytest_gate"),
        f"--odoo-config={paths.ODOO_CONF}",
        f"--odoo-database={options.database}",
        f"--odoo-addons-path={addons_path(odoo)}",
        "--odoo-http",
        # scheduled work of its own accord would change what a test looks at
        "--odoo-extra=max-cron-threads=0",
        "--odoo-extra=workers=0",
        f"--odoo-extra=db-filter=^{options.database}$",
    ]


def report_coverage(whole: bool) -> bool:
    """Tell how much of each add-on the tests ran.

    :param whole: whether the whole suite ran, so that the figures mean something
    :return: False if an add-on has too little
    """
    report_file = paths.STATE / "coverage.json"
    log = paths.LOGS / "coverage.log"
    command = [sys.executable, "-m", "coverage", "json", f"--rcfile={CONFIGURATION}"]
    command += [f"--data-file={COVERAGE_DATA}", "-o", str(report_file)]
    if process.run_logged(command, log, cwd=paths.ROOT):
        _logger.error("No coverage was measured:\n%s", process.last_lines(log))
        return not whole
    report = json.loads(report_file.read_text(encoding="utf-8"))
    rows = gates.coverage_by_addon(report, addons.names(with_tests=True))
    say("Coverage of each add-on's Python:")
    for row in rows:
        say(f"  {row.percent:5.1f} %  {row.name} ({row.statements} lines)")
    if not whole:
        say("  (only a part of the tests ran, so that no share is required)")
        return True
    low = gates.below_minimum(rows)
    for row in low:
        _logger.error("Under %s %%: %s", gates.COVERAGE_MINIMUM, row.name)
    return not low


def _package() -> str:
    return __package__.partition(".")[0]


def call(command: Sequence[str | Path], extra: dict[str, str]) -> int:
    """Run pytest on this terminal.

    :param command: the command
    :param extra: variables to set
    :return: its exit status
    """
    # in the same process group, so that a debugger may use the terminal
    child = subprocess.Popen(
        [str(part) for part in command],
        cwd=paths.ROOT,
        env=process.environment(extra),
        preexec_fn=process.die_with_parent,
    )
    try:
        return child.wait()
    finally:
        with console.undisturbed():
            if child.poll() is None:
                # a Ctrl-C has reached it already; a SIGTERM to this process has not
                child.terminate()
                try:
                    child.wait(process.GRACE_SECONDS)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
