from odoo import api, fields, models


class DeskRequestMerge(models.TransientModel):
    _name = "desk.request.merge"
    _description = "Merge requests"

    request_ids = fields.Many2many("desk.request", string="Requests", required=True)
    partner_id = fields.Many2one(
        "res.partner", compute="_compute_partner_id", string="Customer"
    )
    target_id = fields.Many2one(
        "desk.request",
        string="Stays",
        required=True,
        domain="[('partner_id', 'child_of', partner_id),"
        " ('state', 'not in', ('closed', 'merged'))]",
        help="All that belongs to the others moves to this request.",
    )

    @api.depends("request_ids")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.request_ids[:1].partner_id.commercial_partner_id

    def action_merge(self):
        """Merge, and open the request that stays."""
        self.ensure_one()
        self.request_ids._merge_into(self.target_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "desk.request",
            "res_id": self.target_id.id,
            "view_mode": "form",
        }
