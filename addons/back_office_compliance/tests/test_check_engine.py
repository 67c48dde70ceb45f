from odoo.tests import tagged

from .common_check import CheckFixture


@tagged("post_install", "-at_install")
class TestCheckEngine(CheckFixture):
    """What a run writes, and what it leaves alone."""

    def test_finds(self):
        partners = self._make_partners(3)
        run = self._run()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.line_ids.result, "fail")
        self.assertEqual(run.line_ids.count, 3)
        self.assertEqual(run.line_ids.new_count, 3)
        findings = self._findings()
        self.assertEqual(sorted(findings.mapped("res_id")), sorted(partners.ids))
        self.assertEqual(set(findings.mapped("state")), {"open"})
        names = {finding.res_id: finding.values["name"] for finding in findings.sudo()}
        self.assertEqual(names, {partner.id: partner.name for partner in partners})

    def test_finds_nothing(self):
        self._make_partners(3, ref="good")
        line = self._run().line_ids
        self.assertEqual((line.result, line.count), ("pass", 0))
        self.assertFalse(self._findings())

    def test_second_run_writes_nothing(self):
        self._make_partners(3)
        self._run()
        self.env.cr.execute("SELECT id, xmin, ctid FROM compliance_finding ORDER BY id")
        before = self.env.cr.fetchall()
        run = self._run()
        self.env.cr.execute("SELECT id, xmin, ctid FROM compliance_finding ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)
        self.assertEqual(run.line_ids.count, 3)
        self.assertEqual(run.line_ids.new_count, 0)

    def test_resolved_and_back(self):
        partner = self._make_partners()
        self._run()
        finding = self._findings()
        partner.ref = "good"
        self.assertEqual(self._run().line_ids.resolved_count, 1)
        self.assertEqual(finding.state, "resolved")
        self.assertTrue(finding.resolved_on)
        partner.ref = "bad"
        self.assertEqual(self._run().line_ids.new_count, 1)
        self.assertEqual(finding.state, "open")
        self.assertEqual(finding.reopened, 1)
        self.assertFalse(finding.resolved_on)
        bodies = "".join(finding.message_ids.mapped("body"))
        self.assertIn("no longer found it: resolved", bodies)
        self.assertIn("found it again: open", bodies)

    def test_figures_change(self):
        """What is shown follows the record; who works on it goes on."""
        partner = self._make_partners()
        self._run()
        finding = self._findings()
        finding.action_acknowledge()
        partner.color = 9
        line = self._run().line_ids
        self.assertEqual((line.count, line.new_count), (1, 0))
        self.assertEqual(finding.sudo().values["color"], 9)
        self.assertEqual(finding.state, "acknowledged")

    def test_statements_do_not_grow(self):
        """A hundred findings cost what ten do."""
        self._run()
        numbers = []
        for number in (10, 100):
            self._findings().sudo().unlink()
            self._make_partners(number)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run()
            numbers.append(self.env.cr.sql_log_count - before)
        self.assertEqual(numbers[0], numbers[1])

    def test_buttons(self):
        self._make_partners()
        run = self._run()
        finding = self._findings()
        for action in (self.check.action_open_findings(), run.action_open_findings()):
            found = self.Finding.search(action["domain"])
            self.assertEqual(found, finding)
        action = self.check.action_open_runs()
        self.assertEqual(self.env["compliance.run"].search(action["domain"]), run)

    def test_details_in_words(self):
        """Labels, numbers, days and choices as the reader writes them."""
        self._make_partners()
        self._run()
        finding = self._findings()
        finding.sudo().values = {
            "type": "invoice",
            "amount_due": 1234.5,
            "due_on": "2026-01-31",
            "color": 0,
            "ref": None,
        }
        finding.invalidate_recordset()
        self.assertEqual(
            finding.details,
            "Address Type: Invoice · Color Index: 0 · Due on: 01/31/2026"
            " · Amount due: 1,234.50",
        )

    def test_details_of_a_group(self):
        check = self._make_check(
            "TEST-GROUP", kind="aggregate", group_by="ref", aggregate="__count"
        )
        self._make_partners(2)
        self._run(check)
        finding = self._findings(check)
        self.assertEqual(finding.record_name, "bad")
        self.assertIn("2", finding.details)
