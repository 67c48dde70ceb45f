from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import QuizFixture


class QuizTourCase(QuizFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_quiz()
        # no pause between two questions
        cls.survey.questions_layout = "one_page"


@tagged("post_install", "-at_install")
class TestPhoneTours(QuizTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_trainee_fails_and_then_passes(self):
        step = self._quiz_step()
        self.start_tour(
            "/odoo/my-training",
            "front_office_training_survey_trainee",
            login="t_trainee",
        )
        self.assertEqual((step.state, step.score, step.attempts), ("signed", 100, 2))
        self.assertEqual(
            step.attempt_ids.sorted("number").mapped("score"), [50.0, 100.0]
        )


@tagged("post_install", "-at_install")
class TestDeskTours(QuizTourCase):
    browser_size = "1366x768"

    def test_trainer_opens_it_for_somebody_without_a_login(self):
        step = self._quiz_step(self.without_login)
        self.start_tour(
            f"/odoo/training-enrolments/{step.enrolment_id.id}",
            "front_office_training_survey_kiosk",
            login="t_trainer",
        )
        sheet = self._sheets(step)
        self.start_tour(
            sheet.get_start_url(),
            "front_office_training_survey_answer",
            login="t_trainer",
        )
        self.assertEqual((step.state, step.score), ("signed", 100))
        self.assertEqual(sheet.partner_id, self.without_login.work_contact_id)
        self.start_tour(
            f"/odoo/training-enrolments/{step.enrolment_id.id}",
            "front_office_training_survey_result",
            login="t_trainer",
        )

    def test_manager_adds_a_quiz_to_a_programme(self):
        self.env["training.programme"].create(
            {
                "name": "Tour draft",
                "step_ids": [Command.create({"name": "Tour read"})],
            }
        )
        self.start_tour(
            "/odoo/action-front_office_training.training_programme_action",
            "front_office_training_survey_author",
            login="t_manager",
        )
        step = self.env["training.step"].search([("name", "=", "Tour quiz")])
        self.assertEqual((step.kind, step.survey_id), ("quiz", self.survey))
        self.assertEqual(step.programme_id.state, "published")

    def test_trainee_takes_the_quiz_of_a_shipped_programme(self):
        programme = self.env.ref("front_office_training.programme_receptionist")
        quiz = self.env.ref("front_office_training_survey.survey_receptionist")
        enrolment = self._enrol(programme_id=programme.id)
        step = enrolment.step_ids.filtered(lambda each: each.kind == "quiz")
        self.assertEqual(step.survey_id, quiz)
        self.start_tour(
            "/odoo/my-training",
            "front_office_training_survey_shipped",
            login="t_trainee",
            timeout=120,
        )
        self.assertEqual((step.state, step.score, step.attempts), ("signed", 100, 1))
        self.assertEqual(step.signed_by_id, self.env.ref("base.user_root"))
        self.assertEqual(enrolment.state, "running")
