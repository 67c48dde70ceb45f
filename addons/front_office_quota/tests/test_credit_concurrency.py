import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg2.errors

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCreditConcurrency(BaseCase):
    """Posting and refreshing at the same time: nothing is lost, nothing doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env.ref("base.main_company")
            cls.company_id = company.id
            env = env(context={"allowed_company_ids": company.ids})
            cls._create_person(env)
            cls._create_target(env)
            cls._create_invoices(env)

    @classmethod
    def _create_person(cls, env):
        user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Two threads",
                    "login": "two_threads",
                    "company_id": cls.company_id,
                    "company_ids": [Command.set([cls.company_id])],
                }
            )
        )
        cls.user_id = user.id

    @classmethod
    def _create_invoices(cls, env):
        # posting counts the customer's invoices: one customer would be waited for
        partners = env["res.partner"].create([{"name": "One"}, {"name": "Two"}])
        cls.partner_ids = partners.ids
        accounts = env["account.account"].create(
            [
                {
                    "name": "Debtors",
                    "code": "999110",
                    "account_type": "asset_receivable",
                },
                {"name": "Sales", "code": "999400", "account_type": "income"},
            ]
        )
        cls.account_ids = accounts.ids
        partners.property_account_receivable_id = accounts[0]
        journals = cls._create_journals(env, accounts[1])
        moves = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "journal_id": journals[number - 1].id,
                    "partner_id": partners[number - 1].id,
                    "invoice_date": "2026-03-10",
                    "date": "2026-03-10",
                    "invoice_user_id": cls.user_id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "account_id": accounts[1].id,
                                "name": "Work",
                                "price_unit": amount,
                                "tax_ids": [],
                            }
                        )
                    ],
                }
                for number, amount in ((1, 10), (2, 200))
            ]
        )
        cls.move_ids, cls.journal_ids = moves.ids, journals.ids

    @classmethod
    def _create_journals(cls, env, account):
        # the next number of a journal would be waited for as well
        return env["account.journal"].create(
            [
                {
                    "name": code,
                    "code": code,
                    "type": "sale",
                    "default_account_id": account.id,
                }
                for code in ("TWO1", "TWO2")
            ]
        )

    @classmethod
    def _create_target(cls, env):
        plan = env["quota.plan"].create(
            {"name": "Two threads", "year": 2026, "basis": "invoiced"}
        )
        plan.period_ids.unlink()
        period = env["quota.period"].create(
            {
                "name": "2026-03",
                "plan_id": plan.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
            }
        )
        target = env["quota.target"].create(
            {"plan_id": plan.id, "period_id": period.id, "user_id": cls.user_id}
        )
        cls.plan_id, cls.target_id = plan.id, target.id

    @classmethod
    def _clean_up(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(
                cr, SUPERUSER_ID, {"allowed_company_ids": [cls.company_id]}
            )
            moves = env["account.move"].browse(cls.move_ids)
            moves.filtered(lambda move: move.state == "posted").button_draft()
            moves.with_context(force_delete=True).unlink()
            env["quota.target"].browse(cls.target_id).unlink()
            env["quota.plan"].browse(cls.plan_id).unlink()
            env["account.journal"].browse(cls.journal_ids).unlink()
            user = env["res.users"].browse(cls.user_id)
            partners = user.partner_id + env["res.partner"].browse(cls.partner_ids)
            user.unlink()
            partners.unlink()
            env["account.account"].browse(cls.account_ids).unlink()
            env.cr.flush()
            env["quota.target"]._refresh_achieved()

    def _environment(self):
        """Return an environment of its own transaction, outside of the threads."""
        return api.Environment(
            self.registry.cursor(),
            SUPERUSER_ID,
            {"allowed_company_ids": [self.company_id]},
        )

    def _post_and_fold(self, env, move_id, barrier):
        """Post an invoice, refresh when both are posted; tell whether that was refused.

        A refused transaction is tried again, as Odoo does it.
        """
        try:
            with env.cr:
                env["account.move"].browse(move_id).action_post()
                env.cr.flush()
                barrier.wait(timeout=30)
                env["quota.target"]._refresh_achieved()
        except psycopg2.errors.SerializationFailure:
            return True
        return False

    @mute_logger("odoo.sql_db")
    def test_post_and_fold(self):
        barrier = threading.Barrier(2)
        envs = [self._environment() for _number in range(2)]
        with ThreadPoolExecutor(max_workers=2) as executor:
            futures = [
                executor.submit(self._post_and_fold, env, move_id, barrier)
                for env, move_id in zip(envs, self.move_ids, strict=True)
            ]
            refused = [future.result(timeout=60) for future in futures]
        # both write the one cell: the second is refused, and nothing of it is left
        self.assertEqual(sorted(refused), [False, True])
        posted = self.move_ids[refused.index(False)]
        self.assertEqual(self._read(), 10 if posted == self.move_ids[0] else 200)
        again = threading.Barrier(1)
        retried = self.move_ids[refused.index(True)]
        self.assertFalse(self._post_and_fold(self._environment(), retried, again))
        self.assertEqual(self._read(), 210)

        # a refresh that began before somebody else's posting leaves it to the next one
        early, late = self._environment(), self._environment()
        with early.cr, late.cr:
            target = early["quota.target"].browse(self.target_id)
            self.assertEqual(target.achieved, 210)
            move = late["account.move"].browse(self.move_ids[0])
            move.button_draft()
            late.cr.commit()
            target._refresh_achieved()
            early.cr.commit()
            target._recompute_achieved()
            early.cr.commit()
        self.assertEqual(self._read(), 200)
        with self._environment().cr as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.assertFalse(env["quota.target"]._recompute_achieved())

    def _read(self):
        """Return what the target shows in a new transaction."""
        with self._environment().cr as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["quota.target"].browse(self.target_id).achieved
