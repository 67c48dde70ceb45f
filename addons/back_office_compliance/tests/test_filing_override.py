from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, freeze_time, tagged

from .common_filing import FilingFixture


@freeze_time("2026-03-12 12:00:00")
@tagged("post_install", "-at_install")
class TestFilingOverride(FilingFixture, TransactionCase):
    """An override covers what stood when it was written, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls.filing = cls._filing()
        cls.check = cls._check("TEST-DRAFT", "No drafts", "[('state', '=', 'draft')]")
        cls.draft = cls._invoice(10, post=False)
        cls._ready(cls.filing)

    @classmethod
    def _check(cls, code, name, domain):
        return cls.env["compliance.check"].create(
            {
                "code": code,
                "name": name,
                "model_id": cls.env["ir.model"]._get("account.move").id,
                "domain": domain,
                "obligation_ids": [Command.set(cls.obligation.ids)],
                "company_id": cls.company.id,
            }
        )

    def _override(self, user=None):
        self.env["compliance.filing.reason"].with_user(user or self.manager).create(
            {
                "filing_id": self.filing.id,
                "action": "override",
                "reason": "The authority agreed",
            }
        ).action_confirm()

    def _file(self):
        self.filing.with_user(self.reviewer).action_file()

    def test_what_stood_is_covered(self):
        self._override()
        self._file()
        self.assertEqual(self.filing.state, "filed")

    def test_what_is_found_later_blocks_again(self):
        self._override()
        self._invoice(20, post=False)
        with self.assertRaisesRegex(
            UserError,
            "override by .* does not cover .* since it was written: No drafts",
        ):
            self._file()
        self.assertEqual(self.filing.state, "ready")
        self._override()
        self._file()
        self.assertEqual(self.filing.state, "filed")

    def test_what_comes_back_blocks_again(self):
        self._override()
        self.draft.action_post()
        self.filing.with_user(self.reviewer).action_run_checks()
        self.draft.button_draft()
        with self.assertRaisesRegex(UserError, "does not cover"):
            self._file()

    def test_a_check_without_an_answer(self):
        """Covered as long as it says nothing; not what it finds afterwards."""
        broken = self._check("TEST-BROKEN", "Broken", "[('state', '=', 'draft')]")
        self.env.flush_all()
        statement = "UPDATE compliance_check SET domain = %s WHERE id = %s"
        self.cr.execute(statement, ("nonsense", broken.id))
        broken.invalidate_recordset()
        self._override()
        covers = self.filing.sudo().override_covers
        self.assertEqual(covers["checks"], broken.ids)
        self.cr.execute(statement, ("[('state', '=', 'draft')]", broken.id))
        broken.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "does not cover .*: Broken"):
            self._file()
        self.cr.execute(statement, ("nonsense", broken.id))
        broken.invalidate_recordset()
        self.env["compliance.finding"].search([("check_id", "=", broken.id)]).unlink()
        self._file()
        self.assertEqual(self.filing.state, "filed")

    def test_it_ends_when_the_filing_goes_back(self):
        self._override()
        self.filing.with_user(self.reviewer)._send_back("Look again")
        self.assertFalse(self.filing.sudo().override_covers)
