import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestEnrolmentStep(TrainingFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.enrolment = cls._enrol()
        cls.read, cls.greet, cls.desk, cls.visit = cls._steps(cls.enrolment)

    def _as(self, user, step):
        return step.with_user(user)

    def _file(self, user, step, name="photo.png"):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create(
                {"name": name, "raw": b"x", "res_model": step._name, "res_id": step.id}
            )
        )

    # --- tick -------------------------------------------------------------------

    def test_trainee_ticks_and_takes_back(self):
        step = self._as(self.trainee_user, self.greet)
        self.assertTrue(step.can_tick)
        step.action_done()
        self.assertEqual((step.state, step.done_by_id), ("done", self.trainee_user))
        self.assertTrue(step.done_on)
        self.assertFalse(step.is_closed)
        self.assertFalse(step.can_tick)
        step.action_undo()
        self.assertEqual(step.state, "to_do")
        self.assertFalse(step.done_on or step.done_by_id)

    def test_step_that_nobody_signs_is_closed_by_the_tick(self):
        self._as(self.trainee_user, self.read).action_done()
        self.assertTrue(self.read.is_closed)
        self.assertEqual(self.read.attempts, 0, "nobody judged it")

    def test_nobody_else_ticks_for_somebody_with_a_login(self):
        for user in (self.trainer_user, self.manager_user, self.boss_user):
            step = self._as(user, self.greet)
            self.assertFalse(step.can_tick)
            with self.assertRaisesRegex(AccessError, "Greet a visitor is not yours"):
                step.action_done()
        self.assertEqual(self.greet.state, "to_do")

    def test_ticking_twice_is_refused(self):
        step = self._as(self.trainee_user, self.greet)
        step.action_done()
        with self.assertRaisesRegex(UserError, "Greet a visitor is done already"):
            step.action_done()
        with self.assertRaisesRegex(UserError, "Read the rules is not ticked"):
            self._as(self.trainee_user, self.read).action_undo()

    def test_closed_enrolment_takes_no_ticks(self):
        self.enrolment._cancel("left")
        with self.assertRaisesRegex(UserError, "is not under way"):
            self._as(self.trainee_user, self.greet).action_done()

    # --- sign -------------------------------------------------------------------

    def test_trainer_signs(self):
        self._as(self.trainee_user, self.greet).action_done()
        step = self._as(self.trainer_user, self.greet)
        self.assertTrue(step.can_sign)
        step.action_sign()
        self.assertEqual((step.state, step.signed_by_id), ("signed", self.trainer_user))
        self.assertEqual(step.attempts, 1)
        self.assertTrue(step.signed_on and step.is_closed)
        self.assertIn("Greet a visitor", self.enrolment.message_ids[0].body)

    def test_line_manager_signs_without_any_training_group(self):
        self._as(self.trainee_user, self.desk).action_done()
        with self.assertRaises(AccessError):
            self._as(self.trainer_user, self.desk).action_sign()
        self._as(self.boss_user, self.desk).action_sign()
        self.assertEqual(self.desk.signed_by_id, self.boss_user)

    def test_training_manager_signs_anything_but_their_own(self):
        self._as(self.trainee_user, self.desk).action_done()
        self._as(self.manager_user, self.desk).action_sign()
        self.assertEqual(self.desk.state, "signed")
        own = self._enrol(self._employee("Test manager", user_id=self.manager_user.id))
        step = self._as(self.manager_user, self._steps(own)[1])
        step.action_done()
        self.assertFalse(step.can_sign)
        with self.assertRaisesRegex(AccessError, "never the trainee"):
            step.action_sign()
        with self.assertRaises(AccessError):
            step._fail("no")
        with self.assertRaises(AccessError):
            step._waive("no")

    def test_what_is_not_done_is_not_signed(self):
        step = self._as(self.trainer_user, self.greet)
        self.assertFalse(step.can_sign)
        with self.assertRaisesRegex(UserError, "Greet a visitor is not done yet"):
            step.action_sign()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_the_trainee_as_signer(self):
        for values in (
            f"signed_by_id = {self.trainee_user.id}, state = 'signed'",
            "signed_by_id = NULL, state = 'signed'",
        ):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE training_enrolment_step SET {values} WHERE id = %s",
                    [self.greet.id],
                )
        with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self.greet.sudo().write(
                {"state": "signed", "signed_by_id": self.trainee_user.id}
            )
            self.greet.flush_recordset()
        self.env.cr.execute(
            "UPDATE training_enrolment_step SET signed_by_id = %s, state = 'signed' "
            "WHERE id = %s",
            [self.trainer_user.id, self.greet.id],
        )

    def test_signature_stays_when_the_login_of_the_trainee_changes(self):
        self._as(self.trainee_user, self.greet).action_done()
        self._as(self.trainer_user, self.greet).action_sign()
        self.trainee.user_id = False
        self.trainee.user_id = self.trainer_user
        self.env.flush_all()
        self.assertEqual(self.greet.trainee_user_id, self.trainee_user)
        self.assertEqual(self.desk.trainee_user_id, self.trainer_user)

    # --- send back, waive -------------------------------------------------------

    def test_sent_back_with_words_and_done_again(self):
        self._as(self.trainee_user, self.greet).action_done()
        self._as(self.trainer_user, self.greet)._fail("Look at the visitor.")
        step = self._as(self.trainee_user, self.greet)
        self.assertEqual((step.state, step.attempts), ("failed", 1))
        self.assertEqual(step.feedback, "Look at the visitor.")
        self.assertEqual(self.enrolment.state, "running")
        notified = self.env["mail.message"].search(
            [
                ("partner_ids", "in", self.trainee_user.partner_id.ids),
                ("subject", "=", "To repeat: Greet a visitor"),
            ]
        )
        self.assertIn("Look at the visitor.", notified.body)
        self.assertTrue(step.can_tick)
        step.action_done()
        self._as(self.trainer_user, self.greet).action_sign()
        self.assertEqual((self.greet.state, self.greet.attempts), ("signed", 2))
        self.assertEqual(
            [
                (attempt.number, attempt.result, attempt.judged_by_id, attempt.feedback)
                for attempt in self.greet.attempt_ids
            ],
            [
                (2, "passed", self.trainer_user, False),
                (1, "failed", self.trainer_user, "Look at the visitor."),
            ],
        )

    def test_attempts_are_only_added(self):
        self._as(self.trainee_user, self.greet).action_done()
        self._as(self.trainer_user, self.greet).action_sign()
        attempt = self.greet.attempt_ids
        with self.assertRaisesRegex(UserError, "stays as it was judged"):
            attempt.sudo().write({"result": "failed"})
        with self.assertRaisesRegex(UserError, "is never deleted"):
            attempt.sudo().unlink()
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            with self.assertRaises(AccessError):
                attempt.with_user(user).unlink()
            with self.assertRaises(AccessError):
                attempt.with_user(user).create({"number": 2})
        with self.assertRaises(AccessError):
            attempt.with_user(self.colleague_user).read(["feedback"])
        self.assertEqual(attempt.with_user(self.trainee_user).result, "passed")

    def test_only_the_signer_sends_back(self):
        self._as(self.trainee_user, self.greet).action_done()
        for user in (self.trainee_user, self.boss_user):
            with self.assertRaises(AccessError):
                self._as(user, self.greet)._fail("no")

    def test_only_a_manager_waives(self):
        for user in (self.trainee_user, self.trainer_user, self.boss_user):
            with self.assertRaises(AccessError):
                self._as(user, self.greet)._waive("not needed")
        step = self._as(self.manager_user, self.greet)
        self.assertTrue(step.can_waive)
        step._waive("Did it for years elsewhere.")
        self.assertEqual((step.state, step.is_closed), ("waived", True))
        self.assertEqual(step.signed_by_id, self.manager_user)
        with self.assertRaisesRegex(UserError, "is closed already"):
            step._waive("again")

    # --- somebody without a login ----------------------------------------------

    def test_trainer_ticks_and_signs_for_somebody_without_a_login(self):
        read, greet, desk, _visit = self._steps(self._enrol(self.without_login))
        for step in (read, greet):
            step = self._as(self.trainer_user, step)
            self.assertTrue(step.can_tick)
            step.action_done()
        self.assertEqual(greet.done_by_id, self.trainer_user)
        self._as(self.trainer_user, greet).action_sign()
        self._as(self.boss_user, desk).action_done()
        self._as(self.boss_user, desk).action_sign()
        self.assertEqual(desk.enrolment_id.state, "done")

    def test_stranger_does_not_tick_for_somebody_without_a_login(self):
        step = self._steps(self._enrol(self.without_login))[0]
        with self.assertRaises(AccessError):
            self._as(self.colleague_user, step).action_done()

    # --- what may be written ----------------------------------------------------

    def test_fields_change_through_the_buttons_only(self):
        values = {
            "state": "signed",
            "signed_by_id": self.manager_user.id,
            "trainee_user_id": self.colleague_user.id,
            "signer_id": self.trainee_user.id,
            "signoff": "none",
            "name": "Something easier",
            "attempts": 0,
            "mandatory": False,
            "is_closed": True,
            "feedback": "Brilliant",
        }
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            for name, value in values.items():
                with self.assertRaisesRegex(AccessError, "only through its buttons"):
                    self._as(user, self.greet).write({name: value})

    def test_trainee_writes_a_note_and_the_trainer_moves_the_due_date(self):
        self._as(self.trainee_user, self.greet).write({"note": "Ask about badges"})
        self._as(self.trainer_user, self.greet).write({"due_date": "2030-01-01"})
        with self.assertRaises(AccessError):
            self._as(self.trainee_user, self.greet).write({"due_date": "2031-01-01"})

    # --- evidence ---------------------------------------------------------------

    def test_evidence_is_attached_until_the_signature(self):
        mine = self._file(self.trainee_user, self.greet)
        self.assertEqual(self._as(self.trainer_user, self.greet).attachment_ids, mine)
        self.assertEqual(self.greet.attachment_count, 1)
        self._as(self.trainee_user, self.greet).action_done()
        self._as(self.trainer_user, self.greet).action_sign()
        self.env.invalidate_all()
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            with self.assertRaises(AccessError):
                self._file(user, self.greet)
            with self.assertRaises(AccessError):
                mine.with_user(user).unlink()
            with self.assertRaises(AccessError):
                mine.with_user(user).write({"raw": b"other"})
        self.assertEqual(mine.with_user(self.trainer_user).name, "photo.png")

    def test_stranger_neither_reads_nor_adds_evidence(self):
        mine = self._file(self.trainee_user, self.greet)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.with_user(self.colleague_user).read(["name"])
        with self.assertRaises(AccessError):
            self._file(self.colleague_user, self.greet)
