import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg2.errors

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

QUIET = {"tracking_disable": True, "no_reset_password": True}


@tagged("post_install", "-at_install")
class TestTwoAccept(BaseCase):
    """Two people accept the same request: one wins, the other reads a clear word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            back = env.ref("front_office_desk.group_desk_back")
            users = env["res.users"].create(
                [
                    {
                        "name": f"Two {name}",
                        "login": f"desk_two_{name}",
                        "group_ids": [Command.set(back.ids)],
                    }
                    for name in ("one", "other")
                ]
            )
            team = env["desk.team"].create(
                {"name": "Two accept", "member_ids": [Command.set(users.ids)]}
            )
            kind = env["desk.request.type"].create(
                {"name": "Two accept", "team_id": team.id}
            )
            request = env["desk.request"].create(
                {
                    "name": "Two accept",
                    "type_id": kind.id,
                    "partner_id": users[0].partner_id.id,
                }
            )
            request.action_hand_over()
            self.user_ids, self.request_id = users.ids, request.id
            self.made = [request, kind, team, users, users.partner_id]
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            # what was handed over has no other way out
            cr.execute(
                "UPDATE desk_request SET state = 'new' WHERE id = %s", [self.request_id]
            )
            for records in self.made:
                records.with_env(env).unlink()

    def _env(self, number):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, self.user_ids[number], QUIET)

    def _accept(self, env):
        env["desk.request"].browse(self.request_id).action_accept()

    def _holder(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT user_id FROM desk_request WHERE id = %s", [self.request_id]
            )
            return cr.fetchone()[0]

    def test_in_the_same_moment(self):
        one, other = self._env(0), self._env(1)
        with one.cr, other.cr:
            self._accept(one)
            one.flush_all()
            with self.assertRaisesRegex(UserError, "accepted by somebody else"):
                self._accept(other)
            other.cr.rollback()
        self.assertEqual(self._holder(), self.user_ids[0])

    @mute_logger("odoo.sql_db")
    def test_with_an_older_snapshot(self):
        """Odoo tries again what fails so, and then it reads who was quicker."""
        one, other = self._env(0), self._env(1)
        self.assertEqual(other["desk.request"].browse(self.request_id).state, "handed")
        with one.cr:
            self._accept(one)
        with self.assertRaises(psycopg2.errors.SerializationFailure):
            self._accept(other)
        other.cr.rollback()
        other.invalidate_all()
        with self.assertRaisesRegex(UserError, "Two one has it"):
            self._accept(other)
        other.cr.rollback()
        self.assertEqual(self._holder(), self.user_ids[0])

    @mute_logger("odoo.sql_db")
    def test_threads(self):
        envs = [self._env(0), self._env(1)]
        barrier = threading.Barrier(2)

        def race(env):
            try:
                with env.cr:
                    env["desk.request"].browse(self.request_id).read(["state"])
                    barrier.wait(timeout=30)
                    self._accept(env)
                    env.flush_all()
            except (UserError, psycopg2.errors.SerializationFailure):
                return False
            return env.uid

        with ThreadPoolExecutor(max_workers=2) as executor:
            won = list(executor.map(race, envs))
        self.assertEqual(sum(bool(each) for each in won), 1, won)
        self.assertEqual(self._holder(), next(filter(None, won)))
