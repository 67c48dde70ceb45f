from odoo import api, fields, models


class HrVersion(models.Model):
    _inherit = "hr.version"

    extra_office_role_ids = fields.Many2many(
        "office.role",
        "hr_version_extra_office_role_rel",
        "version_id",
        "role_id",
        string="Extra roles",
        check_company=True,
        tracking=True,
        groups="hr.group_hr_user",
        help="Roles beside the one of the job position: in a small company one person "
        "has several.",
    )
    office_role_ids = fields.Many2many(
        "office.role",
        "hr_version_office_role_rel",
        "version_id",
        "role_id",
        string="Roles",
        compute="_compute_office_role_ids",
        store=True,
        groups="hr.group_hr_user",
        help="The role of the job position and the extra roles.",
    )

    @api.constrains("extra_office_role_ids", "company_id")
    def _check_extra_office_role_company(self):
        # Odoo's version does not check companies by itself
        self._check_company(["extra_office_role_ids"])

    @api.depends("job_id.office_role_id", "extra_office_role_ids")
    def _compute_office_role_ids(self):
        # set by set: one assignment for all versions with the same roles
        versions_by_roles = self.grouped(
            lambda version: version.job_id.office_role_id
            | version.extra_office_role_ids
        )
        for roles, versions in versions_by_roles.items():
            versions.office_role_ids = roles

    @api.model
    def _office_role_triggers(self):
        """Return the names of the fields that decide which roles somebody holds."""
        return {"job_id", "extra_office_role_ids", "date_version", "active"}

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: who gains a role by this change does not depend on who may read it
        employee_ids = {vals.get("employee_id") for vals in vals_list} - {None, False}
        employees = self.env["hr.employee"].sudo().browse(employee_ids)
        roles_before = employees._get_office_roles()
        versions = super().create(vals_list)
        employees._office_roles_changed(roles_before)
        return versions

    def write(self, vals):
        if not self._office_role_triggers() & vals.keys():
            return super().write(vals)
        # sudo: as in create
        employees = self.sudo().employee_id
        roles_before = employees._get_office_roles()
        result = super().write(vals)
        employees._office_roles_changed(roles_before)
        return result

    def unlink(self):
        # sudo: as in create. Without this version the one before it counts again.
        employees = self.sudo().employee_id
        roles_before = employees._get_office_roles()
        result = super().unlink()
        employees._office_roles_changed(roles_before)
        return result
