from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How long applications say whose they are, and how small a group may be."""

    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    hiring_retention_months = fields.Integer(
        related="company_id.hiring_retention_months", readonly=False
    )
    hiring_group_minimum = fields.Integer(
        related="company_id.hiring_group_minimum", readonly=False
    )
