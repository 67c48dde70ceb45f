from odoo import api, fields, models


class OfficeRole(models.Model):
    """A role in the front or the back office, and the skills it takes.

    The role is the one definition that hiring, training, quotas and compliance
    work from; a job position points at it.
    """

    _name = "office.role"
    _description = "Office Role"
    _inherit = ["mail.thread"]
    _order = "side desc, sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Stable identifier for imports and integrations: small letters, digits "
        "and underscores. It is never translated.",
    )
    side = fields.Selection(
        [("front", "Front office"), ("back", "Back office")],
        required=True,
        default="front",
        tracking=True,
        group_expand=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Html(translate=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to share the role between all companies.",
    )
    skill_ids = fields.One2many(
        "office.role.skill", "role_id", string="Skill requirements", copy=True
    )
    job_ids = fields.One2many("hr.job", "office_role_id", string="Job positions")
    skill_count = fields.Integer(compute="_compute_skill_count")
    job_count = fields.Integer(compute="_compute_job_count")
    employee_count = fields.Integer(
        compute="_compute_employee_count", groups="hr.group_hr_user"
    )

    _code_unique = models.UniqueIndex(
        "(code)",
        "Another role already has this code. Choose a different code, or unarchive "
        "and use the role that has it.",
    )
    _code_format = models.Constraint(
        "CHECK (code ~ '^[a-z][a-z0-9_]*$')",
        "The code of a role starts with a small letter and holds only small letters, "
        "digits and underscores, for example front_desk.",
    )

    @api.constrains("company_id")
    def _check_used_in_company(self):
        # sudo: positions and people of companies that the user does not see count too
        env = self.with_context(active_test=False).sudo().env
        for model, field in (
            ("hr.job", "office_role_id"),
            ("hr.version", "extra_office_role_ids"),
        ):
            env[model].search([(field, "in", self.ids)])._check_company([field])

    @api.depends("skill_ids")
    def _compute_skill_count(self):
        for role in self:
            role.skill_count = len(role.skill_ids)

    @api.depends("job_ids")
    def _compute_job_count(self):
        counts = dict(
            self.env["hr.job"]._read_group(
                [("office_role_id", "in", self.ids)], ["office_role_id"], ["__count"]
            )
        )
        for role in self:
            role.job_count = counts.get(role._origin, 0)

    def _compute_employee_count(self):
        counts = dict(
            self.env["hr.employee"]._read_group(
                [("office_role_ids", "in", self.ids)], ["office_role_ids"], ["__count"]
            )
        )
        for role in self:
            role.employee_count = counts.get(role._origin, 0)

    def copy_data(self, default=None):
        """Copy a role under a name and a free code of its own."""
        vals_list = super().copy_data(default=default)
        # sudo: a code is unique across the companies, and archived roles keep theirs
        roles = self.sudo().with_context(active_test=False)
        taken = {code for (code,) in roles._read_group([], ["code"])}
        for role, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", role.name)
            if "code" not in vals:
                vals["code"] = self._free_code(role.code, taken)
                taken.add(vals["code"])
        return vals_list

    @api.model
    def _free_code(self, code, taken):
        """Return ``code`` with the first suffix ``_2``, ``_3``, … not in ``taken``."""
        number = 2
        while f"{code}_{number}" in taken:
            number += 1
        return f"{code}_{number}"

    def action_view_jobs(self):
        """Open the job positions that use this role."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Job Positions"),
            "res_model": "hr.job",
            "view_mode": "list,form",
            "domain": [("office_role_id", "=", self.id)],
            "context": {"default_office_role_id": self.id},
        }

    def action_view_employees(self):
        """Open the employees who hold this role now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Employees"),
            "res_model": "hr.employee",
            "view_mode": "kanban,list,form",
            "domain": [("office_role_ids", "in", self.ids)],
        }

    def action_view_gaps(self):
        """Open the skill gaps of everybody who holds this role."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role.office_role_gap_action"
        )
        return {**action, "domain": [("role_id", "=", self.id)], "context": {}}
