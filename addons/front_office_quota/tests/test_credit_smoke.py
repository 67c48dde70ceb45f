from odoo import Command
from odoo.tests import tagged

from ..credit_sql import document_credits, person_credits
from .credit_common import QuotaCreditCase


@tagged("post_install", "-at_install")
class TestCreditSql(QuotaCreditCase):
    """The SELECTs that say what counts can be run and embedded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.init_invoice(
            "out_invoice", invoice_date="2026-03-10", amounts=[100.01]
        )
        cls.invoice.invoice_user_id = cls.ann
        cls.invoice.action_post()

    def _select(self, select):
        self.env.flush_all()
        return self.env.execute_query_dict(select)

    def test_each_basis(self):
        for basis in ("invoiced", "margin"):
            with self.subTest(basis=basis):
                (row,) = self._select(
                    document_credits(basis, move_ids=self.invoice.ids)
                )
                self.assertEqual(float(row["amount"]), 100.01)
                self.assertEqual(row["user_id"], self.ann.id)
                self.assertFalse(row["follows"])
        self.assertFalse(
            self._select(document_credits("collected", move_ids=self.invoice.ids))
        )
        with self.assertRaises(ValueError):
            document_credits("promised")

    def test_split_and_refund(self):
        self.invoice.quota_split_ids = [
            Command.create({"user_id": user.id, "percent": 50})
            for user in (self.ann, self.bob)
        ]
        refund = self.invoice._reverse_moves(
            [{"invoice_date": "2026-03-20", "date": "2026-03-20"}], cancel=True
        )
        moves = self.invoice + refund
        for basis, rows in (("invoiced", 4), ("collected", 4)):
            with self.subTest(basis=basis):
                found = self._select(person_credits(basis, move_ids=moves.ids))
                self.assertEqual(len(found), rows)
                self.assertAlmostEqual(sum(row["amount"] for row in found), 0)
                self.assertEqual(
                    {
                        (row["user_id"], float(row["amount"]))
                        for row in found
                        if row["move_id"] == self.invoice.id
                    },
                    {(self.ann.id, 50.01), (self.bob.id, 50.0)},
                )

    def test_filters(self):
        company = self.invoice.company_id
        dates = ("2026-03-01", "2026-03-31")
        for arguments, found in (
            ({"company_ids": company.ids, "dates": dates}, True),
            ({"company_ids": [], "dates": dates}, False),
            (
                {"company_ids": company.ids, "dates": ("2026-04-01", "2026-04-30")},
                False,
            ),
        ):
            rows = self._select(person_credits("invoiced", **arguments))
            self.assertEqual(self.invoice.id in {r["move_id"] for r in rows}, found)
