import doctest
from decimal import Decimal

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.front_office_quota.commission import Terms, commission

from .. import what_if
from ..what_if import RATES, forecast_at
from .common import PipelineFixture

PERCENT = st.floats(0, 100)
AMOUNT = st.floats(0, 1e9)
OPPORTUNITIES = st.lists(st.tuples(PERCENT, AMOUNT), max_size=8)


@tagged("post_install", "-at_install")
class TestForecastAt(TransactionCase):
    def test_examples(self):
        result = doctest.testmod(what_if)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @settings(deadline=None)
    @given(AMOUNT, OPPORTUNITIES, st.floats(0, 1))
    def test_more_wins_are_never_less(self, forecast, opportunities, factor):
        amounts = [forecast_at(forecast, opportunities, factor, r) for r in RATES]
        self.assertEqual(amounts, sorted(amounts))

    @settings(deadline=None)
    @given(AMOUNT, OPPORTUNITIES, st.floats(0, 1))
    def test_as_it_is_at_100(self, forecast, opportunities, factor):
        self.assertEqual(forecast_at(forecast, opportunities, factor, 100), forecast)

    @settings(deadline=None)
    @given(OPPORTUNITIES)
    def test_between_nothing_and_everything_won(self, opportunities):
        expected = sum(p / 100 * revenue for p, revenue in opportunities)
        everything = sum(revenue for _p, revenue in opportunities)
        nothing = forecast_at(expected, opportunities, 1.0, 0)
        self.assertAlmostEqual(nothing, 0.0, delta=1e-3)
        most = forecast_at(expected, opportunities, 1.0, 200)
        self.assertLessEqual(most, everything + 1e-3)


