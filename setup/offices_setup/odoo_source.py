"""Odoo 19 itself: found, or fetched into the user's cache."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from . import apt, paths, process
from .console import Trouble, step

_logger = logging.getLogger(__name__)

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGE_PATH = Path("usr/lib/python3/dist-packages")
# Fonts and three scripts of the package are links into these. Unstable's Font Awesome
# is version 7 and Odoo needs 4.7, hence bookworm for all that bookworm has.
PACKAGES = (
    "odoo-19/unstable",
    "fonts-montserrat/unstable",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
    "fonts-ocr-b/bookworm",
    "fonts-roboto-unhinted/bookworm",
    "libjs-jquery/bookworm",
    "libjs-jquery-form/bookworm",
    "libjs-underscore/bookworm",
)
SELFIE = Path("mail/static/lib/selfie_segmentation/selfie_segmentation.js")
TEMPORARY = ".unpacking-"


class Odoo(NamedTuple):
    """A copy of Odoo."""

    #: what goes on PYTHONPATH: the folder that holds the package ``odoo``
    home: Path
    #: folders of add-ons that Odoo does not find by itself
    addons: tuple[Path, ...]


class Unavailable(Exception):
    """A way to get Odoo that this machine does not offer."""


def recognise(directory: Path) -> Odoo | None:
    """Look for Odoo 19 in a folder.

    :param directory: a checkout, or an unpacked package
    :return: the copy, or None
    """
    for home in (directory, directory / PACKAGE_PATH):
        release = home / "odoo" / "release.py"
        if not release.is_file() or "version_info = (19, 0" not in release.read_text():
            continue
        if (home / "odoo" / "addons" / "web").is_dir():
            return Odoo(home, ())
        if (home / "addons" / "web").is_dir():
            return Odoo(home, (home / "addons",))
    return None


def dangling_links(directory: Path) -> list[Path]:
    """Find symbolic links that lead nowhere.

    :param directory: where to look
    :return: the links
    """
    found = []
    for folder, folders, files in os.walk(directory):
        for name in (*folders, *files):
            path = Path(folder, name)
            if path.is_symlink() and not path.exists():
                found.append(path)
    return sorted(found)


def ensure() -> Odoo:
    """Return Odoo 19, fetching it when the machine has none.

    :return: the copy to use
    :raise Trouble: if there is none and none can be fetched
    """
    named = os.environ.get("ODOO_HOME")
    if named:
        found = recognise(Path(named).expanduser().resolve())
        if found is None:
            raise Trouble(
                f"ODOO_HOME names {named}, which holds no Odoo {SERIES}.",
                "unset ODOO_HOME, or let it name a checkout of branch 19.0",
            )
        return found
    cached = paths.cache_directory() / f"odoo-{SERIES}"
    # the copy is complete or absent, so its being there is enough
    return recognise(cached) or _fetch(cached)


def _fetch(target: Path) -> Odoo:
    cache = target.parent
    with process.locked(cache / "lock"):
        found = recognise(target)
        if found:  # another checkout fetched it while this one waited
            return found
        for leftover in cache.glob(f"{TEMPORARY}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        reasons = []
        for name, way in (("Debian", unpack_debian), ("git", clone)):
            try:
                return _fetch_one_way(target, way)
            except Unavailable as reason:
                _logger.info("Odoo from %s: %s", name, reason)
                reasons.append(f"{name}: {reason}")
    raise Trouble(
        f"Odoo {SERIES} could not be fetched ({'; '.join(reasons)}).",
        f"git clone --depth 1 --branch {SERIES} {REPOSITORY} ~/odoo"
        " && export ODOO_HOME=~/odoo",
    )


def _fetch_one_way(target: Path, way: Callable[[Path], None]) -> Odoo:
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=target.parent))
    try:
        # mkdtemp closes the folder to others; a copy of public code may be read
        temporary.chmod(0o755)
        way(temporary)
        if recognise(temporary) is None:
            raise Unavailable(f"what it gave is not Odoo {SERIES}")
        shutil.rmtree(target, ignore_errors=True)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    found = recognise(target)
    assert found is not None
    return found


def unpack_debian(root: Path) -> None:
    """Unpack Debian's package of Odoo and what its links lead to.

    :param root: an empty folder
    :raise Unavailable: if this machine has no Debian mirror or no Debian tools
    """
    mirror = apt.find_mirror(apt.read_entries())
    missing = [name for name in ("apt-get", "dpkg") if shutil.which(name) is None]
    if missing or not KEYRING.exists() or mirror is None:
        raise Unavailable("this machine has no Debian mirror, keyring or tools")
    with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=root.parent) as work:
        with step("Download Odoo 19 and its fonts from the Debian mirror"):
            _download(Path(work), mirror)
        with step("Unpack Odoo 19"):
            log = paths.LOGS / "dpkg.log"
            for package in sorted(Path(work).glob("*.deb")):
                if process.run_logged(["dpkg", "-x", package, root], log):
                    raise Unavailable(f"dpkg failed\n{process.last_lines(log)}")
            mend_debian(root)


def apt_configuration(work: Path, as_root: bool) -> str:
    """Write an apt configuration that leaves the machine's own alone.

    :param work: where apt keeps its lists and packages
    :param as_root: whether apt runs as root
    :return: the content of an apt.conf
    """
    lines = [
        f'Dir::Etc::sourcelist "{work}/sources.list";',
        'Dir::Etc::sourceparts "-";',
        f'Dir::State::Lists "{work}/lists";',
        f'Dir::Cache "{work}/cache";',
        'Acquire::Languages "none";',
        'Acquire::Retries "3";',
    ]
    if as_root:
        # root's apt downloads as the user _apt, who may not read a home's cache
        lines.append('APT::Sandbox::User "root";')
    return "\n".join(lines) + "\n"


def _download(work: Path, mirror: str) -> None:
    for folder in ("lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    source = f"deb [signed-by={KEYRING}] {mirror}"
    sources = "".join(f"{source} {suite} main\n" for suite in ("unstable", "bookworm"))
    (work / "sources.list").write_text(sources)
    configuration = work / "apt.conf"
    configuration.write_text(apt_configuration(work, os.geteuid() == 0))
    environment = {"APT_CONFIG": str(configuration)}
    log = paths.LOGS / "apt-odoo.log"
    commands = (["apt-get", "update"], ["apt-get", "download", *PACKAGES])
    for command in commands:
        if process.run_logged(command, log, cwd=work, env=environment):
            message = f"{' '.join(command[:2])} failed\n{process.last_lines(log)}"
            raise Unavailable(message)


def mend_debian(root: Path) -> None:
    """Make the unpacked package complete.

    :param root: where it was unpacked
    :raise Unavailable: if links are left that lead nowhere
    """
    # Odoo puts a folder named addons beside itself on the addons path, and the
    # package's is a partial one whose modules would hide nothing and help nobody
    shutil.rmtree(root / PACKAGE_PATH / "addons", ignore_errors=True)
    addons = root / PACKAGE_PATH / "odoo" / "addons"
    selfie = addons / SELFIE
    if not selfie.exists():
        # Debian leaves this library out; the web client asks for it in every page
        # and a missing script fails each browser test
        selfie.parent.mkdir(parents=True, exist_ok=True)
        selfie.write_text("// left out by Debian: background blur in video calls\n")
    dangling = dangling_links(addons)
    if dangling:
        names = ", ".join(str(link.relative_to(addons)) for link in dangling[:5])
        raise Unavailable(f"{len(dangling)} links lead nowhere ({names})")


def clone(root: Path) -> None:
    """Clone Odoo's own repository.

    :param root: an empty folder
    :raise Unavailable: if there is no git, or the clone fails
    """
    if shutil.which("git") is None:
        raise Unavailable("git is not installed")
    log = paths.LOGS / "git.log"
    command = ["git", "clone", "--depth", "1", "--branch", SERIES, REPOSITORY, root]
    with step(f"Clone Odoo {SERIES} from {REPOSITORY}"):
        if process.run_logged(command, log, env={"GIT_TERMINAL_PROMPT": "0"}):
            raise Unavailable(f"git clone failed\n{process.last_lines(log, 3)}")
