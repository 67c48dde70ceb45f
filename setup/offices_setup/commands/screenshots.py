"""setup/screenshots: the pictures of the documentation."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from playwright import sync_api as playwright

from .. import addons, browser, odoo_source, pages, paths, people, postgres
from ..console import Trouble, say, step
from ..database import Database
from ..pages import Page
from ..server import Server, free_port

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MILLISECONDS = 60_000
FADE_MILLISECONDS = 800
SETTLED = """() =>
    document.fonts.status === "loaded" &&
    [...document.images].every((image) => image.complete || image.loading === "lazy") &&
    !document.querySelector(".o_loading_indicator, .o_blockUI")
"""
WAIT = "wait:"
# where people are once they are logged in: colleagues, and customers
HOME = ".o_main_navbar, .o_portal_wrap"
# the web client's main area, the login form, or a page of the website
DRAWN = ".o_action_manager > *, .oe_login_form, main"


def main(options: argparse.Namespace) -> int:
    """Take the pictures.

    :param options: the command's options
    :return: 0
    :raise Trouble: if a picture is unknown, or cannot be taken
    """
    chosen = choose(options.names)
    executable = browser.ensure()
    odoo = odoo_source.ensure()
    with postgres.running():
        modules = addons.names(with_tests=False)
        demo = Database(options.database, odoo, demo=True, modules=modules)
        demo.ensure()
        server = Server(odoo, demo.name, free_port())
        with server.serving(), playwright.sync_playwright() as driver:
            chromium = driver.chromium.launch(
                executable_path=executable, headless=True, args=list(FLAGS)
            )
            try:
                photograph_all(chromium, server.address, chosen)
            finally:
                chromium.close()
    return 0


def choose(names: Sequence[str]) -> list[Page]:
    """Find the pictures a person named.

    :param names: their names; none for all
    :return: the pictures
    :raise Trouble: if there is no picture of a name
    """
    known = {page.name: page for page in pages.PAGES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Trouble(
            f"There is no picture named {', '.join(unknown)}.",
            f"choose among: {', '.join(known)}",
        )
    return [known[name] for name in names] or list(pages.PAGES)


def photograph_all(
    chromium: playwright.Browser, address: str, chosen: Sequence[Page]
) -> None:
    """Take pictures, each person logging in once.

    :param chromium: the browser
    :param address: where Odoo is served
    :param chosen: the pictures
    :raise Trouble: if a page does not show what it should
    """
    contexts: dict[str, playwright.BrowserContext] = {}
    for page in chosen:
        with step(f"Photograph {page.name}"):
            if page.login not in contexts:
                contexts[page.login] = chromium.new_context(locale="en-US")
                contexts[page.login].set_default_timeout(PATIENCE_MILLISECONDS)
                if page.login:
                    log_in(contexts[page.login], address, page.login)
            try:
                photograph(contexts[page.login], address, page)
            except playwright.Error as error:
                raise Trouble(
                    f"The picture {page.name} could not be taken: {error}",
                    "look at the page in setup/run, then correct pages.py",
                ) from None


def log_in(context: playwright.BrowserContext, address: str, login: str) -> None:
    """Log a person of the demo data in.

    :param context: the person's browser session
    :param address: where Odoo is served
    :param login: who
    """
    person = next(person for person in people.PEOPLE if person.login == login)
    tab = context.new_page()
    tab.goto(f"{address}/web/login")
    tab.fill("input[name=login]", person.login)
    tab.fill("input[name=password]", person.password)
    tab.click(".oe_login_form button[type=submit]")
    tab.wait_for_selector(HOME)
    tab.close()


def photograph(context: playwright.BrowserContext, address: str, page: Page) -> None:
    """Take one picture.

    :param context: the person's browser session
    :param address: where Odoo is served
    :param page: what to photograph
    """
    tab = context.new_page()
    tab.set_viewport_size({"width": page.width, "height": page.height})
    tab.goto(address + page.url)
    tab.wait_for_selector(DRAWN)
    for action in page.steps:
        if action.startswith(WAIT):
            tab.wait_for_selector(action[len(WAIT) :])
        else:
            tab.click(action)
    # The network is never idle in the web client, which keeps a live channel open, so
    # the page itself is asked. Charts and kanban cards fade in after that.
    tab.wait_for_function(SETTLED)
    tab.wait_for_timeout(FADE_MILLISECONDS)
    # a pointer left on a button would leave its tooltip in the picture
    tab.mouse.move(0, 0)
    folder = paths.ROOT / page.folder
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{page.name}.png"
    tab.screenshot(path=str(target), animations="disabled", caret="hide")
    say(str(target.relative_to(paths.ROOT)))
    tab.close()
