from odoo import fields, models


class ComplianceHoliday(models.Model):
    """A day that the holidays library does not know: closed, or open after all."""

    _name = "compliance.holiday"
    _description = "Exception of a jurisdiction's calendar"
    _order = "date, id"
    _check_company_auto = True

    jurisdiction_id = fields.Many2one(
        "compliance.jurisdiction",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: for everybody. Otherwise for the company's deadlines only.",
    )
    date = fields.Date(required=True)
    name = fields.Char(required=True)
    is_open = fields.Boolean(
        string="Open", help="A working day, although the calendar says otherwise."
    )

    _unique_day = models.UniqueIndex(
        "(jurisdiction_id, date, COALESCE(company_id, 0))",
        "A day has one exception a jurisdiction and company.",
    )
