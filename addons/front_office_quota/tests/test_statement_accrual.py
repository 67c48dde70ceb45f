from datetime import date

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .workflow_common import StatementFixture


@tagged("post_install", "-at_install")
class TestStatementAccrual(StatementFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()
        Account = cls.env["account.account"]
        cls.expense, cls.liability = Account.create(
            [
                {"name": name, "code": code, "account_type": kind}
                for name, code, kind in (
                    ("Test commission", "QTEST1", "expense"),
                    ("Test commission due", "QTEST2", "liability_current"),
                )
            ]
        )
        cls.journal = cls.env["account.journal"].create(
            {"name": "Test commission", "code": "QTEST", "type": "general"}
        )
        cls.company.write(
            {
                "quota_accrual_journal_id": cls.journal.id,
                "quota_expense_account_id": cls.expense.id,
                "quota_liability_account_id": cls.liability.id,
            }
        )

    def _balances(self, move):
        return {line.account_id: line.balance for line in move.line_ids}

    def test_booked_on_the_last_day_of_the_period(self):
        """By an administrator of quotas without a right in accounting."""
        self._approve(self.statement)
        move = self.statement.accrual_move_id
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.date, date(2025, 1, 31))
        self.assertEqual(move.journal_id, self.journal)
        self.assertEqual(self._balances(move), {self.expense: 30, self.liability: -30})
        self.assertEqual(move.line_ids.partner_id, self.anna.partner_id)
        self.assertEqual(move.currency_id, self.company.currency_id)
        self.assertIn(move.name, self.statement.message_ids[0].body)
        action = self.statement.action_view_accrual()
        self.assertEqual(action["res_id"], move.id)

    def test_negative_swaps_the_sides(self):
        self.statement.write({"adjustment": -50, "total": -20})
        self._approve(self.statement)
        move = self.statement.accrual_move_id
        self.assertEqual(self._balances(move), {self.expense: -20, self.liability: 20})
        self.assertEqual(
            move.line_ids.filtered(lambda line: line.account_id == self.expense).credit,
            20,
        )

    def test_nothing_for_zero(self):
        self.statement.write({"adjustment": -30, "total": 0})
        self._approve(self.statement)
        self.assertFalse(self.statement.accrual_move_id)

    def test_nothing_without_settings(self):
        self.company.write(
            {
                "quota_accrual_journal_id": False,
                "quota_expense_account_id": False,
                "quota_liability_account_id": False,
            }
        )
        self._approve(self.statement)
        self.assertEqual(self.statement.state, "approved")
        self.assertFalse(self.statement.accrual_move_id)

    def test_incomplete_settings_name_what_is_missing(self):
        self.company.quota_liability_account_id = False
        self._confirm(self.statement)
        with self.assertRaisesRegex(UserError, "has no Commission Liability Account"):
            self.statement.with_user(self.admin).action_approve()

    def test_locked_day_becomes_the_next_open_one(self):
        self.company.fiscalyear_lock_date = date(2025, 2, 28)
        self._approve(self.statement)
        move = self.statement.accrual_move_id
        self.assertEqual(move.state, "posted")
        self.assertGreater(move.date, date(2025, 2, 28))
        body = self.statement.message_ids[0].body
        self.assertIn("2025-01-31 is locked", body)
        self.assertIn(str(move.date), body)

    def test_batch_books_one_entry_each(self):
        self._confirm(self.statement, self.later, self.foreign)
        statements = self.statement + self.later + self.foreign
        statements.with_user(self.admin).action_approve()
        self.assertEqual(len(statements.accrual_move_id), 3)
        for statement in statements:
            self.assertEqual(statement.accrual_move_id.date, statement.date_to)

    def test_settings(self):
        settings = self.env["res.config.settings"].create(
            {"quota_liability_account_id": self.expense.id}
        )
        self.assertEqual(settings.quota_accrual_journal_id, self.journal)
        settings.execute()
        self.assertEqual(self.company.quota_liability_account_id, self.expense)
