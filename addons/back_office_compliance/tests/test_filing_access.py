from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged

from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestFilingAccess(FilingFixture, TransactionCase):
    """Who reads, writes, exports and groups filings; strangers nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls._invoice(1000)
        cls.filing = cls._filed(cls._filing())
        cls.open = cls._filing(event_key="open")

    def _model(self, user):
        return self.env["compliance.filing"].with_user(user)

    def test_readers(self):
        domain = [("company_id", "=", self.company.id)]
        for user in (
            self.viewer,
            self.preparer,
            self.reviewer,
            self.manager,
            self.auditor,
        ):
            self.assertEqual(self._model(user).search_count(domain), 2)
            self.assertTrue(
                self.filing.with_user(user).line_ids.item_ids.read(["amount"])
            )

    def test_others_read_nothing(self):
        with self.assertRaises(AccessError):
            self._model(self.employee_user).search([])
        stranger = self._model(self.stranger)
        self.assertFalse(stranger.search([("id", "in", self.filing.ids)]))
        self.assertFalse(
            stranger._read_group(
                [("id", "in", self.filing.ids)], ["state"], ["__count"]
            )
        )
        for call in (
            lambda: self.filing.with_user(self.stranger).read(["name"]),
            lambda: self.filing.with_user(self.stranger).export_data(["name"]),
            lambda: self.filing.line_ids.with_user(self.stranger).read(["amount"]),
            lambda: self.filing.line_ids.item_ids.with_user(self.stranger).read([]),
            lambda: self.filing.with_user(self.stranger).write({"filed_on": False}),
            lambda: self.filing.with_user(self.stranger).message_post(body="x"),
        ):
            with self.assertRaises(AccessError):
                call()
        for model in ("line", "item"):
            self.assertFalse(
                self.env[f"compliance.filing.{model}"]
                .with_user(self.stranger)
                .search([("filing_id", "=", self.filing.id)])
            )

    def test_who_writes(self):
        for user in (self.viewer, self.auditor, self.employee_user):
            with self.assertRaises(AccessError):
                self.open.with_user(user).write({"receipt_number": "X"})
            with self.assertRaises(AccessError):
                self.open.with_user(user).unlink()
        self.open.with_user(self.preparer).receipt_number = "X"
        with self.assertRaises(AccessError):
            self.open.with_user(self.reviewer).unlink()
        self.open.with_user(self.manager).unlink()

    def test_who_creates(self):
        values = {
            "obligation_id": self.obligation.id,
            "company_id": self.company.id,
            "period_start": "2026-04-01",
            "period_end": "2026-04-30",
            "due_date": "2026-05-20",
            "internal_date": "2026-05-13",
        }
        for user in (self.viewer, self.auditor):
            with self.assertRaises(AccessError):
                self._model(user).create(values)
        self._model(self.preparer).create(values)
        values |= {"period_start": "2026-05-01", "period_end": "2026-05-31"}
        for field, value in (
            ("state", "ready"),
            ("prepared_by_id", self.manager.id),
            ("contributor_ids", [Command.link(self.manager.id)]),
            ("amount_computed", 5),
            ("frozen_hash", "x"),
            ("amendment_number", 3),
            ("line_ids", [Command.create({"code": "X"})]),
        ):
            with self.assertRaisesRegex(UserError, "is to be prepared: leave out"):
                self._model(self.preparer).create({**values, field: value})

    def test_what_the_obligation_gives(self):
        """Related and technical fields are stored, and yet nobody writes them."""
        other = self.authority.copy()
        for filing, refused in (
            (self.filing, "is frozen"),
            (self.open, "changed by hand"),
        ):
            for field, value in (
                ("kind", "licence"),
                ("authority_id", other.id),
                ("jurisdiction_id", self.authority.jurisdiction_id.copy().id),
            ):
                with self.subTest(filing=filing.name, field=field):
                    with self.assertRaisesRegex(UserError, refused):
                        filing.with_user(self.manager).write({field: value})
            for field, value in (
                ("no_longer_due", True),
                ("reminder_error", "x"),
                ("is_personal", True),
            ):
                with self.subTest(filing=filing.name, field=field):
                    with self.assertRaisesRegex(UserError, "changed by hand"):
                        filing.with_user(self.manager).write({field: value})

    def test_what_a_rule_has_generated(self):
        """Nobody moves a generated filing to a period without findings."""
        rule = self.env["compliance.due.rule"].create(
            {"obligation_id": self.obligation.id, "date_from": "2026-01-01"}
        )
        generated = self._filing(event_key="generated", rule_id=rule.id)
        for field, value in (
            ("period_start", "2026-02-27"),
            ("period_end", "2026-02-01"),
            ("event_key", "x"),
            ("rule_id", False),
            ("obligation_id", self.obligation.copy({"code": "TEST-2"}).id),
        ):
            for user in (self.preparer, self.manager):
                with self.subTest(field=field, user=user.login):
                    with self.assertRaisesRegex(UserError, "due rule"):
                        generated.with_user(user).write({field: value})
        self.open.with_user(self.preparer).period_start = "2026-02-02"

    def test_evidence_that_one_may_not_read(self):
        """Nobody learns what is in a file by making it evidence."""
        secret = self.env["ir.attachment"].create({"name": "secret", "raw": b"x"})
        filing = self.open.with_user(self.preparer)
        for change in (
            lambda: filing.write({"evidence_ids": [Command.link(secret.id)]}),
            lambda: filing.copy(
                {
                    "period_start": "2026-02-05",
                    "evidence_ids": [Command.set(secret.ids)],
                }
            ),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change()
        own = (
            self.env["ir.attachment"]
            .with_user(self.preparer)
            .create({"name": "own", "res_model": filing._name, "res_id": filing.id})
        )
        filing.evidence_ids = [Command.link(own.id)]
        self.open.sudo().evidence_ids = [Command.link(secret.id)]
        filing.evidence_ids = [Command.unlink(own.id)]
        self.assertEqual(self.open.sudo().evidence_ids, secret)

    def test_import(self):
        """An import is no way around the state."""
        result = self._model(self.preparer).load(
            [".id", "state"], [[str(self.open.id), "Filed"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("cannot be changed by hand", result["messages"][0]["message"])

    def test_pack_for_reviewers_managers_and_auditors(self):
        for user in (self.viewer, self.preparer, self.employee_user, self.stranger):
            with self.assertRaises(AccessError):
                self.filing.with_user(user)._build_pack()
        for user in (self.reviewer, self.manager, self.auditor):
            self.assertTrue(self.filing.with_user(user).action_download_pack())
        with self.assertRaisesRegex(UserError, "once it is filed"):
            self.open.with_user(self.auditor).action_download_pack()

    def test_check_the_record(self):
        action = self.filing.with_user(self.auditor).action_check_record()
        self.assertEqual(action["params"]["type"], "success")
        self.cr.execute("SET LOCAL session_replication_role = replica")
        self.cr.execute(
            "UPDATE compliance_filing SET frozen = '{}' WHERE id = %s", [self.filing.id]
        )
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not those of the frozen hash"):
            self.filing.with_user(self.auditor).action_check_record()

    def _report(self, user):
        return self.env["compliance.on.time.report"].with_user(user)

    @freeze_time("2026-05-01")
    def test_on_time_rate(self):
        domain = [("company_id", "=", self.company.id)]
        rows = self._report(self.viewer)._read_group(
            domain, ["year", "responsible_id"], ["on_time_rate:avg", "days_late:max"]
        )
        # the filed one was on time, the open one is overdue since 20 March
        self.assertEqual(rows, [("2026", self.preparer, 50.0, 42)])
        self.assertFalse(self._report(self.stranger).search(domain))
        with self.assertRaises(AccessError):
            self._report(self.employee_user).search([])

    @freeze_time("2026-03-20")
    def test_on_the_day_nothing_is_overdue(self):
        rows = self._report(self.viewer).search([("company_id", "=", self.company.id)])
        self.assertEqual(rows.filing_id, self.filing)
        self.assertTrue(rows.on_time)
        self.assertEqual(self.open.urgency, "near")
        self.assertEqual(self.filing.urgency, "done")

    @freeze_time("2026-03-21")
    def test_urgency_after_the_day(self):
        self.assertEqual(self.open.urgency, "overdue")
        self.open.due_date = self.open.internal_date = "2026-12-01"
        self.assertEqual(self.open.urgency, "later")
