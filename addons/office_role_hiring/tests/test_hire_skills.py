from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from odoo.addons.office_role.tests.common import LAST_YEAR, YESTERDAY

from .common import TODAY, HiringCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"


@freeze_time(TODAY)
class TestHireSkills(HiringCommon):
    """A new employee has the skills of the applicant, with dates, and the role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.licence_type = cls._create_skill_type(
            "Licence", ["Fork lift"], is_certification=True
        )
        cls.licence = cls.licence_type.skill_ids
        cls.ada = cls._create_applicant("Ada", cls.job_desk)
        for skill, progress, begin, end in (
            (cls.greeting, 25, LAST_YEAR, YESTERDAY),
            (cls.greeting, 75, TODAY, False),
            (cls.telephone, 25, LAST_YEAR, False),
            (cls.licence, 50, date(2024, 1, 1), date(2024, 12, 31)),
            (cls.licence, 50, date(2025, 1, 1), date(2027, 12, 31)),
        ):
            cls._give_applicant_skill(
                cls.ada, skill, progress, valid_from=begin, valid_to=end
            )
        cls.officer = cls._create_user("hire_officer", f"{RECRUITER},hr.group_hr_user")

    def _hire(self, applicant=None, user=None):
        applicant = (applicant or self.ada).with_user(user or self.officer)
        action = applicant.create_employee_from_applicant()
        return self.env["hr.employee"].browse(action["res_id"])

    def _skills(self, skills):
        return sorted(
            (s.skill_id.name, s.level_progress, s.valid_from, s.valid_to)
            for s in skills
        )

    def test_levels_and_dates_are_kept_and_nothing_is_doubled(self):
        employee = self._hire()
        self.assertEqual(
            self._skills(employee.employee_skill_ids),
            self._skills(self.ada.applicant_skill_ids),
        )
        self.assertEqual(len(employee.employee_skill_ids), 5)
        self.assertEqual(
            {
                (s.skill_id.name, s.level_progress)
                for s in employee.current_employee_skill_ids
            },
            {("Greeting", 75), ("Telephone", 25), ("Fork lift", 50)},
        )

    def test_the_gaps_are_those_of_the_match(self):
        employee = self._hire()
        gaps = self._gaps(employee)
        self.assertEqual(gaps[self.greeting].shortfall, 0)
        self.assertEqual(gaps[self.telephone].shortfall, 25)
        self.assertEqual(self.ada.office_match_shortfall, 25)

    def test_the_role_is_announced_once(self):
        with self._roles_gained() as calls:
            employee = self._hire()
        self.assertEqual(calls, [{self.role_desk: employee}])
        self.assertEqual(employee.current_version_id.office_role_ids, self.role_desk)

    def test_the_company_is_that_of_the_application(self):
        job = self._create_job("Abroad", company_id=self.other_company.id)
        applicant = self._create_applicant(
            "Cy", job, [(self.greeting, 50)], company_id=self.other_company.id
        )
        self.officer.company_ids += self.other_company
        employee = self._hire(applicant)
        self.assertEqual(employee.company_id, self.other_company)
        self.assertEqual(employee.current_employee_skill_ids.skill_id, self.greeting)

    def test_without_skills(self):
        employee = self._hire(self._create_applicant("Bare", self.job_desk))
        self.assertFalse(employee.employee_skill_ids)

    def test_who_may_not_hire(self):
        interviewer = self._create_user("hire_int", f"{INTERVIEWER},hr.group_hr_user")
        self.ada.interviewer_ids = interviewer
        with self.assertRaises(UserError):
            self._hire(user=interviewer)
        with self.assertRaises(AccessError):
            self._hire(user=self._create_user("hire_recruiter_only", RECRUITER))
        abroad = self._create_user(
            "hire_abroad", f"{RECRUITER},hr.group_hr_user", self.other_company
        )
        with self.assertRaises(AccessError):
            self._hire(user=abroad)
        self.assertFalse(self.ada.employee_id)
