from odoo import fields, models


class QuotaStatementPay(models.TransientModel):
    _name = "quota.statement.pay"
    _description = "Mark statements as paid"

    statement_ids = fields.Many2many("quota.statement", required=True)
    paid_on = fields.Date(
        string="Paid on", required=True, default=fields.Date.context_today
    )

    def action_pay(self):
        """Mark the statements as paid."""
        self.statement_ids._pay(self.paid_on)
        return True
