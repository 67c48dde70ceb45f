import threading
from contextlib import closing
from unittest.mock import patch

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

SLEEP = "odoo.addons.back_office_compliance.models.compliance_run_line.time.sleep"


@tagged("post_install", "-at_install")
class TestCheckWorkers(BaseCase):
    """Several connections to one database: no finding is doubled, none is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls.company_id = env["res.company"].create({"name": "Two workers"}).id
            cls.partner_ids = (
                env["res.partner"]
                .create(
                    [
                        {"name": "Bad", "ref": "workers", "company_id": cls.company_id}
                        for _number in range(3)
                    ]
                )
                .ids
            )
            check = env["compliance.check"].create(
                {
                    "code": "TEST-WORKERS",
                    "name": "Two workers",
                    "model_id": env["ir.model"]._get_id("res.partner"),
                    "domain": "[('ref', '=', 'workers')]",
                    "value_fields": "name",
                    "timeout": 1,
                }
            )
            cls.check_id = check.id

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls._forget(env)
            env["compliance.check"].browse(cls.check_id).unlink()
            env["res.partner"].browse(cls.partner_ids).unlink()
            company = env["res.company"].browse(cls.company_id)
            # what the creation of a company brings with it
            partner = company.partner_id
            calendars = env["resource.calendar"].search(
                [("company_id", "=", company.id)]
            )
            company.resource_calendar_id = False
            calendars.unlink()
            env.flush_all()
            company.unlink()
            partner.unlink()

    @classmethod
    def _forget(cls, env):
        """Delete runs and findings of the check."""
        env["compliance.run"].search([("company_id", "=", cls.company_id)]).unlink()
        env["compliance.finding"].search([("check_id", "=", cls.check_id)]).unlink()

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self._forget(api.Environment(cr, SUPERUSER_ID, {}))
        # environments are made in the thread that runs the tests
        self.one = self._open()
        self.two = self._open()

    def _open(self):
        cr = self.registry.cursor()
        self.addCleanup(lambda: cr.closed or cr.close())
        return api.Environment(cr, SUPERUSER_ID, {})

    def _run(self, env):
        company = env["res.company"].browse(self.company_id)
        check = env["compliance.check"].browse(self.check_id)
        return env["compliance.check"]._run_checks(company, check)

    def _keys(self):
        """Return the committed findings as a third connection sees them."""
        with closing(self.registry.cursor()) as cr:
            cr.execute(
                SQL(
                    "SELECT res_id, state FROM compliance_finding"
                    " WHERE check_id = %s ORDER BY res_id",
                    self.check_id,
                )
            )
            return cr.fetchall()

    def _all_open(self):
        return [(partner_id, "open") for partner_id in sorted(self.partner_ids)]

    def test_one_at_a_time(self):
        """The second worker skips what the first one is asking."""
        self.assertEqual(self._run(self.one).line_ids.result, "fail")
        line = self._run(self.two).line_ids
        self.assertEqual((line.result, line.count), ("skipped", 0))
        self.assertIn("Another run", line.error)
        self.one.cr.commit()
        self.two.cr.commit()
        self.assertEqual(self._keys(), self._all_open())
        self.assertEqual(self._run(self.two).line_ids.result, "fail")

    @mute_logger("odoo.sql_db")
    def test_old_snapshot(self):
        """A transaction that began before the other one's commit begins again."""
        company = self.two["res.company"].browse(self.company_id)
        check = self.two["compliance.check"].browse(self.check_id)
        run = self.two["compliance.run"]._start(company, check)
        self.two.cr.commit()
        self.two.cr.execute("SELECT 1")  # the snapshot is taken here
        self._run(self.one)
        self.one.cr.commit()
        with patch(SLEEP) as sleep:
            run.line_ids._execute_retrying()
        self.two.cr.commit()
        self.assertEqual(sleep.call_count, 1)
        self.assertEqual((run.line_ids.result, run.line_ids.new_count), ("fail", 0))
        self.assertEqual(self._keys(), self._all_open())

    @mute_logger("odoo.sql_db")
    def test_somebody_works_on_the_finding(self):
        """What a person writes during a run is kept; the run begins again."""
        self._run(self.one)
        self.one["res.partner"].browse(self.partner_ids[0]).ref = False
        self.one.cr.commit()
        company = self.two["res.company"].browse(self.company_id)
        check = self.two["compliance.check"].browse(self.check_id)
        run = self.two["compliance.run"]._start(company, check)
        self.two.cr.commit()
        self.two.cr.execute("SELECT 1")
        findings = self.one["compliance.finding"].search(
            [("check_id", "=", self.check_id)]
        )
        findings.action_acknowledge()
        self.one.cr.commit()
        with patch(SLEEP) as sleep:
            run.line_ids._execute_retrying()
        self.two.cr.commit()
        self.assertEqual(sleep.call_count, 1)
        self.assertEqual(run.line_ids.resolved_count, 1)
        self.assertEqual(
            sorted(state for _id, state in self._keys()),
            ["acknowledged", "acknowledged", "resolved"],
        )
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.partner"].browse(self.partner_ids[0]).ref = "workers"

    @mute_logger("odoo.sql_db")
    def test_connection_lost(self):
        """PostgreSQL goes away in the middle: nothing is half-written."""

        def terminate(check, company, parameters, scope):
            pid = check.env.cr._cnx.get_backend_pid()
            with closing(db_connect(get_db_name()).cursor()) as cr:
                cr.execute(SQL("SELECT pg_terminate_backend(%s, 10000)", pid))
            return SQL("SELECT 0 AS res_id, '' AS key, NULL AS date, NULL AS values")

        registry_class = self.registry["compliance.check"]
        with (
            patch.object(registry_class, "_get_sql_domain", terminate),
            self.assertRaises((psycopg2.OperationalError, psycopg2.InterfaceError)),
        ):
            self._run(self.one)
        self.assertTrue(self.one.cr._cnx.closed)
        self.assertEqual(self._keys(), [])
        self.assertEqual(self._run(self.two).line_ids.result, "fail")
        self.two.cr.commit()
        self.assertEqual(self._keys(), self._all_open())

    @mute_logger("odoo.sql_db")
    def test_table_is_locked_for_a_while(self):
        """Somebody else's lock: waited for, and read when it is gone."""
        blocker = db_connect(get_db_name()).cursor()
        self.addCleanup(lambda: blocker.closed or blocker.close())
        blocker.execute("LOCK TABLE res_partner IN ACCESS EXCLUSIVE MODE")
        check = self.one["compliance.check"].browse(self.check_id)
        company = self.one["res.company"].browse(self.company_id)
        read = type(check)._read_found
        reads = []

        def read_and_release(self, company, scope):
            reads.append(1)
            if len(reads) == 2:
                blocker.rollback()
            return read(self, company, scope)

        engine = check._as_engine(company)
        with patch.object(type(check), "_read_found", read_and_release):
            found = engine._read_patiently(company, None)
        self.assertEqual((found.count, len(reads)), (3, 2))

    def test_threads(self):
        """Two threads at the same moment: one of them finds, the other one skips."""
        barrier = threading.Barrier(2)
        results = []

        def work(env):
            with env.cr:
                barrier.wait(timeout=30)
                run = self._run(env)
                results.append(run.line_ids.result)
                barrier.wait(timeout=30)

        threads = [
            threading.Thread(target=work, args=(env,)) for env in (self.one, self.two)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(sorted(results), ["fail", "skipped"])
        self.assertEqual(self._keys(), self._all_open())
