from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


class TrainingTourCase(HttpCase):
    """A role, a programme of three steps, and the people who walk through it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr_user = new_test_user(cls.env, "tour_hr", "hr.group_hr_user")
        cls.trainer_user = new_test_user(
            cls.env, "tour_trainer", "front_office_training.group_training_trainer"
        )
        cls.trainee_user = new_test_user(cls.env, "tour_trainee", "base.group_user")
        cls.role = cls.env["office.role"].create(
            {"name": "Tour Role", "code": "tour_role"}
        )
        cls.job = cls.env["hr.job"].create(
            {"name": "Tour Receptionist", "office_role_id": cls.role.id}
        )
        boss = cls.env["hr.employee"].create(
            {"name": "Tour Trainer", "user_id": cls.trainer_user.id}
        )
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Tour Trainee",
                "user_id": cls.trainee_user.id,
                "parent_id": boss.id,
            }
        )
        cls.programme = cls.env["training.programme"].create(
            {
                "name": "Tour Programme",
                "role_ids": [Command.set(cls.role.ids)],
                "responsible_id": cls.trainer_user.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Tour Read",
                            "sequence": 1,
                            "signoff": "none",
                            "instructions": "<p>Read this page.</p>",
                        }
                    ),
                    Command.create(
                        {"name": "Tour Greet", "sequence": 2, "signoff": "trainer"}
                    ),
                    Command.create(
                        {"name": "Tour Hour", "sequence": 3, "signoff": "manager"}
                    ),
                ],
            }
        )
        cls.programme.action_publish()


@tagged("post_install", "-at_install")
class TestDeskTours(TrainingTourCase):
    def test_hr_officer_gives_the_role(self):
        self.start_tour("/odoo/employees", "front_office_training_hr", login="tour_hr")
        enrolment = self.env["training.enrolment"].search(
            [("employee_id", "=", self.employee.id)]
        )
        self.assertEqual(enrolment.programme_id, self.programme)


@tagged("post_install", "-at_install")
class TestPhoneTours(TrainingTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_trainee_ticks_and_trainer_signs(self):
        self.employee.job_id = self.job
        enrolment = self.employee.training_enrolment_ids
        self.start_tour(
            "/odoo/my-training", "front_office_training_trainee", login="tour_trainee"
        )
        self.assertEqual(set(enrolment.step_ids.mapped("state")), {"done"})
        self.assertEqual(
            enrolment.step_ids[1].attachment_ids.mapped("name"), ["greeting.txt"]
        )
        self._at_a_desk("front_office_training_trainer_returns", "tour_trainer")
        self.assertEqual(enrolment.step_ids[1].feedback, "Look at the visitor first.")
        self.start_tour(
            "/odoo/my-training",
            "front_office_training_trainee_again",
            login="tour_trainee",
        )
        self._at_a_desk("front_office_training_trainer", "tour_trainer")
        enrolment.invalidate_recordset()
        self.assertEqual((enrolment.progress, enrolment.state), (100, "done"))
        self.assertEqual(enrolment.step_ids.signed_by_id, self.trainer_user)
        self.assertEqual(enrolment.step_ids[1].attempts, 2)

    def _at_a_desk(self, tour, login):
        """Run a tour in a window as wide as a desk's."""
        self.browser_size, self.touch_enabled = "1366x768", False
        self.start_tour("/odoo/training-to-sign", tour, login=login)
        self.browser_size, self.touch_enabled = "390x844", True
