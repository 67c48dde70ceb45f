from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY
from .common_interview import InterviewCommon


@tagged("post_install", "-at_install")
class TestReviewHiring(InterviewCommon):
    """Ways round the guards: what is written by the add-on alone stays its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Erin", "company_id": cls.company.id}
        )
        cls._give_skill(cls.employee, cls.greeting, 75)
        cls._commit_matches()
        cls.match = cls.env["office.role.match"].search(
            [("employee_id", "=", cls.employee.id), ("role_id", "=", cls.role_desk.id)]
        )

    # --- the match --------------------------------------------------------------------

    def test_nobody_points_an_application_at_another_match(self):
        bo = self.bo.with_user(self.otto)
        with self.assertRaisesRegex(AccessError, "Match with the role"):
            bo.write({"office_role_match_id": self.match.id})
        applicants = self.env["hr.applicant"].with_user(self.rob)
        with self.assertRaisesRegex(AccessError, "Match with the role"):
            applicants.create(
                {"partner_name": "Cy", "office_role_match_id": self.match.id}
            )
        new = applicants.with_context(
            default_office_role_match_id=self.match.id
        ).create({"partner_name": "Cy"})
        self.assertFalse(new.office_role_match_id)

    def test_a_form_shows_no_other_match(self):
        bo = self.bo.with_user(self.otto)
        fields = ["office_match_score", "office_match_fit"]
        result = bo.onchange(
            {"office_role_match_id": self.match.id},
            ["office_role_match_id"],
            dict.fromkeys(fields, {}),
        )
        self.assertFalse(set(fields) & result.get("value", {}).keys())
        result = (
            self.env["hr.applicant"]
            .with_user(self.rob)
            .with_context(default_office_role_match_id=self.match.id)
            .onchange({}, [], {"office_role_match_id": {}, "office_match_score": {}})
        )
        self.assertFalse(result["value"]["office_role_match_id"])
        self.assertFalse(result["value"]["office_match_score"])

    # --- defaults in the context ------------------------------------------------------

    def test_defaults_set_nothing_that_is_written_by_actions(self):
        applicants = self.env["hr.applicant"].with_user(self.rob)
        self.role_desk.action_begin_version()
        version = self.role_desk.version_ids
        for name, value in (
            ("office_role_version_id", version.id),
            ("office_refuse_skill_ids", self.greeting.ids),
            ("office_anonymised_on", "2026-01-01 00:00:00"),
        ):
            with self.subTest(name):
                new = applicants.with_context(**{f"default_{name}": value}).create(
                    {"partner_name": "Cy", "job_id": self.job_desk.id}
                )
                self.assertFalse(new[name])
        with self.assertRaisesRegex(AccessError, "written by anonymising alone"):
            applicants.create(
                {"partner_name": "Cy", "office_anonymised_on": "2026-01-01 00:00:00"}
            )

    def test_defaults_begin_no_round_in_another_state(self):
        rounds = self.env["interview.round"].with_user(self.rob)
        kit = self.env["ir.attachment"].create({"name": "Theirs", "raw": b"x"})
        values = {"applicant_id": self.ada.id}
        new = rounds.with_context(
            default_state="done", default_kit_attachment_id=kit.id
        ).create(values)
        self.assertEqual(new.state, "draft")
        self.assertFalse(new.kit_attachment_id)

    # --- scorecards -------------------------------------------------------------------

    def test_an_application_with_ratings_is_not_deleted(self):
        interview = self._create_round(opened=True)
        card = self._submit(interview, self.ivy)
        with self.assertRaisesRegex(UserError, "Ada.*anonymise"):
            self.ada.with_user(self.rob).unlink()
        self.assertTrue(card.exists())
        self.bo.with_user(self.rob).unlink()
        self.assertFalse(self.bo.exists())

    @freeze_time(TODAY)
    def test_ratings_become_skills_when_nobody_is_blind(self):
        interview = self._create_round(opened=True)
        self._submit(interview, self.ivy)
        wizard = (
            self.env["interview.take.over"]
            .with_user(self.rob)
            .browse(self.ada.with_user(self.rob).action_rate_skills()["res_id"])
        )
        wizard.line_ids.take_over = True
        with self.assertRaisesRegex(UserError, "Ada.*Ian"):
            wizard.action_confirm()
        self.assertFalse(self.ada.applicant_skill_ids)
        self._submit(interview, self.ian)
        wizard.action_confirm()
        self.assertTrue(self.ada.applicant_skill_ids)

    def test_scorecards_stay_hidden_by_every_route(self):
        interview = self._create_round(opened=True)
        self._submit(interview, self.ian, rating=4, note="Sang")
        cards = self.env["interview.scorecard"]
        lines = self.env["interview.scorecard.line"]
        for user in (self.ivy, self.otto):
            applicants = self.env["hr.applicant"].with_user(user)
            for domain in (
                [("interview_scorecard_ids.line_ids.rating", ">", 2)],
                [("interview_scorecard_ids.state", "=", "submitted")],
                [("interview_round_ids.scorecard_ids.line_ids.note", "ilike", "Sang")],
                [("interview_scorecard_ids.recommendation", "=", "yes")],
            ):
                with self.subTest(user=user.login, domain=domain):
                    self.assertFalse(applicants.search_count(domain))
            rounds = self.env["interview.round"].with_user(user)
            self.assertFalse(
                rounds.search_count([("scorecard_ids.line_ids.rating", "=", 4)])
            )
            self.assertFalse(lines.with_user(user).search_count([("rating", "=", 4)]))
            for model in ("office.role.match", "office.role.match.line"):
                domain = [
                    ("applicant_id.interview_scorecard_ids.line_ids.rating", "=", 4)
                ]
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    self.assertFalse(records.search_count(domain))
            groups = cards.with_user(user)._read_group(
                [("applicant_id", "=", self.ada.id)], ["recommendation"], ["__count"]
            )
            self.assertFalse([group for group in groups if group[0]])
        spec = {
            "interview_scorecard_ids": {
                "fields": {
                    "recommendation": {},
                    "line_ids": {"fields": {"rating": {}, "note": {}}},
                }
            },
            "interview_round_ids": {
                "fields": {"scorecard_ids": {"fields": {"summary": {}}}}
            },
        }
        ada = self.ada.with_user(self.ivy)
        self.assertNotIn("Sang", str(ada.web_read(spec)))
        self.assertNotIn("Summary of iv_ian", str(ada.web_read(spec)))
        self.env.ref("base.group_allow_export").user_ids = [Command.link(self.ivy.id)]
        exported = ada.export_data(
            ["interview_scorecard_ids/line_ids/note", "interview_summary"]
        )
        self.assertNotIn("Sang", str(exported))

    def test_a_scorecard_is_no_command_of_a_parent(self):
        interview = self._create_round(opened=True)
        card = self._submit(interview, self.ivy)
        mine = self._card(interview, self.ian)
        line = card.line_ids[0]
        for record, values in (
            (mine, {"line_ids": [Command.link(line.id)]}),
            (mine, {"line_ids": [Command.delete(mine.line_ids[0].id)]}),
            (mine, {"line_ids": [Command.create({"rating": 4})]}),
            (mine, {"line_ids": [Command.update(line.id, {"rating": 1})]}),
            (
                self.ada.with_user(self.rob),
                {"interview_scorecard_ids": [Command.delete(card.id)]},
            ),
            (
                self.ada.with_user(self.rob),
                {"interview_round_ids": [Command.clear()]},
            ),
            (
                interview,
                {"scorecard_ids": [Command.update(card.id, {"summary": "x"})]},
            ),
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                record.write(values)
            self.env.invalidate_all()
        self.assertEqual(card.line_ids.mapped("rating"), [3] * len(card.line_ids))

    # --- versions ---------------------------------------------------------------------

    def test_what_a_version_asked_for_is_not_deleted(self):
        self.role_desk.action_begin_version()
        version = self.role_desk.version_ids
        with self.assertRaisesRegex(UserError, "Archive the role"):
            self.role_desk.unlink()
        self.role_desk.skill_ids.unlink()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.greeting.unlink()
        self.assertIn(self.greeting, version.skill_ids.skill_id)
        other = self._create_role("free")
        other.unlink()
        self.assertFalse(other.exists())

    # --- meetings ---------------------------------------------------------------------

    def test_a_meeting_tells_nobody_of_a_round(self):
        interview = self._create_round()
        events = self.env["calendar.event"].with_user(self.emma)
        with self.assertRaises(AccessError):
            events.create(
                {
                    "name": "x",
                    "start": "2026-03-18 09:00:00",
                    "stop": "2026-03-18 10:00:00",
                    "interview_round_id": interview.id,
                }
            )

    def test_employees_repeat_and_copy_their_meetings(self):
        events = self.env["calendar.event"].with_user(self.emma)
        event = events.create(
            {
                "name": "x",
                "start": "2026-03-18 09:00:00",
                "stop": "2026-03-18 10:00:00",
                "recurrency": True,
                "rrule_type": "weekly",
                "wed": True,
                "end_type": "count",
                "count": 3,
            }
        )
        self.assertEqual(len(event.recurrence_id.calendar_event_ids), 3)
        self.assertTrue(event.copy())

    def test_a_line_of_a_form_shows_no_other_match(self):
        result = self.job_desk.with_user(self.rob).onchange(
            {
                "application_ids": [
                    Command.update(self.bo.id, {"office_role_match_id": self.match.id})
                ]
            },
            ["application_ids"],
            {"application_ids": {"fields": {"office_match_score": {}}}},
        )
        lines = result.get("value", {}).get("application_ids", [])
        shown = [line[2] for line in lines if line[0] == Command.UPDATE]
        self.assertNotIn(
            self.match.score, [values.get("office_match_score") for values in shown]
        )
