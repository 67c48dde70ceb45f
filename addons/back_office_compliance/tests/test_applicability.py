import psycopg2

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_dates import DatesFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-06-10")
class TestApplicability(DatesFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()

    def _applies(self, obligation=None, company=None):
        obligation, company = obligation or self.obligation, company or self.company
        return obligation in obligation._applies_to(company)[company]

    def _why(self):
        self.obligation.invalidate_recordset()
        return self.obligation.applies_why

    def test_country(self):
        self.assertTrue(self._applies())
        self.company.country_id = self.env.ref("base.se")
        self.assertFalse(self._applies())
        self.assertEqual(self._why(), "The company is not in United States.")

    def test_state(self):
        self.authority.jurisdiction_id = self.state
        self.assertTrue(self._applies())
        self.company.state_id = self.env.ref("base.state_us_27")
        self.assertFalse(self._applies())
        self.assertEqual(self._why(), "The company is not in California.")

    def test_city(self):
        self.authority.jurisdiction_id = self.env["compliance.jurisdiction"].create(
            {
                "name": "City of Dates",
                "level": "local",
                "parent_id": self.state.id,
                "country_id": self.usa.id,
                "state_id": self.california.id,
                "city": "SF, San Francisco",
            }
        )
        self.company.city = " san francisco "
        self.assertTrue(self._applies())
        self.company.city = "Oakland"
        self.assertFalse(self._applies())

    def test_headcount(self):
        self.obligation.headcount_from = 20
        self.assertTrue(self._applies())
        self.obligation.headcount_from = 21
        self.assertFalse(self._applies())
        self.assertEqual(self._why(), "The company has fewer than 21 employees.")

    def test_employees_are_counted(self):
        self.company.compliance_headcount = 0
        self.obligation.needs_employees = True
        self.assertFalse(self._applies())
        employees = self.env["hr.employee"].create(
            [
                {"name": "One", "company_id": self.company.id},
                {
                    "name": "Contractor",
                    "company_id": self.company.id,
                    "employee_type": "contractor",
                },
            ]
        )
        self.assertTrue(self._applies())
        facts = self.company._compliance_facts()[self.company]
        self.assertEqual(facts["headcount"], 1)
        employees[0].active = False
        self.assertFalse(self._applies())

    def _post(self, amount, day):
        account = self.env["account.account"].create(
            {
                "name": "Sales",
                "code": f"DT{day[-5:-3]}{day[-2:]}",
                "account_type": "income",
            }
        )
        bank = self.env["account.account"].create(
            {
                "name": "Bank",
                "code": f"DB{day[-5:-3]}{day[-2:]}",
                "account_type": "asset_current",
            }
        )
        journal = self.env["account.journal"].create(
            {"name": "Dates", "code": f"D{day[-5:-3]}{day[-2:]}", "type": "general"}
        )
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": account.id, "credit": amount}),
                    Command.create({"account_id": bank.id, "debit": amount}),
                ],
            }
        )
        move._post(soft=False)

    def test_turnover_is_what_was_posted(self):
        self.company.compliance_turnover = 0
        self._post(100, "2025-06-01")
        self._post(1000, "2025-05-31")
        self._post(10_000, "2026-06-02")
        facts = self.company._compliance_facts()[self.company]
        self.assertEqual(facts["turnover"], 100)
        self.obligation.write(
            {"turnover_from": 100, "currency_id": self.company.currency_id.id}
        )
        self.assertTrue(self._applies())
        self.obligation.turnover_from = 101
        self.assertFalse(self._applies())

    def test_turnover_in_another_currency(self):
        krona = self.env.ref("base.SEK")
        krona.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 10,
                "currency_id": krona.id,
                "company_id": self.company.id,
            }
        )
        self.company.compliance_turnover = 100
        self.obligation.write({"turnover_from": 1000, "currency_id": krona.id})
        self.assertTrue(self._applies())
        self.obligation.turnover_from = 1001
        self.assertFalse(self._applies())

    @mute_logger("odoo.sql_db")
    def test_turnover_needs_a_currency(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self.obligation.write({"turnover_from": 10, "currency_id": False})
            self.env.flush_all()

    def test_industry(self):
        industries = self.env["res.partner.industry"].create(
            [{"name": "Mining"}, {"name": "Baking"}]
        )
        self.obligation.industry_ids = industries[0]
        self.assertFalse(self._applies())
        self.company.compliance_industry_id = industries[1]
        self.assertFalse(self._applies())
        self.company.compliance_industry_id = industries[0]
        self.assertTrue(self._applies())

    def test_a_line_decides_instead_of_the_facts(self):
        scope = self.env["compliance.scope"].create(
            {
                "company_id": self.company.id,
                "obligation_id": self.obligation.id,
                "applies": "no",
                "reason": "Exempt by letter",
            }
        )
        self.assertFalse(self._applies())
        self.assertFalse(scope.applies_now)
        self.assertEqual(scope.applies_why, "Set not to apply: Exempt by letter")
        self.company.country_id = self.env.ref("base.se")
        scope.write({"applies": "yes", "reason": "A plant there"})
        self.assertTrue(self._applies())
        self.assertTrue(scope.applies_now)
        scope.write({"applies": "facts"})
        self.assertFalse(scope.applies_now)

    @mute_logger("odoo.sql_db")
    def test_a_line_needs_a_reason(self):
        for reason in (False, "  "):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env["compliance.scope"].create(
                    {
                        "company_id": self.company.id,
                        "obligation_id": self.obligation.id,
                        "applies": "no",
                        "reason": reason,
                    }
                )

    def test_own_obligation_of_another_company(self):
        other = self.env["res.company"].create(
            {"name": "Other dates", "country_id": self.usa.id}
        )
        self.obligation.company_id = other
        self.assertFalse(self._applies())
        self.assertTrue(self._applies(company=other))
        with self.assertRaisesRegex(ValidationError, "switch to that company"):
            self.obligation.action_open_scope()

    def test_branches_count_with_their_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id, "country_id": self.usa.id}
        )
        self.company.compliance_headcount = 0
        self.env["hr.employee"].create({"name": "There", "company_id": branch.id})
        facts = (self.company | branch)._compliance_facts()
        self.assertEqual(facts[self.company]["headcount"], 1)
        self.assertEqual(facts[branch]["headcount"], 1)
        self.assertFalse(self._applies(company=branch))
        self.assertTrue(self._applies())

    def test_search(self):
        other = self._create_obligation("DATES-BIG", headcount_from=1000)
        obligations = self.env["compliance.obligation"]
        ids = ("id", "in", (other | self.obligation).ids)
        self.assertEqual(
            obligations.search([ids, ("applies", "=", True)]), self.obligation
        )
        self.assertEqual(obligations.search([ids, ("applies", "=", False)]), other)
        self.assertEqual(
            obligations.search([ids, ("applies", "in", [True, False])]),
            other | self.obligation,
        )

    def test_open_the_line(self):
        action = self.obligation.action_open_scope()
        self.assertFalse(action["res_id"])
        scope = (
            self.env["compliance.scope"].with_context(**action["context"]).create({})
        )
        self.obligation.invalidate_recordset(["scope_id"])
        self.assertEqual(self.obligation.action_open_scope()["res_id"], scope.id)
        self.assertEqual(scope.display_name, "Dates-Monthly of Dates Ltd")

    def test_people_belong_to_the_company(self):
        stranger = self._create_user(
            "stranger.dates", company=self.env.ref("base.main_company")
        )
        with self.assertRaisesRegex(ValidationError, "access to the company"):
            self.company.compliance_manager_id = stranger
        self.company.compliance_manager_id = self.env.user

    @mute_logger("odoo.sql_db")
    def test_default_people_are_two(self):
        self.company.compliance_preparer_id = self.env.user
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self.company.compliance_reviewer_id = self.env.user
            self.env.flush_all()

    def test_settings(self):
        settings = self.env["res.config.settings"].create({})
        settings.compliance_headcount = 7
        settings.execute()
        self.assertEqual(self.company.compliance_headcount, 7)
