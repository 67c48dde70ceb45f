"""What the benchmarks share: a database to spoil, medians, psql, and a verdict.

A benchmark works in a copy of the database that it is given, so that psql sees the
same committed rows as Odoo, and drops the copy at the end, whatever happens.
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from contextlib import closing, contextmanager

from psycopg2.errors import ObjectInUse

import odoo.init  # noqa: F401  before anything else of Odoo
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def parse_arguments(description):
    """Read the command line, and Odoo's configuration file with it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("-c", "--config", help="Odoo's configuration file")
    parser.add_argument(
        "-d", "--database", required=True, help="database to copy; nobody is using it"
    )
    parser.add_argument(
        "--repeat", type=int, default=15, help="measurements for a median (15)"
    )
    arguments = parser.parse_args()
    odoo_arguments = ["-d", arguments.database, "--log-level", "warn"]
    if arguments.config:
        odoo_arguments += ["-c", arguments.config]
    config.parse_config(odoo_arguments, setup_logging=True)
    return arguments


@contextmanager
def scratch_environment(database):
    """Yield a superuser's environment in a copy of ``database``; then drop it."""
    scratch = f"{database}_benchmark_{os.getpid()}"
    # a terminated benchmark drops its copy as well
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit("Terminated"))
    _copy_database(database, scratch)
    try:
        with Registry(scratch).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, QUIET)
            cr.rollback()
    finally:
        Registry.delete(scratch)
        sql_db.close_db(scratch)
        _administer(SQL("DROP DATABASE %s WITH (FORCE)", SQL.identifier(scratch)))
        shutil.rmtree(config.filestore(scratch), ignore_errors=True)


def _copy_database(database, scratch):
    sql_db.close_db(database)
    names = SQL.identifier(scratch), SQL.identifier(database)
    try:
        _administer(SQL("CREATE DATABASE %s TEMPLATE %s", *names))
    except ObjectInUse:
        raise SystemExit(
            f"{database} is in use. Stop Odoo and psql there, or name another database."
        ) from None


def _administer(statement):
    """Run a statement that PostgreSQL does not allow in a transaction."""
    with closing(sql_db.db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(statement)


def median_ms(function, repeat):
    """Return the median milliseconds of ``function()``, after two calls to warm up."""
    times = []
    for _number in range(repeat + 2):
        times.append(once_ms(function))
    return statistics.median(times[2:])


def last_query(cr):
    """Return the statement that the cursor ran last, parameters filled in."""
    return cr._obj.query.decode()


def filled_in(cr, query):
    """Return the text of a statement, parameters filled in."""
    return cr._obj.mogrify(query.code, query.params).decode()


def psql_best_ms(cr, queries, repeat):
    """Return the best of psql's times for each of several statements, asked in turn.

    In turn, because whatever else the machine does then slows all of them down.
    """
    if not shutil.which("psql"):
        say("psql is not on the PATH: a bare cursor stands in for it")
        rounds = [
            [
                once_ms(lambda q=q: (cr._obj.execute(q), cr._obj.fetchall()))
                for q in queries
            ]
            for _number in range(repeat + 1)
        ]
    else:
        script = "".join(f"{query.strip()};\n" for query in queries) * (repeat + 1)
        times = _psql_times(cr, script)
        size = len(queries)
        rounds = [times[n : n + size] for n in range(0, len(times), size)]
    return [min(times) for times in zip(*rounds[1:], strict=True)]


def once_ms(function):
    """Return the milliseconds of one call of ``function()``."""
    start = time.perf_counter()
    function()
    return (time.perf_counter() - start) * 1000


def psql_median_ms(cr, query, repeat):
    r"""Return the median of psql's ``\timing`` for ``query``.

    Without psql on the PATH a bare cursor of the database driver takes its place.
    """
    if not shutil.which("psql"):
        say("psql is not on the PATH: a bare cursor stands in for it")
        return median_ms(lambda: (cr._obj.execute(query), cr._obj.fetchall()), repeat)
    return statistics.median(_psql_times(cr, f"{query};\n" * (repeat + 2))[2:])


def _psql_times(cr, script):
    """Return psql's milliseconds of each statement of a script."""
    result = subprocess.run(
        ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"],
        input=f"\\o /dev/null\n\\timing on\n{script}",
        env={**os.environ, **_psql_environment(cr.dbname)},
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(ms) for ms in re.findall(r"^Time: ([\d.]+) ms", result.stdout, re.M)]


def _psql_environment(database):
    """Return the variables that bring psql to the database that Odoo uses."""
    names = {
        "database": "PGDATABASE",
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "sslmode": "PGSSLMODE",
    }
    _name, info = sql_db.connection_info_for(database)
    return {names[key]: str(value) for key, value in info.items() if key in names}


def verdict(title, ours, reference, limit):
    """Print the two medians and their ratio; return the exit status."""
    ratio = ours / reference
    say(f"{title}: {ours:.1f} ms; psql {reference:.1f} ms; ratio {ratio:.2f}")
    if ratio > limit:
        say(f"FAILED: the ratio is over {limit}")
        return 1
    return 0
