from odoo import fields, models


class HrSkillLevel(models.Model):
    _inherit = "hr.skill.level"

    description = fields.Text(
        translate=True,
        help="What somebody at this level does, in words that a person outside the "
        "trade can observe.",
    )
