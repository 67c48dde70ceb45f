from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .common import PipelineFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-02-09 08:00:00")
class TestWhatIf(PipelineFixture, TransactionCase):
    """What the slider on a target's form works with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_pipeline()
        cls.running = cls.target(cls.anna, 1000.0, cls.february)
        cls.running.sudo().achieved = 300.0
        cls.plan.sudo().state = "approved"

    def what_if(self, user=None, target=None):
        return (target or self.running).with_user(user or self.anna).get_what_if()

    def test_sums_a_probability(self):
        self.lead(self.anna, 100.0, 25.0)
        self.lead(self.anna, 200.0, 25.0)
        self.lead(self.anna, 1000.0, 80.0)
        data = self.what_if()
        self.assertEqual(sorted(data["opportunities"]), [[25.0, 300.0], [80.0, 1000.0]])
        self.assertEqual((data["count"], data["factor"]), (3, 1.0))
        self.assertEqual((data["target"], data["achieved"]), (1000.0, 300.0))

    def test_starts_from_the_forecast(self):
        for basis in ("invoiced", "margin"):
            with self.subTest(basis=basis):
                self.plan.sudo().state = "draft"
                self.plan.basis = basis
                self.lead(self.anna, 333.33, 33.0)
                self.refresh()
                self.assertEqual(self.what_if()["forecast"], self.running.forecast)
        self.assertEqual(self.what_if()["factor"], self.plan.margin)

    def test_same_for_everybody_who_reads_the_target(self):
        self.lead(self.anna, 1000.0, 80.0)
        target = self.target(self.team, 5000.0, self.february)
        self.lead(self.bert, 700.0, 40.0, team_id=self.team.id)
        data = self.what_if()
        self.assertEqual(self.what_if(self.admin), data)
        team = self.what_if(self.leader, target)
        self.assertEqual(team["opportunities"], [[40.0, 700.0]])

    def test_none_of_a_past_period(self):
        past = self.target(self.anna, 1000.0, self.january)
        self.assertIsNone(self.what_if(target=past)["opportunities"])

    def test_saves_nothing(self):
        self.lead(self.anna)
        self.what_if()
        self.assertEqual(
            (self.running.pipeline, self.running.opportunity_count), (0.0, 0)
        )
