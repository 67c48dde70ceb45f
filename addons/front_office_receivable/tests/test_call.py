from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import ReceivableFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")  # a Wednesday
class TestCall(ReceivableFixture):
    """What is overdue, and what a call about it leaves behind."""

    def test_board_oldest_and_largest_first(self):
        small = self._invoice(100, "2026-03-01")
        large = self._invoice(900, "2026-03-01")
        oldest = self._invoice(50, "2026-02-01")
        self._invoice(70, "2026-03-11")  # due today: not late
        paid = self._invoice(80, "2026-02-01")
        self._pay(paid, 80, "2026-03-02")
        partly = self._invoice(500, "2026-03-05")
        self._pay(partly, 200, "2026-03-06")
        self.env.flush_all()
        items = self.env["receivable.item"].search(
            [("company_id", "=", self.company.id), ("overdue", "=", True)]
        )
        self.assertEqual(items.move_id.ids, (oldest + large + small + partly).ids)
        self.assertEqual(items[-1].amount, 300)
        self.assertEqual(items.mapped("days"), [38, 10, 10, 6])
        self.assertEqual(items.mapped("bucket"), ["2", "1", "1", "1"])
        self.assertEqual(items.user_id, self.ann)
        self.assertTrue(all(items.mapped("to_call")))

    def test_only_the_part_that_is_late_is_overdue(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 90)
                ],
            }
        )
        move = self._invoice(
            1000,
            "2026-03-31",
            invoice_payment_term_id=term.id,
            invoice_date="2026-03-01",
            invoice_date_due=False,
        )
        items = self._item(move)
        self.assertEqual(items.mapped("amount"), [500, 500])
        self.assertEqual(items.mapped("overdue"), [True, False])

    def test_credit_note_is_open_but_never_late(self):
        refund = self._invoice(-60, "2026-02-01")
        item = self._item(refund)
        self.assertEqual((item.amount, item.overdue), (-60, False))

    def test_foreign_currency_counts_in_the_company_s(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        move = self._invoice(500, "2026-03-01", currency_id=currency.id)
        item = self._item(move)
        self.assertEqual(item.amount, 250)
        self.assertEqual((item.amount_currency, item.move_currency_id), (500, currency))
        self.assertEqual(self._call(move).amount_due, 250)

    def test_call_is_on_the_board(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, reason="approval")
        item = self._item(move)
        self.assertEqual(item.call_id, call)
        self.assertEqual(item.reason, "approval")
        # five working days after Wednesday
        self.assertEqual(str(call.next_call_date), "2026-03-18")
        self.assertFalse(item.to_call)
        with freeze_time("2026-03-18 08:00:00"):
            self.assertTrue(self._item(move).to_call)

    def test_unanswered_call_keeps_the_reason_of_before(self):
        move = self._invoice(100, "2026-03-01")
        self._call(move, reason="goods")
        self._call(move, reason=False, outcome="no_answer")
        self.assertEqual(self._item(move).reason, "goods")

    def test_promised_invoice_is_not_called(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-20", 60), ("2026-03-27", 40)])
        item = self._item(move)
        self.assertEqual(
            (str(item.promise_date), item.promise_amount), ("2026-03-20", 100)
        )
        self.assertFalse(item.to_call)
        self.assertFalse(call.next_call_date)

    def test_screen_brings_all_that_is_overdue(self):
        first = self._invoice(100, "2026-03-01")
        second = self._invoice(200, "2026-03-02")
        self._invoice(300, "2026-03-02", user=self.bob)
        self._invoice(400, "2026-04-02")
        self.env.flush_all()
        item = (
            self.env["receivable.item"]
            .with_user(self.ann)
            .search([("move_id", "=", second.id)])
        )
        action = item.action_log_call()
        calls = self.env["receivable.call"].with_user(self.ann)
        with Form(calls.with_context(**action["context"])) as form:
            form.reason = "cash"
            with form.promise_ids.new() as promise:
                promise.date = "2026-03-20"
                promise.amount = 300
        call = form.record
        self.assertEqual(call.move_ids, first + second)
        self.assertEqual((call.amount_due, call.user_id), (300, self.ann))
        self.assertEqual(call.partner_id, self.customer)

    def test_screen_is_for_what_a_customer_owes(self):
        draft = self._invoice(100, "2026-03-01")
        draft.button_draft()
        with self.assertRaisesRegex(UserError, "not a posted customer invoice"):
            draft.action_receivable_log_call()

    def test_what_is_wrong_is_named(self):
        move = self._invoice(100, "2026-03-01")
        other = self._invoice(100, "2026-03-01", partner=self.partner_b)
        for message, values in (
            ("Reason for the Delay", {"reason": False}),
            ("Note", {"reason": "other"}),
            ("Name the Invoices", {"move_ids": False}),
            ("not a posted invoice of", {"move_ids": [Command.set(other.ids)]}),
            ("in the future", {"date": "2026-03-11 10:00:01"}),
        ):
            with (
                self.subTest(message),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self._call(move, **values)
        self._call(move, reason="other", note="On holiday")

    def test_no_more_is_promised_than_is_owed(self):
        move = self._invoice(100, "2026-03-01")
        with (
            self.assertRaisesRegex(ValidationError, "owes only"),
            self.env.cr.savepoint(),
        ):
            self._call(move, [("2026-03-20", 60), ("2026-03-27", 41)])
        with (
            self.assertRaisesRegex(ValidationError, "before the call"),
            self.env.cr.savepoint(),
        ):
            self._call(move, [("2026-03-10", 60)])
        self.assertTrue(self._call(move, [("2026-03-11", 100)]))

    def test_what_was_agreed_stays(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move, [("2026-03-20", 60)])
        for values in (
            {"user_id": self.bob.id},
            {"date": "2026-03-01 10:00:00"},
            {"promise_ids": [Command.create({"date": "2026-03-30", "amount": 5})]},
            {"logged": False},
            {"amount_due": 1000},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                call.write(values)
        call.write({"note": "Called back", "reason": "bank_data"})
        self.assertEqual(self._item(move).reason, "bank_data")

    def test_reminder_in_the_customers_language(self):
        self.env["res.lang"].sudo()._activate_lang("sv_SE")
        self.customer.lang = "sv_SE"
        self.customer.email = "customer@example.com"
        template = self.env.ref("front_office_receivable.mail_template_call")
        template = template.sudo().with_context(lang="sv_SE")
        template.subject = "Om {{ object.partner_id.name }}"
        move = self._invoice(1234.5, "2026-03-01")
        call = self._call(move, [("2026-03-20", 600)])
        action = call.action_send_mail()
        composer = Form(
            self.env[action["res_model"]]
            .with_user(self.ann)
            .with_context(**action["context"])
        ).save()
        composer._action_send_mail()
        message = call.message_ids.filtered("partner_ids")
        self.assertEqual(message.subject, f"Om {self.customer.name}")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertIn(move.name, message.body)
        self.assertIn("2026-03-20", message.body)

    def test_reminder_says_what_was_broken(self):
        move = self._invoice(1000, "2026-03-01")
        paid = self._invoice(70, "2026-03-01")
        call = self._call(move + paid, [("2026-03-12", 300), ("2026-03-31", 700)])
        self._pay(paid, 70, "2026-03-11")
        template = self.env.ref("front_office_receivable.mail_template_call")

        def body():
            return template._render_field("body_html", call.ids)[call.id]

        self.assertIn("Thank you for agreeing", body())
        self.assertNotIn("has not arrived", body())
        self.assertNotIn("Please tell us", body())
        with freeze_time("2026-03-18 10:00:00"):
            self._decide()
            text = body()
        # 70 counted for the first instalment
        self.assertEqual(call.promise_ids.mapped("state"), ["broken", "open"])
        broken, agreed = text.split("Thank you for agreeing")
        self.assertIn("has not arrived", broken)
        self.assertIn("300.00", broken)
        self.assertIn("700.00", agreed)
        self.assertNotIn("300.00", agreed)
        self.assertIn("Please tell us", agreed)
        # what is paid is not asked for
        self.assertIn(move.name, text)
        self.assertNotIn(paid.name, text)

    def test_buttons_lead_to_the_calls(self):
        move = self._invoice(100, "2026-03-01")
        call = self._call(move)
        self.assertEqual(move.receivable_call_count, 1)
        for action in (
            move.action_receivable_calls(),
            self.customer.action_receivable_calls(),
        ):
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, call)
        action = self.customer.action_receivable_items()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.move_id, move)
        item = self._item(move)
        self.assertEqual(item.action_open_move()["res_id"], move.id)
        promised = self._call(move, [("2026-03-20", 60)])
        self.assertEqual(promised.promise_ids.action_open_call()["res_id"], promised.id)

    def test_invoice_is_shown_to_whom_its_form_is_closed(self):
        move = self._invoice(100, "2026-03-01")
        nobody = self._make_user("nobody")
        with self.assertRaises(AccessError):
            self._item(move).with_user(nobody).action_open_move()
        action = self._item(move).with_user(self.ann).action_open_move()
        self.assertEqual(action["type"], "ir.actions.act_url")
        # whoever may register payments works in the form itself
        accountant = self._make_user("accountant", "account.group_account_invoice")
        action = self._item(move).with_user(accountant).action_open_move()
        self.assertEqual((action["res_model"], action["res_id"]), (move._name, move.id))

    def test_days_are_limited(self):
        company = self.company.sudo()
        for field in (
            "receivable_grace_days",
            "receivable_retry_days",
            "receivable_follow_days",
        ):
            for days in (-1, 31):
                with (
                    self.subTest(field),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    company[field] = days
                    company.flush_recordset()
            company[field] = 30
        company.flush_recordset()
