from odoo import models


class HrRecruitmentDegree(models.Model):
    _inherit = "hr.recruitment.degree"

    def write(self, vals):
        result = super().write(vals)
        if "score" in vals:
            self.env["office.role.match"]._queue("degrees", self.ids)
        return result
