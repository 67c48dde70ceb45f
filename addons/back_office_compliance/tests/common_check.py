"""What the tests of the engine share."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

GROUP = "back_office_compliance.group_compliance_"


class CheckFixture(TransactionCase):
    """A company, partners that a check names by their reference, and a check."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.company = cls.env["res.company"].create({"name": "Checked"})
        cls.stranger_company = cls.env["res.company"].create({"name": "Other"})
        cls.env.user.company_ids |= cls.company | cls.stranger_company
        cls.Finding = cls.env["compliance.finding"]
        cls.Check = cls.env["compliance.check"]
        cls.check = cls._make_check("TEST-DOMAIN")

    @classmethod
    def _make_check(cls, code, **values):
        """Make a check that names the partners whose reference is ``bad``."""
        return cls.Check.create(
            {
                "code": code,
                "name": f"Check {code}",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain": "[('ref', '=', 'bad')]",
                "value_fields": "name, color",
                **values,
            }
        )

    @classmethod
    def _make_partners(cls, number=1, company=None, **values):
        return cls.env["res.partner"].create(
            [
                {
                    "name": f"Partner {index}",
                    "ref": "bad",
                    "company_id": (company or cls.company).id,
                    **values,
                }
                for index in range(number)
            ]
        )

    @classmethod
    def _make_user(cls, login, *groups, company=None):
        """Make somebody of the company with groups such as viewer, or an xmlid."""
        company = company or cls.company
        names = [
            name if "." in name else GROUP + name for name in (groups or ("preparer",))
        ]
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(["base.group_user", *names]),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _run(self, checks=None, company=None, **values):
        checks = self.check if checks is None else checks
        return self.Check._run_checks(company or self.company, checks, **values)

    def _findings(self, check=None):
        return self.Finding.search([("check_id", "=", (check or self.check).id)])

    @contextmanager
    def _as_method(self, check, function):
        """Turn a check into one that asks ``function``, as an add-on would add it."""
        registry_class = self.registry["compliance.check"]
        with patch.object(registry_class, "_check_test", function, create=True):
            check.flush_recordset()
            # past the ORM: no add-on has this method in the selection
            self.env.cr.execute(
                SQL(
                    "UPDATE compliance_check SET kind = 'method', method = 'test'"
                    " WHERE id = %s",
                    check.id,
                )
            )
            check.invalidate_recordset()
            yield
