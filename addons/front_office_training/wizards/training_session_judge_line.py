from odoo import fields, models


class TrainingSessionJudgeLine(models.TransientModel):
    """One step of one trainee who was present at a session."""

    _name = "training.session.judge.line"
    _description = "Judgement of a Step in a Session"
    _order = "id"

    wizard_id = fields.Many2one(
        "training.session.judge", required=True, ondelete="cascade"
    )
    enrolment_step_id = fields.Many2one(
        "training.enrolment.step",
        string="Step",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    # not as superuser: a line must not tell about a step that the user may not read
    employee_id = fields.Many2one(
        related="enrolment_step_id.employee_id", related_sudo=False
    )
    step_state = fields.Selection(
        related="enrolment_step_id.state",
        string="State of the step",
        related_sudo=False,
    )
    result = fields.Selection([("passed", "Passed"), ("failed", "Again")])
    feedback = fields.Char(string="Words", help="What to do better next time.")
