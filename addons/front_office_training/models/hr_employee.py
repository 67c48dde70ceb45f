from odoo import api, fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    training_enrolment_ids = fields.One2many(
        "training.enrolment",
        "employee_id",
        string="Training",
        groups="hr.group_hr_user",
    )
    training_enrolment_count = fields.Integer(
        string="Enrolments",
        compute="_compute_training_enrolment_count",
        groups="hr.group_hr_user",
    )

    def _compute_training_enrolment_count(self):
        counts = dict(
            self.env["training.enrolment"]._read_group(
                [("employee_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["employee_id"],
                ["__count"],
            )
        )
        for employee in self:
            employee.training_enrolment_count = counts.get(employee._origin, 0)

    def action_view_training_enrolments(self):
        """Open the enrolments of this employee."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_action"
            ),
            "domain": [("employee_id", "=", self.id)],
            "context": {"default_employee_id": self.id},
        }

    @api.model
    def _office_roles_gained(self, employees_by_role):
        """Enrol whoever begins to hold a role in the role's published programmes."""
        result = super()._office_roles_gained(employees_by_role)
        # sudo: an HR officer gives the role; the enrolment is its consequence
        programmes = (
            self.env["training.programme"]
            .sudo()
            .search(
                [
                    ("state", "=", "published"),
                    ("role_ids", "in", [role.id for role in employees_by_role]),
                ]
            )
        )
        for programme in programmes:
            employees = self.env["hr.employee"].union(
                *(
                    employees
                    for role, employees in employees_by_role.items()
                    if role in programme.role_ids
                )
            )
            # sudo: as above
            programme._enrol(employees.sudo().filtered("active"))
        return result
