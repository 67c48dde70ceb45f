from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged, warmup
from odoo.tools import mute_logger

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestEnrolment(TrainingFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()

    def _enrolments(self, employee):
        return self.env["training.enrolment"].search(
            [("employee_id", "=", employee.id)]
        )

    # --- a role enrols ----------------------------------------------------------

    def test_hr_officer_gives_the_position_and_the_employee_is_enrolled(self):
        with Form(self.trainee.with_user(self.hr_user)) as form:
            form.job_id = self.job
        enrolment = self._enrolments(self.trainee)
        self.assertEqual(enrolment.programme_id, self.programme)
        self.assertEqual(enrolment.state, "running")
        employee = self.trainee.with_user(self.hr_user)
        self.assertEqual(employee.training_enrolment_count, 1)
        action = employee.action_view_training_enrolments()
        self.assertEqual(
            self.env["training.enrolment"]
            .with_user(self.hr_user)
            .search(action["domain"]),
            enrolment,
        )

    def test_extra_role_enrols(self):
        self.trainee.extra_office_role_ids = [Command.link(self.role.id)]
        self.assertEqual(self._enrolments(self.trainee).programme_id, self.programme)

    def test_new_employee_with_the_position_is_enrolled(self):
        employee = self._employee("Test new", job_id=self.job.id)
        self.assertEqual(self._enrolments(employee).programme_id, self.programme)

    def test_role_of_the_position_enrols_everybody_in_it(self):
        self.job.office_role_id = False
        people = self.trainee + self.colleague + self.without_login
        people.job_id = self.job
        self.assertFalse(self._enrolments(self.trainee))
        self.job.office_role_id = self.role
        for employee in people:
            self.assertEqual(len(self._enrolments(employee)), 1, employee.name)

    def test_other_role_enrols_nobody(self):
        other = self.env["office.role"].create({"name": "Other", "code": "test_other"})
        self.trainee.extra_office_role_ids = [Command.link(other.id)]
        self.assertFalse(self._enrolments(self.trainee))

    def test_archived_employee_is_not_enrolled(self):
        self.trainee.active = False
        self.trainee.job_id = self.job
        self.assertFalse(self._enrolments(self.trainee))

    def test_role_given_twice_enrols_once(self):
        self.trainee.job_id = self.job
        self.trainee.extra_office_role_ids = [Command.link(self.role.id)]
        self.trainee.job_id = False
        self.assertEqual(len(self._enrolments(self.trainee)), 1)

    def test_cancelled_by_a_trainer_stays_cancelled(self):
        self.trainee.job_id = self.job
        enrolment = self._enrolments(self.trainee)
        enrolment._cancel("trained elsewhere")
        self.trainee.work_phone = "1"
        self.trainee.write({"job_id": self.job.id})
        self.assertEqual(self._enrolments(self.trainee), enrolment)
        self.assertEqual(enrolment.state, "cancelled")

    def test_programme_of_another_company_enrols_nobody_here(self):
        other = self.env["res.company"].create({"name": "Test other company"})
        role = self.env["office.role"].create({"name": "Wide", "code": "test_wide"})
        programme = self.env["training.programme"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "role_ids": [Command.set(role.ids)],
                "step_ids": [Command.create({"name": "Step"})],
            }
        )
        programme.action_publish()
        self.trainee.extra_office_role_ids = [Command.link(role.id)]
        self.assertFalse(self._enrolments(self.trainee))
        theirs = self._employee("Theirs", company_id=other.id, department_id=False)
        theirs.extra_office_role_ids = [Command.link(role.id)]
        self.assertEqual(self._enrolments(theirs).programme_id, programme)

    # --- the snapshot -----------------------------------------------------------

    def test_snapshot_holds_what_the_step_said(self):
        enrolment = self._enrol(start_date="2026-03-02")
        for step, copied in zip(
            self.programme.step_ids.sorted("sequence"),
            self._steps(enrolment),
            strict=True,
        ):
            for name in step._snapshot_fields():
                self.assertEqual(copied[name], step[name], name)
            self.assertEqual(copied.step_id, step)
            self.assertEqual(copied.state, "to_do")
            self.assertEqual(copied.company_id, self.company)
            self.assertEqual(copied.employee_id, self.trainee)
            self.assertEqual(copied.trainee_user_id, self.trainee_user)
        self.assertEqual(
            [step.due_date for step in self._steps(enrolment)],
            [date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 12), date(2026, 3, 22)],
        )
        self.assertEqual(enrolment.due_date, date(2026, 3, 22))

    def test_snapshot_keeps_every_translation(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.programme.action_revise()
        self.programme.step_ids[0].with_context(lang="sv_SE").name = "Läs reglerna"
        self.programme.action_publish()
        step = self._steps(self._enrol())[0]
        self.assertEqual(step.name, "Read the rules")
        self.assertEqual(step.with_context(lang="sv_SE").name, "Läs reglerna")

    def test_signers(self):
        steps = self._steps(self._enrol())
        self.assertFalse(steps[0].signer_id)
        self.assertEqual(steps[1].signer_id, self.trainer_user)
        self.assertEqual(steps[2].signer_id, self.boss_user)

    def test_without_a_manager_the_responsible_signs(self):
        steps = self._steps(self._enrol(self.colleague))
        self.assertEqual(steps[2].signer_id, self.trainer_user)

    def test_trainee_is_never_their_own_trainer_or_manager(self):
        trainer = self._employee(
            "Test trainer", user_id=self.trainer_user.id, parent_id=self.boss.id
        )
        enrolment = self._enrol(trainer)
        self.assertEqual(enrolment.trainer_id, self.boss_user)
        with self.assertRaisesRegex(ValidationError, "is the trainee"):
            enrolment.trainer_id = self.trainer_user

    def test_new_trainer_takes_over_the_open_steps(self):
        enrolment = self._enrol()
        enrolment.trainer_id = self.manager_user
        self.assertEqual(self._steps(enrolment)[1].signer_id, self.manager_user)

    def test_batch_takes_the_same_number_of_queries(self):
        counts = []
        for number in (10, 100):
            people = self.env["hr.employee"].concat(
                *(self._employee(f"Test batch {number} {i}") for i in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.programme._enrol(people)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    # --- one under way ----------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_one_running_enrolment_per_employee_and_programme(self):
        self._enrol()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._enrol()
        self.assertFalse(self.programme._enrol(self.trainee), "left out in a batch")

    def test_again_after_it_is_closed(self):
        self._enrol()._cancel("left")
        second = self._enrol()
        second.step_ids.write({"state": "waived", "signed_by_id": self.manager_user.id})
        self.assertEqual(second.state, "done")
        self.assertEqual(self._enrol().state, "running")

    def test_facts_of_an_enrolment_stay(self):
        enrolment = self._enrol().with_user(self.manager_user)
        for values in (
            {"employee_id": self.colleague.id},
            {"programme_id": self.programme.id},
            {"start_date": "2020-01-01"},
            {"programme_version": 7},
            {"state": "done"},
            {"progress": 100},
            {"completed_on": "2026-01-01"},
            {"is_cancelled": True},
            {"trainee_user_id": self.colleague_user.id},
        ):
            with self.assertRaisesRegex(UserError, "Cancel it and enrol again"):
                enrolment.write(values)
        enrolment.trainer_id = self.manager_user
        self.assertEqual(enrolment.state, "running")

    def test_cancel_needs_something_under_way(self):
        enrolment = self._enrol()
        enrolment._cancel("left the company")
        self.assertIn("left the company", enrolment.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "is not under way"):
            enrolment._cancel("again")

    # --- progress ---------------------------------------------------------------

    def test_progress_counts_the_mandatory_steps(self):
        enrolment = self._enrol()
        steps = self._steps(enrolment)
        self.assertEqual((enrolment.progress, enrolment.state), (0, "running"))
        steps[3].with_user(self.trainee_user).action_done()
        self.assertEqual(enrolment.progress, 0, "an optional step")
        steps[0].with_user(self.trainee_user).action_done()
        self.assertAlmostEqual(enrolment.progress, 100 / 3)
        steps[1].with_user(self.trainee_user).action_done()
        self.assertAlmostEqual(enrolment.progress, 100 / 3, msg="not signed yet")
        self.assertEqual(enrolment.to_sign_count, 1)
        steps[1].with_user(self.trainer_user).action_sign()
        steps[2].with_user(self.trainee_user).action_done()
        steps[2].with_user(self.boss_user).action_sign()
        self.assertEqual((enrolment.progress, enrolment.state), (100, "done"))
        self.assertTrue(enrolment.completed_on)
        self.assertFalse(enrolment.next_due_date)

    def test_without_mandatory_steps_all_count(self):
        self.programme.action_revise()
        self.programme.step_ids.mandatory = False
        self.programme.action_publish()
        enrolment = self._enrol()
        self.assertEqual(enrolment.state, "running")
        enrolment.step_ids[:2].write(
            {"state": "waived", "signed_by_id": self.manager_user.id}
        )
        self.assertEqual((enrolment.progress, enrolment.state), (50, "running"))

    def test_late_from_the_day_after_the_due_date(self):
        Enrolment = self.env["training.enrolment"]
        enrolment = self._enrol(start_date="2026-03-02")
        mine = [("id", "=", enrolment.id)]
        with freeze_time("2026-03-03"):
            enrolment.invalidate_recordset(["late"])
            self.assertFalse(enrolment.late)
            self.assertFalse(Enrolment.search([*mine, ("late", "=", True)]))
            self.assertTrue(Enrolment.search([*mine, ("late", "=", False)]))
        with freeze_time("2026-03-04"):
            enrolment.invalidate_recordset(["late"])
            self.assertTrue(enrolment.late)
            self.assertTrue(enrolment.step_ids[0].late)
            self.assertFalse(enrolment.step_ids[1].late)
            self.assertTrue(Enrolment.search([*mine, ("late", "=", True)]))
            self.assertFalse(Enrolment.search([*mine, ("late", "=", False)]))
            self.assertEqual(
                self.env["training.enrolment.step"].search(
                    [("enrolment_id", "=", enrolment.id), ("late", "=", True)]
                ),
                enrolment.step_ids[0],
            )
            enrolment.step_ids[0].with_user(self.trainee_user).action_done()
            self.assertFalse(enrolment.late)

    def test_done_is_never_late(self):
        enrolment = self._enrol(start_date="2026-03-02")
        enrolment.step_ids.write(
            {"state": "waived", "signed_by_id": self.manager_user.id}
        )
        with freeze_time("2027-01-01"):
            enrolment.invalidate_recordset(["late"])
            self.assertFalse(enrolment.late)
            self.assertTrue(
                self.env["training.enrolment"].search(
                    [("id", "=", enrolment.id), ("late", "=", False)]
                )
            )

    def test_groups_by_state_programme_and_department(self):
        self._enrol()
        self._enrol(self.colleague)._cancel("left")
        groups = self.env["training.enrolment"]._read_group(
            [("programme_id", "=", self.programme.id)],
            ["programme_id", "department_id", "state"],
            ["__count"],
        )
        self.assertEqual(
            sorted(groups, key=lambda group: group[2]),
            [
                (self.programme, self.department, "cancelled", 1),
                (self.programme, self.department, "running", 1),
            ],
        )

    @warmup
    def test_reading_the_list_takes_the_same_number_of_queries(self):
        people = self.env["hr.employee"].concat(
            *(self._employee(f"Test list {i}") for i in range(100))
        )
        enrolments = self.programme._enrol(people)
        names = ["employee_id", "programme_id", "progress", "late", "state"]
        counts = []
        for size in (10, 100):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            enrolments[:size].read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
