from odoo import fields, models


class ComplianceMinimumWage(models.Model):
    """A minimum wage of a jurisdiction, from a day on."""

    _name = "compliance.minimum.wage"
    _description = "Minimum wage"
    _order = "jurisdiction_id, date_from desc, id"
    _check_company_auto = True

    jurisdiction_id = fields.Many2one(
        "compliance.jurisdiction",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="jurisdiction_id.company_id", store=True, index=True
    )
    date_from = fields.Date(required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    hourly = fields.Monetary(required=True)
    source = fields.Char(required=True, help="The statute or notice.")

    _unique_day = models.UniqueIndex(
        "(jurisdiction_id, date_from)", "A jurisdiction has one minimum wage a day."
    )
    _positive = models.Constraint(
        "CHECK (hourly > 0)", "A minimum wage must be positive."
    )
