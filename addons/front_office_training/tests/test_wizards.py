from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestWizards(TrainingFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()

    def _wizard(self, user):
        form = Form(self.env["training.enrol"].with_user(user))
        form.programme_ids.add(self.programme)
        return form

    def test_department_with_those_below_it(self):
        below = self.env["hr.department"].create(
            {"name": "Test below", "parent_id": self.department.id}
        )
        deep = self._employee("Test deep", department_id=below.id)
        self._enrol(self.colleague)
        form = self._wizard(self.manager_user)
        form.department_id = self.department
        form.start_date = "2026-05-04"
        self.assertEqual(form.new_count, 4)
        action = form.save().action_enrol()
        enrolments = self.env["training.enrolment"].search(action["domain"])
        self.assertEqual(
            enrolments.employee_id, self.boss + self.trainee + self.without_login + deep
        )
        self.assertEqual(
            set(enrolments.mapped("start_date")), {enrolments[0].start_date}
        )
        self.assertEqual(str(enrolments[0].start_date), "2026-05-04")
        self.assertEqual(enrolments.trainer_id, self.trainer_user)

    def test_everybody_enrolled_already_is_said(self):
        self._enrol()
        form = self._wizard(self.manager_user)
        form.employee_ids.add(self.trainee)
        self.assertEqual(form.new_count, 0)
        with self.assertRaisesRegex(UserError, "Nobody was enrolled"):
            form.save().action_enrol()

    def test_trainer_enrols_their_own_trainees(self):
        form = self._wizard(self.trainer_user)
        form.employee_ids.add(self.trainee)
        form.save().action_enrol()
        self.assertEqual(
            self.trainee.training_enrolment_ids.trainer_id, self.trainer_user
        )

    def test_plain_employee_has_no_wizard(self):
        with self.assertRaises(AccessError):
            self.env["training.enrol"].with_user(self.trainee_user).create(
                {"programme_ids": self.programme.ids, "employee_ids": self.trainee.ids}
            )

    def test_send_back_and_waive(self):
        _read, greet, desk, _visit = self._steps(self._enrol())
        (greet + desk).with_user(self.trainee_user).action_done()
        action = greet.with_user(self.trainer_user).action_open_fail()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.trainer_user)
            .with_context(**action["context"])
        )
        form.feedback = "Speak up."
        form.save().action_confirm()
        self.assertEqual((greet.state, greet.feedback), ("failed", "Speak up."))
        action = desk.with_user(self.manager_user).action_open_waive()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.manager_user)
            .with_context(**action["context"])
        )
        with self.assertRaises(AssertionError, msg="a reason is required"):
            form.save()
        form.feedback = "Knows it."
        form.save().action_confirm()
        self.assertEqual((desk.state, desk.feedback), ("waived", "Knows it."))

    def test_wizard_gives_no_right(self):
        _read, greet, _desk, _visit = self._steps(self._enrol())
        greet.with_user(self.trainee_user).action_done()
        wizard = (
            self.env["training.step.review"]
            .with_user(self.trainee_user)
            .create(
                {"step_ids": greet.ids, "decision": "waive", "feedback": "I know it."}
            )
        )
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    def test_cancel_with_a_reason(self):
        enrolment = self._enrol()
        action = enrolment.with_user(self.trainer_user).action_open_cancel()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.trainer_user)
            .with_context(**action["context"])
        )
        form.reason = "Moved to the warehouse"
        form.save().action_confirm()
        self.assertEqual(enrolment.state, "cancelled")

    def test_plain_employee_cancels_nothing(self):
        enrolment = self._enrol()
        with self.assertRaises(AccessError):
            enrolment.with_user(self.trainee_user)._cancel("no")
