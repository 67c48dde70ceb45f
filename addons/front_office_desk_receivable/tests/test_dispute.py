from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged

from .common import DisputeFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestDispute(DisputeFixture):
    """A disputed invoice is a request; while it runs nobody is reminded."""

    def test_question_on_a_line(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        call = self._dispute(move, user=self.both)
        request = self._open(call)
        self.assertEqual(request.kind, "invoice_line")
        self.assertEqual(request.invoice_line_id, move.invoice_line_ids)
        self.assertEqual(request.partner_id, self.customer)
        self.assertEqual(request.company_id, self.company)
        self.assertEqual(request.description, "Two came scratched")
        self.assertIn(move.name, request.name)
        self.assertEqual(request.disputed_move_ids, move)
        self.assertEqual(request.receivable_call_ids, call)
        self.assertEqual(request.front_user_id, self.both)
        self.assertEqual(request.state, "new")

    def test_kind_is_the_user_s_choice(self):
        contact = self.env["res.partner"].create(
            {"name": "Mira", "parent_id": self.customer.id}
        )
        move = self._invoice(100, "2026-03-01", user=self.both)
        call = self._dispute(move, user=self.both, contact_id=contact.id)
        request = self._open(call, kind="complaint", description="Two are scratched")
        self.assertEqual(request.type_id, self.types["complaint"])
        self.assertEqual(request.partner_id, contact)
        self.assertEqual(request.description, "Two are scratched")
        self.assertFalse(request.invoice_line_id)

    def test_kind_follows_the_reason(self):
        for reason, kind in (("goods", "complaint"), ("not_received", "other")):
            move = self._invoice(100, "2026-03-01", user=self.both)
            call = self._dispute(move, user=self.both, reason=reason)
            self.assertFalse(self._is_paused(move))
            with self.subTest(reason):
                self.assertEqual(self._open(call).type_id, self.types[kind])
                self.assertTrue(self._is_paused(move))

    def test_nothing_is_disputed(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        call = self._dispute(move, user=self.both, reason="cash")
        with self.assertRaisesRegex(UserError, "Disputed, Goods missing, Invoice not"):
            call.action_open_request()
        with self.assertRaisesRegex(UserError, "another Reason for the Delay"):
            self._item(move, self.both).action_open_request()
        self.assertFalse(self._is_paused(move))

    def test_line_and_invoices_are_checked(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        other = self._invoice(100, "2026-03-01", user=self.both)
        call = self._dispute(move, user=self.both)
        wizards = self.env["receivable.call.request"].with_user(self.both)
        for values, message in (
            ({"invoice_line_id": False}, "choose the Invoice line"),
            ({"invoice_line_id": other.invoice_line_ids.id}, "choose the Invoice line"),
            ({"move_ids": [Command.clear()]}, "Choose Invoices of the call"),
            ({"move_ids": [Command.set(other.ids)]}, "Choose Invoices of the call"),
        ):
            wizard = wizards.create({"call_id": call.id, **values})
            with self.subTest(values), self.assertRaises(UserError) as caught:
                wizard.action_open()
            self.assertRegex(str(caught.exception), message)
        self.assertFalse(move.desk_request_ids)

    def test_line_is_chosen_among_several(self):
        lines = [
            Command.create({"name": name, "price_unit": 10, "tax_ids": False})
            for name in ("Chairs", "Tables")
        ]
        move = self._invoice(0, "2026-03-01", user=self.both, invoice_line_ids=lines)
        call = self._dispute(move, user=self.both)
        form = Form(
            self.env["receivable.call.request"]
            .with_user(self.both)
            .with_context(**call.action_open_request()["context"])
        )
        self.assertFalse(form.invoice_line_id)
        with self.assertRaises(AssertionError):
            form.save()
        form.invoice_line_id = move.invoice_line_ids[1]
        form.save().action_open()
        self.assertEqual(
            move.desk_request_ids.invoice_line_id, move.invoice_line_ids[1]
        )

    # --- dunning ----------------------------------------------------------------------

    def test_nobody_is_reminded(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        promised = self._call(move, [("2026-03-12", 100)], user=self.both)
        call = self._dispute(move, user=self.both, reason="goods")
        request = self._open(call)
        item = self._item(move)
        self.assertTrue(item.paused)
        self.assertFalse(item.to_call)
        self.assertEqual(item.case_id.pause_reason, request.display_name)
        with self.assertRaisesRegex(UserError, f"are paused since.*{request.number}"):
            call.action_send_mail()
        with self.assertRaisesRegex(UserError, "is still running"):
            self._item(move).action_resume()
        with freeze_time("2026-04-01 10:00:00"):
            self._decide()
            self.assertEqual(promised.promise_ids.state, "open")

    def test_it_goes_on_when_closed(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        promised = self._call(move, [("2026-03-12", 100)], user=self.both)
        request = self._open(self._dispute(move, user=self.both))
        with freeze_time("2026-04-01 10:00:00"):
            self._close(request)
            self.assertEqual(request.state, "closed")
            self.assertFalse(self._is_paused(move))
            # Wednesday and two working days of grace
            self.assertEqual(promised.promise_ids.deadline, Date.to_date("2026-04-03"))
            self._decide()
            self.assertEqual(promised.promise_ids.state, "open")
        with freeze_time("2026-04-04 10:00:00"):
            self._decide()
            self.assertEqual(promised.promise_ids.state, "broken")
            self.assertTrue(self._item(move).next_call_date)

    def test_answer_and_return_do_not_end_it(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        request = self._open(self._dispute(move, user=self.both))
        request.with_user(self.both).action_hand_over()
        self.assertTrue(self._is_paused(move))
        request.with_user(self.bo).action_return("Which of them?")
        self.assertTrue(self._is_paused(move))
        request.with_user(self.both).action_hand_over()
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_answer("Yes")
        self.assertEqual(request.state, "answered")
        self.assertTrue(self._is_paused(move))
        request.with_user(self.both).action_close()
        self.assertFalse(self._is_paused(move))

    def test_salesperson_is_told(self):
        move = self._invoice(100, "2026-03-01")
        call = self._dispute(move)
        self._close(self._open(call))
        activity = call.activity_ids
        self.assertEqual(activity.user_id, self.ann)
        # the next working day
        self.assertEqual(activity.date_deadline, Date.to_date("2026-03-12"))
        self.assertIn("We take two back.", activity.note)
        self.assertIn(move.name, activity.note)
        self.assertIn("We take two back.", call.message_ids[0].body)
        item = self._item(move)
        self.assertEqual(item.next_call_date, Date.to_date("2026-03-12"))
        with freeze_time("2026-03-12 10:00:00"):
            self.assertTrue(self._item(move, self.ann).to_call)
        self.assertTrue(activity.with_user(self.ann).read(["note"]))

    def test_earlier_call_stays_planned(self):
        move = self._invoice(100, "2026-03-01")
        call = self._dispute(move, next_call_date="2026-03-10")
        self._close(self._open(call))
        self.assertTrue(self._item(move, self.ann).to_call)

    def test_each_salesperson_is_told_once(self):
        of_ann = self._invoice(100, "2026-03-01", user=self.ann)
        of_bob = self._invoice(100, "2026-03-01", user=self.bob)
        accountant = self._make_user("acc", "account.group_account_invoice")
        call = self._dispute(of_ann + of_bob, user=accountant)
        request = self._open(call, kind="complaint")
        again = self._dispute(of_ann, user=self.ann)
        again.action_open_request()
        self.assertEqual(request.receivable_call_ids, call + again)
        self.env.invalidate_all()
        self._close(request)
        self.assertEqual(again.activity_ids.user_id, self.ann)
        self.assertEqual(call.activity_ids.user_id, self.bob)

    def test_who_is_gone_is_not_told(self):
        move = self._invoice(100, "2026-03-01")
        call = self._dispute(move)
        request = self._open(call)
        self.ann.active = False
        self._close(request)
        self.assertFalse(call.activity_ids)
        self.assertFalse(self._is_paused(move))

    def test_paid_meanwhile(self):
        move = self._invoice(100, "2026-03-01")
        call = self._dispute(move)
        request = self._open(call)
        self._pay(move, 100, "2026-03-11")
        self._close(request)
        self.assertFalse(call.activity_ids)

    # --- one request an invoice -------------------------------------------------------

    def test_running_one_is_shown(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        request = self._open(self._dispute(move, user=self.both))
        again = self._dispute(move, user=self.both)
        self.assertIn(request.number, again.desk_request_label)
        action = again.action_open_request()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("desk.request", request.id)
        )
        self.assertIn(again, request.receivable_call_ids)
        self.assertEqual(move.desk_request_ids, request)

    def test_opened_meanwhile(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        first, second = (self._dispute(move, user=self.both) for _number in range(2))
        wizards = self.env["receivable.call.request"].with_user(self.both)
        wizard = wizards.create({"call_id": second.id})
        request = self._open(first)
        action = wizard.action_open()
        self.assertEqual(action["res_id"], request.id)
        self.assertEqual(move.desk_request_ids, request)

    def test_question_that_the_desk_has_already(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        request = self._request(
            partner=self.customer,
            type_id=self.types["invoice_line"].id,
            invoice_line_id=move.invoice_line_ids.id,
        )
        self.assertFalse(self._is_paused(move))
        call = self._dispute(move, user=self.both, reason="goods")
        self.assertEqual(call.action_open_request()["res_id"], request.id)
        self.assertEqual(request.disputed_move_ids, move)
        self.assertTrue(self._is_paused(move))

    def test_new_one_about_the_rest(self):
        one = self._invoice(100, "2026-03-01", user=self.both)
        two = self._invoice(200, "2026-03-01", user=self.both)
        first = self._open(self._dispute(one, user=self.both))
        call = self._dispute(one + two, user=self.both)
        self.assertIn(first.number, call.desk_request_label)
        second = self._open(call)
        self.assertEqual(second.disputed_move_ids, two)
        action = call.action_show_requests()
        self.assertEqual(
            self.env["desk.request"].search(action["domain"]), first + second
        )
        self.assertFalse(action.get("res_id"))

    def test_closed_one_is_no_hindrance(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        first = self._open(self._dispute(move, user=self.both))
        self._close(first)
        second = self._open(self._dispute(move, user=self.both))
        self.assertTrue(second)
        self.assertTrue(self._is_paused(move))

    # --- merging, deleting, archiving -------------------------------------------------

    def test_merge_keeps_the_links(self):
        one = self._invoice(100, "2026-03-01", user=self.both)
        two = self._invoice(200, "2026-03-01", user=self.both)
        target = self._open(self._dispute(one, user=self.both))
        call = self._dispute(two, user=self.both)
        source = self._open(call)
        source.with_user(self.both)._merge_into(target.with_user(self.both))
        self.env.invalidate_all()
        self.assertEqual(source.state, "merged")
        self.assertEqual(target.disputed_move_ids, one + two)
        self.assertIn(call, target.receivable_call_ids)
        self.assertFalse(source.disputed_move_ids)
        self.assertTrue(self._is_paused(two))
        self.assertFalse(call.activity_ids)
        self._close(target)
        self.assertFalse(self._is_paused(one))
        self.assertFalse(self._is_paused(two))
        self.assertTrue(call.activity_ids)

    def test_merge_into_one_without_a_dispute(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        source = self._open(self._dispute(move, user=self.both))
        target = self._request(partner=self.customer, user=self.both)
        source.with_user(self.both)._merge_into(target)
        self.env.invalidate_all()
        self.assertEqual(target.disputed_move_ids, move)
        self.assertTrue(self._is_paused(move))

    def test_two_requests_about_one_invoice(self):
        """What only the program can do: the second one keeps the pause."""
        move = self._invoice(100, "2026-03-01", user=self.both)
        first = self._open(self._dispute(move, user=self.both))
        second = self._request(partner=self.customer)
        second.sudo().disputed_move_ids = move
        self._close(first)
        self.assertTrue(self._is_paused(move))
        self.assertFalse(first.receivable_call_ids.activity_ids)
        self._close(second)
        self.assertFalse(self._is_paused(move))

    def test_deleted(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        request = self._open(self._dispute(move, user=self.both))
        request.with_user(self.boss).unlink()
        item = self._item(move)
        self.assertFalse(item.paused)
        self.assertEqual(item.next_call_date, Date.to_date("2026-03-12"))

    def test_archived_and_taken_back(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        request = self._open(self._dispute(move, user=self.both))
        request.sudo().active = False
        self.assertFalse(self._is_paused(move))
        request.sudo().active = True
        self.assertTrue(self._is_paused(move))

    def test_customer_of_the_request_stays(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        request = self._open(self._dispute(move, user=self.both), kind="complaint")
        with self.assertRaises(ValidationError) as caught:
            request.partner_id = self.partner_b
        self.assertIn(move.name, str(caught.exception))
        request.partner_id = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.customer.id}
        )

    # --- what is shown ----------------------------------------------------------------

    def test_board_and_call_show_the_request(self):
        move = self._invoice(100, "2026-03-01")
        call = self._dispute(move)
        self.assertFalse(call.with_user(self.ann).desk_request_label)
        self.assertFalse(self._item(move, self.ann).desk_request_label)
        request = self._open(call)
        label = f"{request.number} Handed over"
        self.assertEqual(call.with_user(self.ann).desk_request_label, label)
        self.assertEqual(self._item(move, self.ann).desk_request_label, label)
        self._close(request)
        # the board shows what runs, the call also what became of it
        self.assertFalse(self._item(move, self.ann).desk_request_label)
        self.assertIn("Closed", call.with_user(self.ann).desk_request_label)

    def test_refund_shows_on_the_call(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        call = self._dispute(move, user=self.both)
        request = self._open(call)
        self.assertFalse(call.desk_refund_ids)
        refund = self._invoice(-40, "2026-03-11", user=self.both)
        of_bob = self._invoice(-5, "2026-03-11", user=self.bob)
        request.refund_ids = refund + of_bob
        call.invalidate_recordset(["desk_refund_ids"])
        self.assertEqual(call.desk_refund_ids, refund + of_bob)
        ann = self._make_user("sue")
        call.sudo().user_id = ann
        self.env.invalidate_all()
        self.assertFalse(call.with_user(ann).desk_refund_ids)

    def test_request_shows_calls_and_what_is_open(self):
        move = self._invoice(100, "2026-03-01", user=self.both)
        call = self._dispute(move, user=self.both)
        request = self._open(call).with_user(self.both)
        self.assertEqual(request.receivable_call_count, 1)
        action = request.action_receivable_calls()
        found = self.env[action["res_model"]].with_user(self.both)
        self.assertEqual(found.search(action["domain"]), call)
        action = request.action_receivable_items()
        found = self.env[action["res_model"]].with_user(self.both)
        self.assertEqual(found.search(action["domain"]).move_id, move)

    def test_board_costs_no_query_a_row(self):
        moves = self.env["account.move"].union(
            *(self._invoice(100, "2026-03-01", user=self.both) for _number in range(6))
        )
        for move in moves:
            self._open(self._dispute(move, user=self.both))
        counts = []
        for size in (1, 1, 6):
            items = self._item(moves[:size], self.both)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertTrue(all(items.mapped("desk_request_label")))
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[2], counts[1] + 1)
