from odoo import fields, models


class TrainingCertificateRevoke(models.TransientModel):
    """The reason that goes with revoking certificates."""

    _name = "training.certificate.revoke"
    _description = "Revoke Certificates"

    certificate_ids = fields.Many2many(
        "training.certificate", string="Certificates", required=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Revoke the certificates with the reason."""
        self.ensure_one()
        self.certificate_ids._revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
