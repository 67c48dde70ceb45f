from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common_check import CheckFixture


@tagged("post_install", "-at_install")
class TestFilingGate(CheckFixture):
    """Findings of the period, and those without a day, stand before a filing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        country = cls.env.ref("base.us")
        jurisdiction = cls.env["compliance.jurisdiction"].create(
            {"name": "Testland", "level": "national", "country_id": country.id}
        )
        authority = cls.env["compliance.authority"].create(
            {"name": "Tax Office", "jurisdiction_id": jurisdiction.id}
        )
        cls.obligation = cls.env["compliance.obligation"].create(
            {"name": "Return", "code": "TEST", "authority_id": authority.id}
        )
        cls.check.write(
            {
                "date_field": "create_date",
                "obligation_ids": [Command.link(cls.obligation.id)],
            }
        )
        cls.other = cls._make_check("TEST-OTHER")
        cls.filing = cls.env["compliance.filing"].create(
            {
                "company_id": cls.company.id,
                "obligation_id": cls.obligation.id,
                "period_start": date(2026, 1, 1),
                "period_end": date(2026, 3, 31),
                "due_date": date(2026, 4, 30),
                "internal_date": date(2026, 4, 20),
            }
        )
        cls.before, cls.within, cls.after = cls._make_partners(3)
        days = {cls.before: "2025-12-31", cls.within: "2026-03-31"}
        days[cls.after] = "2026-04-01"
        cls.env.flush_all()
        for partner, day in days.items():
            cls.env.cr.execute(
                "UPDATE res_partner SET create_date = %s WHERE id = %s",
                (f"{day} 12:00:00", partner.id),
            )
        cls.env.invalidate_all()

    def test_findings_of_the_period(self):
        self._run(self.check | self.other)
        findings = self.filing._gate_findings()
        self.assertEqual(findings.check_id, self.check)
        self.assertEqual(findings.mapped("res_id"), self.within.ids)

    def test_findings_without_a_day(self):
        self.check.date_field = False
        self._run()
        self.assertEqual(len(self.filing._gate_findings()), 3)

    def test_resolved_ones_do_not_count(self):
        self._run()
        self.within.ref = "good"
        self._run()
        self.assertFalse(self.filing._gate_findings())

    def test_other_companies_do_not_count(self):
        self._make_partners(company=self.stranger_company)
        self.check.date_field = False
        self._run(company=self.stranger_company)
        self.assertFalse(self.filing._gate_findings())

    def test_run_for_the_filing(self):
        """Only its checks, and only its period."""
        run = self.Check._run_checks(self.company, filing=self.filing)
        self.assertEqual(run.trigger, "filing")
        self.assertEqual(run.filing_id, self.filing)
        self.assertEqual(run.line_ids.check_id, self.check)
        self.assertEqual(run.line_ids.count, 1)
        self.assertEqual(self._findings().mapped("res_id"), self.within.ids)

    def test_run_resolves_within_the_period_only(self):
        self._run()
        (self.before | self.within | self.after).ref = "good"
        run = self.Check._run_checks(self.company, filing=self.filing)
        self.assertEqual(run.line_ids.resolved_count, 1)
        self.assertFalse(self.filing._gate_findings())
        states = {finding.res_id: finding.state for finding in self._findings()}
        self.assertEqual(states[self.within.id], "resolved")
        self.assertEqual({states[self.before.id], states[self.after.id]}, {"open"})

    def test_unproven(self):
        """A check that never had an answer, or failed, proves nothing."""
        self.assertEqual(self.filing._gate_unproven(), self.check)
        self._run()
        self.assertFalse(self.filing._gate_unproven())

        def broken(check, company, parameters, scope):
            raise ValueError("broken")

        with self._as_method(self.check, broken):
            self._run()
            self.assertEqual(self.filing._gate_unproven(), self.check)
