from odoo import fields, models


class QuotaPlanOverride(models.TransientModel):
    """Why a plan is approved although its targets do not cover it."""

    _name = "quota.plan.override"
    _description = "Approve a plan under 100 %"

    plan_id = fields.Many2one("quota.plan", required=True, readonly=True)
    coverage_warning = fields.Char(related="plan_id.coverage_warning")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Approve the plan with the reason."""
        self.plan_id._approve(self.reason)
        return {"type": "ir.actions.act_window_close"}
