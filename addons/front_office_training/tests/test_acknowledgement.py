import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .rubric_common import RubricFixture


@tagged("post_install", "-at_install")
class TestAcknowledgement(RubricFixture, TransactionCase):
    """Two signatures: the trainer's, and the trainee's who acknowledges it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.programme.action_revise()
        cls.greet_step.acknowledge = True
        cls.programme.action_publish()
        cls.step = cls._greet()
        cls.enrolment = cls.step.enrolment_id

    def _sign(self, step=None):
        self._give(self.trainer_user, step or self.step, self.PASSING)

    def test_signature_alone_does_not_close_the_step(self):
        self._sign()
        self.assertEqual((self.step.state, self.step.is_closed), ("signed", False))
        self.assertEqual(self.enrolment.progress, 0)
        self.assertEqual(self.enrolment.to_sign_count, 0, "the trainer has signed")
        self.assertTrue(self.step.with_user(self.trainee_user).can_acknowledge)
        message = self.env["mail.message"].search(
            [("subject", "=", "Signed: Greet a visitor")]
        )
        self.assertEqual(message.partner_ids, self.trainee_user.partner_id)
        with freeze_time("2026-05-04 08:00:00"):
            self.step.with_user(self.trainee_user).action_acknowledge()
        self.assertTrue(self.step.is_closed)
        self.assertEqual(str(self.step.acknowledged_on), "2026-05-04 08:00:00")
        self.assertEqual(self.step.acknowledged_by_id, self.trainee_user)
        self.assertEqual(self.step.signed_by_id, self.trainer_user)
        self.assertAlmostEqual(self.enrolment.progress, 100 / 3)
        self.assertIn("Acknowledged", self.enrolment.message_ids[0].body)

    def test_step_that_asks_for_none_is_closed_by_the_signature(self):
        desk = self._steps(self.enrolment)[2]
        desk.with_user(self.trainee_user).action_done()
        desk.with_user(self.boss_user).action_sign()
        self.assertTrue(desk.is_closed)
        self.assertFalse(desk.with_user(self.trainee_user).can_acknowledge)
        with self.assertRaisesRegex(UserError, "there is no judgement to acknow"):
            desk.with_user(self.trainee_user).action_acknowledge()

    def test_only_after_the_signature_and_once(self):
        step = self.step.with_user(self.trainee_user)
        with self.assertRaisesRegex(UserError, "Greet a visitor: there is no judge"):
            step.action_acknowledge()
        self._sign()
        step.action_acknowledge()
        with self.assertRaisesRegex(UserError, "Greet a visitor: there is no judge"):
            step.action_acknowledge()

    def test_nobody_acknowledges_for_a_trainee_with_a_login(self):
        self._sign()
        for user in (
            self.trainer_user,
            self.manager_user,
            self.boss_user,
            self.hr_user,
            self.colleague_user,
        ):
            with self.assertRaises(AccessError):
                self.step.with_user(user).action_acknowledge()
            with self.assertRaises(AccessError):
                self.step.with_user(user).write({"acknowledged_by_id": user.id})
        self.assertFalse(self.step.is_closed)

    def test_trainer_records_it_for_somebody_without_a_login(self):
        step = self._greet(self.without_login)
        self._sign(step)
        self.assertFalse(step.is_closed)
        with self.assertRaises(AccessError):
            step.with_user(self.colleague_user).action_acknowledge()
        step.with_user(self.trainer_user).action_acknowledge()
        self.assertEqual(
            (step.is_closed, step.acknowledged_by_id), (True, self.trainer_user)
        )

    def test_signed_step_is_neither_waived_nor_judged_again(self):
        self._sign()
        step = self.step.with_user(self.manager_user)
        self.assertEqual((step.can_waive, step.can_score), (False, False))
        with self.assertRaises(UserError):
            step._waive("Not needed")

    @mute_logger("odoo.sql_db")
    def test_database_refuses_anybody_but_the_trainee(self):
        self._sign()
        self.env.flush_all()
        for person, moment in (
            (self.trainer_user.id, "now()"),
            (self.trainee_user.id, "NULL"),
        ):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    "UPDATE training_enrolment_step SET acknowledged_by_id = %s, "
                    f"acknowledged_on = {moment} WHERE id = %s",
                    [person, self.step.id],
                )
