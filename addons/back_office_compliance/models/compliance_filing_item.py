from odoo import fields, models


class ComplianceFilingItem(models.Model):
    """A journal item as it was when the filing was filed."""

    _name = "compliance.filing.item"
    _description = "Journal item of a filed line"
    _order = "line_id, date, id"
    _check_company_auto = True
    _log_access = False

    line_id = fields.Many2one(
        "compliance.filing.line",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        check_company=True,
    )
    filing_id = fields.Many2one(
        "compliance.filing",
        required=True,
        index=True,
        readonly=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_id = fields.Integer(string="Journal Item", readonly=True, required=True)
    move_name = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    account_code = fields.Char(readonly=True)
    label = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
