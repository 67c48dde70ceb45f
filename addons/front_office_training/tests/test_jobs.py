from unittest.mock import patch

from psycopg2 import OperationalError

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .evidence_common import EvidenceFixture

LOGGER = "odoo.addons.front_office_training.models.training_job_mixin"


@tagged("post_install", "-at_install")
class TestJobs(EvidenceFixture, TransactionCase):
    """Scheduled work: what fails stays on its record, and the rest goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-10 12:00:00"))
        cls._set_up_training()
        cls.steps = cls.env["training.enrolment.step"]
        for employee in (cls.trainee, cls.colleague):
            enrolment = cls._enrol(employee, start_date="2026-03-02")
            cls.steps += enrolment.step_ids.filtered(lambda s: s.signoff == "none")
            cls._contacts(employee.user_id, "2026-03-03 12:00:00")
        cls.broken, cls.fine = cls.steps

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "front_office_training.ir_cron_evidence"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _fail(self, error):
        """Make the broken step fail, however many are closed with it."""
        Step = self.env.registry["training.enrolment.step"]
        freeze = Step._freeze_evidence

        def freeze_or_fail(steps):
            if self.broken in steps:
                raise error
            return freeze(steps)

        return patch.object(Step, "_freeze_evidence", freeze_or_fail)

    def test_one_step_fails_and_the_others_close(self):
        with (
            self._fail(ValueError("No ids for you")),
            self.assertLogs(LOGGER, "WARNING") as logs,
        ):
            self._run_cron()
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(self.broken.evidence_error, "No ids for you")
        self.assertEqual((self.broken.state, self.fine.state), ("to_do", "done"))
        self.assertFalse(self.fine.evidence_error)
        self._run_cron()
        self.assertEqual(self.broken.state, "done")
        self.assertFalse(self.broken.evidence_error)

    def test_good_run_clears_the_error_of_a_step_that_stays_open(self):
        with self._fail(ValueError("No ids for you")), mute_logger(LOGGER):
            self._run_cron()
        self.env["res.partner"].search([("ref", "=", "counts")]).unlink()
        self._run_cron()
        self.assertEqual(self.broken.state, "to_do", "nothing counts any more")
        self.assertFalse(self.broken.evidence_error)

    def test_error_goes_with_a_tick(self):
        with self._fail(ValueError("No ids for you")), mute_logger(LOGGER):
            self._run_cron()
        self.broken.with_user(self.trainee_user).action_done()
        self.assertTrue(self.broken.is_closed)
        self.assertFalse(self.broken.evidence_error)

    def test_error_without_words_is_an_error(self):
        with self._fail(RuntimeError()), mute_logger(LOGGER):
            self._run_cron()
        self.assertEqual(self.broken.evidence_error, "RuntimeError")

    def test_lost_connection_is_raised(self):
        with self._fail(OperationalError()), self.assertRaises(OperationalError):
            self.steps._work_or_record_error("_close_by_evidence")
        self.assertFalse(self.broken.evidence_error)

    def test_managers_alone_see_the_error(self):
        with self._fail(ValueError("No ids for you")), mute_logger(LOGGER):
            self._run_cron()
        name = ["evidence_error"]
        step = self.broken.with_user(self.manager_user)
        self.assertEqual(step.read(name)[0]["evidence_error"], "No ids for you")
        found = step.search([("evidence_error", "!=", False)])
        self.assertEqual(found, step)
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            with self.assertRaises(AccessError):
                self.broken.with_user(user).read(name)
            with self.assertRaises(AccessError):
                step.with_user(user).search([("evidence_error", "!=", False)])

    def test_nobody_writes_the_error_or_runs_the_work(self):
        Step = self.env["training.enrolment.step"]
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            for method, args in (
                ("write", [{"evidence_error": "Invented"}]),
                ("_work_or_record_error", ["unlink"]),
            ):
                with self.assertRaises(AccessError):
                    call_kw(Step.with_user(user), method, [self.broken.ids, *args], {})
        self.assertFalse(self.broken.evidence_error)
