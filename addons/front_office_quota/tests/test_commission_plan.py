from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .statement_common import StatementFixture


@tagged("post_install", "-at_install")
class TestCommissionPlan(StatementFixture):
    def _create(self, **values):
        return self.env["quota.commission.plan"].create(
            {"name": "Another", "date_from": "2026-01-01", **values}
        )

    def _refused(self, sentence, function, *args, **kwargs):
        with self.assertRaises(ValidationError) as caught:
            function(*args, **kwargs)
        self.assertRegex(str(caught.exception), sentence)

    def test_tiers_rise(self):
        plan = self._create(
            base_rate=0.02,
            tier_ids=[
                Command.create({"threshold": 1.2, "rate": 0.05, "accelerator": 1.5}),
                Command.create({"threshold": 1.0, "rate": 0.02}),
            ],
        )
        self.assertEqual(
            plan.tier_ids.sorted("threshold")[1].display_name, "from 120 %"
        )

    def test_falling_rate_is_refused(self):
        self._refused(
            "rate of tier from 120 % of commission plan Another, 3 %, is below the 5 %",
            self._create,
            tier_ids=[
                Command.create({"threshold": 1.0, "rate": 0.05}),
                Command.create({"threshold": 1.2, "rate": 0.03}),
            ],
        )

    def test_base_rate_above_a_tier_is_refused(self):
        self._refused("below the 25 %", self.commission_plan.write, {"base_rate": 0.25})
        self._refused(
            "below the 10 %", self.commission_plan.tier_ids.write, {"rate": 0}
        )

    def test_accelerator_is_one_or_more_and_does_not_fall(self):
        tier = self.commission_plan.tier_ids
        self._refused(
            "accelerator of tier from 100 %", tier.write, {"accelerator": 0.9}
        )
        tier.accelerator = 2
        self._refused(
            "accelerator of tier from 150 %",
            self.commission_plan.write,
            {
                "tier_ids": [
                    Command.create({"threshold": 1.5, "rate": 0.3, "accelerator": 1.5})
                ]
            },
        )

    @mute_logger("odoo.sql_db")
    def test_same_threshold_twice_is_refused(self):
        values = {"threshold": 1.0, "rate": 0.3, "plan_id": self.commission_plan.id}
        with self.assertRaises(IntegrityError) as caught, self.env.cr.savepoint():
            self.env["quota.commission.tier"].create(values)
        message = self.env["quota.commission.tier"]._sql_error_to_message(
            caught.exception
        )
        self.assertIn("Commission plan Sales has two tiers from 100 %", message)

    def test_negative_numbers_are_refused(self):
        for values, field in (
            ({"cap": -1}, "Cap"),
            ({"minimum_attainment": -0.1}, "Minimum Attainment"),
            ({"base_rate": -0.1}, "Base Rate"),
        ):
            self._refused(
                f"“{field}” of commission plan Another", self._create, **values
            )
        self._refused(
            "“Threshold” of tier",
            self._create,
            tier_ids=[Command.create({"threshold": -1, "rate": 0.1})],
        )
        category = self.env["product.category"].create({"name": "Wood"})
        self._refused(
            "“Rate” of category Wood of commission plan Another",
            self._create,
            category_ids=[Command.create({"category_id": category.id, "rate": -1})],
        )

    def test_dates_in_order(self):
        self._create(date_to="2026-01-01")
        self._refused("before it begins", self._create, date_to="2025-12-31")
        self._refused(
            "“Until” .* is before “From”",
            self._create,
            assignment_ids=[
                Command.create(
                    {
                        "user_id": self._person().id,
                        "date_from": "2026-03-01",
                        "date_to": "2026-02-01",
                    }
                )
            ],
        )

    def _person(self):
        return new_test_user(
            self.env,
            f"statement_person_{self.env['res.users'].search_count([])}",
            "front_office_quota.group_quota_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_person_on_two_plans_is_refused(self):
        person = {"user_id": self.ann.id}
        self._refused(
            "^statement_ann .* is on commission plan Sales on 01/01/2026 already",
            self._create,
            assignment_ids=[Command.create(person)],
        )
        # one after the other is fine, by the person's dates or the plan's
        mine = self.commission_plan.assignment_ids.filtered(
            lambda row: row.user_id == self.ann
        )
        mine.date_to = "2025-12-31"
        other = self._create(assignment_ids=[Command.create(person)])
        self._refused("on commission plan", mine.write, {"date_to": "2026-01-01"})
        self._refused("on commission plan", other.write, {"date_from": "2025-12-31"})
        other.active = False
        mine.date_to = False
        self._refused("on commission plan", other.write, {"active": True})
        self.commission_plan.date_to = "2025-12-31"
        other.active = True
        self.assertEqual(mine._get_bounds(), (date(2025, 1, 1), date(2025, 12, 31)))

    def test_plan_of_another_company_does_not_matter(self):
        other = self.setup_other_company()["company"]
        self.ann.company_ids += other
        plan = self._create(
            company_id=other.id,
            assignment_ids=[Command.create({"user_id": self.ann.id})],
        )
        self.assertEqual(plan.assignment_ids.user_id, self.ann)

    def test_copy_has_everything_but_the_people(self):
        copy = self.commission_plan.copy()
        self.assertEqual(copy.name, "Sales (copy)")
        self.assertEqual(copy.tier_ids.mapped("rate"), [0.2])
        self.assertFalse(copy.assignment_ids)
        self.assertEqual(self.commission_plan.copy({"name": "2027"}).name, "2027")

    def test_found_by_person(self):
        plans = self.env["quota.commission.plan"]
        found = plans.search([("assignment_ids.user_id", "ilike", self.ann.name)])
        self.assertIn(self.commission_plan, found)
        self.assertEqual(self.commission_plan.assignment_count, 2)
        self.assertIn(
            self.ann.name, self.commission_plan.assignment_ids[0].display_name
        )

    def test_trial_shows_what_it_would_pay(self):
        with Form(self.commission_plan) as form:
            form.trial_target = 1000
            form.trial_amount = 1500
            self.assertEqual(form.trial_commission, 200)
            self.assertIn("Base rate", form.trial_steps)
            self.assertIn("× 10 %", form.trial_steps)
            self.assertIn("Above the threshold", form.trial_steps)
        self.assertFalse(self.commission_plan.trial_amount)

    def test_what_statements_use_stays(self):
        category = self.env["product.category"].create({"name": "Wood"})
        self.commission_plan.category_ids = [
            Command.create({"category_id": category.id, "rate": 0.3})
        ]
        unused = self.commission_plan.copy()
        unused.category_ids.unlink()
        unused.unlink()
        self._invoice(100, "2026-01-10")
        self._compute(self.january)
        self._freeze(self._statement(self.january))
        # no line has the rate, but an adjustment may need it
        rate = self.commission_plan.category_ids
        other = self.env["product.category"].create({"name": "Stone"})
        for function in (rate.unlink, lambda: rate.write({"category_id": other.id})):
            with self.assertRaises(UserError) as caught:
                function()
            self.assertRegex(str(caught.exception), "category Wood of .* so it stays")
        rate.rate = 0.1
        with self.assertRaises(UserError) as caught:
            self.commission_plan.unlink()
        self.assertIn("Sales has statements", str(caught.exception))

    def test_only_an_administrator_changes_it(self):
        for user, allowed in ((self.ann, False), (self.env.user, True)):
            plan = self.commission_plan.with_user(user)
            self.assertEqual(plan.has_access("write"), allowed)
            self.assertEqual(plan.tier_ids.has_access("write"), allowed)
            self.assertEqual(plan.has_access("read"), True)
        assignments = self.env["quota.commission.assignment"].with_user(self.ann)
        self.assertEqual(assignments.search([]).user_id, self.ann)

    def test_only_an_administrator_starts_a_calculation(self):
        with self.assertRaises(AccessError):
            self.january.with_user(self.ann).action_compute_statements()
