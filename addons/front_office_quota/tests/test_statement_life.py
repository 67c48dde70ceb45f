from datetime import date

from odoo.tests import freeze_time, tagged

from .statement_common import StatementFixture

JANUARY, FEBRUARY = date(2026, 1, 10), date(2026, 2, 10)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestStatementLife(StatementFixture):
    """The workflow on real invoices, with the engine itself."""

    def _dispute(self, line):
        return (
            self.env["quota.dispute"]
            .with_user(line.user_id)
            .create(
                {
                    "statement_id": line.statement_id.id,
                    "line_id": line.id,
                    "reason": "amount",
                    "note": "Look again, please.",
                }
            )
        )

    def test_confirm_then_a_refund_is_adjusted_on_the_next(self):
        self._invoice(1200, JANUARY)
        self._compute(self.january, self.february)
        statement = self._statement(self.january)
        self.assertIs(statement.with_user(self.ann).action_confirm(), True)
        self.assertEqual((statement.state, statement.total), ("confirmed", 140))
        self._invoice(-400, JANUARY)
        later = self._statement(self.february)
        action = later.with_user(self.ann).action_confirm()
        self.assertEqual(action["tag"], "display_notification", "it is shown first")
        self.assertEqual(later.adjustment_line_ids.origin_statement_id, statement)
        self.assertEqual((later.adjustment, later.total), (-60, -60))
        self.assertIs(later.with_user(self.ann).action_confirm(), True)
        self.assertEqual(statement.total, 140)
        self.assertEqual(later.state, "confirmed")

    def test_late_invoice_is_shown_before_it_is_confirmed(self):
        self._invoice(500, JANUARY)
        self._compute(self.january)
        statement = self._statement(self.january)
        self._invoice(700, JANUARY)
        statement.with_user(self.ann).action_confirm()
        self.assertEqual((statement.state, statement.total), ("computed", 140))
        statement.with_user(self.ann).action_confirm()
        self.assertEqual(statement.state, "confirmed")
        self.assertEqual(len(statement.line_ids), 2)

    def test_confirming_computes_only_ones_own(self):
        self._invoice(500, JANUARY)
        self._invoice(500, JANUARY, self.bob)
        self._compute(self.january)
        others = self._statement(self.january, self.bob)
        before = others.line_ids.ids
        self._statement(self.january).with_user(self.ann).action_confirm()
        self.assertEqual(others.line_ids.ids, before)

    def test_dispute_follows_its_line(self):
        first = self._invoice(500, JANUARY)
        self._invoice(700, JANUARY)
        self._compute(self.january)
        statement = self._statement(self.january)
        line = statement.line_ids.filtered(lambda each: each.move_id == first)
        dispute = self._dispute(line)
        twin = self._dispute(statement.line_ids - line)
        first.invoice_user_id = self.bob
        self._compute(self.january)
        self.assertFalse(dispute.line_id, "the line is gone, the dispute is not")
        self.assertEqual(twin.line_id, statement.line_ids)
        self.assertEqual(twin.line_id.dispute_state, "open")
        first.invoice_user_id = self.ann
        dispute.with_user(self.env.user)._resolve("accepted", "It is yours again.")
        self.assertEqual(statement.total, 140, "it was computed again")
        self.assertEqual(dispute.line_id.move_id, first)
        self.assertEqual(dispute.line_id.dispute_state, "accepted")

    def test_explanation_adds_up(self):
        for amount in (333.33, 333.34, 777.77, -100.01):
            self._invoice(amount, FEBRUARY)
        self._compute(self.february)
        statement = self._statement(self.february)
        explanation = statement._get_explanation()
        # 134.44 and 34.44, but 168.886 together
        labels = [step["label"] for step in explanation["steps"]]
        self.assertEqual(len(labels), 3)
        self.assertIn("Rounding", labels[-1])
        self.assertIn(statement._money(statement.commission), statement.explanation)
