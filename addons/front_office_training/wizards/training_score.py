from odoo import api, fields, models


class TrainingScore(models.TransientModel):
    """The screen on which one practice is scored; the step keeps the result."""

    _name = "training.score"
    _description = "Score a Practice"

    # The related fields are read with the rights of the user: whoever names a step that
    # is not theirs in a wizard of their own learns nothing from it.
    step_id = fields.Many2one(
        "training.enrolment.step", required=True, readonly=True, ondelete="cascade"
    )
    employee_id = fields.Many2one(related="step_id.employee_id", related_sudo=False)
    name = fields.Char(related="step_id.name", related_sudo=False)
    note = fields.Text(related="step_id.note", related_sudo=False)
    instructions = fields.Html(related="step_id.instructions", related_sudo=False)
    pass_mark = fields.Integer(related="step_id.pass_mark", related_sudo=False)
    deciding = fields.Boolean(compute="_compute_deciding")
    line_ids = fields.One2many("training.score.line", "score_id", string="Criteria")
    feedback = fields.Text(string="What to do better")

    @api.depends("step_id")
    @api.depends_context("uid")
    def _compute_deciding(self):
        for wizard in self:
            wizard.deciding = wizard.step_id._may_sign()

    def action_confirm(self):
        """Judge the step with the levels that were chosen."""
        self.ensure_one()
        self.step_id._score(
            {line.criterion_id.id: line.level for line in self.line_ids},
            self.feedback,
            {line.criterion_id.id: line.remark for line in self.line_ids},
        )
        return {"type": "ir.actions.act_window_close"}
