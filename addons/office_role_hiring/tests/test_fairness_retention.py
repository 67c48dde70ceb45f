from datetime import date, datetime
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import TODAY
from .fairness_common import FairnessCommon

LONG_AGO = datetime(2025, 3, 1)


@freeze_time(TODAY)
class TestFairnessRetention(FairnessCommon):
    """After twelve months a refused application does not say whose it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()
        cls.company.hiring_retention_months = 12
        cls.ada = cls._apply(
            "Ada Byron",
            [(cls.greeting, 50)],
            email_from="ada@example.com",
            partner_phone="+1 555 0100",
            linkedin_profile="https://linkedin.example.com/ada",
            applicant_notes="<p>Ada is tall.</p>",
            salary_expected=1000,
            interviewer_ids=cls.interviewer.ids,
        )
        cls.partner = cls.ada.partner_id
        cls._fill(cls.ada)
        cls._end(cls.ada)

    @classmethod
    def _fill(cls, applicant):
        """Give an application everything that may name the person."""
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "ada.txt",
                "raw": b"Ada Byron",
                "res_model": "hr.applicant",
                "res_id": applicant.id,
            }
        )
        cls.message = applicant.message_post(
            body="Dear Ada", attachments=[("letter.txt", b"Dear Ada")]
        )
        cls.activity = applicant.activity_schedule(
            "mail.mail_activity_data_todo", summary="Call Ada", user_id=cls.env.uid
        )
        cls.meeting = cls.env["calendar.event"].create(
            {
                "name": "Interview Ada",
                "applicant_id": applicant.id,
                "start": "2025-02-01 10:00:00",
                "stop": "2025-02-01 11:00:00",
                "partner_ids": cls.partner.ids,
            }
        )
        cls.mail = cls.env["mail.mail"].create(
            {"email_to": "ada@example.com", "body_html": "Dear Ada"}
        )

    @classmethod
    def _end(cls, applicants, reason=None, on=LONG_AGO):
        """Refuse applications, as if that had been on a day in the past."""
        with freeze_time(on):
            applicants.with_context(office_decision_note="Ada was late").write(
                {
                    "refuse_reason_id": (reason or cls.reason_degree).id,
                    "active": False,
                    "refuse_date": on,
                    "date_last_stage_update": on,
                }
            )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE hr_applicant SET create_date = %s WHERE id = ANY(%s)",
            (on, applicants.ids),
        )
        applicants.invalidate_recordset(["create_date"])

    def _due(self):
        return (
            self.env["hr.applicant"]
            .with_context(active_test=False)
            .search([("office_anonymise_due", "=", True)])
        )

    def _run(self):
        cron = self.env.ref("office_role_hiring.ir_cron_anonymise")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_off_by_default(self):
        self.assertEqual(self.other_company.hiring_retention_months, 0)
        self.company.hiring_retention_months = 0
        self.assertFalse(self._due())

    def test_bad_settings_are_refused(self):
        for values in ({"hiring_retention_months": -1}, {"hiring_group_minimum": 2}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company.write(values)
                self.env.flush_all()

    def test_nothing_names_the_person(self):
        decisions = self._log(self.ada)
        self.assertEqual(decisions.note, "Ada was late")
        self._run()
        self.assertTrue(self.ada.office_anonymised_on)
        self.assertEqual(self.ada.partner_name, "Anonymised applicant")
        for name in (
            "partner_id",
            "email_from",
            "email_normalized",
            "partner_phone",
            "partner_phone_sanitized",
            "linkedin_profile",
            "applicant_notes",
            "salary_expected",
            "attachment_ids",
            "message_ids",
            "message_follower_ids",
            "activity_ids",
            "meeting_ids",
        ):
            self.assertFalse(self.ada[name], name)
        for record in (
            self.file,
            self.message,
            self.activity,
            self.meeting,
            self.mail,
            self.partner,
        ):
            self.assertFalse(record.exists(), record._name)
        self.env.cr.execute(
            "SELECT to_jsonb(a)::text FROM hr_applicant a WHERE id = %s",
            (self.ada.id,),
        )
        self.assertNotIn("ada", self.env.cr.fetchone()[0].lower())
        self.env.cr.execute(
            "SELECT count(*) FROM ir_attachment WHERE res_model = 'hr.applicant' "
            "AND res_id = %s",
            (self.ada.id,),
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_what_is_kept_is_stated(self):
        score = self.ada.office_match_score
        self._run()
        self.assertEqual(self.ada.job_id, self.job_desk)
        self.assertEqual(self.ada.stage_id, self.stage_new)
        self.assertEqual(self.ada.refuse_date, LONG_AGO)
        self.assertAlmostEqual(self.ada.office_match_score, score)
        self.assertTrue(score)
        decisions = self._log(self.ada)
        self.assertEqual(decisions.mapped("kind"), ["refusal", "anonymised"])
        self.assertFalse(any(decisions.mapped("note")))
        self.assertAlmostEqual(decisions[0].score, score)
        for words in ("after the retention time", "Removed: name", "Kept: job"):
            self.assertIn(words, self.ada.office_anonymised_note)

    def test_who_is_never_due(self):
        hired = self._apply("Hired", stage_id=self.stage_signed.id)
        opened = self._apply("Open")
        recent = self._apply("Recent")
        talent = self._apply(
            "Talent",
            talent_pool_ids=self.env["hr.talent.pool"].create({"name": "Pool"}).ids,
        )
        employed = self._apply("Employed", email_from="employed@example.com")
        self._create_employee("Employed", work_contact_id=employed.partner_id.id)
        self._end(hired + talent + employed)
        self._end(recent, on=datetime(2025, 3, 17))
        due = self._due()
        self.assertIn(self.ada, due)
        self.assertFalse(due & (hired + opened + recent + talent + employed))
        self.assertTrue(self.ada.office_anonymise_due)
        self.assertFalse(recent.office_anonymise_due)
        not_due = self.env["hr.applicant"].search(
            [("office_anonymise_due", "=", False), ("id", "=", opened.id)]
        )
        self.assertEqual(not_due, opened)
        with freeze_time(TODAY + relativedelta(days=1)):
            self.assertIn(recent, self._due())

    def test_a_later_decision_starts_the_time_again(self):
        with freeze_time(date(2025, 12, 1)):
            self.ada.refuse_reason_id = self.reason_withdrew
        self.assertNotIn(self.ada, self._due())

    def test_a_contact_that_is_needed_stays(self):
        other = self._apply("Ada again", email_from="ada@example.com")
        self.assertEqual(other.partner_id, self.partner)
        self._run()
        self.assertTrue(self.partner.exists())
        self.assertFalse(self.ada.partner_id)
        self.assertEqual(other.partner_id, self.partner)

    def test_a_failure_stays_where_it_is(self):
        bo = self._apply("Bo", email_from="bo@example.com")
        self._end(bo)
        model = self.registry["hr.applicant"]
        related = model._anonymise_related

        def fail(applicants):
            related(applicants)
            if applicants == self.ada:
                raise ValueError("no permission on the disk")

        with (
            patch.object(model, "_anonymise_related", fail),
            mute_logger("odoo.addons.office_role_hiring.models.retention.hr_applicant"),
        ):
            self._run()
        self.assertFalse(self.ada.office_anonymised_on)
        self.assertTrue(self.message.exists(), "nothing is half done")
        self.assertIn("no permission", self.ada.office_anonymise_error)
        self.assertTrue(bo.office_anonymised_on)
        self._run()
        self.assertTrue(self.ada.office_anonymised_on)
        self.assertFalse(self.ada.office_anonymise_error)

    def test_the_job_stops_when_its_time_is_up(self):
        bo = self._apply("Bo", email_from="bo@example.com")
        self._end(bo)
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=0
        ) as progress:
            self.env["hr.applicant"]._cron_anonymise()
        progress.assert_called_once()
        self.assertEqual(len((self.ada + bo).filtered("office_anonymised_on")), 1)

    def test_mails_about_something_else_stay(self):
        mail = self.env["mail.mail"].create(
            {
                "email_to": "ada@example.com",
                "model": "res.partner",
                "res_id": self.company.partner_id.id,
                "body_html": "Your order",
            }
        )
        self._run()
        self.assertTrue(mail.exists())

    def test_at_the_request_of_the_person(self):
        self.company.hiring_retention_months = 0
        self.ada.with_user(self.fair).action_anonymise()
        self.assertEqual(self.ada.partner_name, "Anonymised applicant")
        self.assertIn("at the request", self.ada.office_anonymised_note)
        self.assertFalse(self.ada._get_identification_url())
        with self.assertRaisesRegex(UserError, "anonymised already"):
            self.ada.with_user(self.fair).action_anonymise()
        with self.assertRaisesRegex(UserError, "cannot be reopened"):
            self.ada.action_unarchive()

    def test_not_what_is_open_or_hired(self):
        hired = self._apply("Hired", stage_id=self.stage_signed.id)
        for applicant in (self._apply("Open"), hired):
            with self.assertRaisesRegex(UserError, "cannot be anonymised"):
                applicant.with_user(self.fair).action_anonymise()
        self.assertEqual(hired.partner_name, "Hired")

    def test_who_may_not(self):
        for user in (self.interviewer, self.recruiter, self.manager, self.abroad):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.ada.with_user(user).action_anonymise()
        for name in ("office_anonymised_on", "office_anonymised_note"):
            with self.assertRaises(AccessError):
                self.ada.with_user(self.fair).write({name: False})
        self.assertEqual(self.ada.partner_name, "Ada Byron")

    def test_the_preview(self):
        action = self.env.ref("office_role_hiring.hr_applicant_action_due")
        applicants = self.env["hr.applicant"].with_user(self.fair)
        found = applicants.with_context(active_test=False).search(
            [("office_anonymise_due", "=", True)]
        )
        self.assertIn("office_anonymise_due", action.domain)
        self.assertIn(self.ada, found)
        abroad = found.with_user(self.abroad).search([("id", "in", found.ids)])
        self.assertFalse(abroad)
