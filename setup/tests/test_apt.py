"""The mirror is the machine's own, in whichever format it is written."""

import pytest
from offices_setup import apt, odoo_source
from offices_setup.apt import Entry

ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb-src http://source.example/debian bookworm main
deb cdrom:[Debian GNU/Linux 12]/ bookworm main
deb https://vendor.example/apt cloud-sdk-bookworm main
deb http://mirror.example/debian-security bookworm-security main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # x
"""
DEB822 = """\
Types: deb
# a comment inside a stanza
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb deb-src
URIs: http://mirror.example/debian
 http://second.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr
"""


def test_one_line_format():
    entries = list(apt.parse_list(ONE_LINE))
    assert entries[-1] == Entry(
        "http://mirror.example/debian", "bookworm", ("main", "contrib")
    )
    assert all("commented" not in entry.uri for entry in entries)
    assert all("source" not in entry.uri for entry in entries)
    assert apt.find_mirror(entries) == "http://mirror.example/debian"


def test_deb822_format():
    entries = list(apt.parse_sources(DEB822))
    assert (
        Entry("http://second.example/debian", "bookworm-updates", ("main",)) in entries
    )
    assert all("off.example" not in entry.uri for entry in entries)
    assert apt.find_mirror(entries) == "http://mirror.example/debian"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "deb http://archive.example/ubuntu noble main universe",
        "deb http://mirror.example/debian bookworm contrib",
        "deb http://mirror.example/debian-security bookworm-security main",
        "deb cdrom:[x]/ bookworm main",
        "nonsense [ deb",
    ],
)
def test_no_debian_mirror(text):
    assert apt.find_mirror(apt.parse_list(text)) is None


def test_reading_a_folder(tmp_path):
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb http://a.example/x stable main\n")
    (parts / "debian.sources").write_text(DEB822)
    (parts / "vendor.list").write_text("deb http://v.example/ v main\n")
    (parts / "old.list.save").write_text("deb http://old.example/ stable main\n")
    addresses = [entry.uri for entry in apt.read_entries(tmp_path)]
    assert addresses[0] == "http://a.example/x"
    assert "http://v.example/" in addresses
    assert "http://old.example/" not in addresses


def test_reading_nothing(tmp_path):
    assert apt.read_entries(tmp_path / "missing") == []


def test_own_configuration_keeps_off_the_machines(tmp_path):
    text = odoo_source.apt_configuration(tmp_path, as_root=False)
    assert f'Dir::State::Lists "{tmp_path}/lists";' in text
    assert 'Dir::Etc::sourceparts "-";' in text
    assert "Sandbox" not in text
    assert "Sandbox" in odoo_source.apt_configuration(tmp_path, as_root=True)
