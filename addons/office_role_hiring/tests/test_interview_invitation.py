import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common import TODAY
from .common_interview import START, InterviewCommon


@freeze_time(TODAY)
class TestInterviewInvitation(InterviewCommon):
    """Rob invites Ada, who lives in Tokyo, to her interview."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada.email_from = "ada@example.com"
        cls.ada.partner_id.write({"tz": "Asia/Tokyo", "lang": "en_US"})
        cls.rob.write({"email": "rob@example.com", "tz": "America/New_York"})
        cls.interview = cls._create_round(start=START, opened=True)
        cls.interview.action_schedule()
        cls.event = cls.interview.sudo().event_ids
        cls.event.write(
            {
                "location": "Room 4, Main Street 1",
                "videocall_location": "https://video.example.com/ada",
            }
        )

    def _invite(self, interview=None, user=None):
        """Invite as a user; return the e-mail that is queued."""
        interview = interview or self.interview
        mails = self.env["mail.mail"]
        domain = [("model", "=", interview._name), ("res_id", "in", interview.ids)]
        before = mails.search(domain)
        interview.with_user(user or self.rob).action_invite_applicant()
        self.env.flush_all()
        self.env.invalidate_all()
        return mails.search(domain) - before

    def _body(self, mail):
        return re.sub("</?span>", "", mail.body_html)

    def _ics(self, mail):
        return [
            re.sub(r"\r\n[ \t]", "", attachment.raw.decode())
            for attachment in mail.attachment_ids.sorted("id")
        ]

    def test_the_applicant_is_told_when_where_and_with_whom(self):
        self.assertEqual(self.interview.invitation_state, "none")
        self.assertIn("not invited yet", self.interview.invitation_note)
        mail = self._invite()
        self.assertEqual(mail.email_to, "ada@example.com")
        self.assertIn("rob@example.com", mail.email_from)
        self.assertIn("Invitation to an interview", mail.subject)
        self.assertIn(self.company.name, mail.subject)
        # nine o'clock in London
        self.assertRegex(self._body(mail), r"6:00\sPM – 7:00\sPM")
        for words in (
            "Dear Ada",
            "Desk clerk",
            "Wednesday, March 18, 2026",
            "Asia/Tokyo",
            "Room 4, Main Street 1",
            "https://video.example.com/ada",
            "You will meet: Ian, Ivy",
        ):
            self.assertIn(words, self._body(mail))

    def test_nothing_of_the_kit_and_the_ratings_is_told(self):
        self._submit(self.interview, self.ivy, note="Whispered all day")
        mail = self._invite()
        told = " ".join([mail.subject, mail.body_html, *self._ics(mail)])
        for words in (
            "How do you greet",
            "Greets 3",
            "Greeting",
            "Whispered",
            "/web/content",
            "kit",
            "Summary of",
            "ivy@",
            "Rating",
        ):
            self.assertNotIn(words, told)
        self.assertNotIn(self.interview.kit_attachment_id, mail.attachment_ids)

    def test_the_meeting_for_their_calendar(self):
        mail = self._invite()
        (ics,) = self._ics(mail)
        self.assertEqual(mail.attachment_ids.name, "interview.ics")
        self.assertEqual(mail.attachment_ids.mimetype, "text/calendar")
        for line in (
            "DTSTART:20260318T090000Z",
            "DTEND:20260318T100000Z",
            f"SUMMARY:Interview: Desk clerk\\, {self.company.name}",
            "LOCATION:Room 4\\, Main Street 1",
            "SEQUENCE:0",
        ):
            self.assertIn(line, ics)
        for word in ("ATTENDEE", "DESCRIPTION", "VALARM"):
            self.assertNotIn(word, ics)
        uid = re.search(r"UID:(\S+)", ics)[1]
        self.assertTrue(uid.startswith(f"interview-{self.event.id}@"))
        (again,) = self._ics(self._invite())
        self.assertIn(f"UID:{uid}", again, "the same entry of their calendar")
        self.assertIn("SEQUENCE:1", again)

    def test_without_a_place_the_link_is_the_place(self):
        self.event.location = False
        mail = self._invite()
        self.assertIn("LOCATION:https://video.example.com/ada", self._ics(mail)[0])
        self.assertNotIn("Place:", mail.body_html)

    def test_it_is_logged_and_shown(self):
        self._invite()
        log = self.ada.message_ids[0]
        self.assertEqual(log.author_id, self.rob.partner_id)
        for words in ("First interview", "ada@example.com", "March 18", "Asia/Tokyo"):
            self.assertIn(words, log.body)
        self.assertEqual(self.interview.invitation_state, "sent")
        self.assertIn("invited on 2026-03-1", self.interview.invitation_note)
        self.assertEqual(self.interview.invited_count, 1)
        self.assertFalse(self.interview.copy().invited_on)

    def test_a_change_of_time_is_told(self):
        self._invite()
        self.interview.start = START + timedelta(days=1)
        self.assertEqual(self.interview.invitation_state, "moved")
        with self.assertRaisesRegex(UserError, "Press Schedule"):
            self._invite()
        self.interview.action_schedule()
        self.assertEqual(self.interview.invitation_state, "time")
        self.assertIn("time has changed", self.interview.invitation_note)
        mail = self._invite()
        self.assertIn("New time of your interview", mail.subject)
        self.assertIn("takes the place of our earlier", mail.body_html)
        self.assertIn("Thursday, March 19, 2026", mail.body_html)
        self.assertIn("20260319T090000Z", self._ics(mail)[0])
        self.assertIn("New time of your interview", self.ada.message_ids[0].body)
        self.assertEqual(self.interview.invitation_state, "sent")

    def test_another_place_or_other_people_are_told(self):
        self._invite()
        self.event.location = "Room 5"
        self.assertEqual(self.interview.invitation_state, "details")
        mail = self._invite()
        self.assertIn("something has changed", mail.subject)
        self.assertIn("Room 5", mail.body_html)
        self.event.partner_ids = [Command.unlink(self.ian.partner_id.id)]
        self.assertEqual(self.interview.invitation_state, "details")
        self.assertNotIn("Ian", self._invite().body_html)

    def test_once_more_without_a_change(self):
        self._invite()
        mail = self._invite()
        self.assertIn("once more", mail.subject)
        self.assertNotIn("takes the place", mail.body_html)
        self.assertEqual(self.interview.invited_count, 2)

    def test_in_the_language_of_the_applicant(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ada.partner_id.lang = "fr_FR"
        template = self.env.ref(
            "office_role_hiring.mail_template_interview_invitation"
        ).with_context(lang="fr_FR")
        template.body_html = template.body_html.replace("Dear", "Bonjour")
        body = self._body(self._invite())
        self.assertIn("Bonjour", body)
        self.assertIn("mercredi 18 mars 2026", body)
        self.assertIn("18:00 – 19:00", body)
        self.assertIn("Wednesday", self.ada.message_ids[0].body, "the recruiter's")

    def test_the_zone_of_the_company_where_the_applicants_is_unknown(self):
        self.ada.partner_id.tz = False
        self.company.resource_calendar_id.tz = "Europe/Brussels"
        body = self._body(self._invite())
        self.assertIn("Europe/Brussels", body)
        self.assertIn("10:00", body)

    def test_one_after_another(self):
        interview = self._create_round(
            applicant=self.ada, style="separate", minutes=30, start=START, opened=True
        )
        interview.action_schedule()
        mail = self._invite(interview)
        first, second = self._ics(mail)
        self.assertIn("DTSTART:20260318T090000Z", first)
        self.assertIn("DTSTART:20260318T093000Z", second)
        body = self._body(mail)
        self.assertLess(body.index("You will meet: Ivy"), body.index("meet: Ian"))

    def test_without_an_address_nothing_is_sent(self):
        self.ada.email_from = False
        with self.assertRaisesRegex(UserError, "Ada has no e-mail address"):
            self._invite()
        self.env.invalidate_all()
        self.assertEqual(self.interview.invitation_state, "none")

    def test_what_is_missing_is_said(self):
        fresh = self._create_round(applicant=self.bo, opened=True)
        with self.assertRaisesRegex(UserError, "there is no meeting yet"):
            self._invite(fresh)
        self.assertFalse(fresh.invitation_state)
        with (
            freeze_time(START + timedelta(hours=1)),
            self.assertRaisesRegex(UserError, "in the past"),
        ):
            self._invite()
        self.interview.sudo().applicant_id.active = False
        with self.assertRaisesRegex(UserError, "application is closed"):
            self._invite()

    def test_a_failed_mail_is_said(self):
        self._invite().state = "exception"
        self.interview.invalidate_recordset()
        self.assertEqual(self.interview.invitation_state, "failed")
        self.assertIn("could not be delivered", self.interview.invitation_note)

    def test_who_may_invite(self):
        mail = self._invite(user=self.rita)
        self.assertEqual(mail.author_id, self.rita.partner_id)
        for user in (self.ivy, self.otto, self.emma, self.abe):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.interview.with_user(user).action_invite_applicant()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.interview.with_user(user).read(["invitation_details"])
        self.assertEqual(self.interview.invited_count, 1)

    def test_nobody_writes_that_it_was_sent(self):
        for values in (
            {"invited_on": START},
            {"invited_count": 3},
            {"invited_times": "x"},
            {"invited_details": "x"},
        ):
            with self.assertRaisesRegex(AccessError, "cannot be set by hand"):
                self.interview.write(values)
        defaults = self.env["interview.round"].with_context(default_invited_on=START)
        self.assertNotIn("invited_on", defaults.default_get(["invited_on"]))

    def test_the_meetings_are_opened(self):
        action = self.interview.action_view_meetings()
        self.assertEqual(action["res_id"], self.event.id)

    def test_anonymising_takes_it_away(self):
        mail = self._invite()
        files = mail.attachment_ids
        message = mail.mail_message_id
        mail.unlink()
        self.ada.sudo()._anonymise_interviews()
        self.assertFalse(files.exists())
        self.assertFalse(message.exists())
