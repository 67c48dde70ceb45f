from odoo import fields, models


class DeskCause(models.Model):
    _name = "desk.cause"
    _description = "Cause of complaints"
    _order = "category, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    category = fields.Selection(
        [
            ("product", "Product"),
            ("delivery", "Delivery"),
            ("price", "Price or invoice"),
            ("information", "Information"),
            ("process", "Process"),
            ("people", "People"),
            ("supplier", "Supplier"),
            ("other", "Other"),
        ],
        string="Kind",
        required=True,
        default="other",
    )
