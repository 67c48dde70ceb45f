from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .rubric_common import RubricFixture


@tagged("post_install", "-at_install")
class TestAttemptsLeft(RubricFixture, TransactionCase):
    """A programme caps the attempts; then a manager decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.programme.max_attempts = 2
        cls.step = cls._greet()

    def _fail_once(self):
        self._give(self.trainer_user, self.step, self.FAILING, "Listen.")

    def _use_up(self):
        self._fail_once()
        self.assertFalse(self.step.attempts_exhausted)
        self._tick(self.step)
        self._fail_once()

    def test_without_a_limit_there_is_always_another_attempt(self):
        self.programme.max_attempts = 0
        self.step = self._greet(self.colleague)
        for _attempt in range(5):
            self._fail_once()
            self._tick(self.step)
        self.assertFalse(self.step.attempts_exhausted)

    def test_trainee_cannot_tick_when_the_attempts_are_used_up(self):
        self._use_up()
        self.assertEqual(
            (self.step.attempts_exhausted, self.step.state), (True, "failed")
        )
        self.assertEqual(self.step.enrolment_id.state, "running", "nobody is ejected")
        step = self.step.with_user(self.trainee_user)
        self.assertFalse(step.can_tick)
        with self.assertRaisesRegex(UserError, "Greet a visitor: the attempts are"):
            step.action_done()
        message = self.env["mail.message"].search(
            [("subject", "=", "Attempts used up: Greet a visitor")]
        )
        self.assertEqual(
            message.partner_ids, (self.trainer_user | self.boss_user).partner_id
        )

    def test_observations_are_no_attempts(self):
        self.step.enrolment_id.observer_ids = self.colleague_user
        self._fail_once()
        self._tick(self.step)
        self._give(self.colleague_user, self.step, self.FAILING)
        self.assertEqual(self.step.attempts, 1)
        self.assertFalse(self.step.attempts_exhausted)

    def test_manager_allows_one_more(self):
        self._use_up()
        self.step.with_user(self.manager_user).action_allow_attempt()
        self.assertFalse(self.step.attempts_exhausted)
        self.assertIn(
            "One more attempt allowed", self.step.enrolment_id.message_ids[0].body
        )
        self._tick(self.step)
        self._fail_once()
        self.assertTrue(self.step.attempts_exhausted, "one more, not two")
        self.step.with_user(self.manager_user).action_allow_attempt()
        self._tick(self.step)
        self._give(self.trainer_user, self.step, self.PASSING)
        self.assertEqual((self.step.state, self.step.attempts), ("signed", 4))
        self.assertFalse(self.step.attempts_exhausted)

    def test_manager_waives_instead(self):
        self._use_up()
        self.step.with_user(self.manager_user)._waive("Does other work now.")
        self.assertEqual((self.step.state, self.step.is_closed), ("waived", True))
        self.assertFalse(self.step.attempts_exhausted)

    def test_only_a_manager_who_is_not_the_trainee_allows_it(self):
        self._use_up()
        for user in (
            self.trainee_user,
            self.trainer_user,
            self.boss_user,
            self.hr_user,
            self.colleague_user,
        ):
            with self.assertRaises(AccessError):
                self.step.with_user(user).action_allow_attempt()
        self.step = self._greet(self._employee("Own", user_id=self.manager_user.id))
        self._use_up()
        with self.assertRaises(AccessError):
            self.step.with_user(self.manager_user).action_allow_attempt()

    def test_nothing_to_allow(self):
        with self.assertRaisesRegex(UserError, "Greet a visitor: there are attempts"):
            self.step.with_user(self.manager_user).action_allow_attempt()

    def test_sent_back_without_a_rubric_counts_too(self):
        desk = self._steps(self.step.enrolment_id)[2]
        for _attempt in range(2):
            desk.with_user(self.trainee_user).action_done()
            desk.with_user(self.boss_user)._fail("Again.")
        self.assertTrue(desk.attempts_exhausted)

    def test_people_under_way_keep_their_limit(self):
        self.programme.max_attempts = 1
        self._fail_once()
        self.assertFalse(self.step.attempts_exhausted)
        with self.assertRaises(UserError):
            self.step.enrolment_id.with_user(self.manager_user).write(
                {"max_attempts": 9}
            )
