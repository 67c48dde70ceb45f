"""A skipped test fails a run, and says so."""

import os
import subprocess
import sys

import pytest
from offices_setup import paths, pytest_gate

PASSES = "def test_passes(): pass\n"
SKIPS = "import pytest\n@pytest.mark.skip(reason='no library')\ndef test_s(): pass\n"


def run_pytest(folder, content, **variables):
    (folder / "test_it.py").write_text(content)
    (folder / "pytest.ini").write_text("[pytest]\n")
    environment = {**os.environ, "PYTHONPATH": str(paths.SETUP), **variables}
    command = [sys.executable, "-m", "pytest", "-p", "offices_setup.pytest_gate"]
    return subprocess.run(
        [*command, "-p", "no:odoo", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_green_without_skips(tmp_path):
    result = run_pytest(tmp_path, PASSES)
    assert result.returncode == 0, result.stdout
    assert "fail the run" not in result.stdout


@pytest.mark.parametrize(
    "content",
    [
        PASSES + SKIPS,
        PASSES + "import unittest\nclass T(unittest.TestCase):\n"
        "    def test_s(self):\n        self.skipTest('no library')\n",
        PASSES + "import pytest\npytest.skip('no library', allow_module_level=True)\n",
    ],
    ids=["mark", "unittest", "module"],
)
def test_red_with_a_skip(tmp_path, content):
    result = run_pytest(tmp_path, content)
    assert result.returncode != 0
    assert "skipped tests fail the run" in result.stdout
    assert "no library" in result.stdout


def test_an_expected_failure_is_no_skip(tmp_path):
    content = "import pytest\n@pytest.mark.xfail\ndef test_x(): assert False\n"
    assert run_pytest(tmp_path, content).returncode == 0


def test_a_failure_stays_a_failure(tmp_path):
    result = run_pytest(tmp_path, SKIPS + "def test_f(): assert False\n")
    assert result.returncode == pytest.ExitCode.TESTS_FAILED


def test_what_no_browser_tolerates():
    reason = f"Skipped: {pytest_gate.NO_BROWSER_REASON}"
    assert pytest_gate.is_tolerated(reason, no_browser=True)
    assert not pytest_gate.is_tolerated(reason, no_browser=False)
    assert not pytest_gate.is_tolerated("websocket-client missing", no_browser=True)
