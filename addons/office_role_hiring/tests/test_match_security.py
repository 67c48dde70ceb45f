from odoo import Command
from odoo.exceptions import AccessError

from .common import HiringCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"


class TestMatchSecurity(HiringCommon):
    """An interviewer has Ada, a recruiter everybody, the rest nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.interviewer = cls._create_user("hire_interviewer", INTERVIEWER)
        cls.job_interviewer = cls._create_user("hire_job_interviewer", INTERVIEWER)
        cls.recruiter = cls._create_user("hire_recruiter", RECRUITER)
        cls.employee = cls._create_user("hire_employee")
        cls.abroad = cls._create_user("hire_abroad", RECRUITER, cls.other_company)
        till = cls._create_job("Till", cls.role_till)
        till.interviewer_ids = cls.job_interviewer
        cls.ada = cls._create_applicant(
            "Ada", cls.job_desk, interviewer_ids=cls.interviewer.ids
        )
        cls.bo = cls._create_applicant("Bo", till)
        cls.abroad_applicant = cls._create_applicant(
            "Cy", cls.job_desk, company_id=cls.other_company.id
        )
        cls.env.ref("base.group_allow_export").user_ids = [
            Command.link(user.id)
            for user in (
                cls.interviewer,
                cls.job_interviewer,
                cls.recruiter,
                cls.abroad,
            )
        ]
        cls.everybody = cls.ada + cls.bo + cls.abroad_applicant
        cls.allowed = {
            cls.interviewer: cls.ada,
            cls.job_interviewer: cls.bo,
            cls.recruiter: cls.ada + cls.bo,
            cls.abroad: cls.abroad_applicant,
        }

    def test_who_sees_whom(self):
        for user, expected in self.allowed.items():
            for model in ("office.role.match", "office.role.match.line"):
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    domain = [("applicant_id", "in", self.everybody.ids)]
                    found = records.search(domain)
                    self.assertEqual(found.sudo().applicant_id.sorted("id"), expected)
                    groups = records._read_group(domain, ["applicant_id"])
                    self.assertEqual(
                        {applicant.id for (applicant,) in groups}, set(expected.ids)
                    )
                    exported = found.export_data(["applicant_id/.id"])["datas"]
                    self.assertEqual(
                        {int(row[0]) for row in exported if row[0]}, set(expected.ids)
                    )

    def test_what_is_not_seen_is_refused_by_id(self):
        for user, model in (
            (self.interviewer, "office.role.match"),
            (self.interviewer, "office.role.match.line"),
            (self.abroad, "office.role.match"),
            (self.abroad, "office.role.match.line"),
        ):
            with self.subTest(user=user.login, model=model):
                record = self.env[model].search([("applicant_id", "=", self.bo.id)])
                self.assertTrue(record)
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["role_id"])

    def test_an_employee_sees_nothing(self):
        for model in ("office.role.match", "office.role.match.line"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.employee).search([])
        menu = self.env.ref("office_role_hiring.office_role_match_menu")
        visible = self.env["ir.ui.menu"].with_user(self.employee)._visible_menu_ids()
        self.assertNotIn(menu.id, visible)

    def test_nobody_writes_a_score(self):
        for user in (*self.allowed, self.employee):
            match = self.ada.office_role_match_id.with_user(user)
            matches = self.env["office.role.match"].with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    match.write({"score": 100})
                with self.assertRaises(AccessError):
                    match.unlink()
                with self.assertRaises(AccessError):
                    matches.create({"applicant_id": self.bo.id})

    def test_who_works_with_applicants_reads_their_score(self):
        ada = self.ada.with_user(self.interviewer)
        self.assertEqual(ada.office_match_fit, "missed")
        self.assertFalse(ada.office_match_note)
        self.assertEqual(len(ada.office_match_line_ids), 2)
        with self.assertRaises(AccessError):
            self.bo.with_user(self.interviewer).read(["office_match_score"])

    def test_an_interviewer_changes_a_skill(self):
        """The score follows, although the interviewer may not write it."""
        skills = self.env["hr.applicant.skill"].with_user(self.interviewer)
        skills.create(
            {
                "applicant_id": self.ada.id,
                "skill_type_id": self.skill_type.id,
                "skill_id": self.telephone.id,
                "skill_level_id": self.level[50].id,
            }
        )
        self._commit_matches()
        self.assertAlmostEqual(self.ada.office_match_score, 50)
