from odoo import fields, models


class OfficeRoleVersion(models.Model):
    """A profile of a role as it was: requirements that have been replaced since.

    The requirements in force are those of the role itself. Beginning a new version
    keeps the present ones here, and applicants who applied under them go on being
    scored against them.
    """

    _name = "office.role.version"
    _description = "Version of a Role"
    _order = "role_id, number desc"
    _rec_name = "number"
    _check_company_auto = True

    role_id = fields.Many2one(
        "office.role", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="role_id.company_id", store=True, index="btree_not_null"
    )
    number = fields.Integer(required=True, readonly=True)
    valid_from = fields.Date(readonly=True, help="Empty for the first version.")
    valid_to = fields.Date(required=True, readonly=True)
    skill_ids = fields.One2many(
        "office.role.version.skill",
        "version_id",
        string="Skill requirements",
        readonly=True,
    )

    _number_unique = models.UniqueIndex(
        "(role_id, number)", "A role has a version of each number only once."
    )
