from datetime import date

from odoo.tests import TransactionCase, freeze_time, tagged

FEDERAL = {
    "US-1099-NEC",
    "US-1099-MISC",
    "US-1120",
    "US-EST-1",
    "US-EST-2",
    "US-EST-3",
    "US-EST-4",
}
FEDERAL_EMPLOYER = {
    "US-941",
    "US-940",
    "US-W2",
    "US-DEPOSIT",
    "US-I9",
    "US-NEW-HIRE",
    "US-OSHA-8H",
    "US-OSHA-24H",
}
CALIFORNIA = {
    "US-CA-SALES",
    "US-CA-DE9",
    "US-CA-OSHA",
    "US-CA-DE88-Q",
    "US-CA-DE88-M",
    "US-CA-100",
    "US-CA-EST-1",
    "US-CA-EST-2",
    "US-CA-EST-4",
}
WASHINGTON = {"US-WA-EXCISE-M"}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-10")
class TestApplicability(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.env["ir.model.data"].search(
            [
                ("module", "=", "back_office_compliance_us"),
                ("model", "=", "compliance.obligation"),
            ]
        )
        cls.obligations = cls.env["compliance.obligation"].browse(data.mapped("res_id"))

    def _create_company(self, state, city, headcount=0, **values):
        return self.env["res.company"].create(
            {
                "name": f"{city} Ltd of the tests",
                "country_id": self.env.ref("base.us").id,
                "state_id": self.env.ref(f"base.{state}").id,
                "city": city,
                "compliance_headcount": headcount,
                **values,
            }
        )

    def _codes(self, company):
        return set(self.obligations._applies_to(company)[company].mapped("code"))

    def test_texan_without_employees(self):
        company = self._create_company("state_us_44", "Austin")
        self.assertEqual(
            self._codes(company), FEDERAL | {"US-TX-SALES-M", "US-TX-FRANCHISE"}
        )

    def test_californian_with_sixty(self):
        company = self._create_company("state_us_5", "Fresno", 60)
        self.assertEqual(
            self._codes(company),
            FEDERAL
            | FEDERAL_EMPLOYER
            | CALIFORNIA
            | {"US-OSHA-300A", "US-1094-C", "US-1095-C"},
        )

    def test_headcount_thresholds(self):
        company = self._create_company("state_us_5", "Fresno", 10)
        for headcount, code in (
            (11, "US-OSHA-300A"),
            (50, "US-1094-C"),
            (100, "US-EEO-1"),
            (250, "US-OSHA-ITA"),
        ):
            company.compliance_headcount = headcount - 1
            self.assertNotIn(code, self._codes(company))
            company.compliance_headcount = headcount
            self.assertIn(code, self._codes(company))

    def test_cities(self):
        for state, city, expected in (
            ("state_us_5", "San Francisco", {"US-SF-ABT"} | CALIFORNIA),
            ("state_us_39", "Philadelphia", {"US-PHL-WAGE", "US-PHL-BIRT"}),
            ("state_us_48", "Seattle", {"US-SEA-BLT"} | WASHINGTON),
            ("state_us_48", "Spokane", WASHINGTON),
            (
                "state_us_27",
                "Brooklyn",
                {"US-NY-SALES", "US-NY-45", "US-NY-1-5", "US-NY-CT3", "US-NYC-2"},
            ),
            # a city of the name in another state is not meant
            (
                "state_us_44",
                "San Francisco",
                {"US-TX-SALES-M", "US-TX-FRANCHISE", "US-TX-UI"},
            ),
        ):
            company = self._create_company(state, city, 1, name=f"{city} in {state}")
            self.assertEqual(
                self._codes(company) - FEDERAL - FEDERAL_EMPLOYER, expected, city
            )

    def test_tenant_in_new_york(self):
        rent = self.env.ref("back_office_compliance_us.obligation_nyc_rent")
        inside = self._create_company("state_us_27", "New York")
        outside = self._create_company("state_us_27", "Albany")
        self.assertNotIn(rent.code, self._codes(inside))
        rent.active = True
        self.assertIn(rent.code, self._codes(inside))
        self.assertNotIn(rent.code, self._codes(outside))

    def test_another_country(self):
        company = self._create_company("state_us_5", "Fresno", 60)
        company.write({"state_id": False, "country_id": self.env.ref("base.se").id})
        self.assertFalse(self._codes(company))

    def test_filings(self):
        """Dates of filings; Emancipation Day does not lengthen the time for an I-9."""
        company = self._create_company(
            "state_us_5", "Fresno", compliance_start="2026-04-01"
        )
        self.env["hr.employee"].create(
            {
                "name": "New",
                "company_id": company.id,
                "contract_date_start": "2026-04-15",
                "date_version": "2026-04-15",
            }
        )
        filings = self.obligations._generate_filings(company, date(2027, 4, 30))
        dates = {
            code: filings.filtered(
                lambda each, code=code: each.obligation_id.code == code
            )
            .sorted("due_date")
            .mapped("due_date")
            for code in ("US-941", "US-1120", "US-EST-1", "US-I9", "US-NEW-HIRE")
        }
        self.assertEqual(
            dates,
            {
                "US-941": [
                    date(2026, 4, 30),
                    date(2026, 7, 31),
                    date(2026, 11, 2),
                    date(2027, 2, 1),
                    date(2027, 4, 30),
                ],
                "US-1120": [date(2027, 4, 15)],
                "US-EST-1": [date(2026, 4, 15), date(2027, 4, 15)],
                "US-I9": [date(2026, 4, 20)],
                "US-NEW-HIRE": [date(2026, 5, 5)],
            },
        )
