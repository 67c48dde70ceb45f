import re

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .quota_plan_common import QuotaPlanFixture


@tagged("post_install", "-at_install")
class TestPlanWorkflow(QuotaPlanFixture, TransactionCase):
    """Propose, approve, override, send back, close; and what is locked."""

    def _short_plan(self):
        plan = self._covering_plan()
        plan.target_ids[0].full_amount -= 0.01
        self.assertTrue(plan.is_short)
        return plan

    def _approved(self):
        plan = self._covering_plan()
        plan.action_propose()
        plan.with_user(self.approver).action_approve()
        return plan

    def _statement(self, plan, user=None, **vals):
        # statements are made by computation only
        return self.env["quota.statement"].create(
            {
                "plan_id": plan.id,
                "period_id": plan.period_ids.sorted("date_from")[0].id,
                "user_id": (user or self.seller).id,
                **vals,
            }
        )

    # --- propose and approve ----------------------------------------------------------

    def test_somebody_else_approves(self):
        plan = self._covering_plan()
        plan.action_propose()
        self.assertEqual((plan.state, plan.proposer_id), ("proposed", self.proposer))
        with self.assertRaisesRegex(UserError, "You proposed the plan “Plan 2027”"):
            plan.action_approve()
        self.assertFalse(plan.may_approve)
        as_approver = plan.with_user(self.approver)
        self.assertTrue(as_approver.may_approve)
        as_approver.action_approve()
        self.assertEqual((plan.state, plan.approver_id), ("approved", self.approver))
        self.assertTrue(plan.approved_on)
        self.assertFalse(plan.override_user_id)

    def test_others_do_not_approve(self):
        plan = self._covering_plan()
        plan.action_propose()
        for user in (self.manager, self.seller, self.employee_user, self.stranger):
            with self.assertRaises(AccessError):
                plan.with_user(user).action_approve()
            with self.assertRaises(AccessError):
                self.env["quota.plan.override"].with_user(user).create(
                    {"plan_id": plan.id, "reason": "Why not"}
                ).action_confirm()
            with self.assertRaises(AccessError):
                self.env["quota.plan.redraft"].with_user(user).create(
                    {"plan_id": plan.id, "reason": "Why not"}
                ).action_confirm()

    def test_approvers_are_asked_and_asked_no_more(self):
        plan = self._covering_plan()
        plan.action_propose()
        asked = plan.activity_ids.user_id
        self.assertIn(self.approver, asked)
        self.assertNotIn(self.proposer, asked)
        self.assertNotIn(self.stranger, asked)
        self.assertNotIn(self.manager, asked)
        plan.with_user(self.approver).action_approve()
        self.assertFalse(plan.activity_ids)
        self.assertIn("Approved.", plan.message_ids[0].body)

    def test_a_plan_without_costs_or_targets_is_not_proposed(self):
        plan = self._plan()
        with self.assertRaisesRegex(UserError, "Plan 2027” has no costs"):
            plan.action_propose()
        self._cost(plan.period_ids[0])
        with self.assertRaisesRegex(UserError, "Plan 2027” has no targets"):
            plan.action_propose()

    def test_steps_need_their_state(self):
        plan = self._covering_plan()
        for action in ("action_close", "action_open_override"):
            with self.assertRaisesRegex(UserError, "“Plan 2027” is draft"):
                getattr(plan, action)()
        with self.assertRaisesRegex(UserError, "is draft; this is for .* proposed"):
            plan.with_user(self.approver).action_approve()
        plan.action_propose()
        with self.assertRaisesRegex(UserError, "is proposed; this is for .* draft"):
            plan.action_propose()

    @mute_logger("odoo.sql_db")
    def test_two_people_stands_in_the_database(self):
        plan = self._covering_plan()
        plan.action_propose()
        for name in ("approver_id", "override_user_id"):
            with self.assertRaises(psycopg2.errors.CheckViolation):
                with self.cr.savepoint():
                    plan.sudo()[name] = self.proposer
                    plan.flush_recordset()

    # --- under 100 % ------------------------------------------------------------------

    def test_a_cent_short_is_not_approved(self):
        plan = self._short_plan()
        self.assertIn("99.9 %", plan.coverage_warning)
        self.assertIn("0.01", plan.coverage_warning)
        plan.action_propose()
        with self.assertRaisesRegex(
            UserError, "“Plan 2027” cannot be approved. .*99.9"
        ):
            plan.with_user(self.approver).action_approve()
        self.assertEqual(plan.state, "proposed")

    def test_coverage_is_not_typed(self):
        plan = self._short_plan()
        plan.action_propose()
        for name, value in (("target_total", 1e9), ("required", 1.0), ("coverage", 2)):
            with self.assertRaisesRegex(UserError, "not to be typed"):
                plan.with_user(self.approver).write({name: value})
        draft = self._short_plan()
        with self.assertRaisesRegex(UserError, "not to be typed"):
            draft.period_ids[0].write({"target_total": 1e9})
        self.assertTrue(plan.is_short and draft.is_short)

    def test_somebody_else_overrides_in_writing(self):
        plan = self._short_plan()
        plan.action_propose()
        with self.assertRaisesRegex(UserError, "You proposed"):
            plan.action_open_override()
        wizards = self.env["quota.plan.override"]
        with self.assertRaisesRegex(UserError, "You proposed"):
            wizards.with_user(self.proposer).create(
                {"plan_id": plan.id, "reason": "I say so"}
            ).action_confirm()
        with self.assertRaisesRegex(UserError, "written reason"):
            wizards.with_user(self.approver).create(
                {"plan_id": plan.id, "reason": "  "}
            ).action_confirm()
        action = plan.with_user(self.approver).action_open_override()
        self.env[action["res_model"]].with_user(self.approver).with_context(
            **action["context"]
        ).create({"reason": "A new shop opens"}).action_confirm()
        self.assertEqual(plan.state, "approved")
        self.assertEqual(plan.override_user_id, self.approver)
        self.assertEqual(plan.override_reason, "A new shop opens")
        self.assertIn("A new shop opens", plan.message_ids[0].body)

    def test_messages_tell_sellers_no_amounts(self):
        plan = self._short_plan()
        plan.action_propose()
        notes = " ".join(str(activity.note) for activity in plan.activity_ids)
        self.assertIn("written reason", notes)
        plan.with_user(self.approver)._approve("A new shop opens")
        texts = " ".join(plan.message_ids.mapped("body")) + notes
        for amount in ("30,000", "29,999", "12,000", "0.01", "99.9"):
            self.assertNotIn(amount, texts)

    # --- back to draft ----------------------------------------------------------------

    def test_back_to_draft_takes_a_reason(self):
        plan = self._approved()
        wizard = self.env["quota.plan.redraft"].with_user(self.proposer)
        with self.assertRaisesRegex(UserError, "Say why the plan “Plan 2027”"):
            wizard.create({"plan_id": plan.id, "reason": " "}).action_confirm()
        action = plan.action_open_redraft()
        wizard.with_context(**action["context"]).create(
            {"reason": "The rent has changed"}
        ).action_confirm()
        self.assertEqual(plan.state, "draft")
        self.assertFalse(plan.proposer_id | plan.approver_id)
        self.assertIn("The rent has changed", plan.message_ids[0].body)
        plan.margin = 0.5
        with self.assertRaisesRegex(UserError, "is draft"):
            wizard.create({"plan_id": plan.id, "reason": "Again"}).action_confirm()

    # --- close ------------------------------------------------------------------------

    def test_closing_waits_for_the_end_of_the_year(self):
        plan = self._approved()
        with freeze_time("2027-12-31"):
            with self.assertRaisesRegex(UserError, "it runs until 12/31/2027"):
                plan.with_user(self.approver).action_close()
            self.assertEqual(plan.state, "approved")
        with freeze_time("2028-01-01"):
            plan.with_user(self.approver).action_close()
        self.assertEqual(plan.state, "closed")

    def test_closing_waits_for_statements_and_disputes(self):
        plan = self._approved()
        as_approver = plan.with_user(self.approver)
        statement = self._statement(plan)
        dispute = self.env["quota.dispute"].create(
            {
                "statement_id": statement.id,
                "reason": "missing",
                "note": "One is missing",
                "raised_by_id": self.seller.id,
            }
        )
        with freeze_time("2028-01-03"):
            with self.assertRaisesRegex(
                UserError, f"disputes are open .*{re.escape(self.seller.name)} 2027-01"
            ):
                as_approver.action_close()
            dispute.with_user(self.approver)._resolve("refused", "It is on the next")
            with self.assertRaisesRegex(
                UserError,
                f"statements {re.escape(self.seller.name)} 2027-01 are not approved",
            ):
                as_approver.action_close()
            self.assertEqual(plan.state, "approved")
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE quota_statement SET state = 'approved', approver_id = %s "
                "WHERE id = %s",
                [self.approver.id, statement.id],
            )
            statement.invalidate_recordset()
            as_approver.action_close()
        self.assertEqual(plan.state, "closed")
        with self.assertRaisesRegex(UserError, "is closed"):
            as_approver._redraft("No more")

    # --- locks ------------------------------------------------------------------------

    def _refused(self, function):
        with self.assertRaisesRegex(UserError, "Send the plan back to draft first"):
            with self.cr.savepoint():
                function()

    def _changes(self, plan):
        """Return whatever would change a plan, each as a function."""
        period, cost, share = plan.period_ids[0], plan.cost_ids[0], plan.share_ids[0]
        moved = self._cost(self._plan(name="Free").period_ids[0], name="Moved")
        late = Command.create({"name": "Late", "amount": 5})
        more = {
            "plan_id": plan.id,
            "name": "More",
            "date_from": "2027-03-01",
            "date_to": "2027-03-02",
        }
        return [
            lambda: cost.write({"amount": 1}),
            lambda: cost.sudo().write({"amount": 1}),
            lambda: cost.unlink(),
            lambda: cost.action_repeat(),
            lambda: cost.action_refresh(),
            lambda: self._cost(period, name="Late"),
            lambda: moved.write({"period_id": period.id}),
            lambda: period.write({"cost_ids": [late]}),
            lambda: period.write({"date_to": "2027-01-20"}),
            lambda: period.unlink(),
            lambda: period.action_split(),
            lambda: period.action_set_up_next(),
            lambda: share.write({"weight": 9}),
            lambda: share.unlink(),
            lambda: self._share(plan, self.seller_3),
            lambda: plan.write({"margin": 0.9}),
            lambda: plan.sudo().write({"margin": 0.9}),
            lambda: plan.write({"year": 2029}),
            lambda: plan.write({"basis": "margin"}),
            lambda: plan.write({"share_ids": [Command.clear()]}),
            lambda: plan.action_split(),
            lambda: plan.unlink(),
            lambda: self.env["quota.period"].create(more),
        ]

    def test_nothing_changes_once_it_is_proposed(self):
        for state in ("proposed", "approved"):
            plan = self._covering_plan()
            plan.action_propose()
            if state == "approved":
                plan.with_user(self.approver).action_approve()
            for change in self._changes(plan):
                self._refused(change)
            self.assertEqual(plan.cost_total, 12_000)
            # what says the same again is no change, as the web client sends it
            plan.write({"margin": plan.margin, "year": 2027, "name": "Other name"})

    def test_an_import_does_not_get_round_the_locks(self):
        plan = self._approved()
        result = (
            self.env["quota.cost.line"]
            .with_user(self.proposer)
            .load(
                ["period_id/.id", "name", "amount"],
                [[str(plan.period_ids[0].id), "Late", "5"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("Send the plan back", result["messages"][0]["message"])

    def test_state_and_signatures_change_with_the_buttons_only(self):
        plan = self._covering_plan()
        for vals in (
            {"state": "approved"},
            {"approver_id": self.approver.id},
            {"override_reason": "Forged"},
            {"override_user_id": self.approver.id},
            {"proposer_id": self.approver.id},
        ):
            with self.assertRaisesRegex(UserError, "change with the buttons"):
                plan.write(vals)
            with self.assertRaisesRegex(UserError, "change with the buttons"):
                self._plan(**vals)
        with self.assertRaisesRegex(UserError, "change with the buttons"):
            self.env["quota.plan"].with_user(self.proposer).with_context(
                default_state="approved"
            ).create({"name": "By default", "year": 2030})
        result = (
            self.env["quota.plan"]
            .with_user(self.proposer)
            .load(
                ["name", "year", "margin", "state"], [["In", "2030", "0.4", "Closed"]]
            )
        )
        self.assertFalse(result["ids"])

    def test_a_plan_in_use_is_not_archived(self):
        plan = self._approved()
        with self.assertRaisesRegex(UserError, "“Plan 2027” is in use"):
            plan.active = False
        with freeze_time("2028-01-01"):
            plan.action_close()
        plan.active = False
        self._plan(name="Draft").active = False

    def test_a_draft_is_deleted_with_all_that_belongs_to_it(self):
        plan = self._covering_plan()
        periods = plan.period_ids
        plan.unlink()
        self.assertFalse(periods.exists())

    def test_periods_with_statements_are_not_deleted(self):
        plan = self._covering_plan()
        self._statement(plan)
        with self.assertRaisesRegex(UserError, r"2027-01 \(Plan 2027\) has statements"):
            plan.unlink()
        self.assertEqual(len(plan.period_ids), 12)
