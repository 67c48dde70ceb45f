"""Options and what goes on to pytest."""

import pytest
from offices_setup import cli, paths
from offices_setup.commands.test import OWN_TESTS, Selection


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", ""])
def test_impossible_ports(text, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.parse("run", [f"--port={text}"])
    assert stopped.value.code == 2
    assert "is not a port" in capsys.readouterr().err


def test_run_defaults():
    options = cli.parse("run", [])
    assert (options.port, options.check, options.reset) == (None, False, False)
    assert options.database == "offices_demo"


def test_unknown_arguments_go_on_to_pytest():
    options = cli.parse("test", ["--fast", "-k", "sign", "-x", "--maxfail=1"])
    assert options.fast
    assert options.pytest == ["-k", "sign", "-x", "--maxfail=1"]


def test_an_abbreviation_is_not_ours():
    options = cli.parse("test", ["--fas"])
    assert not options.fast
    assert options.pytest == ["--fas"]


def test_run_refuses_what_it_does_not_know(capsys):
    with pytest.raises(SystemExit):
        cli.parse("run", ["--fast"])
    assert "--fast" in capsys.readouterr().err


def test_whole_selection(tmp_path):
    selection = Selection([], tmp_path)
    assert selection.is_whole()
    assert selection.own_tests() == [str(OWN_TESTS)]
    assert str(paths.ADDONS) in selection.odoo_tests()


def test_path_relative_to_the_callers_folder():
    selection = Selection(["test_cli.py::test_x", "-k", "y"], OWN_TESTS)
    assert selection.own_tests() == [f"{OWN_TESTS}/test_cli.py::test_x"]
    assert selection.options == ["-k", "y"]
    assert not selection.needs_odoo()
    assert not selection.is_whole()


def test_an_option_narrows_to_the_tests_with_odoo(tmp_path):
    selection = Selection(["-k", "sign"], tmp_path)
    assert selection.own_tests() == []
    assert selection.needs_odoo()
    assert not selection.is_whole()


def test_the_value_of_an_option_is_no_test(tmp_path):
    (tmp_path / "report.xml").touch()
    selection = Selection(["--junitxml", "report.xml"], tmp_path)
    assert selection.options == ["--junitxml", "report.xml"]
    assert selection.paths == []
