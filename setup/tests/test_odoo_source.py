"""Where Odoo comes from, and that a copy is complete or absent."""

import pytest
from offices_setup import odoo_source, paths
from offices_setup.console import Trouble
from offices_setup.odoo_source import Unavailable

RELEASE = "version_info = (19, 0, 0, FINAL, 0, '')\n"


def make_odoo(home, addons="odoo/addons", release=RELEASE):
    (home / "odoo").mkdir(parents=True)
    (home / "odoo" / "release.py").write_text(release)
    (home / addons / "web").mkdir(parents=True)
    return home


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("ODOO_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / paths.PROJECT


@pytest.fixture
def ways(monkeypatch):
    """Replace the two ways to fetch Odoo; each fails unless a test says otherwise."""
    called = []

    def set_way(name, work):
        def way(root):
            called.append(name)
            work(root)

        monkeypatch.setattr(odoo_source, name, way)

    def fail(root):
        (root / "half").write_text("half")
        raise Unavailable("out of order")

    for name in ("unpack_debian", "clone"):
        set_way(name, fail)
    return set_way, called


def test_checkout_and_package(tmp_path):
    checkout = make_odoo(tmp_path / "checkout", addons="addons")
    found = odoo_source.recognise(checkout)
    assert found == (checkout, (checkout / "addons",))
    home = make_odoo(tmp_path / "package" / odoo_source.PACKAGE_PATH)
    assert odoo_source.recognise(tmp_path / "package") == (home, ())
    assert odoo_source.recognise(home) == (home, ())


def test_another_series_is_not_taken(tmp_path):
    make_odoo(tmp_path, release="version_info = (18, 0, 0, FINAL, 0, '')\n")
    assert odoo_source.recognise(tmp_path) is None


def test_odoo_home_comes_first(cache, tmp_path, monkeypatch, ways):
    make_odoo(cache / "odoo-19.0")
    named = make_odoo(tmp_path / "mine")
    monkeypatch.setenv("ODOO_HOME", str(named))
    assert odoo_source.ensure().home == named


def test_a_wrong_odoo_home_is_told(cache, tmp_path, monkeypatch, ways):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(Trouble, match="ODOO_HOME names .*nowhere"):
        odoo_source.ensure()
    assert ways[1] == []


def test_the_cached_copy_is_used(cache, ways):
    home = make_odoo(cache / "odoo-19.0")
    assert odoo_source.ensure().home == home
    assert ways[1] == []


def test_git_when_there_is_no_debian(cache, ways):
    set_way, called = ways
    set_way("clone", make_odoo)
    assert odoo_source.ensure().home == cache / "odoo-19.0"
    assert called == ["unpack_debian", "clone"]
    # nothing of the failed way is left
    assert sorted(path.name for path in cache.iterdir()) == ["lock", "odoo-19.0"]


def test_no_way_at_all(cache, ways):
    with pytest.raises(Trouble, match="Debian: out of order; git: out of order") as e:
        odoo_source.ensure()
    assert "ODOO_HOME" in e.value.remedy
    assert [path.name for path in cache.iterdir()] == ["lock"]


def _fake_git(folder, monkeypatch, text):
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\nset -e\n{text}")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_cloning(cache, tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_source.apt, "read_entries", lambda: [])
    _fake_git(
        tmp_path / "bin",
        monkeypatch,
        'for target; do :; done; echo "$@" > "$target/called"\n'
        'mkdir -p "$target/odoo" "$target/addons/web"\n'
        f'printf "%s" "{RELEASE.strip()}" > "$target/odoo/release.py"\n',
    )
    home, addons = odoo_source.ensure()
    assert addons == (home / "addons",)
    called = (home / "called").read_text()
    assert "--depth 1 --branch 19.0" in called
    assert odoo_source.REPOSITORY in called


def test_a_clone_that_fails_is_told(cache, tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_source.apt, "read_entries", lambda: [])
    _fake_git(tmp_path / "bin", monkeypatch, "echo 'no route to host' >&2; exit 128\n")
    with pytest.raises(Trouble) as error:
        odoo_source.ensure()
    assert "no Debian mirror" in str(error.value)
    assert "no route to host" in str(error.value)
    assert "git clone" in error.value.remedy


def test_what_is_fetched_must_be_odoo_19(cache, ways):
    set_way, _called = ways
    set_way("unpack_debian", lambda root: make_odoo(root, release="18"))
    with pytest.raises(Trouble, match="not Odoo 19.0"):
        odoo_source.ensure()
    assert not (cache / "odoo-19.0").exists()


def test_an_interruption_leaves_no_half_copy(cache, ways):
    set_way, _called = ways

    def interrupted(root):
        make_odoo(root)
        raise KeyboardInterrupt

    set_way("unpack_debian", interrupted)
    with pytest.raises(KeyboardInterrupt):
        odoo_source.ensure()
    assert [path.name for path in cache.iterdir()] == ["lock"]


def test_leftovers_of_a_killed_process_are_removed(cache, ways):
    set_way, _called = ways
    make_odoo(cache / f"{odoo_source.TEMPORARY}killed")
    set_way("unpack_debian", make_odoo)
    odoo_source.ensure()
    assert sorted(path.name for path in cache.iterdir()) == ["lock", "odoo-19.0"]


def test_dangling_links(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").touch()
    (tmp_path / "good").symlink_to("a/file")
    (tmp_path / "good_folder").symlink_to("a")
    assert odoo_source.dangling_links(tmp_path) == []
    (tmp_path / "a" / "bad").symlink_to("../nowhere")
    assert odoo_source.dangling_links(tmp_path) == [tmp_path / "a" / "bad"]


def test_mending_the_package(tmp_path):
    home = make_odoo(tmp_path / odoo_source.PACKAGE_PATH)
    (home / "addons" / "partial").mkdir(parents=True)
    odoo_source.mend_debian(tmp_path)
    assert not (home / "addons").exists()
    assert (home / "odoo" / "addons" / odoo_source.SELFIE).is_file()


def test_a_package_with_a_dangling_link_is_refused(tmp_path):
    home = make_odoo(tmp_path / odoo_source.PACKAGE_PATH)
    (home / "odoo" / "addons" / "web" / "font.ttf").symlink_to("/nowhere/font.ttf")
    with pytest.raises(Unavailable, match=r"1 links lead nowhere \(web/font.ttf\)"):
        odoo_source.mend_debian(tmp_path)
