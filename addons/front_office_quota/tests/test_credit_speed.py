from odoo import Command
from odoo.tests import tagged, warmup

from .credit_common import QuotaCreditCase


@tagged("post_install", "-at_install")
class TestCreditSpeed(QuotaCreditCase):
    """The number of statements does not depend on the number of invoices."""

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        return self.cr.sql_log_count - before

    @warmup
    def test_refresh(self):
        target = self.env["quota.target"]
        counts = []
        for size in (1, 8):
            for _number in range(size):
                move = self._sell(10, user=self.ann, team=self.team)
                self._pay(move)
            self.env.cr.flush()
            counts.append(
                (
                    self._count(target._refresh_achieved),
                    self._count(target._recompute_achieved),
                )
            )
        self.assertEqual(counts[0], counts[1])
        # one statement for the queue; one a basis for the whole, and three around them
        refresh, recompute = counts[0]
        self.assertEqual(refresh, 1)
        self.assertEqual(recompute, 6)

    def test_post(self):
        """What posting many invoices adds is what posting one adds."""
        delta = self.env["quota.credit.delta"]
        counts = []
        for size in (1, 8):
            moves = self.env["account.move"].concat(
                *(
                    self._sell(10, user=self.ann, team=self.team, post=False)
                    for _number in range(size)
                )
            )
            self.env.cr.flush()

            def post(moves=moves):
                delta._watch_moves(moves.ids)
                moves._post()
                self.env.flush_all()

            post()
            counts.append(self._count(delta._queue_changes))
        self.assertEqual(counts, [2, 2])

    def test_costs(self):
        counts = []
        for size in (1, 1, 8):  # the first warms the caches
            lines = [
                Command.create({"product_id": self.product_a.id, "quantity": number})
                for number in range(1, size + 1)
            ]
            move = self._sell(10, post=False)
            move.invoice_line_ids = lines
            lines = self.env["account.move.line"].browse(move.invoice_line_ids.ids)
            lines._set_quota_cost()
            counts.append(self._count(lines._set_quota_cost))
            self.assertEqual(sum(lines.mapped("quota_cost")), 400 * size * (size + 1))
        self.assertEqual(counts[1], counts[2])

    def test_no_plan_no_work(self):
        """Without a plan nothing is watched."""
        self.env.cr.flush()
        # by SQL: plans of other companies are in use, and refuse to be archived
        self.env.cr.execute("UPDATE quota_plan SET active = false")
        self.env.invalidate_all()
        move = self._sell(10, user=self.ann, team=self.team)
        self.env.cr.flush()
        delta = self.env["quota.credit.delta"]
        self.assertEqual(self._count(lambda: delta._watch_moves(move.ids)), 1)
        self.assertEqual(self._count(lambda: delta._watch_moves(move.ids)), 0)
        self.env.cr.flush()
        self.assertFalse(delta.search([]))
