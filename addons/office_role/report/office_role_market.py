from odoo import fields, models
from odoo.tools import SQL

from .office_role_gap import READ

# The level of one person is no market, and that of two tells each about the other.
ENOUGH = 3


class OfficeRoleMarket(models.Model):
    """Requirement × company: what the role asks for beside what its holders can do.

    The median counts everybody who holds the role today, also those without the skill,
    at level 0. It is shown from three holders on.
    """

    _name = "office.role.market"
    _description = "Requirement beside the Holders of the Role"
    _auto = False
    _order = "role_id, company_id, must_have desc, weight desc, requirement_id"
    _rec_name = "skill_id"

    role_id = fields.Many2one("office.role", readonly=True)
    requirement_id = fields.Many2one("office.role.skill", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    side = fields.Selection(
        [("front", "Front office"), ("back", "Back office")], readonly=True
    )
    skill_type_id = fields.Many2one("hr.skill.type", readonly=True)
    skill_id = fields.Many2one("hr.skill", readonly=True)
    required_level_id = fields.Many2one(
        "hr.skill.level", string="Required level", readonly=True
    )
    required_progress = fields.Integer(
        string="Required (%)", readonly=True, aggregator="avg"
    )
    must_have = fields.Boolean(readonly=True)
    weight = fields.Integer(readonly=True, aggregator="avg")
    holders = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Employees of the company who hold the role today.",
    )
    at_level = fields.Integer(
        string="At the level",
        readonly=True,
        aggregator="avg",
        help="How many of the holders have the required level today. Shown from three "
        "holders on.",
    )
    has_median = fields.Boolean(
        string="Enough holders",
        readonly=True,
        help="Ticked from three holders on: the level of fewer is no median.",
    )
    median_progress = fields.Float(
        string="Median (%)", readonly=True, digits=(5, 1), aggregator="avg"
    )
    median_level_id = fields.Many2one(
        "hr.skill.level",
        string="Median level",
        readonly=True,
        help="The highest level that the median reaches; empty if it reaches none.",
    )
    difference = fields.Float(
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        help="Median less required. Below 0: the role asks for more than most holders "
        "can do. Above 0: it asks for less.",
    )

    _depends = {
        **READ,
        "hr.employee": ["active", "company_id", "current_version_id"],
        "hr.version": ["office_role_ids"],
        "hr.skill.level": ["level_progress", "skill_type_id"],
    }

    # A requirement and a company make a row, as in office.role.gap.
    @property
    def _table_query(self):
        return SQL(
            """
            SELECT market.*,
                   market.median_progress - market.required_progress AS difference,
                   reached.id AS median_level_id
              FROM (%(market)s) market
         LEFT JOIN LATERAL (
                   SELECT level.id
                     FROM hr_skill_level level
                    WHERE level.skill_type_id = market.skill_type_id
                      AND level.level_progress <= market.median_progress
                 ORDER BY level.level_progress DESC, level.id
                    LIMIT 1
                   ) reached ON TRUE
            """,
            market=self._get_market_query(),
        )

    def _get_market_query(self):
        """Return the query of the medians, from enough holders on."""
        return SQL(
            """
            SELECT (requirement.id::bigint << 31) + employee.company_id AS id,
                   role.id AS role_id,
                   role.side,
                   requirement.id AS requirement_id,
                   employee.company_id,
                   requirement.skill_type_id,
                   requirement.skill_id,
                   requirement.skill_level_id AS required_level_id,
                   requirement.must_have,
                   requirement.weight,
                   required.level_progress AS required_progress,
                   COUNT(*) AS holders,
                   COUNT(*) >= %(enough)s AS has_median,
                   CASE WHEN COUNT(*) >= %(enough)s
                        THEN COUNT(*) FILTER (
                             WHERE COALESCE(held.level_progress, 0)
                                   >= required.level_progress)
                        END AS at_level,
                   CASE WHEN COUNT(*) >= %(enough)s
                        THEN percentile_cont(0.5) WITHIN GROUP (
                             ORDER BY COALESCE(held.level_progress, 0))
                        END AS median_progress
              FROM hr_employee employee
              JOIN hr_version_office_role_rel holds
                ON holds.version_id = employee.current_version_id
              JOIN office_role role ON role.id = holds.role_id AND role.active
              JOIN office_role_skill requirement ON requirement.role_id = role.id
              JOIN hr_skill_level required ON required.id = requirement.skill_level_id
         LEFT JOIN (%(held)s) held
                ON held.employee_id = employee.id
               AND held.skill_id = requirement.skill_id
             WHERE employee.active
          GROUP BY role.id, requirement.id, required.id, employee.company_id
            """,
            enough=ENOUGH,
            held=self.env["office.role.gap"]._get_held_query(),
        )
