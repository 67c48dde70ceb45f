from odoo import api, models


class OfficeRoleSkill(models.Model):
    _inherit = "office.role.skill"

    @api.model_create_multi
    def create(self, vals_list):
        requirements = super().create(vals_list)
        self.env["office.role.match"]._queue("roles", requirements.role_id.ids)
        return requirements

    def write(self, vals):
        match = self.env["office.role.match"]
        match._queue("roles", self.role_id.ids)
        result = super().write(vals)
        if "role_id" in vals:
            match._queue("roles", self.role_id.ids)
        return result

    def unlink(self):
        self.env["office.role.match"]._queue("roles", self.role_id.ids)
        return super().unlink()
