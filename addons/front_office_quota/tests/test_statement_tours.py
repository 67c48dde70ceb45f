from odoo.tests import HttpCase, tagged

from .workflow_common import StatementFixture


@tagged("post_install", "-at_install")
class TestStatementTours(StatementFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()

    def test_person_disputes_and_confirms_then_another_approves(self):
        statement = self.statement
        with self._engine():
            self.start_tour(
                "/odoo/my-statements",
                "front_office_quota_statement_person",
                login="s_anna",
            )
        self.assertEqual(statement.state, "confirmed")
        rate, missing = statement.dispute_ids.sorted("id")
        self.assertEqual((rate.reason, missing.reason), ("rate", "missing"))
        self.assertEqual(rate.line_id, statement.line_ids[0])
        self.start_tour(
            "/odoo/quota-disputes",
            "front_office_quota_statement_approver",
            login="s_admin",
        )
        self.env.invalidate_all()
        self.assertEqual((rate.state, missing.state), ("refused", "accepted"))
        self.assertEqual(rate.resolution, "The plan says 2 %.")
        self.assertEqual(statement.state, "paid")
        self.assertEqual(statement.approver_id, self.admin)
