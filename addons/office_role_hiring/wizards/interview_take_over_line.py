from odoo import api, fields, models


class InterviewTakeOverLine(models.TransientModel):
    """One skill with its mean rating, and the level that it would become."""

    _name = "interview.take.over.line"
    _description = "Rating to a Skill"

    take_over_id = fields.Many2one(
        "interview.take.over", required=True, index=True, ondelete="cascade"
    )
    skill_id = fields.Many2one("hr.skill", required=True, ondelete="cascade")
    skill_type_id = fields.Many2one(related="skill_id.skill_type_id")
    mean = fields.Float(string="Mean rating", digits=(3, 2), readonly=True)
    spread = fields.Integer(readonly=True)
    current_level_id = fields.Many2one(
        "hr.skill.level", string="Level now", compute="_compute_current_level_id"
    )
    skill_level_id = fields.Many2one(
        "hr.skill.level",
        string="New level",
        domain="[('skill_type_id', '=', skill_type_id)]",
        ondelete="cascade",
    )
    take_over = fields.Boolean(string="Take over")

    @api.depends("skill_id", "take_over_id.applicant_id")
    def _compute_current_level_id(self):
        for line in self:
            held = line.take_over_id.applicant_id.current_applicant_skill_ids
            line.current_level_id = held.filtered(
                lambda skill, line=line: skill.skill_id == line.skill_id
            )[:1].skill_level_id
