from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import CourseFixture


@tagged("post_install", "-at_install")
class TestCourseSecurity(CourseFixture, TransactionCase):
    """Who may open a course, and that nobody gets round it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_course()
        cls.step = cls._course_step()

    def test_nobody_ticks_a_course_that_can_be_completed(self):
        mine = self.step.with_user(self.trainee_user)
        self.assertFalse(mine.can_tick)
        for method in ("action_done", "action_request_signoff", "action_undo"):
            with self.assertRaisesRegex(AccessError, "Follow the course is a course"):
                getattr(mine, method)()
        for user in (self.trainer_user, self.manager_user):
            step = self.step.with_user(user)
            self.assertFalse(step.can_tick or step.can_sign)
            with self.assertRaises(AccessError):
                step.action_done()
        self.assertEqual((self.step.state, self.step.attempts), ("to_do", 0))

    def test_only_the_trainee_opens(self):
        self.assertTrue(self.step.with_user(self.trainee_user).can_open_course)
        for user in (
            self.trainer_user,
            self.manager_user,
            self.hr_user,
            self.boss_user,
        ):
            step = self.step.with_user(user)
            self.assertFalse(step.can_open_course)
            with self.assertRaisesRegex(AccessError, "not yours to follow"):
                step.action_open_course()
        with self.assertRaises(AccessError):
            self.step.with_user(self.colleague_user).action_open_course()

    def test_without_a_login_only_those_who_train_open_and_confirm(self):
        step = self._course_step(self.without_login)
        for user in (self.hr_user, self.boss_user):
            self.assertFalse(step.with_user(user).can_confirm_course)
            with self.assertRaises(AccessError):
                step.with_user(user).action_open_course()
            with self.assertRaises(AccessError):
                step.with_user(user).action_confirm_course()
        with self.assertRaises(AccessError):
            step.with_user(self.colleague_user).action_confirm_course()
        step.with_user(self.manager_user).action_confirm_course()
        self.assertEqual(step.signed_by_id, self.manager_user)

    def test_manager_of_another_company_does_nothing(self):
        stranger = self._manager_elsewhere()
        step = self._course_step(self.without_login).with_user(stranger)
        for method in ("action_open_course", "action_confirm_course"):
            with self.assertRaises(AccessError):
                getattr(step, method)()

    def test_manager_waives_a_course(self):
        self.step.with_user(self.manager_user)._waive("Wrote it")
        self.assertEqual(self.step.state, "waived")

    def test_other_steps_are_ticked_and_signed_as_before(self):
        practice = self._steps(self._enrol())[1]
        self.assertFalse(practice.with_user(self.trainee_user).can_open_course)
        practice.with_user(self.trainee_user).action_done()
        practice.with_user(self.trainer_user).action_sign()
        self.assertEqual(practice.state, "signed")
        with self.assertRaises(AccessError):
            practice.with_user(self.trainer_user).action_confirm_course()

    def test_employees_write_no_membership_and_no_course(self):
        self.step.with_user(self.trainee_user).action_open_course()
        membership = self._membership(self.trainee_user)
        with self.assertRaises(AccessError):
            membership.with_user(self.trainee_user).write(
                {"member_status": "completed"}
            )
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            with self.assertRaises(AccessError):
                self.step.with_user(user).write({"channel_id": self.channel.id})

    def test_manager_reads_courses_only(self):
        documents = self._channel("Documents", channel_type="documentation")
        channels = (self.channel + documents).with_user(self.manager_user)
        self.assertEqual(channels._filtered_access("read"), self.channel)
        self.assertFalse(channels._filtered_access("write"))
        self.assertFalse(
            self.channel.with_user(self.trainer_user)._filtered_access("read")
        )
