"""Odoo databases: made whole, updated when the add-ons changed, dropped."""

from __future__ import annotations

import json
import logging
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from . import addons, console, gates, paths, process
from .console import Trouble, step
from .odoo_source import Odoo

_logger = logging.getLogger(__name__)

# The comment on a database says who made it and from what. It lives and dies with the
# database, whichever server that is on, and touches none of Odoo's tables.
MARK = "front-back-office-odoo: "
UNFINISHED = f"{MARK}being built"
LOADING = re.compile(r"odoo\.modules\.loading: Loading module (\S+) \((\d+)/(\d+)\)")


@contextmanager
def _cursor(name: str = "postgres") -> Iterator[Cursor]:
    with closing(psycopg2.connect(dbname=name)) as connection:
        # CREATE and DROP DATABASE refuse to run inside a transaction
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def odoo_command(odoo: Odoo, database: str, *arguments: str) -> list[str]:
    """Compose a call of Odoo's server.

    :param odoo: the copy of Odoo
    :param database: the database
    :param arguments: further options
    :return: the command
    """
    command = [sys.executable, "-m", "odoo", "-c", str(paths.ODOO_CONF)]
    command += ["--addons-path", addons_path(odoo), "-d", database]
    return [*command, *arguments]


def addons_path(odoo: Odoo) -> str:
    """Return Odoo's addons path.

    :param odoo: the copy of Odoo
    :return: folders, separated by commas
    """
    return ",".join(str(path) for path in (*odoo.addons, paths.ADDONS))


def odoo_environment(odoo: Odoo) -> dict[str, str]:
    """Return the variables that Odoo needs.

    :param odoo: the copy of Odoo
    :return: the variables
    """
    return {
        "PYTHONPATH": str(odoo.home),
        # attachments and sessions stay in the checkout, beside their database
        "ODOO_DATA_DIR": str(paths.STATE / "data"),
        "PYTHONUNBUFFERED": "1",
    }


class Database:
    """A database of this checkout.

    :param name: its name
    :param odoo: the copy of Odoo
    :param demo: with demo data
    :param modules: the add-ons it has installed
    """

    def __init__(
        self, name: str, odoo: Odoo, *, demo: bool, modules: Sequence[str]
    ) -> None:
        self.name = name
        self.odoo = odoo
        self.demo = demo
        self.modules = modules

    def comment(self) -> str | None:
        """Read the comment on the database.

        :return: the comment, "" when it has none, None when there is no such database
        """
        query = """
            SELECT COALESCE(shobj_description(oid, 'pg_database'), '')
              FROM pg_database WHERE datname = %s
        """
        with _cursor() as cursor:
            cursor.execute(query, (self.name,))
            row = cursor.fetchone()
        return row[0] if row else None

    def _mark(self, text: str) -> None:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        with _cursor() as cursor:
            name = sql.Identifier(self.name)
            cursor.execute(statement.format(name, sql.Literal(text)))

    def drop(self) -> None:
        """Drop the database, whoever is connected to it, and its attachments."""
        with step(f"Drop the database {self.name}"), _cursor() as cursor:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(statement.format(sql.Identifier(self.name)))
        filestore = paths.STATE / "data" / "filestore" / self.name
        shutil.rmtree(filestore, ignore_errors=True)

    def refuse_foreign(self) -> None:
        """Make sure that the database may be dropped or updated.

        :raise Trouble: if somebody else made it
        """
        comment = self.comment()
        if comment is not None and not comment.startswith(MARK):
            raise Trouble(
                f"A database {self.name} exists that these commands did not make.",
                f"give another name with --database, or: dropdb {self.name}",
            )

    def ensure(self) -> Path | None:
        """Make the database, finish what was interrupted, or update it.

        :return: Odoo's log of the work, or None when there was nothing to do
        :raise Trouble: if Odoo fails
        """
        with process.locked(paths.STATE / f"{self.name}.lock"):
            return self._ensure()

    def _ensure(self) -> Path | None:
        self.refuse_foreign()
        comment = self.comment()
        if comment == UNFINISHED:
            _logger.info("An earlier start was interrupted; %s is made anew", self.name)
            self.drop()
            comment = None
        if comment is None:
            return self.create()
        return self._update(json.loads(comment[len(MARK) :]))

    def create(self) -> Path:
        """Make the database and install the add-ons.

        :return: Odoo's log of the installation
        :raise Trouble: if Odoo fails
        """
        with _cursor() as cursor:
            # as Odoo makes its own: sorted by byte, which its indexes profit from
            statement = sql.SQL(
                "CREATE DATABASE {} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
            )
            cursor.execute(statement.format(sql.Identifier(self.name)))
        self._mark(UNFINISHED)
        with _cursor(self.name) as cursor, suppress(psycopg2.Error):
            # without the right to, Odoo does without the quicker search
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        digests = addons.digests(self.modules)
        # without add-ons of ours, still a web client
        arguments = ["-i", ",".join(self.modules or ["web"])]
        if self.demo:
            arguments.append("--with-demo")
        log = self._run(f"Install {len(self.modules)} add-ons", arguments)
        self._mark(MARK + json.dumps(digests))
        return log

    def _update(self, before: dict[str, str]) -> Path | None:
        now = addons.digests(self.modules)
        changed = addons.changes(before, now)
        arguments = []
        if changed.install:
            arguments += ["-i", ",".join(changed.install)]
        if changed.update:
            arguments += ["-u", ",".join(changed.update)]
        if not arguments:
            return None
        names = ", ".join((*changed.install, *changed.update))
        log = self._run(f"Update {names}", arguments)
        self._mark(MARK + json.dumps(now))
        return log

    def _run(self, title: str, arguments: list[str]) -> Path:
        log = paths.LOGS / f"{self.name}-install.log"
        command = odoo_command(self.odoo, self.name, *arguments)
        command += ["--stop-after-init", "--no-http", "--workers", "0"]
        command += ["--max-cron-threads", "0"]
        environment = odoo_environment(self.odoo)
        with step(f"{title} in the database {self.name}"), progress() as on_line:
            status = process.run_logged(
                command, log, cwd=paths.ROOT, env=environment, on_line=on_line
            )
        if status:
            raise Trouble(
                f"Odoo failed (status {status}):\n{failure(log)}",
                f"see {log}, correct the add-on, start again",
            )
        return log


def failure(log: Path) -> str:
    """Return why Odoo gave up.

    :param log: its log
    :return: the last error and the end of its traceback, or the log's last lines
    """
    text = log.read_text(encoding="utf-8", errors="replace")
    problems = gates.log_problems(text)
    if not problems:
        return process.last_lines(log)
    first, *rest = problems[-1].splitlines()
    return "\n".join(f"    {line}" for line in (first, *rest[-15:]))


@contextmanager
def progress() -> Iterator:
    """Show which module Odoo is loading, where a person watches."""
    watched = sys.stderr.isatty()

    def on_line(line: str) -> None:
        match = LOADING.search(line)
        if watched and match:
            text = f"  {match[2]}/{match[3]} {match[1]}"
            sys.stderr.write(f"\r{text:<70.70}")
            sys.stderr.flush()

    try:
        yield on_line
    finally:
        if watched:
            sys.stderr.write(f"\r{'':70}\r")


def confirm_reset(name: str) -> bool:
    """Ask before a database is dropped, if there is anybody to ask.

    :param name: the database
    :return: True to go on
    """
    if not sys.stdin or not sys.stdin.isatty():
        return True
    console.say(f"This drops the database {name} with everything entered in it.")
    sys.stdout.write("Go on? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
