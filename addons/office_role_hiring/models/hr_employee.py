from odoo import api, fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    office_fit_role_count = fields.Integer(
        string="Roles that would fit",
        compute="_compute_office_fit_role_count",
        groups="hr.group_hr_user",
        help="Roles, beside those held now, of which every must-have is met.",
    )

    def _compute_office_fit_role_count(self):
        counts = dict(
            self.env["office.role.match"]._read_group(
                [
                    ("employee_id", "in", self.ids),
                    ("for_job", "=", False),
                    ("fit", "in", ["full", "partial"]),
                ],
                ["employee_id"],
                ["__count"],
            )
        )
        for employee in self:
            employee.office_fit_role_count = counts.get(employee._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        self.env["office.role.match"]._queue("employees", employees.ids)
        return employees

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_id"} & vals.keys():
            self.env["office.role.match"]._queue("employees", self.ids)
        return result

    def _compute_current_version_id(self):
        """Whose version begins today may have another job, department or roles."""
        versions = {employee: employee.current_version_id for employee in self}
        result = super()._compute_current_version_id()
        changed = self.filtered(
            lambda employee: employee.current_version_id != versions[employee]
        )
        self.env["office.role.match"]._queue("employees", changed._origin.ids)
        return result

    def action_view_office_best_roles(self):
        """Open the roles of the company, the best for this employee first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.office_role_match_role_action"
        )
        name = self.env._("Best Roles for %s", self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("employee_id", "=", self.id)],
            "context": {"office_one_person": True},
        }
