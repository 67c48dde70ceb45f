from odoo import Command

from odoo.addons.front_office_training.tests.common import TrainingFixture


class QuizFixture(TrainingFixture):
    """A quiz of two questions as the only step of a programme."""

    @classmethod
    def _set_up_quiz(cls):
        cls._set_up_training()
        cls.survey = cls._survey("Test quiz")
        cls.quiz_programme = cls.env["training.programme"].create(
            {
                "name": "Test quiz programme",
                "responsible_id": cls.trainer_user.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Pass the quiz",
                            "kind": "quiz",
                            "survey_id": cls.survey.id,
                            "signoff": "trainer",
                        }
                    )
                ],
            }
        )
        cls.quiz_programme.action_publish()

    @classmethod
    def _survey(cls, title, **vals):
        return cls.env["survey.survey"].create(
            {
                "title": title,
                "access_mode": "token",
                "scoring_type": "scoring_with_answers",
                "scoring_success_min": 80,
                "certification": True,
                "questions_layout": "page_per_question",
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": f"{title}: question {number}",
                            "question_type": "simple_choice",
                            "constr_mandatory": True,
                            "explanation": f"<p>Because of {number}.</p>",
                            "suggested_answer_ids": [
                                Command.create({"value": "Wrong"}),
                                Command.create(
                                    {
                                        "value": "Right",
                                        "is_correct": True,
                                        "answer_score": 1,
                                    }
                                ),
                            ],
                        }
                    )
                    for number in (1, 2)
                ],
                **vals,
            }
        )

    @classmethod
    def _quiz_step(cls, employee=None, **vals):
        """Enrol somebody and return the step with the quiz."""
        return cls._enrol(
            employee, programme_id=cls.quiz_programme.id, **vals
        ).step_ids.with_env(cls.env)

    def _sheets(self, step):
        return self.env["survey.user_input"].search(
            [("training_enrolment_step_id", "=", step.id)]
        )

    def _start(self, step, user):
        """Press the button as ``user``, and return the answer sheet that opens."""
        url = step.with_user(user).action_start_quiz()["url"]
        token = url.split("answer_token=")[1]
        sheet = self.env["survey.user_input"].search([("access_token", "=", token)])
        self.assertTrue(sheet)
        return sheet

    def _hand_in(self, sheet, right):
        """Answer ``right`` of the two questions right, the others wrong."""
        sheet._mark_in_progress()
        for index, question in enumerate(sheet.survey_id.question_ids):
            answers = question.suggested_answer_ids
            answer = answers.filtered("is_correct") if index < right else answers[0]
            sheet._save_lines(question, str(answer.id))
        sheet._mark_done()

    def _take(self, step, right, user=None):
        """Take the quiz once, from the button to the last question."""
        sheet = self._start(step, user or self.trainee_user)
        self._hand_in(sheet, right)
        return sheet
