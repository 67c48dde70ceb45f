from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .statement_common import StatementFixture

FOLDER = "odoo.addons.front_office_quota.models"


@tagged("post_install", "-at_install")
class TestStatementCron(StatementFixture):
    def _run_cron(self):
        cron = self.env.ref("front_office_quota.ir_cron_compute_statements")
        with self.enter_registry_test_mode():
            cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()

    def _periods(self):
        statements = self.env["quota.statement"].search(
            [("plan_id", "=", self.plan.id)]
        )
        return statements.period_id

    @freeze_time("2026-02-10")
    def test_night_calculates_the_running_and_the_last_period(self):
        self._invoice(800, "2026-01-10")
        self._run_cron()
        self.assertEqual(self._periods(), self.january + self.february)
        self.assertEqual(self._statement(self.january).commission, 80)

    @freeze_time("2026-04-10")
    def test_period_before_the_last_is_left(self):
        self._run_cron()
        self.assertEqual(self._periods(), self.march + self.april)

    @freeze_time("2026-02-10")
    def test_error_stays_with_its_period(self):
        engine = type(self.env["quota.statement.engine"])
        compute = engine._compute_statements

        def fail_in_january(engine, periods, users=None):
            if self.january in periods:
                raise ValueError("the reason")
            return compute(engine, periods, users)

        with (
            patch.object(engine, "_compute_statements", fail_in_january),
            mute_logger(f"{FOLDER}.quota_period"),
        ):
            self._run_cron()
        self.assertEqual(self._periods(), self.february)
        self.assertEqual(self.january.statement_error, "the reason")
        self.assertFalse(self.february.statement_error)
        self._run_cron()
        self.assertFalse(self.january.statement_error)

    @freeze_time("2026-02-10")
    def test_button_calculates_what_has_begun(self):
        action = self.plan.action_compute_statements()
        self.assertEqual(self._periods(), self.january + self.february)
        self.assertEqual(
            self.env["quota.statement"].search(action["domain"]),
            self.env["quota.statement"].search([("plan_id", "=", self.plan.id)]),
        )
        with self.assertRaises(UserError) as caught:
            self.march.action_compute_statements()
        self.assertIn(f"period {self.march.name} has not", str(caught.exception))

    def test_button_of_a_draft_plan_is_refused(self):
        self.env.cr.execute(
            "UPDATE quota_plan SET state = 'draft' WHERE id = %s", [self.plan.id]
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError) as caught:
            self.january.action_compute_statements()
        self.assertIn(f"{self.plan.name} is not approved", str(caught.exception))