@tagged("post_install", "-at_install")
@freeze_time("2026-02-09 08:00:00")
class TestWhatIf(PipelineFixture, TransactionCase):
    """What the slider on a target's form and on the month's screen works with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_pipeline()
        cls.running = cls.target(cls.anna, 1000.0, cls.february)
        cls.running.sudo().achieved = 300.0
        cls.plan.sudo().state = "approved"

    @classmethod
    def commission_plan(cls, users, **values):
        return cls.env["quota.commission.plan"].create(
            {
                "name": "Ten and more",
                "company_id": cls.company.id,
                "date_from": "2026-01-01",
                "base_rate": 0.1,
                "tier_ids": [Command.create({"threshold": 1.0, "rate": 0.2})],
                "assignment_ids": [Command.create({"user_id": u.id}) for u in users],
                **values,
            }
        )

    def what_if(self, user=None, target=None):
        return (target or self.running).with_user(user or self.anna).get_what_if()

    def steps(self, name, *args):
        return {step["rate"]: step[name] for step in self.what_if(*args)["steps"]}

    def test_every_win_rate(self):
        self.lead(self.anna, 100.0, 25.0)
        self.lead(self.anna, 200.0, 25.0)
        self.lead(self.anna, 1000.0, 80.0)
        data = self.what_if()
        self.assertEqual((data["target"], data["achieved"]), (1000.0, 300.0))
        self.assertEqual((data["count"], data["is_over"]), (3, False))
        steps = self.steps("forecast")
        self.assertEqual(list(steps), list(RATES))
        self.assertEqual(steps[0], 300.0)
        self.assertEqual(steps[50], 737.5)
        self.assertEqual(steps[100], 1175.0)
        # 300 × 50 %, and no more than 100 % of the large one
        self.assertEqual(steps[200], 1450.0)

    def test_starts_from_the_forecast(self):
        for basis in ("invoiced", "margin"):
            with self.subTest(basis=basis):
                self.plan.sudo().state = "draft"
                self.plan.basis = basis
                self.lead(self.anna, 333.33, 33.0)
                self.refresh()
                self.assertEqual(self.steps("forecast")[100], self.running.forecast)

    def test_margin_counts_its_part(self):
        self.plan.sudo().state = "draft"
        self.plan.write({"basis": "margin", "margin": 0.5})
        self.lead(self.anna, 1000.0, 50.0)
        self.assertEqual(self.steps("forecast")[200], 800.0)

    def test_same_for_everybody_who_reads_the_target(self):
        self.commission_plan(self.anna)
        self.lead(self.anna, 1000.0, 80.0)
        data = self.what_if()
        self.assertEqual(self.what_if(self.admin), data)

    def test_commission_follows_the_tiers(self):
        self.commission_plan(self.anna)
        self.lead(self.anna, 1000.0, 50.0)
        data = self.what_if()
        self.assertEqual(data["commission_plan"], "Ten and more")
        pays = self.steps("commission")
        # 300, 800 and 1,300 on a target of 1,000
        self.assertEqual((pays[0], pays[100], pays[200]), (30.0, 80.0, 160.0))

    def test_commission_of_the_one_plan_that_holds(self):
        self.commission_plan(self.bert)
        self.commission_plan(self.anna, name="Former", date_to="2026-02-27")
        data = self.what_if()
        self.assertFalse(data["commission_plan"])
        self.assertEqual({step["commission"] for step in data["steps"]}, {None})

    def test_rest_counts_at_the_base_rate(self):
        category = self.env["product.category"].create({"name": "Quota goods"})
        plan = self.commission_plan(
            self.anna,
            category_ids=[
                Command.create({"category_id": category.id, "rate": 0.5}),
            ],
        )
        self.env["quota.statement"].create(
            {
                "plan_id": self.plan.id,
                "period_id": self.february.id,
                "user_id": self.anna.id,
                "target_id": self.running.id,
                "line_ids": [
                    Command.create({"amount": 200.0, "rate_id": plan.category_ids.id}),
                    Command.create({"amount": 100.0}),
                ],
            }
        )
        self.lead(self.anna, 1000.0, 50.0)
        self.assertTrue(self.what_if()["has_categories"])
        # 200 × 50 %, the rest of 800 × 10 %
        self.assertEqual(self.steps("commission")[100], 160.0)

    def test_commission_is_that_of_the_statement_to_come(self):
        plan = self.commission_plan(self.anna, cap=90.0)
        self.lead(self.anna, 1000.0, 50.0)
        terms = plan._get_terms(1000.0)
        self.assertIsInstance(terms, Terms)
        for step in self.what_if()["steps"]:
            amount = Decimal(str(step["forecast"]))
            self.assertEqual(
                step["commission"], float(commission(terms, {None: amount}))
            )

    def test_team_has_no_commission(self):
        target = self.target(self.team, 5000.0, self.february)
        self.lead(self.bert, 700.0, 40.0, team_id=self.team.id)
        self.commission_plan(self.anna + self.bert + self.leader)
        self.assertEqual(self.steps("forecast", self.leader, target)[200], 560.0)
        team = self.what_if(self.leader, target)
        self.assertEqual({step["commission"] for step in team["steps"]}, {None})

    def test_nobody_else_asks(self):
        self.commission_plan(self.anna)
        for user in (self.bert, self.leader):
            with self.assertRaises(AccessError):
                self.what_if(user)
        self.running.sudo().team_id = self.team
        self.assertTrue(self.what_if(self.leader)["commission_plan"])

    def test_none_of_a_past_period(self):
        past = self.target(self.anna, 1000.0, self.january)
        data = self.what_if(target=past)
        self.assertTrue(data["is_over"])
        self.assertFalse(data["steps"])

    def test_screen_of_the_month_offers_it_until_the_month_is_over(self):
        self.target(self.anna, 1000.0, self.january)
        targets = self.env["quota.target"].with_user(self.anna)
        for period, offered in ((self.january, False), (self.february, True)):
            (holder,) = targets.get_dashboard(self.plan.id, period.id)["holders"]
            self.assertIs(holder["what_if"], offered)

    def test_saves_nothing(self):
        self.commission_plan(self.anna)
        self.lead(self.anna)
        self.what_if()
        self.assertEqual(
            (self.running.pipeline, self.running.opportunity_count), (0.0, 0)
        )
        self.assertFalse(
            self.env["quota.statement"].search([("user_id", "=", self.anna.id)])
        )
