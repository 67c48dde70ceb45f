from odoo import fields, models

from .receivable_call import REASONS


class ReceivableCase(models.Model):
    """What is known about one invoice that is late: one row an invoice.

    It is written by the calls, by the ledger and by pauses, never by hand.
    """

    _name = "receivable.case"
    _description = "Late Invoice"
    _rec_name = "move_id"
    _order = "next_call_date, id"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    call_id = fields.Many2one(
        "receivable.call", string="Last Call", readonly=True, index="btree_not_null"
    )
    promise_call_id = fields.Many2one(
        "receivable.call",
        string="Last Call with a Promise",
        readonly=True,
        index="btree_not_null",
    )
    reason = fields.Selection(REASONS, readonly=True)
    next_call_date = fields.Date(string="Next Call", readonly=True)
    paused_on = fields.Date(
        readonly=True, help="Since when nobody reminds the customer of this invoice."
    )
    pause_reason = fields.Char(string="Why Paused", readonly=True)

    _move_unique = models.UniqueIndex("(move_id)", "An invoice has one case.")
