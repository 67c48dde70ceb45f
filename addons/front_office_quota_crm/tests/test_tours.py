from freezegun import freeze_time

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import PipelineFixture


@tagged("post_install", "-at_install")
class TestTours(PipelineFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_pipeline()
        cls.running = cls.target(cls.anna, 1000.0, cls.february)
        # what is still to be computed comes first, for the figures that follow to stay
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.running.sudo().write({"achieved": 300.0, "attainment": 0.3})
        cls.leads = cls.lead(cls.anna, 800.0, 50.0, name="Quota bakery")
        cls.leads += cls.lead(cls.anna, 100.0, 90.0, name="Quota school")
        cls.leads += cls.lead(cls.anna, name="Quota late", date_deadline="2026-02-02")
        cls.plan.sudo().state = "approved"
        with freeze_time("2026-02-09 08:00:00"):
            cls.env["quota.target"]._refresh_forecast()
        cls.env.flush_all()

    def _saved(self):
        self.env.invalidate_all()
        figures = ["amount", "achieved", "attainment", "pipeline", "forecast"]
        return (
            self.running.read([*figures, "opportunity_count", "write_date"]),
            self.leads.read(["probability", "expected_revenue", "write_date"]),
            self.env["quota.statement"].search([("plan_id", "=", self.plan.id)]),
        )

    @freeze_time("2026-02-09 08:00:00", tick=True)
    def test_what_if_saves_nothing(self):
        before = self._saved()
        self.start_tour(
            f"/odoo/quota.target/{self.running.id}",
            "front_office_quota_crm_what_if",
            login="quota admin",
        )
        self.assertEqual(self._saved(), before)

    @freeze_time("2026-02-09 08:00:00", tick=True)
    def test_what_if_over_the_month(self):
        self.env["quota.commission.plan"].create(
            {
                "name": "Ten and more",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "base_rate": 0.1,
                "tier_ids": [Command.create({"threshold": 0.9, "rate": 0.2})],
                "assignment_ids": [Command.create({"user_id": self.anna.id})],
            }
        )
        before = self._saved()
        for login in ("quota anna", "quota admin"):
            self.start_tour(
                "/odoo/quota-month", "front_office_quota_crm_what_if_month", login=login
            )
        self.assertEqual(self._saved(), before)

    @freeze_time("2026-02-09 08:00:00", tick=True)
    def test_from_target_to_opportunities(self):
        self.start_tour(
            f"/odoo/quota.target/{self.running.id}",
            "front_office_quota_crm_opportunities",
            login="quota anna",
        )
