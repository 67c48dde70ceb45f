from odoo import Command
from odoo.tests import new_test_user

MODULE = "back_office_compliance"


class DatesFixture:
    """A federal and a state jurisdiction, an authority, a monthly obligation."""

    @classmethod
    def _set_up_dates(cls):
        cls.usa = cls.env.ref("base.us")
        cls.california = cls.env.ref("base.state_us_5")
        cls.company = cls.env["res.company"].create(
            {
                "name": "Dates Ltd",
                "country_id": cls.usa.id,
                "state_id": cls.california.id,
                "city": "San Francisco",
                "compliance_start": "2026-01-01",
                "compliance_headcount": 20,
                "compliance_turnover": 1_000_000,
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.federal = cls.env["compliance.jurisdiction"].create(
            {
                "name": "Federation of Dates",
                "country_id": cls.usa.id,
                "holiday_subdivision": "DC",
            }
        )
        cls.state = cls.env["compliance.jurisdiction"].create(
            {
                "name": "State of Dates",
                "level": "state",
                "parent_id": cls.federal.id,
                "country_id": cls.usa.id,
                "state_id": cls.california.id,
                "holiday_subdivision": "CA",
            }
        )
        cls.authority = cls.env["compliance.authority"].create(
            {"name": "Dates Office", "jurisdiction_id": cls.federal.id}
        )
        cls.obligation = cls._create_obligation("DATES-MONTHLY")
        cls.rule = cls.obligation.rule_ids

    @classmethod
    def _create_obligation(cls, code, rule=None, **values):
        """Create an obligation; without a rule it is due on the 15th of next month."""
        rule = rule or {"months": 1, "day_rule": "day", "day": 15}
        return cls.env["compliance.obligation"].create(
            {
                "name": code.title(),
                "code": code,
                "authority_id": cls.authority.id,
                "rule_ids": [Command.create({"date_from": "2020-01-01"} | rule)],
            }
            | values
        )

    @classmethod
    def _create_user(cls, login, *groups, company=None, **values):
        """Create a user of the company with groups of this add-on, by short name."""
        company = company or cls.company
        names = [
            group if "." in group else f"{MODULE}.group_compliance_{group}"
            for group in groups
        ]
        return new_test_user(
            cls.env,
            login,
            groups=",".join(["base.group_user", "base.group_allow_export", *names]),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **values,
        )

    @classmethod
    def _filings(cls, obligation=None, company=None):
        return cls.env["compliance.filing"].search(
            [
                ("obligation_id", "=", (obligation or cls.obligation).id),
                ("company_id", "=", (company or cls.company).id),
            ],
            order="period_start, event_key",
        )
