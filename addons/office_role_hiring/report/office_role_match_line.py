from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.refresh.office_role_match import READ, SHARE

# One match. The columns beside the id are those that lines are searched by: PostgreSQL
# applies a condition on them before it forms the lines, and one on others afterwards.
MATCH = SQL(
    "match.id, match.applicant_id, match.employee_id, match.role_id, match.for_job"
)
# the id of the match makes the last 31 bits of the id of a line
MATCH_IDS = 2**31


class OfficeRoleMatchLine(models.Model):
    """Match × skill of the role: the level required, the level held, the points.

    The points of a match add up to its score on paper: the running total is rounded,
    not each line by itself (``match_score.parts``).
    """

    _name = "office.role.match.line"
    _description = "Skill of a Match"
    _auto = False
    _order = "match_id, must_have desc, weight desc, id"
    _rec_name = "skill_id"

    match_id = fields.Many2one("office.role.match", readonly=True)
    applicant_id = fields.Many2one("hr.applicant", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    job_id = fields.Many2one("hr.job", string="Job position", readonly=True)
    role_id = fields.Many2one("office.role", readonly=True)
    for_job = fields.Boolean(string="Role of the job", readonly=True)
    requirement_id = fields.Many2one(
        "office.role.skill",
        readonly=True,
        help="Empty where an earlier version of the role counts.",
    )
    skill_id = fields.Many2one("hr.skill", readonly=True)
    required_level_id = fields.Many2one(
        "hr.skill.level", string="Required level", readonly=True
    )
    required_progress = fields.Integer(
        string="Required (%)", readonly=True, aggregator="avg"
    )
    current_progress = fields.Integer(
        string="Current (%)", readonly=True, aggregator="avg"
    )
    shortfall = fields.Integer(readonly=True, aggregator="sum")
    weight = fields.Integer(readonly=True, aggregator="sum")
    must_have = fields.Boolean(readonly=True)
    must_have_missed = fields.Boolean(readonly=True)
    points = fields.Float(
        string="Part of the score", readonly=True, digits=(5, 2), aggregator="sum"
    )

    _depends = {
        **READ,
        "office.role.match": [
            "applicant_id",
            "employee_id",
            "company_id",
            "for_job",
            "job_id",
            "role_id",
            "version_id",
        ],
    }

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find lines by their ids, as whoever reads them does, by way of their matches.

        The id of a line is computed: without this, PostgreSQL would form all of them.
        """
        domain = Domain(domain)
        if getattr(domain, "field_expr", None) == "id" and domain.operator == "in":
            ids = [line_id for line_id in domain.value if isinstance(line_id, int)]
            if len(ids) == len(domain.value):
                match_ids = {line_id % MATCH_IDS for line_id in ids}
                domain &= Domain("match_id", "in", sorted(match_ids))
        return super()._search(domain, *args, **kwargs)

    # A requirement and a match make a row: their ids make its id, as in
    # office.role.gap; one bit tells requirements of earlier versions apart.
    @property
    def _table_query(self):
        # the partition: as MATCH
        return SQL(
            """
            SELECT line.*,
                   earned - COALESCE(LAG(earned) OVER sorted, 0) AS points
              FROM (%s) line
            WINDOW sorted AS (
                   PARTITION BY match_id, applicant_id, employee_id, role_id, for_job
                   ORDER BY place)
            """,
            self._get_line_query(),
        )

    def _get_line_query(self):
        """Return the query of the lines with their rounded running totals."""
        return SQL(
            """
            SELECT ((line.id * 2::bigint + (line.requirement_id IS NULL)::int) << 31)
                       + match.id AS id,
                   match.id AS match_id,
                   match.applicant_id,
                   match.employee_id,
                   match.company_id,
                   match.job_id,
                   match.role_id,
                   match.for_job,
                   line.requirement_id,
                   line.skill_id,
                   line.skill_level_id AS required_level_id,
                   line.weight,
                   line.must_have,
                   required.level_progress AS required_progress,
                   COALESCE(held.level_progress, 0) AS current_progress,
                   GREATEST(
                       required.level_progress - COALESCE(held.level_progress, 0), 0
                   ) AS shortfall,
                   line.must_have
                       AND required.level_progress > COALESCE(held.level_progress, 0)
                       AS must_have_missed,
                   ROW_NUMBER() OVER sorted AS place,
                   ROUND(100 * SUM(line.weight * %(share)s) OVER sorted
                         / NULLIF(SUM(line.weight) OVER whole, 0), 2) AS earned
              FROM office_role_match match
              JOIN LATERAL (
                   %(requirements)s
                   ) line ON TRUE
              JOIN hr_skill_level required ON required.id = line.skill_level_id
         LEFT JOIN LATERAL (
                   %(held)s
                   ) held ON TRUE
            WINDOW whole AS (PARTITION BY %(match)s),
                   sorted AS (
                       PARTITION BY %(match)s
                       ORDER BY line.must_have DESC NULLS LAST,
                                line.weight DESC,
                                line.id
                   )
            """,
            match=MATCH,
            share=SHARE,
            requirements=self._get_requirement_query(),
            held=self._get_held_query(),
        )

    def _get_requirement_query(self):
        """Return the query of what the role of a match asks for.

        That of the version that counts for the application, or that in force.
        """
        return SQL(
            """
            SELECT id, id AS requirement_id, skill_id, skill_level_id, weight, must_have
              FROM office_role_skill
             WHERE role_id = match.role_id AND match.version_id IS NULL
         UNION ALL
            SELECT id, NULL, skill_id, skill_level_id, weight, must_have
              FROM office_role_version_skill
             WHERE version_id = match.version_id
            """
        )

    def _get_held_query(self):
        """Return the query of the level that the person holds today in a skill."""
        return SQL(
            """
            SELECT MAX(level.level_progress) AS level_progress
              FROM (
                   SELECT skill_level_id, valid_from, valid_to
                     FROM hr_applicant_skill
                    WHERE applicant_id = match.applicant_id
                      AND skill_id = line.skill_id
                UNION ALL
                   SELECT skill_level_id, valid_from, valid_to
                     FROM hr_employee_skill
                    WHERE employee_id = match.employee_id
                      AND skill_id = line.skill_id
                   ) skill
              JOIN hr_skill_level level ON level.id = skill.skill_level_id
             WHERE (skill.valid_from IS NULL OR skill.valid_from <= %(today)s)
               AND (skill.valid_to IS NULL OR skill.valid_to >= %(today)s)
            """,
            today=fields.Date.today(),
        )
