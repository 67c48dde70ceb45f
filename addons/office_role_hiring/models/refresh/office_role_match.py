from odoo import api, fields, models
from odoo.tools import SQL

PENDING = "office.role.match.pending"

# What is read of whom: skills with their levels and dates, the degree, and where the
# person belongs. Never a name, an age, a sex, a nationality or a photo.
READ = {
    "hr.applicant": [
        "active",
        "company_id",
        "department_id",
        "job_id",
        "office_every_role",
        "office_in_pool",
        "office_role_version_id",
        "type_id",
    ],
    "hr.applicant.skill": [
        "applicant_id",
        "skill_id",
        "skill_level_id",
        "valid_from",
        "valid_to",
    ],
    "hr.employee": ["active", "company_id", "current_version_id"],
    "hr.employee.skill": [
        "employee_id",
        "skill_id",
        "skill_level_id",
        "valid_from",
        "valid_to",
    ],
    "hr.job": ["company_id", "expected_degree", "office_role_id"],
    "hr.recruitment.degree": ["score"],
    "hr.skill.level": ["level_progress"],
    "hr.version": ["department_id", "job_id", "office_role_ids"],
    "office.role": ["active", "company_id", "score_every_applicant"],
    "office.role.skill": [
        "role_id",
        "skill_id",
        "skill_level_id",
        "must_have",
        "weight",
    ],
    "office.role.version": ["role_id"],
    "office.role.version.skill": [
        "version_id",
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

# what a row says, beside whose it is and of which role
COLUMNS = (
    "kind",
    "for_job",
    "version_id",
    "job_id",
    "department_id",
    "company_id",
    "has_score",
    "score",
    "fit",
    "must_haves_missed",
    "shortfall",
    "skills_held",
    "skills_required",
    "degree_fit",
)

# persons, as a condition on `person` (an applicant or an employee), of what is queued
CONDITIONS = {
    "applicant": {
        "applicants": "person.id = ANY(%s)",
        "jobs": "person.job_id = ANY(%s)",
        "degrees": "person.type_id = ANY(%s)",
        "job_degrees": "person.job_id IN "
        "(SELECT id FROM hr_job WHERE expected_degree = ANY(%s))",
    },
    "employee": {
        "employees": "person.id = ANY(%s)",
        "jobs": "person.current_version_id IN "
        "(SELECT id FROM hr_version WHERE job_id = ANY(%s))",
    },
}

# persons × roles that one statement scores when it is about everybody
BATCH = 200_000


class OfficeRoleMatch(models.Model):
    """Bringing the matches up to date.

    There is a row for

    - an applicant and the role of the job, while the role is not archived;
    - an applicant, not archived, and each role of the company, where the applicant is
      in a talent pool, was asked to be scored against every role, or where the role
      asked for every applicant;
    - an employee, not archived, and each role of the company.
    """

    _inherit = "office.role.match"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _queue(self, kind, ids):
        """Have matches refreshed before the transaction is committed, once for all.

        :param kind: what ``ids`` are of: ``applicants``, ``employees``, ``jobs``,
            ``degrees`` or ``roles``; or ``all``, for which any ids will do
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
        """Refresh what was queued in this transaction.

        At most four statements, unless it is about some thousand people by name.
        """
        # first: computing what is still to be computed may queue more
        self._flush_read()
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        if "all" in pending:
            self._refresh_all()
            return
        if "degrees" in pending:
            pending["job_degrees"] = pending["degrees"]
        roles = pending.pop("roles", None)
        for person, conditions in CONDITIONS.items():
            self._refresh_many(person, pending)
            scopes = [
                SQL(conditions[kind], list(ids))
                for kind, ids in pending.items()
                if kind in conditions
            ]
            if scopes:
                self._refresh(person, SQL("(%s)", SQL(" OR ").join(scopes)))
            if roles:
                self._refresh(person, self._get_role_scope(person, roles), roles)

    @api.model
    def _refresh_many(self, person, pending):
        """Refresh batch by batch while more people are queued than make a batch."""
        ids = list(pending.get(f"{person}s", ()))
        # hardly ever more: then it is not even asked how many roles there are
        if len(ids) * 100 <= BATCH:
            return
        size = self._get_batch_size()
        while len(ids) > size:
            self._refresh(person, SQL("person.id = ANY(%s)", ids[:size]))
            ids = ids[size:]
            pending[f"{person}s"] = ids

    @api.model
    def _get_role_scope(self, person, role_ids):
        """Return the condition on those who may have a row for one of the roles."""
        if person == "employee":
            return SQL("TRUE")
        return SQL(
            """
            (person.office_in_pool OR person.office_every_role
             OR person.job_id IN (
                SELECT id FROM hr_job WHERE office_role_id = ANY(%(ids)s))
             OR EXISTS (
                SELECT FROM office_role
                 WHERE id = ANY(%(ids)s) AND score_every_applicant))
            """,
            ids=list(role_ids),
        )

    @api.model
    def _refresh_all(self):
        """Refresh every match, some thousand people at a time."""
        for person, scope in self._get_batches():
            self._refresh(person, scope)

    @api.model
    def _cron_refresh_all(self):
        """Refresh every match: skills begin and end by date. Commits each batch."""
        batches = self._get_batches()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(batches))
        for person, scope in batches:
            self._refresh(person, scope)
            # a batch is repeated without harm, so that no time limit is kept here
            cron._commit_progress(1)

    @api.model
    def _get_batches(self):
        """Return everybody as ``(person, scope)``, cut so that a statement stays small.

        What a statement needs of the database grows with persons × roles.
        """
        size = self._get_batch_size()
        batches = []
        for person in CONDITIONS:
            query = SQL("SELECT id FROM %s ORDER BY id", SQL.identifier(f"hr_{person}"))
            ids = [row[0] for row in self.env.execute_query(query)]
            # a list of ids: how many it means is known to the planner, also where the
            # table has just been filled
            batches += [
                (person, SQL("person.id = ANY(%s)", ids[first : first + size]))
                for first in range(0, len(ids), size)
            ]
        return batches

    @api.model
    def _get_batch_size(self):
        """Return how many people one statement scores against every role."""
        # sudo: nothing is learnt but how many roles there are, in all companies
        roles = self.env["office.role"].sudo().with_context(active_test=False)
        return max(BATCH // max(roles.search_count([]), 1), 1)

    @api.model
    def _refresh(self, person, scope, role_ids=None):
        """Score the people of ``scope`` in one statement.

        :param person: ``applicant`` or ``employee``
        :param scope: SQL condition on ``person``, a row of ``hr_applicant`` or
            ``hr_employee``
        :param role_ids: score against these roles only; by default against each that
            the person is to be scored against
        """
        self._flush_read()
        self.env.cr.execute(self._get_refresh_statement(person, scope, role_ids))
        self.invalidate_model()
        self.env["office.role.match.line"].invalidate_model()
        applicants = self.env["hr.applicant"]
        applicants.invalidate_model(applicants._get_office_match_fields())

    @api.model
    def _flush_read(self):
        """Write to the database what the statement reads there."""
        for model, names in READ.items():
            self.env[model].flush_model(names)

    # --- the statement ----------------------------------------------------------------

    @api.model
    def _get_refresh_statement(self, person, scope, role_ids=None):
        """Return the statement that rescores: arguments as for :meth:`_refresh`.

        Rows that stay as they are are not written, so that nobody waits for them, and
        no number of the sequence is used up for them.
        """
        names = {
            "person_id": SQL.identifier(f"{person}_id"),
            "columns": SQL(", ").join(map(SQL.identifier, COLUMNS)),
            "new": self._get_columns("score"),
            "excluded": self._get_columns("excluded"),
            "old": self._get_columns("match"),
        }
        return SQL(
            """
            WITH %(queries)s,
            gone AS (
                DELETE FROM office_role_match match
                 WHERE %(gone)s
                   AND NOT EXISTS (
                       SELECT FROM pair
                        WHERE pair.person_id = match.%(person_id)s
                          AND pair.role_id = match.role_id)
            ),
            changed AS (
                INSERT INTO office_role_match AS match
                       (%(person_id)s, role_id, %(columns)s)
                SELECT score.person_id, score.role_id, %(new)s
                  FROM score
             LEFT JOIN office_role_match match
                    ON match.%(person_id)s = score.person_id
                   AND match.role_id = score.role_id
                 WHERE match.id IS NULL OR (%(old)s) IS DISTINCT FROM (%(new)s)
           ON CONFLICT (%(person_id)s, role_id) WHERE %(person_id)s IS NOT NULL
             DO UPDATE SET (%(columns)s) = (%(excluded)s)
             RETURNING match.id, match.%(person_id)s AS person_id, match.for_job
            )
            %(end)s
            """,
            queries=self._get_score_queries(person, scope, role_ids),
            gone=(
                SQL(
                    "match.role_id = ANY(%s) AND match.%s IS NOT NULL",
                    list(role_ids),
                    names["person_id"],
                )
                if role_ids
                else SQL("match.%s IN (SELECT id FROM person)", names["person_id"])
            ),
            end=self._get_pointer_statement(person),
            **names,
        )

    @api.model
    def _get_columns(self, alias):
        """Return what a row says, of a table that is called ``alias``."""
        return SQL(", ").join(SQL.identifier(alias, name) for name in COLUMNS)

    @api.model
    def _get_pointer_statement(self, person):
        """Return what follows a change: the application points at its job's match."""
        if person == "employee":
            return SQL("SELECT COUNT(*) FROM changed")
        return SQL(
            """
            UPDATE hr_applicant applicant
               SET office_role_match_id = pointer.id
              FROM (
                   SELECT person_id,
                          MAX(id) FILTER (WHERE for_job) AS id,
                          ARRAY_AGG(id) AS ids
                     FROM changed
                 GROUP BY person_id
                   ) pointer
             WHERE applicant.id = pointer.person_id
               AND applicant.office_role_match_id IS DISTINCT FROM pointer.id
               -- without a match of its job, it may point at one that is none any more
               AND (pointer.id IS NOT NULL
                    OR applicant.office_role_match_id = ANY(pointer.ids))
            """
        )

    @api.model
    def _get_score_queries(self, person, scope, role_ids):
        """Return the WITH queries ``person``, ``pair`` … ``score``."""
        roles = SQL("role.id = ANY(%s)", list(role_ids)) if role_ids else SQL("TRUE")
        if person == "applicant":
            people, pairs = self._get_applicant_query, self._get_applicant_pair_query
        else:
            people, pairs = self._get_employee_query, self._get_employee_pair_query
        return SQL(
            """
            person AS MATERIALIZED (%(people)s),
            pair AS MATERIALIZED (%(pairs)s),
            requirement AS MATERIALIZED (%(requirements)s),
            base AS (%(base)s),
            held AS MATERIALIZED (%(held)s),
            earned AS (%(earned)s),
            score AS (%(score)s)
            """,
            people=people(scope),
            pairs=pairs(roles),
            requirements=self._get_requirement_query(roles),
            base=self._get_base_query(),
            held=self._get_held_query(person),
            earned=self._get_earned_query(),
            score=self._get_score_query(),
        )

    @api.model
    def _get_applicant_query(self, scope):
        """Return the query of the applicants, and what decides on their roles."""
        return SQL(
            """
            SELECT person.id,
                   CASE WHEN person.office_in_pool THEN 'talent' ELSE 'applicant' END
                       AS kind,
                   job.id AS job_id,
                   job.office_role_id AS role_id,
                   person.department_id,
                   COALESCE(person.company_id, job.company_id) AS company_id,
                   person.active,
                   person.active
                       AND (person.office_in_pool OR person.office_every_role)
                       IS TRUE AS every_role,
                   version.id AS version_id,
                   version.role_id AS version_role_id,
                   CASE WHEN asked.id IS NULL THEN 'none'
                        WHEN own.score >= asked.score THEN 'met'
                        ELSE 'missed' END AS degree_fit
              FROM hr_applicant person
         LEFT JOIN hr_job job ON job.id = person.job_id
         LEFT JOIN hr_recruitment_degree asked ON asked.id = job.expected_degree
         LEFT JOIN hr_recruitment_degree own ON own.id = person.type_id
         LEFT JOIN office_role_version version
                ON version.id = person.office_role_version_id
             WHERE %s
            """,
            scope,
        )

    @api.model
    def _get_applicant_pair_query(self, roles):
        """Return the query of applicants × roles: of the job, and on demand."""
        return SQL(
            """
            SELECT pair.*,
                   CASE WHEN version_role_id = role_id THEN version_id END
                       AS pinned_id,
                   CASE WHEN for_job THEN degree_fit ELSE 'none' END AS degree
              FROM (
            SELECT person.id AS person_id, kind, job_id, department_id,
                   person.company_id, version_id, version_role_id, degree_fit,
                   every_role, role.id AS role_id, TRUE AS for_job
              FROM person
              JOIN office_role role ON role.id = person.role_id
             WHERE role.active AND %(roles)s
         UNION ALL
            SELECT person.id, kind, job_id, department_id,
                   person.company_id, version_id, version_role_id, degree_fit,
                   every_role, role.id, FALSE
              FROM person
              JOIN office_role role ON %(in_company)s
             WHERE person.every_role
               AND role.active AND %(roles)s
         UNION ALL
            SELECT person.id, kind, job_id, department_id,
                   person.company_id, version_id, version_role_id, degree_fit,
                   every_role, role.id, FALSE
              FROM office_role role
              JOIN person ON %(in_company)s
             WHERE role.score_every_applicant
               AND role.active AND %(roles)s
               AND person.active AND NOT person.every_role
                   ) pair
            """,
            roles=roles,
            in_company=SQL(
                """
                role.id IS DISTINCT FROM person.role_id
                AND (role.company_id IS NULL OR role.company_id = person.company_id)
                """
            ),
        )

    @api.model
    def _get_employee_query(self, scope):
        """Return the query of the employees who are not archived."""
        return SQL(
            """
            SELECT person.id,
                   person.active AS every_role,
                   person.company_id,
                   version.id AS held_version_id,
                   version.job_id,
                   version.department_id
              FROM hr_employee person
         LEFT JOIN hr_version version ON version.id = person.current_version_id
             WHERE %s
            """,
            scope,
        )

    @api.model
    def _get_employee_pair_query(self, roles):
        """Return the query of employees × the roles of their company."""
        return SQL(
            """
            SELECT person.id AS person_id,
                   'employee' AS kind,
                   person.job_id,
                   person.department_id,
                   person.company_id,
                   person.every_role,
                   role.id AS role_id,
                   holds.role_id IS NOT NULL AS for_job,
                   NULL::integer AS pinned_id,
                   'none' AS degree
              FROM person
              JOIN office_role role
                ON role.company_id IS NULL OR role.company_id = person.company_id
         LEFT JOIN hr_version_office_role_rel holds
                ON holds.version_id = person.held_version_id
               AND holds.role_id = role.id
             WHERE person.every_role AND role.active AND %s
            """,
            roles,
        )

    @api.model
    def _get_requirement_query(self, roles):
        """Return the query of what roles ask for, now (version 0) and earlier."""
        return SQL(
            """
            SELECT role.id AS role_id,
                   line.version_id,
                   line.skill_id,
                   line.weight,
                   line.must_have IS TRUE AS must_have,
                   required.level_progress
              FROM office_role role
              JOIN (
                   SELECT role_id, 0 AS version_id, skill_id, skill_level_id, weight,
                          must_have
                     FROM office_role_skill
                UNION ALL
                   SELECT version.role_id, version.id, skill_id, skill_level_id, weight,
                          must_have
                     FROM office_role_version_skill
                     JOIN office_role_version version ON version.id = version_id
                    WHERE version.id IN (SELECT pinned_id FROM pair)
                   ) line
                ON line.role_id = role.id
              JOIN hr_skill_level required ON required.id = line.skill_level_id
             WHERE role.active AND %s
            """,
            roles,
        )

    @api.model
    def _get_base_query(self):
        """Return the query of the sums of a role, as of somebody without a skill."""
        return SQL(
            """
            SELECT role_id,
                   version_id,
                   SUM(weight) AS weight,
                   COALESCE(SUM(weight) FILTER (WHERE level_progress <= 0), 0)
                       AS earned,
                   COUNT(*) FILTER (WHERE must_have AND level_progress > 0)
                       AS must_haves,
                   SUM(GREATEST(level_progress, 0)) AS shortfall,
                   COUNT(*) AS skills
              FROM requirement
          GROUP BY role_id, version_id
            """
        )

    @api.model
    def _get_held_query(self, person):
        """Return the query of the highest level of each skill that is valid today."""
        return SQL(
            """
            SELECT person.id AS person_id,
                   person.every_role,
                   skill.skill_id,
                   MAX(level.level_progress) AS level_progress
              FROM person
              JOIN %(skill)s skill ON skill.%(person_id)s = person.id
              JOIN hr_skill_level level ON level.id = skill.skill_level_id
             WHERE (skill.valid_from IS NULL OR skill.valid_from <= %(today)s)
               AND (skill.valid_to IS NULL OR skill.valid_to >= %(today)s)
          GROUP BY person.id, person.every_role, skill.skill_id
            """,
            person_id=SQL.identifier(f"{person}_id"),
            skill=SQL.identifier(f"hr_{person}_skill"),
            # the day of Odoo's own validity dates, the same for everybody
            today=fields.Date.today(),
        )

    @api.model
    def _get_earned_query(self):
        """Return the query of what the skills that somebody holds add.

        Of who is scored against every role, each skill that is held meets each
        requirement for it: far fewer rows than persons × requirements. Of the others,
        the requirements of their few roles meet the skills.
        """
        return SQL(
            """
            SELECT person_id, role_id, version_id, %(sums)s
              FROM (
                   SELECT pair.person_id,
                          pair.role_id,
                          requirement.version_id,
                          requirement.weight,
                          requirement.must_have,
                          requirement.level_progress AS required,
                          held.level_progress AS held
                     FROM pair
                     JOIN requirement
                       ON requirement.role_id = pair.role_id
                      AND requirement.version_id = COALESCE(pair.pinned_id, 0)
                     JOIN held
                       ON held.person_id = pair.person_id
                      AND held.skill_id = requirement.skill_id
                    WHERE NOT pair.every_role
                   ) line
          GROUP BY person_id, role_id, version_id
         UNION ALL
            SELECT person_id, role_id, version_id, %(sums)s
              FROM (
                   SELECT held.person_id,
                          requirement.role_id,
                          requirement.version_id,
                          requirement.weight,
                          requirement.must_have,
                          requirement.level_progress AS required,
                          held.level_progress AS held
                     FROM held
                     JOIN requirement ON requirement.skill_id = held.skill_id
                    WHERE held.every_role
                   ) line
          GROUP BY person_id, role_id, version_id
            """,
            sums=SQL(
                """
                SUM(weight * LEAST(held::numeric / required, 1))
                    FILTER (WHERE required > 0) AS earned,
                COUNT(*) FILTER (
                    WHERE must_have AND required > 0 AND held >= required
                ) AS must_haves,
                SUM(LEAST(held, required)) FILTER (WHERE required > 0) AS shortfall,
                COUNT(*) FILTER (WHERE held >= required) AS skills
                """
            ),
        )

    @api.model
    def _get_score_query(self):
        """Return the query of the rows as they should be."""
        return SQL(
            """
            SELECT total.*,
                   total.score IS NOT NULL AS has_score,
                   CASE WHEN total.score IS NULL THEN 'none'
                        WHEN total.must_haves_missed > 0 THEN 'missed'
                        WHEN total.shortfall > 0 THEN 'partial'
                        ELSE 'full' END AS fit
              FROM (
            SELECT pair.person_id,
                   pair.role_id,
                   pair.kind,
                   pair.for_job,
                   pair.pinned_id AS version_id,
                   pair.job_id,
                   pair.department_id,
                   pair.company_id,
                   pair.degree AS degree_fit,
                   ROUND(100 * (base.earned + COALESCE(earned.earned, 0))
                         / NULLIF(base.weight, 0), 2) AS score,
                   COALESCE(base.must_haves - COALESCE(earned.must_haves, 0), 0)
                       AS must_haves_missed,
                   COALESCE(base.shortfall - COALESCE(earned.shortfall, 0), 0)
                       AS shortfall,
                   COALESCE(earned.skills, 0) AS skills_held,
                   COALESCE(base.skills, 0) AS skills_required
              FROM pair
         LEFT JOIN base
                ON base.role_id = pair.role_id
               AND base.version_id = COALESCE(pair.pinned_id, 0)
         LEFT JOIN earned
                ON earned.person_id = pair.person_id
               AND earned.role_id = pair.role_id
               AND earned.version_id = COALESCE(pair.pinned_id, 0)
                   ) total
            """
        )
