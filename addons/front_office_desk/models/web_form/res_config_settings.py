from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the web form."""

    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    desk_web_team_id = fields.Many2one(
        related="company_id.desk_web_team_id", readonly=False
    )
