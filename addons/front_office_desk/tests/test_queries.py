from odoo.tests import TransactionCase, tagged

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestQueries(DeskFixture, TransactionCase):
    """What is read costs the same for few and for many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()

    def _count(self, records, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(records)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _assert_same(self, few, many, function, tolerance=0):
        self._count(few, function)  # warms the caches of the registry
        first, second = (self._count(each, function) for each in (few, many))
        self.assertLessEqual(second, first + tolerance)

    def _requests(self, number):
        return self.env["desk.request"].create(
            [
                {
                    "name": "Chair",
                    "type_id": self.complaint.id,
                    "partner_id": self.ada.id,
                }
                for _each in range(number)
            ]
        )

    def test_board(self):
        contacts = self.env["desk.contact"].create(
            [
                {"name": "Call", "partner_id": self.ada.id, "user_id": self.rita.id}
                for _each in range(60)
            ]
        )
        names = ["name", "partner_id", "phone", "state", "outcome", "request_id"]
        self._assert_same(
            contacts[:10],
            contacts[10:],
            lambda each: each.with_user(self.rita).read(names),
        )

    def test_list_of_requests(self):
        requests = self._requests(60)
        requests.action_hand_over()
        names = ["display_name", "state", "is_late", "can_accept", "answer_due", "cost"]
        self._assert_same(
            requests[:10],
            requests[10:],
            lambda each: each.with_user(self.bo).read(names),
        )

    def test_clocks(self):
        requests = self._requests(60)
        requests.action_hand_over()
        self._assert_same(
            requests[:10], requests[10:], lambda each: each._refresh_clocks()
        )

    def test_logging_a_call(self):
        def log(number):
            self.env["desk.contact"].with_user(self.rita).create(
                [
                    {"name": "Call", "partner_id": self.ada.id, "outcome": "answered"}
                    for _each in range(number)
                ]
            )

        log(1)
        first = self._count(1, log)
        log(60)
        self.assertLessEqual(self._count(1, log), first)
