from odoo import Command
from odoo.exceptions import AccessError

from .test_match_people import PeopleCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"
HR_OFFICER = "hr.group_hr_user"
MODELS = ("office.role.match", "office.role.match.line")


class TestMatchPeopleSecurity(PeopleCommon):
    """What an employee can is HR data: HR officers of the company see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.abroad_clerk = cls._create_employee(
            "Abroad", company_id=cls.other_company.id
        )
        cls.ada = cls._create_applicant("Ada", cls.job_desk)
        cls._commit_matches()
        cls.hr = cls._create_user("people_hr", HR_OFFICER)
        cls.both = cls._create_user("people_both", f"{HR_OFFICER},{RECRUITER}")
        cls.recruiter = cls._create_user("people_recruiter", RECRUITER)
        cls.interviewer = cls._create_user("people_interviewer", INTERVIEWER)
        cls.job_desk.interviewer_ids = cls.interviewer
        cls.abroad = cls._create_user("people_abroad", HR_OFFICER, cls.other_company)
        cls.employee = cls._create_user("people_employee")
        cls.clerk.user_id = cls.employee
        cls.env.ref("base.group_allow_export").user_ids = [
            Command.link(user.id)
            for user in cls.hr + cls.both + cls.recruiter + cls.interviewer + cls.abroad
        ]
        cls.allowed = {
            cls.hr: cls.clerk,
            cls.both: cls.clerk,
            cls.recruiter: cls.clerk.browse(),
            cls.interviewer: cls.clerk.browse(),
            cls.abroad: cls.abroad_clerk,
        }
        cls.people = cls.clerk + cls.abroad_clerk

    def test_who_sees_employees(self):
        domain = [("employee_id", "in", self.people.ids)]
        for user, expected in self.allowed.items():
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    found = records.search(domain)
                    self.assertEqual(found.sudo().employee_id, expected)
                    groups = records._read_group(domain, ["role_id"], ["__count"])
                    self.assertEqual(bool(groups), bool(expected))
                    groups = records.formatted_read_group(
                        [("role_id", "=", self.role_till.id)],
                        ["employee_id"],
                        ["__count"],
                    )
                    seen = {group["employee_id"] for group in groups}
                    ids = {pair[0] for pair in seen if pair}
                    self.assertEqual(ids & set(self.people.ids), set(expected.ids))
                    rows = found.export_data(["employee_id/.id"])["datas"]
                    self.assertEqual({int(row[0]) for row in rows}, set(expected.ids))

    def test_refused_by_id(self):
        for user in (self.recruiter, self.interviewer, self.abroad, self.employee):
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    record = self.env[model].search(
                        [("employee_id", "=", self.clerk.id)], limit=1
                    )
                    self.assertTrue(record)
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        record.with_user(user).read(["role_id"])

    def test_through_a_condition_on_the_score(self):
        """Nobody learns a score by asking which rows have it."""
        for user, expected in self.allowed.items():
            with self.subTest(user.login):
                found = self.env["office.role.match"].with_user(user)
                domain = [("role_id", "=", self.role_till.id), ("score", "=", 100)]
                count = found.search_count(
                    [*domain, ("employee_id.name", "=", "Clerk")]
                    if user == self.both
                    else [*domain, ("kind", "=", "employee")]
                )
                self.assertEqual(bool(count), self.clerk in expected)

    def test_hr_officers_see_no_applicants(self):
        for model in MODELS:
            found = self.env[model].with_user(self.hr)
            self.assertFalse(found.search([("applicant_id", "!=", False)]))
            record = self.env[model].search([("applicant_id", "=", self.ada.id)])
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                record.with_user(self.hr).read(["shortfall"])
        found = self.env["office.role.match"].with_user(self.both)
        found = found.search([("role_id", "=", self.role_desk.id)])
        self.assertIn(self.ada, found.applicant_id)
        self.assertIn(self.clerk, found.employee_id)

    def test_nobody_writes(self):
        match = self._match(self.clerk, self.role_till)
        for user in (self.hr, self.both, self.recruiter):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    match.with_user(user).write({"score": 0})
                with self.assertRaises(AccessError):
                    match.with_user(user).unlink()

    def test_fields_of_an_employee(self):
        self.assertGreater(self.clerk.with_user(self.hr).office_fit_role_count, 0)
        with self.assertRaises(AccessError):
            self.clerk.with_user(self.employee).read(["office_fit_role_count"])

    def test_who_changes_a_skill_need_not_see_the_score(self):
        """The score follows, although the employee may not read it."""
        self.env["hr.employee.skill"].with_user(self.hr).create(
            {
                "employee_id": self.clerk.id,
                "skill_type_id": self.skill_type.id,
                "skill_id": self.telephone.id,
                "skill_level_id": self.level[50].id,
                "valid_from": "2025-01-01",
            }
        )
        self.assertEqual(self._match(self.clerk, self.role_desk).score, 100)
        self.assertAlmostEqual(
            self._match(self.clerk, self.role_desk).with_user(self.hr).score, 100
        )
