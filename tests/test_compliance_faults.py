"""The nightly run of checks against real faults: of workers, PostgreSQL and checks.

The tests have a PostgreSQL of their own, which they may restart, with a copy of the
test database for each of them. Workers are processes of their own: what is left behind
by a ``kill -9`` cannot be seen from within a process.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from offices_setup.postgres import PORT, ROLE, Cluster

# the architecture is tested without Odoo; these tests are not
odoo = pytest.importorskip("odoo", reason="needs Odoo")
if not hasattr(odoo, "tools"):
    pytest.skip("needs Odoo", allow_module_level=True)

from odoo import SUPERUSER_ID, api, sql_db  # noqa: E402
from odoo.modules.registry import Registry  # noqa: E402
from odoo.tools import SQL, config  # noqa: E402

WORKER = Path(__file__).parent / "compliance_worker.py"
PARTNERS = 500
CODES = ("FAULT-1", "FAULT-2", "FAULT-3")
FAULTY = ("fault_raises", "fault_hangs", "fault_foreign")
TEMPLATE = "faults_template"
PATIENCE = 120


def administer(statement):
    """Run a statement that PostgreSQL does not allow in a transaction."""
    with closing(sql_db.db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(statement)


def query(database, code, *parameters):
    """Return the rows of a statement, read in a transaction of its own."""
    with closing(sql_db.db_connect(database).cursor()) as cr:
        cr.execute(SQL(code, *parameters))
        return cr.fetchall()


def wait_for(condition, what):
    """Return the value of a condition as soon as it is true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.2)
    raise AssertionError(f"{what}: did not happen in {PATIENCE} seconds")


