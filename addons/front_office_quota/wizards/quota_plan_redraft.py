from odoo import fields, models


class QuotaPlanRedraft(models.TransientModel):
    """Why a plan goes back to draft."""

    _name = "quota.plan.redraft"
    _description = "Send a plan back to draft"

    plan_id = fields.Many2one("quota.plan", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Send the plan back with the reason."""
        self.plan_id._redraft(self.reason)
        return {"type": "ir.actions.act_window_close"}
