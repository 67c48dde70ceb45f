"""Ask the checks about employees and their hours of many of them.

Prints the best milliseconds of each check's statement in psql beside those of one
written by hand that returns the same keys, asked in turn, and those of a run of all of
them, once the findings are known, beside the sum. Fails when the keys differ, when a
check takes more than 1.5 times as long and 10 ms more, when the run takes more than
twice as long as the sum, or when the memory of the process grows by 200 MiB.

``--employees`` and ``--days`` set the size: 5000 and 100, with two attendances a day,
make the million.
"""

import argparse
import os
import resource
import statistics
import sys
import time

from common import (
    filled_in,
    parse_arguments,
    psql_best_ms,
    say,
    scratch_environment,
    verdict,
)

from odoo import Command
from odoo.tools import SQL

LIMIT = 1.5
LIMIT_RUN = 2
LIMIT_MIB = 200
# what a statement may take longer to plan, however small the table
ALLOWED_MS = 10
LABOUR = "back_office_compliance.compliance_check_labour_"
HOURS = "back_office_compliance_attendance.compliance_check_hours_"
TODAY = "(now() AT TIME ZONE 'UTC')::date"

STAFF = f"""
    SELECT e.id AS eid, e.parent_id, e.birthday, v.*
      FROM hr_employee e
      JOIN hr_version v ON v.id = e.current_version_id
     WHERE e.active AND e.company_id = {{company}}
       AND (v.departure_date IS NULL OR v.departure_date >= {TODAY})
"""
STRETCHES = """
    WITH a AS (
        SELECT t.employee_id, check_in, check_out, worked_hours,
               CASE WHEN check_in < LAG(check_out) OVER w + INTERVAL '{pause} hours'
                    THEN 0 ELSE 1 END AS begins
          FROM hr_attendance t JOIN hr_employee e ON e.id = t.employee_id
         WHERE e.company_id = {{company}} AND check_out > check_in
        WINDOW w AS (PARTITION BY t.employee_id ORDER BY check_in)
    ), b AS (
        SELECT *, SUM(begins) OVER (PARTITION BY employee_id ORDER BY check_in) AS chain
          FROM a
    )
    SELECT employee_id, to_char(
               MIN(check_in) AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Stockholm',
               'YYYY-MM-DD HH24:MI')
      FROM b GROUP BY employee_id, chain
    HAVING MAX(check_out) - MIN(check_in) > INTERVAL '{most} hours'
"""
WEEKS = """
    SELECT t.employee_id, date_trunc('week',
               check_in AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Stockholm'
           )::date AS week,
           SUM(worked_hours) AS hours
      FROM hr_attendance t JOIN hr_employee e ON e.id = t.employee_id
     WHERE e.company_id = {company} AND check_out > check_in
     GROUP BY 1, 2
"""
BY_HAND = {
    f"{LABOUR}no_contract": f"""
        SELECT eid, '' FROM ({STAFF}) s
         WHERE employee_type NOT IN ('contractor', 'freelance')
           AND NOT EXISTS (SELECT FROM hr_version c
                            WHERE c.employee_id = eid AND c.active
                              AND c.contract_date_start <= {TODAY}
                              AND COALESCE(c.contract_date_end, 'infinity') >= {TODAY})
    """,
    f"{LABOUR}ending": f"""
        SELECT eid, 'contract' FROM ({STAFF}) s
         WHERE contract_date_end BETWEEN {TODAY} AND {TODAY} + 60
           AND departure_date IS NULL
           AND NOT EXISTS (SELECT FROM hr_version c
                            WHERE c.employee_id = eid AND c.active
                              AND c.contract_date_start > s.contract_date_end)
    """,
    f"{LABOUR}minimum_wage": f"""
        SELECT eid, '' FROM ({STAFF}) s
          JOIN resource_calendar c ON c.id = s.resource_calendar_id
         WHERE ROUND(wage * 12 / 52 / c.hours_per_week::numeric, 2) < 20
           AND contract_date_start <= {TODAY}
           AND COALESCE(contract_date_end, 'infinity') >= {TODAY}
    """,
    f"{LABOUR}no_schedule": f"""
        SELECT eid, '' FROM ({STAFF}) s WHERE resource_calendar_id IS NULL
           AND employee_type NOT IN ('contractor', 'freelance')
    """,
    f"{LABOUR}identity": f"""
        SELECT eid, '' FROM ({STAFF}) s
         WHERE identification_id IS NULL AND passport_id IS NULL
           AND employee_type NOT IN ('contractor', 'freelance')
    """,
    f"{LABOUR}minimum_age": f"""
        SELECT eid, '' FROM ({STAFF}) s
         WHERE birthday > {TODAY} - INTERVAL '16 years'
    """,
    f"{LABOUR}right_to_work": f"""
        SELECT e.id, 'permit' FROM hr_employee e
          JOIN hr_version v ON v.id = e.current_version_id
         WHERE e.active AND e.company_id = {{company}}
           AND v.employee_type NOT IN ('contractor', 'freelance')
           AND e.work_permit_expiration_date <= {TODAY} + 60
    """,
    f"{LABOUR}new_hire": f"""
        SELECT e.id, o.code FROM compliance_filing f
          JOIN compliance_obligation o ON o.id = f.obligation_id AND o.code = 'HIRE'
          JOIN hr_employee e ON f.event_key = 'hr.employee,' || e.id
         WHERE f.company_id = {{company}} AND f.state = 'to_prepare'
           AND f.period_start < {TODAY} - 20
    """,
    f"{LABOUR}contractor": f"""
        SELECT eid, '' FROM ({STAFF}) s
          JOIN resource_calendar c ON c.id = s.resource_calendar_id
         WHERE employee_type IN ('contractor', 'freelance') AND parent_id IS NOT NULL
           AND c.hours_per_week >= 36 AND date_version <= {TODAY} - INTERVAL '1 year'
    """,
    f"{LABOUR}document": f"""
        SELECT eid, r.id FROM ({STAFF}) s, compliance_document_rule r
         WHERE NOT EXISTS (SELECT FROM compliance_document d
                            WHERE d.employee_id = eid AND d.rule_id = r.id
                              AND COALESCE(d.expires_on, 'infinity') >= {TODAY} + 30)
    """,
    f"{HOURS}week": f"SELECT employee_id, week FROM ({WEEKS}) w WHERE hours > 60",
    f"{HOURS}average": f"""
        SELECT employee_id, week FROM (
            SELECT employee_id, week, SUM(hours) OVER (
                       PARTITION BY employee_id ORDER BY week
                       RANGE BETWEEN INTERVAL '112 days' PRECEDING AND CURRENT ROW
                   ) / 17 AS average
              FROM ({WEEKS}) w
        ) a WHERE average > 48
    """,
    f"{HOURS}daily_rest": STRETCHES.format(pause=11, most=13),
    f"{HOURS}weekly_rest": STRETCHES.format(pause=35, most=133),
    f"{HOURS}break": STRETCHES.format(pause=0.5, most=6),
    f"{HOURS}open": """
        SELECT t.employee_id, t.id
          FROM hr_attendance t JOIN hr_employee e ON e.id = t.employee_id
         WHERE e.company_id = {company} AND check_out IS NULL
           AND check_in < (now() AT TIME ZONE 'UTC') - INTERVAL '16 hours'
    """,
    f"{HOURS}overtime": f"""
        SELECT l.employee_id, l.date FROM hr_attendance_overtime_line l
          JOIN hr_employee e ON e.id = l.employee_id
         WHERE e.company_id = {{company}} AND l.status = 'to_approve'
           AND l.date < {TODAY} - 14
         GROUP BY 1, 2
    """,
}


