from odoo import fields, models


class TrainingSuggestGap(models.TransientModel):
    """A skill gap that no programme closes."""

    _name = "training.suggest.gap"
    _description = "Skill Gap Without a Programme"
    _order = "must_have desc, skill_id, employee_id, id"

    wizard_id = fields.Many2one("training.suggest", required=True, ondelete="cascade")
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True)
    skill_id = fields.Many2one("hr.skill", required=True, readonly=True)
    must_have = fields.Boolean(readonly=True)
    required_progress = fields.Integer(string="Required (%)", readonly=True)
    current_progress = fields.Integer(string="Current (%)", readonly=True)
