from odoo import fields, models


class ComplianceFilingLine(models.Model):
    """A figure of a filing; frozen with it."""

    _name = "compliance.filing.line"
    _description = "Line of a filing"
    _order = "filing_id, sequence, id"
    _check_company_auto = True

    filing_id = fields.Many2one(
        "compliance.filing",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="filing_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    return_line_id = fields.Many2one(
        "compliance.return.line", ondelete="restrict", check_company=True
    )
    sequence = fields.Integer()
    code = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    in_total = fields.Boolean(readonly=True)
    amount = fields.Monetary(readonly=True)
    item_count = fields.Integer(readonly=True)
    item_ids = fields.One2many("compliance.filing.item", "line_id", readonly=True)

    _unique_line = models.UniqueIndex(
        "(filing_id, code)", "A filing has one line a code."
    )
