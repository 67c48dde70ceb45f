from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .workflow_common import StatementFixture


@tagged("post_install", "-at_install")
class TestStatementDispute(StatementFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()
        cls.line = cls.statement.line_ids[0]

    def _resolve(self, dispute, user, outcome="accept", text="You are right."):
        action = dispute.with_user(user).action_open_resolve()
        wizard = (
            self.env["quota.dispute.resolve"]
            .with_user(user)
            .with_context(**action["context"])
            .create({"resolution": text})
        )
        return getattr(wizard, f"action_{outcome}")()

    def test_form_of_a_line_and_of_the_statement(self):
        for record, line, reason in (
            (self.line, self.line.id, "amount"),
            (self.statement, False, "missing"),
        ):
            action = record.with_user(self.anna).action_dispute()
            dispute = (
                self.env["quota.dispute"]
                .with_user(self.anna)
                .with_context(**action["context"])
                .create({"note": "Why?"})
            )
            self.assertEqual(dispute.statement_id, self.statement)
            self.assertEqual(dispute.line_id.id, line)
            self.assertEqual(dispute.reason, reason)
            self.assertEqual(dispute.raised_by_id, self.anna)
        self.assertEqual(self.statement.dispute_count, 2)
        self.assertEqual(self.statement.open_dispute_count, 2)

    def test_trace_in_both_chatters(self):
        dispute = self._dispute(self.statement, self.line)
        self.assertIn("INV/2025-01/1", dispute.subject)
        self.assertIn("Look again, please.", self.statement.message_ids[0].body)
        self.assertEqual(self.statement.message_ids[0].author_id, self.anna.partner_id)
        self.assertEqual(dispute.activity_ids.user_id, self.boss)
        self._resolve(dispute, self.boss, "refuse", "The rate is right.")
        self.assertEqual(dispute.state, "refused")
        self.assertEqual(dispute.resolved_by_id, self.boss)
        self.assertEqual(dispute.resolution, "The rate is right.")
        self.assertFalse(dispute.activity_ids)
        for record in (dispute, self.statement):
            message = record.message_ids.filtered(
                lambda each: "The rate is right." in (each.body or "")
            )
            self.assertEqual(message.author_id, self.boss.partner_id)
        told = dispute.message_ids.notified_partner_ids
        self.assertIn(self.anna.partner_id, told)
        self.assertEqual(self.line.dispute_state, "refused")

    def test_approval_waits_for_the_answer(self):
        dispute = self._dispute(self.statement, self.line)
        self._confirm(self.statement)
        with self.assertRaisesRegex(UserError, "open dispute"):
            self.statement.with_user(self.admin).action_approve()
        self._resolve(dispute, self.boss)
        self.statement.with_user(self.admin).action_approve()
        self.assertEqual(self.statement.state, "approved")

    def test_accepted_on_computed_is_computed_again(self):
        calls = []
        dispute = self._dispute(self.statement, self.line)
        other = self._dispute(self.statement)
        with self._engine(lambda engine, periods, users=None: calls.append(periods)):
            self._resolve(other, self.admin, "refuse")
            self.assertFalse(calls)
            self._resolve(dispute, self.admin)
        self.assertEqual(calls, [self.january])
        self._confirm(self.statement)
        late = self._dispute(self.statement)
        with self._engine(lambda engine, periods, users=None: calls.append(periods)):
            self._resolve(late, self.admin)
        self.assertEqual(len(calls), 1, "a frozen statement is not computed again")

    def test_line_is_found_again_after_computing(self):
        dispute = self._dispute(self.statement, self.line)
        values = self.line.copy_data()[0]
        self.line.unlink()
        self.assertFalse(dispute.line_id)
        again = self.env["quota.statement.line"].create(values)
        self.env["quota.dispute"]._relink_lines(self.elsewhere_company)
        self.assertFalse(dispute.line_id, "another company was computed")
        self.env["quota.dispute"]._relink_lines(self.company, self.bert)
        self.assertFalse(dispute.line_id, "somebody else was computed")
        self.env["quota.dispute"]._relink_lines(self.company, self.anna)
        self.assertEqual(dispute.line_id, again)
        self.assertEqual(again.dispute_state, "open")

    def test_only_the_person_raises(self):
        for user in (self.bert, self.boss, self.admin, self.elsewhere):
            with self.assertRaises(AccessError):
                self._dispute(self.statement, self.line, user=user)

    def test_nobody_raises_in_another_name_or_resolved(self):
        dispute = self._dispute(
            self.statement,
            raised_by_id=self.boss.id,
            state="accepted",
            resolution="Yes",
            resolved_by_id=self.boss.id,
        )
        self.assertEqual(dispute.raised_by_id, self.anna)
        self.assertEqual(dispute.state, "open")
        self.assertFalse(dispute.resolved_by_id)

    def test_line_is_one_of_the_statement(self):
        for line in (self.later.line_ids[0], self.foreign.line_ids[0]):
            with self.assertRaises(UserError):
                self._dispute(self.statement, line)

    def test_name_of_a_foreign_invoice_does_not_come_through(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "company_id": self.company.id,
            }
        )
        with self.assertRaises(AccessError):
            self._dispute(self.statement, move_id=move.id)

    def test_approved_is_too_late(self):
        self._approve(self.statement)
        with self.assertRaisesRegex(UserError, "comes as an adjustment"):
            self._dispute(self.statement, self.line)

    def test_one_open_dispute_a_line(self):
        first = self._dispute(self.statement, self.line)
        with self.assertRaisesRegex(UserError, "open dispute already"):
            self._dispute(self.statement, self.line)
        self._resolve(first, self.boss, "refuse")
        self.env.flush_all()
        self.assertTrue(self._dispute(self.statement, self.line))

    def test_another_person_resolves(self):
        dispute = self._dispute(self.statement, self.line)
        for user in (self.anna, self.bert, self.other_boss, self.elsewhere):
            with self.assertRaises(AccessError):
                dispute.with_user(user)._resolve("accepted", "Yes")
        own = self._dispute(self._statement(self.january, self.admin))
        self.assertFalse(own.with_user(self.admin).can_resolve)
        with self.assertRaisesRegex(UserError, "somebody else"):
            own.with_user(self.admin)._resolve("accepted", "Yes")
        with self.assertRaisesRegex(UserError, "write an answer"):
            dispute.with_user(self.boss)._resolve("accepted", "  ")
        self._resolve(dispute, self.boss, "refuse")
        with self.assertRaisesRegex(UserError, "resolved by Test Boss already"):
            dispute.with_user(self.admin)._resolve("accepted", "Yes")

    def test_another_person_stands_in_the_table(self):
        dispute = self._dispute(self.statement, self.line)
        for user, resolution in ((self.anna, "Yes"), (self.boss, "")):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                dispute.sudo().write(
                    {
                        "state": "accepted",
                        "resolved_by_id": user.id,
                        "resolution": resolution,
                    }
                )
                self.env.flush_all()
            self.env.invalidate_all()

    def test_what_was_said_is_kept(self):
        dispute = self._dispute(self.statement, self.line)
        for user in (self.anna, self.boss, self.admin):
            for change in (
                lambda mine: mine.write({"note": "Never mind"}),
                lambda mine: mine.write({"state": "refused"}),
                lambda mine: mine.unlink(),
            ):
                with self.assertRaises(AccessError):
                    change(dispute.with_user(user))
        with self.assertRaisesRegex(UserError, "kept"):
            dispute.sudo().write({"note": "Never mind"})
        with self.assertRaisesRegex(UserError, "kept"):
            dispute.sudo().unlink()
        self._resolve(dispute, self.boss, "refuse")
        with self.assertRaisesRegex(UserError, "kept"):
            dispute.sudo().write({"state": "open"})
        with self.assertRaisesRegex(UserError, "has disputes"):
            self.statement.unlink()

    def test_resolver_is_the_manager_else_an_approver(self):
        self.team.user_id = self.anna
        boss = self.env["hr.employee"].create(
            {
                "name": "Test Boss",
                "user_id": self.boss.id,
                "company_id": self.company.id,
            }
        )
        employee = self.env["hr.employee"].create(
            {
                "name": "Test Anna",
                "user_id": self.anna.id,
                "parent_id": boss.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._dispute(self.statement)._get_resolver(), self.boss)
        employee.parent_id = False
        self.boss.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        dispute = self._dispute(self.statement)
        self.assertEqual(dispute._get_resolver(), self.other_admin)

    def test_smart_button(self):
        dispute = self._dispute(self.statement)
        action = self.statement.with_user(self.anna).action_view_disputes()
        found = self.env["quota.dispute"].search(action["domain"])
        self.assertEqual(found, dispute)
