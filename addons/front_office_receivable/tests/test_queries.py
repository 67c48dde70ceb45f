from odoo.tests import freeze_time, tagged

from .common import ReceivableFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestQueries(ReceivableFixture):
    """The number of statements does not grow with what they are about."""

    def _count(self, function):
        """Return how many statements ``function()`` takes with empty caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _moves(self, number):
        return self.env["account.move"].union(
            *(self._invoice(100, "2026-03-01") for _n in range(number))
        )

    def test_logging_a_call(self):
        few, many = self._moves(2), self._moves(12)
        self._call(self._moves(1), [("2026-03-12", 10)])
        counts = [
            self._count(lambda m=moves, p=promises: self._call(m, p))
            for moves, promises in (
                (few, [("2026-03-12", 10)]),
                (many, [(f"2026-03-{day}", 10) for day in range(12, 24)]),
            )
        ]
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_cron(self):
        counts = []
        for number in (3, 30):
            for move in self._moves(number):
                self._call(move, [("2026-03-12", 10)])
            with freeze_time("2026-03-17"):
                counts.append(self._count(self._decide))
        self.assertLessEqual(counts[1], counts[0])

    def test_board(self):
        self._call(self._moves(3)[:1])
        items = self.env["receivable.item"].with_user(self.ann)
        specification = {
            "move_id": {"fields": {"display_name": {}}},
            "partner_id": {"fields": {"display_name": {}}},
            "phone": {},
            "amount": {},
            "days": {},
            "reason": {},
        }
        domain = [("overdue", "=", True), ("user_id", "=", self.ann.id)]

        def board():
            return items.web_search_read(domain, specification)["records"]

        board()
        few = self._count(board)
        moves = self._moves(20)
        for move in moves[:5]:
            self._call(move)
        self.assertLessEqual(self._count(board), few + 1)
        self.assertEqual(len(board()), 23)
