from odoo import api, fields, models
from odoo.tools import SQL

PENDING = "office.role.match.pending"

# What is read of whom: skills with their levels and dates, and where the application
# belongs. Never a name, an age, a sex, a nationality or a photo.
READ = {
    "hr.applicant": ["job_id", "company_id"],
    "hr.applicant.skill": [
        "applicant_id",
        "skill_id",
        "skill_level_id",
        "valid_from",
        "valid_to",
    ],
    "hr.job": ["office_role_id", "company_id"],
    "hr.skill.level": ["level_progress"],
    "office.role": ["active"],
    "office.role.skill": [
        "role_id",
        "skill_id",
        "skill_level_id",
        "must_have",
        "weight",
    ],
}

# of `requirement`, `required` and `held`; the same as match_score.Requirement.share
SHARE = SQL("""
    CASE WHEN required.level_progress > 0
         THEN LEAST(COALESCE(held.level_progress, 0)::numeric
                    / required.level_progress, 1)
         ELSE 1 END
""")


class OfficeRoleMatch(models.Model):
    """How well an applicant's skills match the role of the job applied for.

    The rows are written by one statement (:meth:`_refresh`) and by nothing else. The
    arithmetic, with examples, is in ``match_score.py``.
    """

    _name = "office.role.match"
    _description = "Match with a Role"
    _order = "score desc, must_haves_missed, shortfall, id"
    _rec_name = "applicant_id"
    _check_company_auto = True
    _log_access = False

    applicant_id = fields.Many2one(
        "hr.applicant", required=True, readonly=True, ondelete="cascade"
    )
    job_id = fields.Many2one(
        "hr.job", required=True, readonly=True, index=True, ondelete="cascade"
    )
    role_id = fields.Many2one(
        "office.role", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    stage_id = fields.Many2one(related="applicant_id.stage_id")
    has_score = fields.Boolean(
        readonly=True, help="Not ticked if the role asks for no skills."
    )
    score = fields.Float(
        readonly=True,
        index=True,
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

    _applicant_unique = models.UniqueIndex(
        "(applicant_id)", "An applicant is scored once, against the role of the job."
    )

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Who has no score comes last, in both directions."""
        if field_name == "score" and not nulls.code:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # --- bringing up to date ----------------------------------------------------------

    @api.model
    def _queue(self, kind, ids):
        """Have matches refreshed before the transaction is committed, once for all.

        :param kind: what ``ids`` are of: ``applicants``, ``jobs`` or ``roles``; or
            ``all``, for which any ids will do
        """
        if not ids:
            return
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self.browse()._refresh_pending)
        precommit.data[PENDING].setdefault(kind, set()).update(ids)

    @api.model
    def _refresh_pending(self):
        """Refresh what was queued in this transaction."""
        # first: computing what is still to be computed may queue more
        self._flush_read()
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        if "all" in pending:
            return self._refresh_all()
        conditions = {
            "applicants": "applicant.id = ANY(%s)",
            "jobs": "applicant.job_id = ANY(%s)",
            "roles": "applicant.job_id IN "
            "(SELECT id FROM hr_job WHERE office_role_id = ANY(%s))",
        }
        scopes = [SQL(conditions[kind], list(ids)) for kind, ids in pending.items()]
        return self._refresh(SQL("(%s)", SQL(" OR ").join(scopes)))

    @api.model
    def _refresh_all(self):
        """Refresh every match. Also called by a cron: skills begin and end by date."""
        self._refresh(SQL("TRUE"))

    @api.model
    def _refresh(self, scope):
        """Score the applicants of ``scope`` in one statement.

        :param scope: SQL condition on ``applicant``, a row of ``hr_applicant``
        """
        self._flush_read()
        self.env.execute_query(
            SQL("%s RETURNING applicant.id", self._get_refresh_statement(scope))
        )
        self.invalidate_model()
        self.env["office.role.match.line"].invalidate_model()
        applicants = self.env["hr.applicant"]
        applicants.invalidate_model(applicants._get_office_match_fields())

    @api.model
    def _flush_read(self):
        """Write to the database what the statement reads there."""
        for model, names in READ.items():
            self.env[model].flush_model(names)

    @api.model
    def _get_refresh_statement(self, scope):
        """Return the statement that rescores, without its ``RETURNING``.

        Rows that stay as they are are not written, so that nobody waits for them.
        """
        columns = (
            "job_id, role_id, company_id, has_score, score, fit, must_haves_missed, "
            "shortfall, skills_held, skills_required"
        )
        return SQL(
            """
            WITH score AS (%(score)s),
            gone AS (
                DELETE FROM office_role_match match
                 USING hr_applicant applicant
                 WHERE applicant.id = match.applicant_id
                   AND %(scope)s
                   AND NOT EXISTS (
                       SELECT FROM score WHERE score.applicant_id = applicant.id)
            ),
            changed AS (
                INSERT INTO office_role_match AS match (applicant_id, %(columns)s)
                SELECT applicant_id, %(columns)s FROM score
                ON CONFLICT (applicant_id) DO UPDATE SET (%(columns)s) = (%(new)s)
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
             RETURNING match.id, match.applicant_id
            )
            UPDATE hr_applicant applicant
               SET office_role_match_id = changed.id
              FROM changed
             WHERE applicant.id = changed.applicant_id
               AND applicant.office_role_match_id IS DISTINCT FROM changed.id
            """,
            score=self._get_score_query(scope),
            scope=scope,
            columns=SQL(columns),
            new=SQL("excluded." + columns.replace(", ", ", excluded.")),
            old=SQL("match." + columns.replace(", ", ", match.")),
        )

    @api.model
    def _get_score_query(self, scope):
        """Return the query of the scores as they should be."""
        return SQL(
            """
            SELECT total.*,
                   total.score IS NOT NULL AS has_score,
                   CASE WHEN total.score IS NULL THEN 'none'
                        WHEN total.must_haves_missed > 0 THEN 'missed'
                        WHEN total.shortfall > 0 THEN 'partial'
                        ELSE 'full' END AS fit
              FROM (
            SELECT applicant.id AS applicant_id,
                   job.id AS job_id,
                   role.id AS role_id,
                   COALESCE(applicant.company_id, job.company_id) AS company_id,
                   ROUND(100 * SUM(requirement.weight * %(share)s)
                         / NULLIF(SUM(requirement.weight), 0), 2) AS score,
                   COUNT(*) FILTER (
                       WHERE requirement.must_have
                         AND required.level_progress > COALESCE(held.level_progress, 0)
                   ) AS must_haves_missed,
                   COALESCE(SUM(GREATEST(
                       required.level_progress - COALESCE(held.level_progress, 0), 0
                   )), 0) AS shortfall,
                   COUNT(*) FILTER (
                       WHERE held.level_progress >= required.level_progress
                   ) AS skills_held,
                   COUNT(requirement.id) AS skills_required
              FROM hr_applicant applicant
              JOIN hr_job job ON job.id = applicant.job_id
              JOIN office_role role ON role.id = job.office_role_id AND role.active
         LEFT JOIN office_role_skill requirement ON requirement.role_id = role.id
         LEFT JOIN hr_skill_level required ON required.id = requirement.skill_level_id
         LEFT JOIN (
                   %(held)s
                   ) held
                ON held.applicant_id = applicant.id
               AND held.skill_id = requirement.skill_id
             WHERE %(scope)s
          GROUP BY applicant.id, job.id, role.id
                   ) total
            """,
            share=SHARE,
            scope=scope,
            held=self._get_held_query(scope),
        )

    @api.model
    def _get_held_query(self, scope):
        """Return the query of the highest level of each skill that is valid today."""
        return SQL(
            """
            SELECT skill.applicant_id,
                   skill.skill_id,
                   MAX(level.level_progress) AS level_progress
              FROM hr_applicant_skill skill
              JOIN hr_skill_level level ON level.id = skill.skill_level_id
              JOIN hr_applicant applicant ON applicant.id = skill.applicant_id
             WHERE %(scope)s
               AND (skill.valid_from IS NULL OR skill.valid_from <= %(today)s)
               AND (skill.valid_to IS NULL OR skill.valid_to >= %(today)s)
          GROUP BY skill.applicant_id, skill.skill_id
            """,
            scope=scope,
            # the day of Odoo's own validity dates, the same for everybody
            today=fields.Date.today(),
        )

    def action_open_applicant(self):
        """Open the application, on which the Match tab says why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.applicant",
            "res_id": self.applicant_id.id,
            "view_mode": "form",
        }
