"""Chromium is found, installed, or asked for."""

import pytest
from offices_setup import browser
from offices_setup.console import Trouble


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without Chromium, where apt notes what it installs."""
    installed = []
    monkeypatch.setenv("PATH", str(tmp_path))

    def install(packages):
        installed.extend(packages)
        program = tmp_path / "chromium"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)

    monkeypatch.setattr(browser.apt, "install", install)
    return installed


def test_installed_as_root_on_debian(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(browser.apt, "may_install", lambda: True)
    assert browser.ensure() == str(tmp_path / "chromium")
    assert browser.ensure() == str(tmp_path / "chromium")
    assert machine == ["chromium"]


def test_asked_for_elsewhere(machine, monkeypatch):
    monkeypatch.setattr(browser.apt, "may_install", lambda: False)
    with pytest.raises(Trouble) as error:
        browser.ensure(", or setup/test --no-browser")
    assert error.value.remedy == (
        "sudo apt-get install chromium, or setup/test --no-browser"
    )
    assert machine == []