def parse_size():
    """Read our own arguments, and leave the others to ``parse_arguments``."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--employees", type=int, default=5000)
    parser.add_argument("--days", type=int, default=100)
    size, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    return size


def make_staff(env, number):
    """Insert employees past the ORM: every hundredth breaks a rule."""
    calendar = env.company.resource_calendar_id
    calendar.tz = "Europe/Stockholm"
    env.flush_all()
    model = env["hr.employee"].create({"name": "Model", "date_version": "2020-01-01"})
    model.active = False
    env.flush_all()
    copies = [
        ("resource_resource", model.resource_id.id, {}),
        ("hr_employee", model.id, {"resource_id": "resource_resource"}),
        ("hr_version", model.current_version_id.id, {"employee_id": "hr_employee"}),
    ]
    for table, source, links in copies:
        copy_rows(env, table, source, links, number)
    env.cr.execute(
        SQL(
            """
            UPDATE hr_employee e
               SET current_version_id = v.id, active = TRUE,
                   birthday = CASE WHEN e.id %% 100 = 1 THEN %(today)s - 5000
                                   ELSE '1990-01-01' END
              FROM hr_version v
             WHERE v.employee_id = e.id AND e.id != %(model)s
               AND e.name = 'Model';
            UPDATE hr_version v
               SET contract_date_start = CASE WHEN v.id %% 100 != 2
                                              THEN DATE '2020-01-01' END,
                   contract_date_end = CASE WHEN v.id %% 100 = 3
                                            THEN %(today)s + 30 END,
                   wage = CASE WHEN v.id %% 100 = 4 THEN 1000 ELSE 5000 END,
                   resource_calendar_id = CASE WHEN v.id %% 100 != 5
                                               THEN %(calendar)s END,
                   identification_id = CASE WHEN v.id %% 100 != 6 THEN 'ID' END
              FROM hr_employee e
             WHERE e.id = v.employee_id AND e.name = 'Model'
            """,
            model=model.id,
            calendar=calendar.id,
            today=SQL(TODAY),
        )
    )


def copy_rows(env, table, source, links, number):
    """Copy a row of a table; links point at the copies of another table, in turn."""
    env.cr.execute(
        SQL(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name NOT IN ('id', %s)"
            " AND is_generated = 'NEVER'",
            table,
            "current_version_id" if table == "hr_employee" else "id",
        )
    )
    columns = [name for (name,) in env.cr.fetchall()]
    values = [
        SQL("(SELECT MAX(id) FROM %s) - %s + n", SQL.identifier(links[name]), number)
        if name in links
        else SQL.identifier("row", name)
        for name in columns
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s FROM %(table)s row,"
            " generate_series(1, %(number)s) n WHERE row.id = %(source)s",
            table=SQL.identifier(table),
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(values),
            number=number,
            source=source,
        )
    )


def make_attendances(env, days):
    """Insert two attendances a day; some come too early, late, or stay too long."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_attendance (employee_id, check_in, check_out, date,
                                       worked_hours)
            SELECT id, start, stop, start::date,
                   EXTRACT(EPOCH FROM stop - start) / 3600
              FROM (
                       SELECT e.id, %(today)s - d + part.start AS start,
                              %(today)s - d + part.stop + CASE
                                  WHEN (e.id + d) %% 199 = 0 AND part.late
                                  THEN INTERVAL '6 hours' ELSE INTERVAL '0' END AS stop
                         FROM hr_employee e, generate_series(2, %(days)s + 1) d,
                              (VALUES (TIME '07:00', TIME '11:00', FALSE),
                                      (TIME '12:00', TIME '16:00', TRUE)
                              ) part (start, stop, late)
                        WHERE e.name = 'Model' AND e.active
                          AND ((e.id + d) %% 7 < 5 OR e.id %% 50 = 0)
                   ) spans
            """,
            today=SQL(TODAY),
            days=days * 7 // 5,
        )
    )
    # without figures the next statement may be planned as a loop over the table
    env.cr.execute("ANALYZE hr_attendance")
    env.cr.execute(
        SQL(
            "UPDATE hr_attendance SET check_out = NULL FROM (SELECT MAX(id) AS id FROM"
            " hr_attendance WHERE employee_id %% 100 = 7 GROUP BY employee_id) newest"
            " WHERE newest.id = hr_attendance.id"
        )
    )


def make_papers(env):
    """Add permits, contractors, documents, reports of hires and overtime."""
    rule = env["compliance.document.rule"].create({"name": "Benchmark"})
    authority = env["compliance.authority"].create(
        {"name": "Benchmark", "jurisdiction_id": make_minimum(env).id}
    )
    obligation = env["compliance.obligation"].create(
        {
            "name": "Hires",
            "code": "HIRE",
            "authority_id": authority.id,
            "rule_ids": [
                Command.create(
                    {
                        "date_from": "2000-01-01",
                        "trigger": "event",
                        "event": "hire",
                        "period": False,
                        "days": 20,
                    }
                )
            ],
        }
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            _PAPERS,
            today=SQL(TODAY),
            company=env.company.id,
            document=rule.id,
            obligation=obligation.id,
            due_rule=obligation.rule_ids.id,
        )
    )


_PAPERS = """
    UPDATE hr_employee
       SET work_permit_expiration_date = %(today)s + CASE WHEN id %% 100 = 8
                                                          THEN 30 ELSE 300 END,
           parent_id = CASE WHEN id %% 3 > 0
                            THEN (SELECT MIN(id) FROM hr_employee) END
     WHERE name = 'Model';
    UPDATE hr_version v SET employee_type = 'contractor'
      FROM hr_employee e
     WHERE e.id = v.employee_id AND e.name = 'Model' AND v.id %% 100 = 10;
    INSERT INTO compliance_document (employee_id, company_id, rule_id, expires_on)
    SELECT id, company_id, %(document)s,
           %(today)s + CASE WHEN id %% 100 = 9 THEN 10 ELSE 100 END
      FROM hr_employee WHERE name = 'Model' AND id %% 100 <> 11;
    INSERT INTO compliance_filing (
        company_id, obligation_id, rule_id, name, kind, event_key, period_start,
        period_end, due_date, internal_date, amendment_number, state, filed_on,
        frozen, frozen_hash
    )
    SELECT %(company)s, %(obligation)s, %(due_rule)s, 'Hire ' || id, 'labour_report',
           'hr.employee,' || id, day, day, day, day, 0,
           CASE WHEN id %% 100 = 12 THEN 'to_prepare' ELSE 'filed' END,
           CASE WHEN id %% 100 <> 12 THEN day END,
           CASE WHEN id %% 100 <> 12 THEN '{}'::jsonb END,
           CASE WHEN id %% 100 <> 12 THEN 'benchmark' END
      FROM hr_employee, (SELECT %(today)s - 60 AS day) hired
     WHERE name = 'Model' AND active;
    INSERT INTO hr_attendance_overtime_line (
        employee_id, status, date, duration, manual_duration, amount_rate
    )
    SELECT id, CASE WHEN id %% 100 = 13 THEN 'to_approve' ELSE 'approved' END,
           %(today)s - 5 * n, 1, 1, 1
      FROM hr_employee, generate_series(1, 20) n
     WHERE name = 'Model' AND active
