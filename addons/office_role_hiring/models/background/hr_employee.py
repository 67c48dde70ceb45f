from odoo import api, fields, models
from odoo.exceptions import UserError

from .hr_background_check import GROUP


class HrEmployee(models.Model):
    """Background checks: those carried over from the application, and later ones."""

    _inherit = "hr.employee"  # pylint: disable=consider-merging-classes-inherited

    background_check_ids = fields.One2many(
        "hr.background.check",
        "employee_id",
        string="Background checks",
        groups=GROUP,
        copy=False,
    )
    background_check_count = fields.Integer(
        compute="_compute_background_check_count", groups=GROUP
    )

    def _compute_background_check_count(self):
        counts = dict(
            self.env["hr.background.check"]._read_group(
                [("employee_id", "in", self.ids)], ["employee_id"], ["__count"]
            )
        )
        for employee in self:
            employee.background_check_count = counts.get(employee._origin, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_background_checked(self):
        # sudo: who deletes an employee need not read the checks
        checks = self.env["hr.background.check"].sudo()
        checks = checks.search([("employee_id", "in", self.ids)])
        if checks:
            raise UserError(
                self.env._(
                    "%s cannot be deleted, because background checks were made. "
                    "Archive the employee: the results are deleted after the retention "
                    "time.",
                    ", ".join(sorted(set(checks.mapped("person_name")))),
                )
            )

    def action_view_background_checks(self):
        """Open the background checks of the employee."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.hr_background_check_action"
        )
        return {
            **action,
            "domain": [("employee_id", "=", self.id)],
            "context": {"default_employee_id": self.id},
        }
