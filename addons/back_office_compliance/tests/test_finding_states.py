from datetime import date, datetime, timedelta

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_check import CheckFixture


@tagged("post_install", "-at_install")
class TestFindingStates(CheckFixture):
    """A person says that it is fixed; the retest says whether that is true."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.preparer = cls._make_user(
            "preparer", "preparer", "base.group_partner_manager"
        )
        cls.manager = cls._make_user("manager", "manager", "base.group_partner_manager")
        cls.partner = cls._make_partners()
        cls.Check._run_checks(cls.company, cls.check)
        cls.finding = cls.Finding.search([("check_id", "=", cls.check.id)])

    def _decide(self, user, kind, **values):
        """Fill in the dialog as a user, through what the button returns."""
        finding = self.finding.with_user(user)
        action = {
            "fixed": finding.action_mark_fixed,
            "waiver": finding.action_ask_waiver,
            "refusal": finding.action_refuse_waiver,
        }[kind]()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"note": "Because", **values})
        )
        return wizard.action_confirm()

    def test_acknowledge(self):
        self.finding.with_user(self.preparer).action_acknowledge()
        self.assertEqual(self.finding.state, "acknowledged")
        self.assertEqual(self.finding.owner_id, self.preparer)
        with self.assertRaisesRegex(UserError, "Acknowledged.*only when it is.*Open"):
            self.finding.with_user(self.preparer).action_acknowledge()

    def test_acknowledge_keeps_the_owner(self):
        self.finding.owner_id = self.manager
        self.finding.with_user(self.preparer).action_acknowledge()
        self.assertEqual(self.finding.owner_id, self.manager)

    def test_fixed_and_proven(self):
        self._decide(self.preparer, "fixed", note="Changed the reference")
        self.assertEqual(self.finding.state, "fixed")
        self.assertEqual(self.finding.fixed_by_id, self.preparer)
        self.partner.ref = "good"
        action = self.finding.with_user(self.preparer).action_retest()
        self.assertEqual(self.finding.state, "resolved")
        self.assertEqual(action["params"]["message"], "1 resolved, 0 left.")

    def test_fixed_and_refuted(self):
        self._decide(self.preparer, "fixed", note="Nothing really")
        self.finding.with_user(self.preparer).action_retest()
        self.assertEqual(self.finding.state, "open")
        self.assertEqual(self.finding.reopened, 1)
        self.assertFalse(self.finding.fixed_by_id)

    def test_fixed_needs_words(self):
        with self.assertRaisesRegex(UserError, "what was done"):
            self._decide(self.preparer, "fixed", note=" ")

    def test_retest_tells_of_errors(self):
        def broken(check, company, parameters, scope):
            raise ValueError("No such table")

        with self._as_method(self.check, broken):
            action = self.finding.with_user(self.preparer).action_retest()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("No such table", action["params"]["message"])
        self.assertEqual(self.finding.state, "open")

    # --- waivers ------------------------------------------------------------------

    def test_waiver_by_another(self):
        until = date(2030, 1, 31)
        self._decide(self.preparer, "waiver", until=until)
        self.assertEqual(self.finding.state, "open")
        self.assertTrue(self.finding.waiver_asked)
        self.assertIn(self.finding, self.Finding.search([("waiver_asked", "=", True)]))
        self.finding.with_user(self.manager).action_grant_waiver()
        self.assertEqual(self.finding.state, "waived")
        self.assertEqual(self.finding.waived_by_id, self.manager)
        self.assertEqual(self.finding.waived_until, until)
        self.assertNotIn(
            self.finding, self.Finding.search([("waiver_asked", "=", True)])
        )

    def test_waiver_not_by_the_same(self):
        self._decide(self.manager, "waiver", until=date(2030, 1, 31))
        with self.assertRaisesRegex(UserError, "Another manager"):
            self.finding.with_user(self.manager).action_grant_waiver()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.finding.sudo().write(
                {"state": "waived", "waived_by_id": self.manager.id}
            )
            self.env.flush_all()

    def test_waiver_not_by_a_preparer(self):
        self._decide(self.manager, "waiver", until=date(2030, 1, 31))
        with self.assertRaisesRegex(AccessError, "compliance managers"):
            self.finding.with_user(self.preparer).action_grant_waiver()
        with self.assertRaisesRegex(AccessError, "compliance managers"):
            self._decide(self.preparer, "refusal")

    def test_waiver_that_nobody_asked_for(self):
        with self.assertRaisesRegex(UserError, "nobody has asked"):
            self.finding.with_user(self.manager).action_grant_waiver()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.finding.sudo().write(
                {"state": "waived", "waived_by_id": self.manager.id}
            )
            self.env.flush_all()

    def test_waiver_needs_a_day_to_come(self):
        yesterday = fields.Date.today() - timedelta(days=2)
        for until in (False, yesterday):
            with self.subTest(until=until):
                with self.assertRaisesRegex(UserError, "last day"):
                    self._decide(self.preparer, "waiver", until=until)

    def test_waiver_refused(self):
        self._decide(self.preparer, "waiver", until=date(2030, 1, 31))
        self._decide(self.manager, "refusal", note="Fix it")
        self.assertFalse(self.finding.waiver_asked)
        self.assertEqual(self.finding.state, "open")
        bodies = "".join(self.finding.message_ids.mapped("body"))
        self.assertIn("Waiver refused: Fix it", bodies)

    def test_waiver_runs_out(self):
        with freeze_time("2026-03-01"):
            self._decide(self.preparer, "waiver", until=date(2026, 3, 31))
            self.finding.with_user(self.manager).action_grant_waiver()
        with freeze_time("2026-03-31"):
            self._run()
            self.assertEqual(self.finding.state, "waived")
        with freeze_time("2026-04-01"):
            self._run()
        self.assertEqual(self.finding.state, "open")
        self.assertFalse(self.finding.waived_by_id)
        self.assertEqual(self.finding.reopened, 1)

    def test_waiver_that_ran_out_is_not_granted(self):
        with freeze_time("2026-03-01"):
            self._decide(self.preparer, "waiver", until=date(2026, 3, 31))
        with freeze_time("2026-04-01"), self.assertRaisesRegex(UserError, "run out"):
            self.finding.with_user(self.manager).action_grant_waiver()

    def test_waived_and_gone_is_resolved(self):
        self._decide(self.preparer, "waiver", until=date(2030, 1, 31))
        self.finding.with_user(self.manager).action_grant_waiver()
        self.partner.ref = "good"
        self._run()
        self.assertEqual(self.finding.state, "resolved")

    # --- what nobody may write ----------------------------------------------------

    def test_nobody_writes_a_state(self):
        for user in (self.preparer, self.manager):
            finding = self.finding.with_user(user)
            for values in (
                {"state": "resolved"},
                {"waived_by_id": user.id},
                {"waived_until": "2030-01-01"},
                {"values": {}},
                {"owner_id": user.id, "resolved_on": "2026-01-01 00:00:00"},
                {"check_id": self.check.id},
            ):
                with self.subTest(user=user.login, values=values):
                    with self.assertRaises(AccessError):
                        finding.write(values)
            with self.assertRaises(AccessError):
                finding.unlink()
            with self.assertRaises(AccessError):
                self.Finding.with_user(user).create(
                    {"check_id": self.check.id, "company_id": self.company.id}
                )

    def test_nobody_imports_a_state(self):
        result = self.Finding.with_user(self.manager).load(
            [".id", "state"], [[str(self.finding.id), "Resolved"]]
        )
        self.assertFalse(result["ids"])
        self.assertEqual(self.finding.state, "open")

    def test_nobody_writes_through_the_check(self):
        with self.assertRaises(AccessError):
            self.check.with_user(self.manager).write(
                {
                    "finding_ids": [
                        Command.update(self.finding.id, {"state": "resolved"})
                    ]
                }
            )

    def test_owner_is_told(self):
        self.finding.with_user(self.manager).owner_id = self.preparer
        activity = self.finding.activity_ids
        self.assertEqual(activity.user_id, self.preparer)

    def test_owner_of_the_check_is_told_once(self):
        self.check.owner_id = self.preparer
        for _number in range(2):
            self._make_partners()
            self._run()
        self.assertEqual(self.check.activity_ids.user_id, self.preparer)
        self.assertEqual(len(self.check.activity_ids), 1)
        newest = self._findings() - self.finding
        self.assertEqual(newest.owner_id, self.preparer)

    def test_last_seen(self):
        """What is still there was last seen when the check last had an answer."""
        with freeze_time("2090-05-01 10:00:00"):
            self._run()
        self.assertEqual(self.finding.last_seen, datetime(2090, 5, 1, 10))
        self.partner.ref = "good"
        with freeze_time("2090-05-02 10:00:00"):
            self._run()
        self.finding.invalidate_recordset()
        self.assertEqual(self.finding.state, "resolved")
        self.assertEqual(self.finding.last_seen, datetime(2090, 5, 1, 10))
