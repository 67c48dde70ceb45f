"""The program with which Odoo makes PDF files."""

from __future__ import annotations

import logging
import shutil

from . import apt
from .console import Trouble

_logger = logging.getLogger(__name__)

NAME = "wkhtmltopdf"
REMEDY = f"sudo apt-get install {NAME}"


def ensure() -> str:
    """Return wkhtmltopdf, installing it where that is possible.

    :return: its path
    :raise Trouble: if there is none
    """
    # on the PATH, as Odoo looks for it
    found = shutil.which(NAME)
    if found is None and apt.may_install():
        apt.install([NAME])
        found = shutil.which(NAME)
    if found is None:
        raise Trouble(f"There is no {NAME} on the PATH.", REMEDY)
    return found


def offer() -> str | None:
    """Return wkhtmltopdf, or say what does not work without it.

    Odoo serves without it, so that nobody is kept from the rest.

    :return: its path, or None
    """
    try:
        return ensure()
    except Trouble as trouble:
        _logger.warning(
            "%s Certificates and other documents cannot be printed as PDF;"
            " all else works. To mend it: %s",
            trouble,
            trouble.remedy,
        )
        return None
