from odoo.tests import freeze_time

from ..hooks import uninstall_hook
from .background_common import MONDAY, BackgroundCommon

FUNCTION = "hr_applicant_decision_refuse_change"


@freeze_time(MONDAY)
class TestTogether(BackgroundCommon):
    """What one part of the add-on means for another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role_till.skill_ids.must_have = True
        cls.reason = cls.env.ref("office_role_hiring.refuse_reason_must_have")

    def _log(self):
        return self.env["hr.applicant.decision"].search(
            [("application_number", "=", self.ada.id)], order="id"
        )

    def _score_every_role(self):
        self.ada.with_user(self.recruiter).action_score_every_role()
        matches = self.env["office.role.match"].search(
            [("applicant_id", "=", self.ada.id)]
        )
        self.assertIn(self.role_till, matches.role_id)

    def test_must_haves_of_other_roles_are_none_of_the_refusal(self):
        self._score_every_role()
        self.ada.with_user(self.recruiter).write(
            {"refuse_reason_id": self.reason.id, "active": False}
        )
        self.assertEqual(self.ada.office_refuse_skill_ids, self.greeting)

    def test_nor_of_the_log(self):
        self._score_every_role()
        self.ada.stage_id = self.talk
        self.assertEqual(self._log().skills_missed, "Greeting (0/75)")

    def test_whoever_is_stopped_by_checks_is_not_logged_as_moved(self):
        with self._refused("Ada cannot move on to Contract"):
            self.ada.with_user(self.recruiter).stage_id = self.contract
        self.assertFalse(self._log())

    def test_a_hire_is_logged_with_the_version_applied_for(self):
        self.role_desk.action_begin_version()
        self.role_desk.skill_ids.weight = 1
        self._clear(check_type=self.identity)
        self._clear()
        self.ada.with_user(self.recruiter).stage_id = self.signed
        late = self._create_applicant("Late", self.job_desk, stage_id=self.first.id)
        late.stage_id = self.talk
        self.assertEqual(self._log().kind, "hire")
        self.assertEqual(self._log().role_version, 1)
        self.assertEqual(late.office_decision_ids.role_version, 2)

    def test_a_copied_role_needs_the_same_checks(self):
        self.role_desk.action_begin_version()
        self.role_desk.score_every_applicant = True
        copied = self.role_desk.copy()
        self.assertEqual(copied.background_type_ids, self.identity + self.criminal)
        self.assertFalse(copied.score_every_applicant)
        self.assertFalse(
            self.env["office.role.version"].search([("role_id", "=", copied.id)])
        )

    def test_other_roles_are_in_the_export(self):
        self._score_every_role()
        match = self.ada.sudo()._get_personal_data()["match"]
        self.assertEqual(match["role"], self.role_desk.name)
        self.assertIn({"role": self.role_till.name, "score": 0.0}, match["other_roles"])

    def test_uninstalling_leaves_no_function_behind(self):
        self.assertTrue(self._has_function())
        self.env["hr.applicant.decision"].flush_model()
        with self.env.cr.savepoint() as savepoint:
            uninstall_hook(self.env)
            self.assertFalse(self._has_function())
            savepoint.rollback()
        self.assertTrue(self._has_function())

    def _has_function(self):
        self.env.cr.execute("SELECT 1 FROM pg_proc WHERE proname = %s", [FUNCTION])
        return bool(self.env.cr.fetchone())
