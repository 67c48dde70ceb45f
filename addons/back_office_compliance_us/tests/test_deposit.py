from datetime import date, datetime

from odoo.tests import TransactionCase, freeze_time, tagged

MODULE = "back_office_compliance_us"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-10 20:00:00")
class TestRecordedEvents(TransactionCase):
    """Paydays and injuries: what people record becomes filings with the law's dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {
                "name": "Recorders of the tests",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_5").id,
                "city": "Fresno",
                "compliance_headcount": 5,
                "compliance_start": "2026-01-01",
            }
        )
        cls.company.resource_calendar_id.tz = "America/Los_Angeles"
        cls.env.user.company_ids |= cls.company

    def _record(self, kind, happened_at):
        event = self.env["compliance.event"].create(
            {
                "kind": kind,
                "reference": f"{kind} of the tests",
                "happened_at": happened_at,
                "company_id": self.company.id,
            }
        )
        return {each.obligation_id.code: each for each in event.filing_ids}

    def test_an_injury_in_california(self):
        filings = self._record("injury", "2026-06-10 19:30:00")
        self.assertEqual(set(filings), {"US-OSHA-8H", "US-OSHA-24H", "US-CA-OSHA"})
        for code, due, deadline in (
            ("US-OSHA-8H", date(2026, 6, 10), datetime(2026, 6, 11, 3, 30)),
            ("US-CA-OSHA", date(2026, 6, 10), datetime(2026, 6, 11, 3, 30)),
            ("US-OSHA-24H", date(2026, 6, 11), datetime(2026, 6, 11, 19, 30)),
        ):
            self.assertEqual(filings[code].due_date, due, code)
            self.assertEqual(filings[code].deadline, deadline, code)
            self.assertIn("hours of", filings[code].deadline_note)

    def test_paydays_on_the_semi_weekly_schedule(self):
        semi_weekly = self.env.ref(f"{MODULE}.obligation_deposit_semiweekly")
        california = self.env.ref(f"{MODULE}.obligation_ca_de88_semiweekly")
        (semi_weekly | california).active = True
        filings = self._record("payday", "2026-05-22 20:00:00")
        self.assertEqual(set(filings), {"US-DEPOSIT-SW", "US-CA-DE88-SW"})
        # Memorial Day is no business day
        for filing in filings.values():
            self.assertEqual(filing.due_date, date(2026, 5, 28))

    def test_a_posting_says_until_when(self):
        posting = self.env.ref(f"{MODULE}.obligation_osha_300a_posting")
        self.company.compliance_headcount = 11
        filing = posting._generate_filings(self.company).sorted("due_date")
        self.assertEqual(
            filing.mapped(lambda each: (each.due_date, each.posted_until)),
            [
                (date(2026, 2, 1), date(2026, 4, 30)),
                (date(2027, 2, 1), date(2027, 4, 30)),
            ],
        )


@tagged("post_install", "-at_install")
class TestReturnLines(TransactionCase):
    """The lines of returns on Odoo's generic chart, which every company can have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {
                "name": "Returns of the tests",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_5").id,
                "compliance_start": "2026-01-01",
                "compliance_headcount": 5,
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )

    def _account(self, code):
        return self.env["account.account"].search(
            [("code", "=like", f"{code}%"), ("company_ids", "in", self.company.ids)],
            limit=1,
        )

    def _amounts(self, name, start):
        obligation = self.env.ref(f"{MODULE}.{name}")
        obligation._generate_filings(self.company, until=date(2026, 12, 31))
        filing = self.env["compliance.filing"].search(
            [
                ("obligation_id", "=", obligation.id),
                ("company_id", "=", self.company.id),
                ("period_start", "=", start),
            ]
        )
        filing._compute_amounts()
        lines = {line.code: line.amount for line in filing.line_ids}
        return lines, filing.amount_computed

    @freeze_time("2026-06-10")
    def test_sales_tax(self):
        tax = self.company.account_sale_tax_id
        tax.amount = 10
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.company.partner_id.id,
                    "invoice_date": "2026-04-20",
                    "invoice_line_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Goods",
                                "price_unit": amount,
                                "account_id": self._account("40").id,
                                "tax_ids": [(6, 0, taxes.ids)],
                            },
                        )
                    ],
                }
                for amount, taxes in ((200, tax), (50, tax.browse()))
            ]
        )
        moves.action_post()
        lines, total = self._amounts("obligation_ca_sales", "2026-04-01")
        self.assertEqual(lines, {"GROSS": 250, "TAXABLE": 200, "TAX": 20})
        self.assertEqual(total, 20)
        lines, total = self._amounts("obligation_ca_sales", "2026-01-01")
        self.assertEqual(lines, {"GROSS": 0, "TAXABLE": 0, "TAX": 0})

    @freeze_time("2026-06-10")
    def test_payroll(self):
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-05-29",
                "line_ids": [
                    (0, 0, {"account_id": self._account(code).id, "balance": balance})
                    for code, balance in (
                        ("6300", 1000),
                        ("2301", -200),
                        ("2302", -80),
                        ("2300", -720),
                    )
                ],
            }
        )
        entry.action_post()
        lines, total = self._amounts("obligation_941", "2026-04-01")
        self.assertEqual(lines, {"WAGES": 1000, "WITHHELD": 200, "EMPLOYER": 80})
        self.assertEqual(total, 280)
        lines, total = self._amounts("obligation_ca_de9", "2026-04-01")
        self.assertEqual((lines, total), ({"WAGES": 1000}, 0))
