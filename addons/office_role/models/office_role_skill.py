from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OfficeRoleSkill(models.Model):
    """One skill that a role takes, with the level, must-have and weight.

    ``hr.individual.skill.mixin`` is not used: it versions the skills of a person by
    validity dates, while a role asks for a skill once (a database constraint), and
    its default date is fixed when the server starts.
    """

    _name = "office.role.skill"
    _description = "Skill Requirement of a Role"
    _order = "role_id, must_have desc, weight desc, skill_type_id, id"
    _rec_name = "skill_id"
    _check_company_auto = True

    role_id = fields.Many2one(
        "office.role", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="role_id.company_id", store=True, index="btree_not_null"
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
        string="Required level",
        compute="_compute_skill_level_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="restrict",
        domain="[('skill_type_id', '=', skill_type_id)]",
    )
    level_progress = fields.Integer(
        related="skill_level_id.level_progress", string="Required progress"
    )
    level_description = fields.Text(
        related="skill_level_id.description", string="What it looks like"
    )
    must_have = fields.Boolean(
        help="Somebody without this skill at its level does not qualify, however "
        "strong the other skills are."
    )
    weight = fields.Integer(
        default=3, required=True, help="How much the skill counts, from 1 to 5."
    )

    _role_skill_unique = models.UniqueIndex(
        "(role_id, skill_id)",
        "A role asks for a skill only once. Change the level of the requirement that "
        "is already there.",
    )
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 1 AND 5)",
        "The weight of a skill requirement lies between 1 and 5.",
    )

    @api.depends("skill_id")
    def _compute_skill_type_id(self):
        for requirement in self:
            if requirement.skill_id:
                requirement.skill_type_id = requirement.skill_id.skill_type_id
            else:
                requirement.skill_type_id = requirement.skill_type_id

    @api.depends("skill_type_id")
    def _compute_skill_level_id(self):
        for requirement in self:
            levels = requirement.skill_type_id.skill_level_ids
            if requirement.skill_level_id not in levels:
                default = levels.filtered("default_level") or levels
                requirement.skill_level_id = default[:1]
            else:
                requirement.skill_level_id = requirement.skill_level_id

    @api.constrains("skill_id", "skill_type_id", "skill_level_id")
    def _check_skill_level(self):
        for requirement in self:
            skill_type = requirement.skill_id.skill_type_id
            if (
                requirement.skill_type_id != skill_type
                or requirement.skill_level_id.skill_type_id != skill_type
            ):
                raise ValidationError(
                    self.env._(
                        "%(role)s: the level “%(level)s” does not belong to the skill "
                        "“%(skill)s”. Choose one of the levels of %(type)s.",
                        role=requirement.role_id.name,
                        level=requirement.skill_level_id.name,
                        skill=requirement.skill_id.name,
                        type=skill_type.name,
                    )
                )
