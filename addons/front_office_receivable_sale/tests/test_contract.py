from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestContract(AccountTestInvoicingCommon):
    """What an opportunity signed, invoiced and was paid, and why the rest is late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.company = cls.company_data["company"]
        cls.ann = cls._make_user("ann", "sales_team.group_sale_salesman")
        cls.bob = cls._make_user("bob", "sales_team.group_sale_salesman")
        cls.product = cls.env["product.product"].create(
            {
                "name": "Consulting",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _make_user(cls, name, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"contract_{name}",
            group,
            email=f"{name}@example.com",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _lead(cls, name="Opportunity", user=None):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": cls.partner_a.id,
                "user_id": (user or cls.ann).id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _order(cls, lead, *prices, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "opportunity_id": lead.id,
                "company_id": cls.company.id,
                "user_id": lead.user_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for price in prices
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _bill(cls, orders, due="2026-03-01"):
        moves = orders._create_invoices()
        moves.write(
            {
                "invoice_date": "2026-02-01",
                "invoice_payment_term_id": False,
                "invoice_date_due": due,
            }
        )
        moves.action_post()
        return moves

    def _pay(self, move, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create(
            {"payment_date": "2026-03-05", "amount": amount}
        )._create_payments()

    def _row(self, lead):
        self.env.flush_all()
        rows = self.env["receivable.contract"]
        rows.invalidate_model()
        return rows.search([("lead_id", "=", lead.id)])

    def _figures(self, lead):
        row = self._row(lead)
        return [row.signed, row.invoiced, row.paid, row.overdue]

    def test_from_contract_to_cash(self):
        lead = self._lead()
        self.assertFalse(self._row(lead))
        self._order(lead, 600, 400)
        self.assertEqual(self._figures(lead), [1000, 0, 0, 0])
        move = self._bill(lead.order_ids)
        self.assertEqual(self._figures(lead), [1000, 1000, 0, 1000])
        self._pay(move, 300)
        self.assertEqual(self._figures(lead), [1000, 1000, 300, 700])
        self.assertFalse(self._row(lead).reason)
        self.env["receivable.call"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner_a.id,
                "move_ids": [Command.set(move.ids)],
                "reason": "goods",
            }
        )
        self.assertEqual(self._row(lead).reason, "goods")
        self._pay(move, 700)
        self.assertEqual(self._figures(lead), [1000, 1000, 1000, 0])
        # the reason of what is not late any more is history
        self.assertFalse(self._row(lead).reason)

    def test_quotation_is_no_contract(self):
        lead = self._lead()
        self._order(lead, 100)._action_cancel()
        self.assertFalse(self._row(lead))

    def test_not_late_yet(self):
        lead = self._lead()
        self._bill(self._order(lead, 100), due="2026-03-11")
        self.assertEqual(self._figures(lead), [100, 100, 0, 0])

    def test_invoice_of_two_opportunities(self):
        first, second = self._lead("First"), self._lead("Second", self.bob)
        move = self._bill(self._order(first, 100) + self._order(second, 300))
        self.assertEqual(len(move), 1)
        self._pay(move, 200)
        self.assertEqual(self._figures(first), [100, 100, 50, 50])
        self.assertEqual(self._figures(second), [300, 300, 150, 150])

    def test_credit_note(self):
        lead = self._lead()
        move = self._bill(self._order(lead, 100))
        refund = move._reverse_moves(
            [{"date": "2026-03-01", "invoice_date": "2026-03-01"}], cancel=True
        )
        self.assertTrue(refund)
        self.assertEqual(self._figures(lead)[:2], [100, 0])
        self.assertEqual(self._figures(lead)[3], 0)

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id}
        )
        lead = self._lead()
        self._bill(self._order(lead, 500, pricelist_id=pricelist.id))
        self.assertEqual(self._figures(lead), [250, 250, 0, 250])

    def test_funnel_has_the_same_sums(self):
        for price in (100, 200):
            self._bill(self._order(self._lead(), price))
        self.env.flush_all()
        domain = [("company_id", "=", self.company.id)]
        steps = self.env["receivable.contract.step"]._read_group(
            domain, ["step"], ["amount:sum"]
        )
        rows = self.env["receivable.contract"]._read_group(
            domain, [], ["signed:sum", "invoiced:sum", "paid:sum", "overdue:sum"]
        )
        self.assertEqual([step for step, _amount in steps], ["1", "2", "3", "4"])
        self.assertEqual(tuple(amount for _step, amount in steps), rows[0])
        self.assertEqual(rows[0], (300, 300, 0, 300))

    def test_one_s_own(self):
        self._order(self._lead(user=self.ann), 100)
        self._order(self._lead(user=self.bob), 200)
        leader = self._make_user(
            "leader", "front_office_receivable.group_receivable_manager"
        )
        self.env["crm.team"].create(
            {
                "name": "Ann's team",
                "company_id": self.company.id,
                "user_id": leader.id,
                "crm_team_member_ids": [Command.create({"user_id": self.ann.id})],
            }
        )
        accountant = self._make_user("accountant", "account.group_account_invoice")
        stranger = self._make_user(
            "stranger",
            "front_office_receivable.group_receivable_admin",
            self.setup_other_company()["company"],
        )
        people = self.ann + self.bob + leader + accountant + stranger
        self.env.ref("base.group_allow_export").sudo().user_ids += people
        self.env.flush_all()
        domain = [("company_id", "=", self.company.id)]
        for user, signed in (
            (self.ann, 100),
            (self.bob, 200),
            (leader, 100),
            (accountant, 300),
            (stranger, 0),
        ):
            self.env.invalidate_all()
            with self.subTest(user.login):
                rows = self.env["receivable.contract"].with_user(user)
                found = rows.search(domain)
                self.assertEqual(sum(found.mapped("signed")), signed)
                exported = found.export_data(["signed"])["datas"]
                self.assertEqual(sum(row[0] for row in exported), signed)
                steps = self.env["receivable.contract.step"].with_user(user)
                ((total,),) = steps._read_group(
                    [*domain, ("step", "=", "1")], [], ["amount:sum"]
                )
                self.assertEqual(total or 0, signed)

    def test_others_are_not_read(self):
        of_ann = self._lead(user=self.ann)
        self._order(of_ann, 100)
        row = self._row(of_ann)
        self.assertEqual(row.action_open_lead()["res_id"], of_ann.id)
        employee = self._make_user("employee", "base.group_user")
        for user in (self.bob, employee):
            self.env.invalidate_all()
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).read(["signed"])

    def test_rates(self):
        lead = self._lead()
        order = self._order(lead, 1000)
        self.assertEqual(self._row(lead).to_invoice, 1000)
        self.assertEqual(self._row(lead).paid_rate, 0)
        self._pay(self._bill(order), 250)
        row = self._row(lead)
        self.assertEqual((row.to_invoice, row.paid_rate), (0, 25))

    def test_share_of_a_group_is_not_the_mean(self):
        small, large = self._lead("Small"), self._lead("Large")
        self._pay(self._bill(self._order(small, 100)), 100)
        self._order(large, 900)
        self.env.flush_all()
        steps = self.env["receivable.contract.step"]._read_group(
            [("lead_id", "in", (small + large).ids)], ["step"], ["share:avg"]
        )
        self.assertEqual(steps, [("1", 1.0), ("2", 0.1), ("3", 0.1), ("4", 0.0)])

    def test_buttons_lead_to_the_row(self):
        lead = self._lead()
        order = self._order(lead, 1000)
        self._pay(self._bill(order), 250)
        self.env.flush_all()
        for record in (lead, order):
            mine = record.with_user(self.ann)
            with self.subTest(record._name):
                self.assertEqual(mine.receivable_signed, 1000)
                self.assertEqual(mine.receivable_paid_rate, 0.25)
                self.assertTrue(mine.receivable_late)
                action = mine.action_receivable_contract()
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found.lead_id, lead)
        # an opportunity without an order has no button
        self.assertFalse(self._lead().receivable_signed)

    def test_button_is_for_those_who_see_the_row(self):
        lead = self._lead(user=self.ann)
        order = self._order(lead, 1000)
        self.env.flush_all()
        seller = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        for record in (lead, order):
            with self.subTest(record._name):
                # they read the document, and not the money of a colleague
                self.assertTrue(record.with_user(seller).display_name)
                self.assertEqual(record.with_user(seller).receivable_signed, 0)
        employee = self._make_user("employee", "base.group_user")
        names = lead.with_user(employee).fields_get()
        self.assertNotIn("receivable_signed", names)
