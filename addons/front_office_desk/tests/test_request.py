from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture, local

MADRID = "Europe/Madrid"


@tagged("post_install", "-at_install")
class TestRequest(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()

    def test_the_whole_way(self):
        request = self._request()
        self.assertEqual(request.state, "new")
        self.assertNotEqual(request.number, "/")
        self.assertEqual(request.team_id, self.team)
        request.action_hand_over()
        self.assertEqual(request.state, "handed")
        request.with_user(self.bo).action_accept()
        self.assertEqual((request.state, request.user_id), ("accepted", self.bo))
        request.with_user(self.bo).action_start()
        request.with_user(self.bo).action_answer("We send a new one.")
        self.assertEqual(request.state, "answered")
        self.assertIn("We send a new one.", request.message_ids[:1].body)
        self.assertEqual(request.message_ids[:1].partner_ids, self.ada)

    def test_buttons_in_the_wrong_state_are_refused(self):
        request = self._request()
        for action in ("action_accept", "action_start"):
            with self.assertRaisesRegex(UserError, "it is new"):
                getattr(request.with_user(self.bo), action)()
        with self.assertRaisesRegex(UserError, "can't be closed"):
            request.action_close()
        request.action_hand_over()
        with self.assertRaisesRegex(UserError, "it is handed over"):
            request.action_hand_over()

    def test_second_to_accept_is_told_who_was_first(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        with self.assertRaisesRegex(UserError, "Test Bo has it"):
            request.with_user(self.bea).action_accept()
        self.assertEqual(request.user_id, self.bo)

    def test_only_the_team_accepts(self):
        request = self._handed()
        for user in (self.rita, self.stranger):
            with self.assertRaisesRegex(UserError, "by the team Test team only"):
                request.with_user(user).action_accept()
        request.with_user(self.boss).action_accept()
        self.assertEqual(request.user_id, self.boss)

    def test_hand_over_needs_a_team(self):
        self.other_type.team_id = False
        request = self._request(type_id=self.other_type.id)
        with self.assertRaisesRegex(UserError, "choose the team"):
            request.action_hand_over()
        request.team_id = self.team
        request.action_hand_over()
        self.assertEqual(request.state, "handed")

    def test_return_needs_a_reason_and_starts_anew(self):
        request = self._handed()
        with self.assertRaisesRegex(UserError, "write what is missing"):
            request.with_user(self.bo).action_return("  ")
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_return("Which chair?")
        self.assertEqual(request.state, "returned")
        self.assertFalse(request.user_id)
        self.assertFalse(request.answer_due)
        self.assertEqual(request.return_reason, "Which chair?")
        todo = request.activity_ids.filtered(lambda each: each.user_id == self.rita)
        self.assertTrue(todo)
        request.description = "The red one."
        request.action_hand_over()
        self.assertEqual(request.state, "handed")
        self.assertFalse(request.return_reason)

    def test_what_is_not_solved_goes_back_with_new_clocks(self):
        with freeze_time("2026-03-09 09:00:00"):
            request = self._handed()
            first_due = request.answer_due
            request.with_user(self.bo).action_accept()
            request.with_user(self.bo).action_answer("It is the new price.")
        with freeze_time("2026-03-16 09:00:00"):
            request.with_user(self.rita).action_hand_over()
        self.assertEqual(request.state, "handed")
        self.assertFalse(request.user_id)
        self.assertFalse(request.answer)
        self.assertFalse(request.answered_on)
        self.assertEqual(request.answer_due - first_due, timedelta(days=7))
        # what was answered before stays in the conversation
        said = "".join(request.message_ids.mapped("body"))
        self.assertIn("It is the new price.", said)

    def test_answer_needs_words(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        with self.assertRaisesRegex(UserError, "write the answer"):
            request.with_user(self.bo).action_answer("")
        self.assertEqual(request.state, "accepted")

    def test_dialog_answers(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        say = self.env["desk.request.say"].with_user(self.bo)
        say.create(
            {"request_id": request.id, "mode": "await", "text": "Which one?"}
        ).action_say()
        self.assertTrue(request.is_awaiting)
        say.create(
            {"request_id": request.id, "mode": "answer", "text": "Done"}
        ).action_say()
        self.assertEqual((request.state, request.answer), ("answered", "Done"))

    # --- invoice lines ----------------------------------------------------------

    def _invoice(self, partner, move_type="out_invoice"):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create({"name": "Chair", "quantity": 3, "price_unit": 50})
                ],
            }
        )
        move.action_post()
        return move

    def test_question_on_an_invoice_line(self):
        if not self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        ):
            self.skipTest("no chart of accounts")
        line = self._invoice(self.ada).invoice_line_ids
        foreign = self._invoice(self.ben).invoice_line_ids
        kind = self._type("invoice_line")
        request = self._request(type_id=kind.id)
        with self.assertRaisesRegex(UserError, "choose the invoice line"):
            request.action_hand_over()
        with self.assertRaisesRegex(ValidationError, "of this customer"):
            request.invoice_line_id = foreign
        request.invoice_line_id = line
        self.assertEqual(request.line_quantity, 3)
        request.action_hand_over()
        self.assertEqual(request.state, "handed")

    # --- clocks -----------------------------------------------------------------

    def test_clocks_run_in_working_hours(self):
        # Friday 16:00: one hour that day, the rest on Monday and Tuesday
        with freeze_time("2026-03-06 16:00:00"):
            request = self._handed()
        self.assertEqual(request.accept_due, datetime(2026, 3, 9, 12))
        self.assertEqual(request.accept_warn, datetime(2026, 3, 9, 10))
        self.assertEqual(request.answer_due, datetime(2026, 3, 10, 16))

    def test_clocks_know_holidays_and_summer_time(self):
        self.calendar = self._calendar(MADRID)
        self.team.resource_calendar_id = self.calendar
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": local(MADRID, 2026, 3, 30),
                "date_to": local(MADRID, 2026, 3, 31),
            }
        )
        # Friday before the clocks change; Monday is a holiday
        with freeze_time(local(MADRID, 2026, 3, 27, 16)):
            request = self._handed()
        self.assertEqual(request.accept_due, local(MADRID, 2026, 3, 31, 12))
        self.assertEqual(request.answer_due, local(MADRID, 2026, 4, 1, 16))

    def test_clock_stands_while_the_customer_is_awaited(self):
        with freeze_time("2026-03-02 09:00:00"):
            request = self._handed()
            request.with_user(self.bo).action_accept()
        with freeze_time("2026-03-02 11:00:00"):
            request.with_user(self.bo).action_await_customer("Which one?")
        asked = request.message_ids.filtered(lambda each: self.ada in each.partner_ids)
        self.assertIn("Which one?", asked.body)
        self.assertFalse(request.answer_due)
        self.assertTrue(request.is_awaiting)
        with freeze_time("2026-03-04 10:00:00"):
            request.action_customer_answered()
        # 2 of 16 hours were gone: 7 on Wednesday and 7 on Thursday remain
        self.assertEqual(request.answer_due, datetime(2026, 3, 5, 16))
        self.assertEqual(len(request.pause_ids), 1)

    def test_customer_who_writes_starts_the_clock_again(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_await_customer()
        request.with_user(self.bo).message_post(body="Hello?")
        self.assertTrue(request.is_awaiting)
        request.sudo().message_post(body="The red one", author_id=self.ada.id)
        self.assertFalse(request.is_awaiting)

    def test_team_that_never_works_has_no_due_date(self):
        self.calendar.attendance_ids.unlink()
        request = self._handed()
        self.assertFalse(request.accept_due)
        self.assertFalse(request.is_late)

    def test_alarms_before_and_after(self):
        with freeze_time("2026-03-02 09:00:00"):
            request = self._handed()
        cron = self.env.ref("front_office_desk.ir_cron_alarms")

        def run(moment):
            with freeze_time(moment), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            request.invalidate_recordset()
            return request.alarm

        self.assertFalse(run("2026-03-02 10:59:00"))
        self.assertEqual(run("2026-03-02 11:00:00"), "1_accept")
        self.assertEqual(run("2026-03-02 11:30:00"), "1_accept")
        self.assertEqual(len(request.activity_ids), 1)
        self.assertEqual(run("2026-03-02 13:00:00"), "2_accept")
        self.assertIn(self.boss, request.activity_ids.user_id)
        with freeze_time("2026-03-02 13:30:00"):
            request.with_user(self.bo).action_accept()
        self.assertFalse(request.activity_ids)
        self.assertEqual(run("2026-03-03 09:00:00"), "3_answer")
        self.assertEqual(request.activity_ids.user_id, self.bo)
        self.assertEqual(run("2026-03-03 17:00:00"), "4_answer")

    def test_late_is_searched_as_it_is_computed(self):
        with freeze_time("2026-03-02 09:00:00"):
            late, waiting = self._handed(), self._handed()
            waiting.with_user(self.bo).action_accept()
            waiting.with_user(self.bo).action_await_customer()
        fresh = self._request()
        fresh.action_hand_over()
        every = late + waiting + fresh
        self.assertEqual(every.filtered("is_late"), late)
        found = every.search([("id", "in", every.ids), ("is_late", "=", True)])
        self.assertEqual(found, late)
        found = every.search([("id", "in", every.ids), ("is_late", "=", False)])
        self.assertEqual(found, waiting + fresh)

    def test_rating_is_asked_when_it_closes(self):
        request = self._answered(type_id=self.other_type.id)
        request.action_close()
        rating = request.sudo().rating_ids
        self.assertEqual(rating.partner_id, self.ada)
        customer = request.with_user(self.env.ref("base.public_user")).sudo()
        customer.rating_apply(5, token=rating.access_token)
        self.assertEqual(request.rating_last_value, 5)

    def test_type_needs_sensible_hours(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.complaint.answer_hours = 1
            self.env.flush_all()

    def test_unlink_only_what_is_new(self):
        request = self._request(user=self.boss)
        other = self._handed(user=self.boss)
        request.unlink()
        with self.assertRaisesRegex(UserError, "is kept"):
            other.unlink()

    def test_today_is_not_the_past(self):
        request = self._handed()
        self.assertGreaterEqual(request.accept_due, fields.Datetime.now())
        self.assertLess(request.accept_due, fields.Datetime.now() + timedelta(days=9))
