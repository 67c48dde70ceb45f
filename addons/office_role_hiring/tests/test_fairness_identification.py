from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.module import Manifest
from odoo.tests import HttpCase
from odoo.tools import file_open, mute_logger

from .fairness_common import FairnessCommon


class TestFairnessIdentification(FairnessCommon, HttpCase):
    """Voluntary answers are given, changed and taken back, and read by nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()
        cls.dimension = cls._dimension("Colour", ["Red", "Blue"])
        cls.red, cls.blue = cls.dimension.group_ids
        cls.ada = cls._apply("Ada", interviewer_ids=cls.interviewer.ids)
        cls.answers = cls.env["hr.applicant.self.identification"]

    @classmethod
    def _dimension(cls, name, groups, company=None):
        return cls.env["hr.applicant.group.dimension"].create(
            {
                "name": name,
                "company_id": (company or cls.company).id,
                "group_ids": [(0, 0, {"name": group}) for group in groups],
            }
        )

    def _answer(self):
        self.env.invalidate_all()
        return self.answers.search([("applicant_id", "=", self.ada.id)]).group_id

    def _path(self, applicant=None):
        applicant = applicant or self.ada
        return (
            f"/hiring/about-you/{applicant.id}/{applicant._get_identification_token()}"
        )

    def _post(self, **answers):
        self.env.flush_all()
        page = self.url_open(self._path())
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(self._path(), data={"csrf_token": token, **answers})

    def test_nothing_is_asked_by_default(self):
        for path in Manifest.for_addon("office_role_hiring")["data"]:
            with self.subTest(path), file_open(f"office_role_hiring/{path}") as data:
                self.assertNotIn('model="hr.applicant.group', data.read())

    def test_the_applicant_answers_and_takes_back(self):
        name = f"dimension_{self.dimension.id}"
        page = self._post(**{name: self.red.id})
        self.assertEqual(self._answer(), self.red)
        self.assertIn("Your answers are kept", page.text)
        self.assertNotIn("checked", page.text, "the answer is not shown")
        self._post(**{name: self.blue.id})
        self.assertEqual(self._answer(), self.blue)
        self._post()
        self.assertEqual(self._answer(), self.blue)
        self._post(**{name: 0})
        self.assertFalse(self._answer())

    def test_what_was_not_offered_is_not_kept(self):
        other = self._dimension("Shape", ["Round"], self.other_company)
        self._post(
            **{
                f"dimension_{self.dimension.id}": other.group_ids.id,
                f"dimension_{other.id}": other.group_ids.id,
            }
        )
        self.assertFalse(self._answer())
        page = self.url_open(self._path())
        self.assertNotIn("Shape", page.text)

    def test_a_wrong_link_is_refused(self):
        bo = self._apply("Bo")
        self.env.flush_all()
        wrong = [
            f"/hiring/about-you/{self.ada.id}/nonsense",
            f"/hiring/about-you/{self.ada.id}/{bo._get_identification_token()}",
            "/hiring/about-you/999999999/nonsense",
        ]
        for path in wrong:
            page = self.url_open(path)
            self.assertEqual(page.status_code, 404)
            self.assertNotIn("Colour", page.text)
        self.assertEqual(self.url_open(self._path()).status_code, 200)
        # also those that somebody else asks in this database
        self.dimension.search([]).active = False
        self.env.flush_all()
        self.assertIn("no questions", self.url_open(self._path()).text)

    def test_an_hr_manager_enters_what_was_answered_on_paper(self):
        action = self.ada.with_user(self.fair).action_identify()
        wizards = self.env["hr.applicant.identify"].with_user(self.fair)
        wizards = wizards.with_context(**action["context"])
        wizard = wizards.create(
            {"dimension_id": self.dimension.id, "group_id": self.red.id}
        )
        self.assertIn(self._path(), wizard.link)
        wizard.action_record()
        self.assertEqual(self._answer(), self.red)
        self.assertFalse(wizard.exists(), "what was typed is gone")
        wizards.create({"dimension_id": self.dimension.id}).action_record()
        self.assertFalse(self._answer())
        other = self._dimension("Shape", ["Round"])
        with self.assertRaisesRegex(UserError, "is no answer to"):
            wizards.create(
                {"dimension_id": self.dimension.id, "group_id": other.group_ids.id}
            ).action_record()

    def test_nobody_reads_an_answer(self):
        self.answers._record(self.ada, {self.dimension: self.red})
        answer = self.answers.search([("applicant_id", "=", self.ada.id)])
        users = (
            self.interviewer
            + self.recruiter
            + self.manager
            + self.fair
            + self.abroad
            + self.employee_user
            + self.env.ref("base.user_admin")
        )
        self.env.ref("base.group_allow_export").user_ids += users
        for user in users:
            records = answer.with_user(user)
            with self.subTest(user.login):
                for read in (
                    lambda records=records: records.search([]),
                    lambda records=records: records.read(["group_id"]),
                    lambda records=records: records.export_data(["group_id"]),
                    lambda records=records: records._read_group([], ["group_id"]),
                    lambda records=records: records.write({"group_id": self.blue.id}),
                    lambda records=records: records.unlink(),
                ):
                    with self.assertRaises(AccessError):
                        read()
        for name, field in self.env["hr.applicant"]._fields.items():
            self.assertNotEqual(field.comodel_name, answer._name, name)

    def test_who_asks_the_questions(self):
        for user in (self.interviewer, self.recruiter, self.manager):
            for record in (self.dimension, self.red):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    record.with_user(user).search([])
            with self.assertRaises(AccessError):
                self.env["hr.applicant.identify"].with_user(user).create(
                    {
                        "applicant_id": self.ada.id,
                        "dimension_id": self.dimension.id,
                    }
                )
        self.assertEqual(self.dimension.with_user(self.fair).name, "Colour")
        with self.assertRaises(AccessError):
            self.dimension.with_user(self.abroad).write({"name": "Changed"})

    def test_one_answer_a_question_of_the_own_company(self):
        values = {"applicant_id": self.ada.id, "group_id": self.red.id}
        self.answers.create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.answers.create({**values, "group_id": self.blue.id})
        other = self._dimension("Shape", ["Round"], self.other_company)
        with self.assertRaisesRegex(ValidationError, "own company"):
            self.answers.create({**values, "group_id": other.group_ids.id})
