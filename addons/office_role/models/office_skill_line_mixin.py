from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OfficeSkillLineMixin(models.AbstractModel):
    """One skill at a level, as a line of something that is not a person.

    A role asks for it, a programme leads to it. The skills of people, which have a
    validity, are kept by Odoo's ``hr.individual.skill.mixin``.
    """

    _name = "office.skill.line.mixin"
    _description = "Skill at a Level"
    _rec_name = "skill_id"

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
        compute="_compute_skill_level_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="restrict",
        domain="[('skill_type_id', '=', skill_type_id)]",
    )
    level_progress = fields.Integer(related="skill_level_id.level_progress")

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
                        "%(owner)s: the level “%(level)s” does not belong to the skill "
                        "“%(skill)s”. Choose one of the levels of %(type)s.",
                        owner=line._get_skill_owner().display_name,
                        level=line.skill_level_id.name,
                        skill=line.skill_id.name,
                        type=skill_type.name,
                    )
                )

    def _get_skill_owner(self):
        """Return the record that this line belongs to, for messages."""
        raise NotImplementedError
