from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .statement_common import StatementFixture


@tagged("post_install", "-at_install")
class TestDisputeFollowsLine(StatementFixture):
    """Any calculation makes adjustment lines anew: their disputes find them again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            "statement_boss",
            "front_office_quota.group_quota_admin",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls._invoice(800, "2026-01-10")
        cls._compute(cls.january)
        cls._statement_of(cls.january).sudo().write({"state": "confirmed"})
        cls.refund = cls._invoice(-300, "2026-01-20")

    @classmethod
    def _statement_of(cls, period, user=None):
        return cls.env["quota.statement"].search(
            [("period_id", "=", period.id), ("user_id", "=", (user or cls.ann).id)]
        )

    def _adjustment(self, period):
        return self._statement(period).adjustment_line_ids

    def _dispute(self, line):
        return (
            self.env["quota.dispute"]
            .with_user(line.user_id)
            .create(
                {
                    "statement_id": line.statement_id.id,
                    "line_id": line.id,
                    "reason": "amount",
                    "note": "This was not my refund.",
                }
            )
        )

    def test_after_another_period_was_calculated(self):
        self._compute(self.february)
        line = self._adjustment(self.february)
        dispute = self._dispute(line)
        self._compute(self.march)
        again = self._adjustment(self.february)
        self.assertNotEqual(again, line, "it was made anew")
        self.assertEqual(dispute.line_id, again)
        self.assertEqual(dispute.statement_id, self._statement(self.february))
        self.assertEqual(again.dispute_state, "open")

    def test_after_the_calculation_of_somebody_else(self):
        self._compute(self.february)
        line = self._adjustment(self.february)
        dispute = self._dispute(line)
        self._compute(self.march, users=self.bob)
        self.assertEqual(dispute.line_id, line, "Ann's lines were left alone")

    def test_of_lines_each_finds_its_own(self):
        other = self._invoice(-100, "2026-01-25")
        self._compute(self.february)
        lines = self._adjustment(self.february)
        disputes = [self._dispute(line) for line in lines]
        self._compute(self.march)
        self.assertEqual(
            [dispute.line_id.move_id for dispute in disputes], [self.refund, other]
        )

    def test_goes_with_the_line_to_an_earlier_statement(self):
        self._compute(self.march)
        march = self._statement(self.march)
        dispute = self._dispute(march.adjustment_line_ids)
        self._compute(self.february)
        february = self._statement(self.february)
        self.assertFalse(march.adjustment_line_ids)
        self.assertEqual(dispute.line_id, february.adjustment_line_ids)
        self.assertEqual(dispute.statement_id, february)
        self.assertEqual(
            (february.open_dispute_count, march.open_dispute_count), (1, 0)
        )
        for statement in (march, february):
            self.assertIn(
                february.display_name, "".join(statement.message_ids.mapped("body"))
            )
        # what it holds up is the approval of the statement on which the line is
        february.sudo().write({"state": "confirmed"})
        march.sudo().write({"state": "confirmed"})
        with self.assertRaisesRegex(UserError, "open dispute"):
            february.with_user(self.boss).action_approve()
        march.with_user(self.boss).action_approve()
        self.assertEqual(march.state, "approved")

    def test_answered_one_goes_along(self):
        self._compute(self.march)
        dispute = self._dispute(self._adjustment(self.march))
        dispute.with_user(self.boss)._resolve("refused", "It was yours.")
        self._compute(self.february)
        line = self._adjustment(self.february)
        self.assertEqual(dispute.line_id, line)
        self.assertEqual(line.dispute_state, "refused")

    def test_statement_without_a_target_does_not_stay_for_it(self):
        targets = self.env["quota.target"].sudo()
        found = targets.search(
            [("user_id", "=", self.ann.id), ("period_id", "!=", self.january.id)]
        )
        values = found.filtered(lambda target: target.period_id == self.february)
        values = values.copy_data()[0]
        found.unlink()
        self._compute(self.march)
        dispute = self._dispute(self._adjustment(self.march))
        targets.create(values)
        self._compute(self.february)
        self.assertFalse(self._statement(self.march))
        self.assertEqual(dispute.line_id, self._adjustment(self.february))

    def test_waits_where_it_is_while_the_reason_is_gone(self):
        self._compute(self.february)
        february = self._statement(self.february)
        dispute = self._dispute(february.adjustment_line_ids)
        self.refund.button_draft()
        self._compute(self.march)
        self.assertFalse(dispute.line_id)
        self.assertEqual(dispute.statement_id, february)
        self.refund.action_post()
        self._compute(self.march)
        self.assertEqual(dispute.line_id, february.adjustment_line_ids)

    def test_stays_with_what_is_frozen(self):
        self._compute(self.february)
        february = self._statement(self.february)
        line = february.adjustment_line_ids
        dispute = self._dispute(line)
        self._freeze(february)
        self._invoice(-50, "2026-01-21", reversed_entry_id=self.refund.id)
        self._compute(self.march)
        self.assertTrue(self._adjustment(self.march))
        self.assertEqual((dispute.line_id, dispute.statement_id), (line, february))

    def test_line_of_the_period_itself_does_not_follow(self):
        invoice = self._invoice(70, "2026-02-10")
        self._compute(self.february)
        february = self._statement(self.february)
        dispute = self._dispute(february.own_line_ids)
        invoice.button_draft()
        invoice.write({"invoice_date": "2026-03-10", "date": "2026-03-10"})
        invoice.action_post()
        self._compute(self.february, self.march)
        self.assertFalse(dispute.line_id)
        self.assertEqual(dispute.statement_id, february)

    def test_nobody_else_moves_a_dispute(self):
        self._compute(self.february, self.march)
        line = self._adjustment(self.february)
        dispute = self._dispute(line)
        march = self._statement(self.march)
        for values in (
            {"statement_id": march.id},
            {"statement_id": march.id, "line_id": line.id},
            {"statement_id": march.id, "line_id": False},
        ):
            with self.assertRaisesRegex(UserError, "kept as it is"):
                dispute.sudo().write(values)
        self.assertEqual(dispute.statement_id, line.statement_id)
