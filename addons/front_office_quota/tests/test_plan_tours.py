from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPlanTours(HttpCase):
    """Two administrators and a plan, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admin = "front_office_quota.group_quota_admin"
        cls.builder = new_test_user(cls.env, "tour_builder", admin)
        cls.approver = new_test_user(cls.env, "tour_approver", admin)
        cls.seller = new_test_user(
            cls.env,
            "tour_seller",
            "front_office_quota.group_quota_user",
            name="Tour Seller",
        )

    def test_build_a_plan_and_approve_it_as_another(self):
        self.start_tour(
            "/odoo/quota-plans", "front_office_quota_plan_build", login="tour_builder"
        )
        plan = self.env["quota.plan"].search([("name", "=", "Tour Plan")])
        self.assertEqual(plan.state, "proposed")
        self.assertEqual((plan.required, plan.target_total), (120_000, 120_000))
        self.assertEqual(plan.target_ids.user_id, self.seller)
        self.start_tour(
            "/odoo/quota-plans",
            "front_office_quota_plan_approve",
            login="tour_approver",
        )
        plan.invalidate_recordset()
        self.assertEqual((plan.state, plan.approver_id), ("approved", self.approver))

    def test_approve_under_100_with_a_reason(self):
        plan = (
            self.env["quota.plan"]
            .with_user(self.builder)
            .create(
                {
                    "name": "Tour Short",
                    "year": 2031,
                    "margin": 1,
                    "share_ids": [Command.create({"user_id": self.seller.id})],
                }
            )
        )
        first = plan.period_ids.sorted("date_from")[0]
        first.cost_ids = [Command.create({"name": "Rent", "amount": 100})]
        first.action_split()
        first.target_ids.full_amount = 75
        plan.action_propose()
        self.start_tour(
            "/odoo/quota-plans",
            "front_office_quota_plan_override",
            login="tour_approver",
        )
        plan.invalidate_recordset()
        self.assertEqual(plan.override_user_id, self.approver)
