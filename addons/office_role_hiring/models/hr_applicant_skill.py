from odoo import api, models


class HrApplicantSkill(models.Model):
    _inherit = "hr.applicant.skill"

    @api.model_create_multi
    def create(self, vals_list):
        skills = super().create(vals_list)
        self.env["office.role.match"]._queue("applicants", skills.applicant_id.ids)
        return skills

    def write(self, vals):
        match = self.env["office.role.match"]
        match._queue("applicants", self.applicant_id.ids)
        result = super().write(vals)
        if "applicant_id" in vals:
            match._queue("applicants", self.applicant_id.ids)
        return result

    def unlink(self):
        self.env["office.role.match"]._queue("applicants", self.applicant_id.ids)
        return super().unlink()
