"""Which Python continues."""

import os
import subprocess
import sys

import pytest
from offices_setup import launcher, paths


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 9, 18), False),
        ((3, 10, 0), True),
        ((3, 13, 9), True),
        ((3, 14, 0), False),
        ((2, 7, 18), False),
    ],
)
def test_supported_versions(version, expected):
    assert launcher.is_supported(version) is expected


def _program(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_stub_that_fails_is_passed_over(tmp_path, monkeypatch):
    _program(tmp_path, "stub", "#!/bin/sh\necho 'version not set' >&2\nexit 127\n")
    real = _program(tmp_path, "real", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    monkeypatch.setenv("PATH", str(tmp_path))
    assert launcher.find_python(("missing", "stub", "real")) == str(real)


def test_nothing_suitable(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert launcher.find_python() is None


def test_no_python_ends_with_a_sentence(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from offices_setup import launcher;"
        "launcher.is_supported = lambda version: False;"
        "launcher.main('run')"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(paths.SETUP)],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "No Python from 3.10 to 3.13" in result.stderr
    assert "apt-get install" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_works_from_any_directory_through_a_link(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(paths.SETUP / "run")
    result = subprocess.run(
        [link, "--help"],
        cwd=tmp_path,
        env={"PATH": f"{os.path.dirname(sys.executable)}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "--check" in result.stdout
