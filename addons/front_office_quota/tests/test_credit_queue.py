import os
import random
from contextlib import suppress

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .credit_common import QuotaCreditCase

SEEDS = int(os.environ.get("FRONT_OFFICE_QUOTA_SEEDS", 4))
STEPS = 30
DAYS = ("2026-01-15", "2026-01-31", "2026-02-01", "2026-03-20", "2026-04-30")


class NextHistory(Exception):
    """Undoes a history, so that the next one begins from nothing."""


@tagged("post_install", "-at_install")
class TestCreditQueue(QuotaCreditCase):
    """Whatever happens to invoices, the queue says what the ledger says.

    ``FRONT_OFFICE_QUOTA_SEEDS`` sets how many random histories are played (4).
    """

    def setUp(self):
        super().setUp()
        self.steps = [
            self._step_sell,
            self._step_sell,
            self._step_pay,
            self._step_pay,
            self._step_refund,
            self._step_reverse,
            self._step_unreconcile,
            self._step_redate,
            self._step_split,
            self._step_change_holder,
            self._step_reset,
            self._step_cancel,
            self._step_delete,
        ]

    def _pick(self, moves):
        return self.random.choice(moves) if moves else moves

    def _holder(self):
        users = self.ann, self.bob, self.env.ref("base.user_root"), None
        return {
            "invoice_user_id": (user := self.random.choice(users)) and user.id,
            "team_id": (team := self.random.choice((self.team, self.other_team, None)))
            and team.id,
        }

    def _posted(self, *types):
        return self.invoices.filtered(
            lambda move: move.state == "posted" and move.move_type in types
        )

    def _step_sell(self):
        values = {"currency_id": self.euro.id} if self.random.random() < 0.3 else {}
        amount = self.random.choice((0.01, 0.05, 9.99, 33.33, 100, 1234.57))
        if self.random.random() < 0.3:
            values["line"] = {"product_id": self.product_a.id, "tax_ids": []}
        if self.random.random() < 0.1:
            values["move_type"] = "out_receipt"
        move = self._sell(amount, day=self.random.choice(DAYS), post=False, **values)
        move.write(self._holder())
        if self.random.random() < 0.9:
            move.action_post()
        self.invoices += move

    def _step_pay(self):
        move = self._pick(
            self._posted("out_invoice", "out_refund", "out_receipt").filtered(
                "amount_residual"
            )
        )
        if not move:
            return
        part = self.random.choice((0.2, 0.5, 1, 1))
        currency = self.company.currency_id
        rate = self.random.choice((0.9, 1, 1.1))
        foreign = move.currency_id != currency
        self.payments += self._pay(
            move,
            max(
                currency.round(
                    abs(move.amount_residual_signed) * part * (rate if foreign else 1)
                ),
                0.01,
            ),
            day=self.random.choice(DAYS),
            amount_currency=max(
                move.currency_id.round(move.amount_residual * part), 0.01
            )
            if foreign
            else None,
        )

    def _step_refund(self):
        if move := self._pick(self._posted("out_invoice")):
            values = self._holder() if self.random.random() < 0.7 else {}
            self.invoices += self._reverse(move, day=self.random.choice(DAYS), **values)

    def _step_reverse(self):
        if move := self._pick(self._posted("out_invoice")):
            values = self._holder() if self.random.random() < 0.5 else {}
            self.invoices += self._reverse(
                move, day=self.random.choice(DAYS), cancel=True, **values
            )

    def _step_unreconcile(self):
        if move := self._pick(self.invoices):
            self._receivable(move).remove_move_reconcile()

    def _step_redate(self):
        if payment := self._pick(self.payments):
            if payment.state == "posted":
                payment.button_draft()
            else:
                day = self.random.choice(DAYS)
                payment.write({"date": day, "name": False})
                payment.action_post()

    def _step_split(self):
        if not (move := self._pick(self.invoices)):
            return
        percent = self.random.choice((10, 33.33, 50, 66.67, 100))
        parts = [(self.ann, percent), (self.bob, 100 - percent)]
        commands = [Command.clear()]
        if self.random.random() < 0.8:
            commands += [
                Command.create({"user_id": user.id, "percent": part})
                for user, part in parts
                if part
            ]
        move.quota_split_ids = commands

    def _step_change_holder(self):
        if move := self._pick(self.invoices):
            move.write(self._holder())

    def _step_reset(self):
        if move := self._pick(self.invoices):
            if move.state == "draft":
                move.action_post()
            else:
                move.button_draft()

    def _step_cancel(self):
        if move := self._pick(self.invoices.filtered(lambda m: m.state == "draft")):
            move.button_cancel()

    def _step_delete(self):
        if move := self._pick(self.invoices.filtered(lambda m: m.state == "draft")):
            self.invoices -= move
            move.with_context(force_delete=True).unlink()

    def _play(self, seed):
        """Play a random history; what Odoo refuses leaves nothing behind."""
        self.random = random.Random(seed)
        self.invoices = self.payments = self.env["account.move"]
        played = []
        for _step in range(STEPS):
            step = self.random.choice(self.steps)
            invoices, payments = self.invoices, self.payments
            try:
                with self.env.cr.savepoint():
                    step()
                played.append(step.__name__)
            except UserError:
                self.invoices, self.payments = invoices, payments
            if self.random.random() < 0.3:
                self._refresh()
            elif self.random.random() < 0.3:
                self.env.cr.flush()
        return played

    def test_random_histories(self):
        played = []
        for seed in range(SEEDS):
            with self.subTest(seed=seed), suppress(NextHistory):
                with self.env.cr.savepoint():
                    played += self._play(seed)
                    self.assertConsistent()
                    self._assert_nothing_disappears()
                    raise NextHistory
        self.assertEqual(
            set(played), {step.__name__ for step in self.steps}, "never succeeded"
        )

    def _assert_nothing_disappears(self):
        """What persons have, and what has no person, sums to the documents."""
        credit = self.env["quota.credit"]
        for basis, plan in self.plans.items():
            rows = credit.search([("plan_id", "=", plan.id)])
            self.assertEqual(len(rows), len(set(rows.ids)))
            persons = plan.target_ids.filtered("user_id")
            uncredited = rows.filtered(lambda row: row.counts_for != "person")
            self.assertAlmostEqual(
                sum(persons.mapped("achieved")) + sum(uncredited.mapped("amount")),
                sum(rows.mapped("amount")),
                places=6,
            )
            if basis == "invoiced":
                moves = self.env["account.move"].search(
                    [
                        ("company_id", "=", self.company.id),
                        ("state", "=", "posted"),
                        (
                            "move_type",
                            "in",
                            ("out_invoice", "out_refund", "out_receipt"),
                        ),
                        ("invoice_date", ">=", "2026-01-01"),
                        ("invoice_date", "<=", "2026-04-30"),
                    ]
                )
                self.assertAlmostEqual(
                    sum(moves.mapped("amount_untaxed_signed")),
                    sum(rows.mapped("amount")),
                    places=6,
                )
