from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.quota_target import QuotaTarget
from .common_target import TargetFixture


@tagged("post_install", "-at_install")
class TestTarget(TargetFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_targets()

    def approve(self):
        self.plan.sudo().state = "approved"

    # --- presence and amount ---

    def test_whole_period_is_the_full_target(self):
        target = self.target(self.anna)
        self.assertEqual(target.presence, 1.0)
        self.assertEqual(target.amount, 1000.0)

    def test_joining_counts_working_days_of_the_person(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Mon to Wed", "company_id": self.company.id, "tz": "UTC"}
        )
        calendar.attendance_ids.filtered(
            lambda line: line.dayofweek in ("3", "4")
        ).unlink()
        self.env["hr.employee"].create(
            {
                "name": "Anna",
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "resource_calendar_id": calendar.id,
            }
        )
        self.january.date_to = "2026-01-28"
        # Mondays to Wednesdays from the 1st to the 28th: 5, 6, 7, 12, 13, 14, 19, 20,
        # 21, 26, 27, 28; from the 20th on: 20, 21, 26, 27, 28
        target = self.target(self.anna, 1200.0, start_date="2026-01-20")
        self.assertAlmostEqual(target.presence, 5 / 12)
        self.assertEqual(target.amount, 500.0)

    def test_public_holiday_is_no_working_day(self):
        calendar = self.company.resource_calendar_id
        calendar.tz = "UTC"
        before = calendar._quota_working_days(date(2026, 1, 5), date(2026, 1, 9))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Epiphany",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-01-06 00:00:00",
                "date_to": "2026-01-06 23:59:59",
            }
        )
        after = calendar._quota_working_days(date(2026, 1, 5), date(2026, 1, 9))
        self.assertEqual(before - after, {date(2026, 1, 6)})

    def test_without_schedule_monday_to_friday(self):
        days = self.env["resource.calendar"]._quota_working_days(
            date(2026, 1, 1), date(2026, 1, 7)
        )
        self.assertEqual({day.day for day in days}, {1, 2, 5, 6, 7})

    def test_days_outside_the_period_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Joined on is not in the period"):
            self.target(self.anna, start_date="2026-02-03")

    def test_leaving_before_joining_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Left on is before"):
            self.target(self.anna, start_date="2026-01-20", end_date="2026-01-10")

    # --- who has a target ---

    def test_people_below_a_team_are_not_counted_again(self):
        person = self.target(self.anna, team_id=self.team.id)
        self.assertTrue(person.counted)
        team = self.target(self.team)
        self.assertTrue(team.counted)
        self.assertFalse(person.counted)
        team.unlink()
        self.assertTrue(person.counted)

    def test_period_of_another_plan_is_refused(self):
        other = self.plan.copy({"name": "Other"})
        period = self.periods_of(other)[0]
        with self.assertRaisesRegex(ValidationError, "not one of the plan"):
            self.target(self.anna, period=period)

    @mute_logger("odoo.sql_db")
    def test_one_target_a_person_and_period(self):
        self.target(self.anna)
        with self.assertRaises(IntegrityError):
            self.target(self.anna)

    @mute_logger("odoo.sql_db")
    def test_negative_target_is_refused(self):
        with self.assertRaises(IntegrityError):
            self.target(self.anna, -1.0)

    @mute_logger("odoo.sql_db")
    def test_target_of_nobody_is_refused(self):
        with self.assertRaises(IntegrityError):
            self.target(self.env["res.users"])

    # --- changes keep history ---

    def test_change_in_the_draft_is_kept(self):
        target = self.target(self.anna)
        target.with_user(self.admin).full_amount = 1500.0
        [revision] = target.revision_ids
        self.assertEqual((revision.before, revision.after), (1000.0, 1500.0))
        self.assertEqual(revision.user_id, self.admin)

    def test_same_amount_is_no_change(self):
        target = self.target(self.anna)
        target.full_amount = 1000.0
        self.assertFalse(target.revision_ids)

    def test_approved_target_changes_with_a_reason_only(self):
        target = self.target(self.anna)
        self.approve()
        with self.assertRaisesRegex(UserError, "Use Change Target"):
            target.with_user(self.admin).full_amount = 500.0
        with self.assertRaisesRegex(UserError, "Use Change Target"):
            target.with_user(self.admin).unlink()
        with self.assertRaisesRegex(UserError, "Use Change Target"):
            self.env["quota.target"].with_user(self.admin).create(
                {
                    "plan_id": self.plan.id,
                    "period_id": self.february.id,
                    "user_id": self.anna.id,
                }
            )
        form = Form(
            self.env["quota.target.revise"]
            .with_user(self.admin)
            .with_context(default_target_id=target.id)
        )
        form.full_amount = 500.0
        form.reason = "Half of the region went to Bert"
        form.save().action_confirm()
        self.assertEqual(target.amount, 500.0)
        self.assertEqual(target.revision_ids.reason, "Half of the region went to Bert")

    def test_what_waits_for_approval_stays_as_it_is(self):
        target = self.target(self.anna).with_user(self.admin)
        self.plan.sudo().state = "proposed"
        with self.assertRaisesRegex(UserError, "waits for approval as it is"):
            target.full_amount = 500.0
        with self.assertRaisesRegex(UserError, "waits for approval as it is"):
            target._revise({"full_amount": 500.0}, "Because")
        with self.assertRaisesRegex(UserError, "waits for approval as it is"):
            target.unlink()
        self.plan.sudo().state = "draft"
        target.full_amount = 500.0
        self.assertEqual(target.amount, 500.0)

    def test_changing_needs_a_reason_and_an_open_plan(self):
        target = self.target(self.anna)
        self.approve()
        with self.assertRaisesRegex(UserError, "say why"):
            target.with_user(self.admin)._revise({"full_amount": 1.0}, "  ")
        self.plan.sudo().state = "closed"
        with self.assertRaisesRegex(UserError, "is closed"):
            target.with_user(self.admin)._revise({"full_amount": 1.0}, "Why")

    def test_context_does_not_open_an_approved_target(self):
        target = self.target(self.anna)
        self.approve()
        with self.assertRaisesRegex(UserError, "Use Change Target"):
            target.with_user(self.admin).with_context(quota_reason="x").write(
                {"start_date": "2026-01-05"}
            )

    def test_an_approved_plan_takes_no_target_of_another_plan(self):
        draft = self.env["quota.plan"].create({"name": "Draft", "year": 2026})
        moved = self.target(
            self.anna, plan_id=draft.id, period_id=self.periods_of(draft)[0].id
        )
        self.approve()
        with self.assertRaisesRegex(UserError, "Use Change Target"):
            moved.with_user(self.admin).write(
                {"plan_id": self.plan.id, "period_id": self.january.id}
            )

    def test_calculated_figures_are_not_typed_nor_imported(self):
        target = self.target(self.anna).with_user(self.admin)
        for name, value in (("amount", 5.0), ("presence", 0.5), ("counted", False)):
            with self.assertRaisesRegex(UserError, "not to be typed"):
                target.write({name: value})
        result = target.load([".id", "amount"], [[str(target.id), "5"]])
        self.assertFalse(result["ids"])
        self.assertEqual(target.amount, 1000.0)
        values = {
            "plan_id": self.plan.id,
            "period_id": self.february.id,
            "user_id": self.anna.id,
            "full_amount": 1000.0,
        }
        with self.assertRaisesRegex(UserError, "not to be typed"):
            target.create({**values, "presence": 0.5})
        made = target.with_context(default_presence=0.5).create(values)
        self.assertEqual((made.presence, made.amount), (1.0, 1000.0))

    def test_figures_are_not_typed(self):
        target = self.target(self.anna)
        with self.assertRaisesRegex(UserError, "calculated from"):
            target.with_user(self.admin).achieved = 5.0
        with self.assertRaisesRegex(UserError, "calculated from"):
            self.env["quota.target"].with_user(self.admin).create(
                {
                    "plan_id": self.plan.id,
                    "period_id": self.january.id,
                    "user_id": self.anna.id,
                    "attainment": 2.0,
                }
            )

    # --- forecast and gap ---

    def test_forecast_of_past_running_and_future_periods(self):
        self.company.resource_calendar_id.tz = "UTC"
        past = self.target(self.anna)
        running = self.target(self.anna, period=self.february)
        future = self.target(self.anna, period=self.periods_of(self.plan)[2])
        past.sudo().achieved = 700.0
        running.sudo().achieved = 300.0
        # working days of February up to the 28th: 20, gone before the 9th: 5
        # the core's forecast, whatever an add-on makes of it
        with patch.object(
            self.env.registry["quota.target"],
            "_forecast_amounts",
            QuotaTarget._forecast_amounts,
        ):
            self.env["quota.target"]._refresh_forecast(date(2026, 2, 9))
        self.assertEqual(past.forecast, 700.0)
        self.assertEqual(running.forecast, 1200.0)
        self.assertEqual(future.forecast, 0.0)

    @freeze_time("2026-02-09 08:00:00")
    def test_gap_per_working_day(self):
        self.company.resource_calendar_id.tz = "UTC"
        target = self.target(self.anna, period=self.february)
        target.sudo().achieved = 250.0
        self.assertEqual(target.gap, 750.0)
        self.assertEqual(target.days_left, 15)
        self.assertEqual(target.gap_per_day, 50.0)

    @freeze_time("2026-03-09 08:00:00")
    def test_no_gap_per_day_when_the_period_is_over(self):
        target = self.target(self.anna, period=self.february)
        self.assertEqual((target.gap, target.days_left), (1000.0, 0))
        self.assertEqual(target.gap_per_day, 0.0)

    # --- the screen ---

    @freeze_time("2026-02-09 08:00:00")
    def test_dashboard_of_an_administrator(self):
        self.target(self.anna, 800.0, self.february, team_id=self.team.id)
        self.target(self.bert, 400.0, self.february).sudo().achieved = 100.0
        self.target(self.team, 1000.0, self.february).sudo().achieved = 600.0
        data = self.env["quota.target"].with_user(self.admin).get_dashboard()
        self.assertEqual(data["plan_id"], self.plan.id)
        self.assertEqual(data["period_id"], self.february.id)
        month, year = data["figures"]
        # the team and Bert; Anna is a part of the team
        self.assertEqual((month["target"], month["achieved"]), (1400.0, 700.0))
        self.assertEqual(month["attainment"], 0.5)
        self.assertEqual(year["target"], 1400.0)
        self.assertEqual(len(data["holders"]), 3)

    @freeze_time("2026-02-09 08:00:00")
    def test_dashboard_shows_a_salesperson_their_own(self):
        self.target(self.anna, 800.0, self.february, team_id=self.team.id)
        self.target(self.bert, 400.0, self.february)
        self.target(self.team, 1000.0, self.february)
        data = self.env["quota.target"].with_user(self.anna).get_dashboard()
        self.assertEqual([row["name"] for row in data["holders"]], [self.anna.name])
        self.assertEqual(data["figures"][0]["target"], 800.0)

    def test_dashboard_without_targets(self):
        data = self.env["quota.target"].with_user(self.anna).get_dashboard()
        self.assertTrue(data["is_empty"])

    def test_dashboard_refuses_what_is_not_there(self):
        self.target(self.anna)
        targets = self.env["quota.target"].with_user(self.admin)
        with self.assertRaisesRegex(UserError, "plan is not there"):
            targets.get_dashboard(plan_id=-1)
        with self.assertRaisesRegex(UserError, "not one of the plan"):
            targets.get_dashboard(plan_id=self.plan.id, period_id=-1)

    def test_dashboard_queries_do_not_grow(self):
        def count(people):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["quota.target"].with_user(self.admin).get_dashboard(
                self.plan.id, self.january.id
            )
            return self.env.cr.sql_log_count - before

        users = [
            self.new_person(f"quota many {number}", "base.group_user")
            for number in range(12)
        ]
        for user in users[:2]:
            self.target(user)
        count(2)  # fills the caches that do not depend on the data
        few = count(2)
        for user in users[2:]:
            self.target(user)
        self.assertEqual(count(12), few)

    # --- access ---

    def test_people_see_their_own_leaders_their_teams(self):
        anna = self.target(self.anna, team_id=self.team.id)
        bert = self.target(self.bert)
        team = self.target(self.team)
        search = self.env["quota.target"].with_user
        self.assertEqual(search(self.anna).search([]), anna)
        self.assertEqual(search(self.leader).search([]), anna | team)
        self.assertEqual(search(self.admin).search([]), anna | bert | team)
        with self.assertRaises(AccessError):
            bert.with_user(self.anna).read(["amount"])
        groups = search(self.anna)._read_group([], ["user_id"], ["amount:sum"])
        self.assertEqual(groups, [(self.anna, 1000.0)])

    def test_employees_manager_sees_them(self):
        boss = self.env["hr.employee"].create(
            {"name": "L", "user_id": self.leader.id, "company_id": self.company.id}
        )
        self.env["hr.employee"].create(
            {
                "name": "B",
                "user_id": self.bert.id,
                "company_id": self.company.id,
                "parent_id": boss.id,
            }
        )
        target = self.target(self.bert)
        found = self.env["quota.target"].with_user(self.leader).search([])
        self.assertEqual(found, target)

    def test_only_an_administrator_sets_targets(self):
        target = self.target(self.anna, team_id=self.team.id)
        for user in (self.anna, self.leader):
            with self.assertRaises(AccessError):
                target.with_user(user).full_amount = 1.0
            with self.assertRaises(AccessError):
                target.with_user(user)._revise({"full_amount": 1.0}, "Because")

    def test_stranger_of_another_company_sees_nothing(self):
        self.target(self.anna)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.new_person(
            "quota stranger", "front_office_quota.group_quota_admin", other
        )
        targets = self.env["quota.target"].with_user(stranger)
        targets = targets.with_context(allowed_company_ids=other.ids)
        self.assertFalse(targets.search([]))

    def test_history_is_read_only(self):
        target = self.target(self.anna)
        target.full_amount = 2.0
        with self.assertRaises(AccessError):
            target.revision_ids.with_user(self.admin).write({"reason": "x"})
        with self.assertRaises(AccessError):
            target.revision_ids.with_user(self.admin).unlink()
        self.assertTrue(target.revision_ids.with_user(self.anna).read(["before"]))
        with self.assertRaises(AccessError):
            target.revision_ids.with_user(self.bert).read(["before"])
