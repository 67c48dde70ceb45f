import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg2.errors

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

QUIET = {"tracking_disable": True, "no_reset_password": True}


@tagged("post_install", "-at_install")
class TestTwoWorkers(BaseCase):
    """Two transactions calculate at the same time: nothing is there twice.

    January is frozen and misses something. One worker calculates February and the
    other March, where no statement is yet, so that no row of theirs is the same: each
    alone would put the adjustment on its own month.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            user = env["res.users"].create(
                {"name": "Two", "login": "quota_two_workers"}
            )
            commission_plan = env["quota.commission.plan"].create(
                {
                    "name": "Two workers",
                    "date_from": "2031-01-01",
                    "base_rate": 0.1,
                    "assignment_ids": [Command.create({"user_id": user.id})],
                }
            )
            plan = env["quota.plan"].create(
                {"name": "Two workers", "year": 2031, "basis": "margin"}
            )
            periods = cls._make_periods(plan, user)
            cls.user_id, cls.plan_id, cls.period_ids = user.id, plan.id, periods.ids
            cls.commission_plan_id = commission_plan.id
            cls._freeze_the_first(periods)

    @classmethod
    def _make_periods(cls, plan, user):
        """Return three months with targets of an approved plan."""
        env = plan.env
        periods = plan.period_ids.sorted("date_from")[:3]
        env["quota.target"].create(
            [
                {
                    "plan_id": plan.id,
                    "period_id": period.id,
                    "user_id": user.id,
                    "full_amount": 100,
                }
                for period in periods
            ]
        )
        env.flush_all()
        env.cr.execute(
            "UPDATE quota_plan SET state = 'approved' WHERE id = %s", [plan.id]
        )
        env.invalidate_all()
        return periods

    @classmethod
    def _freeze_the_first(cls, periods):
        """Freeze the first month with a line of an invoice that is not there any more.

        So it misses something, and no ledger is needed for this test.
        """
        env = periods.env
        statement = env["quota.statement.engine"]._compute_statements(periods[0])
        env.cr.execute(
            """
            INSERT INTO quota_statement_line (
                statement_id, company_id, user_id, date, amount, rate, commission)
            VALUES (%s, %s, %s, '2031-01-05', 100, 0.1, 10)
            """,
            [statement.id, statement.company_id.id, cls.user_id],
        )
        statement.write({"state": "confirmed"})

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            # what is frozen has no other way out
            for query in (
                "DELETE FROM quota_statement_line WHERE statement_id IN"
                " (SELECT id FROM quota_statement WHERE plan_id = %s)",
                "DELETE FROM quota_statement WHERE plan_id = %s",
                "DELETE FROM quota_target WHERE plan_id = %s",
                "DELETE FROM quota_plan WHERE id = %s",
            ):
                cr.execute(query, [cls.plan_id])
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            env["quota.commission.plan"].browse(cls.commission_plan_id).unlink()
            user = env["res.users"].browse(cls.user_id)
            partner = user.partner_id
            user.unlink()
            partner.unlink()

    def _compute(self, env, period_id, barrier):
        """Calculate a period; tell whether the transaction has to be tried again."""
        try:
            with env.cr:
                # the snapshot is taken before either of them begins
                period = env["quota.period"].browse(period_id)
                self.assertEqual(period.plan_id.state, "approved")
                barrier.wait(timeout=30)
                env["quota.statement.engine"]._compute_statements(period)
        except psycopg2.errors.SerializationFailure:
            return True
        return False

    def _lines(self):
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT p.id, line.amount, line.commission
                  FROM quota_statement_line line
                  JOIN quota_statement s ON s.id = line.statement_id
                  JOIN quota_period p ON p.id = s.period_id
                 WHERE s.plan_id = %s AND line.origin_statement_id IS NOT NULL
                """,
                [self.plan_id],
            )
            return cr.fetchall()

    @mute_logger("odoo.sql_db")
    def test_one_of_them_tries_again(self):
        _january, february, march = self.period_ids
        barrier = threading.Barrier(2)
        # An environment takes the lock of the registry, which the thread that runs the
        # tests may hold: the environments are made here.
        envs = [
            api.Environment(self.registry.cursor(), SUPERUSER_ID, {})
            for _number in range(2)
        ]
        with ThreadPoolExecutor(max_workers=2) as executor:
            futures = [
                executor.submit(self._compute, env, period, barrier)
                for env, period in zip(envs, (february, march), strict=True)
            ]
            again = [future.result(timeout=60) for future in futures]
        self.assertEqual(sorted(again), [False, True])
        self.assertEqual([line[1:] for line in self._lines()], [(-100, -10)])
        for period_id in (february, march):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                period = env["quota.period"].browse(period_id)
                env["quota.statement.engine"]._compute_statements(period)
        self.assertEqual(self._lines(), [(february, -100, -10)])
