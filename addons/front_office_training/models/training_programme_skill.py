from odoo import fields, models


class TrainingProgrammeSkill(models.Model):
    """One skill that a programme develops, with the level that it leads to.

    The skills are no part of what an enrolment copies, so they may be changed while the
    programme is published.
    """

    _name = "training.programme.skill"
    _inherit = ["office.skill.line.mixin"]
    _description = "Skill of a Programme"
    _order = "programme_id, skill_type_id, skill_id, id"
    _check_company_auto = True

    programme_id = fields.Many2one(
        "training.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, index="btree_not_null"
    )
    skill_level_id = fields.Many2one(string="Level reached")
    level_progress = fields.Integer(string="Progress reached")

    _programme_skill_unique = models.UniqueIndex(
        "(programme_id, skill_id)",
        "A programme names a skill only once. Change the level of the skill that is "
        "already there.",
    )

    def _get_skill_owner(self):
        return self.programme_id
