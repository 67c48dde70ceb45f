from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged, warmup

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestPrerequisites(TrainingFixture, TransactionCase):
    """The programme comes after «second», and that after «first»."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.first = cls._programme("Test first")
        cls.second = cls._programme("Test second", prerequisite_ids=cls.first.ids)
        cls.programme.prerequisite_ids = cls.second

    @classmethod
    def _programme(cls, name, **vals):
        programme = cls.env["training.programme"].create(
            {
                "name": name,
                "responsible_id": cls.trainer_user.id,
                "step_ids": [Command.create({"name": f"Step of {name}"})],
                **vals,
            }
        )
        programme.action_publish()
        return programme

    def _programmes_of(self, employee, state="running"):
        return employee.training_enrolment_ids.filtered(
            lambda enrolment: enrolment.state == state
        ).programme_id

    def _finish(self, employee, programme):
        enrolment = programme._enrol(employee).filtered(
            lambda enrolment: enrolment.programme_id == programme
        )
        enrolment.step_ids.write(
            {"state": "waived", "signed_by_id": self.manager_user.id}
        )
        self.env.flush_all()
        self.assertEqual(enrolment.state, "done")

    def test_what_comes_before_is_enrolled_first(self):
        enrolments = self.programme._enrol(self.trainee)
        self.assertEqual(
            enrolments.programme_id, self.first + self.second + self.programme
        )
        self.assertEqual(enrolments.sorted("id"), enrolments)
        self.assertEqual(len(enrolments.step_ids), 6)

    def test_a_completed_prerequisite_is_not_asked_for_again(self):
        self._finish(self.trainee, self.first)
        self.programme._enrol(self.trainee)
        self.assertEqual(
            self._programmes_of(self.trainee), self.second + self.programme
        )

    def test_nothing_is_asked_for_before_what_was_completed(self):
        self.second.prerequisite_ids = False
        self._finish(self.trainee, self.second)
        self.second.prerequisite_ids = self.first
        self.programme._enrol(self.trainee)
        self.assertEqual(self._programmes_of(self.trainee), self.programme)

    def test_a_running_prerequisite_stays_one(self):
        self.second._enrol(self.trainee)
        self.programme._enrol(self.trainee + self.colleague)
        for employee in self.trainee + self.colleague:
            self.assertEqual(len(employee.training_enrolment_ids), 3)

    def test_a_cancelled_prerequisite_is_enrolled_again(self):
        self.first._enrol(self.trainee)._cancel("left")
        self.programme._enrol(self.trainee)
        self.assertIn(self.first, self._programmes_of(self.trainee))

    def test_an_unpublished_prerequisite_is_passed_over(self):
        self.second.action_revise()
        self.programme._enrol(self.trainee)
        self.assertEqual(self._programmes_of(self.trainee), self.programme)

    def test_the_role_brings_the_prerequisites_along(self):
        self.trainee.with_user(self.hr_user).job_id = self.job
        self.assertEqual(len(self._programmes_of(self.trainee)), 3)

    def test_a_circle_is_refused(self):
        for programme, others in (
            (self.first, self.programme),
            (self.first, self.first),
        ):
            with self.assertRaisesRegex(
                ValidationError, "Test first: the field “Comes after” leads in a circle"
            ):
                programme.prerequisite_ids = others
            programme.invalidate_recordset()
        self.first.prerequisite_ids = self._programme("Test zero")

    def test_a_prerequisite_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Test elsewhere"})
        foreign = self._programme("Test foreign", company_id=company.id)
        with self.assertRaises(UserError):
            self.first.prerequisite_ids = foreign

    def test_trainer_enrols_in_a_prerequisite_of_somebody_else(self):
        self.first.responsible_id = self.manager_user
        self.programme.with_user(self.trainer_user)._enrol(self.trainee)
        self.assertEqual(len(self.trainee.training_enrolment_ids), 3)
        with self.assertRaises(AccessError):
            self.first.with_user(self.trainer_user)._enrol(self.colleague)

    def test_whoever_enrols_nobody_enrols_nobody_in_a_prerequisite(self):
        for user in (self.trainee_user, self.hr_user):
            with self.assertRaises(AccessError):
                self.programme.with_user(user)._enrol(self.trainee)
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            with self.assertRaises(AccessError):
                self.programme.with_user(user).prerequisite_ids = False

    def test_the_wizard_counts_them(self):
        form = Form(self.env["training.enrol"].with_user(self.manager_user))
        form.programme_ids.add(self.programme)
        form.employee_ids.add(self.trainee)
        self.assertEqual(form.new_count, 3)
        form.save().action_enrol()
        self.assertEqual(len(self.trainee.training_enrolment_ids), 3)

    @warmup
    def test_queries_do_not_grow_with_the_people(self):
        people = self.env["hr.employee"].create(
            [{"name": f"Test {number}"} for number in range(40)]
        )
        counts = []
        for employees in (people[:2], people):
            self.env.flush_all()
            self.env.invalidate_all()
            employees.mapped("company_id")
            before = self.env.cr.sql_log_count
            self.programme._plan_enrolments(employees)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
