from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .common_target import TargetFixture


@tagged("post_install", "-at_install")
class TestTargetTours(TargetFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_targets()
        periods = (cls.january, cls.february)
        annas = [cls.target(cls.anna, 1000.0, period) for period in periods]
        berts = [cls.target(cls.bert, 1000.0, period) for period in periods]
        # new targets take their figures from the ledger when the transaction ends
        cls.env.cr.precommit.run()
        for anna, bert in zip(annas, berts, strict=True):
            anna.sudo().write({"achieved": 1250.0, "attainment": 1.25})
            bert.sudo().write({"achieved": 250.0, "attainment": 0.25})
        cls.plan.sudo().state = "approved"

    @freeze_time("2026-02-09 08:00:00", tick=True)
    def test_month(self):
        self.start_tour("/odoo", "front_office_quota_month", login="quota admin")

    @freeze_time("2026-02-09 08:00:00", tick=True)
    def test_my_plan(self):
        self.start_tour("/odoo", "front_office_quota_my_plan", login="quota anna")
