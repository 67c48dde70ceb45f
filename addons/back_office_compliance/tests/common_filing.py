from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools import mute_logger

GROUP = "back_office_compliance.group_compliance_"


class FilingFixture:
    """A company with a small ledger, a tax return and people; for any test case."""

    @classmethod
    def _set_up_filings(cls):
        cls.env = cls.env(
            context={**cls.env.context, "tracking_disable": True, "lang": "en_US"}
        )
        cls.company = cls.env["res.company"].create(
            {
                "name": "Filing Test",
                "country_id": cls.env.ref("base.us").id,
                "currency_id": cls.env.ref("base.USD").id,
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env.user.company_id = cls.company
        cls.env = cls.env(context={**cls.env.context})
        cls._set_up_people()
        cls._set_up_ledger()
        cls._set_up_return()

    @classmethod
    def _person(cls, role, company=None, groups=""):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"filing_{role}_{company.id}",
            groups=",".join(filter(None, ("base.group_user", groups))),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            tz="UTC",
        )

    @classmethod
    def _set_up_people(cls):
        cls.viewer, cls.preparer, cls.reviewer, cls.manager, cls.auditor = (
            cls._person(role, groups=GROUP + role)
            for role in ("viewer", "preparer", "reviewer", "manager", "auditor")
        )
        cls.manager_2 = cls._person("manager2", groups=GROUP + "manager")
        cls.employee_user = cls._person("employee")
        other = cls.env["res.company"].create({"name": "Another Filing Test"})
        cls.stranger = cls._person(
            "stranger", other, f"{GROUP}manager,base.group_allow_export"
        )

    @classmethod
    def _account(cls, code, kind, **values):
        return cls.env["account.account"].create(
            {"code": code, "name": f"Account {code}", "account_type": kind, **values}
        )

    @classmethod
    def _set_up_ledger(cls):
        cls.receivable = cls._account("1210", "asset_receivable", reconcile=True)
        cls.income = cls._account("4000", "income")
        cls.expense = cls._account("6000", "expense")
        cls.tax_account = cls._account("2300", "liability_current")
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "FSAL",
                "type": "sale",
                "company_id": cls.company.id,
                "default_account_id": cls.income.id,
            }
        )
        cls.general = cls.env["account.journal"].create(
            {
                "name": "Entries",
                "code": "FGEN",
                "type": "general",
                "company_id": cls.company.id,
            }
        )
        cls.tax_group = cls.env["account.tax.group"].create(
            {"name": "Sales tax", "company_id": cls.company.id}
        )
        cls.tax = cls._tax("Sales tax 10 %", 10, cls.tax_group)
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Customer of filings",
                "property_account_receivable_id": cls.receivable.id,
            }
        )

    @classmethod
    def _tax(cls, name, amount, group, **values):
        tax_line = {"repartition_type": "tax", "account_id": cls.tax_account.id}
        lines = [
            Command.create({"repartition_type": "base"}),
            Command.create(tax_line),
        ]
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "tax_group_id": group.id,
                "company_id": cls.company.id,
                "country_id": cls.env.ref("base.us").id,
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": lines,
                **values,
            }
        )

    @classmethod
    def _set_up_return(cls):
        jurisdiction = cls.env["compliance.jurisdiction"].create(
            {"name": "Testland", "country_id": cls.env.ref("base.us").id}
        )
        cls.authority = cls.env["compliance.authority"].create(
            {"name": "Test Revenue", "jurisdiction_id": jurisdiction.id}
        )
        cls.obligation = cls.env["compliance.obligation"].create(
            {
                "name": "Sales tax return",
                "code": "TEST-ST",
                "authority_id": cls.authority.id,
                "legal_reference": "Test Act 1",
                "return_line_ids": [
                    Command.create(
                        {
                            "code": "TAX",
                            "name": "Tax due",
                            "source": "tax_group",
                            "tax_group_ids": [Command.set(cls.tax_group.ids)],
                        }
                    ),
                    Command.create(
                        {
                            "code": "BASE",
                            "name": "Taxable sales",
                            "source": "tax_base",
                            "sequence": 20,
                            "in_total": False,
                            "tax_group_ids": [Command.set(cls.tax_group.ids)],
                        }
                    ),
                ],
            }
        )

    @classmethod
    def _invoice(cls, amount, day="2026-02-10", tax=None, post=True, kind=""):
        move = cls.env["account.move"].create(
            {
                "move_type": kind or "out_invoice",
                "journal_id": cls.journal.id,
                "partner_id": cls.partner.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Sale of {amount}",
                            "quantity": 1,
                            "price_unit": amount,
                            "account_id": cls.income.id,
                            "tax_ids": [Command.set((tax or cls.tax).ids)],
                        }
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _filing(cls, **values):
        return cls.env["compliance.filing"].create(
            {
                "company_id": cls.company.id,
                "obligation_id": cls.obligation.id,
                "period_start": "2026-02-01",
                "period_end": "2026-02-28",
                "due_date": "2026-03-20",
                "internal_date": "2026-03-13",
                "preparer_id": cls.preparer.id,
                "reviewer_id": cls.reviewer.id,
                **values,
            }
        )

    @classmethod
    def _evidence(cls, filing, name="receipt.txt", raw=b"received"):
        attachment = cls.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": filing._name, "res_id": filing.id}
        )
        filing.evidence_ids = [Command.link(attachment.id)]
        return attachment

    @classmethod
    def _ready(cls, filing, **values):
        """Prepare and review the filing, and fill in what filing it takes."""
        filing.with_user(cls.preparer).action_prepare()
        filing.with_user(cls.reviewer).action_review()
        filing.with_user(cls.reviewer).write(
            {
                "receipt_number": "R-1",
                "filed_on": fields.Date.to_date("2026-03-10"),
                **values,
            }
        )
        return filing

    @classmethod
    def _filed(cls, filing):
        """Take the filing through its states until it is filed."""
        cls._ready(filing)
        with mute_logger("odoo.addons.back_office_compliance"):
            filing.with_user(cls.reviewer).action_file()
        return filing
