from odoo import api, models


class HrVersion(models.Model):
    _inherit = "hr.version"

    def _compute_office_role_ids(self):
        # which roles are held, whatever changed them
        result = super()._compute_office_role_ids()
        self._queue_office_matches()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._queue_office_matches()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if {"job_id", "department_id", "extra_office_role_ids"} & vals.keys():
            self._queue_office_matches()
        return result

    def _queue_office_matches(self):
        """Have the employees of these versions rescored."""
        # sudo: who is rescored does not depend on who may read versions
        employee_ids = self.sudo().employee_id._origin.ids
        self.env["office.role.match"]._queue("employees", employee_ids)
