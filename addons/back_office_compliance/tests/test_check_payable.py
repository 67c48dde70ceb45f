from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_ledger_check import LedgerCheckFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestCheckPayable(LedgerCheckFixture):
    """Each check of bills and payments finds what it should, and nothing else."""

    def _make_bill(self, ref, day="2026-03-01", amount=100, **values):
        return self._make_invoice(day, amount, "in_invoice", ref=ref, **values)

    # --- duplicates ---------------------------------------------------------------

    def test_duplicates_found(self):
        first = self._make_bill("INV-00 12/a", "2026-02-01")
        second = self._make_bill("inv0012A", "2026-03-01", 100.04)
        leading = self._make_bill("000INV0012A", "2026-03-02", post=False)
        findings = self._ask("payable_duplicates")
        self.assertEqual(sorted(findings.mapped("res_id")), [second.id, leading.id])
        self.assertEqual(
            {found.values["looks_like"] for found in findings}, {first.name}
        )
        self.assertEqual(findings.sorted("res_id")[0].date, date(2026, 3, 1))

    def test_duplicates_left_alone(self):
        self._make_bill("A1", "2025-11-01")
        self._make_bill("A1", "2026-03-01")  # long after
        self._make_bill("A2", "2026-03-01")
        self._make_bill("A2", "2026-03-01", 100.1)  # another amount
        self._make_bill("A2", "2026-03-01", partner_id=self.partner_b.id)
        self._make_invoice("2026-03-01", 100, "in_refund", ref="A2")
        self._make_bill("-", "2026-03-01")
        self._make_bill("/", "2026-03-01")
        self._make_bill(False)
        self._make_bill(False)
        cancelled = self._make_bill("A2", "2026-03-02", post=False)
        cancelled.button_cancel()
        self.assertFalse(self._ids("payable_duplicates"))

    def test_duplicates_of_a_vendor_with_two_addresses(self):
        address = self.env["res.partner"].create(
            {"name": "Plant", "parent_id": self.partner_a.id, "type": "invoice"}
        )
        self._make_bill("A1")
        second = self._make_bill("A1", partner_id=address.id)
        self.assertEqual(self._ids("payable_duplicates"), second.ids)

    # --- bank account -------------------------------------------------------------

    def _make_bank(self, moment, number="12345678", trusted=True):
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": self.partner_a.id,
                "allow_out_payment": trusted,
            }
        )
        self._set_created(bank, moment)
        return bank

    def _make_payment(self, day="2026-03-10", **values):
        return self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.partner_a.id,
                "amount": 100,
                "date": day,
                "journal_id": self.journals["bank"].id,
                **values,
            }
        )

    def test_bank_new(self):
        bank = self._make_bank("2026-03-03 12:00:00")
        payment = self._make_payment(partner_bank_id=bank.id)
        findings = self._ask("payable_bank_changed")
        self.assertEqual(findings.mapped("res_id"), payment.ids)
        self.assertEqual(findings.key, str(bank.id))
        self.assertEqual(findings.values, {"changed_on": "2026-03-03", "amount": 100})
        payment.action_cancel()
        self.assertFalse(self._ids("payable_bank_changed"))

    def test_bank_changed(self):
        bank = self._make_bank("2025-01-01 12:00:00", trusted=False)
        payment = self._make_payment(partner_bank_id=bank.id)
        self.assertFalse(self._ids("payable_bank_changed"))
        self._with_chatter(bank).acc_number = "87654321"
        self.env.cr.flush()
        message = bank.message_ids[:1]
        self.assertTrue(message, "the chatter of a bank account shows its changes")
        message.sudo().date = "2026-03-08 12:00:00"
        self.assertEqual(self._ids("payable_bank_changed"), payment.ids)
        message.sudo().date = "2026-03-11 12:00:00"
        self.assertFalse(self._ids("payable_bank_changed"))

    def test_bank_left_alone(self):
        bank = self._make_bank("2026-03-02 12:00:00")
        self._make_payment(partner_bank_id=bank.id)
        late = self._make_bank("2026-03-11 12:00:00", "2222")
        self._make_payment(partner_bank_id=late.id)
        self._make_payment()
        self.assertFalse(self._ids("payable_bank_changed"))

    # --- overdue ------------------------------------------------------------------

    def test_overdue_bills(self):
        bill = self._make_bill("A1", "2026-03-01")
        self._make_bill("A2", "2026-03-08")  # tolerated
        self._make_bill("A3", "2026-03-01", post=False)
        self._make_invoice("2026-03-01")  # of a customer
        paid = self._make_bill("A4", "2026-03-01")
        self._pay(paid)
        findings = self._ask("payable_overdue")
        item = bill.line_ids.filtered("date_maturity")
        self.assertEqual(findings.mapped("res_id"), item.ids)
        self.assertEqual(findings.date, date(2026, 3, 1))
        self._pay(bill)
        self.assertFalse(self._ids("payable_overdue"))

    def _pay(self, bill, user=None):
        """Pay a bill with the wizard, as somebody; return the payment."""
        wizard = self.env["account.payment.register"].with_user(user or self.env.user)
        return (
            wizard.with_context(active_model="account.move", active_ids=bill.ids)
            .create({"payment_date": "2026-03-12"})
            ._create_payments()
        )

    # --- one person ---------------------------------------------------------------

    def _make_clerk(self, login):
        return new_test_user(
            self.env,
            login=login,
            groups="account.group_account_manager,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _make_vendor_bill(self, creator, poster, payer):
        """Have three people create a vendor, post its bill and pay it."""
        vendor = self.env["res.partner"].with_user(creator).create({"name": "Vendor"})
        bill = self._make_bill("A1", partner_id=vendor.id, post=False)
        self.env.cr.flush()  # what is created and posted at once is not tracked
        self._with_chatter(bill.with_user(poster)).action_post()
        self.env.cr.flush()
        return bill, self._pay(bill, payer)

    def test_one_person_found(self):
        clerk = self._make_clerk("clerk")
        bill, payment = self._make_vendor_bill(clerk, clerk, clerk)
        findings = self._ask("payable_one_person")
        self.assertEqual(findings.mapped("res_id"), bill.ids)
        self.assertEqual(findings.key, str(payment.id))
        self.assertEqual(findings.values["person"], "clerk")
        self.assertEqual(findings.date, date(2026, 3, 12))

    def test_one_person_left_alone(self):
        clerk, other = self._make_clerk("clerk"), self._make_clerk("other")
        self._make_vendor_bill(other, clerk, clerk)
        self._make_vendor_bill(clerk, other, clerk)
        self._make_vendor_bill(clerk, clerk, other)
        self.assertFalse(self._ids("payable_one_person"))

    def test_one_person_without_chatter(self):
        """Without a line in the chatter, who created the bill has posted it."""
        clerk, other = self._make_clerk("clerk"), self._make_clerk("other")
        vendor = self.env["res.partner"].with_user(clerk).create({"name": "Vendor"})
        expected = []
        for creator in (clerk, other):
            values = self._make_bill("A1", partner_id=vendor.id, post=False)
            bill = values.with_user(creator).copy(
                {"invoice_date": "2026-03-01", "date": "2026-03-01"}
            )
            values.unlink()
            bill.with_context(tracking_disable=True).action_post()
            self._pay(bill, clerk)
            expected += bill.ids if creator == clerk else []
        self.assertEqual(self._ids("payable_one_person"), expected)

    # --- other companies ----------------------------------------------------------

    def test_other_company_is_left_alone(self):
        other = self._in_other_company()["company"]
        self._make_bill("A1", "2026-03-01")
        self._make_bill("A1", "2026-03-01")
        bank = self._make_bank("2026-03-09 12:00:00")
        self._make_payment(partner_bank_id=bank.id)
        for name in ("payable_duplicates", "payable_overdue", "payable_bank_changed"):
            with self.subTest(check=name):
                self.assertTrue(self._ids(name))
                self.assertFalse(self._ids(name, other))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestCheckReceivable(LedgerCheckFixture):
    """Receivables that nobody asks for, and customers above their limit."""

    def test_idle(self):
        invoice = self._make_invoice("2026-02-01")
        self._make_invoice("2026-03-05")  # tolerated
        self._make_invoice("2026-02-01", move_type="in_invoice")
        findings = self._ask("receivable_idle")
        item = invoice.line_ids.filtered("date_maturity")
        self.assertEqual(findings.mapped("res_id"), item.ids)
        self.assertEqual(findings.date, date(2026, 2, 1))

    def test_idle_with_an_activity(self):
        for record in ("invoice", "partner"):
            with self.subTest(record=record):
                customer = self.partner_a.copy()
                customer.property_payment_term_id = self.pay_terms_a
                invoice = self._make_invoice("2026-02-01", partner_id=customer.id)
                item = invoice.line_ids.filtered("date_maturity")
                self.assertEqual(self._ids("receivable_idle"), item.ids)
                planned = invoice if record == "invoice" else customer
                activity = planned.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=self.env.user.id
                )
                self.assertFalse(self._ids("receivable_idle"))
                activity.action_done()
                self.assertEqual(self._ids("receivable_idle"), item.ids)
                planned.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=self.env.user.id
                )

    def test_credit_limit(self):
        self.company.account_use_credit_limit = True
        address = self.env["res.partner"].create(
            {"name": "Plant", "parent_id": self.partner_a.id}
        )
        self.partner_a.credit_limit = 199
        self.partner_b.credit_limit = 100
        self._make_invoice("2026-03-01", 100)
        self._make_invoice("2026-03-01", 100, partner_id=address.id)
        self._make_invoice("2026-03-01", 100, partner_id=self.partner_b.id)
        self._make_invoice("2026-03-01", 900, post=False)
        findings = self._ask("receivable_credit_limit")
        self.assertEqual(findings.mapped("res_id"), self.partner_a.ids)
        self.assertEqual(findings.values, {"owed": 200, "credit_limit": 199})
        self.assertFalse(findings.date)
        self._set_parameters("receivable_credit_limit", tolerance=1)
        self.assertFalse(self._ids("receivable_credit_limit"))

    def test_credit_limit_not_used(self):
        self.company.account_use_credit_limit = False
        self.partner_a.credit_limit = 10
        self._make_invoice("2026-03-01", 100)
        self.assertFalse(self._ids("receivable_credit_limit"))

    def test_no_credit_limit(self):
        self.company.account_use_credit_limit = True
        self._make_invoice("2026-03-01", 100)
        self.assertFalse(self._ids("receivable_credit_limit"))

    def test_other_company_is_left_alone(self):
        other = self._in_other_company()["company"]
        (self.company + other).account_use_credit_limit = True
        self.partner_a.credit_limit = 10
        self.partner_a.with_company(other).credit_limit = 10
        self._make_invoice("2026-02-01", 100)
        for name in ("receivable_idle", "receivable_credit_limit"):
            with self.subTest(check=name):
                self.assertTrue(self._ids(name))
                self.assertFalse(self._ids(name, other))
