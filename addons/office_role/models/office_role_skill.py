import re

from odoo import fields, models


def _say_which_skill(env, diagnostics):
    """Return the sentence for a skill that a role asks for twice, with both names."""
    detail = (diagnostics and diagnostics.message_detail) or ""
    key = re.search(r"\((\d+), (\d+)\)", detail)
    role = env["office.role"].browse(key and int(key[1])).exists()
    skill = env["hr.skill"].browse(key and int(key[2])).exists()
    return env._(
        "%(role)s asks for %(skill)s twice. A role asks for a skill only once: change "
        "the level of the requirement that is already there.",
        # a role that was new when it was refused has no name any more
        role=role.name or env._("The role"),
        skill=skill.name or env._("a skill"),
    )


class OfficeRoleSkill(models.Model):
    """One skill that a role takes, with the level, must-have and weight.

    ``hr.individual.skill.mixin`` is not used: it versions the skills of a person by
    validity dates, while a role asks for a skill once (a database constraint), and
    its default date is fixed when the server starts.
    """

    _name = "office.role.skill"
    _inherit = ["office.skill.line.mixin"]
    _description = "Skill Requirement of a Role"
    _order = "role_id, must_have desc, weight desc, skill_type_id, id"
    _check_company_auto = True

    role_id = fields.Many2one(
        "office.role", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="role_id.company_id", store=True, index="btree_not_null"
    )
    skill_level_id = fields.Many2one(string="Required level")
    level_progress = fields.Integer(string="Required progress")
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
        _say_which_skill,
    )
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 1 AND 5)",
        "The weight of a skill requirement lies between 1 and 5.",
    )

    def _get_skill_owner(self):
        return self.role_id

    def _get_terms(self):
        """Return what each line asks for, to be compared.

        :return: dict of ``hr.skill`` to (``hr.skill.level``, must-have, weight)
        """
        return {
            line.skill_id: (line.skill_level_id, line.must_have, line.weight)
            for line in self
        }
