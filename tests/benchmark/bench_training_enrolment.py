"""Enrol thousands of employees in a programme of 20 steps.

Prints the seconds of ``training.programme._enrol`` at several sizes, beside a bare
``INSERT … SELECT`` of the same rows, and fails when the time grows faster than the
number of employees.
"""

import sys
import time

from common import parse_arguments, say, scratch_environment

from odoo import Command
from odoo.tools import SQL

STEPS = 20
SIZES = (500, 1000, 2500, 5000)
# How much longer per employee the largest batch may take than the smallest.
GROWTH_LIMIT = 1.5


def make_employees(env, number):
    """Return ``number`` employees that have nothing but what the database demands."""
    env["hr.employee"].create({"name": "Benchmark 0"})
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            WITH resource AS (
                INSERT INTO resource_resource (
                    name, company_id, calendar_id, resource_type, time_efficiency, tz,
                    active
                )
                SELECT 'Benchmark ' || n, company.id, company.resource_calendar_id,
                       'user', 100, 'UTC', TRUE
                  FROM generate_series(1, %s) n
            CROSS JOIN (SELECT * FROM res_company ORDER BY id LIMIT 1) company
             RETURNING id, name, company_id
            )
            INSERT INTO hr_employee (name, resource_id, company_id, active)
            SELECT name, id, company_id, TRUE FROM resource
         RETURNING id
            """,
            number,
        )
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        SQL(
            """
            WITH version AS (
                INSERT INTO hr_version (
                    employee_id, company_id, date_version, active, employee_type,
                    distance_home_work_unit, marital, hr_responsible_id,
                    last_modified_uid, last_modified_date
                )
                SELECT id, company_id, CURRENT_DATE - 1, TRUE, 'employee',
                       'kilometers', 'single', 1, 1, now()
                  FROM hr_employee WHERE id IN %s
             RETURNING id, employee_id
            )
            UPDATE hr_employee SET current_version_id = version.id
              FROM version WHERE version.employee_id = hr_employee.id
            """,
            tuple(ids),
        )
    )
    env.invalidate_all()
    return env["hr.employee"].browse(ids)


def make_programme(env):
    """Return a published programme with ``STEPS`` steps."""
    programme = env["training.programme"].create(
        {
            "name": "Benchmark",
            "step_ids": [
                Command.create(
                    {
                        "name": f"Step {number}",
                        "instructions": "<p>What to do.</p>" * 10,
                        "due_days": number,
                    }
                )
                for number in range(STEPS)
            ],
        }
    )
    programme.action_publish()
    return programme


def seconds_of(function):
    """Return the seconds that ``function()`` takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def enrol(env, programme, employees):
    """Enrol for good: until everything is committed."""
    programme._enrol(employees)
    env.cr.commit()


def copy_rows(env, programme):
    """Insert the rows of the programme's enrolments once more, with bare SQL.

    They go into the same tables, with the same indexes and foreign keys, and are
    rolled back. The copies are cancelled: only one enrolment may be under way.
    """
    env.cr.execute("DISCARD PLANS")  # as the add-on does, and for its reason
    enrolment = columns_of(env, "training_enrolment", skip={"id", "state"})
    step = columns_of(env, "training_enrolment_step", skip={"id"})
    env.cr.execute(
        SQL(
            "INSERT INTO training_enrolment (state, %(columns)s)"
            " SELECT 'cancelled', %(columns)s FROM training_enrolment"
            " WHERE programme_id = %(programme)s",
            columns=enrolment,
            programme=programme.id,
        )
    )
    env.cr.execute(
        SQL(
            "INSERT INTO training_enrolment_step (%(columns)s)"
            " SELECT %(columns)s FROM training_enrolment_step WHERE enrolment_id IN"
            " (SELECT id FROM training_enrolment WHERE programme_id = %(programme)s)",
            columns=step,
            programme=programme.id,
        )
    )


def columns_of(env, table, skip):
    """Return the columns of ``table`` without those in ``skip``, as SQL."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = current_schema()"
        " ORDER BY ordinal_position",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall() if name not in skip]
    return SQL(", ").join(map(SQL.identifier, names))


def measure(env, size):
    """Return the seconds for ``size`` employees: through the model, and bare."""
    employees = make_employees(env, size)
    programme = make_programme(env)
    env.cr.commit()
    ours = seconds_of(lambda: enrol(env, programme, employees))
    count = env["training.enrolment.step"].search_count(
        [("enrolment_id.programme_id", "=", programme.id)]
    )
    if count != size * STEPS:
        raise SystemExit(f"{count} steps instead of {size * STEPS}")
    bare = seconds_of(lambda: copy_rows(env, programme))
    env.cr.rollback()
    return ours, bare


def main():
    """Measure at each size, print, and return the exit status."""
    arguments = parse_arguments(__doc__)
    with scratch_environment(arguments.database) as env:
        measure(env, 50)  # the first time fills caches
        results = {size: measure(env, size) for size in SIZES}
    for size, (ours, bare) in results.items():
        say(
            f"{size:>5} employees × {STEPS} steps: {ours:6.2f} s;"
            f" INSERT … SELECT of the same rows {bare:6.2f} s; ratio {ours / bare:.1f}"
        )
    smallest, largest = SIZES[0], SIZES[-1]
    growth = (results[largest][0] / largest) / (results[smallest][0] / smallest)
    say(f"time per employee, {largest} against {smallest}: × {growth:.2f}")
    if growth > GROWTH_LIMIT:
        say(f"FAILED: over {GROWTH_LIMIT}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
