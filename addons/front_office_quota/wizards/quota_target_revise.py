from odoo import api, fields, models


class QuotaTargetRevise(models.TransientModel):
    """A new target, and the reason for it."""

    _name = "quota.target.revise"
    _description = "Change Target"

    target_id = fields.Many2one("quota.target", required=True, readonly=True)
    currency_id = fields.Many2one(related="target_id.currency_id")
    full_amount = fields.Monetary(
        string="Full Target",
        compute="_compute_terms",
        store=True,
        readonly=False,
        required=True,
    )
    start_date = fields.Date(
        string="Joined on", compute="_compute_terms", store=True, readonly=False
    )
    end_date = fields.Date(
        string="Left on", compute="_compute_terms", store=True, readonly=False
    )
    reason = fields.Char(required=True)

    @api.depends("target_id")
    def _compute_terms(self):
        for wizard in self:
            wizard.full_amount = wizard.target_id.full_amount
            wizard.start_date = wizard.target_id.start_date
            wizard.end_date = wizard.target_id.end_date

    def action_confirm(self):
        """Change the target and keep the reason."""
        self.ensure_one()
        self.target_id._revise(
            {
                "full_amount": self.full_amount,
                "start_date": self.start_date,
                "end_date": self.end_date,
            },
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
