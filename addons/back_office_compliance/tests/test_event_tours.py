from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestEventTours(HttpCase):
    """A preparer records an injury in a real browser."""

    def test_event(self):
        country = self.env.ref("base.us")
        company = self.env["res.company"].create(
            {"name": "Tour company", "country_id": country.id}
        )
        preparer = new_test_user(
            self.env,
            "tour_safety",
            "base.group_user,back_office_compliance.group_compliance_preparer",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        place = self.env["compliance.jurisdiction"].create(
            {"name": "Tour", "country_id": country.id}
        )
        office = self.env["compliance.authority"].create(
            {"name": "Tour office", "jurisdiction_id": place.id}
        )
        obligation = self.env["compliance.obligation"].create(
            {
                "name": "Tour report",
                "code": "TOUR",
                "authority_id": office.id,
                "kind": "labour_report",
                "company_id": company.id,
                "rule_ids": [
                    Command.create(
                        {
                            "date_from": "2020-01-01",
                            "trigger": "event",
                            "event": "injury",
                            "hours": 24,
                            "shift": "none",
                        }
                    )
                ],
            }
        )
        self.start_tour(
            "/odoo/compliance-obligations",
            "back_office_compliance_event",
            login=preparer.login,
        )
        event = self.env["compliance.event"].search(
            [("reference", "=", "Incident of the tour")]
        )
        self.assertEqual(event.create_uid, preparer)
        self.assertEqual(event.filing_ids.obligation_id, obligation)
