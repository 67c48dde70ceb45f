from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .quota_plan_common import QuotaPlanFixture


@tagged("post_install", "-at_install")
class TestPlanSplit(QuotaPlanFixture, TransactionCase):
    """Shares become targets, and the parts sum to what is required."""

    def _plan_with_cost(self, amount=1000.0, **vals):
        plan = self._plan(**vals)
        self._cost(plan.period_ids.sorted("date_from")[0], amount).action_repeat()
        return plan

    def _amounts(self, period):
        return {
            target.user_id or target.team_id: target.full_amount
            for target in period.target_ids
        }

    def test_by_weight(self):
        plan = self._plan_with_cost(margin=0.3)
        for seller in (self.seller, self.seller_2, self.seller_3):
            self._share(plan, seller)
        plan.action_split()
        self.assertEqual(len(plan.target_ids), 36)
        for period in plan.period_ids:
            self.assertEqual(period.required, 3333.33)
            self.assertEqual(
                sorted(self._amounts(period).values()), [1111.11, 1111.11, 1111.11]
            )
        self.assertFalse(plan.is_short)
        self.assertEqual(plan.coverage, 1)

    def test_cents_that_do_not_divide(self):
        plan = self._plan_with_cost(100, margin=1)
        for seller in (self.seller, self.seller_2, self.seller_3):
            self._share(plan, seller)
        plan.action_split()
        for period in plan.period_ids:
            self.assertEqual(
                sorted(self._amounts(period).values()), [33.33, 33.33, 33.34]
            )
            self.assertEqual(period.target_total, 100)
            self.assertFalse(period.is_short)

    def test_a_currency_without_cents(self):
        yen = self.env.ref("base.JPY")
        yen.sudo().active = True
        self.company.sudo().currency_id = yen
        plan = self._plan_with_cost(1000, margin=0.3)
        for seller in (self.seller, self.seller_2):
            self._share(plan, seller)
        plan.action_split()
        period = plan.period_ids[0]
        self.assertEqual(period.required, 3333)
        self.assertEqual(sorted(self._amounts(period).values()), [1666, 1667])

    def test_people_share_the_target_of_their_team(self):
        plan = self._plan_with_cost(margin=1)
        self._share(plan, team=self.team, weight=3)
        self._share(plan, self.seller, self.team, weight=2)
        self._share(plan, self.seller_2, self.team, weight=1)
        self._share(plan, self.seller_3, self.team_2, weight=1)
        plan.action_split()
        period = plan.period_ids[0]
        self.assertEqual(
            self._amounts(period),
            {
                self.team: 750,
                self.seller: 500,
                self.seller_2: 250,
                self.seller_3: 250,
            },
        )
        self.assertEqual(period.target_total, 1000)
        self.assertEqual(period.coverage, 1)
        # who is in a team that has no share of its own stands on the top
        self.assertEqual(period.target_ids.filtered("counted").user_id, self.seller_3)

    def test_splitting_again_follows_the_shares(self):
        plan = self._covering_plan()
        kept = plan.target_ids.filtered(lambda t: t.user_id == self.seller)
        plan.share_ids.filtered(lambda s: s.user_id == self.seller_2).unlink()
        self._share(plan, self.seller_3, weight=2)
        plan.action_split()
        self.assertEqual(plan.target_ids.user_id, self.seller | self.seller_3)
        self.assertEqual(
            plan.target_ids.filtered(lambda t: t.user_id == self.seller), kept
        )
        self.assertEqual(plan.coverage, 1)

    def test_who_is_taken_off_the_plan(self):
        """An open statement goes with its target, a frozen one keeps its own."""
        plan = self._plan_with_cost(100, margin=1)
        self._share(plan, self.seller)
        gone = self._share(plan, self.seller_2)
        plan.action_split()
        first, second = plan.period_ids.sorted("date_from")[:2]
        targets = plan.target_ids.filtered(
            lambda row: row.user_id == self.seller_2
            and row.period_id in (first | second)
        ).sorted("date_from")
        opened, frozen = self.env["quota.statement"].create(
            [
                {
                    "plan_id": plan.id,
                    "period_id": target.period_id.id,
                    "target_id": target.id,
                    "user_id": self.seller_2.id,
                }
                for target in targets
            ]
        )
        self.env.cr.execute(
            "UPDATE quota_statement SET state = 'confirmed' WHERE id = %s", [frozen.id]
        )
        frozen.invalidate_recordset()
        gone.unlink()
        plan.action_split()
        self.assertFalse(opened.exists())
        self.assertFalse(targets[0].exists())
        self.assertEqual(targets[1].full_amount, 0)
        self.assertEqual(frozen.target_id, targets[1])

    def test_one_period_alone(self):
        plan = self._plan_with_cost()
        self._share(plan, self.seller)
        first, second = plan.period_ids.sorted("date_from")[:2]
        first.action_split()
        self.assertEqual(first.coverage, 1)
        self.assertFalse(second.target_ids)

    def test_by_hand_makes_rows_and_leaves_amounts(self):
        plan = self._plan_with_cost(split_method="manual")
        self._share(plan, self.seller)
        plan.action_split()
        self.assertEqual(set(plan.target_ids.mapped("full_amount")), {0.0})
        plan.target_ids.full_amount = 70
        other = self.env["quota.target"].create(
            {
                "plan_id": plan.id,
                "period_id": plan.period_ids[0].id,
                "user_id": self.seller_2.id,
                "full_amount": 30,
            }
        )
        self._share(plan, self.seller_3)
        plan.action_split()
        self.assertEqual(other.exists().full_amount, 30)
        self.assertEqual(len(plan.target_ids), 25)
        first = plan.target_ids.filtered(lambda t: t.user_id == self.seller)[0]
        self.assertEqual(first.full_amount, 70)

    def test_nothing_to_split_among(self):
        plan = self._plan_with_cost()
        with self.assertRaisesRegex(UserError, "“Plan 2027” has no shares"):
            plan.action_split()
        self._share(plan, self.seller, weight=0)
        with self.assertRaisesRegex(
            UserError, "2027-01 .* cannot be split: the Weight"
        ):
            plan.action_split()
        self.assertFalse(plan.target_ids)

    def test_periods_without_costs_get_targets_of_zero(self):
        plan = self._plan()
        self._share(plan, self.seller)
        plan.action_split()
        self.assertEqual(plan.target_total, 0)
        self.assertEqual(plan.coverage, 0)

    def test_coverage_follows_costs_margin_and_targets(self):
        plan = self._plan_with_cost()
        self._share(plan, self.seller)
        plan.action_split()
        self.assertEqual((plan.required, plan.coverage), (30_000, 1))
        plan.margin = 0.2
        self.assertEqual((plan.required, plan.coverage), (60_000, 0.5))
        plan.basis = "margin"
        self.assertEqual((plan.required, plan.coverage), (12_000, 2.5))
        plan.cost_ids[0].amount = 2000
        self.assertEqual(plan.required, 13_000)
        plan.cost_ids[0].unlink()
        self.assertEqual(plan.required, 11_000)
        plan.period_ids[0].target_ids.unlink()
        self.assertEqual(plan.target_total, 27_500)

    def test_queries_do_not_grow_with_people(self):
        counts = []
        for people in (5, 25):
            plan = self._plan_with_cost(name=f"Plan {people}")
            users = self.env["res.users"].create(
                [
                    {
                        "name": f"Person {people} {number}",
                        "login": f"quota_person_{people}_{number}",
                        "company_id": self.company.id,
                        "company_ids": [(6, 0, self.company.ids)],
                    }
                    for number in range(people)
                ]
            )
            self.env["quota.share"].create(
                [{"plan_id": plan.id, "user_id": user.id} for user in users]
            )
            plan = plan.with_user(self.proposer)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            plan.action_split()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] * 2)

    # --- next month -------------------------------------------------------------------

    def test_next_month_in_the_plan(self):
        plan = self._plan()
        first, second = plan.period_ids.sorted("date_from")[:2]
        self._cost(first, 700)
        self._cost(first, 300, name="Phone", category="other")
        self._cost(second, 1, name="Phone", category="other")
        self._cost(second, 50, name="Party", category="other")
        self._share(plan, self.seller)
        action = first.action_set_up_next()
        self.assertEqual(action["res_id"], second.id)
        self.assertEqual(
            {cost.name: cost.amount for cost in second.cost_ids},
            {"Rent": 700, "Phone": 300, "Party": 50},
        )
        self.assertEqual(second.coverage, 1)
        first.action_set_up_next()
        self.assertEqual(len(second.cost_ids), 3)

    def test_next_month_without_shares_copies_targets(self):
        plan = self._plan_with_cost()
        first, second = plan.period_ids.sorted("date_from")[:2]
        self.env["quota.target"].create(
            {
                "plan_id": plan.id,
                "period_id": first.id,
                "user_id": self.seller.id,
                "team_id": self.team.id,
                "full_amount": 123,
            }
        )
        first.action_set_up_next()
        self.assertEqual(second.target_ids.full_amount, 123)
        self.assertEqual(second.target_ids.team_id, self.team)

    def test_after_the_last_month_comes_next_year(self):
        plan = self._covering_plan()
        months = plan.period_ids.sorted("date_from")
        months[11].cost_ids.amount = 1500
        months[5].cost_ids.amount = 400
        plan.action_propose()
        plan.with_user(self.approver).action_approve()
        action = months[11].action_set_up_next()
        period = self.env["quota.period"].browse(action["res_id"])
        following = period.plan_id
        self.assertEqual((following.name, following.year), ("Plan 2028", 2028))
        self.assertEqual(following.state, "draft")
        self.assertEqual(following.previous_id, plan)
        self.assertEqual(period.name, "2028-01")
        self.assertEqual(
            following.period_ids.sorted("date_from").mapped("cost_total"),
            [1500, 1000, 1000, 1000, 1000, 400] + [1000] * 5 + [1500],
        )
        self.assertEqual(period.coverage, 1)
        months[11].action_set_up_next()
        self.assertEqual(
            self.env["quota.plan"].search_count([("previous_id", "=", plan.id)]), 1
        )


