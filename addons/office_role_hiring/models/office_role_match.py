from odoo import api, fields, models
from odoo.tools import SQL


class OfficeRoleMatch(models.Model):
    """How well the skills of an applicant or an employee match a role.

    The rows are written by ``_refresh`` and by nothing else, and they are kept current:
    a row stands here as long as it is wanted (``refresh/office_role_match.py`` says
    which are). The arithmetic, with examples, is in ``match_score.py``.
    """

    _name = "office.role.match"
    _description = "Match with a Role"
    _order = "score desc, must_haves_missed, shortfall, id"
    _rec_name = "person"
    _rec_names_search = ["applicant_id", "employee_id"]
    _check_company_auto = True
    _log_access = False

    applicant_id = fields.Many2one(
        "hr.applicant",
        readonly=True,
        ondelete="cascade",
        # who may see the match may search by its applicant: HR officers, who see those
        # of employees only, may not read applicants
        bypass_search_access=True,
    )
    employee_id = fields.Many2one("hr.employee", readonly=True, ondelete="cascade")
    person = fields.Char(compute="_compute_person")
    kind = fields.Selection(
        [
            ("applicant", "Applicant"),
            ("talent", "Talent pool"),
            ("employee", "Employee"),
        ],
        required=True,
        readonly=True,
    )
    role_id = fields.Many2one(
        "office.role", required=True, readonly=True, ondelete="cascade"
    )
    for_job = fields.Boolean(
        string="Role of the job",
        readonly=True,
        help="The role of the job that was applied for; of an employee, a role that is "
        "held now.",
    )
    version_id = fields.Many2one(
        "office.role.version",
        string="Version of the role",
        readonly=True,
        ondelete="cascade",
        help="The earlier version of the role that counts for this application; empty "
        "for the one in force.",
    )
    job_id = fields.Many2one(
        "hr.job", string="Job position", readonly=True, ondelete="set null"
    )
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    stage_id = fields.Many2one(related="applicant_id.stage_id")
    has_score = fields.Boolean(
        readonly=True, help="Not ticked if the role asks for no skills."
    )
    score = fields.Float(
        readonly=True,
        digits=(5, 2),
        aggregator="avg",
        help="From 0 to 100: each skill counts by its weight and by the part of the "
        "required level that is held. More than required counts no more.",
    )
    fit = fields.Selection(
        [
            ("full", "Meets everything"),
            ("partial", "Must-haves met"),
            ("missed", "Must-have missed"),
            ("none", "No score"),
        ],
        readonly=True,
    )
    must_haves_missed = fields.Integer(
        string="Must-haves missed", readonly=True, aggregator="sum"
    )
    shortfall = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Points of progress (0 to 100 a skill) that are missing, over all skills "
        "of the role.",
    )
    skills_held = fields.Integer(
        string="Skills held",
        readonly=True,
        aggregator="avg",
        help="Skills of the role that are held at the required level.",
    )
    skills_required = fields.Integer(
        string="Skills required", readonly=True, aggregator="avg"
    )

    degree_fit = fields.Selection(
        [("none", "Not asked for"), ("met", "Met"), ("missed", "Not met")],
        string="Degree",
        readonly=True,
        help="Whether the applicant's degree ranks at least as high as the one that "
        "the job asks for. It does not count in the score.",
    )

    _one_person = models.Constraint(
        "CHECK (num_nonnulls(applicant_id, employee_id) = 1)",
        "A match is of an applicant or of an employee, and not of both.",
    )
    _applicant_unique = models.UniqueIndex(
        "(applicant_id, role_id) WHERE applicant_id IS NOT NULL",
        "An applicant is scored against a role once.",
    )
    _employee_unique = models.UniqueIndex(
        "(employee_id, role_id) WHERE employee_id IS NOT NULL",
        "An employee is scored against a role once.",
    )
    _role_score = models.Index("(role_id, score DESC NULLS LAST)")
    _job = models.Index("(job_id) WHERE for_job")

    @api.depends("applicant_id", "employee_id")
    def _compute_person(self):
        for match in self:
            match.person = (match.applicant_id or match.employee_id).display_name

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Who has no score comes last, in both directions."""
        if field_name == "score" and not nulls.code:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def action_open_applicant(self):
        """Open the application, whose Match tab says why, or the employee."""
        self.ensure_one()
        record = self.applicant_id or self.employee_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
