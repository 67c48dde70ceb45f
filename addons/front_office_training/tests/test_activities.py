from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestActivities(TrainingFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()

    def _activities(self, enrolment, name):
        activity_type = self.env.ref(f"front_office_training.mail_activity_type_{name}")
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "training.enrolment"),
                ("res_id", "=", enrolment.id),
                ("activity_type_id", "=", activity_type.id),
            ]
        )

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("front_office_training.ir_cron_remind").method_direct_trigger()

    def test_trainee_is_reminded_days_before(self):
        enrolment = self._enrol(start_date="2026-03-10")
        with freeze_time("2026-03-07"):
            self._run_cron()
            self.assertFalse(self._activities(enrolment, "due"))
        with freeze_time("2026-03-08"):
            self._run_cron()
            activity = self._activities(enrolment, "due")
            self.assertEqual(activity.user_id, self.trainee_user)
            self.assertEqual(activity.date_deadline, date(2026, 3, 11))
            self._run_cron()
            self.assertEqual(self._activities(enrolment, "due"), activity, "only once")

    def test_trainer_is_told_of_what_is_late(self):
        enrolment = self._enrol(start_date="2026-03-10")
        with freeze_time("2026-03-11"):
            self._run_cron()
            self.assertFalse(self._activities(enrolment, "late"))
        with freeze_time("2026-03-12"):
            self._run_cron()
            activity = self._activities(enrolment, "late")
            self.assertEqual(activity.user_id, self.trainer_user)
            self._run_cron()
            self.assertEqual(self._activities(enrolment, "late"), activity, "only once")

    def test_trainer_is_reminded_for_somebody_without_a_login(self):
        enrolment = self._enrol(self.without_login, start_date="2026-03-10")
        with freeze_time("2026-03-15"):
            self._run_cron()
        self.assertEqual(self._activities(enrolment, "due").user_id, self.trainer_user)
        self.assertFalse(self._activities(enrolment, "late"), "they know already")

    def test_closed_enrolments_are_left_alone(self):
        enrolment = self._enrol(start_date="2026-03-10")
        enrolment._cancel("left")
        with freeze_time("2026-04-01"):
            self._run_cron()
        self.assertFalse(enrolment.activity_ids)

    def test_reminders_go_when_the_step_is_done(self):
        enrolment = self._enrol(start_date="2026-03-10")
        with freeze_time("2026-03-12"):
            self._run_cron()
            self.assertTrue(self._activities(enrolment, "late"))
            enrolment.step_ids[0].with_user(self.trainee_user).action_done()
            self.assertFalse(self._activities(enrolment, "late"))
            self.assertTrue(self._activities(enrolment, "due"), "the next one is due")

    def test_cancelling_clears_everything(self):
        enrolment = self._enrol(start_date="2026-03-10")
        with freeze_time("2026-03-12"):
            self._run_cron()
            enrolment.with_user(self.manager_user)._cancel("left")
        self.assertFalse(enrolment.activity_ids)

    def test_asking_for_a_sign_off_tells_the_signer_once(self):
        enrolment = self._enrol()
        _read, greet, desk, _visit = self._steps(enrolment)
        for step in (greet, desk):
            step.with_user(self.trainee_user).action_done()
            step.with_user(self.trainee_user).action_request_signoff()
            step.with_user(self.trainee_user).action_request_signoff()
            self.assertTrue(step.signoff_requested_on)
        activities = self._activities(enrolment, "signoff")
        self.assertEqual(
            sorted(activities.user_id.mapped("login")), ["t_boss", "t_trainer"]
        )
        self.assertEqual(len(activities), 2)
        greet.with_user(self.trainer_user).action_sign()
        desk.with_user(self.boss_user).action_sign()
        self.assertFalse(self._activities(enrolment, "signoff"))

    def test_asking_needs_a_tick_and_a_signer(self):
        read, greet, _desk, _visit = self._steps(self._enrol())
        with self.assertRaisesRegex(UserError, "Tick Greet a visitor before"):
            greet.with_user(self.trainee_user).action_request_signoff()
        read.with_user(self.trainee_user).action_done()
        with self.assertRaisesRegex(UserError, "nobody to sign it"):
            read.with_user(self.trainee_user).action_request_signoff()

    def test_one_failure_stays_where_it_is(self):
        broken = self._enrol(start_date="2026-03-10")
        fine = self._enrol(self.colleague, start_date="2026-03-10")
        Enrolment = self.env.registry["training.enrolment"]
        prepare = Enrolment._prepare_activity

        def prepare_or_fail(self, *args, **kwargs):
            if self == broken:
                raise ValueError("No activity for you")
            return prepare(self, *args, **kwargs)

        with (
            freeze_time("2026-03-10"),
            patch.object(Enrolment, "_prepare_activity", prepare_or_fail),
            self.assertLogs("odoo.addons.front_office_training", "WARNING"),
        ):
            self._run_cron()
        self.assertTrue(self._activities(fine, "due"))
        self.assertFalse(fine.reminder_error)
        self.assertFalse(self._activities(broken, "due"))
        self.assertEqual(broken.reminder_error, "No activity for you")
        with freeze_time("2026-03-10"):
            self._run_cron()
        self.assertTrue(self._activities(broken, "due"))
        self.assertFalse(broken.reminder_error)
