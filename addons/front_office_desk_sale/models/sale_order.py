from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    desk_proposal_id = fields.Many2one(
        "desk.proposal",
        string="Proposal",
        index="btree_not_null",
        copy=False,
        check_company=True,
        help="The request for proposal that this quotation answers.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Make quotations; one that is sent hands its proposal in."""
        orders = super().create(vals_list)
        orders._check_proposals()
        orders._tell_proposals()
        return orders

    def write(self, vals):
        """Change quotations; one that is sent hands its proposal in.

        :raise UserError: when needed parts of the proposal are missing
        """
        result = super().write(vals)
        if "desk_proposal_id" in vals:
            self._check_proposals()
        if {"state", "desk_proposal_id"} & vals.keys():
            self._tell_proposals()
        return result

    def _check_proposals(self):
        """Refuse proposals that the user may not read: what is sent hands them in."""
        proposals = self.desk_proposal_id
        if proposals and not self.env.su:
            proposals.check_access("read")

    def _tell_proposals(self):
        """Hand in what was sent, and win what was ordered."""
        # sudo: who sends the quotation need not be responsible for the proposal
        orders = self.sudo().filtered("desk_proposal_id")
        sent = orders.filtered(lambda order: order.state in ("sent", "sale"))
        running = sent.desk_proposal_id.filtered(
            lambda proposal: proposal.state in ("draft", "running")
        )
        running._hand_in()
        ordered = sent.filtered(lambda order: order.state == "sale")
        waiting = ordered.desk_proposal_id.filtered(
            lambda proposal: proposal.state == "sent"
        )
        if waiting:
            waiting._close("won").action_set_won()
