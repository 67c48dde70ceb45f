"""The pictures that setup/screenshots takes."""

from __future__ import annotations

from typing import NamedTuple

DOCS = "docs/images"


class Page(NamedTuple):
    """A picture of a page.

    ``steps`` are done in order once the page is there: a selector is clicked, a
    selector after ``wait:`` is waited for.
    """

    name: str
    #: who is logged in; "" for a stranger
    login: str
    #: the path
    url: str
    width: int = 1280
    height: int = 800
    steps: tuple[str, ...] = ()
    #: the folder, relative to the checkout
    folder: str = DOCS


PAGES: tuple[Page, ...] = (
    Page("login", "", "/web/login", width=1024, height=700),
    Page("apps", "admin", "/odoo/apps", steps=("wait:.o_kanban_record",)),
)
