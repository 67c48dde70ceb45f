from odoo import fields, models


class HrApplicant(models.Model):
    """The version of the role that an application is scored against."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    office_role_version_id = fields.Many2one(
        "office.role.version",
        string="Scored against version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The version of the role that was in force on the day of the application; "
        "empty for the one that is in force now.",
    )
