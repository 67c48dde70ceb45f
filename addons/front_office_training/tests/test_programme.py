from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestProgramme(TrainingFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()

    def test_publish_without_steps_is_refused(self):
        programme = self.env["training.programme"].create({"name": "Empty"})
        with self.assertRaisesRegex(UserError, "Empty has no step"):
            programme.action_publish()
        self.assertEqual(programme.state, "draft")

    def test_written_in_the_form_and_published(self):
        with Form(self.env["training.programme"].with_user(self.manager_user)) as form:
            form.name = "Cashier"
            form.role_ids.add(self.role)
            with form.step_ids.new() as step:
                step.name = "Count the till"
                step.minutes = 15
            with form.step_ids.new() as step:
                step.name = "Close the till"
                step.minutes = 5
        programme = form.record
        self.assertEqual((programme.step_count, programme.minutes), (2, 20))
        self.assertEqual(programme.responsible_id, self.manager_user)
        programme.action_publish()
        self.assertEqual((programme.state, programme.version), ("published", 1))

    def test_only_a_changed_programme_makes_a_new_version(self):
        self.assertEqual(self.programme.version, 1)
        self.programme.action_revise()
        self.programme.action_publish()
        self.assertEqual(self.programme.version, 1, "nothing was changed")
        self.programme.action_revise()
        self.programme.step_ids[0].name = "Read the new rules"
        self.programme.action_publish()
        self.assertEqual(self.programme.version, 2)

    def test_every_copied_column_counts_as_a_change(self):
        step = self.programme.step_ids[0]
        changes = {
            "section": "Another",
            "name": "Another",
            "sequence": 15,
            "kind": "practice",
            "instructions": "<p>Another.</p>",
            "minutes": 99,
            "mandatory": False,
            "signoff": "manager",
            "due_days": 99,
            "certified_signer": True,
            "acknowledge": True,
            "pass_mark": 99,
            "evidence_rule_id": self.env["training.evidence.rule"].create(
                {"name": "Test", "code": "test", "model_name": "res.partner"}
            ),
            "evidence_count": 3,
        }
        # a rubric without criteria is not published: see test_criterion.py
        own = {
            name
            for name in step._snapshot_fields()
            if "front_office_training" in step._fields[name]._modules
        }
        self.assertEqual(set(changes) | {"rubric"}, own)
        self.programme.action_revise()
        for version, (name, value) in enumerate(changes.items(), start=2):
            step[name] = value
            self.programme.action_publish()
            self.assertEqual(self.programme.version, version, name)
            self.programme.action_revise()

    def test_language_of_the_user_makes_no_version(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        step = self.programme.step_ids[0]
        self.programme.action_revise()
        step.with_context(lang="sv_SE").name = "Läs reglerna"
        self.programme.with_context(lang="sv_SE").action_publish()
        self.assertEqual(self.programme.version, 1)

    def test_steps_of_a_published_programme_are_fixed(self):
        message = "Test programme is not a draft"
        with self.assertRaisesRegex(UserError, message):
            self.programme.step_ids[0].write({"name": "Changed"})
        with self.assertRaisesRegex(UserError, message):
            self.programme.write({"step_ids": [Command.create({"name": "More"})]})
        with self.assertRaisesRegex(UserError, message):
            self.programme.step_ids[0].unlink()
        self.programme.action_revise()
        self.programme.step_ids[0].name = "Changed"
        self.programme.write({"step_ids": [Command.create({"name": "More"})]})
        self.programme.step_ids[0].unlink()

    def test_step_cannot_move_into_a_published_programme(self):
        draft = self.env["training.programme"].create(
            {"name": "Draft", "step_ids": [Command.create({"name": "Step"})]}
        )
        with self.assertRaisesRegex(UserError, "Test programme is not a draft"):
            draft.step_ids.programme_id = self.programme

    def test_running_enrolments_keep_their_version(self):
        enrolment = self._enrol()
        self.programme.action_revise()
        self.programme.step_ids[0].write({"name": "Read the new rules", "due_days": 5})
        self.programme.step_ids[1].unlink()
        self.programme.action_publish()
        later = self._enrol(self.colleague)
        self.assertEqual((enrolment.programme_version, later.programme_version), (1, 2))
        self.assertEqual(enrolment.step_ids[0].name, "Read the rules")
        self.assertEqual(len(enrolment.step_ids), 4)
        self.assertEqual(later.step_ids[0].name, "Read the new rules")
        self.assertEqual(len(later.step_ids), 3)

    def test_retired_and_draft_programmes_enrol_nobody(self):
        self.programme.action_retire()
        with self.assertRaisesRegex(UserError, "Test programme is not published"):
            self.programme._enrol(self.trainee)
        with self.assertRaisesRegex(UserError, "Test programme is not published"):
            self._enrol()
        self.trainee.job_id = self.job
        self.assertFalse(self.trainee.training_enrolment_ids)

    def test_copy_is_a_draft_with_the_steps(self):
        copy = self.programme.copy()
        self.assertEqual((copy.state, copy.version), ("draft", 0))
        self.assertFalse(copy.published_digest)
        self.assertEqual(
            copy.step_ids.mapped("name"), self.programme.step_ids.mapped("name")
        )

    def test_missing_are_the_holders_of_the_role_without_enrolment(self):
        self.programme.action_revise()
        self.trainee.job_id = self.job
        self.without_login.job_id = self.job
        self.programme.action_publish()
        self.assertEqual(self.programme.missing_count, 2)
        action = self.programme.action_enrol_missing()
        self.assertEqual(
            set(action["context"]["default_employee_ids"]),
            set((self.trainee + self.without_login).ids),
        )
        self._enrol()
        self.programme.invalidate_recordset(["missing_count"])
        self.assertEqual(self.programme.missing_count, 1)

    def test_counts_by_state(self):
        self._enrol()._cancel("left")
        self._enrol(self.colleague)
        done = self._enrol(self.boss)
        done.step_ids.write({"state": "waived", "signed_by_id": self.manager_user.id})
        self.assertEqual(
            (self.programme.running_count, self.programme.done_count), (1, 1)
        )

    @mute_logger("odoo.sql_db")
    def test_numbers_are_not_negative(self):
        for vals in ({"validity_months": -1}, {"reminder_days": -1}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.programme.write(vals)
                self.programme.flush_recordset()
        self.programme.action_revise()
        for vals in ({"minutes": -1}, {"due_days": -1}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.programme.step_ids[0].write(vals)
                self.programme.step_ids.flush_recordset()
        self.programme.write({"validity_months": 0, "reminder_days": 0})
        self.programme.flush_recordset()

    def test_buttons_open_what_they_say(self):
        enrolment = self._enrol()
        action = self.programme.action_view_enrolments()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, enrolment)
        self.assertEqual(
            self.programme.action_enrol()["context"]["default_programme_ids"],
            self.programme.ids,
        )
