from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .workflow_common import StatementFixture


@tagged("post_install", "-at_install")
class TestStatementWorkflow(StatementFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()

    def test_from_computed_to_paid(self):
        statement = self.statement
        self.cr.flush()  # what was created in this transaction is not tracked
        with self._engine():
            self.assertIs(statement.with_user(self.anna).action_confirm(), True)
        self.assertEqual(statement.state, "confirmed")
        self.assertTrue(statement.confirmed_on)
        self.assertTrue(statement.with_user(self.admin).action_approve())
        self.assertEqual(
            (statement.state, statement.approver_id), ("approved", self.admin)
        )
        action = statement.with_user(self.admin).action_open_pay()
        wizard = (
            self.env["quota.statement.pay"]
            .with_user(self.admin)
            .with_context(**action["context"])
            .create({"paid_on": "2025-03-10"})
        )
        wizard.action_pay()
        self.assertEqual(
            (statement.state, statement.paid_on, statement.payer_id),
            ("paid", date(2025, 3, 10), self.admin),
        )
        self.env.flush_all()
        self.cr.flush()
        self.env.invalidate_all()
        tracked = statement.message_ids.tracking_value_ids
        self.assertIn("Paid", tracked.mapped("new_value_char"))

    def test_only_the_person_confirms(self):
        for user in (self.boss, self.admin):
            with self._engine(), self.assertRaisesRegex(UserError, "only Test Anna"):
                self.statement.with_user(user).action_confirm()
        self.assertEqual(self.statement.state, "computed")

    def test_confirm_in_the_order_of_periods(self):
        with self._engine(), self.assertRaisesRegex(UserError, "confirm 2025-01 first"):
            self.later.with_user(self.anna).action_confirm()
        both = self.later + self.statement
        with self._engine():
            both.with_user(self.anna).action_confirm()
        self.assertEqual(set(both.mapped("state")), {"confirmed"})

    def test_confirm_after_the_end_of_the_period(self):
        with freeze_time("2025-01-31 12:00:00"), self._engine():
            self.assertFalse(self.statement.with_user(self.anna).can_confirm)
            with self.assertRaisesRegex(UserError, "2025-01-31"):
                self.statement.with_user(self.anna).action_confirm()
        with freeze_time("2025-02-01 00:30:00"), self._engine():
            self.statement.invalidate_recordset(["can_confirm"])
            self.assertTrue(self.statement.with_user(self.anna).can_confirm)
            self.statement.with_user(self.anna).action_confirm()
        self.assertEqual(self.statement.state, "confirmed")

    def test_confirm_twice(self):
        self._confirm(self.statement)
        with self._engine(), self.assertRaisesRegex(UserError, "confirmed already"):
            self.statement.with_user(self.anna).action_confirm()

    def test_changed_figures_are_shown_instead(self):
        def compute(engine, periods, users=None):
            self.assertEqual(periods, self.january + self.february)
            self.statement.write({"commission": 20, "total": 20})

        both = self.statement + self.later
        with self._engine(compute):
            action = both.with_user(self.anna).action_confirm()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("2025-01", action["params"]["message"])
        self.assertEqual(set(both.mapped("state")), {"computed"})
        self.assertEqual(self.statement.total, 20)
        body = self.statement.message_ids[0].body
        self.assertRegex(body, r"Commission: .*30\.00.*, now .*20\.00")
        # seen now: the next time it is confirmed
        self._confirm(self.statement)
        self.assertEqual(self.statement.state, "confirmed")

    def test_changed_line_is_shown_although_the_sums_stay(self):
        def compute(engine, periods, users=None):
            first, second = self.statement.line_ids
            first.amount, second.amount = second.amount, first.amount

        with self._engine(compute):
            self.statement.with_user(self.anna).action_confirm()
        self.assertEqual(self.statement.state, "computed")
        self.assertIn("The lines changed", self.statement.message_ids[0].body)

    def test_approve_needs_confirmed_another_and_admin(self):
        with self.assertRaisesRegex(UserError, "it is computed"):
            self.statement.with_user(self.admin).action_approve()
        self._confirm(self.statement)
        for user in (self.anna, self.boss):
            with self.assertRaises(AccessError):
                self.statement.with_user(user).action_approve()
        own = self._statement(self.january, self.admin)
        self._confirm(own)
        self.assertFalse(own.with_user(self.admin).can_approve)
        with self.assertRaisesRegex(UserError, "your own"):
            own.with_user(self.admin).action_approve()
        own.with_user(self.other_admin).action_approve()
        self.assertEqual(own.state, "approved")
        with self.assertRaisesRegex(UserError, "your own"):
            own.with_user(self.admin)._pay(date(2025, 3, 1))

    def test_two_people_stand_in_the_table(self):
        self._confirm(self.statement)
        for vals in (
            {"state": "approved", "approver_id": self.anna.id},
            {"state": "approved"},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.statement.write(vals)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_batch_is_refused_as_a_whole_and_by_name(self):
        self._confirm(self.statement)
        both = self.statement + self.foreign
        with self.assertRaisesRegex(UserError, "2025-01 · Test Bert"):
            both.with_user(self.admin).action_approve()
        self.assertEqual(self.statement.state, "confirmed")
        with self.assertRaisesRegex(UserError, "only approved statements are paid"):
            both.with_user(self.admin)._pay(date(2025, 3, 1))
        self._confirm(self.foreign)
        both.with_user(self.admin).action_approve()
        both.with_user(self.admin)._pay(date(2025, 3, 1))
        self.assertEqual(set(both.mapped("state")), {"paid"})

    def test_compute_again_is_for_admins_and_open_statements(self):
        calls = []
        with self._engine(lambda engine, periods, users=None: calls.append(periods)):
            with self.assertRaises(AccessError):
                self.statement.with_user(self.anna).action_compute_again()
            self.statement.with_user(self.admin).action_compute_again()
        self.assertEqual(calls, [self.january])
        self._confirm(self.statement)
        with self.assertRaisesRegex(UserError, "frozen"):
            self.statement.with_user(self.admin).action_compute_again()

    def test_each_has_the_activity_that_is_due(self):
        with freeze_time("2025-02-03 08:00:00"):
            self.env["quota.statement"]._cron_remind()
            self.env["quota.statement"]._cron_remind()
        self.assertFalse(self.later.activity_ids, "February has not ended")
        self.assertEqual(len(self.statement.activity_ids), 1, "once")
        self.assertEqual(self.statement.activity_ids.user_id, self.anna)
        self._confirm(self.statement)
        activity = self.statement.activity_ids
        self.assertEqual(activity.user_id, self.other_admin, "who approved the plan")
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("front_office_quota.mail_activity_type_statement_approve"),
        )
        self._approve(self.statement)
        self.assertFalse(self.statement.activity_ids)

    def test_approver_is_never_the_person(self):
        own = self._statement(self.january, self.other_admin)
        self.assertEqual(own._get_approver(), self.admin)

    def test_name_and_search_by_name(self):
        self.assertEqual(self.statement.display_name, "2025-01 · Test Anna")
        Statement = self.env["quota.statement"]
        self.assertIn(
            self.statement.id, [row[0] for row in Statement.name_search("Test Anna")]
        )


@tagged("post_install", "-at_install")
class TestStatementFrozen(StatementFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()

    def test_nobody_writes_by_any_route(self):
        line = self.statement.line_ids[0]
        for user in (self.anna, self.boss, self.admin):
            for record, vals in (
                (self.statement, {"commission": 1000}),
                (self.statement, {"state": "paid"}),
                (line, {"amount": 1000}),
            ):
                mine = record.with_user(user)
                with self.assertRaises(AccessError):
                    mine.write(vals)
                with self.assertRaises(AccessError):
                    mine.web_save(vals, {})
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.copy()
            result = (
                self.env["quota.statement"]
                .with_user(user)
                .load([".id", "commission"], [[str(self.statement.id), "1000"]])
            )
            self.assertFalse(result["ids"])
            with self.assertRaises(AccessError):
                self.env["quota.statement.line"].with_user(user).create(
                    {"statement_id": self.statement.id, "amount": 5}
                )
        self.assertEqual(self.statement.commission, 30)

    def test_frozen_even_for_the_program(self):
        """In superuser mode, too: a fault elsewhere must not change what was agreed."""
        line = self.statement.line_ids[0]
        foreign_line = self.foreign.line_ids[0]
        self._confirm(self.statement)
        for change in (
            lambda: self.statement.write({"commission": 31}),
            lambda: self.statement.write({"terms": {}}),
            lambda: self.statement.write({"user_id": self.bert.id}),
            lambda: self.statement.write({"line_ids": [(5,)]}),
            lambda: self.statement.unlink(),
            lambda: line.write({"amount": 1}),
            lambda: line.unlink(),
            lambda: line.copy(),
            lambda: foreign_line.write({"statement_id": self.statement.id}),
            lambda: line.write({"statement_id": self.foreign.id}),
            lambda: self.env["quota.statement.line"].create(
                {"statement_id": self.statement.id, "amount": 5}
            ),
        ):
            with (
                self.assertRaisesRegex(UserError, "2025-01 · Test Anna is frozen"),
                self.cr.savepoint(),
            ):
                change()
            self.env.invalidate_all()
        self.assertEqual(self.statement.commission, 30)
        self.assertEqual(len(self.statement.line_ids), 2)

    def test_no_way_back_from_any_state(self):
        self._approve(self.statement)
        for state in ("computed", "confirmed"):
            with self.assertRaisesRegex(UserError, "confirmed, then approved"):
                self.statement.write({"state": state})
        with self.assertRaisesRegex(UserError, "confirmed, then approved"):
            self.foreign.write({"state": "approved", "approver_id": self.admin.id})
        self.statement.with_user(self.admin)._pay(date(2025, 3, 1))
        for vals in (
            {"paid_on": "2025-04-01"},
            {"approver_id": self.other_admin.id},
            {"accrual_move_id": False},
        ):
            with self.assertRaisesRegex(UserError, "frozen since it was paid"):
                self.statement.write(vals)

    def test_computed_is_free(self):
        self.statement.write({"commission": 31, "total": 31})
        self.statement.line_ids[0].unlink()
        self.assertEqual(len(self.statement.line_ids), 1)
        statement = self.later
        statement.unlink()
        self.assertFalse(statement.exists())

    def test_chatter_stays_open(self):
        self._approve(self.statement)
        self.statement.with_user(self.anna).message_post(body="Thank you")
        self.assertIn("Thank you", self.statement.message_ids[0].body)
        self.statement.with_user(self.admin).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.admin.id
        )
        self.assertTrue(self.statement.activity_ids)
