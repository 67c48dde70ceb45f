from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..ageing import BUCKETS
from ..models.receivable_call import REASONS
from ..promise_sql import IS_REGISTERED


class ReceivableItem(models.Model):
    """What customers owe: a row a due date of an open invoice or credit note.

    The id is that of the journal item. An invoice that is due in two parts has two
    rows, and only the part that is late is overdue.
    """

    _name = "receivable.item"
    _description = "Open Invoice"
    _auto = False
    _rec_name = "move_id"
    # the oldest first, and of one day the largest
    _order = "date_due, amount desc, id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    phone = fields.Char(related="partner_id.phone")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    days = fields.Integer(
        string="Days Late", readonly=True, aggregator="max", help="0: not due yet"
    )
    bucket = fields.Selection(
        [(key, label) for key, label, _limit in BUCKETS], string="Age", readonly=True
    )
    amount = fields.Monetary(
        string="Open",
        readonly=True,
        help="What is still to be paid, in the currency of the company.",
    )
    move_currency_id = fields.Many2one(
        "res.currency", string="Currency of the Invoice", readonly=True
    )
    amount_currency = fields.Monetary(
        string="Open in Its Currency",
        readonly=True,
        currency_field="move_currency_id",
        aggregator=None,
        help="What is still to be paid, as the invoice says it.",
    )
    overdue = fields.Boolean(readonly=True)
    case_id = fields.Many2one("receivable.case", readonly=True)
    call_id = fields.Many2one("receivable.call", string="Last Call", readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    promise_date = fields.Date(string="Promised For", readonly=True)
    promise_amount = fields.Monetary(
        string="Promised",
        readonly=True,
        aggregator=None,
        help="Open promises of the last agreement, which may be about more invoices.",
    )
    next_call_date = fields.Date(string="Next Call", readonly=True)
    paused = fields.Boolean(readonly=True)
    registered = fields.Boolean(
        string="Payment Registered",
        readonly=True,
        help="Payments of all of it were registered without an entry: the bank has "
        "still to confirm them, and until then the ledger has it open.",
    )
    to_call = fields.Boolean(
        readonly=True,
        help="Overdue, not paused, no payment registered, and either the day of the "
        "next call is there or nothing is promised or planned.",
    )

    _depends = {
        "account.move": [
            "commercial_partner_id",
            "invoice_date",
            "invoice_user_id",
            "matched_payment_ids",
            "move_type",
            "payment_state",
        ],
        "account.move.line": [
            "amount_residual",
            "amount_residual_currency",
            "company_currency_id",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "display_type",
            "move_id",
            "parent_state",
            "reconciled",
        ],
        "account.payment": [
            "amount_company_currency_signed",
            "move_id",
            "payment_type",
            "state",
        ],
        "receivable.case": [
            "call_id",
            "move_id",
            "next_call_date",
            "paused_on",
            "promise_call_id",
            "reason",
        ],
        "receivable.promise": ["amount", "call_id", "date", "state"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT item.*, %(bucket)s AS bucket,
                   item.overdue AND NOT item.paused AND NOT item.registered
                   AND (item.promise_date IS NULL OR item.next_call_date IS NOT NULL)
                   AND COALESCE(item.next_call_date, %(today)s) <= %(today)s AS to_call
              FROM (%(items)s) item
            """,
            items=self._select_items(),
            bucket=self._select_bucket(),
            today=self.env["res.company"]._receivable_today(SQL("item.company_id")),
        )

    def _select_bucket(self):
        """Return the bucket of ``item.days``, as ``ageing.bucket`` says it."""
        cases = SQL(" ").join(
            SQL("WHEN item.days <= %s THEN %s", limit, key)
            for key, _label, limit in BUCKETS
            if limit is not None
        )
        return SQL("(CASE %s ELSE %s END)", cases, BUCKETS[-1][0])

    def _select_items(self):
        today = self.env["res.company"]._receivable_today(SQL("line.company_id"))
        due = SQL("COALESCE(line.date_maturity, line.date)")
        return SQL(
            """
            SELECT line.id,
                   line.move_id,
                   line.company_id,
                   line.company_currency_id AS currency_id,
                   move.commercial_partner_id AS partner_id,
                   move.invoice_user_id AS user_id,
                   move.invoice_date,
                   %(due)s AS date_due,
                   GREATEST(%(today)s - %(due)s, 0) AS days,
                   line.amount_residual AS amount,
                   line.currency_id AS move_currency_id,
                   line.amount_residual_currency AS amount_currency,
                   move.move_type <> 'out_refund' AND %(due)s < %(today)s AS overdue,
                   known.id AS case_id,
                   known.call_id,
                   known.reason,
                   known.next_call_date,
                   known.paused_on IS NOT NULL AS paused,
                   %(registered)s AS registered,
                   promised.date AS promise_date,
                   promised.amount AS promise_amount
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN receivable_case known ON known.move_id = move.id
         LEFT JOIN (SELECT call_id, MIN(date) AS date, SUM(amount) AS amount
                      FROM receivable_promise WHERE state = 'open'
                     GROUP BY call_id) promised
                   ON promised.call_id = known.promise_call_id
             WHERE line.display_type = 'payment_term'
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual <> 0
                   AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
            """,
            today=today,
            due=due,
            registered=self._select_registered(due),
        )

    def _select_registered(self, due):
        """Return whether registered payments cover ``line`` and what was due before it.

        Only the invoices that Odoo says are in payment are looked into.

        :param SQL due: when the line is due
        """
        return SQL(
            """
            (CASE WHEN move.payment_state IN ('in_payment', 'paid') THEN COALESCE((
                SELECT SUM(payment.amount_company_currency_signed)
                  FROM account_move__account_payment rel
                  JOIN account_payment payment ON payment.id = rel.payment_id
                 WHERE rel.invoice_id = move.id AND %(is_registered)s
            ), 0) >= (
                SELECT SUM(earlier.amount_residual)
                  FROM account_move_line earlier
                 WHERE earlier.move_id = move.id
                       AND earlier.display_type = 'payment_term'
                       AND COALESCE(earlier.date_maturity, earlier.date) <= %(due)s
            ) ELSE FALSE END)
            """,
            due=due,
            is_registered=IS_REGISTERED,
        )

    def action_log_call(self):
        """Return the screen for a call about this invoice."""
        return self.move_id.action_receivable_log_call()

    def action_open_move(self):
        """Open the invoice; as the customer sees it, for whom its form is closed."""
        self.ensure_one()
        self.move_id.check_access("read")
        # Sales lets salespeople read journals; the form reads payments as well
        if all(
            self.env[name].has_access("read")
            for name in ("account.journal", "account.payment")
        ):
            return self.move_id.get_formview_action()
        return self.move_id.preview_invoice()

    def action_resume(self):
        """Go on with invoices after a dispute.

        :raise AccessError: for somebody who leads nobody
        :raise UserError: while the dispute runs elsewhere
        """
        if not self.env.user.has_group(
            "front_office_receivable.group_receivable_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only those who lead a team, or Administrators of Receivables, go "
                    "on with a paused invoice. Ask one of them."
                )
            )
        self.check_access("read")
        going_on = self.move_id._resume_receivable()
        stuck = self.filtered("paused").move_id - going_on
        if stuck:
            raise UserError(
                self.env._(
                    "A dispute about “%s” is still running. Close it first.",
                    stuck[0].name,
                )
            )
        return True
