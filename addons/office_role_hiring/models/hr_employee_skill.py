from odoo import api, models


class HrEmployeeSkill(models.Model):
    _inherit = "hr.employee.skill"

    @api.model_create_multi
    def create(self, vals_list):
        skills = super().create(vals_list)
        self.env["office.role.match"]._queue("employees", skills.employee_id.ids)
        return skills

    def write(self, vals):
        match = self.env["office.role.match"]
        match._queue("employees", self.employee_id.ids)
        result = super().write(vals)
        if "employee_id" in vals:
            match._queue("employees", self.employee_id.ids)
        return result

    def unlink(self):
        self.env["office.role.match"]._queue("employees", self.employee_id.ids)
        return super().unlink()
