from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestFilingLedger(FilingFixture, TransactionCase):
    """The amounts of filings come from posted journal items, in one statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()

    def _amounts(self, filing):
        filing._compute_amounts()
        return {line.code: line.amount for line in filing.line_ids}

    def _add_line(self, **values):
        return self.env["compliance.return.line"].create(
            {"obligation_id": self.obligation.id, "sequence": 30, **values}
        )

    def test_tax_and_base_of_a_group(self):
        self._invoice(1000)
        self._invoice(200, kind="out_refund")
        filing = self._filing()
        self.assertEqual(self._amounts(filing), {"TAX": 80.0, "BASE": 800.0})
        self.assertEqual(filing.amount_computed, 80.0)
        self.assertEqual(filing.amount_declared, 80.0)
        self.assertEqual(filing.line_ids.mapped("item_count"), [2, 2])

    def test_only_posted_items_of_the_period_and_company(self):
        self._invoice(1000, "2026-01-31")
        self._invoice(1000, "2026-03-01")
        self._invoice(1000, post=False)
        self.assertEqual(self._amounts(self._filing()), {"TAX": 0.0, "BASE": 0.0})

    def test_other_groups_and_uses_do_not_count(self):
        other = self.env["account.tax.group"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        self._invoice(1000, tax=self._tax("Other 5 %", 5, other))
        filing = self._filing()
        self.assertEqual(self._amounts(filing)["TAX"], 0.0)
        line = self.obligation.return_line_ids.filtered(lambda r: r.code == "TAX")
        line.tax_group_ids = False
        self.assertEqual(self._amounts(filing)["TAX"], 50.0, "no groups: all")
        line.tax_use = "purchase"
        self.assertEqual(self._amounts(filing)["TAX"], 0.0)

    def test_base_of_a_group_of_taxes(self):
        parent = self._tax("Combined", 0, self.tax_group)
        parent.write(
            {"amount_type": "group", "children_tax_ids": [Command.set(self.tax.ids)]}
        )
        self._invoice(300, tax=parent)
        self.assertEqual(self._amounts(self._filing()), {"TAX": 30.0, "BASE": 300.0})

    def test_tags_and_accounts(self):
        tag = self.env["account.account.tag"].create(
            {"name": "Box 1", "applicability": "taxes"}
        )
        self._add_line(code="BOX", name="Box", source="tag", tag_ids=tag.ids)
        self._add_line(
            code="INC", name="Income", source="account", account_prefix="99, 40"
        )
        move = self._invoice(500)
        move.line_ids.filtered(lambda i: i.account_id == self.income).tax_tag_ids = tag
        self.assertEqual(
            self._amounts(self._filing()),
            {"TAX": 50.0, "BASE": 500.0, "BOX": 500.0, "INC": 500.0},
        )

    def test_sign(self):
        self._add_line(
            code="DEB", name="Debit", source="account", account_prefix="40", sign="1"
        )
        self._invoice(500)
        self.assertEqual(self._amounts(self._filing())["DEB"], -500.0)

    def test_tax_on_payment_counts_when_it_is_paid(self):
        transition = self._account("2399", "liability_current", reconcile=True)
        self.company.tax_exigibility = True
        self.company.tax_cash_basis_journal_id = self.general
        self.tax.write(
            {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
            }
        )
        self._invoice(1000)
        self.assertEqual(self._amounts(self._filing()), {"TAX": 0.0, "BASE": 0.0})

    def test_a_line_without_a_source_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "BOX of Sales tax return"):
            self._add_line(code="BOX", name="Box", source="tag")
        with self.assertRaisesRegex(ValidationError, "Account Prefix"):
            self._add_line(
                code="ACC", name="Acc", source="account", account_prefix=" , "
            )

    def test_a_line_that_the_return_no_longer_has_goes(self):
        line = self._add_line(
            code="INC", name="Income", source="account", account_prefix="40"
        )
        filing = self._filing()
        self.assertIn("INC", self._amounts(filing))
        filing.line_ids.filtered(lambda each: each.code == "INC").sudo().unlink()
        line.unlink()
        self.assertNotIn("INC", self._amounts(filing))

    def test_declared_follows_until_another_is_declared(self):
        self._invoice(1000)
        filing = self._filing()
        filing._compute_amounts()
        filing.with_user(self.preparer).amount_declared = 99.0
        self._invoice(1000)
        filing._compute_amounts()
        self.assertEqual((filing.amount_computed, filing.amount_declared), (200, 99))

    def test_one_statement_whatever_the_number(self):
        self._invoice(1000)
        filings = self.env["compliance.filing"].concat(
            *(self._filing(event_key=f"test,{number}") for number in range(30))
        )
        self.env.flush_all()
        for some in (filings[:3], filings):
            self.env.invalidate_all()
            with self.assertQueryCount(3):
                # reading which are frozen, and the statement
                some._compute_amounts()
        self.assertEqual(set(filings.mapped("amount_computed")), {100.0})

    def test_drill_down_to_the_journal_items(self):
        move = self._invoice(1000)
        filing = self._filing()
        filing._compute_amounts()
        line = filing.line_ids.filtered(lambda each: each.code == "TAX")
        action = line.action_open_items()
        items = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(
            items, move.line_ids.filtered(lambda i: i.tax_line_id == self.tax)
        )
        self.assertEqual(-sum(items.mapped("balance")), line.amount)
