from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .credit_common import QuotaCreditCase


@tagged("post_install", "-at_install")
class TestCreditRules(QuotaCreditCase):
    """Each rule of what counts, with a case that counts and one that does not."""

    def test_invoice(self):
        self._sell(100.01, user=self.ann, team=self.team)
        self._sell(50, user=self.ann, team=self.team, post=False)
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 100.01,
                ("invoiced", "2026-03", self.team): 100.01,
                ("invoiced", "2026-03", self.bob): 0,
                ("invoiced", "2026-02", self.ann): 0,
                ("collected", "2026-03", self.ann): 0,
                ("margin", "2026-03", self.ann): 100.01,
            }
        )
        target = self._target("invoiced", "2026-03", self.ann)
        self.assertAlmostEqual(target.attainment, 0.10001)

    def test_vendor_bill_does_not_count(self):
        bill = self._sell(70, user=self.ann, move_type="in_invoice", post=False)
        bill.write({"team_id": self.team.id, "invoice_user_id": self.ann.id})
        bill.action_post()
        self.assertAchieved({("invoiced", "2026-03", self.ann): 0})

    def test_receipt(self):
        receipt = self._sell(40, user=self.ann, move_type="out_receipt")
        self._pay(receipt, 23, day="2026-04-02")
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 40,
                ("collected", "2026-04", self.ann): 20,
            }
        )

    def test_nobody_and_odoobot(self):
        root = self.env.ref("base.user_root")
        self._sell(10)
        self._sell(20, team=self.team)
        self._sell(40, user=root, team=self.team)
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 0,
                ("invoiced", "2026-03", self.team): 60,
            }
        )
        rows = self.env["quota.credit"].search([("basis", "=", "invoiced")])
        self.assertEqual(
            {(row.amount, row.counts_for, row.reason) for row in rows},
            {
                (10, "nobody", "no_person"),
                (20, "team", "no_person"),
                (40, "team", "system"),
            },
        )

    def test_refund_of_a_person(self):
        """A refund with a salesperson is theirs, whoever sold what it reverses."""
        invoice = self._sell(100, user=self.ann, team=self.team)
        self._reverse(
            invoice,
            day="2026-04-01",
            invoice_user_id=self.bob.id,
            team_id=self.other_team.id,
        )
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 100,
                ("invoiced", "2026-04", self.ann): 0,
                ("invoiced", "2026-04", self.bob): -100,
                ("invoiced", "2026-04", self.team): 0,
                ("invoiced", "2026-04", self.other_team): -100,
            }
        )

    def test_refund_follows(self):
        """A refund of nobody, or of OdooBot, follows the invoice that it reverses."""
        invoice = self._sell(100, user=self.ann, team=self.team)
        refund = self._reverse(invoice)
        for user in (self.env["res.users"], self.env.ref("base.user_root")):
            with self.subTest(user=user.login):
                refund.write(
                    {"invoice_user_id": user.id, "team_id": self.other_team.id}
                )
                self.assertAchieved(
                    {
                        ("invoiced", "2026-03", self.ann): 0,
                        ("invoiced", "2026-03", self.team): 0,
                        ("invoiced", "2026-03", self.other_team): 0,
                    }
                )
        # the invoice changes hands, and the refund with it
        invoice.write({"invoice_user_id": self.bob.id, "team_id": self.other_team.id})
        self._sell(7, user=self.bob)
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 0,
                ("invoiced", "2026-03", self.bob): 7,
                ("invoiced", "2026-03", self.other_team): 0,
            }
        )

    def test_refund_without_an_original(self):
        self._sell(30, move_type="out_refund", team=self.team)
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.team): -30,
                ("invoiced", "2026-03", self.ann): 0,
            }
        )

    def test_refund_follows_a_split(self):
        invoice = self._sell(100.01, user=self.ann, team=self.team, post=False)
        invoice.quota_split_ids = [
            Command.create({"user_id": self.ann.id, "percent": 33.33}),
            Command.create({"user_id": self.bob.id, "percent": 66.67}),
        ]
        invoice.action_post()
        refund = self._reverse(invoice, day="2026-04-20")
        self.assertEqual(refund.quota_split_ids.mapped("percent"), [33.33, 66.67])
        expected = {
            ("invoiced", "2026-03", self.ann): 33.33,
            ("invoiced", "2026-03", self.bob): 66.68,
            ("invoiced", "2026-04", self.ann): -33.33,
            ("invoiced", "2026-04", self.bob): -66.68,
            ("invoiced", "2026-04", self.team): -100.01,
        }
        self.assertAchieved(expected)
        # without a split and person of its own it follows that of the invoice
        refund.quota_split_ids.unlink()
        self.env.cr.flush()
        self.assertAchieved(
            {
                ("invoiced", "2026-04", self.ann): -100.01,
                ("invoiced", "2026-04", self.bob): 0,
            }
        )
        refund.invoice_user_id = False
        self.assertAchieved(expected)

    def test_split_rounds_to_the_cent(self):
        invoice = self._sell(0.05, user=self.ann, team=self.team)
        invoice.quota_split_ids = [
            Command.create({"user_id": self.ann.id, "percent": 50}),
            Command.create({"user_id": self.bob.id, "percent": 50}),
        ]
        self._pay(invoice)
        for basis in ("invoiced", "collected"):
            self.assertAchieved(
                {
                    (basis, "2026-03", self.ann): 0.03,
                    (basis, "2026-03", self.bob): 0.02,
                    (basis, "2026-03", self.team): 0.05,
                }
            )

    def test_split_of_an_invoice_of_nobody(self):
        invoice = self._sell(10, team=self.team)
        invoice.quota_split_ids = [
            Command.create({"user_id": self.bob.id, "percent": 100})
        ]
        self.assertAchieved({("invoiced", "2026-03", self.bob): 10})

    def test_reset_cancel_and_delete(self):
        invoice = self._sell(100, user=self.ann, team=self.team)
        key = ("invoiced", "2026-03", self.ann)
        self.assertAchieved({key: 100})
        invoice.button_draft()
        self.assertAchieved({key: 0})
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        self.assertAchieved({key: 120})
        invoice.button_draft()
        invoice.button_cancel()
        self.assertAchieved({key: 0})
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertAchieved({key: 0})

    def test_deleted_original(self):
        """A refund that followed a deleted invoice belongs to nobody."""
        invoice = self._sell(100, user=self.ann, team=self.team)
        refund = self._reverse(invoice)
        refund.write({"invoice_user_id": False, "team_id": False})
        self.assertAchieved({("invoiced", "2026-03", self.ann): 0})
        invoice.button_draft()
        self.assertAchieved({("invoiced", "2026-03", self.ann): -100})
        invoice.with_context(force_delete=True).unlink()
        self.assertAchieved({("invoiced", "2026-03", self.ann): 0})

    def test_person_and_team_change_on_a_posted_invoice(self):
        invoice = self._sell(100, user=self.ann, team=self.team)
        self._pay(invoice, 57.5)
        self._refresh()
        invoice.invoice_user_id = self.bob
        invoice.team_id = self.other_team
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 0,
                ("invoiced", "2026-03", self.bob): 100,
                ("invoiced", "2026-03", self.team): 0,
                ("invoiced", "2026-03", self.other_team): 100,
                ("collected", "2026-03", self.ann): 0,
                ("collected", "2026-03", self.bob): 50,
            }
        )

    def test_partial_payments(self):
        """The untaxed share of each payment, on its day; all of it in the end."""
        invoice = self._sell(100, user=self.ann, team=self.team)
        for amount, day in ((33.33, "2026-03-11"), (33.33, "2026-04-01")):
            self._pay(invoice, amount, day=day)
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 28.98,
                ("collected", "2026-04", self.ann): 28.99,
            }
        )
        self._pay(invoice, day="2026-04-30")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 28.98,
                ("collected", "2026-04", self.ann): 71.02,
                ("collected", "2026-04", self.team): 71.02,
            }
        )

    def test_unreconcile(self):
        invoice = self._sell(100, user=self.ann)
        self._pay(invoice, 57.5)
        payment = self._pay(invoice, 57.5, day="2026-04-04")
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 50,
                ("collected", "2026-04", self.ann): 50,
            }
        )
        self._receivable(payment).remove_move_reconcile()
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 50,
                ("collected", "2026-04", self.ann): 0,
            }
        )

    def test_redated_payment(self):
        """A payment counts while it is posted, on the day that it has then."""
        invoice = self._sell(100, user=self.ann)
        payment = self._pay(invoice, day="2026-03-30")
        self.assertAchieved({("collected", "2026-03", self.ann): 100})
        payment.button_draft()
        self.assertAchieved({("collected", "2026-03", self.ann): 0})
        payment.write({"date": "2026-04-02", "name": False})
        payment.action_post()
        self.assertTrue(self._receivable(payment).matched_debit_ids)
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 0,
                ("collected", "2026-04", self.ann): 100,
            }
        )

    def test_refund_matched_with_the_invoice(self):
        invoice = self._sell(100, user=self.ann, team=self.team)
        self._reverse(invoice, cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")
        rows = self.env["quota.credit"].search([("basis", "=", "collected")])
        self.assertEqual(sorted(rows.mapped("amount")), [-100, 100])
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 0,
                ("collected", "2026-03", self.team): 0,
            }
        )

    def test_refund_paid_out(self):
        invoice = self._sell(100, user=self.ann)
        self._pay(invoice)
        refund = self._reverse(invoice)
        self.assertAchieved({("collected", "2026-03", self.ann): 100})
        self._pay(refund, 57.5, day="2026-04-10")
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 100,
                ("collected", "2026-04", self.ann): -50,
            }
        )

    def test_free_invoice(self):
        self._sell(0, user=self.ann)
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 0,
                ("collected", "2026-03", self.ann): 0,
            }
        )

    def test_exchange_difference(self):
        """Euros count at the invoice's rate, and collected at the payment's."""
        invoice = self._sell(100, user=self.ann, currency_id=self.euro.id)
        self.assertEqual(invoice.amount_untaxed_signed, 200)
        self._pay(invoice, 287.5 / 2, day="2026-03-20", amount_currency=57.5)
        self.assertTrue(self._receivable(invoice).matched_credit_ids.exchange_move_id)
        self._pay(invoice, 287.5 / 2, day="2026-04-01", amount_currency=57.5)
        self.assertEqual(invoice.payment_state, "paid")
        partials = self._receivable(invoice).matched_credit_ids
        counted = partials.filtered(
            lambda partial: partial.credit_move_id.move_id
            not in partials.exchange_move_id
        )
        self.assertEqual(len(counted), 2)
        self.assertAchieved({("invoiced", "2026-03", self.ann): 200})
        self._receivable(invoice).remove_move_reconcile()
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 0,
                ("collected", "2026-04", self.ann): 0,
            }
        )

    def test_exchange_loss(self):
        """Fewer of the company's francs came in than were invoiced."""
        invoice = self._sell(
            100, day="2026-03-20", user=self.ann, currency_id=self.euro.id
        )
        self.assertEqual(invoice.amount_untaxed_signed, 250)
        self._pay(invoice, 230, day="2026-04-01", amount_currency=115)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertAchieved({("collected", "2026-04", self.ann): 200})

    def test_early_payment_discount(self):
        """An invoice that is settled with a discount is collected in full."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in ten days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        invoice = self._sell(
            100, user=self.ann, invoice_payment_term_id=term.id, taxes=self.tax.browse()
        )
        self._register_payment(invoice, payment_date="2026-03-12", amount=98)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertAchieved({("collected", "2026-03", self.ann): 100})

    def test_two_instalments(self):
        invoice = self._sell(
            100, user=self.ann, invoice_payment_term_id=self.pay_terms_b.id
        )
        self.assertEqual(len(self._receivable(invoice)), 2)
        self._pay(invoice, 50)
        self._pay(invoice, 65, day="2026-04-03")
        self.assertAchieved(
            {
                ("collected", "2026-03", self.ann): 43.48,
                ("collected", "2026-04", self.ann): 56.52,
            }
        )

    def test_margin(self):
        """The cost of the product that day, in the invoice's unit of measure."""
        line = {
            "product_id": self.product_a.id,
            "quantity": 2,
            "product_uom_id": self.uom_dozen.id,
        }
        invoice = self._sell(30000, user=self.ann, line=line, post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Unknown cost", "price_unit": 10, "tax_ids": []})
        ]
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.mapped("quota_cost"), [19200, 0])
        self.product_a.standard_price = 1
        self.assertAchieved(
            {
                ("margin", "2026-03", self.ann): 60010 - 19200,
                ("invoiced", "2026-03", self.ann): 60010,
            }
        )
        refund = self._reverse(invoice)
        self.assertEqual(refund.invoice_line_ids.mapped("quota_cost"), [-24, 0])
        self.assertAchieved({("margin", "2026-03", self.ann): 24 - 19200})

    def test_nobody_types_the_cost(self):
        accountant = new_test_user(
            self.env, "cost_typist", "account.group_account_manager"
        )
        invoice = self._sell(10, user=self.ann)
        with self.assertRaisesRegex(UserError, "not to be typed: Known Cost"):
            invoice.with_user(accountant).invoice_line_ids.quota_cost = 1
        with self.assertRaisesRegex(UserError, "not to be typed: Known Cost"):
            invoice.with_user(accountant).copy(
                {"invoice_line_ids": [Command.create({"quota_cost": 1})]}
            )
        draft = self._sell(10, user=self.ann, post=False)
        # nor by a default, which is left out
        line = (
            self.env["account.move.line"]
            .with_user(accountant)
            .with_context(default_quota_cost=1)
            .create({"move_id": draft.id, "name": "Work", "price_unit": 10})
        )
        self.assertFalse(line.quota_cost)

    def test_dates_of_the_months(self):
        for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
            self._sell(1, user=self.ann, day=day)
        self._sell(1, user=self.ann, day="2026-05-01")
        self.assertAchieved(
            {
                ("invoiced", "2026-02", self.ann): 1,
                ("invoiced", "2026-03", self.ann): 2,
                ("invoiced", "2026-04", self.ann): 1,
            }
        )

    def test_two_companies(self):
        data = self.setup_other_company(currency_id=self.euro.id)
        company = data["company"]
        self.env.user.company_ids |= company
        carl = self._create_person("carl", company=company)
        plan = self._create_plan("invoiced", company, holders=[carl, self.ann])
        self.assertEqual(plan.currency_id, self.euro)
        invoice = self._sell(100, user=carl, company=company, taxes=self.tax.browse())
        self._sell(100, user=self.ann)
        self._sell(7, user=self.ann, company=company, taxes=self.tax.browse())
        self.assertEqual(invoice.company_id, company)
        self.assertConsistent(self.company + company)
        for holder, found, amount in (
            (carl, plan, 100),
            (self.ann, plan, 7),
            (self.ann, self.plans["invoiced"], 100),
        ):
            target = self._target("invoiced", "2026-03", holder, plan=found)
            self.assertEqual(target.achieved, amount)

    def test_changed_plans(self):
        """New targets, another holder, basis or period are right when committed."""
        invoice = self._sell(100, user=self.ann, team=self.team)
        self._pay(invoice, 11.5)
        self._refresh()
        plan = self._create_plan("collected", holders=[self.ann])
        target = self._target("collected", "2026-03", self.ann, plan=plan)
        self.env.cr.flush()
        self.assertEqual(target.achieved, 10)
        plan.basis = "invoiced"
        self.env.cr.flush()
        self.assertEqual(target.achieved, 100)
        target.user_id = self.bob
        self.env.cr.flush()
        self.assertEqual(target.achieved, 0)
        target.user_id = self.ann
        target.period_id.date_from = "2026-03-11"
        self.env.cr.flush()
        self.assertEqual(target.achieved, 0)
        target.period_id.date_from = "2026-03-01"
        plan.active = False
        self._sell(5, user=self.ann)
        self._refresh()
        plan.active = True
        target.full_amount = 210
        self.env.cr.flush()
        self.assertEqual(target.achieved, 105)
        self.assertEqual(target.attainment, 0.5)
        target.full_amount = 0
        self.env.cr.flush()
        self.assertEqual(target.attainment, 0)

    def test_nightly_run_reports_what_differed(self):
        self._sell(100, user=self.ann)
        target = self._target("invoiced", "2026-03", self.ann)
        self.env["quota.target"]._cron_refresh_achieved()
        self.assertEqual(target.achieved, 100)
        with self.assertNoLogs("odoo.addons.front_office_quota", "WARNING"):
            self.env["quota.target"]._cron_recompute_achieved()
        self.env.cr.execute(
            "UPDATE quota_target SET achieved = 1 WHERE id = %s", [target.id]
        )
        with self.assertLogs("odoo.addons.front_office_quota", "WARNING"):
            self.env["quota.target"]._cron_recompute_achieved()
        self.assertEqual(target.achieved, 100)

    def test_split_refuses(self):
        invoice = self._sell(10, user=self.ann)
        root = self.env.ref("base.user_root")
        for parts in (
            [(self.ann, 60)],
            [(self.ann, 60), (self.bob, 41)],
            [(root, 100)],
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                invoice.quota_split_ids = [
                    Command.create({"user_id": user.id, "percent": percent})
                    for user, percent in parts
                ]
        bill = self._sell(70, move_type="in_invoice", post=False)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            bill.quota_split_ids = [
                Command.create({"user_id": self.ann.id, "percent": 100})
            ]

    def test_split_one_part_at_a_time(self):
        """Past the invoice form, the parts are 100 % when the transaction ends."""
        invoice = self._sell(10, user=self.ann)
        splits = self.env["quota.credit.split"].create(
            [
                {"move_id": invoice.id, "user_id": user.id, "percent": 50}
                for user in (self.ann, self.bob)
            ]
        )
        self.env.cr.flush()
        splits[0].percent = 30
        splits[1].percent = 70
        self.env.cr.flush()
        self.assertIn("Bob 70 %", invoice.message_ids[0].body)
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 3,
                ("invoiced", "2026-03", self.bob): 7,
            }
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            splits[0].percent = 31
            self.env.cr.flush()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            splits[0].unlink()
            self.env.cr.flush()
        splits.unlink()
        self.env.cr.flush()
        self.assertAchieved({("invoiced", "2026-03", self.ann): 10})
