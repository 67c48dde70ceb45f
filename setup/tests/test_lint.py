"""The checks of our own."""

import pytest
from offices_setup.commands import lint, screenshots
from offices_setup.console import Trouble

WORD = "TO" + "DO"


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        (f"# {WORD}: later", True),
        (f"// {WORD}(someone): later", True),
        (f"<!-- {'FIX' + 'ME'} -->", True),
        (f"# {WORD}(#12): later", False),
        (f"{WORD}S_PER_DAY = 3", False),
        ("# to do: nothing", False),
    ],
)
def test_open_tasks(tmp_path, line, bad):
    file = tmp_path / "file.py"
    file.write_text(f"first\n{line}\n")
    found = list(lint.open_tasks([file]))
    assert bool(found) is bad
    if bad:
        assert f"{file}:2:" in found[0]


def test_broken_xml(tmp_path):
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text("<odoo><record/></odoo>")
    bad.write_text("<odoo><record></odoo>")
    (complaint,) = lint.broken_xml([good, bad])
    assert str(bad) in complaint


def test_ruff_refuses_print_and_long_lines(tmp_path):
    file = tmp_path / "bad.py"
    file.write_text(f"print('x')\nx = '{'y' * 90}'\n")
    complaint = "".join(lint.ruff([file], fix=False))
    assert "T201" in complaint
    assert "E501" in complaint


def test_ruff_passes_good_code(tmp_path):
    file = tmp_path / "good.py"
    file.write_text('"""Fine."""\n\nx = 1\n')
    assert list(lint.ruff([file], fix=False)) == []


def test_all_are_told_before_it_fails(monkeypatch, capsys):
    monkeypatch.setattr(lint, "ruff", lambda folders, fix: ["bad style"])
    monkeypatch.setattr(lint, "pylint_odoo", lambda: [])
    monkeypatch.setattr(lint, "broken_xml", lambda files: ["bad xml"])
    monkeypatch.setattr(lint, "open_tasks", lambda files: [])
    with pytest.raises(Trouble, match="ruff, XML"):
        lint.main(type("Options", (), {"fix": False}))
    assert "bad xml" in capsys.readouterr().out


def test_a_picture_that_is_not_known():
    assert screenshots.choose(["roles"])[0].name == "roles"
    assert len(screenshots.choose([])) == len(screenshots.pages.PAGES)
    with pytest.raises(Trouble, match="no picture named nowhere"):
        screenshots.choose(["roles", "nowhere"])
