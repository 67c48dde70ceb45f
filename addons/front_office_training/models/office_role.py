from odoo import fields, models


class OfficeRole(models.Model):
    _inherit = "office.role"

    programme_ids = fields.Many2many(
        "training.programme", string="Training programmes", readonly=True
    )
