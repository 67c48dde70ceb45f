from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestDatesTours(HttpCase):
    """A manager sets up an obligation in a real browser."""

    def test_obligation(self):
        country = self.env.ref("base.us")
        company = self.env["res.company"].create(
            {"name": "Tour company", "country_id": country.id}
        )
        manager = new_test_user(
            self.env,
            "tour_compliance",
            "base.group_user,back_office_compliance.group_compliance_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        place = self.env["compliance.jurisdiction"].create(
            {"name": "Tour", "country_id": country.id, "holiday_subdivision": "DC"}
        )
        office = self.env["compliance.authority"].create(
            {"name": "Tour office", "jurisdiction_id": place.id}
        )
        obligation = self.env["compliance.obligation"].create(
            {
                "name": "Tour return",
                "code": "TOUR",
                "authority_id": office.id,
                "company_id": company.id,
                "rule_ids": [
                    Command.create(
                        {
                            "date_from": "2020-01-01",
                            "period": "year",
                            "months": 3,
                            "day_rule": "day",
                            "day": 15,
                        }
                    )
                ],
            }
        )
        self.start_tour(
            "/odoo/compliance-obligations",
            "back_office_compliance_obligation",
            login=manager.login,
        )
        self.assertEqual(obligation.scope_ids.reminder_days, 21)
        self.assertEqual(obligation.rule_ids.day, 25)
        filings = self.env["compliance.filing"].search(
            [("obligation_id", "=", obligation.id)]
        )
        self.assertTrue(filings)
        self.assertEqual(filings.company_id, company)
