from odoo import Command
from odoo.tests import tagged

from .rubric_common import criterion_values
from .test_tours import TrainingTourCase


@tagged("post_install", "-at_install")
class TestRubricTours(TrainingTourCase):
    browser_size = "1366x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.action_revise()
        step = cls.programme.step_ids.filtered(lambda step: step.name == "Tour Greet")
        step.write(
            {
                "kind": "practice",
                "acknowledge": True,
                "criterion_ids": [
                    Command.create(criterion_values(f"Tour {name}", sequence=number))
                    for number, name in enumerate(("Listens", "Speaks", "Waits"))
                ],
            }
        )
        cls.programme.action_publish()
        enrolment = cls.env["training.enrolment"].create(
            {"employee_id": cls.employee.id, "programme_id": cls.programme.id}
        )
        cls.step = enrolment.step_ids.filtered("rubric")

    def test_trainer_scores_with_the_keyboard_and_the_trainee_acknowledges(self):
        self.step.with_user(self.trainee_user).action_done()
        url = "/odoo/training-to-sign"
        self.start_tour(url, "front_office_training_score_fails", login="tour_trainer")
        self.assertEqual((self.step.state, self.step.score), ("failed", 33.33))
        self.assertEqual(self.step.feedback, "Let them finish.")
        self.step.with_user(self.trainee_user).action_done()
        self.start_tour(url, "front_office_training_score", login="tour_trainer")
        self.assertEqual(
            (self.step.state, self.step.score, self.step.is_closed),
            ("signed", 88.89, False),
        )
        self.assertEqual(self.step.attempt_ids[0].line_ids.mapped("level"), [3, 4, 4])
        self.start_tour(
            "/odoo/my-training",
            "front_office_training_acknowledge",
            login="tour_trainee",
        )
        self.assertEqual(self.step.acknowledged_by_id, self.trainee_user)
        self.assertTrue(self.step.is_closed)
