import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg2.errors

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestGenerationConcurrency(BaseCase):
    """Two transactions generate the same filings at the same time: none is doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            country = env.ref("base.us")
            cls.company_id = env.ref("base.main_company").id
            place = env["compliance.jurisdiction"].create(
                {"name": "Two threads", "country_id": country.id}
            )
            office = env["compliance.authority"].create(
                {"name": "Two threads", "jurisdiction_id": place.id}
            )
            obligation = env["compliance.obligation"].create(
                {
                    "name": "Two threads",
                    "code": "TWO-THREADS",
                    "authority_id": office.id,
                    "company_id": cls.company_id,
                    "rule_ids": [Command.create({"date_from": "2020-01-01"})],
                    "scope_ids": [
                        Command.create(
                            {
                                "company_id": cls.company_id,
                                "applies": "yes",
                                "reason": "Wherever it is",
                            }
                        )
                    ],
                }
            )
            cls.obligation_id = obligation.id
            cls.ids = (place.id, office.id)

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            obligation = env["compliance.obligation"].browse(cls.obligation_id)
            env["compliance.filing"].search(
                [("obligation_id", "=", obligation.id)]
            ).unlink()
            obligation.unlink()
            env["compliance.authority"].browse(cls.ids[1]).unlink()
            env["compliance.jurisdiction"].browse(cls.ids[0]).unlink()

    def _generate(self, envs, barrier):
        """Generate in the transaction of an env; in the next one if another was faster.

        That is what Odoo does with a serialization failure, in a request and a cron.
        """
        for attempt, env in enumerate(envs):
            obligation = env["compliance.obligation"].browse(self.obligation_id)
            company = env["res.company"].browse(self.company_id)
            filings = env["compliance.filing"]
            try:
                with env.cr:
                    found = filings.search([("obligation_id", "=", obligation.id)])
                    self.assertEqual(bool(found), bool(attempt))
                    if not attempt:
                        barrier.wait(timeout=30)
                    count = len(obligation._generate_filings(company))
                    env.flush_all()
                    return count
            except psycopg2.errors.SerializationFailure:
                continue
        raise AssertionError("two attempts failed")

    @mute_logger("odoo.sql_db")
    def test_two_threads(self):
        barrier = threading.Barrier(2)
        # An environment takes the lock of the registry, which the thread that runs the
        # tests may hold: the environments are made here, two a thread.
        pairs = [
            [
                api.Environment(self.registry.cursor(), SUPERUSER_ID, {})
                for _attempt in range(2)
            ]
            for _number in range(2)
        ]
        self.addCleanup(
            lambda: [
                env.cr.close() for pair in pairs for env in pair if not env.cr.closed
            ]
        )
        with ThreadPoolExecutor(max_workers=2) as executor:
            futures = [executor.submit(self._generate, pair, barrier) for pair in pairs]
            counts = sorted(future.result(timeout=60) for future in futures)
        self.assertEqual(counts[0], 0)
        self.assertGreaterEqual(counts[1], 13)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            filings = env["compliance.filing"].search(
                [("obligation_id", "=", self.obligation_id)]
            )
            self.assertEqual(len(filings), counts[1])
            self.assertEqual(len(set(filings.mapped("period_start"))), counts[1])
