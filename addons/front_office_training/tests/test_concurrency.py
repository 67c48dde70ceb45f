import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg2.errors

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestEnrolmentConcurrency(BaseCase):
    """Two transactions enrol the same person at the same time; one of them wins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls.employee_id = env["hr.employee"].create({"name": "Two threads"}).id
            programme = env["training.programme"].create(
                {"name": "Two threads", "step_ids": [Command.create({"name": "Step"})]}
            )
            programme.action_publish()
            cls.programme_id = programme.id

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            programme = env["training.programme"].browse(cls.programme_id)
            programme.enrolment_ids.unlink()
            programme.action_revise()
            programme.unlink()
            env["hr.employee"].browse(cls.employee_id).unlink()

    def _enrol(self, env, barrier):
        """Enrol in the transaction of ``env``; tell whether the index refused it."""
        programme = env["training.programme"].browse(self.programme_id)
        employee = env["hr.employee"].browse(self.employee_id)
        try:
            with env.cr:
                self.assertFalse(programme.enrolment_ids)
                barrier.wait(timeout=30)
                programme._enrol(employee)
                env.flush_all()
        except psycopg2.errors.UniqueViolation:
            return True
        return False

    @mute_logger("odoo.sql_db")
    def test_two_threads(self):
        barrier = threading.Barrier(2)
        # An environment takes the lock of the registry, which the thread that runs the
        # tests may hold: the environments are made here.
        envs = [
            api.Environment(self.registry.cursor(), SUPERUSER_ID, {})
            for _number in range(2)
        ]
        with ThreadPoolExecutor(max_workers=2) as executor:
            futures = [executor.submit(self._enrol, env, barrier) for env in envs]
            refused = [future.result(timeout=60) for future in futures]
        self.assertEqual(sorted(refused), [False, True])
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            enrolment = env["training.enrolment"].search(
                [("programme_id", "=", self.programme_id)]
            )
            self.assertEqual(len(enrolment), 1)
            self.assertEqual(len(enrolment.step_ids), 1)
