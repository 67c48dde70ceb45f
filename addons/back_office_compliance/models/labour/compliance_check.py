from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

# who works on an employment contract, and who on an invoice
FREE = ("contractor", "freelance")
UNFILED = ("to_prepare", "review", "ready", "rejected")
METHODS = [
    ("labour_ending", "Contracts and trials that end without a decision"),
    ("labour_minimum_wage", "Wages below the minimum"),
    ("labour_right_to_work", "Right to work missing or expiring"),
    ("labour_new_hire", "New hires that were not reported"),
    ("labour_contractor", "Contractors who work like employees"),
    ("labour_document", "Documents of the role missing or expiring"),
]


class ComplianceCheck(models.Model):
    """Checks of employees and contracts.

    Each statement reads the staff of a company: the active employees, with the version
    that is in force today. The figures leave out wages, which only HR managers read.
    """

    _inherit = "compliance.check"  # pylint: disable=consider-merging-classes-inherited

    method = fields.Selection(
        selection_add=METHODS, ondelete=dict.fromkeys(dict(METHODS), "cascade")
    )

    def _get_staff_sql(self, company):
        """Return a SELECT of who works for the company today, and on which terms.

        :return: the columns of the version in force, and ``id``, ``parent_id`` and
            others of the employee as ``employee``
        :rtype: SQL
        """
        return SQL(
            """
            SELECT employee.id AS employee, employee.parent_id, version.*
              FROM hr_employee employee
              JOIN hr_version version
                ON version.employee_id = employee.id
               AND version.active
               AND version.date_version <= %(today)s
             WHERE employee.active
               AND employee.company_id = %(company)s
               AND (version.departure_date IS NULL
                    OR version.departure_date >= %(today)s)
               AND NOT EXISTS (
                       SELECT
                         FROM hr_version newer
                        WHERE newer.employee_id = version.employee_id
                          AND newer.active
                          AND newer.date_version <= %(today)s
                          AND newer.date_version > version.date_version
                   )
            """,
            today=fields.Date.context_today(self),
            company=company.id,
        )

    def _get_limit(self, parameters, name="days"):
        """Return today plus the days of a parameter."""
        today = fields.Date.context_today(self)
        return fields.Date.add(today, days=int(parameters.get(name, 0)))

    # --- contracts ----------------------------------------------------------------

    def _check_labour_ending(self, company, parameters, scope):
        """Name contracts and trials that end soon and nobody decided upon.

        A decision is a departure, a later contract (for a trial: a later version), or
        an activity that a person, not Odoo's own reminder, planned on the employee or
        the version for the last day at the latest.
        """
        return SQL(
            """
            WITH ending AS (
                SELECT staff.id, staff.employee, staff.date_version,
                       staff.departure_date, last.what, last.last_day
                  FROM (%(staff)s) staff
            CROSS JOIN LATERAL (VALUES
                           ('contract', staff.contract_date_end, %(contract)s),
                           ('trial', staff.trial_date_end, %(trial)s)
                       ) last (what, last_day, until)
                 WHERE last.last_day BETWEEN %(today)s AND last.until
                   -- of the version alone: few are left to be compared with others
                   AND (staff.contract_date_end BETWEEN %(today)s AND %(contract)s
                        OR staff.trial_date_end BETWEEN %(today)s AND %(trial)s)
            )
            SELECT employee AS res_id,
                   what AS key,
                   last_day AS date,
                   jsonb_build_object(
                       CASE what WHEN 'trial' THEN 'trial_date_end'
                                 ELSE 'contract_date_end' END,
                       last_day
                   ) AS values
              FROM ending
             WHERE departure_date IS NULL
               AND %(undecided)s
            """,
            staff=self._get_staff_sql(company),
            today=fields.Date.context_today(self),
            contract=self._get_limit(parameters, "days"),
            trial=self._get_limit(parameters, "trial_days"),
            undecided=self._get_undecided_sql(),
        )

    def _get_undecided_sql(self):
        """Return whether nothing follows what is ``ending``, and nobody planned to."""
        return SQL(
            """
                   NOT EXISTS (
                       SELECT
                         FROM hr_version later
                        WHERE later.employee_id = ending.employee
                          AND later.active
                          AND CASE what
                                  WHEN 'contract'
                                  THEN later.contract_date_start > last_day
                                  ELSE later.date_version > ending.date_version
                              END
                   )
               AND NOT EXISTS (
                       SELECT
                         FROM mail_activity activity
                        WHERE activity.active
                          AND activity.date_deadline <= last_day
                          AND activity.create_uid != %(root)s
                          AND ((activity.res_model = 'hr.employee'
                                AND activity.res_id = ending.employee)
                               OR (activity.res_model = 'hr.version'
                                   AND activity.res_id = ending.id))
                   )
            """,
            root=SUPERUSER_ID,
        )

    def _check_labour_contractor(self, company, parameters, scope):
        """Name contractors with enough signs of employment.

        The signs: a manager of ours, a schedule that fills most of the company's week,
        and an engagement that has lasted long. The parameter says how many it takes.
        """
        today = fields.Date.context_today(self)
        return SQL(
            """
            WITH staff AS (%(staff)s),
            signs AS (
                SELECT staff.employee,
                       staff.parent_id IS NOT NULL AS managed,
                       COALESCE(calendar.hours_per_week >= %(hours)s, FALSE) AS full,
                       engaged.since,
                       engaged.since <= %(long_ago)s AS long
                  FROM staff
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = staff.resource_calendar_id
            CROSS JOIN LATERAL (
                           SELECT MIN(date_version) AS since
                             FROM hr_version
                            WHERE employee_id = staff.employee
                              AND active
                              AND employee_type = ANY(%(free)s)
                       ) engaged
                 WHERE staff.employee_type = ANY(%(free)s)
            )
            SELECT employee AS res_id,
                   '' AS key,
                   NULL::date AS date,
                   jsonb_build_object('managed', managed, 'full_time', "full",
                                      'since', since) AS values
              FROM signs
             WHERE managed::int + "full"::int + long::int >= %(signs)s
            """,
            staff=self._get_staff_sql(company),
            free=list(FREE),
            hours=self._get_full_week(company) * parameters.get("share", 90) / 100,
            long_ago=fields.Date.subtract(
                today, months=int(parameters.get("months", 12))
            ),
            signs=int(parameters.get("signs", 3)),
        )

    def _get_full_week(self, company):
        """Return the hours of a full week of the company; 40 where it has none."""
        return company.resource_calendar_id.hours_per_week or 40

    # --- wages --------------------------------------------------------------------

    def _check_labour_minimum_wage(self, company, parameters, scope):
        """Name employees under contract whose hour pays less than the minimum.

        An hour pays the monthly wage × 12 ÷ 52 ÷ the weekly hours of the schedule.
        Without a schedule there is no hour to compare; another check names those.
        """
        return SQL(
            """
            WITH staff AS MATERIALIZED (
                SELECT employee, address_id, wage, resource_calendar_id
                  FROM (%(staff)s) terms
                 WHERE employee_type != ALL(%(free)s)
                   AND contract_date_start <= %(today)s
                   AND (contract_date_end IS NULL OR contract_date_end >= %(today)s)
            ),
            minimum AS (%(minimum)s)
            SELECT staff.employee AS res_id,
                   '' AS key,
                   NULL::date AS date,
                   jsonb_build_object('minimum', minimum.hourly,
                                      'jurisdiction', minimum.jurisdiction) AS values
              FROM staff
              JOIN resource_calendar calendar
                ON calendar.id = staff.resource_calendar_id
              JOIN minimum
                ON minimum.address = COALESCE(staff.address_id, 0)
             WHERE calendar.hours_per_week > 0
               AND ROUND(
                       COALESCE(staff.wage, 0)::numeric * 12 / 52
                       / calendar.hours_per_week::numeric, 2
                   ) < minimum.hourly
            """,
            staff=self._get_staff_sql(company),
            minimum=self._get_minimum_sql(company, parameters),
            free=list(FREE),
            today=fields.Date.context_today(self),
        )

    def _get_minimum_sql(self, company, parameters):
        """Return the minimum at each work address of ``staff``, 0 for none.

        A jurisdiction holds at an address when neither it nor one above it names
        another country, state or city. Of those with a minimum in the company's
        currency the narrowest counts, or the highest if the parameter says so.
        """
        return SQL(
            """
            SELECT DISTINCT ON (place.address)
                   place.address, rate.hourly::numeric AS hourly,
                   jurisdiction.complete_name AS jurisdiction
              FROM (%(places)s) place
              JOIN compliance_jurisdiction jurisdiction
                ON jurisdiction.active
               AND (jurisdiction.company_id IS NULL
                    OR jurisdiction.company_id = %(company)s)
               AND (jurisdiction.level != 'state' OR jurisdiction.state_id IS NOT NULL)
               AND (jurisdiction.level != 'local'
                    OR TRIM(jurisdiction.city) != '')
              JOIN (
                       SELECT DISTINCT ON (jurisdiction_id) jurisdiction_id, hourly
                         FROM compliance_minimum_wage
                        WHERE date_from <= %(today)s AND currency_id = %(currency)s
                        ORDER BY jurisdiction_id, date_from DESC
                   ) rate
                ON rate.jurisdiction_id = jurisdiction.id
             WHERE NOT EXISTS (
                       SELECT
                         FROM compliance_jurisdiction above
                        WHERE jurisdiction.parent_path LIKE above.parent_path || '%%'
                          AND (above.country_id != place.country_id
                               OR above.state_id != COALESCE(place.state_id, 0)
                               OR LOWER(NULLIF(TRIM(above.city), ''))
                                  != COALESCE(LOWER(TRIM(place.city)), ''))
                   )
             ORDER BY place.address,
                      CASE WHEN %(highest)s THEN rate.hourly END DESC,
                      TRIM(COALESCE(jurisdiction.city, '')) != '' DESC,
                      jurisdiction.state_id IS NOT NULL DESC,
                      LENGTH(jurisdiction.parent_path) DESC,
                      jurisdiction.id
            """,
            places=self._get_places_sql(company),
            company=company.id,
            currency=company.currency_id.id,
            today=fields.Date.context_today(self),
            highest=parameters.get("highest", 0) > 0,
        )

    def _get_places_sql(self, company):
        """Return where the work addresses are; the company, where they do not say."""
        return SQL(
            """
            SELECT address.id AS address, partner.country_id, partner.state_id,
                   partner.city
              FROM (SELECT DISTINCT COALESCE(address_id, 0) AS id FROM staff) address
         LEFT JOIN res_partner own ON own.id = address.id AND own.country_id IS NOT NULL
              JOIN res_partner partner ON partner.id = COALESCE(own.id, %s)
            """,
            company.partner_id.id,
        )

    # --- papers -------------------------------------------------------------------

    def _check_labour_right_to_work(self, company, parameters, scope):
        """Name papers that expire, and foreigners without a permit or visa.

        A passport counts only for who has no identification number. Who has both a
        visa and a work permit is named for each that expires.
        """
        return SQL(
            """
            WITH staff AS (  -- the few with a paper to look at, or to miss
                SELECT terms.employee, terms.country_id, terms.identification_id,
                       terms.passport_expiration_date, person.visa_no,
                       person.permit_no, person.visa_expire,
                       person.work_permit_expiration_date
                  FROM (%(staff)s) terms
                  JOIN hr_employee person ON person.id = terms.employee
                 WHERE terms.employee_type != ALL(%(free)s)
                   AND (LEAST(person.work_permit_expiration_date, person.visa_expire,
                              terms.passport_expiration_date) <= %(limit)s
                        OR terms.country_id != %(country)s)
            )
            SELECT staff.employee AS res_id, paper.key, paper.day AS date,
                   jsonb_build_object(paper.field, paper.day) AS values
              FROM staff
        CROSS JOIN LATERAL (VALUES
                       ('permit', 'work_permit_expiration_date',
                        work_permit_expiration_date),
                       ('visa', 'visa_expire', visa_expire),
                       ('passport', 'passport_expiration_date',
                        CASE WHEN COALESCE(TRIM(identification_id), '') = ''
                             THEN passport_expiration_date END)
                   ) paper (key, field, day)
             WHERE paper.day <= %(limit)s
         UNION ALL
            SELECT employee, 'missing', NULL, jsonb_build_object('permit_no', '')
              FROM staff
             WHERE %(foreigners)s
               AND country_id != %(country)s
               AND COALESCE(TRIM(permit_no), '') = ''
               AND COALESCE(TRIM(visa_no), '') = ''
               AND work_permit_expiration_date IS NULL
               AND visa_expire IS NULL
            """,
            staff=self._get_staff_sql(company),
            free=list(FREE),
            limit=self._get_limit(parameters),
            foreigners=parameters.get("foreigners", 1) > 0,
            country=company.country_id.id or None,
        )

    def _check_labour_document(self, company, parameters, scope):
        """Name, per employee, the demanded documents that are missing or expire.

        A demand without job positions and departments holds for everybody; one with a
        department, for those below it as well.
        """
        return SQL(
            """
            WITH staff AS (%(staff)s)
            SELECT staff.employee AS res_id,
                   demand.id::text AS key,
                   held.until AS date,
                   jsonb_build_object('document', demand.name,
                                      'expires_on', held.until) AS values
              FROM staff
         LEFT JOIN hr_department department ON department.id = staff.department_id
              JOIN compliance_document_rule demand
                ON demand.active
               AND (demand.company_id IS NULL OR demand.company_id = %(company)s)
               AND %(applies)s
         LEFT JOIN (
                       SELECT employee_id, rule_id,
                              MAX(COALESCE(expires_on, 'infinity')) AS until
                         FROM compliance_document
                        WHERE company_id = %(company)s
                        GROUP BY employee_id, rule_id
                   ) held
                ON held.employee_id = staff.employee AND held.rule_id = demand.id
             WHERE held.until IS NULL OR held.until < %(limit)s
            """,
            staff=self._get_staff_sql(company),
            applies=self._get_demand_sql(),
            company=company.id,
            limit=self._get_limit(parameters),
        )

    def _get_demand_sql(self):
        """Return whether a ``demand`` holds for one of ``staff``."""
        return SQL(
            """(
                   (NOT EXISTS (SELECT FROM compliance_document_rule_job_rel
                                 WHERE rule_id = demand.id)
                    AND NOT EXISTS (SELECT FROM compliance_document_rule_department_rel
                                     WHERE rule_id = demand.id))
                OR EXISTS (SELECT FROM compliance_document_rule_job_rel
                            WHERE rule_id = demand.id AND job_id = staff.job_id)
                OR EXISTS (SELECT FROM compliance_document_rule_department_rel rel
                             JOIN hr_department parent ON parent.id = rel.department_id
                            WHERE rel.rule_id = demand.id
                              AND department.parent_path
                                  LIKE parent.parent_path || '%%')
            )"""
        )

    # --- reports ------------------------------------------------------------------

    def _check_labour_new_hire(self, company, parameters, scope):
        """Name employees whose hire is still to be reported after some days.

        Each obligation that follows a hire counts: its filing names the employee.
        """
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT employee.id AS res_id,
                   obligation.code AS key,
                   filing.period_start AS date,
                   jsonb_build_object('due_date', filing.due_date) AS values
              FROM compliance_filing filing
              JOIN compliance_due_rule rule
                ON rule.id = filing.rule_id AND rule.event = 'hire'
              JOIN compliance_obligation obligation
                ON obligation.id = filing.obligation_id
              JOIN hr_employee employee
                ON filing.event_key = 'hr.employee,' || employee.id
               AND employee.company_id = filing.company_id
             WHERE filing.company_id = %(company)s
               AND filing.amendment_number = 0
               AND filing.state = ANY(%(unfiled)s)
               AND filing.no_longer_due IS NOT TRUE
               AND filing.period_start < %(hired)s
               AND NOT EXISTS (
                       SELECT
                         FROM compliance_filing amendment
                        WHERE amendment.amends_id = filing.id
                          AND amendment.state IN ('filed', 'accepted')
                   )
            """,
            company=company.id,
            unfiled=list(UNFILED),
            hired=fields.Date.subtract(today, days=int(parameters.get("days", 20))),
        )
