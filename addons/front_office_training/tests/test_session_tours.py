from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .test_tours import TrainingTourCase


@tagged("post_install", "-at_install")
class TestSessionTours(TrainingTourCase):
    """A trainer's session, and the manager's dashboard, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager_user = new_test_user(
            cls.env, "tour_manager", "front_office_training.group_training_manager"
        )
        practice = cls.env["training.programme"].create(
            {
                "name": "Tour Practice",
                "responsible_id": cls.trainer_user.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Tour Handshake",
                            "kind": "practice",
                            "signoff": "trainer",
                            "due_days": 0,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Tour Reading",
                            "kind": "acknowledge",
                            "signoff": "none",
                            "due_days": 0,
                        }
                    ),
                ],
            }
        )
        practice.action_publish()
        cls.enrolment = cls.env["training.enrolment"].create(
            {"employee_id": cls.employee.id, "programme_id": practice.id}
        )

    def test_trainer_plans_and_holds_a_session(self):
        self.start_tour(
            "/odoo/training-sessions",
            "front_office_training_session",
            login="tour_trainer",
        )
        session = self.env["training.session"].search([("name", "=", "Tour Session")])
        self.assertEqual(session.state, "held")
        step = self.enrolment.step_ids.filtered(lambda s: s.name == "Tour Handshake")
        self.assertEqual((step.state, step.signed_by_id), ("signed", self.trainer_user))

    def test_trainee_finds_the_invitation(self):
        session = self.env["training.session"].create(
            {
                "name": "Tour Invitation",
                "trainer_id": self.trainer_user.id,
                "start": fields.Datetime.add(fields.Datetime.now(), days=1),
                "stop": fields.Datetime.add(fields.Datetime.now(), days=1, hours=1),
                "attendance_ids": [Command.create({"enrolment_id": self.enrolment.id})],
            }
        )
        session.action_plan()
        self.start_tour(
            "/odoo/my-training-sessions",
            "front_office_training_session_trainee",
            login="tour_trainee",
        )

    def test_manager_drills_down(self):
        self.start_tour(
            "/odoo/training-dashboard",
            "front_office_training_dashboard",
            login="tour_manager",
        )

    def test_empty_dashboard_says_what_comes_first(self):
        company = self.env["res.company"].create({"name": "Tour Elsewhere"})
        new_test_user(
            self.env,
            "tour_elsewhere",
            "front_office_training.group_training_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.start_tour(
            "/odoo/training-dashboard",
            "front_office_training_dashboard_empty",
            login="tour_elsewhere",
        )
