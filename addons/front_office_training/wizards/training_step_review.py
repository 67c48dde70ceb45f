from odoo import fields, models


class TrainingStepReview(models.TransientModel):
    """The words that go with sending a step back, waiving it, and the like."""

    _name = "training.step.review"
    _description = "Send Back or Waive a Step"

    step_ids = fields.Many2many(
        "training.enrolment.step", string="Steps", required=True
    )
    decision = fields.Selection(
        [
            ("fail", "Send back"),
            ("waive", "Waive"),
            ("sign", "Sign in words"),
            ("waive_acknowledgement", "Close without acknowledgement"),
        ],
        required=True,
        default="fail",
    )
    feedback = fields.Text(required=True)

    def action_confirm(self):
        """Carry out the decision with the words."""
        self.ensure_one()
        if self.decision == "fail":
            self.step_ids._fail(self.feedback)
        elif self.decision == "sign":
            self.step_ids._sign_in_words(self.feedback)
        elif self.decision == "waive_acknowledgement":
            self.step_ids._waive_acknowledgement(self.feedback)
        else:
            self.step_ids._waive(self.feedback)
        return {"type": "ir.actions.act_window_close"}
