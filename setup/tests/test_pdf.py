"""wkhtmltopdf is found, installed, or asked for."""

import argparse
from contextlib import nullcontext

import pytest
from offices_setup import pdf
from offices_setup.commands import run
from offices_setup.commands import test as test_command
from offices_setup.console import Trouble


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without wkhtmltopdf, where apt notes what it installs."""
    installed = []
    monkeypatch.setenv("PATH", str(tmp_path))

    def install(packages):
        installed.extend(packages)
        program = tmp_path / "wkhtmltopdf"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)

    monkeypatch.setattr(pdf.apt, "install", install)
    monkeypatch.setattr(pdf.apt, "may_install", lambda: True)
    return installed


def test_installed_as_root_on_debian(machine, tmp_path):
    assert pdf.ensure() == str(tmp_path / "wkhtmltopdf")
    assert pdf.ensure() == str(tmp_path / "wkhtmltopdf")
    assert pdf.offer() == str(tmp_path / "wkhtmltopdf")
    assert machine == ["wkhtmltopdf"]


def test_asked_for_elsewhere(machine, monkeypatch):
    monkeypatch.setattr(pdf.apt, "may_install", lambda: False)
    with pytest.raises(Trouble, match="There is no wkhtmltopdf") as error:
        pdf.ensure()
    assert error.value.remedy == "sudo apt-get install wkhtmltopdf"
    assert machine == []


def test_served_without_it_with_a_sentence(machine, monkeypatch, caplog):
    monkeypatch.setattr(pdf.apt, "may_install", lambda: False)
    assert pdf.offer() is None
    assert "cannot be printed as PDF" in caplog.text
    assert "sudo apt-get install wkhtmltopdf" in caplog.text


def test_served_when_apt_refuses(machine, monkeypatch, caplog):
    def refuse(packages):
        raise Trouble("apt-get could not install wkhtmltopdf", "look at the mirror")

    monkeypatch.setattr(pdf.apt, "install", refuse)
    assert pdf.offer() is None
    assert "look at the mirror" in caplog.text
    with pytest.raises(Trouble, match="could not install"):
        pdf.ensure()


class Reached(Exception):
    """The command went on to fetch Odoo."""


@pytest.fixture
def stopping(monkeypatch):
    """The commands, up to the fetching of Odoo."""

    def stop():
        raise Reached

    for command in (run, test_command):
        monkeypatch.setattr(command.odoo_source, "ensure", stop)
        monkeypatch.setattr(command.postgres, "running", nullcontext)


def test_run_makes_sure_of_it(machine, stopping):
    with pytest.raises(Reached):
        run.main(argparse.Namespace())
    assert machine == ["wkhtmltopdf"]


def test_test_makes_sure_of_it(machine, stopping, monkeypatch):
    monkeypatch.setattr(test_command, "run_own_tests", lambda tests, options: 0)
    options = argparse.Namespace(pytest=[], benchmark=False, no_browser=True)
    with pytest.raises(Reached):
        test_command.main(options)
    assert machine == ["wkhtmltopdf"]
