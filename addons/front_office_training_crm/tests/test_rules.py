from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged

SALES = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestRules(TransactionCase):
    """What each rule of CRM counts, and what it leaves out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-10 12:00:00"))
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.trainee_user = new_test_user(cls.env, "crm_trainee", SALES, tz="UTC")
        cls.colleague_user = new_test_user(cls.env, "crm_colleague", SALES, tz="UTC")
        cls.trainer_user = new_test_user(
            cls.env, "crm_trainer", "front_office_training.group_training_trainer"
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Test trainee", "user_id": cls.trainee_user.id, "tz": "UTC"}
        )

    def _step(self, rule, count=2, **vals):
        """Return the open step of somebody who is to show this kind of real work."""
        programme = self.env["training.programme"].create(
            {
                "name": f"Test {rule}",
                "responsible_id": self.trainer_user.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Test step",
                            "kind": "evidence",
                            "evidence_rule_id": self.env.ref(
                                f"front_office_training_crm.evidence_rule_{rule}"
                            ).id,
                            "evidence_count": count,
                            **vals,
                        }
                    )
                ],
            }
        )
        programme.action_publish()
        return programme._enrol(self.employee, start_date="2026-03-02").step_ids

    def _lead(self, user=None, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Test lead",
                "type": "lead",
                "user_id": (user or self.trainee_user).id,
                **vals,
            }
        )

    def _assert_counted(self, step, number):
        self.env.flush_all()
        step.invalidate_recordset()
        self.assertEqual(step.evidence_done, number)

    def _activity(self, lead, user=None, **vals):
        return self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
                "user_id": (user or self.trainee_user).id,
                "summary": "Call",
                **vals,
            }
        )

    def test_leads_qualified(self):
        step = self._step("lead_qualified")
        lead = self._lead()
        self._assert_counted(step, 0)
        lead.convert_opportunity(False)
        # freeze_time does not reach the clock of the database
        lead.date_conversion = datetime(2026, 3, 5)
        self._assert_counted(step, 1)
        self._lead(type="opportunity")
        self._assert_counted(step, 1)
        self._lead(self.colleague_user, date_conversion=datetime(2026, 3, 5))
        self._lead(type="opportunity", date_conversion=datetime(2026, 3, 1))
        self._assert_counted(step, 1)
        lead.action_set_lost()
        self.assertFalse(lead.active)
        self._assert_counted(step, 1)

    def test_leads_contacted(self):
        step = self._step("contact_logged")
        first, second = self._lead(), self._lead()
        activities = (
            self._activity(first) + self._activity(first) + self._activity(second)
        )
        self._activity(second, self.colleague_user).action_feedback()
        self._activity(second, automated=True).action_feedback()
        self._assert_counted(step, 0)
        activities[:2].action_feedback()
        self._assert_counted(step, 1)
        activities[2].action_feedback()
        self._assert_counted(step, 2)
        partner = self.trainee_user.partner_id
        self._activity(
            partner, res_model_id=self.env["ir.model"]._get_id("res.partner")
        ).action_feedback()
        self._assert_counted(step, 2)
        action = step.with_user(self.trainee_user).action_view_evidence()
        self.assertCountEqual(action["domain"][0][2], activities.ids)
        self.assertEqual(
            self.env["mail.activity"]
            .with_user(self.trainee_user)
            .with_context(**action["context"])
            .search(action["domain"]),
            activities,
        )

    def test_meetings_held(self):
        step = self._step("meeting_held")

        def meeting(stop, lead, user=self.trainee_user):
            return self.env["calendar.event"].create(
                {
                    "name": "Test meeting",
                    "opportunity_id": lead.id,
                    "user_id": user.id,
                    "start": f"{stop} 09:00:00",
                    "stop": f"{stop} 10:00:00",
                }
            )

        lead = self._lead(type="opportunity")
        meeting("2026-03-01", lead)  # before the training
        meeting("2026-03-11", lead)  # planned
        meeting("2026-03-05", self.env["crm.lead"])
        meeting("2026-03-05", lead, self.colleague_user)
        self._assert_counted(step, 0)
        held = meeting("2026-03-05", lead)
        self._assert_counted(step, 1)
        held.active = False
        self._assert_counted(step, 0)

    def test_opportunities_opened_and_won(self):
        opened, won = self._step("opportunity_opened"), self._step("opportunity_won")
        lead = self._lead(type="opportunity")
        lead.date_open = datetime(2026, 3, 5)
        self._lead().date_open = datetime(2026, 3, 5)
        self._assert_counted(opened, 1)
        self._assert_counted(won, 0)
        lead.action_set_won()
        lead.date_closed = datetime(2026, 3, 6)
        self._assert_counted(won, 1)

    def test_company_of_the_lead(self):
        step = self._step("lead_qualified")
        other = self.env["res.company"].create({"name": "Test elsewhere"})
        self.trainee_user.company_ids = [Command.link(other.id)]
        self._lead(
            type="opportunity",
            date_conversion=datetime(2026, 3, 5),
            company_id=other.id,
            team_id=False,
        )
        self._assert_counted(step, 0)

    def test_signing_freezes_the_leads(self):
        step = self._step("lead_qualified", count=1)
        with self.assertRaisesRegex(UserError, r"0 of 1 so far \(Leads qualified\)"):
            step.with_user(self.trainee_user).action_done()
        lead = self._lead(type="opportunity", date_conversion=datetime(2026, 3, 5))
        self._assert_counted(step, 1)
        step.with_user(self.trainee_user).action_done()
        step.with_user(self.trainer_user).action_sign()
        lead.user_id = self.colleague_user
        self._assert_counted(step, 1)
        self.assertEqual(step.evidence_frozen["ids"], lead.ids)
        self.assertEqual(step.evidence_frozen["model"], "crm.lead")
        with self.assertRaisesRegex(UserError, "you may not open"):
            step.with_user(self.trainer_user).action_view_evidence()

    def test_rules_pass_their_own_check(self):
        rules = self.env["training.evidence.rule"].search(
            [("code", "=like", r"crm\_%")]
        )
        self.assertEqual(len(rules), 5)
        rules._check_rule()
        self.assertTrue(all(rules.mapped("description")))
