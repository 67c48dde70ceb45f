from odoo import fields, models


class OfficeRole(models.Model):
    """Background checks: those that the role needs."""

    _inherit = "office.role"  # pylint: disable=consider-merging-classes-inherited

    background_type_ids = fields.Many2many(
        "hr.background.check.type",
        "office_role_background_type_rel",
        "role_id",
        "type_id",
        string="Background checks",
        check_company=True,
        help="What is checked before somebody is hired for this role. A recruitment "
        "stage can wait for it.",
    )