"""


def make_minimum(env):
    country = env.company.country_id or env.ref("base.se")
    env.company.country_id = country
    # what a country pack ships would hold as well
    env["compliance.minimum.wage"].search([]).unlink()
    jurisdiction = env["compliance.jurisdiction"].create(
        {"name": "Benchmark", "country_id": country.id}
    )
    env["compliance.minimum.wage"].create(
        {
            "jurisdiction_id": jurisdiction.id,
            "date_from": "2020-01-01",
            "currency_id": env.company.currency_id.id,
            "hourly": 20,
            "source": "Benchmark",
        }
    )
    return jurisdiction


def run(env, checks):
    """Run checks; return the milliseconds."""
    env.invalidate_all()
    start = time.perf_counter()
    lines = env["compliance.check"]._run_checks(env.company, checks).line_ids
    env.cr.commit()
    spent = (time.perf_counter() - start) * 1000
    for line in lines:
        if line.result not in ("pass", "fail"):
            raise SystemExit(f"{line.check_id.code} did not run: {line.error}")
    return spent


def get_ours(env, check):
    """Return the keys of a check as a statement, parameters filled in."""
    check = check._as_engine(env.company)
    query = check._get_sql(env.company, check._get_parameters(env.company))
    return f"SELECT res_id, key FROM ({filled_in(env.cr, query)}) found"


def fetch_keys(env, statement):
    """Return the keys that a statement names: its two columns."""
    env.cr._obj.execute(statement)
    return {(res_id, str(key)) for res_id, key in env.cr._obj.fetchall()}


def measure(env, name, statement, repeat):
    """Compare the keys and the times of a check.

    :return: the exit status, and the milliseconds by hand
    """
    check = env.ref(name)
    by_hand = statement.format(company=env.company.id).strip()
    ours = get_ours(env, check)
    keys, expected = fetch_keys(env, ours), fetch_keys(env, by_hand)
    spent, reference = psql_best_ms(env.cr, [ours, by_hand], repeat)
    if keys != expected:
        say(f"FAILED: {check.code} names {len(keys)}, by hand {len(expected)}")
        say(f"  such as {sorted(keys ^ expected)[:3]}")
        return 1, reference
    title = f"{check.code}, {len(keys)} named"
    if spent - reference < ALLOWED_MS:
        say(f"{title}: {spent:.1f} ms; psql {reference:.1f} ms")
        return 0, reference
    return verdict(title, spent, reference, LIMIT), reference


def measure_run(env, by_hand, repeat):
    """Compare a run of all checks with the sum of the statements."""
    checks = env["compliance.check"].union(*map(env.ref, BY_HAND))
    checks.timeout = 600
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run(env, checks)
    env.cr.execute("ANALYZE compliance_finding")
    env.cr.commit()
    spent = statistics.median(run(env, checks) for _number in range(repeat))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    say(f"memory: {grown:.0f} MiB more")
    status = int(grown > LIMIT_MIB)
    return status | verdict("a run of all of them, again", spent, by_hand, LIMIT_RUN)


def main():
    """Measure, print, and return the exit status."""
    size = parse_size()
    arguments = parse_arguments(__doc__)
    repeat = min(arguments.repeat, 5)
    # both statements without compilation, as the engine asks its checks
    os.environ["PGOPTIONS"] = "-c jit=off"
    with scratch_environment(arguments.database) as env:
        make_staff(env, size.employees)
        make_attendances(env, size.days)
        make_papers(env)
        env.cr.execute("SELECT COUNT(*) FROM hr_attendance")
        say(f"{size.employees} employees, {env.cr.fetchone()[0]} attendances")
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()
        results = [
            measure(env, name, statement, repeat) for name, statement in BY_HAND.items()
        ]
        status = max(status for status, _ms in results)
        return status | measure_run(env, sum(ms for _status, ms in results), repeat)


if __name__ == "__main__":
    sys.exit(main())
