from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

METHODS = [
    ("hours_week", "Weeks over the maximum"),
    ("hours_average", "Averages over the maximum"),
    ("hours_daily_rest", "Daily rests that are too short"),
    ("hours_weekly_rest", "Weekly rests that are too short"),
    ("hours_break", "Missing breaks"),
    ("hours_open", "Missing check-outs"),
    ("hours_overtime", "Overtime that nobody approved"),
]
DAY = 24
# attendances are read from so long before the first day looked at, so that what runs
# over that day begins where it did
LEAD_DAYS = 30
WEEK = timedelta(days=7)
# what the clocks of a time zone may do beside what they do on the first of each month
SPARE = timedelta(hours=1)


class ComplianceCheck(models.Model):
    """Checks of working hours.

    Rests and breaks last as long as they last, also in the night when the clocks
    change: they are counted in UTC. Days and weeks begin at midnight where the employee
    works: in the time zone that Odoo takes for the day of an attendance, which is that
    of the schedule, else the employee's.
    """

    _inherit = "compliance.check"

    method = fields.Selection(
        selection_add=METHODS, ondelete=dict.fromkeys(dict(METHODS), "cascade")
    )

    # --- what is read -------------------------------------------------------------

    def _get_first_day(self, parameters):
        """Return the first day whose work is looked at."""
        today = fields.Date.context_today(self)
        return fields.Date.subtract(today, days=int(parameters.get("days", 730)))

    def _get_people_sql(self, company):
        """Return the employees of a company, archived ones too, and their time zone."""
        return SQL(
            """
            SELECT employee.id,
                   COALESCE(calendar.tz, resource.tz, %s) AS tz
              FROM hr_employee employee
         LEFT JOIN resource_resource resource ON resource.id = employee.resource_id
         LEFT JOIN hr_version version ON version.id = employee.current_version_id
         LEFT JOIN resource_calendar calendar
                ON calendar.id = version.resource_calendar_id
             WHERE employee.company_id = %s
            """,
            self.env.context.get("tz") or "UTC",
            company.id,
        )

    def _get_work_sql(self, company, since):
        """Return the finished attendances of a company from a day on."""
        return SQL(
            """
            SELECT attendance.employee_id AS employee, attendance.date,
                   attendance.check_in, attendance.check_out,
                   attendance.worked_hours AS worked
              FROM hr_attendance attendance
              JOIN hr_employee owner
                ON owner.id = attendance.employee_id AND owner.company_id = %(company)s
             WHERE attendance.check_out > attendance.check_in
               AND attendance.check_in >= %(since)s
            """,
            company=company.id,
            since=since,
        )

    # --- weeks --------------------------------------------------------------------

    def _get_weeks_sql(self, company, since):
        """Return the hours worked per employee and week, from Monday to Sunday.

        Attendances that surely end within the week of their day, in whatever time zone
        of the company, are added up as they are: only those near its end are worth
        looking one up.
        """
        work = self._get_work_sql(company, since)
        inside = SQL(
            "check_out <= date_trunc('week', date::timestamp) + %s",
            WEEK - self._get_earliest_midnight(company, since),
        )
        return SQL(
            """
            SELECT employee, week::date AS week, SUM(worked) AS hours
              FROM (
                       SELECT employee, date_trunc('week', date::timestamp) AS week,
                              SUM(worked) AS worked
                         FROM (%(work)s) work
                        WHERE %(inside)s
                        GROUP BY 1, 2
                    UNION ALL
                       %(parts)s
                   ) part
             GROUP BY employee, week
            """,
            work=work,
            inside=inside,
            parts=self._get_week_parts_sql(
                company, SQL("SELECT * FROM (%s) work WHERE NOT %s", work, inside)
            ),
        )

    def _get_earliest_midnight(self, company, since):
        """Return how long before that of UTC an employee's midnight comes at most.

        :param since: the first day that matters
        :rtype: timedelta
        """
        people = self._get_people_sql(company)
        zones = self.env.execute_query(SQL("SELECT DISTINCT tz FROM (%s) p", people))
        today = fields.Datetime.now()
        months = (today.year - since.year + 1) * 12
        days = [today - relativedelta(months=n, day=1) for n in range(months)]
        offsets = [
            pytz.timezone(tz).utcoffset(day, is_dst=True)
            for (tz,) in zones
            for day in days
        ]
        return max(offsets, default=timedelta()) + SPARE

    def _get_week_parts_sql(self, company, work):
        """Return attendances cut at the local midnights between two weeks.

        The hours are divided in proportion, so that a lunch that Odoo deducts is
        deducted once. Of an attendance that lasts over a year the first year counts.
        """
        return SQL(
            """
            SELECT employee, week,
                   worked / EXTRACT(EPOCH FROM check_out - check_in)
                   * EXTRACT(EPOCH FROM
                       LEAST(check_out, (week + INTERVAL '7 days')
                                        AT TIME ZONE tz AT TIME ZONE 'UTC')
                       - GREATEST(check_in, week AT TIME ZONE tz AT TIME ZONE 'UTC')
                   ) AS worked
              FROM (%(work)s) work
              JOIN (%(people)s) people ON people.id = work.employee
        CROSS JOIN LATERAL (
                       SELECT generate_series(
                                  date_trunc('week', check_in AT TIME ZONE 'UTC'
                                                              AT TIME ZONE tz),
                                  check_out AT TIME ZONE 'UTC' AT TIME ZONE tz,
                                  INTERVAL '7 days'
                              ) AS week
                        LIMIT 53  -- else the planner counts on 1000, and compiles
                   ) weeks
            """,
            work=work,
            people=self._get_people_sql(company),
        )

    def _check_hours_week(self, company, parameters, scope):
        """Name employees and weeks with more hours than the maximum.

        The finding belongs to the Sunday of the week; its key is the Monday.
        """
        first = self._get_first_day(parameters)
        return SQL(
            """
            SELECT employee AS res_id, week::text AS key, week + 6 AS date,
                   jsonb_build_object('hours', ROUND(hours::numeric, 2)) AS values
              FROM (%(weeks)s) weeks
             WHERE ROUND(hours::numeric, 2) > %(maximum)s
               AND week >= %(first)s
            """,
            weeks=self._get_weeks_sql(company, self._get_lead(first)),
            maximum=parameters.get("hours", 60),
            first=first,
        )

    def _check_hours_average(self, company, parameters, scope):
        """Name weeks that end a reference period with too high an average.

        Whoever began within the period is not named before the hours of the whole
        period are passed: the average is at least that.
        """
        weeks = max(int(parameters.get("weeks", 17)), 1)
        first = self._get_first_day(parameters)
        return SQL(
            """
            SELECT employee AS res_id, week::text AS key, week + 6 AS date,
                   jsonb_build_object('average_hours', average) AS values
              FROM (
                       SELECT employee, week,
                              ROUND((SUM(hours) OVER period / %(weeks)s)::numeric, 2)
                              AS average
                         FROM (%(hours)s) hours
                       WINDOW period AS (
                           PARTITION BY employee ORDER BY week
                           RANGE BETWEEN make_interval(days => %(days)s) PRECEDING
                                     AND CURRENT ROW
                       )
                   ) averages
             WHERE average > %(maximum)s
               AND week >= %(first)s
            """,
            weeks=weeks,
            hours=self._get_weeks_sql(company, self._get_lead(first, weeks)),
            days=7 * (weeks - 1),
            maximum=parameters.get("hours", 48),
            first=first,
        )

    def _get_lead(self, first, weeks=0):
        """Return the day from which attendances are read to judge those from ``first``.

        :param weeks: how many weeks before count as well
        """
        return fields.Date.subtract(first, days=LEAD_DAYS + 7 * weeks)

    # --- rests and breaks ---------------------------------------------------------

    def _get_chains_sql(self, company, parameters, pause, most):
        """Return the long stretches of work without a pause of some hours.

        Attendances belong to one stretch as long as the gap between two of them is
        shorter than the pause.

        :param float pause: in hours
        :param float most: the hours that a stretch may last
        :return: a SELECT of employee, start (local), hours from the first check-in to
            the last check-out, and hours that Odoo deducted (lunch)
        :rtype: SQL
        """
        first = self._get_first_day(parameters)
        return SQL(
            """
            SELECT employee, start, ROUND(EXTRACT(EPOCH FROM lasted)::numeric / 3600, 2)
                   AS hours,
                   ROUND(EXTRACT(EPOCH FROM present)::numeric / 3600 - worked::numeric,
                         2) AS deducted
              FROM (
                       SELECT employee, MIN(check_in) AS began,
                              MAX(check_out) - MIN(check_in) AS lasted,
                              SUM(check_out - check_in) AS present,
                              SUM(worked) AS worked
                         FROM (%(chained)s) chained
                        GROUP BY employee, chain
                       HAVING MAX(check_out) - MIN(check_in) > %(most)s
                   ) chains
              JOIN (%(people)s) people ON people.id = employee
        CROSS JOIN LATERAL (
                       SELECT began AT TIME ZONE 'UTC' AT TIME ZONE tz AS start
                   ) local
             WHERE start >= %(first)s
            """,
            chained=self._get_chained_sql(company, self._get_lead(first), pause),
            most=timedelta(hours=most),
            people=self._get_people_sql(company),
            first=first,
        )

    def _get_chained_sql(self, company, since, pause):
        """Return the attendances, each with the number of its stretch of work."""
        return SQL(
            """
            SELECT *, SUM(begins) OVER (
                       PARTITION BY employee ORDER BY check_in
                   ) AS chain
              FROM (
                       SELECT employee, check_in, check_out, worked,
                              CASE WHEN check_in < LAG(check_out) OVER (
                                            PARTITION BY employee ORDER BY check_in
                                        ) + %(pause)s
                                   THEN 0 ELSE 1 END AS begins
                         FROM (%(work)s) work
                   ) gaps
            """,
            pause=timedelta(hours=pause),
            work=self._get_work_sql(company, since),
        )

    def _get_rest_sql(self, company, parameters, rest, period):
        """Return who had no rest of some hours in the period that work began.

        A stretch without such a rest that lasts longer than the period less the rest
        leaves no room for it; a shorter one is followed by it within the period.

        :param float rest: in hours
        :param int period: in hours
        """
        return SQL(
            """
            SELECT employee AS res_id, to_char(start, 'YYYY-MM-DD HH24:MI') AS key,
                   start::date AS date,
                   jsonb_build_object('hours_without_rest', hours) AS values
              FROM (%(chains)s) chains
            """,
            chains=self._get_chains_sql(company, parameters, rest, period - rest),
        )

    def _check_hours_daily_rest(self, company, parameters, scope):
        """Name days on which the daily rest does not fit into 24 hours."""
        rest = parameters.get("hours", 11)
        return self._get_rest_sql(company, parameters, rest, DAY)

    def _check_hours_weekly_rest(self, company, parameters, scope):
        """Name the beginning of seven times 24 hours without the weekly rest."""
        rest = parameters.get("hours", 35)
        return self._get_rest_sql(company, parameters, rest, 7 * DAY)

    def _check_hours_break(self, company, parameters, scope):
        """Name stretches of work over some hours without a break.

        A lunch that Odoo deducts by the schedule counts as a break; it takes as many
        as divide the hours worked into parts of the length allowed.
        """
        pause = parameters.get("minutes", 30) / 60
        most = max(parameters.get("hours", 6), 0.25)
        return SQL(
            """
            SELECT employee AS res_id, to_char(start, 'YYYY-MM-DD HH24:MI') AS key,
                   start::date AS date,
                   jsonb_build_object('hours_without_break', hours) AS values
              FROM (%(chains)s) chains
             WHERE deducted < %(pause)s * (CEIL((hours - deducted) / %(most)s) - 1)
            """,
            chains=self._get_chains_sql(company, parameters, pause, most),
            most=most,
            pause=round(pause, 2),
        )

    # --- loose ends ---------------------------------------------------------------

    def _check_hours_open(self, company, parameters, scope):
        """Name attendances that began long ago and have no check-out."""
        hours = parameters.get("hours", 16)
        return SQL(
            """
            SELECT people.id AS res_id, attendance.id::text AS key,
                   (attendance.check_in AT TIME ZONE 'UTC' AT TIME ZONE tz)::date
                   AS date,
                   jsonb_build_object('checked_in', to_char(
                       attendance.check_in AT TIME ZONE 'UTC' AT TIME ZONE tz,
                       'YYYY-MM-DD HH24:MI'
                   )) AS values
              FROM hr_attendance attendance
              JOIN (%(people)s) people ON people.id = attendance.employee_id
             WHERE attendance.check_out IS NULL
               AND attendance.check_in < %(before)s
            """,
            people=self._get_people_sql(company),
            before=fields.Datetime.subtract(fields.Datetime.now(), hours=hours),
        )

    def _check_hours_overtime(self, company, parameters, scope):
        """Name employees and days whose overtime waits for approval too long."""
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT employee.id AS res_id, line.date::text AS key, line.date,
                   jsonb_build_object(
                       'overtime_hours', ROUND(SUM(line.manual_duration)::numeric, 2)
                   ) AS values
              FROM hr_attendance_overtime_line line
              JOIN hr_employee employee ON employee.id = line.employee_id
             WHERE employee.company_id = %(company)s
               AND line.status = 'to_approve'
               AND line.date < %(before)s
             GROUP BY employee.id, line.date
            HAVING ROUND(SUM(line.manual_duration)::numeric, 2) > 0
            """,
            company=company.id,
            before=fields.Date.subtract(today, days=int(parameters.get("wait", 14))),
        )
