from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    receivable_signed = fields.Float(
        related="opportunity_id.receivable_signed", related_sudo=False
    )
    receivable_paid_rate = fields.Float(
        related="opportunity_id.receivable_paid_rate", related_sudo=False
    )
    receivable_late = fields.Boolean(
        related="opportunity_id.receivable_late", related_sudo=False
    )

    def action_receivable_contract(self):
        """Return an action with the way of these orders' opportunities to the cash."""
        return self.opportunity_id.action_receivable_contract()
