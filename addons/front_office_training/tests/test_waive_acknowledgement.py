import json

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .rubric_common import RubricFixture

REASON = "Left without notice; told by letter."


@tagged("post_install", "-at_install")
class TestWaiveAcknowledgement(RubricFixture, TransactionCase):
    """A manager closes what the trainee will not, or cannot, acknowledge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-05-04 08:00:00"))
        cls._set_up_training()
        cls.programme.action_revise()
        cls.greet_step.acknowledge = True
        cls.programme.action_publish()
        cls.step = cls._greet()
        cls.enrolment = cls.step.enrolment_id
        cls._give(cls.trainer_user, cls.step, cls.PASSING)

    def _review(self, user, step=None, reason=REASON):
        """Write the reason and confirm, as the web client would by RPC."""
        wizard_id = self._rpc(
            user,
            "training.step.review",
            "create",
            {
                "step_ids": [Command.set((step or self.step).ids)],
                "decision": "waive_acknowledgement",
                "feedback": reason,
            },
        )
        self._rpc(user, "training.step.review", "action_confirm", [wizard_id])

    # --- by a manager -----------------------------------------------------------

    def test_manager_closes_it_with_a_reason(self):
        step = self.step.with_user(self.manager_user)
        self.assertTrue(step.can_waive_acknowledgement)
        action = step.action_open_waive_acknowledgement()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.manager_user)
            .with_context(**action["context"])
        )
        form.feedback = REASON
        form.save().action_confirm()
        self.assertTrue(self.step.is_closed)
        self.assertEqual(self.step.acknowledgement_waived_by_id, self.manager_user)
        self.assertEqual(
            str(self.step.acknowledgement_waived_on), "2026-05-04 08:00:00"
        )
        self.assertEqual(self.step.acknowledgement_waived_reason, REASON)
        self.assertFalse(self.step.acknowledged_on)
        self.assertEqual(self.step.signed_by_id, self.trainer_user)
        body = self.enrolment.message_ids[:1].body
        self.assertIn("Closed without acknowledgement", body)
        self.assertIn(REASON, body)
        note = self.env["mail.message"].search(
            [("subject", "=", "Closed without you: Greet a visitor")]
        )
        self.assertEqual(note.partner_ids, self.trainee_user.partner_id)

    def test_once_and_only_what_waits(self):
        desk = self._steps(self.enrolment)[2]
        self.assertFalse(desk.with_user(self.manager_user).can_waive_acknowledgement)
        with self.assertRaisesRegex(UserError, "Run the desk for an hour: there is no"):
            self._review(self.manager_user, desk)
        self._review(self.manager_user)
        with self.assertRaisesRegex(UserError, "Greet a visitor: there is no judge"):
            self._review(self.manager_user)
        with self.assertRaisesRegex(UserError, "Greet a visitor: there is no judge"):
            self.step.with_user(self.trainee_user).action_acknowledge()

    def test_acknowledged_step_needs_no_manager(self):
        self.step.with_user(self.trainee_user).action_acknowledge()
        step = self.step.with_user(self.manager_user)
        self.assertFalse(step.can_waive_acknowledgement)
        with self.assertRaisesRegex(UserError, "there is no judgement to acknow"):
            step._waive_acknowledgement(REASON)

    def test_reason_has_words(self):
        with self.assertRaisesRegex(UserError, "Greet a visitor: write the reason"):
            self._review(self.manager_user, reason=" ")
        self.assertFalse(self.step.is_closed)

    def test_not_on_a_cancelled_enrolment(self):
        self.enrolment._cancel("Left")
        with self.assertRaisesRegex(UserError, "is not under way any more"):
            self._review(self.manager_user)

    def test_last_step_gives_the_certificate_which_says_so(self):
        self.programme.issues_certificate = True
        read, _greet, desk, _visit = self._steps(self.enrolment)
        (read + desk).with_user(self.trainee_user).action_done()
        desk.with_user(self.boss_user).action_sign()
        self.assertEqual(self.enrolment.state, "running")
        self._review(self.manager_user)
        self.assertEqual(self.enrolment.state, "done")
        certificate = self.enrolment.certificate_ids
        self.assertTrue(certificate.is_intact)
        records = {
            record["name"]: record for record in json.loads(certificate.frozen)["steps"]
        }
        record = records["Greet a visitor"]
        self.assertEqual(
            (
                record["acknowledgement_waived_by"],
                record["acknowledgement_waived_reason"],
                record["acknowledged_by"],
            ),
            (self.manager_user.name, REASON, False),
        )
        self.assertEqual(record["acknowledgement_waived_on"], "2026-05-04 08:00:00")
        self.assertNotIn("acknowledged_by", records["Read the rules"])

    def test_certificate_names_who_acknowledged(self):
        self.programme.issues_certificate = True
        read, greet, desk, _visit = self._steps(self.enrolment)
        (read + desk).with_user(self.trainee_user).action_done()
        desk.with_user(self.boss_user).action_sign()
        greet.with_user(self.trainee_user).action_acknowledge()
        record = json.loads(self.enrolment.certificate_ids.frozen)["steps"][1]
        self.assertEqual(record["acknowledged_by"], self.trainee_user.name)
        self.assertFalse(record["acknowledgement_waived_by"])

    def test_somebody_without_a_login(self):
        step = self._greet(self.without_login)
        self._give(self.trainer_user, step, self.PASSING)
        self._review(self.manager_user, step)
        self.assertTrue(step.is_closed)

    # --- and by nobody else -----------------------------------------------------

    def test_others_are_refused(self):
        stranger = self._manager_elsewhere()
        for user in (
            self.trainee_user,
            self.trainer_user,
            self.colleague_user,
            self.boss_user,
            self.hr_user,
            stranger,
        ):
            with self.assertRaises(AccessError):
                self._review(user)
            with self.assertRaises(AccessError):
                self._rpc(
                    user,
                    "training.enrolment.step",
                    "write",
                    self.step.ids,
                    {"acknowledgement_waived_on": "2026-05-04 08:00:00"},
                )
        self.assertFalse(self.step.is_closed)

    def test_private_method_and_fields_are_closed_to_managers(self):
        Step = "training.enrolment.step"
        with self.assertRaises(AccessError):
            self._rpc(
                self.manager_user,
                Step,
                "_waive_acknowledgement",
                self.step.ids,
                REASON,
            )
        with self.assertRaises(AccessError):
            self._rpc(
                self.manager_user,
                Step,
                "write",
                self.step.ids,
                {"acknowledgement_waived_reason": REASON},
            )

    def _make_manager(self, user):
        group = self.env.ref("front_office_training.group_training_manager")
        user.group_ids = [Command.link(group.id)]

    def test_manager_who_is_the_trainee_is_refused(self):
        self._make_manager(self.trainee_user)
        step = self.step.with_user(self.trainee_user)
        self.assertFalse(step.can_waive_acknowledgement)
        with self.assertRaisesRegex(AccessError, "Greet a visitor: only a training"):
            self._review(self.trainee_user)

    def test_manager_who_signs_is_refused(self):
        self._make_manager(self.trainer_user)
        with self.assertRaisesRegex(AccessError, "neither the trainee nor the signer"):
            self._review(self.trainer_user)

    def test_manager_who_signed_for_the_named_signer_is_refused(self):
        step = self._greet(self.colleague)
        self._give(self.manager_user, step, self.PASSING)
        self.assertEqual(step.signer_id, self.trainer_user)
        with self.assertRaisesRegex(AccessError, "neither the trainee nor the signer"):
            self._review(self.manager_user, step)

    def test_manager_who_was_the_trainee_without_a_login_is_refused(self):
        step = self._greet(self.without_login)
        self._give(self.trainer_user, step, self.PASSING)
        self.without_login.user_id = self.manager_user
        self.assertFalse(step.trainee_user_id, "it stays as it was when signed")
        with self.assertRaises(AccessError):
            self._review(self.manager_user, step)

    # --- for good ---------------------------------------------------------------

    def test_what_was_written_stays_even_for_the_superuser(self):
        self._review(self.manager_user)
        for vals in (
            {"acknowledgement_waived_reason": "Another"},
            {"acknowledgement_waived_on": False},
            {"acknowledgement_waived_by_id": self.hr_user.id},
        ):
            with self.assertRaisesRegex(UserError, "stays as it was written"):
                self.step.sudo().write(vals)
        self.assertEqual(self.step.acknowledgement_waived_reason, REASON)

    @mute_logger("odoo.sql_db")
    def test_database_refuses(self):
        self.env.flush_all()
        for person, reason in (
            (self.trainee_user, REASON),
            (self.trainer_user, REASON),
            (self.manager_user, None),
        ):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self._write_by_sql(person, reason)
        self._write_by_sql(self.manager_user, REASON)
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE training_enrolment_step SET acknowledged_on = now(), "
                "acknowledged_by_id = trainee_user_id WHERE id = %s",
                [self.step.id],
            )

    def _write_by_sql(self, person, reason):
        self.env.cr.execute(
            "UPDATE training_enrolment_step SET acknowledgement_waived_by_id = %s, "
            "acknowledgement_waived_on = now(), acknowledgement_waived_reason = %s "
            "WHERE id = %s",
            [person.id, reason, self.step.id],
        )
