from odoo import api, fields, models
from odoo.tools import SQL

# What the queries of the levels that are held and of the requirements read.
READ = {
    "hr.employee.skill": [
        "employee_id",
        "skill_id",
        "skill_level_id",
        "valid_from",
        "valid_to",
    ],
    "office.role": ["active", "side"],
    "office.role.skill": [
        "role_id",
        "skill_id",
        "skill_type_id",
        "skill_level_id",
        "must_have",
        "weight",
    ],
}


class OfficeRoleGap(models.Model):
    """Employee × role × skill: the level that is required, and the one that is held.

    A skill counts while today lies in its validity dates. The query stands on the
    employee's current version, so it follows the roles of today.
    """

    _name = "office.role.gap"
    _description = "Skill Gap"
    _auto = False
    _order = "employee_id, must_have_missed desc, shortfall desc, id"
    _rec_name = "skill_id"

    employee_id = fields.Many2one("hr.employee", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    job_id = fields.Many2one("hr.job", string="Job position", readonly=True)
    role_id = fields.Many2one("office.role", readonly=True)
    side = fields.Selection(
        [("front", "Front office"), ("back", "Back office")], readonly=True
    )
    skill_id = fields.Many2one("hr.skill", readonly=True)
    skill_type_id = fields.Many2one("hr.skill.type", readonly=True)
    skill_level_id = fields.Many2one(
        "hr.skill.level", string="Required level", readonly=True
    )
    required_progress = fields.Integer(
        string="Required (%)", readonly=True, aggregator="avg"
    )
    current_progress = fields.Integer(
        string="Current (%)", readonly=True, aggregator="avg"
    )
    shortfall = fields.Integer(
        readonly=True,
        aggregator="sum",
        help="Required less current level, in points of progress (0 to 100); 0 when "
        "the requirement is met.",
    )
    weight = fields.Integer(readonly=True, aggregator="avg")
    must_have = fields.Boolean(readonly=True)
    must_have_missed = fields.Boolean(readonly=True)
    must_have_missed_count = fields.Integer(
        string="Must-haves missed", readonly=True, aggregator="sum"
    )

    _depends = {
        **READ,
        "hr.employee": ["active", "company_id", "current_version_id"],
        "hr.version": ["department_id", "job_id", "office_role_ids"],
        "hr.skill.level": ["level_progress"],
    }

    # A requirement and an employee make a row: their ids make its id, which stays the
    # same whatever is filtered, and below 2**53, the largest whole number that the web
    # client holds.
    @property
    def _table_query(self):
        return SQL(
            """
            SELECT (requirement.id::bigint << 31) + employee.id AS id,
                   employee.id AS employee_id,
                   employee.company_id,
                   version.department_id,
                   version.job_id,
                   role.id AS role_id,
                   role.side,
                   requirement.skill_id,
                   requirement.skill_type_id,
                   requirement.skill_level_id,
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
                   (requirement.must_have
                       AND required.level_progress > COALESCE(held.level_progress, 0)
                   )::int AS must_have_missed_count
              FROM hr_employee employee
              JOIN hr_version version ON version.id = employee.current_version_id
              JOIN hr_version_office_role_rel holds ON holds.version_id = version.id
              JOIN office_role role ON role.id = holds.role_id AND role.active
              JOIN office_role_skill requirement ON requirement.role_id = role.id
              JOIN hr_skill_level required ON required.id = requirement.skill_level_id
         LEFT JOIN (%(held)s) held
                ON held.employee_id = employee.id
               AND held.skill_id = requirement.skill_id
             WHERE employee.active
            """,
            held=self._get_held_query(),
        )

    @api.model
    def _get_held_query(self):
        """Return the query of the highest level of each skill that is valid today."""
        return SQL(
            """
            SELECT skill.employee_id,
                   skill.skill_id,
                   MAX(level.level_progress) AS level_progress
              FROM hr_employee_skill skill
              JOIN hr_skill_level level ON level.id = skill.skill_level_id
             WHERE (skill.valid_from IS NULL OR skill.valid_from <= %(today)s)
               AND (skill.valid_to IS NULL OR skill.valid_to >= %(today)s)
          GROUP BY skill.employee_id, skill.skill_id
            """,
            today=fields.Date.context_today(self),
        )
