from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common_ledger_check import LedgerCheckFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestCheckLedger(LedgerCheckFixture):
    """Each check of entries and balances finds what it should, and nothing else."""

    def _make_pair(self, day, amount=100, **values):
        """Make an entry that no check minds."""
        return self._make_entry(
            day,
            (self.accounts["expense"], amount),
            (self.accounts["payable"], -amount),
            **values,
        )

    # --- no document --------------------------------------------------------------

    def _attach(self, entry):
        self.env["ir.attachment"].create(
            {
                "name": "bill.txt",
                "raw": b"bill",
                "res_model": "account.move",
                "res_id": entry.id,
            }
        )

    def test_no_document_found(self):
        bill = self._make_invoice("2026-03-01", 500, "in_invoice")
        refund = self._make_invoice("2026-03-01", 500, "in_refund")
        entry = self._make_pair("2026-03-01", 500)
        findings = self._ask("ledger_no_document")
        self.assertEqual(
            sorted(findings.mapped("res_id")), [bill.id, refund.id, entry.id]
        )
        self.assertEqual(set(findings.mapped("date")), {date(2026, 3, 1)})

    def test_no_document_left_alone(self):
        with_document = self._make_invoice("2026-03-01", 500, "in_invoice")
        self._attach(with_document)
        self._make_invoice("2026-03-01", 100, "in_invoice")  # not above the amount
        self._make_invoice("2026-03-01", 500, "in_invoice", post=False)
        self._make_invoice("2026-03-01", 500)  # a document that we made
        self._make_pair("2026-03-01", 500, journal="bank")
        self.assertFalse(self._ids("ledger_no_document"))

    def test_no_document_parameter(self):
        self._make_invoice("2026-03-01", 500, "in_invoice")
        self._set_parameters("ledger_no_document", amount=500)
        self.assertFalse(self._ids("ledger_no_document"))

    # --- late ---------------------------------------------------------------------

    def test_late_posting_found(self):
        late, edge = self._make_pair("2025-12-01"), self._make_pair("2026-01-29")
        self._set_created(late + edge, "2026-03-15 12:00:00")
        findings = self._ask("ledger_late_posting")
        self.assertEqual(findings.mapped("res_id"), late.ids)
        self.assertEqual(findings.date, date(2025, 12, 1))
        self.assertEqual(findings.values, {"posted_on": "2026-03-15", "days": 104})

    def test_late_posting_read_from_chatter(self):
        entry = self._make_pair("2025-12-01", post=False)
        self._set_created(entry, "2025-12-01 12:00:00")
        self.assertFalse(self._ids("ledger_late_posting"))
        self._with_chatter(entry).action_post()
        self.env.cr.flush()
        self.assertEqual(self._ids("ledger_late_posting"), entry.ids)

    def test_late_posting_left_alone(self):
        in_time, old = self._make_pair("2026-02-01"), self._make_pair("2025-03-01")
        self._set_created(in_time + old, "2026-03-15 12:00:00")
        draft = self._make_pair("2025-12-01", post=False)
        self._set_created(draft, "2026-03-15 12:00:00")
        self.assertFalse(self._ids("ledger_late_posting"))

    # --- gaps ---------------------------------------------------------------------

    def test_gaps(self):
        first, second, third = (self._make_pair("2026-03-01") for _n in range(3))
        self.assertFalse(self._ids("ledger_gaps"))
        second.button_draft()
        second.name = "/"
        second.with_context(force_delete=True).unlink()
        self.assertEqual(self._ids("ledger_gaps"), third.ids)
        self.assertTrue(first.name)

    # --- suspense -----------------------------------------------------------------

    def _make_suspense(self, day, amount):
        return self._make_entry(
            day,
            (self.company.account_journal_suspense_account_id, amount),
            (self.accounts["payable"], -amount),
        )

    def test_suspense_found(self):
        self._make_suspense("2026-01-10", 70)
        self._make_suspense("2026-02-10", -70)
        findings = self._ask("ledger_suspense")
        suspense = self.company.account_journal_suspense_account_id
        self.assertEqual(findings.mapped("res_id"), suspense.ids)
        self.assertEqual(findings.key, "2026-01")
        self.assertEqual(findings.date, date(2026, 1, 31))
        self.assertEqual(findings.values, {"balance": 70})

    def test_suspense_transfer_account(self):
        self._make_entry(
            "2026-01-10",
            (self.company.transfer_account_id, 70),
            (self.accounts["payable"], -70),
        )
        findings = self._ask("ledger_suspense")
        self.assertEqual(set(findings.mapped("res_model")), {"account.account"})
        self.assertEqual(sorted(findings.mapped("key")), ["2026-01", "2026-02"])

    def test_suspense_left_alone(self):
        self._make_suspense("2026-02-10", 70)
        self._make_suspense("2026-02-28", -70)
        self._make_suspense("2026-03-10", 70)  # this month has not ended
        self._make_suspense("2026-02-10", 0.4)  # tolerated
        self.assertFalse(self._ids("ledger_suspense"))

    # --- cash ---------------------------------------------------------------------

    def _move_cash(self, day, amount):
        return self._make_entry(
            day,
            (self.journals["cash"].default_account_id, amount),
            (self.accounts["payable"], -amount),
            journal="cash",
        )

    def test_negative_cash_found(self):
        for day, amount in (
            ("2026-01-01", 100),
            ("2026-01-05", -150),
            ("2026-01-06", -10),
            ("2026-01-08", 60),
            ("2026-02-01", -40),
        ):
            self._move_cash(day, amount)
        findings = self._ask("ledger_negative_cash").sorted("key")
        self.assertEqual(findings.mapped("key"), ["2026-01-05", "2026-02-01"])
        self.assertEqual(
            findings[0].values, {"lowest": -60, "covered_on": "2026-01-08"}
        )
        self.assertEqual(findings[1].values, {"lowest": -40, "covered_on": None})

    def test_negative_cash_left_alone(self):
        self._move_cash("2024-01-01", -100)  # long ago
        self._move_cash("2024-02-01", 300)
        # in and out on one day
        self._move_cash("2026-01-05", -400)
        self._move_cash("2026-01-05", 200)
        self.assertFalse(self._ids("ledger_negative_cash"))

    # --- bank ---------------------------------------------------------------------

    def _make_bank_line(self, day):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journals["bank"].id,
                "date": day,
                "payment_ref": "Transfer",
                "amount": 100,
            }
        )

    def test_bank_open(self):
        old = self._make_bank_line("2026-02-01")
        self._make_bank_line("2026-03-10")
        findings = self._ask("ledger_bank_open")
        self.assertEqual(findings.mapped("res_id"), old.ids)
        self.assertEqual(findings.date, date(2026, 2, 1))
        suspense = old.move_id.line_ids.filtered(
            lambda line: line.account_id == self.journals["bank"].suspense_account_id
        )
        old.move_id.button_draft()
        suspense.account_id = self.accounts["revenue"]
        old.move_id.action_post()
        self.assertFalse(self._ids("ledger_bank_open"))

    # --- other companies ----------------------------------------------------------

    def test_other_company_is_left_alone(self):
        other = self._in_other_company()["company"]
        self._make_invoice("2026-03-01", 500, "in_invoice")
        self._make_suspense("2026-01-10", 70)
        self._move_cash("2026-01-05", -10)
        self._set_created(self._make_pair("2025-12-01", 50), "2026-03-15 12:00:00")
        for name in (
            "ledger_no_document",
            "ledger_suspense",
            "ledger_negative_cash",
            "ledger_late_posting",
        ):
            with self.subTest(check=name):
                self.assertTrue(self._ids(name))
                self.assertFalse(self._ids(name, other))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestCheckTax(LedgerCheckFixture):
    """Each check of taxes and filings finds what it should, and nothing else."""

    # --- drafts -------------------------------------------------------------------

    def test_drafts_found(self):
        self._make_filing("2026-02-01", "2026-02-28")
        draft = self._make_invoice("2026-02-10", post=False)
        findings = self._ask("ledger_drafts")
        self.assertEqual(findings.mapped("res_id"), draft.ids)
        self.assertEqual(findings.date, date(2026, 2, 10))
        draft.action_post()
        self.assertFalse(self._ids("ledger_drafts"))

    def test_drafts_left_alone(self):
        self._make_filing("2026-03-01", "2026-03-31")
        self._make_invoice("2026-03-10", post=False)  # the period goes on
        self._make_invoice("2026-02-10", post=False)  # no filing
        self.assertFalse(self._ids("ledger_drafts"))
        self._set_parameters("ledger_drafts", days=20)
        self.assertTrue(self._ids("ledger_drafts"))

    # --- declared -----------------------------------------------------------------

    def _make_declared(self, computed, declared, state="review"):
        # sudo: return lines are a manager's
        self.env["compliance.return.line"].sudo().create(
            {"obligation_id": self.obligation.id, "code": "A", "name": "Tax"}
        )
        filing = self._make_filing("2026-02-01", "2026-02-28")
        self.env.flush_all()
        # past the ORM: a filing's amounts and state are written by its actions only
        self.env.cr.execute(
            "UPDATE compliance_filing SET amount_computed = %s, amount_declared = %s,"
            " state = %s WHERE id = %s",
            (computed, declared, state, filing.id),
        )
        filing.invalidate_recordset()
        return filing

    def test_declared_found(self):
        filing = self._make_declared(100, 90)
        findings = self._ask("ledger_declared")
        self.assertEqual(findings.mapped("res_id"), filing.ids)
        self.assertEqual(
            findings.values, {"amount_declared": 90, "amount_computed": 100}
        )

    def test_declared_left_alone(self):
        self._make_declared(100, 99.8)
        self.assertFalse(self._ids("ledger_declared"))

    def test_declared_not_in_review(self):
        self._make_declared(100, 0, "to_prepare")
        self.assertFalse(self._ids("ledger_declared"))

    def _file_declared(self, amount):
        """File, past the ORM, with an amount; the ledger may say another one."""
        filing = self._make_declared(amount, amount)
        self.env.cr.execute(
            "UPDATE compliance_filing SET state = 'filed', filed_on = '2026-03-10',"
            " frozen = '{}', frozen_hash = 'test' WHERE id = %s",
            (filing.id,),
        )
        filing.invalidate_recordset()
        return filing

    def test_declared_then_filed_and_the_ledger_goes_on(self):
        invoice = self._make_invoice("2026-02-10", taxes=self.tax_sale_a)
        tax = -sum(invoice.line_ids.filtered("tax_line_id").mapped("balance"))
        filing = self._file_declared(tax)
        self.assertFalse(self._ids("ledger_declared"))
        later = self._make_invoice("2026-02-20", taxes=self.tax_sale_a)
        findings = self._ask("ledger_declared")
        self.assertEqual(findings.mapped("res_id"), filing.ids)
        self.assertEqual(findings.date, date(2026, 2, 28))
        self.assertEqual(findings.values["amount_declared"], tax)
        self.assertGreater(findings.values["ledger_today"], tax)
        later.button_draft()
        self.assertFalse(self._ids("ledger_declared"))

    def test_declared_and_amended_is_not_in_the_way_of_the_amendment(self):
        filing = self._file_declared(77)
        self.assertEqual(self._ids("ledger_declared"), filing.ids)
        amendment = filing.sudo()._create_amendment()
        self.assertFalse(self._ids("ledger_declared"))
        self.assertEqual(amendment.amount_declared, 0)

    # --- after filing -------------------------------------------------------------

    def _make_filed(self):
        filing = self._make_filing("2026-01-01", "2026-01-31")
        self.env.flush_all()
        # past the ORM: filings are filed by an action only
        self.env.cr.execute(
            "UPDATE compliance_filing SET state = 'filed', filed_on = '2026-02-10',"
            " frozen = '{}', frozen_hash = 'test' WHERE id = %s",
            (filing.id,),
        )
        filing.invalidate_recordset()
        return filing

    def test_after_filing_found(self):
        filing = self._make_filed()
        invoice = self._make_invoice("2026-01-20", taxes=self.tax_sale_a)
        self._set_created(invoice, "2026-02-11 12:00:00")
        findings = self._ask("ledger_after_filing")
        self.assertEqual(findings.mapped("res_id"), invoice.ids)
        self.assertEqual(findings.key, str(filing.id))
        self.assertEqual(findings.values["posted_on"], "2026-02-11")

    def test_after_filing_left_alone(self):
        self._make_filed()
        before = self._make_invoice("2026-01-20", taxes=self.tax_sale_a)
        self._set_created(before, "2026-02-10 12:00:00")
        later = self._make_invoice("2026-02-20", taxes=self.tax_sale_a)
        untaxed = self._make_invoice("2026-01-20")
        self._set_created(later + untaxed, "2026-02-20 12:00:00")
        self.assertFalse(self._ids("ledger_after_filing"))
        self._set_parameters("ledger_after_filing", tax_only=0)
        self.assertEqual(self._ids("ledger_after_filing"), untaxed.ids)

    def test_after_filing_in_the_time_zone(self):
        """An evening in Los Angeles is the next day in UTC."""
        self._make_filed()
        # sudo: the calendar of a company is HR's
        self.company.sudo().resource_calendar_id = (
            self.env["resource.calendar"]
            .sudo()
            .create({"name": "West", "tz": "America/Los_Angeles"})
        )
        invoice = self._make_invoice("2026-01-20", taxes=self.tax_sale_a)
        self._set_created(invoice, "2026-02-11 03:00:00")
        self.assertFalse(self._ids("ledger_after_filing"))
        self._set_created(invoice, "2026-02-11 09:00:00")
        self.assertEqual(self._ids("ledger_after_filing"), invoice.ids)

    # --- untaxed sales ------------------------------------------------------------

    def test_untaxed_sales_found(self):
        by_default = self._make_invoice("2026-03-01", 70)
        by_product = self._make_invoice("2026-03-01", product=self.product_a)
        position = self._make_invoice("2026-03-01", partner_id=self.partner_b.id)
        findings = self._ask("ledger_untaxed_sales")
        self.assertEqual(
            sorted(findings.mapped("res_id")),
            [by_default.id, by_product.id, position.id],
        )
        first = findings.filtered(lambda found: found.res_id == by_default.id)
        self.assertEqual(first.values, {"without_tax": 70, "lines": 1})

    def test_untaxed_sales_left_alone(self):
        exempt = self.env["account.fiscal.position"].create({"name": "Exempt"})
        abroad = self.partner_a.copy({"property_account_position_id": exempt.id})
        self._make_invoice("2026-03-01", taxes=self.tax_sale_a)
        self._make_invoice("2026-03-01", partner_id=abroad.id)
        self._make_invoice("2026-03-01", move_type="in_invoice")
        self._make_invoice("2026-03-01", post=False)
        free = self._create_product(name="Free", taxes_id=self.env["account.tax"])
        self.assertFalse(free.taxes_id)
        self._make_invoice("2026-03-01", product=free)
        self.assertFalse(self._ids("ledger_untaxed_sales"))

    def test_untaxed_sales_without_default_tax(self):
        self.company.account_sale_tax_id = False
        self._make_invoice("2026-03-01")
        self.assertFalse(self._ids("ledger_untaxed_sales"))

    def test_untaxed_sales_partner_goes_before_invoice(self):
        """An exempt position that somebody chose on the invoice alone hides nothing."""
        exempt = self.env["account.fiscal.position"].create({"name": "Exempt"})
        invoice = self._make_invoice(
            "2026-03-01", partner_id=self.partner_b.id, fiscal_position_id=exempt.id
        )
        self.assertEqual(self._ids("ledger_untaxed_sales"), invoice.ids)

    # --- by hand ------------------------------------------------------------------

    def _get_tax_account(self):
        lines = self.tax_sale_a.invoice_repartition_line_ids
        return lines.account_id[:1]

    def test_tax_by_hand_found(self):
        entry = self._make_entry(
            "2026-03-01",
            (self._get_tax_account(), -50),
            (self.accounts["expense"], 50),
        )
        findings = self._ask("ledger_tax_by_hand")
        self.assertEqual(
            findings.mapped("res_id"),
            entry.line_ids.filtered(lambda line: line.balance < 0).ids,
        )
        self.assertEqual(findings.date, date(2026, 3, 1))

    def test_tax_by_hand_left_alone(self):
        self._make_invoice("2026-03-01", taxes=self.tax_sale_a)
        lines = (self._get_tax_account(), -50), (self.accounts["expense"], 50)
        self._make_entry("2026-03-01", *lines, journal="bank")
        self._make_entry("2026-03-01", *lines, post=False)
        self.assertFalse(self._ids("ledger_tax_by_hand"))

    # --- validity -----------------------------------------------------------------

    def _make_validity(self, **values):
        # sudo: validities are a manager's
        return (
            self.env["compliance.tax.validity"]
            .sudo()
            .create(
                {
                    "tax_id": self.tax_sale_a.id,
                    "company_id": self.company.id,
                    **values,
                }
            )
        )

    def test_tax_validity_found(self):
        self._make_validity(date_to="2026-01-31")
        self._make_invoice("2026-01-31", taxes=self.tax_sale_a)
        late = self._make_invoice("2026-02-01", taxes=self.tax_sale_a)
        findings = self._ask("ledger_tax_validity")
        self.assertEqual(findings.mapped("res_id"), late.ids)
        self.assertEqual(findings.key, str(self.tax_sale_a.id))
        self.assertEqual(findings.values["used_on"], "2026-02-01")

    def test_tax_validity_left_alone(self):
        self._make_validity(date_to="2026-01-31")
        self._make_validity(date_from="2026-02-10")
        self._make_invoice("2026-01-31", taxes=self.tax_sale_a)
        self._make_invoice("2026-02-10", taxes=self.tax_sale_a)
        self._make_invoice("2026-02-05", taxes=self.tax_sale_b)  # without a validity
        self._make_invoice("2026-02-05", taxes=self.tax_sale_a, post=False)
        self.assertFalse(self._ids("ledger_tax_validity"))

    def test_tax_validity_on_the_invoice_date(self):
        self._make_validity(date_to="2026-01-31")
        invoice = self._make_invoice("2026-01-31", taxes=self.tax_sale_a, post=False)
        invoice.date = "2026-02-02"
        invoice.action_post()
        self.assertFalse(self._ids("ledger_tax_validity"))

    # --- other companies ----------------------------------------------------------

    def test_other_company_is_left_alone(self):
        other = self._in_other_company()["company"]
        self._make_filing("2026-02-01", "2026-02-28")
        self._make_invoice("2026-02-10", post=False)
        self._make_invoice("2026-03-01")
        self._make_entry(
            "2026-03-01",
            (self._get_tax_account(), -50),
            (self.accounts["expense"], 50),
        )
        for name in ("ledger_drafts", "ledger_untaxed_sales", "ledger_tax_by_hand"):
            with self.subTest(check=name):
                self.assertTrue(self._ids(name))
                self.assertFalse(self._ids(name, other))
