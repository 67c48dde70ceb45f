from odoo import api, fields, models
from odoo.exceptions import UserError


class HrApplicant(models.Model):
    """The training of whoever was hired, seen from the application."""

    _inherit = "hr.applicant"

    training_enrolment_count = fields.Integer(
        string="Training",
        compute="_compute_training_enrolment_count",
        help="Programmes that the new employee takes or has taken.",
    )
    training_gap_count = fields.Integer(
        string="Skill gaps",
        compute="_compute_training_gap_count",
        help="Skills of the new employee's roles that are below the required level.",
    )

    @api.depends("employee_id")
    def _compute_training_enrolment_count(self):
        counts = self._count_by_employee(
            "training.enrolment", [("state", "!=", "cancelled")]
        )
        for applicant in self:
            applicant.training_enrolment_count = counts.get(applicant.employee_id, 0)

    @api.depends("employee_id")
    def _compute_training_gap_count(self):
        counts = self._count_by_employee("office.role.gap", [("shortfall", ">", 0)])
        for applicant in self:
            applicant.training_gap_count = counts.get(applicant.employee_id, 0)

    def _count_by_employee(self, model, domain):
        """Count what the user may see of the new employees, with one query.

        :return: dict of ``hr.employee`` record to number
        """
        return dict(
            self.env[model]._read_group(
                [("employee_id", "in", self.employee_id.ids), *domain],
                ["employee_id"],
                ["__count"],
            )
        )

    def action_view_training_enrolments(self):
        """Open the enrolments of the new employee.

        :raises UserError: when nobody was hired yet
        """
        return self._get_new_employee().action_view_training_enrolments()

    def action_suggest_programmes(self):
        """Open the wizard that finds programmes for the new employee's skill gaps.

        :raises UserError: when nobody was hired yet
        """
        return self._get_new_employee().action_suggest_programmes()

    def _get_new_employee(self):
        """Return the employee whom this applicant became.

        :raises UserError: when there is none
        """
        self.ensure_one()
        if not self.employee_id:
            raise UserError(
                self.env._(
                    "%s is no employee yet. Create the employee from the application "
                    "first.",
                    self.display_name,
                )
            )
        return self.employee_id
