from odoo import fields, models

from ...local_day import local_day


class ResCompany(models.Model):
    _inherit = "res.company"

    desk_margin_floor = fields.Float(
        string="Least margin of special prices",
        default=0.2,
        help="No price profile is signed with a margin below this.",
    )

    _desk_margin_floor_range = models.Constraint(
        "CHECK (desk_margin_floor >= 0 AND desk_margin_floor < 1)",
        "The least margin of special prices is from 0 to less than 100 %.",
    )

    def _desk_get_tz(self):
        """Return the name of the time zone in which the company counts days."""
        self.ensure_one()
        return (
            self.partner_id.tz
            or self.resource_calendar_id.tz
            or self.env.user.tz
            or "UTC"
        )

    def _desk_today(self):
        """Return which day it is where the company is."""
        self.ensure_one()
        return local_day(fields.Datetime.now(), self._desk_get_tz())
