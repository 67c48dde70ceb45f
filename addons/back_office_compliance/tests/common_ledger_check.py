"""What the tests of the shipped checks of the ledger share."""

from odoo import Command
from odoo.tools import SQL

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class LedgerCheckFixture(AccountTestInvoicingCommon):
    """A company with a chart of accounts, entries and filings; and another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.accounts = {
            kind: cls.company_data[f"default_account_{kind}"]
            for kind in ("revenue", "expense", "receivable", "payable")
        }
        cls.journals = {
            kind: cls.company_data[f"default_journal_{kind}"]
            for kind in ("misc", "sale", "purchase", "bank", "cash")
        }
        # sudo: obligations are a manager's; the tests are about checks
        cls.obligation = (
            cls.env["compliance.obligation"]
            .sudo()
            .create(
                {
                    "code": "LEDGER-TEST",
                    "name": "Tax return",
                    "kind": "tax_return",
                    **cls._get_authority(),
                }
            )
        )

    @classmethod
    def _get_authority(cls):
        # sudo: as above
        jurisdiction = (
            cls.env["compliance.jurisdiction"]
            .sudo()
            .create(
                {
                    "name": "Federal",
                    "level": "national",
                    "country_id": cls.env.ref("base.us").id,
                }
            )
        )
        # sudo: as above
        authority = (
            cls.env["compliance.authority"]
            .sudo()
            .create({"name": "Tax office", "jurisdiction_id": jurisdiction.id})
        )
        return {"authority_id": authority.id}

    # --- records ------------------------------------------------------------------

    @classmethod
    def _make_filing(cls, first, last, **values):
        # sudo: filings are made by a cron; the tests are about checks
        return (
            cls.env["compliance.filing"]
            .sudo()
            .create(
                {
                    "company_id": cls.company.id,
                    "obligation_id": cls.obligation.id,
                    "period_start": first,
                    "period_end": last,
                    "due_date": last,
                    "internal_date": last,
                    **values,
                }
            )
        )

    @classmethod
    def _make_entry(cls, date, *lines, journal="misc", post=True, **values):
        """Make an entry of lines: account, amount (debit above zero), other values."""
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "journal_id": cls.journals[journal].id,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Item",
                            "account_id": account.id,
                            "balance": amount,
                            **(more[0] if more else {}),
                        }
                    )
                    for account, amount, *more in lines
                ],
                **values,
            }
        )
        if post:
            entry.action_post()
        return entry

    @classmethod
    def _make_invoice(cls, date, amount=100, move_type="out_invoice", **values):
        """Make and post an invoice with one line; ``taxes`` and ``product`` of it."""
        taxes = values.pop("taxes", cls.env["account.tax"])
        product = values.pop("product", cls.env["product.product"])
        post = values.pop("post", True)
        invoice = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": cls.partner_a.id,
                "invoice_date": date,
                "date": date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Line",
                            "product_id": product.id,
                            "price_unit": amount,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _set_created(cls, records, moment):
        """Say when records were created; the ORM lets nobody."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                moment,
                records.ids,
            )
        )
        records.invalidate_recordset()

    @staticmethod
    def _with_chatter(records):
        """Return records whose changes are written in their chatter."""
        return records.with_context(tracking_disable=False, mail_notrack=False)

    @classmethod
    def _in_other_company(cls):
        """Return the accounting data of a second company, chosen in the environment."""
        data = cls.setup_other_company()
        cls.env.user.company_ids |= data["company"]
        return data

    # --- asking -------------------------------------------------------------------

    @classmethod
    def _get_check(cls, name):
        return cls.env.ref(f"back_office_compliance.compliance_check_{name}").sudo()

    def _set_parameters(self, name, **values):
        """Set parameters of a check for the company."""
        for key, value in values.items():
            # sudo: parameters are a manager's
            self.env["compliance.check.parameter"].sudo().create(
                {
                    "check_id": self._get_check(name).id,
                    "company_id": self.company.id,
                    "name": key,
                    "value": value,
                }
            )

    def _ask(self, name, company=None):
        """Run a shipped check; return its unresolved findings, as a manager has them.

        An error fails the test, and so does a record of another company.
        """
        check = self._get_check(name)
        company = company or self.company
        run = self.env["compliance.check"].sudo()._run_checks(company, check)
        line = run.line_ids
        self.assertIn(line.result, ("pass", "fail"), line.error)
        self.assertFalse(line.dropped_count)
        # sudo: the raw figures are for nobody's eyes but the test's
        return (
            self.env["compliance.finding"]
            .sudo()
            .search(
                [
                    ("check_id", "=", check.id),
                    ("company_id", "=", company.id),
                    ("state", "!=", "resolved"),
                ]
            )
        )

    def _ids(self, name, company=None):
        """Run a shipped check; return the ids of what it names, in order."""
        return sorted(self._ask(name, company).mapped("res_id"))
