from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import DisputeFixture


@tagged("post_install", "-at_install")
class TestDisputeTour(DisputeFixture, HttpCase):
    def test_from_the_promise_to_dunning_again(self):
        """A promise is disputed; the request is closed, and dunning goes on."""
        today = fields.Date.today()
        self.customer.name = "Azure Interior"
        move = self._invoice(1200, today - timedelta(days=40), user=self.both)
        promised = self._call(move, [(today + timedelta(days=3), 1200)], user=self.both)
        call = self._dispute(move, user=self.both)
        self.start_tour(
            "/odoo/receivables-overdue",
            "front_office_desk_receivable_open",
            login="dr_both",
        )
        self.env.invalidate_all()
        request = call.desk_request_ids
        self.assertEqual((request.kind, request.state), ("complaint", "handed"))
        self.assertTrue(self._is_paused(move))
        self._age(promised, move)
        self._decide()
        self.assertEqual(promised.promise_ids.state, "open")
        self._close(request)
        self.assertGreaterEqual(promised.promise_ids.deadline, today)
        self.assertEqual(call.activity_ids.user_id, self.both)
        self._age(promised, move)
        self._decide()
        self.assertEqual(promised.promise_ids.state, "broken")
        self.start_tour(
            "/odoo/receivables-to-call",
            "front_office_desk_receivable_closed",
            login="dr_both",
        )
        last = self.env["receivable.call"].search([("move_ids", "in", move.ids)])[0]
        self.assertEqual(last.outcome, "message")

    def _age(self, call, move):
        """Let a month pass for a promise, and the day of the next call come."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE receivable_promise SET date = date - 30, deadline = deadline - 30"
            " WHERE call_id = %s",
            [call.id],
        )
        self.env.cr.execute(
            "UPDATE receivable_case SET next_call_date = %s WHERE move_id = %s",
            [fields.Date.today(), move.id],
        )
        self.env.invalidate_all()
