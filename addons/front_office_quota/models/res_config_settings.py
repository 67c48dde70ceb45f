from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    quota_accrual_journal_id = fields.Many2one(
        related="company_id.quota_accrual_journal_id", readonly=False
    )
    quota_expense_account_id = fields.Many2one(
        related="company_id.quota_expense_account_id", readonly=False
    )
    quota_liability_account_id = fields.Many2one(
        related="company_id.quota_liability_account_id", readonly=False
    )
