"""Which add-ons there are, and which changed."""

import pytest
from offices_setup import addons
from offices_setup.console import Trouble


@pytest.fixture
def folder(tmp_path):
    for name, manifest in (
        ("b_app", "{'name': 'B'}"),
        ("a_app", "# licence\n{'name': 'A', 'installable': True}"),
        ("off_app", "{'name': 'Off', 'installable': False}"),
        ("test_app", "{'name': 'Test'}"),
    ):
        (tmp_path / name / "models").mkdir(parents=True)
        (tmp_path / name / "__manifest__.py").write_text(manifest)
        (tmp_path / name / "models" / "m.py").write_text("x = 1\n")
    (tmp_path / "no_addon").mkdir()
    return tmp_path


def test_names(folder):
    assert addons.names(False, folder) == ["a_app", "b_app"]
    assert addons.names(True, folder) == ["a_app", "b_app", "test_app"]


def test_a_broken_manifest_is_told(folder):
    (folder / "a_app" / "__manifest__.py").write_text("{'name': ")
    with pytest.raises(Trouble, match="a_app/__manifest__.py cannot be read"):
        addons.names(False, folder)


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("models/m.py", True),
        ("views/new.xml", True),
        ("i18n/es.po", True),
        ("tests/test_new.py", False),
        ("readme/USAGE.md", False),
        ("models/__pycache__/m.cpython-311.pyc", False),
    ],
)
def test_what_counts_as_a_change(folder, path, matters):
    before = addons.digest(folder / "a_app")
    file = folder / "a_app" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("changed\n")
    assert (addons.digest(folder / "a_app") != before) is matters


def test_a_renamed_and_a_removed_file_count(folder):
    first = addons.digest(folder / "a_app")
    file = folder / "a_app" / "models" / "m.py"
    file.rename(file.with_name("n.py"))
    second = addons.digest(folder / "a_app")
    file.with_name("n.py").unlink()
    third = addons.digest(folder / "a_app")
    assert len({first, second, third}) == 3


def test_changes(folder):
    before = addons.digests(["a_app", "b_app"], folder)
    assert addons.changes(before, before) == ((), ())
    (folder / "b_app" / "models" / "m.py").write_text("x = 2\n")
    now = addons.digests(["a_app", "b_app", "test_app"], folder)
    assert addons.changes(before, now) == (("test_app",), ("b_app",))
