import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from odoo import Command
from odoo.tests import tagged

from .reference_statement import Document, commission, credited
from .statement_common import StatementFixture

SEEDS = 16
STEPS = 14
BOT = 1
RATES = [("2026-01-01", 2.0), ("2026-02-01", 3.7)]


def exact(amount):
    """Return the fraction that an amount in the database stands for."""
    return Fraction(str(round(amount, 2)))


class RandomHistory(StatementFixture):
    """Whatever happens in the ledger, and whenever a statement is frozen: a statement
    and its adjustments are together what the period would give if calculated now.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        above = cls.env["product.category"].create({"name": "Above"})
        below = cls.env["product.category"].create(
            {"name": "Below", "parent_id": above.id}
        )
        cls.products = [False] + [
            cls.env["product.product"].create({"name": c.name, "categ_id": c.id})
            for c in (above, below)
        ]
        cls.commission_plan.category_ids = [
            Command.create({"category_id": above.id, "rate": 0.03})
        ]
        cls.commission_plan.tier_ids = [
            Command.create({"threshold": 0.5, "rate": 0.15}),
            Command.create({"threshold": 1.5, "rate": 0.25, "accelerator": 1.25}),
        ]
        cls.other_currency = cls.setup_other_currency("EUR", rates=RATES)
        cls.rate_of = {
            False: None,
            cls.products[1]: cls.commission_plan.category_ids.id,
            cls.products[2]: cls.commission_plan.category_ids.id,
        }

    # --- what happens -----------------------------------------------------------

    def _any_day(self):
        return date(2026, 1, 1) + timedelta(days=self.chance.randrange(90))

    def _split(self):
        """Return a credit split between both, or none."""
        if self.chance.random() < 0.7:
            return []
        percent = self.chance.choice([50, 33.33, 10])
        return [
            Command.create({"user_id": self.ann.id, "percent": percent}),
            Command.create({"user_id": self.bob.id, "percent": 100 - percent}),
        ]

    def _do_invoice(self):
        lines = [
            (self.chance.choice(self.products), self.chance.randrange(1, 90000) / 100)
            for _line in range(self.chance.randrange(1, 4))
        ]
        values = {}
        if self.basis != "collected" and self.chance.random() < 0.3:
            values["currency_id"] = self.other_currency.id
        self.moves += self._invoice(
            sum(price for _product, price in lines),
            self._any_day(),
            self.chance.choice([self.ann, self.ann, self.bob, False]),
            lines=lines,
            quota_split_ids=self._split(),
            **values,
        )

    def _do_refund(self):
        if invoice := self._one(lambda m: m.move_type == "out_invoice"):
            user = self.chance.choice([False, invoice.invoice_user_id.id])
            day = self._any_day()
            refund = invoice._reverse_moves(
                [{"invoice_date": day, "date": day}],
                cancel=False,
            )
            refund.invoice_user_id = user
            refund.quota_split_ids = [Command.clear()]
            refund.action_post()
            self.moves += refund

    def _do_pay(self):
        if move := self._one(
            lambda m: m.move_type == "out_invoice"
            and m.amount_residual > 1
            and m.currency_id == m.company_currency_id
        ):
            amount = round(move.amount_residual * self.chance.choice([1, 0.5, 0.37]), 2)
            self._pay(move, amount, self._any_day())

    def _do_match(self):
        """Reconcile a refund with the invoice that it reverses."""
        if refund := self._one(
            lambda m: m.reversed_entry_id
            and m.currency_id == m.company_currency_id
            and m.reversed_entry_id.state == "posted"
            and m.amount_residual
            and m.reversed_entry_id.amount_residual
        ):
            lines = self._receivable(refund + refund.reversed_entry_id)
            lines.filtered(lambda line: not line.reconciled).reconcile()

    def _do_unmatch(self):
        if move := self._one(lambda m: self._receivable(m).matched_credit_ids):
            self._receivable(move).matched_credit_ids[0].unlink()

    def _do_change(self):
        """Take an invoice back to draft; post it with another date, or not."""
        if move := self._one(lambda m: True):
            self._receivable(move).remove_move_reconcile()
            move.button_draft()
            if self.chance.random() < 0.8:
                move.name = False
                move.invoice_date = move.date = self._any_day()
                move.action_post()

    def _do_user(self):
        if move := self._one(lambda m: True):
            move.invoice_user_id = self.chance.choice([self.ann, self.bob])

    def _do_split(self):
        if move := self._one(lambda m: True):
            move.quota_split_ids = [Command.clear(), *self._split()]

    def _do_terms(self):
        self.commission_plan.write(
            {
                "base_rate": self.chance.choice([0.01, 0.05, 0.1]),
                "cap": self.chance.choice([0, 0, 150]),
                "minimum_attainment": self.chance.choice([0, 0, 0.4]),
            }
        )

    def _do_compute(self):
        self._compute(*self.chance.sample(list(self.plan.period_ids[:4]), 2))

    def _do_freeze(self):
        """Freeze the earliest statement of somebody that is open, after calculating."""
        user = self.chance.choice([self.ann, self.bob])
        for period in (self.january, self.february, self.march):
            if self._statement(period, user).state in (False, "computed"):
                self._compute(period)
                statement = self._statement(period, user)
                self._freeze(statement)
                self.frozen[statement] = self._snapshot(statement)
                return

    def _one(self, condition):
        moves = self.moves.filtered(lambda m: m.state == "posted" and condition(m))
        return moves and self.chance.choice(moves)

    # --- what it has to give ----------------------------------------------------

    def _documents(self):
        """Return the ledger as the reference reads it."""
        for move in self.moves.filtered(lambda m: m.state == "posted"):
            source = move
            nobody = not move.invoice_user_id or move.invoice_user_id.id == BOT
            if move.reversed_entry_id and nobody and not move.quota_split_ids:
                source = move.reversed_entry_id
            people = [(s.user_id.id, exact(s.percent)) for s in source.quota_split_ids]
            if not people and source.invoice_user_id.id not in (False, BOT):
                people = [(source.invoice_user_id.id, Fraction(100))]
            rates = defaultdict(Fraction)
            for line in move.invoice_line_ids:
                rates[self.rate_of[line.product_id or False]] -= exact(line.balance)
            receivable = self._receivable(move)
            payments = [
                (p.id, p.max_date, sign * exact(p.amount))
                for sign, partials in (
                    (1, receivable.matched_credit_ids),
                    (-1, receivable.matched_debit_ids),
                )
                for p in partials
            ]
            yield Document(
                move.id,
                move.invoice_date,
                exact(move.amount_untaxed_signed),
                exact(move.amount_total_signed),
                people,
                payments,
                dict(rates),
            )

    def _snapshot(self, statement):
        lines = ["move_id", "amount", "commission", "origin_statement_id", "rate"]
        header = ["credited", "commission", "adjustment", "total", "terms", "state"]
        read = statement.line_ids.sorted("id").read
        return statement.read(header, load=None), read(lines, load=None)

    def _check(self):
        self._compute()
        documents = list(self._documents())
        statements = self.env["quota.statement"].search(
            [("plan_id", "=", self.plan.id)]
        )
        self.assertEqual(len(statements.filtered("terms")), 8)
        for statement, snapshot in self.frozen.items():
            self.assertEqual(self._snapshot(statement), snapshot)
        for statement in statements:
            own = statement.line_ids.filtered(lambda li: not li.origin_statement_id)
            added = statement.line_ids - own
            for figure, lines in (("commission", own), ("adjustment", added)):
                self.assertEqual(
                    sum(map(exact, lines.mapped("commission"))),
                    exact(statement[figure]),
                )
            self.assertEqual(
                sum(map(exact, own.mapped("amount"))), exact(statement.credited)
            )
            self._check_invariant(documents, statement, own)

    def _check_invariant(self, documents, statement, own):
        adjustments = self.env["quota.statement.line"].search(
            [("origin_statement_id", "=", statement.id)]
        )
        if statement.state == "computed":
            self.assertFalse(adjustments)
        found = defaultdict(Fraction)
        for line in own + adjustments:
            key = (
                line.move_id.id,
                line.partial_id or None if self.basis == "collected" else None,
                line.rate_id.id or None,
            )
            found[key] += exact(line.amount)
        now = credited(
            documents,
            self.basis,
            statement.user_id.id,
            statement.date_from,
            statement.date_to,
        )
        self.assertEqual({key: value for key, value in found.items() if value}, now)
        paid = sum(map(exact, (own + adjustments).mapped("commission")))
        self.assertEqual(paid, commission(statement.terms, now))

    def _run(self):
        happenings = {
            self._do_invoice: 6,
            self._do_refund: 2,
            self._do_user: 1,
            self._do_split: 1,
            self._do_change: 2,
            self._do_terms: 1,
            self._do_compute: 1,
            self._do_freeze: 3,
        }
        if self.basis == "collected":
            happenings |= {self._do_pay: 6, self._do_match: 1, self._do_unmatch: 2}
        for seed in range(SEEDS):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.chance = random.Random(seed)
                self.moves = self.env["account.move"]
                self.frozen = {}
                for step in self.chance.choices(
                    list(happenings), list(happenings.values()), k=STEPS
                ):
                    step()
                self._do_invoice()
                self._do_freeze()
                self._check()
                self.env.flush_all()
                savepoint.rollback()
                self.env.invalidate_all(flush=False)


@tagged("post_install", "-at_install")
class TestRandomInvoiced(RandomHistory):
    def test_invariant(self):
        self._run()


@tagged("post_install", "-at_install")
class TestRandomCollected(RandomHistory):
    basis = "collected"

    def test_invariant(self):
        self._run()
