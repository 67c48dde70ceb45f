"""setup/run: the demo database, served."""

from __future__ import annotations

import argparse

from .. import addons, cli, console, odoo_source, pdf, people, postgres
from ..console import Trouble, say
from ..database import Database, confirm_reset
from ..server import Server, Visitor, free_port, is_backend_page, is_login_page


def main(options: argparse.Namespace) -> int:
    """Serve Odoo, or check that it serves.

    :param options: the command's options
    :return: the exit status
    :raise Trouble: if something is missing
    """
    pdf.offer()
    odoo = odoo_source.ensure()
    with postgres.running():
        modules = addons.names(with_tests=False)
        demo = Database(options.database, odoo, demo=True, modules=modules)
        if options.reset and not reset(demo):
            say("Nothing was dropped.")
            return 1
        demo.ensure()
        if options.check:
            server = Server(odoo, demo.name, options.port or free_port())
            return check(server)
        return serve(Server(odoo, demo.name, options.port or cli.PORT))


def reset(demo: Database) -> bool:
    """Drop the demo database, if that is what the person wants.

    :param demo: the database
    :return: False if the person thought better of it
    :raise Trouble: if the database is not one of ours
    """
    demo.refuse_foreign()
    if demo.comment() is None:
        return True
    if not confirm_reset(demo.name):
        return False
    demo.drop()
    return True


def serve(server: Server) -> int:
    """Serve until somebody stops it.

    :param server: Odoo
    :return: 0, as being stopped is how this ends
    :raise Trouble: if Odoo ends by itself
    """
    try:
        with server.serving():
            say(people.introduction(server.address))
            say(f"Odoo's log: {server.log}")
            server.wait()
    except (KeyboardInterrupt, console.Stopped):
        say("Stopped.")
    return 0


def check(server: Server) -> int:
    """Ask for the login page and, logged in, for the web client.

    :param server: Odoo
    :return: 0 if both came
    :raise Trouble: if one did not
    """
    admin = people.PEOPLE[-1]
    with server.serving():
        visitor = Visitor(server.address)
        login = visitor.get("/web/login")
        say(f"GET /web/login: {login.status}")
        visitor.log_in(admin.login, admin.password)
        backend = visitor.get("/odoo")
        say(f"GET /odoo as {admin.login}: {backend.status}")
    if not is_login_page(login):
        raise Trouble(
            "What /web/login gave is not the login page.", f"see {server.log}"
        )
    if not is_backend_page(backend):
        raise Trouble(
            f"What /odoo gave is not the web client (it led to {backend.url}).",
            f"see {server.log}",
        )
    say("setup/run serves both pages.")
    return 0
