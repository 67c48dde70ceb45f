from odoo.tests import HttpCase, tagged

from .common import QuizFixture


@tagged("post_install", "-at_install")
class TestPages(QuizFixture, HttpCase):
    """The pages of the quiz, as the browser asks for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_quiz()

    def _page(self, sheet):
        return self.url_open(sheet.get_start_url())

    def _submit(self, sheet, right):
        """Answer both questions through the routes of the quiz."""
        base = f"{sheet.survey_id.access_token}/{sheet.access_token}"
        self.make_jsonrpc_request(f"/survey/begin/{base}", {})
        for question in sheet.survey_id.question_ids:
            answers = question.suggested_answer_ids
            answer = answers.filtered("is_correct") if right else answers[0]
            self.make_jsonrpc_request(
                f"/survey/submit/{base}",
                {str(question.id): str(answer.id), "question_id": question.id},
            )
        sheet.invalidate_recordset()

    def test_trainee_passes_through_the_pages(self):
        step = self._quiz_step()
        sheet = self._start(step, self.trainee_user)
        self.authenticate("t_trainee", "t_trainee")
        self.assertIn("Start Certification", self._page(sheet).text)
        self._submit(sheet, right=True)
        self.assertEqual((sheet.state, step.state), ("done", "signed"))
        self.assertIn("Back to my training", self._page(sheet).text)

    def test_colleague_with_the_token_is_refused(self):
        step = self._quiz_step()
        sheet = self._start(step, self.trainee_user)
        self.authenticate("t_colleague", "t_colleague")
        self.assertNotIn("Start Certification", self._page(sheet).text)
        self._submit(sheet, right=True)
        self.assertEqual((sheet.state, step.state), ("new", "to_do"))

    def test_trainer_with_the_token_is_refused(self):
        step = self._quiz_step()
        sheet = self._start(step, self.trainee_user)
        self.authenticate("t_trainer", "t_trainer")
        self._submit(sheet, right=True)
        self.assertEqual((sheet.state, step.state), ("new", "to_do"))

    def test_portal_user_with_the_token_is_refused(self):
        self._user("t_portal", "base.group_portal")
        step = self._quiz_step(self.without_login)
        sheet = self._start(step, self.trainer_user)
        self.authenticate("t_portal", "t_portal")
        self._submit(sheet, right=True)
        self.assertEqual((sheet.state, step.state), ("new", "to_do"))

    def test_nobody_answers_for_a_trainee_without_logging_in(self):
        step = self._quiz_step()
        sheet = self._start(step, self.trainee_user)
        self.authenticate(None, None)
        self.assertIn("login", self._page(sheet).text)
        self._submit(sheet, right=True)
        self.assertEqual((sheet.state, step.state), ("new", "to_do"))

    def test_trainer_opens_it_for_somebody_without_a_login(self):
        step = self._quiz_step(self.without_login)
        sheet = self._start(step, self.trainer_user)
        self.authenticate("t_trainer", "t_trainer")
        self.assertIn("Start Certification", self._page(sheet).text)
        self._submit(sheet, right=True)
        self.assertEqual((sheet.state, step.state), ("done", "signed"))
        page = self._page(sheet).text
        self.assertIn("Thank you, Test without login", page)
        self.assertNotIn("Download certification", page)

    def test_the_address_works_where_nobody_is_logged_in(self):
        step = self._quiz_step(self.without_login)
        sheet = self._start(step, self.trainer_user)
        self.authenticate(None, None)
        self._submit(sheet, right=False)
        self.assertEqual((sheet.state, step.state), ("done", "failed"))

    def test_retry_stays_with_the_trainee(self):
        self.survey.write({"is_attempts_limited": True, "attempts_limit": 2})
        step = self._quiz_step(self.without_login)
        sheet = self._start(step, self.trainer_user)
        self.authenticate("t_trainer", "t_trainer")
        self._submit(sheet, right=False)
        self.assertIn("Retry", self._page(sheet).text)
        self.url_open(f"/survey/retry/{self.survey.access_token}/{sheet.access_token}")
        again = self._sheets(step) - sheet
        self.assertEqual(again.partner_id, self.without_login.work_contact_id)
        self.assertEqual(again.training_opened_by_id, self.trainer_user)
        self._submit(again, right=True)
        self.assertEqual((step.state, step.attempts), ("signed", 2))

    def test_corrections_show_after_the_quiz_only(self):
        step = self._quiz_step()
        sheet = self._start(step, self.trainee_user)
        self.authenticate("t_trainee", "t_trainee")
        self.assertNotIn("Because of 1", self.url_open(sheet.get_print_url()).text)
        self._submit(sheet, right=False)
        self.assertIn("Because of 1", self.url_open(sheet.get_print_url()).text)

    def test_trainer_reads_the_answers(self):
        step = self._quiz_step()
        sheet = self._start(step, self.trainee_user)
        self.authenticate("t_trainee", "t_trainee")
        self._submit(sheet, right=False)
        self.authenticate("t_trainer", "t_trainer")
        url = step.attempt_ids.with_user(self.trainer_user).action_view_answers()["url"]
        self.assertIn("Because of 2", self.url_open(url).text)

    def test_other_surveys_work_as_before(self):
        sheet = self.survey._create_answer(user=self.colleague_user)
        self.authenticate("t_colleague", "t_colleague")
        self._submit(sheet, right=True)
        self.assertEqual(sheet.state, "done")
        page = self._page(sheet).text
        self.assertIn("Download certification", page)
        self.assertNotIn("Back to my training", page)
