from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ReceivableFixture(AccountTestInvoicingCommon):
    """A company with a working week and no public holidays, and people who call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.resource_calendar_id.tz = "UTC"
        cls.company.partner_id.tz = "UTC"
        cls.env.user.tz = "UTC"
        cls.ann = cls._make_user("ann")
        cls.bob = cls._make_user("bob")
        cls.customer = cls.partner_a

    @classmethod
    def _make_user(cls, name, group="group_receivable_user", company=None):
        company = company or cls.company
        if "." not in group:
            group = f"front_office_receivable.{group}"
        return new_test_user(
            cls.env,
            f"receivable_{name}",
            group,
            email=f"{name}@example.com",
            tz="UTC",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    # --- what happens in the ledger ---------------------------------------------------

    @classmethod
    def _invoice(cls, amount, due, user=None, partner=None, **values):
        """Post an invoice without taxes that is due on a day; negative: a refund."""
        due = fields.Date.to_date(due)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice" if amount >= 0 else "out_refund",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_user_id": (user or cls.ann).id if user is not False else False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "quantity": 1,
                            "price_unit": abs(amount),
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _due_lines(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _pay(cls, move, amount, day):
        """Pay a part of an invoice with an entry of the bank; return the entry."""
        receivable = cls._due_lines(move).account_id
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
        (cls._due_lines(move) + cls._due_lines(entry)).reconcile()
        return entry

    # --- calls ------------------------------------------------------------------------

    @classmethod
    def _call(cls, moves, promises=(), user=None, **values):
        """Log a call; ``promises`` are pairs of day and amount."""
        calls = cls.env["receivable.call"].with_user(user or cls.ann)
        return calls.create(
            {
                "company_id": cls.company.id,
                "partner_id": moves[0].commercial_partner_id.id,
                "move_ids": [Command.set(moves.ids)],
                "user_id": (user or cls.ann).id,
                "reason": "cash",
                "promise_ids": [
                    Command.create({"date": day, "amount": amount})
                    for day, amount in promises
                ],
                **values,
            }
        )

    @classmethod
    def _decide(cls):
        """Do what the cron does, without its commits."""
        for state in ("void", "kept", "broken", "open"):
            cls.env["receivable.promise"]._decide(state)
        calls = cls.env["receivable.call"]
        calls._close_activities()
        while calls._plan_activities():
            continue

    @classmethod
    def _item(cls, move, user=None):
        cls.env.flush_all()
        items = cls.env["receivable.item"].with_user(user or cls.env.user)
        # the view follows other tables; a page that is opened has nothing cached
        items.invalidate_model()
        return items.search([("move_id", "in", move.ids)])
