from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class TestContractTour(AccountTestInvoicingCommon, HttpCase):
    """A salesperson goes from the money that is late to the opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.company = cls.company_data["company"]
        cls.ann, cls.bob = (
            new_test_user(
                cls.env,
                f"contract_tour_{name}",
                "sales_team.group_sale_salesman",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("ann", "bob")
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Consulting", "type": "service", "invoice_policy": "order"}
        )

    def _contract(self, name, user, amount):
        """Sign and invoice an opportunity; the invoice is late."""
        lead = self.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": self.partner_a.id,
                "user_id": user.id,
                "company_id": self.company.id,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": lead.id,
                "company_id": self.company.id,
                "user_id": user.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        today = fields.Date.today()
        move = order._create_invoices()
        move.write(
            {
                "invoice_date": today - timedelta(days=40),
                "invoice_payment_term_id": False,
                "invoice_date_due": today - timedelta(days=10),
            }
        )
        move.action_post()
        return move

    def test_from_late_money_to_the_opportunity(self):
        move = self._contract("Tour opportunity", self.ann, 1000)
        self._contract("Opportunity of Bob", self.bob, 50)
        wizards = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizards.create({"amount": 300})._create_payments()
        self.env["receivable.call"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner_a.id,
                "move_ids": [Command.set(move.ids)],
                "reason": "cash",
            }
        )
        self.start_tour(
            "/odoo/receivables-contracts",
            "front_office_receivable_sale_contract",
            login=self.ann.login,
        )
