import re

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common_interview import START, InterviewCommon


class TestInterviewRound(InterviewCommon):
    def test_every_skill_of_the_catalogue_has_a_guide(self):
        skills = self.env["ir.model.data"].search(
            [("module", "=", "office_role"), ("model", "=", "hr.skill")]
        )
        self.assertEqual(len(skills), 19)
        forbidden = re.compile(
            r"\b(age|old are|family|child|married|pregnan|health|ill|origin|country"
            r"|religio|church|mother tongue|born)\b",
            re.IGNORECASE,
        )
        for data in skills:
            suffix = data.name.removeprefix("skill_")
            guide = self.env.ref(f"office_role_hiring.interview_guide_{suffix}")
            with self.subTest(suffix):
                self.assertEqual(guide.skill_id.id, data.res_id)
                anchors = [guide[f"anchor_{number}"] for number in (1, 2, 3, 4)]
                self.assertEqual(len(set(anchors)), 4)
                self.assertGreaterEqual(len(guide.question_ids), 2)
                for text in anchors + guide.question_ids.mapped("name"):
                    self.assertGreater(len(text), 40)
                    self.assertFalse(forbidden.search(text), text)

    def test_guide_of_a_company_comes_first(self):
        shared = self.env["interview.skill.guide"].search(
            [("skill_id", "=", self.greeting.id)]
        )
        own = shared.copy({"company_id": self.company.id, "anchor_1": "Ours"})
        self.env["interview.question"].create(
            {
                "skill_id": self.greeting.id,
                "name": "Theirs?",
                "company_id": self.other_company.id,
            }
        )
        interview = self._create_round()
        greeting = interview.line_ids.filtered(
            lambda line: line.skill_id == self.greeting
        )
        self.assertEqual(set(greeting.mapped("anchor_1")), {own.anchor_1})
        self.assertNotIn("Theirs?", greeting.mapped("question"))
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
        ):
            shared.copy()

    def test_questions_of_a_guide(self):
        guide = self.env["interview.skill.guide"].search(
            [("skill_id", "=", self.greeting.id)]
        )
        self.assertEqual(len(guide.question_ids), 2)
        action = guide.action_add_question()
        self.assertEqual(action["context"]["default_skill_id"], self.greeting.id)

    def test_two_interviewers_ask_each_must_have(self):
        interview = self._create_round()
        self.assertEqual(interview.role_id, self.role_desk)
        greeting = interview.line_ids.filtered("must_have")
        self.assertEqual(greeting.skill_id, self.greeting)
        self.assertEqual(greeting.interviewer_id, self.ivy + self.ian)
        self.assertEqual(len(set(greeting.mapped("question"))), 2, "not the same twice")
        self.assertEqual(greeting[0].anchor_4, "Greets 4")
        telephone = interview.line_ids - greeting
        self.assertEqual(len(telephone.interviewer_id), 1)
        self.assertEqual(sum(interview.line_ids.mapped("minutes")), 50)
        self.assertFalse(interview.plan_note)

    def test_one_interviewer_is_said(self):
        interview = self._create_round(self.ivy)
        self.assertEqual(len(interview.line_ids), 2)
        self.assertIn("heard once", interview.plan_note)

    def test_a_changed_plan_is_checked(self):
        interview = self._create_round()
        interview.line_ids[0].minutes += 7
        self.assertIn("take 67 minutes, the meeting 60", interview.plan_note)
        with self.assertRaisesRegex(UserError, "67 minutes"):
            interview.action_open()
        greeting = interview.line_ids.filtered("must_have")
        greeting[1].unlink()
        self.assertIn("Only one interviewer asks", interview.plan_note)
        interview.line_ids[0].question = False
        self.assertIn("No question yet for: Greeting", interview.plan_note)
        interview.action_plan()
        self.assertFalse(interview.plan_note)

    def test_one_after_another(self):
        interview = self._create_round(style="separate", minutes=30)
        for lines in interview.line_ids.grouped("interviewer_id").values():
            self.assertEqual(sum(lines.mapped("minutes")), 20)
        self.assertFalse(interview.plan_note)

    def test_what_is_missing_is_said(self):
        rounds = self.env["interview.round"].with_user(self.rob)
        nobody = rounds.create({"applicant_id": self.ada.id})
        with self.assertRaisesRegex(UserError, "nobody interviews"):
            nobody.action_plan()
        with self.assertRaisesRegex(UserError, "no plan yet"):
            nobody.action_open()
        for job, words in (
            (self._create_job("Free"), "has a role"),
            (self._create_job("Empty", self._create_role("test_no")), "no skills"),
        ):
            applicant = self._create_applicant("Cy", job)
            with self.assertRaisesRegex(UserError, words):
                self._create_round(applicant=applicant)
        with self.assertRaisesRegex(UserError, "12 minutes are too few for 3"):
            self._create_round(minutes=12)

    def test_plan_and_interviewers_agree(self):
        interview = self._create_round()
        interview.interviewer_ids = self.ivy + self.rob
        with self.assertRaisesRegex(UserError, "does not agree"):
            interview.action_open()
        with self.assertRaisesRegex(ValidationError, "not among the interviewers"):
            interview.line_ids[0].interviewer_id = self.emma

    def test_interviewers_work_in_the_company(self):
        portal = self._create_user("iv_portal", "base.group_portal")
        for user in (self.abe, portal):
            with self.assertRaisesRegex(ValidationError, "cannot interview here"):
                self._create_round(user)

    def test_interviewers_are_suggested(self):
        self.job_desk.interviewer_ids = self.ian
        with Form(self.env["interview.round"].with_user(self.rob)) as form:
            form.applicant_id = self.bo
            self.assertEqual(form.interviewer_ids.ids, self.otto.ids)
            form.applicant_id = self.ada
        with Form(self.env["interview.round"].with_user(self.rob)) as form:
            form.applicant_id = self.ada
            self.assertEqual(form.interviewer_ids.ids, self.ian.ids)

    def test_choosing_a_skill_brings_its_question(self):
        interview = self._create_round()
        interview.line_ids[2].unlink()
        with Form(interview) as form, form.line_ids.new() as line:
            line.skill_id = self.telephone
            self.assertEqual(line.question, "Who calls?")
            line.interviewer_id = self.ivy
            line.skill_id = self.juggling
            self.assertFalse(line.question)
        self.assertIn(self.juggling, interview.line_ids.skill_id)

    def test_handing_out(self):
        interview = self._create_round(opened=True)
        self.assertEqual(interview.state, "open")
        self.assertEqual((interview.submitted_count, interview.scorecard_count), (0, 2))
        self.assertEqual(self.ada.interviewer_ids, self.ivy + self.ian)
        interviewer = "hr_recruitment.group_hr_recruitment_interviewer"
        self.assertTrue(self.ivy.has_group(interviewer))
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "interview.round"), ("res_id", "=", interview.id)]
        )
        self.assertEqual(activities.user_id, self.ivy + self.ian)
        card = self._card(interview, self.ivy)
        self.assertEqual(card.line_ids[0].skill_id, self.greeting, "must-haves first")
        action = interview.with_user(self.ivy).action_my_scorecard()
        self.assertEqual(action["res_id"], card.id)
        self.assertFalse(interview.last_submitted_on)
        self._submit(interview, self.ivy)
        self.assertTrue(interview.last_submitted_on)
        self.assertEqual(activities.exists().filtered("active").user_id, self.ian)
        self.assertEqual(interview.state, "open")
        self._submit(interview, self.ian)
        self.assertFalse(activities.exists().filtered("active"))
        self.assertEqual(interview.state, "done")

    def test_the_plan_is_fixed_then(self):
        interview = self._create_round(opened=True)
        for vals in (
            {"interviewer_ids": [Command.link(self.rob.id)]},
            {"minutes": 90},
            {"line_ids": [Command.update(interview.line_ids[0].id, {"minutes": 1})]},
        ):
            with self.assertRaisesRegex(UserError, "the plan is fixed"):
                interview.write(vals)
        line = interview.line_ids[0]
        draft = self._create_round(applicant=self.bo, users=self.otto)
        for act in (
            interview.action_plan,
            interview.action_open,
            line.unlink,
            lambda: line.write({"anchor_1": "Easier"}),
            lambda: draft.line_ids[0].write({"round_id": interview.id}),
            lambda: line.copy({"skill_id": self.juggling.id}),
        ):
            with self.assertRaisesRegex(UserError, "the plan is fixed"):
                act()
        interview.start = START
        self.assertEqual(interview.start, START)

    def test_only_buttons_change_the_state(self):
        interview = self._create_round()
        for vals in ({"state": "done"}, {"role_id": False}):
            with self.assertRaisesRegex(AccessError, "cannot be set by hand"):
                interview.write(vals)
        with self.assertRaisesRegex(AccessError, "cannot be set by hand"):
            interview.copy({"state": "open"})
        with self.assertRaisesRegex(UserError, "stays with its applicant"):
            interview.applicant_id = self.bo
        interview.write({"applicant_id": self.ada.id})

    def test_taking_back(self):
        interview = self._create_round(opened=True)
        interview.action_take_back()
        self.assertEqual((interview.state, interview.scorecard_count), ("draft", 0))
        self.assertFalse(interview.activity_ids)
        interview.action_open()
        self.env.invalidate_all()
        self._card(interview, self.ivy).line_ids[0].rating = 2
        with self.assertRaisesRegex(UserError, "begun or submitted"):
            interview.action_take_back()
        with self.assertRaisesRegex(UserError, "begun or submitted"):
            interview.unlink()

    def test_a_plan_may_be_deleted(self):
        interview = self._create_round(start=START, opened=True)
        interview.action_schedule()
        event = interview.event_ids
        self.assertTrue(event)
        interview.action_take_back()
        interview.unlink()
        self.assertFalse(interview.exists())
        self.assertFalse(event.exists(), "and its meeting with it")

    def test_ending_a_round_without_everybody(self):
        interview = self._create_round(self.ivy + self.rita, opened=True)
        with self.assertRaisesRegex(UserError, "no scorecard has been submitted"):
            interview.action_close()
        self._submit(interview, self.ivy)
        with self.assertRaisesRegex(UserError, "submit your own scorecard first"):
            interview.with_user(self.rita).action_close()
        interview.action_close()
        self.assertEqual((interview.state, interview.scorecard_count), ("done", 1))
        self.assertFalse(interview.activity_ids)

    def test_the_applicants_own_version_is_planned(self):
        version = self.env["office.role.version"].create(
            {
                "role_id": self.role_desk.id,
                "number": 1,
                "valid_to": START.date(),
                "skill_ids": [
                    Command.create(
                        {**self._requirement(self.counting, 25, True), "weight": 2}
                    )
                ],
            }
        )
        self.ada.office_role_version_id = version
        interview = self._create_round()
        self.assertEqual(interview.line_ids.skill_id, self.counting)

    def test_schedule(self):
        interview = self._create_round()
        with self.assertRaisesRegex(UserError, "say when the interview begins"):
            interview.action_schedule()
        interview.start = START
        interview.action_open()
        interview.action_schedule()
        event = interview.event_ids
        self.assertEqual(event.applicant_id, self.ada)
        self.assertEqual(event.partner_ids, (self.ivy + self.ian).partner_id)
        self.assertEqual((event.stop - event.start).seconds, 3600)
        self.assertEqual(event.privacy, "private")
        kit = interview.kit_attachment_id
        self.assertIn(f"/web/content/{kit.id}", event.sudo().description)
        self.assertEqual((kit.res_model, kit.res_id), (interview._name, interview.id))
        text = kit.raw.decode()
        for words in ("Greets 3", "Who calls?", "How do you greet?", "Ivy"):
            self.assertIn(words, text)
        self._submit(interview, self.ivy, note="Whispered all day")
        interview.start = START.replace(hour=11)
        interview.action_schedule()
        self.assertEqual(interview.event_ids, event, "moved, not made again")
        self.assertEqual(event.start.hour, 11)
        self.assertEqual(interview.kit_attachment_id, kit)
        self.assertNotIn("Whispered", kit.raw.decode())

    def test_schedule_one_after_another(self):
        interview = self._create_round(style="separate", minutes=30, start=START)
        interview.action_open()
        interview.action_schedule()
        events = interview.event_ids.sorted("start")
        self.assertEqual([event.start.minute for event in events], [0, 30])
        self.assertEqual(events[0].partner_ids, self.ivy.partner_id)
        events[0].sudo().unlink()
        interview.action_schedule()
        self.assertEqual(len(interview.event_ids), 2)

    def test_invitation_is_hidden_from_colleagues(self):
        interview = self._create_round(start=START, opened=True)
        interview.action_schedule()
        event = interview.event_ids
        kit = interview.kit_attachment_id
        self.env.invalidate_all()
        read = event.with_user(self.emma).read(["name", "description"])[0]
        self.assertNotIn("Ada", read["name"])
        self.assertFalse(read["description"])
        with self.assertRaises(AccessError):
            kit.with_user(self.emma).read(["raw"])
        self.env.invalidate_all()
        self.assertTrue(kit.with_user(self.ivy).read(["raw"]))
        self.assertIn("kit", event.with_user(self.ivy).description)

    def test_applicant_knows_the_rounds(self):
        self._create_round()
        self.assertEqual(self.ada.interview_round_count, 1)
        action = self.ada.action_view_interviews()
        self.assertEqual(action["context"]["default_applicant_id"], self.ada.id)
