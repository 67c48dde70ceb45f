from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ReceivableFixture


@tagged("post_install", "-at_install")
class TestTours(ReceivableFixture, HttpCase):
    def test_promise_broken_and_called_again(self):
        """Ann notes a promise, the ledger breaks it, and she calls again."""
        today = fields.Date.today()
        self.customer.name = "Azure Interior"
        move = self._invoice(1200, today - timedelta(days=40))
        self.start_tour(
            "/odoo/receivables-to-call",
            "front_office_receivable_promise",
            login="receivable_ann",
        )
        first = self.env["receivable.call"].search([("move_ids", "in", move.ids)])
        self.assertEqual((first.reason, first.promise_ids.amount), ("approval", 1200))
        # two weeks pass, and nothing comes
        self.env.cr.execute(
            "UPDATE receivable_promise SET date = date - 30, deadline = deadline - 30"
            " WHERE call_id = %s",
            [first.id],
        )
        self.env.invalidate_all()
        self._decide()
        self.assertEqual(first.promise_ids.state, "broken")
        self.env.cr.execute(
            "UPDATE receivable_case SET next_call_date = %s WHERE move_id = %s",
            [today, move.id],
        )
        self.env.invalidate_all()
        self.start_tour(
            "/odoo/receivables-to-call",
            "front_office_receivable_again",
            login="receivable_ann",
        )
        second = self.env["receivable.call"].search(
            [("move_ids", "in", move.ids), ("id", "!=", first.id)]
        )
        self.assertEqual(second.outcome, "message")
        self.assertGreater(second.next_call_date, today)
