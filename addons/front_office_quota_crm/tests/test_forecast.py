from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import PipelineFixture


@tagged("post_install", "-at_install")
class TestForecast(PipelineFixture, TransactionCase):
    """What is achieved and what open opportunities add to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_pipeline()
        cls.running = cls.target(cls.anna, 1000.0, cls.february)
        cls.running.sudo().achieved = 300.0

    def figures(self, target=None):
        target = target or self.running
        return (
            target.pipeline,
            target.opportunity_count,
            target.overdue_opportunity_count,
            target.forecast,
        )

    # --- what counts -----------------------------------------------------------------

    def test_achieved_and_weighted_opportunities(self):
        self.lead(self.anna, 1000.0, 50.0)
        self.lead(self.anna, 333.33, 10.0, date_deadline="2026-02-09")
        self.refresh()
        self.assertEqual(self.figures(), (533.33, 2, 0, 833.33))

    def test_without_opportunities_it_is_what_was_achieved(self):
        self.refresh()
        self.assertEqual(self.figures(), (0.0, 0, 0, 300.0))

    def test_future_period_takes_its_own(self):
        march = self.target(self.anna, 1000.0, self.march)
        self.lead(self.anna, 400.0, date_deadline="2026-03-01")
        self.refresh()
        self.assertEqual(self.figures(march), (200.0, 1, 0, 200.0))
        self.assertEqual(self.figures(), (0.0, 0, 0, 300.0))

    def test_past_period_is_what_was_achieved(self):
        self.lead(self.anna)
        self.refresh()
        self.assertEqual(self.running.pipeline, 500.0)
        self.refresh("2026-03-05")
        self.assertEqual(self.figures(), (0.0, 0, 0, 300.0))
        # also when it is asked for by itself
        self.assertEqual(
            self.running._forecast_amounts(self.march.date_from), {self.running: 300.0}
        )

    def test_overdue_is_counted_but_not_added(self):
        march = self.target(self.anna, 1000.0, self.march)
        self.lead(self.anna, date_deadline="2026-02-08")
        self.lead(self.anna, date_deadline="2025-12-24")
        self.refresh()
        self.assertEqual(self.figures(), (0.0, 0, 2, 300.0))
        self.assertEqual(self.figures(march), (0.0, 0, 0, 0.0))

    def test_what_does_not_count(self):
        won = self.lead(self.anna)
        won.action_set_won()
        lost = self.lead(self.anna)
        lost.action_set_lost()
        self.lead(self.anna).active = False
        self.lead(self.anna, type="lead")
        self.lead(self.anna, date_deadline=False)
        self.lead(self.bert)
        self.lead(None)
        self.refresh()
        self.assertEqual(self.figures(), (0.0, 0, 0, 300.0))

    def test_change_of_an_opportunity_changes_the_forecast(self):
        lead = self.lead(self.anna)
        self.refresh()
        lead.probability = 80.0
        self.refresh()
        self.assertEqual(self.figures(), (800.0, 1, 0, 1100.0))
        lead.user_id = self.bert
        self.refresh()
        self.assertEqual(self.figures(), (0.0, 0, 0, 300.0))

    def test_margin_counts_by_the_plans_margin(self):
        self.plan.write({"basis": "margin", "margin": 0.4})
        self.lead(self.anna, 1000.0, 50.0)
        self.refresh()
        self.assertEqual(self.figures(), (500.0, 1, 0, 500.0))
        self.assertEqual(self.running.pipeline_counted, 200.0)

    # --- whose -----------------------------------------------------------------------

    def test_team_takes_the_teams_and_person_the_persons(self):
        team = self.target(self.team, 5000.0, self.february)
        other = self.env["crm.team"].create(
            {"name": "South", "company_id": self.company.id}
        )
        self.lead(self.anna, 1000.0, team_id=self.team.id)
        self.lead(self.bert, 200.0, team_id=self.team.id)
        self.lead(self.anna, 60.0, team_id=other.id)
        self.refresh()
        self.assertEqual(self.figures(team), (600.0, 2, 0, 600.0))
        self.assertEqual(self.figures()[:2], (530.0, 2))

    # --- companies and currencies ----------------------------------------------------

    def set_up_yen(self):
        """Let Anna sell for a company in Japan as well."""
        self.env.ref("base.JPY").active = True
        company = self.env["res.company"].create(
            {"name": "Quota KK", "currency_id": self.env.ref("base.JPY").id}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": company.currency_id.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 150.0,
            }
        )
        self.anna.company_ids = [Command.link(company.id)]
        plan = self.env["quota.plan"].create(
            {"name": "Plan KK", "year": 2026, "company_id": company.id}
        )
        period = self.periods_of(plan)[1]
        target = self.env["quota.target"].create(
            {
                "plan_id": plan.id,
                "period_id": period.id,
                "user_id": self.anna.id,
                "full_amount": 900000,
            }
        )
        return company, target

    def test_each_company_takes_its_own_in_its_own_currency(self):
        company, target = self.set_up_yen()
        self.lead(self.anna, 1000.0, 50.0)
        self.lead(self.anna, 150001.0, 50.0, company_id=company.id)
        self.refresh()
        self.assertEqual(self.figures(), (500.0, 1, 0, 800.0))
        self.assertEqual(self.figures(target), (75001.0, 1, 0, 75001.0))
        self.assertEqual(target.currency_id.name, "JPY")

    def test_without_a_company_it_is_the_salespersons(self):
        _company, target = self.set_up_yen()
        team = self.env["crm.team"].create({"name": "Shared", "company_id": False})
        of_team = self.target(team, 5000.0, self.february)
        shared = self.lead(self.anna, team_id=team.id) + self.lead(team_id=team.id)
        shared.company_id = False
        self.refresh()
        self.assertEqual(self.figures()[:2], (500.0, 1))
        self.assertEqual(self.figures(target)[:2], (0.0, 0))
        # one of nobody in no company is in no currency either
        self.assertEqual(self.figures(of_team)[:2], (500.0, 1))

    # --- a figure that nobody types ---------------------------------------------------

    def test_nobody_types_the_pipeline(self):
        target = self.running.with_user(self.admin)
        for name in ("pipeline", "opportunity_count", "overdue_opportunity_count"):
            with self.assertRaisesRegex(UserError, "calculated from the pipeline"):
                target.write({name: 5})
        with self.assertRaisesRegex(UserError, "calculated from the pipeline"):
            target.create(
                {
                    "plan_id": self.plan.id,
                    "period_id": self.march.id,
                    "user_id": self.anna.id,
                    "pipeline": 5.0,
                }
            )

    def test_import_does_not_set_the_pipeline(self):
        result = (
            self.env["quota.target"]
            .with_user(self.admin)
            .load(
                ["plan_id/.id", "period_id/.id", "user_id/.id", "pipeline"],
                [[str(self.plan.id), str(self.march.id), str(self.bert.id), "5"]],
            )
        )
        self.assertFalse(result["ids"])

    # --- a fixed number of queries ---------------------------------------------------

    def test_queries_do_not_grow(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            targets = self.env["quota.target"].search([("plan_id", "=", self.plan.id)])
            self.refresh()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            targets._forecast_amounts(self.february.date_from)
            return self.env.cr.sql_log_count - before

        self.lead(self.anna)
        few = count()
        people = [
            self.new_person(
                f"quota crm {number}", "front_office_quota.group_quota_user"
            )
            for number in range(15)
        ]
        for person in people:
            self.target(person, 100.0, self.february)
            self.lead(person)
            self.lead(person, date_deadline="2026-02-01")
        self.assertEqual(count(), few)
