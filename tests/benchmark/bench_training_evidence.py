"""Count the real work of 2,000 trainees over 200,000 leads.

Prints the milliseconds of ``training.enrolment.step._count_evidence`` beside the same
question in hand-written SQL, asked with psql, and fails when it takes more than 1.5
times as long.
"""

import sys

from bench_training_enrolment import make_employees
from common import (
    median_ms,
    parse_arguments,
    psql_median_ms,
    say,
    scratch_environment,
    verdict,
)

from odoo import Command
from odoo.tools import SQL

TRAINEES = 2000
LEADS = 200_000
LIMIT = 1.5


def give_logins(env, employees):
    """Give each of the employees a user."""
    users = env["res.users"].create(
        [
            {"name": employee.name, "login": f"benchmark_{employee.id}"}
            for employee in employees
        ]
    )
    for employee, user in zip(employees, users, strict=True):
        employee.user_id = user
    env.flush_all()


def make_leads(env, employees):
    """Spread the leads over the trainees, half of them before their training."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO crm_lead (
                name, type, active, user_id, company_id, stage_id, date_conversion
            )
            SELECT 'Lead ' || n,
                   CASE WHEN n %% 7 = 0 THEN 'lead' ELSE 'opportunity' END,
                   n %% 13 <> 0,
                   (%(users)s)[1 + n %% %(count)s],
                   CASE n %% 11 WHEN 0 THEN NULL ELSE %(company)s END,
                   (SELECT min(id) FROM crm_stage),
                   now() - (n %% 61) * interval '1 day'
              FROM generate_series(1, %(leads)s) n
            """,
            users=employees.user_id.ids,
            count=len(employees),
            company=employees.company_id[:1].id,
            leads=LEADS,
        )
    )


def make_steps(env, employees):
    """Enrol the employees for a month now; return the steps that are counted."""
    rule = env.ref("front_office_training_crm.evidence_rule_lead_qualified")
    programme = env["training.programme"].create(
        {
            "name": "Benchmark",
            "step_ids": [
                Command.create(
                    {
                        "name": "Leads",
                        "kind": "evidence",
                        "evidence_rule_id": rule.id,
                        "evidence_count": 5,
                    }
                )
            ],
        }
    )
    programme.action_publish()
    env.cr.execute("SELECT CURRENT_DATE - 30")
    (start,) = env.cr.fetchone()
    steps = programme._enrol(employees, start_date=start).step_ids
    # as a page has them: read together, and not by way of their enrolments
    return env["training.enrolment.step"].browse(steps.ids)


# What somebody would write who needs the figures once. The days begin in UTC, as they
# do for the employees of this benchmark.
BY_HAND = """
    SELECT step.id, COUNT(*)
      FROM training_enrolment_step step
      JOIN training_enrolment enrolment ON enrolment.id = step.enrolment_id
      JOIN crm_lead lead
        ON lead.user_id = step.trainee_user_id
       AND lead.date_conversion BETWEEN enrolment.start_date
                                    AND now() AT TIME ZONE 'UTC'
       AND (lead.company_id IS NULL OR lead.company_id = step.company_id)
     WHERE step.kind = 'evidence' AND step.id IN %s AND lead.type = 'opportunity'
  GROUP BY step.id
"""


def main():
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__)
    with scratch_environment(arguments.database) as env:
        employees = make_employees(env, TRAINEES)
        give_logins(env, employees)
        make_leads(env, employees)
        steps = make_steps(env, employees)
        env.cr.commit()
        for table in ("crm_lead", "training_enrolment_step", "training_enrolment"):
            env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        env.cr.commit()

        by_hand = env.cr.mogrify(BY_HAND, [tuple(steps.ids)]).decode()
        env.cr.execute(by_hand)
        expected = dict(env.cr.fetchall())
        found = {
            step_id: number
            for step_id, (number, _ids) in steps._count_evidence().items()
            if number
        }
        if found != expected or len(steps) != TRAINEES:
            raise SystemExit("The two ways of counting do not agree")
        say(f"{sum(found.values())} leads of {len(found)} trainees count")

        def count():
            env.invalidate_all()
            steps._count_evidence()

        ours = median_ms(count, arguments.repeat)
        shown = median_ms(
            lambda: (env.invalidate_all(), steps.mapped("evidence_text")),
            arguments.repeat,
        )
        reference = psql_median_ms(env.cr, by_hand, arguments.repeat)
        say(f"as shown on the cards, “3 of 5” for each of them: {shown:.1f} ms")
        return verdict("count", ours, reference, LIMIT)


if __name__ == "__main__":
    sys.exit(main())
