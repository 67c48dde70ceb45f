from odoo import api, fields, models


class QuotaDisputeResolve(models.TransientModel):
    _name = "quota.dispute.resolve"
    _description = "Resolve a dispute"

    dispute_id = fields.Many2one(
        "quota.dispute", required=True, readonly=True, ondelete="cascade"
    )
    # Not by the superuser: whoever asks for a dispute here reads what they may read.
    subject = fields.Char(related="dispute_id.subject", related_sudo=False)
    reason = fields.Selection(related="dispute_id.reason", related_sudo=False)
    note = fields.Text(related="dispute_id.note", related_sudo=False)
    statement_state = fields.Selection(
        related="dispute_id.statement_state", related_sudo=False
    )
    resolution = fields.Text(
        string="Answer", required=True, help="The person reads it."
    )

    @api.constrains("dispute_id")
    def _check_dispute_id(self):
        self.dispute_id.check_access("read")

    def action_accept(self):
        """Say that the person is right."""
        self.dispute_id._resolve("accepted", self.resolution)
        return True

    def action_refuse(self):
        """Say that the statement is right."""
        self.dispute_id._resolve("refused", self.resolution)
        return True
