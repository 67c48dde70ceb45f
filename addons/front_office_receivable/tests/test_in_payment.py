from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import ReceivableFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestInPayment(ReceivableFixture):
    """What counts as paid: what the ledger has matched; the rest waits for the bank."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what Accounting says, with which a payment needs no entry
        hook = patch.object(
            type(cls.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda self: "in_payment",
        )
        cls.startClassPatcher(hook)
        bank = cls.company_data["default_journal_bank"]
        bank.inbound_payment_method_line_ids.payment_account_id = False
        cls.move = cls._invoice(100, "2026-03-01")

    def _register(self, move, amount, day="2026-03-12"):
        """Register a payment as the bank's account without an outstanding one does."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        payment = wizard.create(
            {"payment_date": day, "amount": amount}
        )._create_payments()
        self.assertFalse(payment.move_id)
        self.assertEqual(payment.state, "in_process")
        return payment

    def _states(self, call):
        self._decide()
        return call.promise_ids.sorted("date").mapped("state")

    def test_board_waits_and_the_ledger_does_not_forget(self):
        self.assertTrue(self._item(self.move).to_call)
        self._register(self.move, 100)
        item = self._item(self.move)
        self.assertEqual(self.move.payment_state, "in_payment")
        self.assertEqual((item.registered, item.to_call), (True, False))
        # open and late it is until the bank has confirmed it
        self.assertEqual((item.amount, item.overdue, item.bucket), (100, True, "1"))

    def test_part_of_it_is_registered(self):
        self._register(self.move, 30)
        # Odoo calls all of it "in payment"; 70 are still to be called about
        self.assertEqual(self.move.payment_state, "in_payment")
        item = self._item(self.move)
        self.assertEqual((item.registered, item.to_call), (False, True))

    def test_payment_that_the_bank_refuses(self):
        payment = self._register(self.move, 100)
        payment.action_reject()
        item = self._item(self.move)
        self.assertEqual((item.registered, item.to_call), (False, True))

    def test_promise_waits_for_the_bank(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        payment = self._register(self.move, 100)
        with freeze_time("2026-03-20 10:00:00"):
            self.assertEqual(self._states(call), ["open"])
            self.assertEqual(call.promise_ids.amount_paid, 0)
            # refused in the end: nothing has come in time
            payment.action_reject()
            self.assertEqual(self._states(call), ["broken"])

    def test_bank_confirms(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        self._register(self.move, 100)
        with freeze_time("2026-03-20 10:00:00"):
            self.assertEqual(self._states(call), ["open"])
            self._pay(self.move, 100, "2026-03-13")
            self.assertEqual(self._states(call), ["kept"])
        self.assertFalse(self._item(self.move))

    def test_registered_too_late_or_too_little(self):
        for amount, day in ((100, "2026-03-17"), (99, "2026-03-12")):
            move = self._invoice(100, "2026-03-01")
            call = self._call(move, [("2026-03-12", 100)])
            self._register(move, amount, day)
            with self.subTest(day), freeze_time("2026-03-18 10:00:00"):
                self.assertEqual(self._states(call), ["broken"])

    def test_one_payment_of_two_invoices_counts_once(self):
        other = self._invoice(100, "2026-03-01")
        call = self._call(self.move + other, [("2026-03-12", 200)])
        payment = self._register(self.move, 100)
        payment.invoice_ids += other
        with freeze_time("2026-03-18 10:00:00"):
            self.assertEqual(self._states(call), ["broken"])

    def test_cash_is_expected_today(self):
        self._register(self.move, 100)
        self.env.flush_all()
        row = self.env["receivable.expected"].search([("move_id", "=", self.move.id)])
        self.assertEqual((row.source, str(row.date)), ("registered", "2026-03-11"))
        self.assertEqual(row.amount, 100)

    def test_payment_with_an_entry_is_paid(self):
        """The entry is matched at once: the customer has paid."""
        call = self._call(self.move, [("2026-03-12", 100)])
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move",
            active_ids=self.move.ids,
            force_payment_move=True,
        )
        payment = wizard.create({"payment_date": "2026-03-12"})._create_payments()
        self.assertTrue(payment.move_id)
        self.assertEqual(self.move.payment_state, "in_payment")
        self.assertFalse(self._item(self.move))
        with freeze_time("2026-03-18 10:00:00"):
            self.assertEqual(self._states(call), ["kept"])

    def test_unmatched_money_is_no_payment(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        other = self._invoice(100, "2026-03-01")
        entry = self._pay(other, 100, "2026-03-12")
        self._due_lines(entry).remove_move_reconcile()
        with freeze_time("2026-03-18 10:00:00"):
            self.assertEqual(self._states(call), ["broken"])
