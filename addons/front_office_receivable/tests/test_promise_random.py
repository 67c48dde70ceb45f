from datetime import date, timedelta
from decimal import Decimal
from random import Random

from odoo import Command
from odoo.tests import freeze_time, tagged

from .. import promise
from .common import ReceivableFixture

CALLED_ON = date(2026, 3, 11)
HISTORIES = 14


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestPromiseRandom(ReceivableFixture):
    """The ledger's SQL and the plain functions say the same of any history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # payments come at another rate than the invoices
        cls.foreign = cls.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), ("2026-03-05", 4.0)]
        )
        cls.thirds = cls.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": value, "nb_days": days}
                    )
                    for value, days in ((30, 0), (30, 30), (40, 90))
                ],
            }
        )

    # --- what happens -----------------------------------------------------------------

    def _make_invoice(self, random):
        kind = random.choice(("plain", "plain", "foreign", "parts"))
        if kind == "foreign":
            return self._invoice(1000, "2026-03-01", currency_id=self.foreign.id)
        if kind == "parts":
            return self._invoice(
                500,
                "2026-03-01",
                invoice_payment_term_id=self.thirds.id,
                invoice_date_due=False,
            )
        return self._invoice(500, "2026-03-01")

    def _settle_foreign(self, move, amount, day):
        """Pay a part of an invoice in its currency."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        values = {
            "payment_date": day,
            "amount": 2 * amount,
            "currency_id": self.foreign.id,
            "installments_mode": "full",
        }
        return wizard.create(values)._create_payments().move_id

    def _write_off(self, move, amount, day):
        values = {"date": day}
        account = self._due_lines(move).account_id
        expense = self.company_data["default_account_expense"]
        lines = [
            {"account_id": expense.id, "debit": amount},
            {
                "account_id": account.id,
                "partner_id": move.partner_id.id,
                "credit": amount,
            },
        ]
        values["line_ids"] = [Command.create(line) for line in lines]
        entry = self.env["account.move"].create(values)
        entry.action_post()
        (self._due_lines(move) + self._due_lines(entry)).reconcile()
        return entry

    def _make_event(self, random, move):
        """Let a part of an invoice go.

        :return: what it was (``paid``, ``credited`` or ``lost``), the
            ``promise.Payment`` and the entry; nothing where there is nothing to go
        """
        amount = min(random.randint(20, 400), int(move.amount_residual_signed))
        if amount <= 0:
            return None
        day = CALLED_ON + timedelta(days=random.randint(0, 40))
        event = promise.Payment(Decimal(amount), day)
        if move.currency_id == self.foreign:
            return "paid", event, self._settle_foreign(move, amount, day)
        kind = random.choice(("paid", "paid", "paid", "credited", "lost"))
        if kind == "paid":
            return kind, event, self._pay(move, amount, day)
        if kind == "lost":
            return kind, event, self._write_off(move, amount, day)
        refund = self._invoice(-amount, "2026-03-12")
        (self._due_lines(move) + self._due_lines(refund)).reconcile()
        return kind, event, refund

    def _make_history(self, random):
        """Post invoices, agree on instalments, and let money come and debt go.

        :return: the call and what happened afterwards, as ``_make_event`` tells it
        """
        moves = self.env["account.move"].union(
            *(self._make_invoice(random) for _n in range(random.randint(1, 2)))
        )
        first = moves[0]
        if first.currency_id != self.foreign and random.random() < 0.4:
            self._pay(first, random.randint(1, 300), "2026-03-05")
        days = sorted(random.sample(range(1, 30), random.randint(1, 3)))
        call = self._call(
            moves,
            [(CALLED_ON + timedelta(days=day), random.randint(40, 65)) for day in days],
        )
        events = []
        for _number in range(random.randint(0, 4)):
            event = self._make_event(random, random.choice(moves))
            if event:
                events.append(event)
        if events and random.random() < 0.3:
            _kind, _payment, entry = events.pop(random.randrange(len(events)))
            self._due_lines(entry).remove_move_reconcile()
        if random.random() < 0.15:
            moves[0]._pause_receivable("Disputed")
        return call, events, moves

    # --- what should come out ---------------------------------------------------------

    def _judge(self, call, events, moves, today):
        plan = [
            promise.Instalment(Decimal(str(each.amount)), each.deadline)
            for each in call.promise_ids.sorted(lambda p: (p.date, p.id))
        ]
        of_kind = {"paid": [], "credited": [], "lost": []}
        for kind, payment, _entry in events:
            of_kind[kind].append(payment)
        paused = [("move_id", "in", moves.ids), ("paused_on", "!=", False)]
        return promise.judge(
            plan,
            Decimal(str(call.amount_due)),
            of_kind["paid"],
            today,
            sum((each.amount for each in of_kind["credited"]), Decimal()),
            bool(self.env["receivable.case"].search_count(paused)),
            of_kind["lost"],
        )

    def test_histories(self):
        random = Random(20260311)
        histories = [self._make_history(random) for _number in range(HISTORIES)]
        seen = set()
        for days in (0, 9, 20, 45):
            today = CALLED_ON + timedelta(days=days)
            with freeze_time(today):
                self._decide()
            for number, (call, events, moves) in enumerate(histories):
                found = call.promise_ids.sorted(lambda p: (p.date, p.id))
                states = self._judge(call, events, moves, today)
                with self.subTest(history=number, today=today):
                    self.assertEqual(found.mapped("state"), states)
                seen.update(states)
        # otherwise the histories would say little
        self.assertLessEqual({"open", "kept", "broken"}, seen)
