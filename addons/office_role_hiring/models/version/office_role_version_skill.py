from odoo import api, fields, models


class OfficeRoleVersionSkill(models.Model):
    """One skill that an earlier version of a role asked for."""

    _name = "office.role.version.skill"
    _inherit = ["office.skill.line.mixin"]
    _description = "Skill Requirement of a Version of a Role"
    _order = "version_id, must_have desc, weight desc, skill_type_id, id"
    _check_company_auto = True

    version_id = fields.Many2one(
        "office.role.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index="btree_not_null"
    )
    # a version stays as it was: what it asks for is not deleted from under it
    skill_id = fields.Many2one(ondelete="restrict")
    skill_type_id = fields.Many2one(ondelete="restrict")
    skill_level_id = fields.Many2one(string="Required level")
    level_progress = fields.Integer(string="Required progress")
    must_have = fields.Boolean()
    weight = fields.Integer(required=True, help="How much the skill counted, 1 to 5.")

    _version_skill_unique = models.UniqueIndex(
        "(version_id, skill_id)", "A version asks for a skill only once."
    )

    def _get_skill_owner(self):
        return self.version_id

    def _get_terms(self):
        """Return what each line asked for, as ``office.role.skill`` does."""
        return {
            line.skill_id: (line.skill_level_id, line.must_have, line.weight)
            for line in self
        }

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a version stays as it was.

        :raises UserError: always
        """
        self.version_id._refuse_change()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self.version_id._refuse_change()