@tagged("post_install", "-at_install")
class TestPlanSplitLastYear(QuotaPlanFixture, AccountTestInvoicingCommon):
    """The same months a year before say who gets which part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.sellers = cls.seller | cls.seller_2 | cls.seller_3
        (cls.sellers | cls.proposer).write(
            {"company_ids": [Command.link(cls.company.id)]}
        )
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Last Year Team", "company_id": cls.company.id}
        )

    def _invoice(self, date, amount, user, team=None, move_type="out_invoice"):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner_a.id,
                "invoice_date": date,
                "invoice_user_id": user.id,
                "team_id": team.id if team else False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _plan_with_costs(self, **vals):
        plan = self._plan(split_method="last_year", margin=1, **vals)
        for month in plan.period_ids.sorted("date_from")[:2]:
            self._cost(month, 900)
        return plan

    def test_by_last_years_share_of_each_month(self):
        self._invoice("2026-01-01", 100, self.seller)
        self._invoice("2026-01-31", 200, self.seller_2)
        self._invoice("2026-02-01", 500, self.seller_2)
        self._invoice("2026-02-28", 500, self.seller_2, move_type="out_refund")
        self._invoice("2026-02-28", 50, self.seller)
        self._invoice("2026-03-01", 9000, self.seller_3)
        plan = self._plan_with_costs()
        for seller in self.sellers:
            self._share(plan, seller)
        january, february = plan.period_ids.sorted("date_from")[:2]
        (january | february).action_split()
        amounts = {
            (target.period_id, target.user_id): target.full_amount
            for target in plan.target_ids
        }
        self.assertEqual(amounts[january, self.seller], 300)
        self.assertEqual(amounts[january, self.seller_2], 600)
        self.assertEqual(amounts[january, self.seller_3], 0)
        self.assertEqual(amounts[february, self.seller], 900)
        self.assertEqual(amounts[february, self.seller_2], 0)

    def test_teams_by_what_counted_for_them(self):
        self._invoice("2026-01-10", 300, self.seller, self.team)
        self._invoice("2026-01-11", 100, self.env["res.users"], self.team)
        self._invoice("2026-01-12", 200, self.seller_2)
        plan = self._plan_with_costs()
        self._share(plan, team=self.team)
        self._share(plan, self.seller, self.team)
        self._share(plan, self.seller_2)
        january = plan.period_ids.sorted("date_from")[0]
        january.action_split()
        self.assertEqual(
            {t.user_id or t.team_id: t.full_amount for t in january.target_ids},
            {self.team: 600, self.seller: 600, self.seller_2: 300},
        )

    def test_a_month_in_which_nothing_counted_is_named(self):
        self._invoice("2026-01-10", 300, self.seller)
        self._invoice("2026-02-10", 300, self.seller_3)
        plan = self._plan_with_costs()
        self._share(plan, self.seller)
        with self.assertRaisesRegex(
            UserError, "2027-02 .* cannot be split by last year's share"
        ):
            plan.action_split()
        self.assertFalse(plan.target_ids)

    def test_a_refund_of_more_than_was_sold_takes_nothing_from_others(self):
        self._invoice("2026-01-10", 300, self.seller)
        self._invoice("2026-01-11", 800, self.seller_2, move_type="out_refund")
        plan = self._plan_with_costs()
        self._share(plan, self.seller)
        self._share(plan, self.seller_2)
        january = plan.period_ids.sorted("date_from")[0]
        january.action_split()
        self.assertEqual(
            {target.user_id: target.full_amount for target in january.target_ids},
            {self.seller: 900, self.seller_2: 0},
        )
