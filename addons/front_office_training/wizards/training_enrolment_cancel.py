from odoo import fields, models


class TrainingEnrolmentCancel(models.TransientModel):
    """The reason that goes with cancelling an enrolment."""

    _name = "training.enrolment.cancel"
    _description = "Cancel an Enrolment"

    enrolment_ids = fields.Many2many("training.enrolment", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Cancel the enrolments with the reason."""
        self.enrolment_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
