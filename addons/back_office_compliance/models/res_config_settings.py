from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    compliance_industry_id = fields.Many2one(
        related="company_id.compliance_industry_id", readonly=False
    )
    compliance_headcount = fields.Integer(
        related="company_id.compliance_headcount", readonly=False
    )
    compliance_turnover = fields.Monetary(
        related="company_id.compliance_turnover",
        readonly=False,
        currency_field="currency_id",
    )
    compliance_start = fields.Date(
        related="company_id.compliance_start", readonly=False
    )
    compliance_preparer_id = fields.Many2one(
        related="company_id.compliance_preparer_id", readonly=False
    )
    compliance_reviewer_id = fields.Many2one(
        related="company_id.compliance_reviewer_id", readonly=False
    )
    compliance_manager_id = fields.Many2one(
        related="company_id.compliance_manager_id", readonly=False
    )
    compliance_reminder_days = fields.Integer(
        related="company_id.compliance_reminder_days", readonly=False
    )
