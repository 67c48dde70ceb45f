"""The environment is made once, and made anew when it must be."""

import sys

import pytest
from offices_setup import paths, python_env
from offices_setup.console import Trouble


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty checkout; pip and venv only note that they were called."""
    calls = []
    venv = tmp_path / ".venv"
    requirements = tmp_path / "requirements.txt"
    development = tmp_path / "requirements-dev.txt"
    requirements.write_text("a==1\n")
    development.write_text("b==1\n")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "VENV", venv)
    monkeypatch.setattr(python_env, "UNFINISHED", venv / ".unfinished")
    monkeypatch.setattr(python_env, "RUNTIME", requirements)
    monkeypatch.setattr(python_env, "DEVELOPMENT", development)

    def create():
        calls.append("venv")
        (venv / "bin").mkdir(parents=True, exist_ok=True)
        python = venv / "bin" / "python"
        if not python.exists():
            python.symlink_to(sys.executable)
        python_env.UNFINISHED.touch()

    monkeypatch.setattr(python_env, "_create", create)
    monkeypatch.setattr(
        python_env,
        "_install",
        lambda files: calls.append("+".join(file.name for file in files)),
    )
    return tmp_path, calls


def test_the_second_start_does_nothing(checkout):
    _root, calls = checkout
    python_env.ensure(development=False)
    python_env.ensure(development=False)
    assert calls == ["venv", "requirements.txt"]


def test_the_tools_are_added_when_they_are_needed(checkout):
    _root, calls = checkout
    python_env.ensure(development=False)
    python_env.ensure(development=True)
    python_env.ensure(development=False)
    assert calls == [
        "venv",
        "requirements.txt",
        "requirements.txt+requirements-dev.txt",
    ]


def test_the_tools_bring_the_rest(checkout):
    _root, calls = checkout
    python_env.ensure(development=True)
    python_env.ensure(development=False)
    assert calls == ["venv", "requirements.txt+requirements-dev.txt"]


def test_changed_requirements_are_installed(checkout):
    root, calls = checkout
    python_env.ensure(development=False)
    (root / "requirements.txt").write_text("a==2\n")
    python_env.ensure(development=False)
    assert calls == ["venv", "requirements.txt", "requirements.txt"]


def test_an_interrupted_installation_begins_anew(checkout, monkeypatch):
    _root, calls = checkout
    install = python_env._install

    def interrupted(files):
        raise KeyboardInterrupt

    monkeypatch.setattr(python_env, "_install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        python_env.ensure(development=False)
    assert not python_env.is_ready(development=False)
    monkeypatch.setattr(python_env, "_install", install)
    python_env.ensure(development=False)
    assert calls == ["venv", "venv", "requirements.txt"]
    assert python_env.is_ready(development=False)


def test_an_environment_whose_python_is_gone_is_made_anew(checkout):
    root, calls = checkout
    python_env.ensure(development=False)
    python = root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert not python_env.is_ready(development=False)
    python.unlink()
    python_env.ensure(development=False)
    assert calls == ["venv", "requirements.txt", "venv", "requirements.txt"]


def test_the_fingerprint_knows_the_python(tmp_path):
    file = tmp_path / "r.txt"
    file.write_text("a==1\n")
    one = python_env.fingerprint([file], (3, 11, 2))
    assert one == python_env.fingerprint([file], (3, 11, 9))
    assert one != python_env.fingerprint([file], (3, 12, 2))


def test_no_python_with_venv_is_told(monkeypatch):
    monkeypatch.setattr(python_env, "has_venv", lambda python: False)
    monkeypatch.setattr(python_env.apt, "may_install", lambda: False)
    with pytest.raises(Trouble) as error:
        python_env.find_base_python()
    assert "python3-venv" in error.value.remedy


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13"])
def test_every_requirement_is_pinned_once_for_each_python(version):
    from packaging.requirements import Requirement

    text = (paths.SETUP / "requirements.txt").read_text()
    text += (paths.SETUP / "requirements-dev.txt").read_text()
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    environment = {"python_version": version}
    names = []
    for requirement in map(Requirement, filter(None, lines)):
        assert [spec.operator for spec in requirement.specifier] == ["=="]
        if not requirement.marker or requirement.marker.evaluate(environment):
            names.append(requirement.name.lower())
    assert len(names) == len(set(names))
    assert {"psycopg2-binary", "websocket-client", "gevent", "lxml"} <= set(names)
    # 3.x of PyPDF2 breaks Odoo; 3.13 has its successor alone
    assert ("pypdf2" in names) is (version != "3.13")
    assert ("pypdf" in names) is (version == "3.13")
