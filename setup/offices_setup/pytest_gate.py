"""A pytest plugin: a test that is skipped is a test that did not run.

A missing library or browser makes Odoo's browser tests skip, and a run of nothing but
skipped tests looks green. With this plugin it is red, except for browser tests under
``setup/test --no-browser``.
"""

from __future__ import annotations

import os
import re

import pytest

NO_BROWSER = "OFFICES_NO_BROWSER"
NO_BROWSER_REASON = "left out by --no-browser"


def is_tolerated(reason: str, no_browser: bool) -> bool:
    """Say whether a test may be skipped.

    :param reason: why it was
    :param no_browser: whether browser tests are left out
    :return: True if the run may still be green
    """
    return no_browser and re.search(NO_BROWSER_REASON, reason) is not None


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test was skipped.

    :param report: pytest's report on it
    :return: the reason
    """
    # (file, line, reason) for a skip that was raised
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return str(report.longrepr or "")


class SkipGate:
    """Collects what was skipped, and fails the session for it.

    :param no_browser: whether browser tests are left out
    """

    def __init__(self, no_browser: bool) -> None:
        self.no_browser = no_browser
        self.refused: list[str] = []

    def note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Look at a report.

        :param report: of a test, or of a module that is skipped as a whole
        """
        # an expected failure is reported as skipped too, yet its test did run
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        reason = reason_of(report)
        if not is_tolerated(reason, self.no_browser):
            self.refused.append(f"{report.nodeid}: {reason}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hook of pytest."""
        self.note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Hook of pytest."""
        self.note(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hook of pytest: a green session with refused skips turns red."""
        if self.refused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter) -> None:
        """Hook of pytest: name what was skipped."""
        if not self.refused:
            return
        terminalreporter.section("skipped tests fail the run", red=True)
        for line in self.refused:
            terminalreporter.line(line)


def _leave_browsers_out() -> None:
    import unittest

    from odoo.tests import common

    def refuse() -> None:
        raise unittest.SkipTest(NO_BROWSER_REASON)

    common._find_executable = refuse


def pytest_configure(config: pytest.Config) -> None:
    """Hook of pytest."""
    no_browser = bool(os.environ.get(NO_BROWSER))
    config.pluginmanager.register(SkipGate(no_browser), "offices-skip-gate")
    if no_browser:
        _leave_browsers_out()
