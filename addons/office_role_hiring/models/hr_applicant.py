from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class HrApplicant(models.Model):
    _inherit = "hr.applicant"

    # written by office.role.match._refresh
    office_role_match_id = fields.Many2one(
        "office.role.match",
        string="Match with the role",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    office_role_id = fields.Many2one(
        related="office_role_match_id.role_id", string="Role of the job"
    )
    office_match_score = fields.Float(
        related="office_role_match_id.score", string="Match", aggregator="avg"
    )
    office_match_has_score = fields.Boolean(
        related="office_role_match_id.has_score", string="Has a match score"
    )
    office_match_fit = fields.Selection(
        related="office_role_match_id.fit", string="Fit with the role"
    )
    office_match_missed = fields.Integer(
        related="office_role_match_id.must_haves_missed", string="Must-haves missed"
    )
    office_match_shortfall = fields.Integer(
        related="office_role_match_id.shortfall", string="Shortfall"
    )
    office_match_degree = fields.Selection(
        related="office_role_match_id.degree_fit", string="Degree asked for"
    )
    office_match_line_ids = fields.One2many(
        "office.role.match.line",
        "applicant_id",
        string="Why this score",
        domain=[("for_job", "=", True)],
        readonly=True,
    )
    office_every_role = fields.Boolean(
        string="Scored against every role",
        readonly=True,
        copy=False,
        help="Scored against the role of the job and against every other role of the "
        "company. Talents always are.",
    )
    office_in_pool = fields.Boolean(
        string="In a talent pool", compute="_compute_office_in_pool", store=True
    )
    office_match_note = fields.Char(compute="_compute_office_match_note")

    @api.depends("talent_pool_ids")
    def _compute_office_in_pool(self):
        for applicant in self:
            applicant.office_in_pool = bool(applicant.talent_pool_ids)
        # talents are scored against every role
        self.env["office.role.match"]._queue("applicants", self._origin.ids)

    @api.depends("job_id.office_role_id.active", "office_match_has_score")
    def _compute_office_match_note(self):
        for applicant in self:
            applicant.office_match_note = applicant._get_office_match_note()

    def _get_office_match_note(self):
        """Return why there is no score and what to do; False if there is one."""
        self.ensure_one()
        # sudo: an interviewer reads the role's name although the role's own rules
        # may hide it
        role = self.sudo().job_id.office_role_id
        if not self.job_id:
            return self.env._(
                "No score: this applicant has no job position. Choose one."
            )
        if not role:
            return self.env._(
                "No score: the job position %s has no role. Choose a role on the job "
                "position.",
                self.job_id.name,
            )
        if not role.active:
            return self.env._(
                "No score: the role %s is archived. Unarchive it, or choose another "
                "role on the job position.",
                role.name,
            )
        if not role.skill_ids:
            return self.env._(
                "No score: the role %s asks for no skills. Add skills to the role.",
                role.name,
            )
        return False

    @api.model
    def _get_office_match_triggers(self):
        """Return the fields of an applicant that decide on matches, skills aside."""
        return {
            "active",
            "company_id",
            "department_id",
            "job_id",
            "office_every_role",
            "office_role_version_id",
            "talent_pool_ids",
            "type_id",
        }

    @api.model
    def _get_office_match_fields(self):
        """Return the fields that a refresh changes."""
        return [name for name in self._fields if name.startswith("office_")]

    @api.model
    def _get_office_own_fields(self):
        """Hook: return the fields that the add-ons write themselves, and nobody else.

        No default fills them: one in the context would go round what guards them.
        """
        return {"office_role_match_id"}

    @api.model
    def default_get(self, fields):
        own = self._get_office_own_fields()
        return super().default_get([name for name in fields if name not in own])

    def _update_cache(self, values, validate=True):
        """Take no match from a form: the score of any match could be read there.

        Odoo's onchange fills the record of a form in this way, and with ``update`` the
        lines of a form.
        """
        return super()._update_cache(self._leave_match_out(values), validate=validate)

    def update(self, values):
        return super().update(values if self.ids else self._leave_match_out(values))

    @api.model
    def _leave_match_out(self, values):
        """Return the values without the match, except in superuser mode."""
        if self.env.su:
            return values
        own = "office_role_match_id"
        return {name: value for name, value in values.items() if name != own}

    @api.model
    def _refuse_office_match(self, vals):
        """Refuse a match that somebody chooses: it would show the score of anybody.

        Neither does anybody say who is in a talent pool but the pools.

        :raises AccessError: then
        """
        if "office_role_match_id" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "“Match with the role” is not chosen by hand: it follows from the "
                    "skills and the role of the job position."
                )
            )
        if "office_in_pool" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "“In a talent pool” is not chosen by hand: add the applicant to a "
                    "talent pool, or take them out of it."
                )
            )

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Who has no score comes last, in both directions."""
        if field_name == "office_match_score" and not nulls.code:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _compute_company(self):
        result = super()._compute_company()
        # who may see a match depends on the company of the application
        self.env["office.role.match"]._queue("applicants", self._origin.ids)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_office_match(vals)
        applicants = super().create(vals_list)
        match = self.env["office.role.match"]
        match._queue("applicants", applicants.ids)
        # now: the form that saves also shows the score
        match._refresh_pending()
        return applicants

    def write(self, vals):
        self._refuse_office_match(vals)
        names = self._get_office_match_triggers()
        skills = {"applicant_skill_ids", "current_applicant_skill_ids"}
        # Odoo's write changes the dict
        concerned = bool((names | skills) & vals.keys())
        result = super().write(vals)
        if concerned:
            match = self.env["office.role.match"]
            match._queue("applicants", self.ids)
            match._refresh_pending()
        return result

    def action_score_every_role(self):
        """Score these applicants against every role of their company; show the result.

        :raises AccessError: for whoever may not change one of them
        """
        self.check_access("write")
        self.write({"office_every_role": True})
        return self._get_office_roles_action()

    def action_score_job_only(self):
        """Score these applicants against the role of the job alone, as at first.

        :raises AccessError: for whoever may not change one of them
        """
        self.check_access("write")
        self.write({"office_every_role": False})
        return True

    def _get_office_roles_action(self):
        """Return the action that opens the roles for these applicants, best first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.office_role_match_role_action"
        )
        if len(self) > 1:
            name = self.env._("Best Roles")
            context = {"search_default_group_applicant": 1}
        else:
            name = self.env._("Best Roles for %s", self.display_name)
            context = {"office_one_person": True}
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("applicant_id", "in", self.ids)],
            "context": context,
        }
