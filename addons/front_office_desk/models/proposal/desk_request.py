from odoo import fields, models

from ..desk_request import BACK


class DeskRequest(models.Model):
    """What a request for proposal has of its proposal."""

    _inherit = "desk.request"  # pylint: disable=consider-merging-classes-inherited

    proposal_ids = fields.One2many(
        "desk.proposal", "request_id", string="Proposals", groups="base.group_user"
    )

    def action_open_proposal(self):
        """Open the proposal of the request, or a new one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposal"),
            "res_model": "desk.proposal",
            "res_id": self.proposal_ids[:1].id,
            "view_mode": "form",
            "context": {
                "default_request_id": self.id,
                "default_name": self.name,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    def _ask_customer(self, text):
        """Ask the customer; the clock stands where the back office works on it."""
        self.ensure_one()
        if self.state in BACK:
            self._await(text)
        else:
            self._tell_customer(text)
