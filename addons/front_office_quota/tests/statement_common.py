from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class StatementFixture(AccountTestInvoicingCommon):
    """A company, two people on a commission plan, and an approved plan of 2026.

    Everybody has a target of 1,000 a month. The base rate is 10 %, and 20 % on what is
    above the target.
    """

    basis = "invoiced"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("front_office_quota.group_quota_admin")
        cls.company = cls.company_data["company"]
        cls.ann, cls.bob = (
            new_test_user(
                cls.env,
                f"statement_{name}",
                "front_office_quota.group_quota_user",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("ann", "bob")
        )
        cls.commission_plan = cls.env["quota.commission.plan"].create(
            {
                "name": "Sales",
                "date_from": "2025-01-01",
                "base_rate": 0.1,
                "tier_ids": [Command.create({"threshold": 1.0, "rate": 0.2})],
                "assignment_ids": [
                    Command.create({"user_id": user.id}) for user in (cls.ann, cls.bob)
                ],
            }
        )
        cls.plan = cls._make_plan(cls.basis)
        cls.january, cls.february, cls.march, cls.april = cls.plan.period_ids.sorted(
            "date_from"
        )[:4]
        cls.engine = cls.env["quota.statement.engine"]

    @classmethod
    def _make_plan(cls, basis, people=None, months=4):
        plan = cls.env["quota.plan"].create(
            {"name": f"2026 {basis}", "year": 2026, "basis": basis}
        )
        periods = plan.period_ids.sorted("date_from")[:months]
        cls.env["quota.target"].create(
            [
                {
                    "plan_id": plan.id,
                    "period_id": period.id,
                    "user_id": user.id,
                    "full_amount": 1000,
                }
                for period in periods
                for user in people or cls.ann + cls.bob
            ]
        )
        # straight to the state: how a plan is approved is tested elsewhere
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE quota_plan SET state = 'approved' WHERE id = %s", [plan.id]
        )
        cls.env.cr.execute(
            "UPDATE quota_target SET plan_state = 'approved' WHERE plan_id = %s",
            [plan.id],
        )
        cls.env.invalidate_all()
        return plan

    # --- what happens in the ledger ---------------------------------------------

    @classmethod
    def _invoice(cls, amount, day, user=None, **values):
        """Post an invoice over ``amount`` without taxes; negative: a refund."""
        lines = values.pop("lines", [(False, abs(amount))])
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice" if amount >= 0 else "out_refund",
                "partner_id": cls.partner_a.id,
                "invoice_date": day,
                "date": day,
                "invoice_user_id": (user or cls.ann).id if user is not False else False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "product_id": product and product.id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, price in lines
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _receivable(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _pay(cls, move, amount, day):
        """Pay a part of an invoice with an entry of the bank; return the entry."""
        receivable = cls._receivable(move).account_id
        bank = cls.company_data["default_journal_bank"].default_account_id
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "journal_id": cls.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": move.partner_id.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in (
                        (bank, amount, 0),
                        (receivable, 0, amount),
                    )
                ],
            }
        )
        entry.action_post()
        (cls._receivable(move) + cls._receivable(entry)).reconcile()
        return entry

    # --- statements -------------------------------------------------------------

    @classmethod
    def _compute(cls, *periods, users=None):
        together = cls.env["quota.period"].union(*periods)
        return cls.engine._compute_statements(together or cls.plan.period_ids, users)

    def _statement(self, period, user=None):
        return self.env["quota.statement"].search(
            [("period_id", "=", period.id), ("user_id", "=", (user or self.ann).id)]
        )

    def _freeze(self, *statements):
        """Confirm statements of anybody: the workflow is tested elsewhere."""
        for statement in statements:
            statement.sudo().write({"state": "confirmed"})

    def _figures(self, period, user=None):
        statement = self._statement(period, user)
        return statement.credited, statement.commission, statement.adjustment
