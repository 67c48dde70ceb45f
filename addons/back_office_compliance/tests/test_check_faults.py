from unittest.mock import patch

import psycopg2.errors

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common_check import CheckFixture


@tagged("post_install", "-at_install")
class TestCheckFaults(CheckFixture):
    """A check that fails stays alone with it, and resolves nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls._make_check("TEST-GOOD")
        cls._make_partners(2)
        cls.Check._run_checks(cls.company, cls.check | cls.good)

    def _fails(self, function):
        """Run a check that asks ``function`` before a good one; return its line."""
        self._make_partners()
        with self._as_method(self.check, function):
            run = self._run(self.check | self.good)
        by_check = {line.check_id: line for line in run.line_ids}
        self.assertEqual(by_check[self.good].result, "fail")
        self.assertEqual(by_check[self.good].new_count, 1)
        self.assertEqual(run.state, "done")
        self.assertEqual(set(self._findings().mapped("state")), {"open"})
        self.assertEqual(len(self._findings()), 2)
        return by_check[self.check]

    def test_raises(self):
        def broken(check, company, parameters, scope):
            raise ZeroDivisionError("by zero")

        line = self._fails(broken)
        self.assertEqual(line.result, "error")
        self.assertRegex(line.error, "TEST-DOMAIN failed: by zero")

    @mute_logger("odoo.sql_db")
    def test_wrong_sql(self):
        line = self._fails(lambda *args: SQL("SELECT 1 AS res_id FROM no_such_table"))
        self.assertEqual(line.result, "error")
        self.assertIn("no_such_table", line.error)

    @mute_logger("odoo.sql_db")
    def test_sql_without_the_columns(self):
        line = self._fails(lambda *args: SQL("SELECT 1 AS res_id"))
        self.assertEqual(line.result, "error")
        self.assertIn("q.key", line.error)

    def test_no_sql(self):
        line = self._fails(lambda *args: [(1, "", None, {})])
        self.assertEqual(line.result, "error")
        self.assertIn("has to return SQL", line.error)

    def test_method_that_is_gone(self):
        """An add-on was removed; the check stayed."""
        self.check.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE compliance_check SET kind = 'method', method = 'gone'"
                " WHERE id = %s",
                self.check.id,
            )
        )
        self.check.invalidate_recordset()
        line = self._run().line_ids
        self.assertEqual(line.result, "error")
        self.assertIn("_check_gone", line.error)

    @mute_logger("odoo.sql_db")
    def test_hangs(self):
        self.check.timeout = 1
        line = self._fails(
            lambda *args: SQL(
                "SELECT 0 AS res_id, pg_sleep(60)::text AS key, NULL AS date,"
                " NULL AS values"
            )
        )
        self.assertEqual(line.result, "error")
        self.assertRegex(line.error, "stopped after 1 seconds.*“Timeout”")
        # the limit was the check's alone
        ((limit,),) = self.env.execute_query(SQL("SHOW statement_timeout"))
        self.assertEqual(limit, "0")

    def test_writes_are_undone(self):
        """What a check does to the data is rolled back, also when it succeeds."""
        partner = self._make_partners(ref=False)

        def writes(check, company, parameters, scope):
            check.env["res.partner"].browse(partner.id).name = "Written by a check"
            return SQL(
                "SELECT 0 AS res_id, name AS key, NULL AS date, NULL AS values"
                " FROM res_partner WHERE id = %s",
                partner.id,
            )

        with self._as_method(self.check, writes):
            self.assertEqual(self._run().line_ids.count, 1)
        self.assertEqual(partner.name, "Partner 0")
        self.env.cr.execute("SELECT name FROM res_partner WHERE id = %s", partner.ids)
        self.assertEqual(self.env.cr.fetchone(), ("Partner 0",))

    @mute_logger("odoo.sql_db")
    def test_lock_is_waited_for(self):
        """A locked table: tried again, and read when the lock is gone."""
        attempts = []
        locked = psycopg2.errors.LockNotAvailable("locked")

        def reads(check, company, parameters, scope):
            attempts.append(1)
            if len(attempts) < 3:
                raise locked
            return SQL("SELECT 0 AS res_id, '' AS key, NULL AS date, NULL AS values")

        with self._as_method(self.check, reads):
            self.assertEqual(self._run().line_ids.result, "fail")
        self.assertEqual(len(attempts), 3)

    @mute_logger("odoo.sql_db")
    def test_lock_that_stays(self):
        def reads(check, company, parameters, scope):
            raise psycopg2.errors.LockNotAvailable("locked")

        line = self._fails(reads)
        self.assertEqual(line.result, "error")
        self.assertIn("Run it again later", line.error)

    def test_serialization_failure_is_the_callers(self):
        def conflict(check, company, parameters, scope):
            raise psycopg2.errors.SerializationFailure("conflict")

        with self._as_method(self.check, conflict):
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self._run()

    def test_lost_connection_is_no_error_of_the_check(self):
        def lost(check, company, parameters, scope):
            raise psycopg2.OperationalError("server closed the connection")

        with self._as_method(self.check, lost):
            self.assertEqual(self._run().line_ids.result, "error")
            cnx = type("Connection", (), {"closed": 2})()
            with patch.object(self.env.cr, "_cnx", cnx, create=True):
                with self.assertRaises(psycopg2.OperationalError):
                    self._run()


@tagged("post_install", "-at_install")
class TestCheckCron(CheckFixture):
    """The nightly run: queued at once, asked one check a transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._make_check("TEST-SECOND")
        cls.Run = cls.env["compliance.run"]
        # only these two, whatever an installation brings
        (cls.Check.search([]) - cls.check - cls.second).active = False
        cls.queue = cls.env.ref("back_office_compliance.ir_cron_run_queue")
        cls.nightly = cls.env.ref("back_office_compliance.ir_cron_run_nightly")

    def _trigger(self, cron):
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _runs(self):
        return self.Run.search([("company_id", "=", self.company.id)], order="id")

    def test_nightly(self):
        self._make_partners(2)
        self._trigger(self.nightly)
        run = self._runs()
        self.assertEqual((run.state, run.trigger), ("running", "cron"))
        self.assertEqual(run.progress, 0)
        self._trigger(self.queue)
        self.assertEqual(run.state, "done")
        self.assertTrue(run.ended_on)
        self.assertEqual(run.progress, 100)
        self.assertEqual(run.line_ids.mapped("count"), [2, 2])

    def test_goes_on_after_a_crash(self):
        """The worker died between two checks: the other one is asked, only once."""
        self._make_partners(2)
        self._trigger(self.nightly)
        run = self._runs()
        first, second = run.line_ids.sorted("id")
        first._execute()
        self.assertEqual((run.state, run.progress), ("running", 50))
        ended_on = first.ended_on
        self._trigger(self.queue)
        self.assertEqual(run.state, "done")
        self.assertEqual(first.ended_on, ended_on)
        self.assertEqual(second.count, 2)

    def test_a_new_night_takes_over(self):
        self._trigger(self.nightly)
        old = self._runs()
        self._trigger(self.nightly)
        self.assertEqual(old.state, "interrupted")
        self.assertEqual(set(old.line_ids.mapped("result")), {"skipped"})
        self.assertEqual(len(self._runs()), 2)

    def test_run_now(self):
        user = self._make_user("runner", "preparer")
        self._make_partners()
        action = self.check.with_user(user).action_run_now()
        run = self.Run.browse(action["res_id"])
        self.assertEqual((run.state, run.user_id), ("running", user))
        self.assertEqual(run.line_ids.check_id, self.check)
        self.assertTrue(
            self.env["ir.cron.trigger"].search([("cron_id", "=", self.queue.id)])
        )
        self._trigger(self.queue)
        self.assertEqual((run.state, run.line_ids.count), ("done", 1))

    def test_run_all(self):
        user = self._make_user("runner", "preparer")
        action = self.check.with_user(user).with_context(run_all=True).action_run_now()
        run = self.Run.browse(action["res_id"])
        self.assertEqual(run.line_ids.check_id, self.check | self.second)

    def test_nothing_to_run(self):
        user = self._make_user("runner", "preparer")
        (self.check | self.second).active = False
        with self.assertRaisesRegex(UserError, "no active check"):
            self.Check.with_user(user).action_run_now()

    def test_conflict_is_retried(self):
        """Another transaction writes the same: a new one begins, as Odoo does."""
        run = self.Run._start(self.company, self.check)
        answers = [psycopg2.errors.SerializationFailure("conflict"), {"result": "pass"}]
        self._execute_with(run, answers)
        self.assertEqual(run.line_ids.result, "pass")
        self.assertEqual(run.state, "done")

    def test_conflict_that_stays(self):
        run = self.Run._start(self.company, self.check)
        answers = [psycopg2.errors.SerializationFailure("conflict")] * 5
        self._execute_with(run, answers)
        self.assertEqual(run.line_ids.result, "error")
        self.assertEqual(run.state, "done")

    def _execute_with(self, run, answers):
        module = "odoo.addons.back_office_compliance.models.compliance_run_line"
        registry_class = self.registry["compliance.check"]
        with (
            patch.object(registry_class, "_ask", side_effect=answers),
            patch.object(self.env.cr, "rollback"),
            patch(f"{module}.time.sleep") as sleep,
        ):
            run.line_ids._execute_retrying()
        self.assertEqual(sleep.call_count, min(len(answers) - 1, 4))

    def test_interval_of_the_queue(self):
        """A crash is noticed within the hour, without anybody waking the cron."""
        self.assertEqual(self.queue.interval_type, "minutes")
        self.assertLessEqual(self.queue.interval_number, 60)

    def test_old_runs_are_deleted(self):
        old, filed, new = (
            self.Run._start(self.company, self.check, trigger=trigger)
            for trigger in ("cron", "manual", "cron")
        )
        (old | filed).started_on = fields.Datetime.subtract(
            fields.Datetime.now(), days=500
        )
        self.Run._gc_nightly()
        self.assertFalse(old.exists())
        self.assertEqual((filed | new).exists(), filed | new)
