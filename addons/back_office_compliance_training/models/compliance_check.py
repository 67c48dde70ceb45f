from odoo import fields, models
from odoo.tools import SQL

METHODS = [("training_certificate", "Roles held without a current certificate")]


class ComplianceCheck(models.Model):
    """Checks of training: who may not do yet what their role is."""

    _inherit = "compliance.check"

    method = fields.Selection(
        selection_add=METHODS, ondelete=dict.fromkeys(dict(METHODS), "cascade")
    )

    def _check_training_certificate(self, company, parameters, scope):
        """Name employees and programmes of their roles without a current certificate.

        Who has begun to hold a role is given some days. The role counts from the first
        version since when the employee has held it without a gap. The finding belongs
        to the day on which the last certificate expired, if there was one.
        """
        return SQL(
            """
            WITH asked AS (%(asked)s)
            SELECT asked.employee AS res_id,
                   asked.programme::text AS key,
                   ended.day AS date,
                   jsonb_build_object('programme', asked.name,
                                      'expired_on', ended.day) AS values
              FROM asked
         LEFT JOIN LATERAL (
                       SELECT MAX(expires_on) AS day
                         FROM training_certificate
                        WHERE employee_id = asked.employee
                          AND programme_id = asked.programme
                          AND state != 'revoked'
                   ) ended ON TRUE
             WHERE asked.since < %(late)s
               AND NOT EXISTS (
                       SELECT
                         FROM training_certificate current
                        WHERE current.employee_id = asked.employee
                          AND current.programme_id = asked.programme
                          AND current.state != 'revoked'
                          AND current.issued_on <= %(today)s
                          AND (current.expires_on IS NULL
                               OR current.expires_on >= %(today)s)
                   )
            """,
            asked=self._get_asked_sql(company),
            today=fields.Date.context_today(self),
            late=self._get_limit({"days": -parameters.get("days", 30)}),
        )

    def _get_asked_sql(self, company):
        """Return which programmes the roles of each employee ask for, and since when.

        Programmes that are published and give a certificate; once, however many roles
        ask for one.
        """
        return SQL(
            """
            SELECT staff.employee, programme.id AS programme,
                   MIN(programme.name ->> 'en_US') AS name,
                   MIN(held.since) AS since
              FROM (%(staff)s) staff
              JOIN hr_version_office_role_rel holds ON holds.version_id = staff.id
              JOIN office_role role ON role.id = holds.role_id AND role.active
              JOIN %(relation)s asks ON asks.office_role_id = role.id
              JOIN training_programme programme
                ON programme.id = asks.training_programme_id
               AND programme.active
               AND programme.state = 'published'
               AND programme.issues_certificate
               AND (programme.company_id IS NULL OR programme.company_id = %(company)s)
        CROSS JOIN LATERAL (
                       SELECT MIN(version.date_version) AS since
                         FROM hr_version version
                        WHERE version.employee_id = staff.employee
                          AND version.active
                          AND version.date_version > COALESCE((
                                  SELECT MAX(without.date_version)
                                    FROM hr_version without
                                   WHERE without.employee_id = staff.employee
                                     AND without.active
                                     AND without.date_version <= staff.date_version
                                     AND NOT EXISTS (
                                             SELECT FROM hr_version_office_role_rel rel
                                              WHERE rel.version_id = without.id
                                                AND rel.role_id = role.id
                                         )
                              ), '-infinity')
                   ) held
             GROUP BY staff.employee, programme.id
            """,
            staff=self._get_staff_sql(company),
            relation=SQL.identifier(
                self.env["training.programme"]._fields["role_ids"].relation
            ),
            company=company.id,
        )
