import doctest
import io
import json
import zipfile

from odoo.exceptions import AccessError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.office_role_hiring.models.personal_data import hr_applicant

from .fairness_common import FairnessCommon


class TestFairnessPersonalData(FairnessCommon, HttpCase):
    """One button hands out everything that is held on an applicant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()
        cls.ada = cls._apply(
            "Ada Byron",
            [(cls.greeting, 50), (cls.telephone, 50)],
            email_from="ada@example.com",
            applicant_notes="<p>Ada is tall.</p>",
            interviewer_ids=cls.interviewer.ids,
        )
        cls.ada.message_post(
            body="Internal: she was late",
            subtype_xmlid="mail.mt_note",
            attachments=[("../letter.txt", b"Dear Ada")],
        )
        cls.ada.activity_schedule(
            "mail.mail_activity_data_todo", summary="Call Ada", user_id=cls.env.uid
        )
        cls.env["calendar.event"].create(
            {
                "name": "Interview Ada",
                "applicant_id": cls.ada.id,
                "start": "2026-02-01 10:00:00",
                "stop": "2026-02-01 11:00:00",
            }
        )
        cls.ada.stage_id = cls.stage_interview
        cls.env.flush_all()

    def _read(self, content):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return archive, json.loads(archive.read("application.json"))

    def test_examples(self):
        self.assertEqual(doctest.testmod(hr_applicant).failed, 0)

    def test_all_that_is_held(self):
        content = self.ada.with_user(self.fair)._get_personal_data_archive()
        archive, data = self._read(content)
        fields = data["application"]
        self.assertEqual(fields["Applicant's Name (partner_name)"], "Ada Byron")
        self.assertEqual(fields["Email (email_from)"], "ada@example.com")
        notes = next(v for k, v in fields.items() if "(applicant_notes)" in k)
        self.assertEqual(notes, "Ada is tall.")
        self.assertEqual(
            {(skill["skill"], skill["progress"]) for skill in data["skills"]},
            {("Greeting", 50), ("Telephone", 50)},
        )
        self.assertAlmostEqual(data["match"]["score"], 83.33)
        parts = [line["part_of_the_score"] for line in data["match"]["why"]]
        self.assertAlmostEqual(sum(parts), 83.33)
        self.assertEqual(data["decisions"][0]["summary"], "Test new → Test interview")
        texts = [message["text"] for message in data["messages"]]
        self.assertIn("Internal: she was late", texts)
        self.assertEqual(data["meetings"][0]["name"], "Interview Ada")
        self.assertEqual(data["activities"][0]["summary"], "Call Ada")
        self.assertEqual([file["name"] for file in data["files"]], ["../letter.txt"])
        file = self.ada.sudo()._get_personal_files()
        self.assertEqual(
            archive.namelist(), ["application.json", f"files/{file.id}-letter.txt"]
        )
        self.assertEqual(archive.read(archive.namelist()[1]), b"Dear Ada")
        self.assertIn("/hiring/about-you/", data["voluntary_answers"])

    def test_properties_by_their_labels(self):
        self.job_desk.applicant_properties_definition = [
            {"name": "a1", "type": "char", "string": "Shoe size"}
        ]
        self.ada.applicant_properties = {"a1": "39"}
        self.env.flush_all()
        _archive, data = self._read(
            self.ada.with_user(self.fair)._get_personal_data_archive()
        )
        values = next(
            value
            for key, value in data["application"].items()
            if "(applicant_properties)" in key
        )
        self.assertEqual(values, [{"name": "Shoe size", "value": "39"}])

    def test_every_stored_field_is_in_or_left_out_on_purpose(self):
        """A field that another add-on brings is handed out without doing anything."""
        self.ada.write({"availability": "2026-04-01", "salary_expected": 1000})
        _archive, data = self._read(
            self.ada.with_user(self.fair)._get_personal_data_archive()
        )
        names = {key.rsplit("(", 1)[1][:-1] for key in data["application"]}
        self.assertLessEqual(
            {"availability", "salary_expected", "job_id", "create_date"}, names
        )
        self.assertFalse({"sequence", "message_follower_ids", "color"} & names)

    def test_the_button_downloads(self):
        action = self.ada.with_user(self.fair).action_export_personal_data()
        self.authenticate("fair_hr_manager", "fair_hr_manager")
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        _archive, data = self._read(response.content)
        self.assertEqual(data["match"]["role"], self.role_desk.name)

    def test_who_may_not(self):
        for user in (
            self.interviewer,
            self.recruiter,
            self.manager,
            self.abroad,
            self.employee_user,
        ):
            applicant = self.ada.with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    applicant.action_export_personal_data()
                with self.assertRaises(AccessError):
                    applicant._get_personal_data_archive()
        self.authenticate("fair_manager", "fair_manager")
        with mute_logger("odoo.http"):
            response = self.url_open(f"/hiring/personal-data/{self.ada.id}")
        self.assertEqual(response.status_code, 403)
