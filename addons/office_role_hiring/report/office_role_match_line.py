from odoo import fields, models
from odoo.tools import SQL

from ..models.office_role_match import READ, SHARE


class OfficeRoleMatchLine(models.Model):
    """Applicant × skill of the role: the level required, the level held, the points.

    The points of an applicant add up to the score on paper: the running total is
    rounded, not each line by itself (``match_score.parts``).
    """

    _name = "office.role.match.line"
    _description = "Skill of a Match"
    _auto = False
    _order = "applicant_id, must_have desc, weight desc, requirement_id"
    _rec_name = "skill_id"

    applicant_id = fields.Many2one("hr.applicant", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    job_id = fields.Many2one("hr.job", string="Job position", readonly=True)
    role_id = fields.Many2one("office.role", readonly=True)
    requirement_id = fields.Many2one("office.role.skill", readonly=True)
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

    _depends = {**READ, "office.role.match": ["applicant_id", "job_id", "role_id"]}

    # A requirement and an applicant make a row, as in office.role.gap.
    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.*,
                   earned - COALESCE(LAG(earned) OVER sorted, 0) AS points
              FROM (%s) line
            WINDOW sorted AS (PARTITION BY applicant_id ORDER BY place)
            """,
            self._get_line_query(),
        )

    def _get_line_query(self):
        """Return the query of the lines with their rounded running totals."""
        return SQL(
            """
            SELECT (requirement.id::bigint << 31) + match.applicant_id AS id,
                   match.applicant_id,
                   match.company_id,
                   match.job_id,
                   match.role_id,
                   requirement.id AS requirement_id,
                   requirement.skill_id,
                   requirement.skill_level_id AS required_level_id,
                   requirement.weight,
                   requirement.must_have,
                   required.level_progress AS required_progress,
                   COALESCE(held.level_progress, 0) AS current_progress,
                   GREATEST(
                       required.level_progress - COALESCE(held.level_progress, 0), 0
                   ) AS shortfall,
                   requirement.must_have
                       AND required.level_progress > COALESCE(held.level_progress, 0)
                       AS must_have_missed,
                   ROW_NUMBER() OVER sorted AS place,
                   ROUND(100 * SUM(requirement.weight * %(share)s) OVER sorted
                         / SUM(requirement.weight) OVER applicant, 2) AS earned
              FROM office_role_match match
              JOIN office_role_skill requirement
                ON requirement.role_id = match.role_id
              JOIN hr_skill_level required ON required.id = requirement.skill_level_id
         LEFT JOIN LATERAL (
                   %(held)s
                   ) held ON TRUE
            WINDOW applicant AS (PARTITION BY match.applicant_id),
                   sorted AS (
                       PARTITION BY match.applicant_id
                       ORDER BY requirement.must_have DESC NULLS LAST,
                                requirement.weight DESC,
                                requirement.id
                   )
            """,
            share=SHARE,
            held=self._get_held_query(),
        )

    def _get_held_query(self):
        """Return the query of the level that an applicant holds today in a skill."""
        return SQL(
            """
            SELECT MAX(level.level_progress) AS level_progress
              FROM hr_applicant_skill skill
              JOIN hr_skill_level level ON level.id = skill.skill_level_id
             WHERE skill.applicant_id = match.applicant_id
               AND skill.skill_id = requirement.skill_id
               AND (skill.valid_from IS NULL OR skill.valid_from <= %(today)s)
               AND (skill.valid_to IS NULL OR skill.valid_to >= %(today)s)
            """,
            today=fields.Date.today(),
        )
