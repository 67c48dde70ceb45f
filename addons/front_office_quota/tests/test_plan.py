from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .quota_plan_common import QuotaPlanFixture


@tagged("post_install", "-at_install")
class TestPlan(QuotaPlanFixture, TransactionCase):
    """A plan, its periods, and what may not be written."""

    def test_a_plan_has_twelve_periods(self):
        periods = self._plan().period_ids.sorted("date_from")
        self.assertEqual(len(periods), 12)
        self.assertEqual(periods[0].name, "2027-01")
        self.assertEqual(periods[11].date_to, date(2027, 12, 31))
        self.assertEqual(
            periods.mapped("quarter"),
            [f"2027-Q{number}" for number in (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)],
        )

    def test_the_fiscal_year_is_the_companys(self):
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        periods = self._plan().period_ids.sorted("date_from")
        self.assertEqual(periods[0].date_from, date(2026, 7, 1))
        self.assertEqual(periods[0].quarter, "2027-Q1")
        self.assertEqual(periods[-1].date_to, date(2027, 6, 30))

    def test_another_year_moves_the_periods_with_their_costs(self):
        plan = self._plan()
        cost = self._cost(plan.period_ids.sorted("date_from")[1])
        plan.year = 2028
        self.assertEqual(cost.period_id.name, "2028-02")
        self.assertEqual(cost.period_id.date_to, date(2028, 2, 29))
        self.assertEqual(cost.period_id.quarter, "2028-Q1")

    def test_a_year_out_of_the_calendar_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Year of the plan “Plan 2027”"):
            self._plan(year=0)

    def test_a_margin_out_of_bounds_is_refused(self):
        for margin in (0, -0.2, 1.2):
            with self.assertRaisesRegex(ValidationError, "Gross Margin .* “Plan 2027”"):
                self._plan(margin=margin)
        self.assertEqual(self._plan(margin=1).margin, 1)

    def test_a_period_outside_the_plan_is_refused(self):
        plan = self._plan()
        first = plan.period_ids.sorted("date_from")[0]
        with self.assertRaisesRegex(
            ValidationError, r"2027-01 \(2026-12-15 .* outside the plan “Plan 2027”"
        ):
            first.date_from = "2026-12-15"
        with self.assertRaisesRegex(ValidationError, "outside the plan"):
            self.env["quota.period"].create(
                {
                    "plan_id": plan.id,
                    "name": "2028-01",
                    "date_from": "2028-01-01",
                    "date_to": "2028-01-31",
                }
            )

    def test_overlapping_periods_are_refused(self):
        first, second = self._plan().period_ids.sorted("date_from")[:2]
        with self.assertRaisesRegex(ValidationError, "2027-01 and 2027-02 .* overlap"):
            second.date_from = "2027-01-31"
        first.date_to = "2027-01-30"
        second.date_from = "2027-01-31"

    @mute_logger("odoo.sql_db")
    def test_a_period_must_not_end_before_it_begins(self):
        first = self._plan().period_ids.sorted("date_from")[0]
        with (
            self.assertRaisesRegex(ValidationError, "2027-01 .* must not end"),
            self.cr.savepoint(),
        ):
            first.date_to = "2026-12-31"
        with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
            self.env.cr.execute(
                "UPDATE quota_period SET date_to = '2026-12-31' WHERE id = %s",
                [first.id],
            )

    def test_a_plan_stays_with_its_company(self):
        plan = self._plan()
        with self.assertRaisesRegex(UserError, "stays with its company"):
            plan.sudo().write({"company_id": self.other_company.id})
        plan.write({"company_id": self.company.id})

    def test_a_copy_is_a_draft_with_shares_and_periods(self):
        plan = self._covering_plan()
        plan.action_propose()
        copy = plan.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.name, "Plan 2027 (copy)")
        self.assertFalse(copy.proposer_id)
        self.assertEqual(len(copy.share_ids), 2)
        self.assertEqual(len(copy.period_ids), 12)

    # --- shares -----------------------------------------------------------------------

    def test_a_share_needs_a_holder_of_the_company(self):
        plan = self._plan()
        with self.assertRaisesRegex(ValidationError, "Person or a Team"):
            self._share(plan)
        with self.assertRaisesRegex(ValidationError, "does not work in Plan Company"):
            self._share(plan, self.stranger)
        with self.assertRaisesRegex(ValidationError, "Weight of .* negative"):
            self._share(plan, self.seller, weight=-1)
        other_team = self.env["crm.team"].create(
            {"name": "Foreign", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self._share(plan.sudo(), team=other_team)

    # --- who sees and changes what ----------------------------------------------------

    def test_admins_build_and_others_do_not(self):
        plan = self._covering_plan()
        for user in (self.manager, self.seller, self.employee_user, self.stranger):
            as_user = plan.with_user(user)
            with self.assertRaises(AccessError):
                as_user.write({"name": "Mine"})
            with self.assertRaises(AccessError):
                as_user.action_propose()
            with self.assertRaises(AccessError):
                as_user.period_ids.action_split()
            with self.assertRaises(AccessError):
                as_user.unlink()
            with self.assertRaises(AccessError):
                plan.period_ids[0].with_user(user).action_set_up_next()
            with self.assertRaises(AccessError):
                self._plan(user=user)

    def test_managers_read_cost_totals_and_sellers_do_not(self):
        plan = self._covering_plan()
        manager_env = plan.with_user(self.manager)
        self.assertEqual(manager_env.cost_total, 12_000)
        self.assertEqual(manager_env.cost_ids[0].amount, 1000)
        as_seller = plan.with_user(self.seller)
        self.assertEqual(as_seller.read(["name", "is_short"])[0]["name"], "Plan 2027")
        for name in ("cost_total", "required", "coverage", "waterfall"):
            with self.assertRaises(AccessError):
                as_seller.read([name])
            with self.assertRaises(AccessError):
                as_seller.export_data([name])
        for aggregate in ("required:sum", "coverage:avg"):
            with self.assertRaises(AccessError):
                as_seller.formatted_read_group([], ["year"], [aggregate])
            with self.assertRaises(AccessError):
                as_seller.period_ids.formatted_read_group([], ["year"], [aggregate])
        with self.assertRaises(AccessError):
            as_seller.search([("required", ">", 1)])
        with self.assertRaises(AccessError):
            self.env["quota.cost.line"].with_user(self.seller).search([])

    def test_a_stranger_finds_nothing(self):
        plan = self._covering_plan()
        for model in ("plan", "period", "cost.line", "share", "target"):
            records = (
                self.env[f"quota.{model}"]
                .with_user(self.stranger)
                .with_context(allowed_company_ids=self.other_company.ids)
                .search([])
            )
            self.assertNotIn(self.company, records.sudo().company_id, model)
        with self.assertRaises(AccessError):
            plan.with_user(self.stranger).read(["name"])

    def test_the_waterfall_names_readable_holders_only(self):
        plan = self._covering_plan()
        bars = plan.waterfall["bars"]
        labels = [bar["label"] for bar in bars]
        self.assertEqual(labels[:2], ["Rent", "Total costs"])
        self.assertIn(self.seller.name, labels)
        seen = plan.with_user(self.manager).waterfall["bars"]
        self.assertNotIn(self.seller.name, [bar["label"] for bar in seen])
        others = next(bar for bar in seen if bar["label"] == "Others")
        self.assertAlmostEqual(others["start"] - others["end"], plan.required)

    def test_groups_weigh_the_coverage(self):
        plan = self._plan()
        first, second = plan.period_ids.sorted("date_from")[:2]
        self._cost(first, 400)
        self._cost(second, 40)
        for period, amount in ((first, 500), (second, 300)):
            self.env["quota.target"].create(
                {
                    "plan_id": plan.id,
                    "period_id": period.id,
                    "user_id": self.seller.id,
                    "full_amount": amount,
                }
            )
        self.assertEqual((first.coverage, second.coverage), (0.5, 3.0))
        groups = self.env["quota.period"].formatted_read_group(
            [("plan_id", "=", plan.id)], ["quarter"], ["coverage:avg", "required:sum"]
        )
        self.assertAlmostEqual(groups[0]["coverage:avg"], 800 / 1100)
        self.assertEqual(groups[1]["coverage:avg"], 0)
        self.assertAlmostEqual(plan.coverage, 800 / 1100)

    # --- views ------------------------------------------------------------------------

    def test_views_open_for_who_may_read(self):
        plan = self._covering_plan()
        for user in (self.proposer, self.manager, self.seller):
            for model in ("quota.plan", "quota.period", "quota.share"):
                views = (
                    self.env[model]
                    .with_user(user)
                    .get_views([(False, "list"), (False, "form"), (False, "search")])
                )
                names = views["models"][model]["fields"]
                reads_totals = user != self.seller
                self.assertEqual(
                    "required" in names, reads_totals and model != "quota.share"
                )
        # another request begins with an empty cache
        self.env.invalidate_all()
        form = Form(plan.with_user(self.manager))
        self.assertEqual(form.cost_total, 12_000)

    def test_buttons_lead_to_periods_and_costs(self):
        plan = self._covering_plan()
        for action, records in (
            (plan.action_open_periods(), plan.period_ids),
            (plan.action_open_costs(), plan.cost_ids),
        ):
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, records)

    def test_a_plan_with_months_of_its_own_does_not_move(self):
        plan = self._plan()
        plan.period_ids[11].unlink()
        with self.assertRaisesRegex(ValidationError, "outside the plan"):
            plan.year = 2029

    def test_two_companies_plan_apart(self):
        both = self.company | self.other_company
        self.proposer.company_ids = both
        plans = self.env["quota.plan"].with_user(self.proposer)
        plans = plans.with_context(allowed_company_ids=both.ids)
        mine = plans.create({"name": "Mine", "year": 2027})
        other = plans.create(
            {"name": "Other", "year": 2027, "company_id": self.other_company.id}
        )
        self.assertEqual(mine.company_id, self.company)
        self.assertEqual(other.period_ids.company_id, self.other_company)
        self._cost(other.period_ids[0], 100)
        self.assertEqual((mine.required, other.required), (0, 250))
        self._share(mine, self.seller)
        with self.assertRaisesRegex(ValidationError, "does not work in Other Company"):
            self._share(other, self.seller)
        with self.assertRaises(UserError):
            self._share(other.sudo(), team=self.team)
        as_approver = self.env["quota.plan"].with_user(self.approver).search([])
        self.assertIn(mine, as_approver)
        self.assertNotIn(other, as_approver)
