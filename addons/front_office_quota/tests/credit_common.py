from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .reference import Reference, exact

MONTHS = (
    ("2026-01-01", "2026-01-31"),
    ("2026-02-01", "2026-02-28"),
    ("2026-03-01", "2026-03-31"),
    ("2026-04-01", "2026-04-30"),
)


class QuotaCreditCase(AccountTestInvoicingCommon):
    """A company with a team, two salespeople and a plan a basis for four months."""

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref(
            "front_office_quota.group_quota_admin"
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.company_data["company"]
        cls.ann = cls._create_person("ann")
        cls.bob = cls._create_person("bob")
        cls.team = (
            cls.env["crm.team"]
            .sudo()
            .create({"name": "North", "company_id": cls.company.id})
        )
        cls.other_team = (
            cls.env["crm.team"]
            .sudo()
            .create({"name": "South", "company_id": cls.company.id})
        )
        cls.tax = cls.company_data["default_tax_sale"]
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("2020-01-01", 0.5), ("2026-03-15", 0.4)]
        )
        cls.plans = {
            basis: cls._create_plan(basis)
            for basis in ("invoiced", "collected", "margin")
        }
        cls.env.cr.flush()

    @classmethod
    def _create_person(cls, name, groups="sales_team.group_sale_salesman", **values):
        company = values.pop("company", cls.company_data["company"])
        return new_test_user(
            cls.env,
            f"credit_{name}",
            groups,
            name=name.title(),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **values,
        )

    @classmethod
    def _create_plan(cls, basis, company=None, holders=None):
        """Create a plan of four months with a target for each person and team."""
        company = company or cls.company
        plan = cls.env["quota.plan"].create(
            {
                "name": basis,
                "basis": basis,
                "year": 2026,
                "company_id": company.id,
            }
        )
        plan.period_ids.unlink()
        periods = cls.env["quota.period"].create(
            [
                {
                    "name": date_from[:7],
                    "plan_id": plan.id,
                    "date_from": date_from,
                    "date_to": date_to,
                }
                for date_from, date_to in MONTHS
            ]
        )
        if holders is None:
            holders = cls.ann, cls.bob, cls.team, cls.other_team
        cls.env["quota.target"].create(
            [
                {
                    "plan_id": plan.id,
                    "period_id": period.id,
                    "user_id": holder._name == "res.users" and holder.id,
                    "team_id": holder._name == "crm.team" and holder.id,
                    "full_amount": 1000,
                }
                for period in periods
                for holder in holders
            ]
        )
        return plan

    @classmethod
    def _target(cls, basis, month, holder, plan=None):
        plan = plan or cls.plans[basis]
        return plan.target_ids.filtered(
            lambda target: target.period_id.name == month
            and (target.user_id or target.team_id) == holder
        )

    @classmethod
    def _sell(cls, amount, day="2026-03-10", user=None, team=None, **values):
        """Post an invoice with a tax of 15 %."""
        post = values.pop("post", True)
        company = values.pop("company", cls.company)
        line = {
            "name": "Work",
            "quantity": 1,
            "price_unit": amount,
            "tax_ids": [Command.set(values.pop("taxes", cls.tax).ids)],
        } | values.pop("line", {})
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.partner_a.id,
                    "invoice_date": day,
                    "date": day,
                    "invoice_line_ids": [Command.create(line)],
                    **values,
                }
            )
        )
        move.write({"invoice_user_id": user and user.id, "team_id": team and team.id})
        if post:
            move.action_post()
        return move

    @classmethod
    def _reverse(cls, move, day="2026-03-20", cancel=False, **values):
        """Post a refund of the whole invoice, matched with it if ``cancel``."""
        values = {
            "date": day,
            "invoice_date": day,
            "invoice_user_id": move.invoice_user_id.id,
            "team_id": move.team_id.id,
            **values,
        }
        refund = move._reverse_moves([values], cancel=cancel)
        if not cancel:
            refund.action_post()
        return refund

    @classmethod
    def _receivable(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _pay(cls, move, amount=None, day="2026-03-15", amount_currency=None):
        """Book a payment of a part of the invoice (or refund), and match it."""
        lines = cls._receivable(move)
        if amount is None:
            amount = abs(move.amount_residual_signed)
        sign = 1 if sum(lines.mapped("balance")) >= 0 else -1
        accounts = (
            move.company_id.account_journal_suspense_account_id,
            lines.account_id,
        )
        common = {"currency_id": move.currency_id.id, "partner_id": move.partner_id.id}
        if amount_currency is None:
            amount_currency = amount
        entry = (
            cls.env["account.move"]
            .with_company(move.company_id)
            .create(
                {
                    "move_type": "entry",
                    "date": day,
                    "line_ids": [
                        Command.create(
                            {
                                **common,
                                "account_id": account.id,
                                "balance": sign * side * amount,
                                "amount_currency": sign * side * amount_currency,
                            }
                        )
                        for account, side in zip(accounts, (1, -1), strict=True)
                    ],
                }
            )
        )
        entry.action_post()
        (
            lines.filtered(lambda line: not line.reconciled) + cls._receivable(entry)
        ).reconcile()
        return entry

    def _refresh(self):
        return self.env["quota.target"]._refresh_achieved()

    def _achieved(self, basis, month, holder):
        """Return what the target shows after a refresh."""
        self._refresh()
        return self._target(basis, month, holder).achieved

    def assertAchieved(self, expected):
        """Compare ``{(basis, month, holder): amount}``; check everything else too."""
        self.assertConsistent()
        for (basis, month, holder), amount in expected.items():
            with self.subTest(basis=basis, month=month, holder=holder.display_name):
                self.assertEqual(self._target(basis, month, holder).achieved, amount)

    def assertConsistent(self, companies=None):
        """The queue, the full computation and the reference agree on every target."""
        self._refresh()
        targets = self.env["quota.target"].search([])
        folded = {target.id: target.achieved for target in targets}
        changed = self.env["quota.target"]._recompute_achieved()
        self.assertEqual(
            [
                (target.display_name, target.basis, folded[target.id], target.achieved)
                for target in changed
            ],
            [],
        )
        for company in companies or self.company:
            own = targets.filtered(lambda target, c=company: target.company_id == c)
            expected = Reference(self.env, company).achieved(own)
            self.assertEqual(
                {target.id: exact(target.achieved) for target in own},
                expected,
            )
        self.assertFalse(self.env["quota.credit.delta"].search([]))
