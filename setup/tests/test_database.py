"""Dropping asks a person, and nobody else's database is touched."""

import io
import json

import pytest
from offices_setup import database, odoo_source
from offices_setup.commands import run
from offices_setup.console import Trouble


class Terminal(io.StringIO):
    def __init__(self, text, tty=True):
        super().__init__(text)
        self.tty = tty

    def isatty(self):
        return self.tty


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)],
)
def test_reset_asks_a_person(typed, expected, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert database.confirm_reset("offices_demo") is expected
    assert "drops the database offices_demo" in capsys.readouterr().out


@pytest.mark.parametrize("stdin", [Terminal("n\n", tty=False), None])
def test_reset_asks_nobody_without_a_terminal(stdin, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", stdin)
    assert database.confirm_reset("offices_demo") is True
    assert capsys.readouterr().out == ""


class Fake(database.Database):
    """A database whose server and Odoo are notes in lists."""

    def __init__(self, comment, modules=("a",)):
        odoo = odoo_source.Odoo(database.paths.ROOT, ())
        super().__init__("fake", odoo, demo=True, modules=modules)
        self.text = comment
        self.done = []

    def comment(self):
        return self.text

    def _mark(self, text):
        self.text = text

    def drop(self):
        self.done.append("drop")
        self.text = None

    def create(self):
        self.done.append("create")
        return "log"

    def _run(self, title, arguments):
        self.done.append(" ".join(arguments))
        return "log"


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch, tmp_path):
    monkeypatch.setattr(database.paths, "STATE", tmp_path)
    monkeypatch.setattr(
        database.addons, "digests", lambda modules: {name: "new" for name in modules}
    )


def made_of(**digests):
    return database.MARK + json.dumps(digests)


def test_a_missing_database_is_created():
    fake = Fake(None)
    assert fake.ensure() == "log"
    assert fake.done == ["create"]


def test_an_unchanged_database_is_left_alone():
    fake = Fake(made_of(a="new"))
    assert fake.ensure() is None
    assert fake.done == []


def test_only_what_changed_is_updated():
    fake = Fake(made_of(a="new", b="old"), modules=("a", "b", "c"))
    fake.ensure()
    assert fake.done == ["-i c -u b"]
    assert fake.text == made_of(a="new", b="new", c="new")


def test_an_update_that_fails_is_tried_again():
    class Failing(Fake):
        def _run(self, title, arguments):
            raise Trouble("Odoo failed")

    fake = Failing(made_of(a="old"))
    with pytest.raises(Trouble):
        fake.ensure()
    assert fake.text == made_of(a="old")


def test_an_interrupted_creation_begins_anew():
    fake = Fake(database.UNFINISHED)
    fake.ensure()
    assert fake.done == ["drop", "create"]


@pytest.mark.parametrize("comment", ["", "our accounts"])
def test_a_foreign_database_is_not_touched(comment):
    fake = Fake(comment)
    with pytest.raises(Trouble, match="did not make"):
        fake.ensure()
    with pytest.raises(Trouble, match="did not make"):
        run.reset(fake)
    assert fake.done == []


def test_reset(monkeypatch):
    fake = Fake(made_of(a="new"))
    monkeypatch.setattr(run, "confirm_reset", lambda name: False)
    assert run.reset(fake) is False
    assert fake.done == []
    monkeypatch.setattr(run, "confirm_reset", lambda name: True)
    assert run.reset(fake) is True
    assert fake.done == ["drop"]
    # there is nothing left to ask about
    monkeypatch.setattr(run, "confirm_reset", None)
    assert run.reset(fake) is True
    assert fake.done == ["drop"]


def test_the_reason_of_a_failure_is_told(tmp_path):
    log = tmp_path / "log"
    lines = ["2026-01-02 03:04:07,678 12 CRITICAL x odoo.registry: Failed to load"]
    lines += ["Traceback (most recent call last):"]
    lines += [f"  frame {number}" for number in range(40)]
    lines += ["ParseError: while parsing view.xml:7"]
    lines += ["2026-01-02 03:04:08,678 12 INFO x odoo: shutdown"] * 40
    log.write_text("\n".join(lines))
    text = database.failure(log)
    assert "CRITICAL x odoo.registry: Failed to load" in text
    assert text.endswith("ParseError: while parsing view.xml:7")
    assert len(text.splitlines()) == 16
    log.write_text("Killed\n")
    assert database.failure(log) == "    Killed"
