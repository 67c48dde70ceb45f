from odoo.exceptions import AccessError, UserError

from .common import HireTrainingCommon


class TestHireTraining(HireTrainingCommon):
    """On hiring the role's programmes begin, and the gaps are suggested as more."""

    def _hire(self):
        self.ada.with_user(self.hr).create_employee_from_applicant()
        return self.ada.employee_id

    def test_the_programmes_of_the_role_begin(self):
        employee = self._hire()
        enrolment = employee.training_enrolment_ids
        self.assertEqual(enrolment.programme_id, self.desk)
        self.assertEqual(enrolment.state, "running")
        applicant = self.ada.with_user(self.hr)
        self.assertEqual(applicant.training_enrolment_count, 1)
        action = applicant.action_view_training_enrolments()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, enrolment)

    def test_the_gaps_are_suggested(self):
        self._hire()
        applicant = self.ada.with_user(self.hr)
        self.assertEqual(applicant.training_gap_count, 1)
        action = applicant.action_suggest_programmes()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.hr)
        self.assertEqual(wizard.line_ids.programme_id, self.phone)
        self.assertEqual(wizard.line_ids.reason, "Telephone")
        self.assertEqual(
            self.ada.employee_id.training_enrolment_ids.programme_id,
            self.desk,
            "nothing is enrolled unasked",
        )
        wizard.action_enrol()
        self.ada.invalidate_recordset()
        self.assertEqual(applicant.training_enrolment_count, 2)

    def test_who_has_all_skills_has_no_gap(self):
        self._give_applicant_skill(
            self._create_applicant("Bo", self.job_desk), self.greeting, 75
        )
        self.ada.applicant_skill_ids.filtered(
            lambda skill: skill.skill_id == self.telephone
        ).skill_level_id = self.level[50]
        self._hire()
        self.assertEqual(self.ada.with_user(self.hr).training_gap_count, 0)

    def test_a_level_that_has_expired_is_a_gap_again(self):
        skill = self.ada.applicant_skill_ids.filtered(
            lambda skill: skill.skill_id == self.greeting
        )
        skill.write({"valid_from": "2020-01-01", "valid_to": "2020-12-31"})
        self._hire()
        self.assertEqual(self.ada.with_user(self.hr).training_gap_count, 2)

    def test_before_the_hire(self):
        applicant = self.ada.with_user(self.hr)
        self.assertEqual(applicant.training_enrolment_count, 0)
        self.assertEqual(applicant.training_gap_count, 0)
        for method in ("action_view_training_enrolments", "action_suggest_programmes"):
            with self.assertRaisesRegex(UserError, "no employee yet"):
                getattr(applicant, method)()

    def test_who_sees_nothing_of_it(self):
        self._hire()
        applicant = self.ada.with_user(self.recruiter)
        self.assertEqual(applicant.training_enrolment_count, 0)
        self.assertEqual(applicant.training_gap_count, 0)
        with self.assertRaises(AccessError):
            applicant.action_suggest_programmes()
        abroad = self._create_user(
            "hire_abroad",
            "hr_recruitment.group_hr_recruitment_user,hr.group_hr_user",
            self.other_company,
        )
        with self.assertRaises(AccessError):
            self.ada.with_user(abroad).read(["training_enrolment_count"])
        form = self.env["hr.applicant"].with_user(self.recruiter)
        self.assertNotIn("training_gap_count", form.get_view(view_type="form")["arch"])
        form = form.with_user(self.hr)
        self.assertIn("training_gap_count", form.get_view(view_type="form")["arch"])

    def test_the_counts_cost_no_query_a_person(self):
        others = self.env["hr.applicant"]
        for number in range(4):
            others += self._create_applicant(f"A{number}", self.job_desk)
        self._hire()
        for applicant in others:
            applicant.create_employee_from_applicant()
        counts = []
        for applicants in (self.ada, self.ada, self.ada + others):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            applicants.mapped("training_enrolment_count")
            applicants.mapped("training_gap_count")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[2], counts[1] + 1)
