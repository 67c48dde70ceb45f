"""The browser that tests and screenshots drive."""

from __future__ import annotations

import shutil

from . import apt
from .console import Trouble

# the names, and their order, that Odoo's own tests look for
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find() -> str | None:
    """Look for Chromium on the PATH.

    :return: its path, or None
    """
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure(alternative: str = "") -> str:
    """Return Chromium, installing it where that is possible.

    :param alternative: what a person can do without it
    :return: its path
    :raise Trouble: if there is none
    """
    found = find()
    if found is None and apt.may_install():
        apt.install(["chromium"])
        found = find()
    if found is None:
        raise Trouble(
            "There is no Chromium on the PATH.",
            f"sudo apt-get install chromium{alternative}",
        )
    return found
