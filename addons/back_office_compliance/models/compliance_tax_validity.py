from odoo import fields, models


class ComplianceTaxValidity(models.Model):
    """The days on which a tax may be used; Odoo's taxes have none."""

    _name = "compliance.tax.validity"
    _description = "Validity of a tax"
    _order = "tax_id, date_from, id"
    _check_company_auto = True

    tax_id = fields.Many2one(
        "account.tax",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(help="The first day. Empty: since ever.")
    date_to = fields.Date(help="The last day. Empty: until further notice.")
    note = fields.Char(help="Such as the law that changed the rate.")

    _unique_start = models.UniqueIndex(
        "(tax_id, company_id, date_from) NULLS NOT DISTINCT",
        "A tax has one validity that begins on a day.",
    )
    _in_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "The last day of a tax has to be on or after its first day.",
    )
