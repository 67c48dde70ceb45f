"""What the tests of checks about employees share."""

from odoo.fields import Date
from odoo.tests import TransactionCase, new_test_user

TODAY = Date.to_date("2026-06-15")


class LabourFixture(TransactionCase):
    """A company in San Francisco with a full week of 40 hours, and its staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.usa = cls.env.ref("base.us")
        cls.california = cls.env.ref("base.state_us_5")
        cls.company = cls._make_company("Labour Ltd")
        cls.other_company = cls._make_company("Neighbour Ltd")
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.calendar = cls.company.resource_calendar_id
        cls.Finding = cls.env["compliance.finding"]

    @classmethod
    def _make_company(cls, name):
        return cls.env["res.company"].create(
            {
                "name": name,
                "country_id": cls.usa.id,
                "state_id": cls.california.id,
                "city": "San Francisco",
                "currency_id": cls.env.ref("base.USD").id,
            }
        )

    @classmethod
    def _make_employee(cls, name="Somebody", company=None, **values):
        """Make an employee against whom no check has anything to say."""
        company = company or cls.company
        employee = cls.env["hr.employee"].create(
            {
                "name": name,
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
                "address_id": company.partner_id.id,
                "identification_id": "ID-1",
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "wage": 5000,
                **values,
            }
        )
        return employee

    @classmethod
    def _get_check(cls, name):
        return cls.env.ref(name if "." in name else f"back_office_compliance.{name}")

    def _run(self, name, company=None):
        """Ask one check, and return what it has open.

        :return: ``{(record id, key): finding}``
        """
        company = company or self.company
        check = self._get_check(name)
        line = self.env["compliance.check"]._run_checks(company, check).line_ids
        self.assertIn(line.result, ("pass", "fail"), line.error)
        self.assertFalse(line.dropped_count)
        findings = self.Finding.search(
            [
                ("check_id", "=", check.id),
                ("company_id", "=", company.id),
                ("state", "=", "open"),
            ]
        )
        return {(finding.res_id, finding.key): finding for finding in findings}

    def _named(self, name, company=None):
        """Return the sorted ids of the records that a check names."""
        return sorted({res_id for res_id, _key in self._run(name, company)})

    def _set_parameter(self, check, name, value):
        check = self._get_check(check)
        check.parameter_ids.filtered(lambda line: line.name == name).value = value

    @classmethod
    def _make_user(cls, login, *groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(["base.group_user", *groups]),
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
