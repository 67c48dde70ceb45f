from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.front_office_training_survey import uninstall_hook

from .common import QuizFixture


class QuizCase(QuizFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_quiz()


@tagged("post_install", "-at_install")
class TestQuizProgramme(QuizCase):
    def _draft(self, **vals):
        return self.env["training.programme"].create(
            {
                "name": "Draft",
                "step_ids": [Command.create({"name": "Step", **vals})],
            }
        )

    def test_manager_writes_a_quiz_step(self):
        """A training manager is no survey officer, and chooses a quiz all the same."""
        programme = self._draft()
        self.assertFalse(self.manager_user.has_group("survey.group_survey_user"))
        Step = self.env["training.step"].with_user(self.manager_user)
        with Form(Step.with_context(default_programme_id=programme.id)) as form:
            form.name = "Quiz"
            form.kind = "quiz"
            form.survey_id = self.survey.with_user(self.manager_user)
        step = form.record
        self.assertEqual((step.survey_id, step.signoff), (self.survey, "none"))
        found = self.env["survey.survey"].with_user(self.manager_user)
        self.assertIn(self.survey.id, dict(found.name_search("Test quiz")))
        programme.with_user(self.manager_user).action_publish()
        self.assertEqual(programme.state, "published")

    def test_step_without_quiz_is_refused(self):
        message = "Draft, step “Step”: choose a certification in the field Quiz"
        with self.assertRaisesRegex(ValidationError, message):
            self._draft(kind="quiz")

    def test_survey_that_is_no_certification_is_refused(self):
        survey = self._survey("Opinions", certification=False)
        with self.assertRaisesRegex(ValidationError, "in the field Quiz"):
            self._draft(kind="quiz", survey_id=survey.id)

    def test_publishing_refuses_an_archived_quiz(self):
        programme = self._draft(kind="quiz", survey_id=self._survey("Old").id)
        programme.step_ids.survey_id.action_archive()
        message = "Draft, step “Step”: the quiz “Old” is archived.*field Quiz"
        with self.assertRaisesRegex(ValidationError, message):
            programme.action_publish()
        self.assertEqual(programme.state, "draft")
        programme.step_ids.survey_id.action_unarchive()
        programme.action_publish()
        self.assertEqual(programme.state, "published")

    def test_publishing_refuses_a_quiz_without_questions(self):
        survey = self._survey("Empty", question_and_page_ids=[])
        programme = self._draft(kind="quiz", survey_id=survey.id)
        with self.assertRaisesRegex(ValidationError, "has no question"):
            programme.action_publish()

    def test_another_quiz_makes_a_new_version(self):
        """Two quizzes of the same title differ; a new title is the same quiz."""
        programme = self.quiz_programme
        self.survey.title = "Renamed"
        programme.action_revise()
        programme.action_publish()
        self.assertEqual(programme.version, 1)
        programme.action_revise()
        programme.step_ids.survey_id = self._survey("Renamed")
        programme.action_publish()
        self.assertEqual(programme.version, 2)

    def test_enrolment_keeps_its_quiz(self):
        step = self._quiz_step()
        self.assertEqual((step.kind, step.survey_id), ("quiz", self.survey))
        self.quiz_programme.action_revise()
        self.quiz_programme.step_ids.survey_id = self._survey("Another")
        self.quiz_programme.action_publish()
        self.assertEqual(step.survey_id, self.survey)

    @mute_logger("odoo.sql_db")
    def test_quiz_that_is_used_cannot_be_deleted(self):
        self._quiz_step()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.survey.unlink()

    def test_uninstalling_leaves_no_unknown_kind(self):
        step = self._quiz_step()
        other = self._steps(self._enrol())[1]
        uninstall_hook(self.env)
        self.assertEqual((step.kind, other.kind), ("acknowledge", "practice"))
        self.assertTrue(step.with_user(self.trainee_user).can_tick)


@tagged("post_install", "-at_install")
class TestQuiz(QuizCase):
    def test_passing_signs_the_step(self):
        step = self._quiz_step()
        sheet = self._take(step, right=2)
        self.assertEqual(sheet.partner_id, self.trainee_user.partner_id)
        self.assertEqual((step.state, step.score, step.attempts), ("signed", 100, 1))
        self.assertEqual(step.signed_by_id, self.env.ref("base.user_root"))
        self.assertEqual(step.done_by_id, self.trainee_user)
        self.assertTrue(step.done_on and step.signed_on)
        self.assertEqual(step.enrolment_id.state, "done")
        attempt = step.attempt_ids
        self.assertEqual(
            (attempt.result, attempt.score, attempt.user_input_id, attempt.number),
            ("passed", 100, sheet, 1),
        )

    def test_failing_counts_an_attempt_and_ejects_nobody(self):
        step = self._quiz_step()
        sheet = self._take(step, right=1)
        self.assertEqual((step.state, step.score, step.attempts), ("failed", 50, 1))
        self.assertIn("50 % of the points; 80 % are needed", step.feedback)
        self.assertFalse(step.signed_by_id)
        self.assertEqual(step.enrolment_id.state, "running")
        self.assertEqual(step.attempt_ids.result, "failed")
        again = self._take(step, right=2)
        self.assertNotEqual(again, sheet)
        self.assertEqual((step.state, step.score, step.attempts), ("signed", 100, 2))
        self.assertFalse(step.feedback)
        self.assertEqual(
            step.attempt_ids.sorted("number").mapped("user_input_id"), sheet + again
        )

    def test_trainee_is_told_of_a_failure_by_odoobot(self):
        step = self._quiz_step()
        self._take(step, right=0)
        message = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], limit=1, order="id desc"
        )
        self.assertEqual(message.notified_partner_ids, self.trainee_user.partner_id)
        self.assertEqual(message.author_id, self.env.ref("base.partner_root"))

    def test_score_that_just_passes(self):
        self.survey.scoring_success_min = 50
        step = self._quiz_step()
        self._take(step, right=1)
        self.assertEqual((step.state, step.score), ("signed", 50))

    def test_a_quiz_with_no_signer_is_signed_as_well(self):
        self.quiz_programme.action_revise()
        self.quiz_programme.step_ids.signoff = "none"
        self.quiz_programme.action_publish()
        step = self._quiz_step()
        self._take(step, right=2)
        self.assertEqual((step.state, step.score), ("signed", 100))

    def test_a_sheet_that_was_begun_goes_on(self):
        step = self._quiz_step()
        first = self._start(step, self.trainee_user)
        first._mark_in_progress()
        self.assertEqual(self._start(step, self.trainee_user), first)
        self._hand_in(first, right=0)
        self.assertNotEqual(self._start(step, self.trainee_user), first)

    def test_a_sheet_counts_once(self):
        step = self._quiz_step()
        sheet = self._take(step, right=1)
        sheet._mark_done()
        self.assertEqual((step.attempts, len(step.attempt_ids)), (1, 1))

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_to_count_a_sheet_twice(self):
        step = self._quiz_step()
        sheet = self._take(step, right=1)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            step._judge_quiz(sheet)

    @mute_logger("odoo.sql_db")
    def test_a_sheet_that_counted_cannot_be_deleted(self):
        step = self._quiz_step()
        sheet = self._take(step, right=1)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            sheet.unlink()

    def test_late_answers_change_nothing(self):
        step = self._quiz_step()
        late = self._start(step, self.trainee_user)
        step.with_user(self.manager_user)._waive("Knows it by heart")
        self._hand_in(late, right=2)
        self.assertEqual((late.state, step.state, step.attempts), ("done", "waived", 0))
        self.assertFalse(late.training_attempt_ids)

    def test_answers_after_a_cancelled_enrolment_change_nothing(self):
        step = self._quiz_step()
        late = self._start(step, self.trainee_user)
        step.enrolment_id._cancel("Left")
        self._hand_in(late, right=2)
        self.assertEqual((step.state, step.attempts), ("to_do", 0))

    def test_test_entries_change_nothing(self):
        step = self._quiz_step()
        sheet = self._start(step, self.trainee_user)
        sheet.test_entry = True
        self._hand_in(sheet, right=2)
        self.assertEqual((step.state, step.attempts), ("to_do", 0))

    def test_answers_outside_of_the_step_change_nothing(self):
        step = self._quiz_step()
        sheet = self.survey._create_answer(user=self.trainee_user)
        self._hand_in(sheet, right=2)
        self.assertTrue(sheet.scoring_success)
        self.assertEqual((step.state, step.attempts), ("to_do", 0))

    def test_starting_a_closed_step_is_refused(self):
        step = self._quiz_step()
        self._take(step, right=2)
        with self.assertRaisesRegex(UserError, "not under way"):
            self._start(step, self.trainee_user)
        waived = self._quiz_step(self.colleague)
        self._enrol_second_step(waived)
        waived.with_user(self.manager_user)._waive("Knows it by heart")
        with self.assertRaisesRegex(UserError, "Pass the quiz is closed already"):
            self._start(waived, self.colleague_user)

    def _enrol_second_step(self, step):
        """Keep the enrolment open when ``step`` is closed."""
        self.env["training.enrolment.step"].create(
            {
                "enrolment_id": step.enrolment_id.id,
                "name": "Another",
                "kind": "acknowledge",
                "signoff": "none",
                "mandatory": True,
            }
        )

    def test_starting_an_archived_quiz_is_refused(self):
        step = self._quiz_step()
        self.survey.action_archive()
        message = "Pass the quiz: the quiz “Test quiz” is archived"
        with self.assertRaisesRegex(UserError, message):
            self._start(step, self.trainee_user)

    def test_limit_of_attempts_holds_for_the_step(self):
        self.survey.write({"is_attempts_limited": True, "attempts_limit": 1})
        step = self._quiz_step()
        self._take(step, right=0)
        with self.assertRaisesRegex(UserError, "Pass the quiz: no attempt is left"):
            self._start(step, self.trainee_user)
        step.enrolment_id._cancel("Begins again")
        again = self._quiz_step()
        self._take(again, right=2)
        self.assertEqual((again.state, again.attempts), ("signed", 1))

    def test_renewing_leaves_the_earlier_record(self):
        """Odoo's résumé line is overwritten; attempts and answers are not."""
        with freeze_time(fields.Datetime.now() - timedelta(days=400)):
            first = self._quiz_step(start_date=fields.Date.today())
            sheets = self._take(first, right=1)
            sheets += self._take(first, right=2)
        before = self._record(first, sheets)
        second = self._quiz_step()
        self.assertEqual(second.state, "to_do")
        sheet = self._take(second, right=1)
        self.assertEqual((second.state, second.attempts), ("failed", 1))
        self._take(second, right=2)
        self.assertEqual((second.state, second.attempts), ("signed", 2))
        self.assertNotIn(sheet, sheets)
        self.env.invalidate_all()
        self.assertEqual(self._record(first, sheets), before)
        self.assertEqual(len(before["attempts"]), 2)

    def _record(self, step, sheets):
        skipped = {"write_date", "attachment_count"}
        return {
            "step": step.read(
                ["state", "score", "attempts", "signed_on", "signed_by_id", "done_on"]
            ),
            "attempts": [
                {name: value for name, value in row.items() if name not in skipped}
                for row in step.attempt_ids.read()
            ],
            "sheets": sheets.read(
                ["state", "scoring_percentage", "scoring_success", "end_datetime"]
            ),
            "lines": sheets.user_input_line_ids.read(
                ["question_id", "suggested_answer_id", "answer_score", "create_date"]
            ),
        }


