from collections import defaultdict

from odoo import api, fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    office_role_gap_count = fields.Integer(
        string="Skill gaps",
        compute="_compute_office_role_gap_count",
        groups="hr.group_hr_user",
        help="Skills of the employee's roles that are below the required level.",
    )

    def _compute_office_role_gap_count(self):
        counts = dict(
            self.env["office.role.gap"]._read_group(
                [("employee_id", "in", self.ids), ("shortfall", ">", 0)],
                ["employee_id"],
                ["__count"],
            )
        )
        for employee in self:
            employee.office_role_gap_count = counts.get(employee._origin, 0)

    def action_view_office_role_gaps(self):
        """Open the skill gaps of this employee."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role.office_role_gap_action"
        )
        return {
            **action,
            "name": self.env._("Skills of %s", self.name),
            "domain": [("employee_id", "=", self.id)],
            "context": {"search_default_group_role": 1},
        }

    @api.model_create_multi
    def create(self, vals_list):
        # The version of a new employee is written while the employee is half made:
        # the roles are announced once, when everything is in place.
        employees = super(HrEmployee, self.with_context(office_roles_hold=True)).create(
            vals_list
        )
        employees = employees.with_env(self.env)
        # sudo: who gains a role does not depend on who may read it
        employees.sudo()._office_roles_changed({})
        return employees

    def _cron_update_current_version_id(self):
        """Announce the roles that begin because a version dated today takes effect."""
        # sudo: as in create
        # everybody, as in Odoo's method: a day may have been missed
        employees = self.sudo().search([])  # pylint: disable=no-search-all
        roles_before = employees._get_office_roles()
        result = super()._cron_update_current_version_id()
        employees._office_roles_changed(roles_before)
        return result

    def _get_office_roles(self):
        """Return the roles that each employee holds now.

        :return: dict of employee id to ``office.role`` records (active ones)
        """
        if self.env.context.get("office_roles_hold"):
            return {}
        return {
            employee.id: employee.current_version_id.office_role_ids
            for employee in self
        }

    def _office_roles_changed(self, roles_before):
        """Announce the roles that employees gained since ``roles_before``.

        :param roles_before: what :meth:`_get_office_roles` returned before the change;
            an employee who is not in it held no role
        """
        if self.env.context.get("office_roles_hold"):
            return
        gained = defaultdict(self.browse)
        for employee_id, roles in self._get_office_roles().items():
            for role in roles - roles_before.get(employee_id, roles.browse()):
                gained[role] += self.browse(employee_id)
        if gained:
            self._office_roles_gained(dict(gained))

    @api.model
    def _office_roles_gained(self, employees_by_role):
        """Hook: employees have begun to hold a role. Called once per change, for all.

        :param employees_by_role: dict of ``office.role`` record to ``hr.employee``
            records, in superuser mode
        """
