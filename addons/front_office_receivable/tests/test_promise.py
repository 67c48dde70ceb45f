from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ReceivableFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")  # a Wednesday
class TestPromise(ReceivableFixture):
    """The ledger keeps and breaks promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._invoice(100, "2026-03-01")

    def _states(self, call):
        self._decide()
        return call.promise_ids.sorted("date").mapped("state")

    def test_deadline_knows_weekends_and_holidays(self):
        calendar = self.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-03-17 00:00:00",
                "date_to": "2026-03-17 23:59:59",
            }
        )
        call = self._call(
            self.move, [("2026-03-12", 10), ("2026-03-14", 10), ("2026-03-16", 10)]
        )
        # Thursday + 2; Saturday, which is Monday, + 2 without Tuesday; Monday + 2
        self.assertEqual(
            [str(day) for day in call.promise_ids.mapped("deadline")],
            ["2026-03-16", "2026-03-19", "2026-03-19"],
        )

    def test_working_days_without_a_schedule(self):
        days = self.env["resource.calendar"]._receivable_working_days(
            date(2026, 3, 13), date(2026, 3, 17)
        )
        # Friday, Monday, Tuesday
        self.assertEqual(sorted(day.day for day in days), [13, 16, 17])

    def test_working_days_in_another_time_zone(self):
        calendar = self.company.resource_calendar_id
        for zone in ("Pacific/Auckland", "America/Los_Angeles"):
            calendar.tz = zone
            # the clocks change in both places in these weeks
            days = calendar._receivable_working_days(
                date(2026, 3, 2), date(2026, 4, 12)
            )
            with self.subTest(zone):
                self.assertEqual(len(days), 30)
                self.assertFalse([day for day in days if day.weekday() > 4])

    def test_kept(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        self.assertEqual(self._states(call), ["open"])
        self._pay(self.move, 100, "2026-03-16")
        with freeze_time("2026-04-01"):
            self.assertEqual(self._states(call), ["kept"])
        self.assertEqual(str(call.promise_ids.settled_on), "2026-03-16")

    def test_too_late(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        self._pay(self.move, 100, "2026-03-17")
        with freeze_time("2026-03-16"):
            self.assertEqual(self._states(call), ["open"])
        with freeze_time("2026-03-17"):
            self.assertEqual(self._states(call), ["broken"])
        self.assertEqual(str(call.promise_ids.settled_on), "2026-03-16")

    def test_partial_payments_count(self):
        call = self._call(self.move, [("2026-03-12", 60), ("2026-03-19", 40)])
        self._pay(self.move, 35, "2026-03-12")
        self.assertEqual(call.promise_ids.mapped("amount_paid"), [35, 0])
        self._pay(self.move, 30, "2026-03-13")
        self.assertEqual(self._states(call), ["kept", "open"])
        self.assertEqual(call.promise_ids.mapped("amount_paid"), [60, 5])
        with freeze_time("2026-03-24"):
            self.assertEqual(self._states(call), ["kept", "broken"])

    def test_what_was_paid_before_does_not_count(self):
        self._pay(self.move, 50, "2026-03-10")
        call = self._call(self.move, [("2026-03-12", 50)])
        self.assertEqual(call.amount_due, 50)
        with freeze_time("2026-04-01"):
            self.assertEqual(self._states(call), ["broken"])

    def test_statement_that_comes_late(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        with freeze_time("2026-03-17"):
            self.assertEqual(self._states(call), ["broken"])
            self._pay(self.move, 100, "2026-03-13")
            self.assertEqual(self._states(call), ["kept"])

    def test_payment_that_is_taken_back(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        self._pay(self.move, 100, "2026-03-12")
        self.assertEqual(self._states(call), ["kept"])
        self._due_lines(self.move).remove_move_reconcile()
        self.assertEqual(self._states(call), ["open"])
        with freeze_time("2026-03-17"):
            self.assertEqual(self._states(call), ["broken"])

    def test_credit_note_is_no_payment(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        refund = self._invoice(-30, "2026-03-12")
        (self._due_lines(self.move) + self._due_lines(refund)).reconcile()
        self.assertEqual(self._states(call), ["open"])
        self._pay(self.move, 70, "2026-03-12")
        self.assertEqual(self._states(call), ["kept"])

    def test_nothing_left_to_pay(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        refund = self._invoice(-100, "2026-03-12")
        (self._due_lines(self.move) + self._due_lines(refund)).reconcile()
        self.assertEqual(self._states(call), ["void"])

    def test_exchange_difference_belongs_to_its_payment(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), ("2026-03-01", 4.0)]
        )
        move = self._invoice(200, "2026-02-15", currency_id=currency.id)
        call = self._call(move, [("2026-03-12", 100)])
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"payment_date": "2026-03-12"})._create_payments()
        self.assertEqual(move.amount_residual, 0)
        # the payment was worth 50, and settles 100 with the difference of the exchange
        self.assertEqual(self._states(call), ["kept"])
        self.assertEqual(call.promise_ids.amount_paid, 100)

    def test_new_agreement_replaces_the_old(self):
        first = self._call(self.move, [("2026-03-12", 100)])
        second = self._call(self.move, [("2026-03-20", 100)])
        with freeze_time("2026-03-18"):
            self.assertEqual(self._states(first), ["replaced"])
            self.assertEqual(self._states(second), ["open"])

    def test_calling_again_does_not_hide_a_broken_promise(self):
        first = self._call(self.move, [("2026-03-12", 60), ("2026-03-20", 40)])
        # in the morning, before the ledger was asked
        with freeze_time("2026-03-17 08:00:00"):
            second = self._call(self.move, [("2026-03-27", 100)])
        states = first.promise_ids.sorted("date").mapped("state")
        self.assertEqual(states, ["broken", "replaced"])
        self.assertEqual(second.promise_ids.state, "open")

    def test_reason_that_becomes_a_dispute(self):
        call = self._call(self.move, reason="cash", note="Two are scratched")
        self.assertFalse(self._item(self.move).paused)
        call.reason = "disputed"
        item = self._item(self.move)
        self.assertTrue(item.paused)
        self.assertEqual(item.case_id.pause_reason, "Two are scratched")
        self.assertEqual(item.reason, "disputed")

    def test_dispute_elsewhere_goes_on(self):
        """What another add-on says about disputes: the hook."""
        self.move._pause_receivable("Complaint 12")
        self.move._pause_receivable("Complaint 13")
        case = self._item(self.move).case_id
        self.assertEqual(case.pause_reason, "Complaint 12")
        moves = type(self.move)
        with patch.object(moves, "_get_receivable_disputes", lambda moves: moves):
            self.assertFalse(self.move._resume_receivable())
            with self.assertRaisesRegex(UserError, "still running"):
                self._item(self.move).action_resume()
        self.assertEqual(self.move._resume_receivable(), self.move)
        self.assertFalse(self._item(self.move).paused)

    def test_broken_is_called_again(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        with freeze_time("2026-03-16"):
            self.assertFalse(self._item(self.move).to_call)
        # Friday, long after: the next working day is Monday
        with freeze_time("2026-03-20"):
            self.assertEqual(self._states(call), ["broken"])
            item = self._item(self.move)
            self.assertEqual(str(item.next_call_date), "2026-03-23")
            self.assertFalse(item.to_call)
        with freeze_time("2026-03-23"):
            self.assertTrue(self._item(self.move).to_call)

    def test_dispute_pauses(self):
        call = self._call(self.move, [("2026-03-12", 100)], reason="disputed")
        item = self._item(self.move)
        self.assertTrue(item.paused)
        with freeze_time("2026-03-20 10:00:00"):
            self.assertEqual(self._states(call), ["open"])
            self.assertFalse(self._item(self.move).to_call)
            with self.assertRaisesRegex(UserError, "paused"):
                call.action_send_mail()
            with self.assertRaises(AccessError):
                self._item(self.move, self.ann).action_resume()
            item.action_resume()
            self.assertFalse(self._item(self.move).paused)
            # the days of grace begin anew
            self.assertEqual(str(call.promise_ids.deadline), "2026-03-24")
            self.assertEqual(self._states(call), ["open"])
        with freeze_time("2026-03-25"):
            self.assertEqual(self._states(call), ["broken"])

    def test_nobody_keeps_a_promise_by_hand(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        promise = call.promise_ids
        admin = self._make_user("admin", "group_receivable_admin")
        for user in (self.ann, admin):
            for values, error in (
                ({"state": "kept"}, AccessError),
                ({"settled_on": "2026-03-11"}, AccessError),
                ({"deadline": "2027-01-01"}, AccessError),
                ({"amount": 1}, UserError),
                ({"date": "2027-01-01"}, UserError),
            ):
                with self.subTest(values), self.assertRaises(error):
                    promise.with_user(user).write(values)
        with self.assertRaises(AccessError):
            promise.with_user(self.ann).unlink()
        more = {"call_id": call.id, "date": "2026-04-01", "amount": 1}
        promises = self.env["receivable.promise"].with_user(self.ann)
        with self.assertRaisesRegex(UserError, "is logged"):
            promises.create(more)
        other = self._invoice(100, "2026-03-01")
        calls = self.env["receivable.call"].with_user(self.ann)
        values = {
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "move_ids": [Command.set(other.ids)],
            "reason": "cash",
            "amount_due": 1000,
        }
        line = {"date": "2026-03-12", "amount": 100}
        with self.assertRaisesRegex(AccessError, "payments in the ledger"):
            calls.create(
                {**values, "promise_ids": [Command.create({**line, "state": "kept"})]}
            )
        call = calls.with_context(
            default_state="kept", default_deadline="2027-01-01", default_logged=True
        ).create
        with self.assertRaisesRegex(UserError, "is logged"):
            call({**values, "promise_ids": [Command.create(line)]})
        call = calls.with_context(
            default_state="kept", default_deadline="2027-01-01"
        ).create({**values, "promise_ids": [Command.create(line)]})
        self.assertEqual(call.promise_ids.state, "open")
        self.assertEqual(str(call.promise_ids.deadline), "2026-03-16")
        self.assertEqual(call.amount_due, 100)

    def test_cron(self):
        call = self._call(self.move, [("2026-03-12", 100)])
        cron = self.env.ref("front_office_receivable.ir_cron_decide_promises")
        with freeze_time("2026-03-17"), self.enter_registry_test_mode():
            cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()
        self.assertEqual(call.promise_ids.state, "broken")
