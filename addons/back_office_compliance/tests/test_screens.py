from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    """What the screens tell beside the fields that people fill in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Screens"})
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        place = cls.env["compliance.jurisdiction"].create(
            {
                "name": "Place",
                "code": "SCREEN",
                "country_id": cls.env.ref("base.us").id,
            }
        )
        authority = cls.env["compliance.authority"].create(
            {"name": "Office", "kind": "tax", "jurisdiction_id": place.id}
        )
        cls.obligation = cls.env["compliance.obligation"].create(
            {
                "name": "Return",
                "code": "SCREEN-1",
                "authority_id": authority.id,
                "kind": "information",
                "company_id": cls.company.id,
            }
        )
        cls.check = cls.env["compliance.check"].create(
            {
                "name": "Nobody",
                "code": "SCREEN-CHECK",
                "family": "payable",
                "severity": "low",
                "model_id": cls.env.ref("base.model_res_partner").id,
                "kind": "domain",
                "domain": f"[('id', '=', {cls.company.partner_id.id})]",
                "obligation_ids": [(6, 0, cls.obligation.ids)],
            }
        )
        cls.first, cls.second = (
            cls.env["compliance.filing"].create(
                {
                    "company_id": cls.company.id,
                    "obligation_id": cls.obligation.id,
                    "period_start": f"2026-0{month}-01",
                    "period_end": f"2026-0{month}-28",
                    "due_date": f"2026-0{month + 1}-20",
                    "internal_date": f"2026-0{month + 1}-15",
                }
            )
            for month in (3, 5)
        )

    def test_next_due_is_the_first_open_date(self):
        due = str(self.obligation.next_due_date)
        self.assertEqual(due, "2026-04-20")

    def test_next_due_is_empty_without_an_open_filing(self):
        (self.first | self.second).unlink()
        self.obligation.invalidate_recordset(["next_due_date"])
        self.assertFalse(self.obligation.next_due_date)

    def test_a_finding_of_a_gating_check_is_in_the_way(self):
        self.env["compliance.check"]._run_checks(self.company, self.check)
        self.first.invalidate_recordset(["gate_finding_ids"])
        self.assertEqual(self.first.gate_finding_ids.check_id, self.check)

    def test_a_check_that_does_not_gate_is_not(self):
        self.check.obligation_ids = False
        self.env["compliance.check"]._run_checks(self.company, self.check)
        self.first.invalidate_recordset(["gate_finding_ids"])
        self.assertFalse(self.first.gate_finding_ids)

    def test_a_labour_finding_is_not_shown_to_an_accountant(self):
        employee = self.env["hr.employee"].create(
            {"name": "Somebody", "company_id": self.company.id}
        )
        self.check.write(
            {
                "model_id": self.env.ref("hr.model_hr_employee").id,
                "family": "labour",
                "domain": f"[('id', '=', {employee.id})]",
            }
        )
        self.env["compliance.check"]._run_checks(self.company, self.check)
        group = "back_office_compliance.group_compliance_preparer"
        for groups, seen in ((group, 0), (f"{group},hr.group_hr_user", 1)):
            user = new_test_user(
                self.env,
                f"screen {seen}",
                groups=groups,
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            filing = self.first.with_user(user)
            filing.invalidate_recordset(["gate_finding_ids"])
            self.assertEqual(len(filing.gate_finding_ids), seen)
            self.assertEqual(len(filing._gate_findings()), 1)
