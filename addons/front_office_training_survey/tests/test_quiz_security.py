from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import QuizFixture


@tagged("post_install", "-at_install")
class TestQuizSecurity(QuizFixture, TransactionCase):
    """Who may open a quiz, and that nobody gets round it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_quiz()
        cls.officer_user = cls._user("t_officer", "survey.group_survey_user")
        cls.survey_manager_user = cls._user(
            "t_survey_manager", "survey.group_survey_manager"
        )
        cls.step = cls._quiz_step()

    def test_nobody_ticks_or_signs_a_quiz(self):
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            step = self.step.with_user(user)
            self.assertFalse(step.can_tick or step.can_sign)
            for method in ("action_done", "action_sign", "action_request_signoff"):
                with self.assertRaisesRegex(AccessError, "Pass the quiz is a quiz"):
                    getattr(step, method)()
            with self.assertRaisesRegex(AccessError, "Pass the quiz is a quiz"):
                step._fail("Words")
        self.assertEqual((self.step.state, self.step.attempts), ("to_do", 0))

    def test_manager_waives_a_quiz(self):
        self.step.with_user(self.manager_user)._waive("Knows it by heart")
        self.assertEqual(self.step.state, "waived")

    def test_other_steps_are_ticked_and_signed_as_before(self):
        practice = self._steps(self._enrol())[1]
        practice.with_user(self.trainee_user).action_done()
        practice.with_user(self.trainer_user).action_sign()
        self.assertEqual(practice.state, "signed")
        self.assertFalse(practice.attempt_ids.user_input_id)

    def test_only_the_trainee_starts(self):
        self.assertTrue(self.step.with_user(self.trainee_user).can_start_quiz)
        for user in (
            self.trainer_user,
            self.manager_user,
            self.hr_user,
            self.boss_user,
        ):
            step = self.step.with_user(user)
            self.assertFalse(step.can_start_quiz)
            with self.assertRaisesRegex(AccessError, "not yours to answer"):
                step.action_start_quiz()
        with self.assertRaises(AccessError):
            self.step.with_user(self.colleague_user).action_start_quiz()

    def test_without_a_login_only_those_who_train_start(self):
        step = self._quiz_step(self.without_login)
        for user in (self.trainer_user, self.manager_user):
            self.assertTrue(step.with_user(user).can_start_quiz)
        for user in (self.hr_user, self.boss_user):
            with self.assertRaises(AccessError):
                step.with_user(user).action_start_quiz()

    def test_manager_of_another_company_starts_nothing(self):
        stranger = self._manager_elsewhere()
        step = self._quiz_step(self.without_login).with_user(stranger)
        with self.assertRaises(AccessError):
            step.action_start_quiz()

    def test_a_practice_step_has_no_quiz(self):
        practice = self._steps(self._enrol())[1].with_user(self.trainee_user)
        self.assertFalse(practice.can_start_quiz)
        with self.assertRaisesRegex(AccessError, "not yours to answer"):
            practice.action_start_quiz()

    def test_employees_reach_no_answer_sheet(self):
        sheet = self._start(self.step, self.trainee_user)
        for user in (self.trainee_user, self.colleague_user, self.trainer_user):
            mine = sheet.with_user(user)
            with self.assertRaises(AccessError):
                mine.read(["access_token"])
            with self.assertRaises(AccessError):
                mine.write({"training_enrolment_step_id": self.step.id})
            with self.assertRaises(AccessError):
                mine.create(
                    {
                        "survey_id": self.survey.id,
                        "training_enrolment_step_id": self.step.id,
                    }
                )

    def test_survey_officers_point_no_answers_at_a_step(self):
        free = self.survey._create_answer(user=self.officer_user)
        for user in (self.officer_user, self.survey_manager_user):
            sheet = free.with_user(user)
            with self.assertRaisesRegex(AccessError, "belong to a step"):
                sheet.write({"training_enrolment_step_id": self.step.id})
            with self.assertRaisesRegex(AccessError, "belong to a step"):
                sheet.create(
                    {
                        "survey_id": self.survey.id,
                        "training_enrolment_step_id": self.step.id,
                    }
                )
            with self.assertRaisesRegex(AccessError, "belong to a step"):
                sheet.with_context(
                    default_training_enrolment_step_id=self.step.id
                ).create({"survey_id": self.survey.id})
            sheet.write({"nickname": "As before"})

    def test_survey_officers_change_no_sheet_of_a_step(self):
        sheet = self._start(self.step, self.trainee_user).with_user(self.officer_user)
        self.assertEqual(sheet.state, "new")
        for vals in ({"scoring_success": True}, {"state": "done"}, {"partner_id": 1}):
            with self.assertRaisesRegex(AccessError, "belong to a step"):
                sheet.write(vals)

    def test_a_context_attaches_no_answers_to_a_signature(self):
        sheet = self._take(self.step, right=2)
        practice = self._steps(self._enrol())[1]
        practice.with_user(self.trainee_user).action_done()
        practice.with_user(self.trainer_user).with_context(
            training_user_input_id=sheet.id
        ).action_sign()
        self.assertFalse(practice.attempt_ids.user_input_id)

    def test_fields_of_the_step_are_not_written(self):
        other = self._survey("Easy")
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            with self.assertRaises(AccessError):
                self.step.with_user(user).write({"survey_id": other.id})

    def test_who_reads_the_attempt_sees_the_answers(self):
        sheet = self._take(self.step, right=1)
        attempt = self.step.attempt_ids
        with self.assertRaises(AccessError):
            self.step.with_user(self.colleague_user).action_view_answers()
        last = self._take(self.step, right=2)
        action = self.step.with_user(self.trainee_user).action_view_answers()
        self.assertIn(last.access_token, action["url"])
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            action = attempt.with_user(user).action_view_answers()
            self.assertIn(sheet.access_token, action["url"])
        with self.assertRaises(AccessError):
            attempt.with_user(self.colleague_user).action_view_answers()

    def test_without_answers_there_is_nothing_to_see(self):
        with self.assertRaisesRegex(UserError, "not handed in yet"):
            self.step.with_user(self.trainee_user).action_view_answers()

    def test_who_may_answer_a_sheet(self):
        public = self.env.ref("base.public_user")
        own = self._start(self.step, self.trainee_user)
        kiosk = self._start(self._quiz_step(self.without_login), self.trainer_user)
        expected = [
            (own, self.trainee_user, True),
            (own, self.trainer_user, "answer_wrong_user"),
            (own, self.colleague_user, "answer_wrong_user"),
            (own, public, "survey_auth"),
            (kiosk, self.trainer_user, True),
            (kiosk, self.manager_user, "answer_wrong_user"),
            (kiosk, self.colleague_user, "answer_wrong_user"),
            (kiosk, public, True),
        ]
        for sheet, user, answer in expected:
            self.assertEqual(sheet._check_training_answerer(user), answer)
        self.without_login.work_contact_id = False
        anonymous = self._start(
            self._quiz_step(self._employee("Test nobody", work_contact_id=False)),
            self.trainer_user,
        )
        self.assertEqual(
            anonymous._check_training_answerer(self.colleague_user),
            "answer_wrong_user",
        )

    def test_manager_reads_certifications_only(self):
        opinions = self._survey("Opinions", certification=False)
        surveys = (self.survey + opinions).with_user(self.manager_user)
        self.assertEqual(surveys._filtered_access("read"), self.survey)
        self.assertFalse(surveys._filtered_access("write"))
        self.assertFalse(
            self.survey.with_user(self.trainer_user)._filtered_access("read")
        )
