from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.front_office_desk.tests.common import USER, DeskFixture

SALES = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestDeskSale(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.sue = cls._user("d_sue", f"{SALES},{USER}", name="Test Sue")
        cls.product = cls.env["product.product"].create(
            {
                "name": "Test chair",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 50,
                "taxes_id": False,
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "School", "type": "opportunity", "partner_id": cls.ada.id}
        )
        cls.proposal = (
            cls.env["desk.proposal"]
            .create(
                {
                    "user_id": cls.bo.id,
                    "name": "Chairs for a school",
                    "partner_id": cls.ada.id,
                    "lead_id": cls.lead.id,
                    "date_submission": "2026-03-10",
                    "part_ids": [
                        Command.create({"name": "Prices", "user_id": cls.bo.id})
                    ],
                }
            )
            .with_user(cls.bo)
        )

    def _order(self, **vals):
        return (
            self.env["sale.order"]
            .with_user(self.sue)
            .create(
                {
                    "partner_id": self.ada.id,
                    "user_id": self.sue.id,
                    "desk_proposal_id": self.proposal.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "product_uom_qty": 3}
                        )
                    ],
                    **vals,
                }
            )
        )

    def test_quotation_hands_in_and_wins(self):
        order = self._order()
        savepoint = self.env.cr.savepoint
        with self.assertRaisesRegex(UserError, "is not in work"), savepoint():
            order.action_quotation_sent()
        self.proposal.action_start()
        with self.assertRaisesRegex(UserError, "not ready yet: Prices"), savepoint():
            order.action_quotation_sent()
        self.assertEqual(order.state, "draft")
        self.proposal.part_ids.action_done()
        order.action_quotation_sent()
        self.assertEqual(self.proposal.state, "sent")
        self.assertEqual(self.proposal.sent_by_id, self.sue)
        order.action_confirm()
        self.assertEqual(self.proposal.state, "won")
        self.assertEqual(self.lead.won_status, "won")

    def test_confirmed_at_once(self):
        self.proposal.action_start()
        self.proposal.part_ids.action_done()
        self._order().action_confirm()
        self.assertEqual(self.proposal.state, "won")

    def test_other_quotations_are_free(self):
        order = self._order(desk_proposal_id=False)
        order.action_quotation_sent()
        self.assertEqual(self.proposal.state, "draft")

    def test_button_makes_one_and_then_opens_it(self):
        action = self.proposal.action_open_quotation()
        self.assertEqual(action["context"]["default_partner_id"], self.ada.id)
        self.assertNotIn("domain", action)
        self._order()
        self.proposal.invalidate_recordset()
        self.assertEqual(self.proposal.order_count, 1)
        action = self.proposal.action_open_quotation()
        self.assertEqual(
            action["domain"], [("desk_proposal_id", "=", self.proposal.id)]
        )
        with self.assertRaises(AccessError):
            self.proposal.with_user(self.bo).read(["order_ids"])

    def test_question_shows_what_was_ordered(self):
        order = self._order(desk_proposal_id=False).sudo()
        order.action_confirm()
        order.order_line.qty_delivered = 2
        invoice = order._create_invoices()
        invoice.action_post()
        kind = self._type("invoice_line")
        line = invoice.invoice_line_ids.filtered("sale_line_ids")
        request = self._request(type_id=kind.id, invoice_line_id=line.id)
        self.assertEqual((request.line_ordered, request.line_delivered), (3, 2))
        self.assertEqual(request.line_orders, order.name)
        self.assertEqual(self._request().line_ordered, 0)