@pytest.fixture(scope="module")
def server():
    """Have a PostgreSQL of our own, with a copy of the test database as template."""
    names = config["db_name"]
    if not names:
        pytest.skip("needs a database: setup/test has one")
    name = names[0] if isinstance(names, list) else names
    # a server of root's runs as somebody who cannot enter pytest's private folders
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    home.chmod(0o755)
    cluster = Cluster(home)
    try:
        cluster.start()
        copy_database(cluster, name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(config, "db_host", str(cluster.socket))
            patch.setitem(config, "db_port", PORT)
            patch.setitem(config, "db_user", ROLE)
            patch.setitem(config, "db_password", False)
            # setup's servers may forget the last moments; what is asserted here is
            # what was committed before the fault
            administer("ALTER ROLE CURRENT_USER SET synchronous_commit = on")
            yield cluster
            sql_db.close_db("postgres")
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(cluster.socket, ignore_errors=True)


def copy_database(cluster, name):
    """Copy the test database to another server, as the template of the tests."""
    _name, info = sql_db.connection_info_for(name)
    libpq = {"user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE"}
    libpq |= {"host": "PGHOST", "port": "PGPORT"}
    here = {libpq[key]: str(value) for key, value in info.items() if key in libpq}
    there = {**os.environ, **cluster.environment()}
    subprocess.run(
        [cluster.bin / "createdb", "--template=template0", TEMPLATE],
        env=there,
        check=True,
    )
    command = [cluster.bin / "pg_dump", "--no-owner", "--no-privileges", name]
    restore = [cluster.bin / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    with subprocess.Popen(
        command, env={**os.environ, **here}, stdout=subprocess.PIPE
    ) as dump:
        subprocess.run([*restore, TEMPLATE], env=there, stdin=dump.stdout, check=True)
    assert dump.returncode == 0


@pytest.fixture
def database(server):
    """Yield the name of a copy of the test database; then drop it."""
    copy = f"faults_{os.getpid()}"
    names = SQL.identifier(copy), SQL.identifier(TEMPLATE)
    administer(SQL("CREATE DATABASE %s TEMPLATE %s", *names))
    try:
        yield copy
    finally:
        Registry.delete(copy)
        sql_db.close_db(copy)
        administer(SQL("DROP DATABASE %s WITH (FORCE)", SQL.identifier(copy)))
        shutil.rmtree(config.filestore(copy), ignore_errors=True)


@contextmanager
def worker(database, *options):
    """Yield a process that runs the jobs that are due; kill it in the end."""
    command = [sys.executable, str(WORKER), *options, "-d", database]
    command += ["--addons-path", ",".join(map(str, config["addons_path"]))]
    command += ["--log-level", "critical"]
    for name in ("db_host", "db_port", "db_user", "db_password"):
        if config[name]:
            command += [f"--{name}", str(config[name])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.fixture
def queued(database, monkeypatch):
    """Queue a nightly run of three checks over the same partners; return its id."""
    # the tests of the add-ons are not collected for this registry
    monkeypatch.setitem(config, "test_enable", False)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = env["res.company"].create({"name": "Faults"})
        env["res.partner"].create(
            [
                {"name": f"Bad {n}", "ref": "fault", "company_id": company.id}
                for n in range(PARTNERS)
            ]
        )
        stranger = env["res.company"].create({"name": "Somebody else"})
        env["res.partner"].create(
            {"name": "Theirs", "ref": "fault", "company_id": stranger.id}
        )
        env["compliance.check"].search([]).active = False
        checks = env["compliance.check"].create(
            [
                {
                    "code": code,
                    "name": code,
                    "model_id": env["ir.model"]._get_id("res.partner"),
                    "domain": "[('ref', '=', 'fault')]",
                    "timeout": 300,
                }
                for code in CODES
            ]
        )
        run = env["compliance.run"]._start(company, checks, trigger="cron")
        # nothing else is due in the copy
        env["ir.cron"].search([]).write({"active": False})
        queue = env.ref("back_office_compliance.ir_cron_run_queue")
        queue.write({"active": True, "nextcall": "2020-01-01 00:00:00"})
        run_id = run.id
    # the workers have the copy to themselves
    sql_db.close_db(database)
    return run_id


def results(database, run_id):
    """Return the result and the end of each check of the run, in their order."""
    return query(
        database,
        "SELECT result, ended_on FROM compliance_run_line WHERE run_id = %s"
        " ORDER BY id",
        run_id,
    )


def sleeper(database):
    """Return the process of PostgreSQL that is reading the slow check."""
    rows = query(
        database,
        "SELECT pid FROM pg_stat_activity WHERE datname = %s AND state = 'active'"
        " AND wait_event = 'PgSleep'",
        database,
    )
    return rows and rows[0][0]


def kill_worker(server, process, database):
    """Kill the worker, as the out-of-memory killer or a power cut would."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    assert process.returncode == -signal.SIGKILL


def cut_connections(server, process, database):
    """Take every connection away, as a firewall or an administrator does."""
    query(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> pg_backend_pid()",
        database,
    )
    process.wait(PATIENCE)


def restart_server(server, process, database):
    """Restart PostgreSQL at once: it waits for nobody, and recovers from its log."""
    logged = server.log.stat().st_size
    postmaster = server.postmaster()
    postmaster.send_signal(signal.SIGQUIT)
    postmaster.wait(PATIENCE)
    # our own connections are gone as well
    sql_db.close_db(database)
    sql_db.close_db("postgres")
    server.start()
    assert b"not properly shut down" in server.log.read_bytes()[logged:]
    process.wait(PATIENCE)


@pytest.mark.parametrize("strike", [kill_worker, cut_connections, restart_server])
def test_run_goes_on(server, database, queued, strike):
    """What the fault stopped is asked by the next worker; the rest is not repeated."""
    with worker(database, "--slow", CODES[1]) as process:
        wait_for(lambda: sleeper(database), "the second check")
        strike(server, process, database)
    wait_for(lambda: not sleeper(database), "the end of what was asked")
    first, second, third = results(database, queued)
    assert first[0] == "fail"
    assert (second[0], third[0]) == (None, None)
    assert findings(database) == {CODES[0]: PARTNERS}

    with worker(database) as process:
        assert process.wait(PATIENCE) == 0
    after = results(database, queued)
    assert [result for result, _ended_on in after] == ["fail", "fail", "fail"]
    assert after[0] == first
    assert findings(database) == dict.fromkeys(CODES, PARTNERS)
    assert query(
        database, "SELECT state FROM compliance_run WHERE id = %s", queued
    ) == [("done",)]


def test_two_workers(database, queued):
    """Two workers that wake together: the run is made once."""
    with worker(database) as one, worker(database) as two:
        assert (one.wait(PATIENCE), two.wait(PATIENCE)) == (0, 0)
    assert {result for result, _ended_on in results(database, queued)} == {"fail"}
    assert findings(database) == dict.fromkeys(CODES, PARTNERS)


def test_faulty_checks(database, queued):
    """One raises, one hangs, one names a record of another company: in one night."""
    with closing(sql_db.db_connect(database).cursor()) as cr:
        for code, method in zip(CODES, FAULTY, strict=True):
            cr.execute(
                SQL(
                    "UPDATE compliance_check SET kind = 'method', method = %s,"
                    " timeout = 2 WHERE code = %s",
                    method,
                    code,
                )
            )
        cr.commit()
    with worker(database, "--faulty") as process:
        assert process.wait(PATIENCE) == 0
    (raises, hangs, foreign) = query(
        database,
        "SELECT result, dropped_count, error FROM compliance_run_line"
        " WHERE run_id = %s ORDER BY id",
        queued,
    )
    assert raises[0] == "error" and "on purpose" in raises[2]
    assert hangs[0] == "error" and "stopped after 2 seconds" in hangs[2]
    assert foreign[:2] == ("fail", 1) and "of another company" in foreign[2]
    assert findings(database) == {CODES[2]: PARTNERS}


def test_locked_table(database, queued):
    """Somebody holds the table: each try waits a while, and the next one reads it."""
    with closing(sql_db.db_connect(database).cursor()) as cr:
        cr.execute("UPDATE compliance_check SET timeout = 10")
        cr.commit()
    with closing(sql_db.db_connect(database).cursor()) as blocker:
        blocker.execute("LOCK TABLE res_partner IN ACCESS EXCLUSIVE MODE")
        with worker(database) as process:
            first = wait_for(lambda: waiting_since(database), "a check that waits")
            wait_for(
                lambda: (waiting_since(database) or first) > first, "another attempt"
            )
            blocker.rollback()
            assert process.wait(PATIENCE) == 0
    assert {result for result, _ended_on in results(database, queued)} == {"fail"}
    assert findings(database) == dict.fromkeys(CODES, PARTNERS)


def waiting_since(database):
    """Return when the statement began that waits for a lock, if any does."""
    rows = query(
        database,
        "SELECT query_start FROM pg_stat_activity WHERE datname = %s"
        " AND wait_event_type = 'Lock'",
        database,
    )
    return rows and rows[0][0]


def findings(database):
    """Return how many records each check has found, each of them once."""
    rows = query(
        database,
        "SELECT c.code, COUNT(*), COUNT(DISTINCT f.res_id)"
        " FROM compliance_finding f JOIN compliance_check c ON c.id = f.check_id"
        " WHERE c.code LIKE 'FAULT-%%' GROUP BY c.code",
    )
    assert all(number == records for _code, number, records in rows)
    return {code: number for code, number, _records in rows}
