"""Where things are."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = "front-back-office-odoo"

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
ODOO_CONF = ROOT / "odoo.conf"

# Everything the commands make stays in these folders, which git ignores.
VENV = ROOT / ".venv"
POSTGRES = ROOT / ".postgres"
STATE = ROOT / ".odoo"
LOGS = STATE / "log"


def cache_directory() -> Path:
    """Return the folder that all checkouts of one user share.

    :return: a folder under ``XDG_CACHE_HOME`` or ``~/.cache``; it may not exist yet
    """
    base = os.environ.get("XDG_CACHE_HOME")
    # the XDG specification says to ignore a relative path
    if base and os.path.isabs(base):
        return Path(base) / PROJECT
    return Path.home() / ".cache" / PROJECT
