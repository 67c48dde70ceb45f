from odoo import api, fields, models
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
    office_match_line_ids = fields.One2many(
        "office.role.match.line", "applicant_id", string="Why this score", readonly=True
    )
    office_match_note = fields.Char(compute="_compute_office_match_note")

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
    def _get_office_match_fields(self):
        """Return the fields that a refresh changes."""
        return [name for name in self._fields if name.startswith("office_")]

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
        applicants = super().create(vals_list)
        match = self.env["office.role.match"]
        match._queue("applicants", applicants.ids)
        # now: the form that saves also shows the score
        match._refresh_pending()
        return applicants

    def write(self, vals):
        names = {"job_id", "company_id", "department_id"}
        skills = {"applicant_skill_ids", "current_applicant_skill_ids"}
        # Odoo's write changes the dict
        concerned = bool((names | skills) & vals.keys())
        result = super().write(vals)
        if concerned:
            match = self.env["office.role.match"]
            match._queue("applicants", self.ids)
            match._refresh_pending()
        return result
