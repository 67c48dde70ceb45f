from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    receivable_grace_days = fields.Integer(
        related="company_id.receivable_grace_days", readonly=False
    )
    receivable_retry_days = fields.Integer(
        related="company_id.receivable_retry_days", readonly=False
    )
    receivable_follow_days = fields.Integer(
        related="company_id.receivable_follow_days", readonly=False
    )
