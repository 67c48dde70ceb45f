import threading
from concurrent.futures import ThreadPoolExecutor

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import new_test_user
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .rubric_common import criterion_values

GROUP = "front_office_training.group_training_manager"


@tagged("post_install", "-at_install")
class TestScoreConcurrency(BaseCase):
    """Two trainers judge the same step at the same moment; one of them wins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
            cls.user_ids = [
                new_test_user(env, f"two_trainers_{number}", GROUP).id
                for number in range(2)
            ]
            cls.employee_id = env["hr.employee"].create({"name": "Two trainers"}).id
            programme = env["training.programme"].create(
                {
                    "name": "Two trainers",
                    "step_ids": [
                        Command.create({"name": "Signed", "sequence": 1}),
                        Command.create(
                            {
                                "name": "Scored",
                                "sequence": 2,
                                "kind": "practice",
                                "criterion_ids": [
                                    Command.create(criterion_values("Patient"))
                                ],
                            }
                        ),
                    ],
                }
            )
            programme.action_publish()
            cls.programme_id = programme.id
        cls.addClassCleanup(cls._clean_up)

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            programme = env["training.programme"].browse(cls.programme_id)
            programme.enrolment_ids.unlink()
            programme.action_revise()
            programme.unlink()
            env["hr.employee"].browse(cls.employee_id).unlink()
            users = env["res.users"].browse(cls.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            programme = env["training.programme"].browse(self.programme_id)
            programme.enrolment_ids.unlink()
            enrolment = programme._enrol(env["hr.employee"].browse(self.employee_id))
            enrolment.step_ids.action_done()
            self.step_ids = enrolment.step_ids.sorted("sequence").ids

    def _judge(self, env, index, barrier):
        """Judge in the transaction of ``env``; return the message of a refusal.

        Both have seen that the step waits for a judgement, and both have judged it
        before either of them commits.
        """
        step = env["training.enrolment.step"].browse(self.step_ids[index])
        try:
            with env.cr:
                self.assertEqual(step.state, "done")
                barrier.wait(timeout=30)
                try:
                    if index:
                        step._score({step.criterion_ids.id: 4})
                    else:
                        step.action_sign()
                finally:
                    barrier.wait(timeout=30)
                env.flush_all()
        except UserError as error:
            return str(error)
        return ""

    def _judge_together(self, index):
        barrier = threading.Barrier(2)
        # Environments are made here, as in test_concurrency.py.
        envs = [
            api.Environment(self.registry.cursor(), user_id, {})
            for user_id in self.user_ids
        ]
        with ThreadPoolExecutor(max_workers=2) as executor:
            futures = [
                executor.submit(self._judge, env, index, barrier) for env in envs
            ]
            messages = sorted(future.result(timeout=60) for future in futures)
        self.assertEqual(messages[0], "", "one of them wins")
        self.assertIn("somebody else is judging this step right now", messages[1])
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            step = env["training.enrolment.step"].browse(self.step_ids[index])
            self.assertEqual((step.state, step.attempts), ("signed", 1))
            self.assertEqual(step.attempt_ids.judged_by_id, step.signed_by_id)
            self.assertEqual(len(step.attempt_ids), 1)
            self.assertEqual(len(step.attempt_ids.line_ids), index)

    @mute_logger("odoo.sql_db")
    def test_two_sign(self):
        self._judge_together(0)

    @mute_logger("odoo.sql_db")
    def test_two_score(self):
        self._judge_together(1)

    @mute_logger("odoo.sql_db")
    def test_later_one_finds_the_step_judged(self):
        """Who comes after the commit is told so, with the screen still open."""
        with self.registry.cursor() as cr:
            first = api.Environment(cr, self.user_ids[0], {})
            step = first["training.enrolment.step"].browse(self.step_ids[1])
            step._score({step.criterion_ids.id: 4})
        with self.registry.cursor() as cr:
            second = api.Environment(cr, self.user_ids[1], {})
            step = second["training.enrolment.step"].browse(self.step_ids[1])
            with self.assertRaisesRegex(UserError, "somebody else has judged it"):
                step._score({step.criterion_ids.id: 1}, "No.")
            self.assertEqual(len(step.attempt_ids), 1)
