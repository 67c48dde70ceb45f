from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ReceivableFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")  # a Wednesday
class TestAttackLedger(ReceivableFixture):
    """What stands in the ledger beside plain payments, and what promises make of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.company_data["default_account_expense"]

    def _states(self, call):
        self._decide()
        return call.promise_ids.sorted("date").mapped("state")

    def _write_off(self, move, amount, day):
        """Write a part of an invoice off with an entry; return the entry."""
        receivable = self._due_lines(move).account_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "line_ids": [
                    Command.create({"account_id": self.expense.id, "debit": amount}),
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": move.partner_id.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (self._due_lines(move) + self._due_lines(entry)).reconcile()
        return entry

    def _register(self, move, day, **values):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        return wizard.create({"payment_date": day, **values})._create_payments()

    def _credit(self, move, amount, **values):
        refund = self._invoice(-amount, "2026-03-12", **values)
        (self._due_lines(move) + self._due_lines(refund)).reconcile()
        return refund

    # --- debt that goes without money -------------------------------------------------

    def test_write_off_is_no_payment(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        with freeze_time("2026-03-20"):
            self.assertEqual(self._states(call), ["broken"])
            # a payment of that day would have been in time
            self._write_off(move, 60, "2026-03-12")
            self.assertEqual(self._states(call), ["broken"])
            self.assertEqual(call.promise_ids.amount_paid, 0)

    def test_write_off_of_all_before_the_deadline(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        self._write_off(move, 100, "2026-03-12")
        self.assertEqual(self._states(call), ["void"])

    def test_write_off_does_not_hide_a_broken_promise(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        with freeze_time("2026-03-20"):
            self._decide()
            self._write_off(move, 100, "2026-03-20")
            self.assertEqual(self._states(call), ["broken"])

    def test_small_difference_is_written_off_with_the_payment(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        self._register(
            move,
            "2026-03-12",
            amount=99.5,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.expense.id,
        )
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(self._states(call), ["kept"])
        self.assertEqual(call.promise_ids.amount_paid, 99.5)

    def test_most_is_written_off_with_the_payment(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        with freeze_time("2026-03-20"):
            self._decide()
            self._register(
                move,
                "2026-03-20",
                amount=1,
                payment_difference_handling="reconcile",
                writeoff_account_id=self.expense.id,
            )
            self.assertEqual(self._states(call), ["broken"])
            self.assertEqual(call.promise_ids.amount_paid, 1)

    def test_early_payment_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 60 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 60,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 90}
                    )
                ],
            }
        )
        move = self._invoice(
            100,
            "2026-03-01",
            invoice_payment_term_id=term.id,
            invoice_date="2026-02-01",
            invoice_date_due=False,
        )
        call = self._call(move, [("2026-03-12", 100)])
        payment = self._register(move, "2026-03-12")
        self.assertEqual(payment.amount, 98)
        self.assertEqual(self._states(call), ["kept"])
        self.assertEqual(call.promise_ids.amount_paid, 98)

    def test_credit_note_after_a_payment(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 60), ("2026-03-19", 40)])
        self._pay(move, 60, "2026-03-12")
        self._credit(move, 40)
        with freeze_time("2026-04-01"):
            self.assertEqual(self._states(call)[0], "kept")
            self.assertNotEqual(self._states(call)[1], "broken")

    # --- currencies -------------------------------------------------------------------

    def _foreign(self, rate, **values):
        currency = self.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), ("2026-03-01", rate)]
        )
        return self._invoice(200, "2026-02-15", currency_id=currency.id, **values)

    def test_half_of_a_foreign_invoice(self):
        for rate in (1.0, 4.0):
            move = self._foreign(rate)
            call = self._call(move, [("2026-03-12", 50), ("2026-03-26", 50)])
            self._register(move, "2026-03-12", amount=100)
            with self.subTest(rate=rate):
                self.assertEqual(move.amount_residual_signed, 50)
                self.assertEqual(self._states(call), ["kept", "open"])
                self.assertEqual(call.promise_ids.mapped("amount_paid"), [50, 0])
                with freeze_time("2026-04-20"):
                    self.assertEqual(self._states(call), ["kept", "broken"])

    def test_foreign_credit_note_at_another_rate(self):
        for rate in (1.0, 4.0):
            move = self._foreign(rate)
            call = self._call(move, [("2026-03-12", 100)])
            self._credit(move, 100, currency_id=move.currency_id.id)
            with self.subTest(rate=rate):
                self.assertEqual(move.amount_residual_signed, 50)
                self.assertEqual(call.promise_ids.amount_paid, 0)
                self.assertEqual(self._states(call), ["open"])
                self._register(move, "2026-03-12")
                self.assertEqual(self._states(call), ["kept"])
                self.assertEqual(call.promise_ids.amount_paid, 50)

    # --- what is taken back, changed, agreed on again ---------------------------------

    def test_taken_back_after_a_new_agreement(self):
        move = self._invoice(100, "2026-03-01")
        first = self._call(move, [("2026-03-20", 60)])
        entry = self._pay(move, 60, "2026-03-11")
        self.assertEqual(self._states(first), ["kept"])
        second = self._call(move, [("2026-03-27", 40)])
        self._due_lines(entry).remove_move_reconcile()
        self.assertEqual(self._states(first), ["replaced"])
        self.assertEqual(self._states(second), ["open"])

    def test_taken_back_before_a_new_agreement(self):
        move = self._invoice(100, "2026-03-01")
        first = self._call(move, [("2026-03-20", 60)])
        entry = self._pay(move, 60, "2026-03-11")
        self.assertEqual(self._states(first), ["kept"])
        self._due_lines(entry).remove_move_reconcile()
        # the night has not told it yet, and they agree anew
        second = self._call(move, [("2026-03-27", 100)])
        self.assertEqual(self._states(first), ["replaced"])
        self.assertEqual(self._states(second), ["open"])

    def test_bounced_after_the_deadline_in_spite_of_a_new_agreement(self):
        move = self._invoice(100, "2026-03-01")
        first = self._call(move, [("2026-03-12", 60)])
        entry = self._pay(move, 60, "2026-03-11")
        self._decide()
        with freeze_time("2026-03-20 10:00:00"):
            self._call(move, [("2026-03-27", 40)])
            self._due_lines(entry).remove_move_reconcile()
            self.assertEqual(self._states(first), ["broken"])

    def test_invoice_is_corrected(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        move.button_draft()
        self.assertEqual(self._states(call), ["void"])
        move.invoice_line_ids.price_unit = 80
        move.action_post()
        self.assertEqual(self._states(call), ["open"])
        self._pay(move, 80, "2026-03-12")
        self.assertEqual(self._states(call), ["kept"])
        self._due_lines(move).remove_move_reconcile()
        move.button_draft()
        move.button_cancel()
        self.assertEqual(self._states(call), ["void"])

    def test_paid_before_it_was_promised_and_matched_after(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        self._pay(move, 100, "2026-03-09")
        self.assertEqual(self._states(call), ["kept"])

    def test_several_due_dates(self):
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
        move = self._invoice(
            1000,
            "2026-03-01",
            invoice_payment_term_id=term.id,
            invoice_date="2026-02-01",
            invoice_date_due=False,
        )
        self.assertEqual(self._item(move).mapped("overdue"), [True, True, False])
        call = self._call(move, [("2026-03-12", 600)])
        self._pay(move, 600, "2026-03-12")
        self.assertEqual(self._states(call), ["kept"])
        item = self._item(move)
        self.assertEqual((item.amount, item.overdue), (400, False))

    def test_vendor_bill_that_is_set_off(self):
        """What the customer is owed pays as money does."""
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        payable = self.company_data["default_account_payable"]
        receivable = self._due_lines(move).account_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-12",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": payable.id,
                            "partner_id": move.partner_id.id,
                            "debit": 100,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": move.partner_id.id,
                            "credit": 100,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (self._due_lines(move) + self._due_lines(entry)).reconcile()
        self.assertEqual(self._states(call), ["kept"])

    # --- pauses -----------------------------------------------------------------------

    def test_paid_while_it_is_disputed(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)], reason="disputed")
        with freeze_time("2026-04-01 10:00:00"):
            self.assertEqual(self._states(call), ["open"])
            self._pay(move, 100, "2026-03-31")
            # it is on no list of what is open, and nobody can go on with it
            self.assertFalse(self._item(move))
            self.env["receivable.promise"]._resume_paid()
            self.assertEqual(self._states(call), ["kept"])
            self.assertFalse(
                self.env["receivable.case"]
                .search([("move_id", "=", move.id)])
                .paused_on
            )
        with freeze_time("2026-04-20 10:00:00"):
            self.assertEqual(self._states(call), ["kept"])

    def test_dispute_does_not_hide_a_broken_promise(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        # in the morning, before the ledger was asked
        with freeze_time("2026-03-17 08:00:00"):
            self._call(move, reason="disputed")
            self.assertEqual(call.promise_ids.state, "broken")
            move._resume_receivable()
            self.assertEqual(self._states(call), ["broken"])

    def test_resumed_twice(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)], reason="disputed")
        with freeze_time("2026-03-20 10:00:00"):
            move._resume_receivable()
        with freeze_time("2026-03-23 10:00:00"):
            self.assertFalse(move._resume_receivable())
        self.assertEqual(str(call.promise_ids.deadline), "2026-03-24")

    def test_paid_invoice_keeps_no_reminder_back(self):
        disputed = self._invoice(100, "2026-03-01")
        open_one = self._invoice(50, "2026-03-01")
        disputed._pause_receivable("Broken on arrival")
        call = self._call(disputed + open_one)
        self._pay(disputed, 100, "2026-03-11")
        self.assertEqual(call.action_send_mail()["res_model"], "mail.compose.message")

    # --- the cron and other people ----------------------------------------------------

    def _run_cron(self, failures):
        """Run the cron where so many statements meet somebody else's."""
        promises = type(self.env["receivable.promise"])
        decide, left = promises._decide, [failures]

        def _decide(records, *args):
            if left[0]:
                left[0] -= 1
                raise SerializationFailure("could not serialize access")
            return decide(records, *args)

        cron = self.env.ref("front_office_receivable.ir_cron_decide_promises")
        with (
            patch.object(promises, "_decide", _decide),
            patch("time.sleep"),
            freeze_time("2026-03-17"),
            self.enter_registry_test_mode(),
        ):
            cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()

    def test_cron_while_somebody_logs_a_call(self):
        call = self._call(self._invoice(100, "2026-03-01"), [("2026-03-12", 100)])
        self._run_cron(failures=4)
        self.assertEqual(call.promise_ids.state, "broken")

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_cron_where_somebody_always_stands_in_the_way(self):
        call = self._call(self._invoice(100, "2026-03-01"), [("2026-03-12", 100)])
        self._run_cron(failures=5)
        self.assertEqual(call.promise_ids.state, "open")
