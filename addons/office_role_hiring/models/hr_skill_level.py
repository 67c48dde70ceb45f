from odoo import models


class HrSkillLevel(models.Model):
    _inherit = "hr.skill.level"

    def write(self, vals):
        result = super().write(vals)
        if "level_progress" in vals:
            # required by roles and held by people: whom it concerns is hardly fewer
            # than all, and it is rare
            self.env["office.role.match"]._queue("all", self.ids)
        return result
