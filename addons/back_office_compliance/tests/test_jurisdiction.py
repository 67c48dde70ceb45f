from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, freeze_time, tagged

from .common_dates import DatesFixture


@tagged("post_install", "-at_install")
class TestJurisdiction(DatesFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()

    def _add_holiday(self, day, jurisdiction=None, **values):
        return self.env["compliance.holiday"].create(
            {
                "jurisdiction_id": (jurisdiction or self.federal).id,
                "date": day,
                "name": "Exception",
            }
            | values
        )

    def _is_open(self, day, jurisdiction=None, company=None):
        calendar = (jurisdiction or self.federal)._get_calendar(
            company or self.company, [day.year]
        )
        return calendar.is_open(day)

    def test_unknown_subdivision(self):
        with self.assertRaisesRegex(
            ValidationError, "Holiday Subdivision of Federation of Dates.*ATLANTIS"
        ):
            self.federal.holiday_subdivision = "ATLANTIS"

    def test_country_without_calendar(self):
        nowhere = self.env["res.country"].create({"name": "Nowhere", "code": "X1"})
        with self.assertRaisesRegex(ValidationError, "Country of Nowhere law.*X1"):
            self.env["compliance.jurisdiction"].create(
                {"name": "Nowhere law", "country_id": nowhere.id}
            )

    def test_state_and_parent_lie_in_the_country(self):
        with self.assertRaisesRegex(ValidationError, "state of State of Dates"):
            self.state.state_id = self.env["res.country.state"].search(
                [("country_id", "!=", self.usa.id)], limit=1
            )
        with self.assertRaisesRegex(ValidationError, "country of Sweden"):
            self.env["compliance.jurisdiction"].create(
                {
                    "name": "Sweden",
                    "country_id": self.env.ref("base.se").id,
                    "parent_id": self.federal.id,
                }
            )

    def test_holidays_do_not_depend_on_the_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        spanish = self.federal.with_context(lang="es_ES")
        calendar = self.federal._get_calendar(self.company, [2026])
        self.assertEqual(spanish._get_calendar(self.company, [2026]), calendar)
        self.assertFalse(calendar.is_open(date(2026, 12, 25)))

    def test_a_state_inherits_closed_days(self):
        emancipation = date(2026, 4, 16)
        self.assertFalse(self._is_open(emancipation, self.state))
        # Cesar Chavez Day is a holiday of California, not of the federation
        chavez = date(2026, 3, 31)
        self.assertFalse(self._is_open(chavez, self.state))
        self.assertTrue(self._is_open(chavez))

    def test_what_is_nearer_wins(self):
        day = date(2026, 7, 3)
        self._add_holiday(day)
        self.assertFalse(self._is_open(day, self.state))
        self._add_holiday(day, self.state, is_open=True)
        self.assertTrue(self._is_open(day, self.state))
        self.assertFalse(self._is_open(day))

    def test_a_company_has_exceptions_of_its_own(self):
        day = date(2026, 7, 8)
        other = self.env["res.company"].create({"name": "Other dates"})
        self._add_holiday(day, company_id=self.company.id)
        self.assertFalse(self._is_open(day))
        self.assertTrue(self._is_open(day, company=other))

    def test_companies_share_a_calendar(self):
        others = self.env["res.company"].create([{"name": "A"}, {"name": "B"}])
        self._add_holiday(date(2026, 7, 8), company_id=self.company.id)
        calendars = self.federal._get_calendars(others | self.company, [2026])
        self.assertIs(
            calendars[self.federal, others[0]], calendars[self.federal, others[1]]
        )
        self.assertNotEqual(
            calendars[self.federal, others[0]], calendars[self.federal, self.company]
        )

    def test_queries_do_not_grow(self):
        others = self.env["res.company"].create(
            [{"name": f"Company {number}"} for number in range(10)]
        )
        counts = []
        for companies in (others[:2], others):
            self.env.invalidate_all()
            with self.env.cr.savepoint():
                before = self.env.cr.sql_log_count
                (self.federal | self.state)._get_calendars(companies, [2026])
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    @freeze_time("2026-01-10")
    def test_due_dates_follow_an_exception(self):
        self._add_holiday("2026-01-15")
        filings = self.obligation._generate_filings(self.company)
        self.assertEqual(min(filings.mapped("due_date")), date(2026, 1, 16))
