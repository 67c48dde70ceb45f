from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase, tagged

from .test_session import SessionFixture

LEVELS = {f"level_{number}": f"Level {number}" for number in range(1, 5)}


@tagged("post_install", "-at_install")
class TestTogether(SessionFixture, TransactionCase):
    """Rubrics, sessions, certificates and figures in one enrolment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_session()
        cls.programme.action_revise()
        cls.greet_step.write(
            {
                "rubric": True,
                "criterion_ids": [Command.create({"name": "Cordial", **LEVELS})],
            }
        )
        cls.programme.validity_months = 1
        cls.programme.action_publish()
        cls.scored = cls._enrol(cls.boss, observer_ids=cls.manager_user.ids)
        cls.scored.observer_ids = cls.colleague_user

    def _scored_step(self):
        step = self._step_of(self.scored)
        step.with_user(self.boss_user).action_done()
        return step

    def test_rubric_is_not_judged_in_a_session(self):
        self.session.attendance_ids = [Command.create({"enrolment_id": self.scored.id})]
        for enrolment in (self.enrolment, self.scored):
            self._attendance(enrolment).with_user(self.trainer_user).state = "present"
        judged = self._judge().line_ids.enrolment_step_id
        self.assertIn(self._step_of(self.enrolment), judged)
        self.assertNotIn(self._step_of(self.scored), judged)

    def test_observation_is_no_first_attempt(self):
        step = self._scored_step()
        criterion = step.criterion_ids
        step.with_user(self.colleague_user)._score({criterion.id: 1})
        step.with_user(self.trainer_user)._score({criterion.id: 4})
        self.env.flush_all()
        rows = self.env["training.report"].search(
            [("enrolment_id", "=", self.scored.id)]
        )
        self.assertEqual(len(rows), len(self.scored.step_ids))
        self.assertEqual(rows.filtered(lambda row: row.id == step.id).first_pass, 100)

    def _expiring(self):
        figures = self.env["training.report"].with_user(self.manager_user)
        figures = figures.get_dashboard(programme_id=self.programme.id)["figures"]
        return {
            figure["key"]: figure["value"]
            for figure in figures
            if figure["key"].startswith("expiring")
        }

    def test_dashboard_counts_what_runs_out(self):
        none = {"expiring_30": 0, "expiring_60": 0, "expiring_90": 0}
        with freeze_time("2026-03-10"):
            self.assertEqual(self._expiring(), none)
            step = self._scored_step()
            step.with_user(self.trainer_user)._score({step.criterion_ids.id: 4})
            others = self.scored.step_ids - step
            others.with_user(self.manager_user)._waive("Knows it.")
            self.assertEqual(self.scored.state, "done")
            self.assertEqual(
                self._expiring(), {"expiring_30": 0, "expiring_60": 1, "expiring_90": 1}
            )
        with freeze_time("2026-04-01"):
            self.assertEqual(
                self._expiring(), {"expiring_30": 1, "expiring_60": 1, "expiring_90": 1}
            )
        with freeze_time("2026-06-01"):
            self.assertEqual(self._expiring(), none)
