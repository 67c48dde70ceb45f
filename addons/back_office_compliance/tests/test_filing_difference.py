from odoo.tests import TransactionCase, tagged

from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestFilingDifference(FilingFixture, TransactionCase):
    """Later changes of the ledger show as a difference; what was filed stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls.move = cls._invoice(1000)
        cls.filing = cls._filed(cls._filing())

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()

    def _changed(self):
        self.env.invalidate_all()
        domain = [("company_id", "=", self.company.id), ("ledger_changed", "=", True)]
        found = self.env["compliance.filing"].search(domain)
        domain[1] = ("ledger_changed", "=", False)
        others = self.env["compliance.filing"].search(domain)
        self.assertFalse(found & others)
        self.assertEqual(self.filing in found, self.filing.ledger_changed)
        return found

    def test_nothing_changed(self):
        self._invoice(500, "2026-03-01")
        self._invoice(500, post=False)
        self.assertFalse(self._changed())
        self.assertEqual(self.filing.difference, 0)
        self.assertFalse(self.filing.changed_items)

    def test_added(self):
        added = self._invoice(500)
        self.assertEqual(self._changed(), self.filing)
        self.assertEqual(self.filing.difference, 50.0)
        self.assertIn(added.name, self.filing.changed_items)
        self.assertIn("not there", self.filing.changed_items)
        self.assertEqual(self.filing.amount_computed, 100.0)

    def test_removed(self):
        self.move.button_draft()
        self.assertEqual(self._changed(), self.filing)
        self.assertEqual(self.filing.difference, -100.0)
        self.assertIn("gone", self.filing.changed_items)

    def test_changed_but_the_same_in_sum(self):
        self.move.button_draft()
        again = self._invoice(1000)
        self.assertEqual(self._changed(), self.filing)
        self.assertEqual(self.filing.difference, 0)
        self.assertIn(again.name, self.filing.changed_items)

    def test_an_amendment_ends_it(self):
        self._invoice(500)
        action = self.filing.with_user(self.preparer).action_amend()
        amendment = self.env["compliance.filing"].browse(action["res_id"])
        self.assertEqual(self._changed(), self.filing)
        self._filed(amendment)
        self.assertFalse(self._changed())
        self.assertEqual(amendment.frozen["filing"]["amount_declared"], "150.00")
        self.assertEqual(self.filing.frozen["filing"]["amount_declared"], "100.00")

    def test_labels_are_not_markup(self):
        move = self._invoice(500, post=False)
        move.invoice_line_ids.name = "<script>alert(1)</script>"
        move.action_post()
        self.env.invalidate_all()
        self.assertIn("&lt;script&gt;", self.filing.changed_items)

    def test_items_only_for_readers_of_the_ledger(self):
        self._invoice(500)
        self.assertFalse(self.filing.with_user(self.viewer).changed_items)
        self.assertEqual(self.filing.with_user(self.viewer).difference, 50.0)
        self.assertTrue(self.filing.with_user(self.auditor).changed_items)
        self.viewer.group_ids += self.env.ref("account.group_account_readonly")
        self.env.invalidate_all()
        self.assertTrue(self.filing.with_user(self.viewer).changed_items)

    def test_one_statement_whatever_the_number(self):
        filings = self.filing
        for number in range(10):
            filings |= self._filed(self._filing(event_key=f"test,{number}"))
        self._invoice(500)
        for some in (filings[:2], filings):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(4):
                # the filings, the statement, their company and currency
                self.assertEqual(set(some.mapped("difference")), {50.0})
