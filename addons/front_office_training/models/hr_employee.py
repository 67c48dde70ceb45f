from odoo import api, fields, models
from odoo.fields import Domain


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

    training_certificate_ids = fields.One2many(
        "training.certificate",
        "employee_id",
        string="Certificates",
        groups="hr.group_hr_user",
    )
    training_certificate_count = fields.Integer(
        string="Current certificates",
        compute="_compute_training_certificate_count",
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

    def _compute_training_certificate_count(self):
        Certificate = self.env["training.certificate"]
        counts = dict(
            Certificate._read_group(
                Domain("employee_id", "in", self.ids)
                & Certificate._get_current_domain(),
                ["employee_id"],
                ["__count"],
            )
        )
        for employee in self:
            employee.training_certificate_count = counts.get(employee._origin, 0)

    def action_view_training_certificates(self):
        """Open the certificates of this employee."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_certificate_action"
            ),
            "domain": [("employee_id", "=", self.id)],
            "context": {},
        }

    def _get_certified(self, programme, date=None):
        """Return those of these employees who are certified, with one query.

        :param programme: ``training.programme`` record
        :param date: the day it is asked for; today when not given
        :return: ``hr.employee`` records
        """
        programme.ensure_one()
        pairs = self.env["training.certificate"]._get_current_pairs(
            self, programme, date
        )
        certified = {employee for employee, _programme in pairs}
        return self.filtered(lambda employee: employee in certified)

    def _has_current_certificate(self, programme, date=None):
        """Whether this employee holds a certificate of a programme on a day.

        An expired or revoked one does not count. For many employees ask
        :meth:`_get_certified`.

        :param programme: ``training.programme`` record
        :param date: the day it is asked for; today when not given
        """
        self.ensure_one()
        return bool(self._get_certified(programme, date))

    def action_suggest_programmes(self):
        """Open the wizard that finds programmes for these people's skill gaps."""
        return self.env["training.suggest"]._open(self)

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
