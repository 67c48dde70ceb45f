from odoo import fields, models


class TrainingScoreLine(models.TransientModel):
    """A criterion on the screen on which a practice is scored."""

    _name = "training.score.line"
    _description = "Criterion to Score"
    _order = "id"

    score_id = fields.Many2one("training.score", required=True, ondelete="cascade")
    criterion_id = fields.Many2one(
        "training.enrolment.criterion", required=True, readonly=True, ondelete="cascade"
    )
    # with the rights of the user, as in training.score
    name = fields.Char(string="Name", related="criterion_id.name", related_sudo=False)
    weight = fields.Integer(related="criterion_id.weight", related_sudo=False)
    level_1 = fields.Text(related="criterion_id.level_1", related_sudo=False)
    level_2 = fields.Text(related="criterion_id.level_2", related_sudo=False)
    level_3 = fields.Text(related="criterion_id.level_3", related_sudo=False)
    level_4 = fields.Text(related="criterion_id.level_4", related_sudo=False)
    level = fields.Integer(help="From 1 to 4; 0 is not judged yet.")
    remark = fields.Char()
