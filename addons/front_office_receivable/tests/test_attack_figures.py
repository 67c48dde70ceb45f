from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import ReceivableFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestAttackFigures(ReceivableFixture):
    """The figures are those of Odoo's own ledger, whatever stands in it."""

    def _sum(self, model, field, **domain):
        self.env.flush_all()
        self.env[model].invalidate_model()
        terms = [(name, "=", value) for name, value in domain.items()]
        ((total,),) = self.env[model]._read_group(
            [("company_id", "=", self.company.id), *terms], [], [f"{field}:sum"]
        )
        return total or 0

    def _mixed_ledger(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), ("2026-03-05", 4.0)]
        )
        term = self.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": value, "nb_days": days}
                    )
                    for value, days in ((30, 0), (30, 30), (40, 90))
                ],
            }
        )
        parts = {
            "invoice_payment_term_id": term.id,
            "invoice_date_due": False,
        }
        moves = (
            self._invoice(100.05, "2026-03-01")
            + self._invoice(333.33, "2026-03-31", currency_id=currency.id)
            + self._invoice(999.99, "2026-03-01", **parts)
            + self._invoice(-50, "2026-03-01")
            + self._invoice(70, "2026-03-01", move_type="out_receipt")
            + self._invoice(80, "2026-01-01")
        )
        self._pay(moves[0], 33.35, "2026-03-05")
        self._pay(moves[2], 400, "2026-03-05")
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves[1].ids
        )
        wizard.create(
            {"payment_date": "2026-03-10", "amount": 111.11}
        )._create_payments()
        credit = self._invoice(-30, "2026-03-01")
        (self._due_lines(moves[5]) + self._due_lines(credit)).reconcile()
        self._invoice(12, "2026-03-01").button_draft()
        return moves + credit

    def test_open_is_what_odoo_says(self):
        moves = self._mixed_ledger()
        owed = sum(moves.mapped("amount_residual_signed"))
        self.assertAlmostEqual(self._sum("receivable.item", "amount"), owed)
        self.assertAlmostEqual(self._sum("receivable.customer", "open"), owed)
        self.assertAlmostEqual(self._sum("receivable.expected", "amount"), owed)
        # payments are all matched: the customer's own balance is the same
        self.customer.invalidate_recordset(["credit"])
        self.assertAlmostEqual(self.customer.credit, owed)
        # agreements move cash between days, and make none
        for number in (0, 1, 2):
            move = moves[number]
            self._call(move, [("2026-03-20", 20), ("2026-04-20", 15)])
        self.assertAlmostEqual(self._sum("receivable.expected", "amount"), owed)
        with freeze_time("2026-03-30 10:00:00"):
            self._decide()
            self.assertAlmostEqual(self._sum("receivable.expected", "amount"), owed)

    def test_cash_of_half_a_foreign_invoice(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), ("2026-03-05", 4.0)]
        )
        move = self._invoice(200, "2026-03-01", currency_id=currency.id)
        self._call(move, [("2026-03-12", 50), ("2026-03-26", 50)])
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"payment_date": "2026-03-11", "amount": 100})._create_payments()
        self.assertEqual(self._sum("receivable.item", "amount"), 50)
        self.assertEqual(
            self._sum("receivable.expected", "amount", source="promise"), 50
        )

    def _branch_invoice(self, branch):
        """Post an invoice of a branch over 70."""
        # the branch takes the accounts of its parent then
        self.cr.precommit.run()
        self.env.user.company_ids += branch
        revenue = self.company_data["default_account_revenue"]
        both = self.company + branch
        moves = self.env["account.move"].with_context(allowed_company_ids=both.ids)
        move = moves.with_company(branch).create(
            {
                "move_type": "out_invoice",
                "company_id": branch.id,
                "partner_id": self.customer.id,
                "invoice_date": "2026-02-01",
                "invoice_date_due": "2026-03-01",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": 70,
                            "account_id": revenue.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def test_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        theirs = self._branch_invoice(branch)
        clerk = self._make_user("clerk", "group_receivable_admin")
        clerk.sudo().company_ids += branch
        both = self.company + branch
        move = self._invoice(100, "2026-03-01", user=False)
        self.env.flush_all()
        items = self.env["receivable.item"].with_user(clerk)
        items = items.with_context(allowed_company_ids=both.ids)
        item = items.search([("move_id", "=", theirs.id)])
        self.assertEqual((item.company_id, item.amount), (branch, 70))
        action = item.action_log_call()
        calls = self.env["receivable.call"].with_user(clerk)
        calls = calls.with_context(allowed_company_ids=both.ids, **action["context"])
        call = calls.create(
            {
                "reason": "cash",
                "promise_ids": [Command.create({"date": "2026-03-12", "amount": 70})],
            }
        )
        self.assertEqual((call.company_id, call.move_ids), (branch, theirs))
        # paid by the parent company's bank
        self._pay(theirs, 70, "2026-03-12")
        self.assertFalse(theirs.amount_residual)
        self._decide()
        self.assertEqual(call.promise_ids.state, "kept")
        # whoever works for the parent alone sees the parent's
        items = items.with_context(allowed_company_ids=self.company.ids)
        domain = [("partner_id", "=", self.customer.id)]
        self.assertEqual(items.search(domain).move_id, move)

    def test_child_contact_owes_as_the_customer(self):
        child = self.env["res.partner"].create(
            {"name": "Department", "parent_id": self.customer.id}
        )
        move = self._invoice(100, "2026-03-01", partner=child)
        item = self._item(move)
        self.assertEqual(item.partner_id, self.customer)
        self.assertEqual(child.receivable_overdue, 100)
        call = self._call(move, [("2026-03-12", 100)], contact_id=child.id)
        self.assertEqual(call.promise_ids.partner_id, self.customer)

    def test_customers_that_are_merged(self):
        other = self.env["res.partner"].create({"name": "The same"})
        move = self._invoice(100, "2026-03-01", partner=other)
        call = self._call(move, [("2026-03-12", 100)])
        self.env.flush_all()
        merge = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        merge._merge((self.customer + other).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual(call.promise_ids.partner_id, self.customer)
        self.assertEqual(self._item(move).partner_id, self.customer)
        self._pay(move, 100, "2026-03-12")
        self._decide()
        self.assertEqual(call.promise_ids.state, "kept")
