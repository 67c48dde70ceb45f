from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TrainingProgrammeSkill(models.Model):
    """One skill that a programme develops, with the level that it leads to.

    The skills are no part of what an enrolment copies, so they may be changed while the
    programme is published.
    """

    _name = "training.programme.skill"
    _description = "Skill of a Programme"
    _order = "programme_id, skill_type_id, skill_id, id"
    _rec_name = "skill_id"
    _check_company_auto = True

    programme_id = fields.Many2one(
        "training.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, index="btree_not_null"
    )
    skill_type_id = fields.Many2one(
        "hr.skill.type",
        compute="_compute_skill_type_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="cascade",
    )
    skill_id = fields.Many2one(
        "hr.skill",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('skill_type_id', '=?', skill_type_id)]",
    )
    skill_level_id = fields.Many2one(
        "hr.skill.level",
        string="Level reached",
        compute="_compute_skill_level_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="restrict",
        domain="[('skill_type_id', '=', skill_type_id)]",
    )
    level_progress = fields.Integer(
        related="skill_level_id.level_progress", string="Progress reached"
    )

    _programme_skill_unique = models.UniqueIndex(
        "(programme_id, skill_id)",
        "A programme names a skill only once. Change the level of the skill that is "
        "already there.",
    )

    @api.depends("skill_id")
    def _compute_skill_type_id(self):
        for line in self:
            if line.skill_id:
                line.skill_type_id = line.skill_id.skill_type_id
            else:
                line.skill_type_id = line.skill_type_id

    @api.depends("skill_type_id")
    def _compute_skill_level_id(self):
        for line in self:
            levels = line.skill_type_id.skill_level_ids
            if line.skill_level_id not in levels:
                default = levels.filtered("default_level") or levels
                line.skill_level_id = default[:1]
            else:
                line.skill_level_id = line.skill_level_id

    @api.constrains("skill_id", "skill_type_id", "skill_level_id")
    def _check_skill_level(self):
        for line in self:
            skill_type = line.skill_id.skill_type_id
            if (
                line.skill_type_id != skill_type
                or line.skill_level_id.skill_type_id != skill_type
            ):
                raise ValidationError(
                    self.env._(
                        "%(programme)s: the level “%(level)s” does not belong to the "
                        "skill “%(skill)s”. Choose one of the levels of %(type)s.",
                        programme=line.programme_id.name,
                        level=line.skill_level_id.name,
                        skill=line.skill_id.name,
                        type=skill_type.name,
                    )
                )
