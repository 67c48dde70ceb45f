from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    quota_accrual_journal_id = fields.Many2one(
        "account.journal",
        string="Commission Journal",
        check_company=True,
        domain=[("type", "=", "general")],
        help="Approving a statement books the commission here. Empty: nothing is "
        "booked.",
    )
    quota_expense_account_id = fields.Many2one(
        "account.account", string="Commission Expense Account", check_company=True
    )
    quota_liability_account_id = fields.Many2one(
        "account.account", string="Commission Liability Account", check_company=True
    )
