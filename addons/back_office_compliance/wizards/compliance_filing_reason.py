from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplianceFilingReason(models.TransientModel):
    """Asks for the reason that a step of a filing has to have in writing."""

    _name = "compliance.filing.reason"
    _description = "Reason for a step of a filing"

    filing_id = fields.Many2one(
        "compliance.filing", required=True, readonly=True, ondelete="cascade"
    )
    action = fields.Selection(
        [
            ("back", "Send back"),
            ("override", "Override the checks"),
            ("reject", "The authority rejected it"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)
    title = fields.Char(compute="_compute_title")

    @api.depends("action")
    def _compute_title(self):
        titles = dict(self._fields["action"]._description_selection(self.env))
        for wizard in self:
            wizard.title = titles.get(wizard.action)

    def action_confirm(self):
        """Take the step, with the reason.

        :raises UserError: without a reason; and whatever the step refuses
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write the reason for %s.", self.filing_id.name))
        steps = {
            "back": self.filing_id._send_back,
            "override": self.filing_id._override,
            "reject": self.filing_id._reject,
        }
        steps[self.action](reason)
        return {"type": "ir.actions.act_window_close"}
