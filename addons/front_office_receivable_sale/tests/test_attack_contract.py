from odoo import Command
from odoo.tests import freeze_time, tagged

from .test_contract import TestContract


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestAttackContract(TestContract):
    """The way to cash of orders that do not go straight."""

    def _sales_figures(self, lead):
        self.env.invalidate_all()
        return self._figures(lead)

    def test_down_payment_is_not_counted_twice(self):
        lead = self._lead()
        order = self._order(lead, 1000)
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard.create(
            {"advance_payment_method": "percentage", "amount": 30}
        ).create_invoices()
        advance = order.invoice_ids
        advance.write({"invoice_date": "2026-02-01", "invoice_date_due": "2026-02-01"})
        advance.action_post()
        self.assertEqual(self._sales_figures(lead), [1000, 300, 0, 300])
        self._pay(advance, 300)
        self.assertEqual(self._sales_figures(lead), [1000, 300, 300, 0])
        final = order._create_invoices(final=True)
        final.write(
            {
                "invoice_date": "2026-02-01",
                "invoice_payment_term_id": False,
                "invoice_date_due": "2026-03-01",
            }
        )
        final.action_post()
        self.assertEqual(final.amount_total, 700)
        self.assertEqual(self._sales_figures(lead), [1000, 1000, 300, 700])

    def test_order_that_is_cancelled_after_the_invoice(self):
        lead = self._lead()
        order = self._order(lead, 100)
        self._bill(order)
        order._action_cancel()
        # nothing is signed any more, and the customer still owes it
        self.assertEqual(self._sales_figures(lead), [0, 100, 0, 100])

    def test_cash_rounding(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "1.00",
                "rounding": 1,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
                "rounding_method": "HALF-UP",
            }
        )
        first, second = self._lead("First"), self._lead("Second")
        orders = self._order(first, 100.2) + self._order(second, 200.2)
        move = orders._create_invoices()
        move.write(
            {
                "invoice_date": "2026-02-01",
                "invoice_payment_term_id": False,
                "invoice_date_due": "2026-03-01",
                "invoice_cash_rounding_id": rounding.id,
            }
        )
        move.action_post()
        self.assertEqual(move.amount_total, 300)
        rows = self._row(first) + self._row(second)
        self.assertAlmostEqual(sum(rows.mapped("invoiced")), 300)
        self.assertAlmostEqual(sum(rows.mapped("overdue")), 300)

    def test_line_of_nobody_s_order(self):
        lead = self._lead()
        move = self._bill(self._order(lead, 100))
        move.button_draft()
        move.invoice_line_ids = [
            Command.create(
                {"name": "Freight", "price_unit": 25, "tax_ids": [Command.clear()]}
            )
        ]
        move.action_post()
        self._pay(move, 25)
        # a fifth is freight, which no opportunity signed
        self.assertEqual(self._sales_figures(lead), [100, 100, 20, 80])

    def test_credit_note_of_a_part(self):
        lead = self._lead()
        move = self._bill(self._order(lead, 60, 40))
        refund = move._reverse_moves(
            [{"date": "2026-03-01", "invoice_date": "2026-03-01"}]
        )
        refund.invoice_line_ids.filtered(lambda line: line.price_unit == 60).unlink()
        refund.action_post()
        self.assertEqual(self._sales_figures(lead), [100, 60, 0, 60])
        self._pay(move, 60)
        self.assertEqual(self._sales_figures(lead), [100, 60, 60, 0])

    def test_two_orders_one_cancelled(self):
        lead = self._lead()
        self._bill(self._order(lead, 100))
        self._order(lead, 50)._action_cancel()
        self.assertEqual(self._sales_figures(lead), [100, 100, 0, 100])
