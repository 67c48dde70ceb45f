from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from .test_tours import TrainingTourCase


@tagged("post_install", "-at_install")
class TestStandInTours(TrainingTourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager_user = new_test_user(
            cls.env, "tour_manager", "front_office_training.group_training_manager"
        )
        cls.programme.action_revise()
        cls.programme.step_ids[1].acknowledge = True
        cls.programme.action_publish()
        cls.employee.job_id = cls.job
        cls.enrolment = cls.employee.training_enrolment_ids
        cls.greet = cls.enrolment.step_ids[1].with_env(cls.env)
        cls.greet.with_user(cls.trainee_user).action_done()
        cls.greet.with_user(cls.trainer_user).action_sign()

    def test_card_says_closed_when_it_is(self):
        self.greet.with_user(self.trainee_user).action_acknowledge()
        Step = self.env.registry["training.enrolment.step"]
        may_tick = Step._may_tick

        def not_by_hand(step):
            return step.name != "Tour Hour" and may_tick(step)

        with patch.object(Step, "_may_tick", not_by_hand):
            self.start_tour(
                "/odoo/my-training", "front_office_training_card", login="tour_trainee"
            )

    def test_manager_closes_without_acknowledgement(self):
        self.start_tour(
            "/odoo/training-enrolments",
            "front_office_training_without_acknowledgement",
            login="tour_manager",
        )
        self.assertTrue(self.greet.is_closed)
        self.assertEqual(self.greet.acknowledgement_waived_by_id, self.manager_user)

    def test_manager_ends_a_stand_in(self):
        stand_in = new_test_user(
            self.env, "tour_stand_in", "front_office_training.group_training_trainer"
        )
        self.env["training.reassign"].with_user(self.manager_user).create(
            {
                "from_id": self.trainer_user.id,
                "to_id": stand_in.id,
                "hand_back_on": fields.Date.add(fields.Date.today(), days=7),
            }
        ).action_reassign()
        self.assertEqual(self.enrolment.trainer_id, stand_in)
        self.start_tour(
            "/odoo/training-stand-ins",
            "front_office_training_stand_in",
            login="tour_manager",
        )
        self.assertEqual(self.enrolment.trainer_id, self.trainer_user)
