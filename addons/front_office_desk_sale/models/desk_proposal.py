from odoo import api, fields, models


class DeskProposal(models.Model):
    _inherit = "desk.proposal"

    order_ids = fields.One2many(
        "sale.order",
        "desk_proposal_id",
        string="Quotations",
        groups="sales_team.group_sale_salesman",
    )
    order_count = fields.Integer(compute="_compute_order_count", compute_sudo=True)

    @api.depends("order_ids")
    def _compute_order_count(self):
        for proposal in self:
            proposal.order_count = len(proposal.order_ids)

    def action_open_quotation(self):
        """Open the quotations of the proposal, or a new one."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "context": {
                "default_desk_proposal_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_client_order_ref": self.name,
            },
        }
        # with Sales and CRM together the quotation belongs to the opportunity as well
        if "opportunity_id" in self.env["sale.order"]._fields:
            action["context"]["default_opportunity_id"] = self.lead_id.id
        if self.order_count:
            action |= {
                "view_mode": "list,form",
                "domain": [("desk_proposal_id", "=", self.id)],
            }
        return action
