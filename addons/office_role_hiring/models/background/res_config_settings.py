from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Background checks: the settings of the company."""

    _inherit = "res.config.settings"

    background_waiting_days = fields.Integer(
        related="company_id.background_waiting_days", readonly=False
    )
    background_retention_months = fields.Integer(
        related="company_id.background_retention_months", readonly=False
    )
    background_remind_days = fields.Integer(
        related="company_id.background_remind_days", readonly=False
    )
    background_responsible_id = fields.Many2one(
        related="company_id.background_responsible_id", readonly=False
    )
    background_rights_document = fields.Binary(
        related="company_id.background_rights_document", readonly=False
    )
    background_rights_filename = fields.Char(
        related="company_id.background_rights_filename", readonly=False
    )
