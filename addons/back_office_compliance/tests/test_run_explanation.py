from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestRunExplanation(FilingFixture, TransactionCase):
    """A run that has nothing to ask is done, and says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls.filing = cls._filing()

    def _run(self, **values):
        run = self.env["compliance.check"].sudo()._run_checks(self.company, **values)
        return run.with_user(self.viewer)

    def test_for_a_filing_without_checks(self):
        run = self._run(filing=self.filing)
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertIn("No check stands before TEST-ST", run.explanation)
        self.assertIn("“Gates”", run.explanation)

    def test_by_night_without_checks(self):
        run = self._run(checks=self.env["compliance.check"], trigger="cron")
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertIn("No check was active for Filing Test", run.explanation)

    def test_the_button_says_what_to_do(self):
        with self.assertRaisesRegex(
            UserError, "No check stands before TEST-ST .*Gates"
        ):
            self.filing.with_user(self.preparer).action_run_checks()

    def test_with_a_check(self):
        self.env["compliance.check"].create(
            {
                "code": "TEST-GATE",
                "name": "Gate",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain": "[('id', '=', 0)]",
                "obligation_ids": [Command.set(self.obligation.ids)],
            }
        )
        self.filing.with_user(self.preparer).action_run_checks()
        run = self._run(filing=self.filing)
        self.assertEqual(run.progress, 100)
        self.assertFalse(run.explanation)

    def test_what_has_not_begun_is_not_done(self):
        run = self.env["compliance.run"]._start(
            self.company, self.env["compliance.check"].search([], limit=1)
        )
        self.assertEqual(run.progress, 0)
        self.assertFalse(run.explanation)