@tagged("post_install", "-at_install")
class TestQuizWithoutLogin(QuizCase):
    def test_trainer_opens_and_the_trainee_answers(self):
        step = self._quiz_step(self.without_login)
        self.assertFalse(self.trainer_user.has_group("survey.group_survey_user"))
        self.assertTrue(step.with_user(self.trainer_user).can_start_quiz)
        action = step.with_user(self.trainer_user).action_start_quiz()
        self.assertEqual(action["target"], "new")
        sheet = self._take(step, right=2, user=self.trainer_user)
        self.assertEqual(sheet.partner_id, self.without_login.work_contact_id)
        self.assertNotEqual(sheet.partner_id, self.trainer_user.partner_id)
        self.assertEqual(sheet.training_opened_by_id, self.trainer_user)
        self.assertEqual((step.state, step.score), ("signed", 100))
        self.assertEqual(step.signed_by_id, self.env.ref("base.user_root"))
        self.assertEqual(step.done_by_id, self.trainer_user)

    def test_without_a_contact_the_name_stands_on_the_sheet(self):
        self.without_login.work_contact_id = False
        step = self._quiz_step(self.without_login)
        sheet = self._take(step, right=0, user=self.trainer_user)
        self.assertFalse(sheet.partner_id)
        self.assertEqual(sheet.nickname, "Test without login")
        self.assertEqual((step.state, step.attempts), ("failed", 1))

    def test_somebody_else_goes_on_with_the_sheet(self):
        step = self._quiz_step(self.without_login)
        first = self._start(step, self.trainer_user)
        self.assertEqual(self._start(step, self.manager_user), first)
        self.assertEqual(first.training_opened_by_id, self.manager_user)

    def test_who_retries_is_the_trainee(self):
        step = self._quiz_step(self.without_login)
        sheet = self._take(step, right=0, user=self.trainer_user)
        self.assertNotEqual(sheet._get_training_retry_url(), sheet.get_start_url())
        again = self._sheets(step) - sheet
        self.assertEqual(again.partner_id, self.without_login.work_contact_id)
        self.assertEqual(again.email, self.without_login.work_contact_id.email)
        self.assertEqual(again.training_opened_by_id, self.trainer_user)

    def test_nobody_retries_a_closed_step_or_without_an_attempt_left(self):
        step = self._quiz_step(self.without_login)
        sheet = self._take(step, right=0, user=self.trainer_user)
        self.survey.write({"is_attempts_limited": True, "attempts_limit": 1})
        self.assertEqual(sheet._get_training_retry_url(), sheet.get_start_url())
        self.survey.is_attempts_limited = False
        step.enrolment_id._cancel("Left")
        self.assertEqual(sheet._get_training_retry_url(), sheet.get_start_url())
        self.assertEqual(self._sheets(step), sheet)
