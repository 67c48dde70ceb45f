"""Skill gaps of 5,000 employees × 12 skills: ``_read_group`` beside the bare SELECT.

    python tests/benchmark/bench_office_role_gap.py -c odoo.conf -d DATABASE

The database has office_role installed. It is copied, and the copy dropped. The exit
status is 1 when ``_read_group`` takes more than 1.5 times what psql takes.
"""

import sys

import common

from odoo import Command
from odoo.tools import SQL

EMPLOYEES = 5000
SKILLS = 12
BATCH = 1000
LIMIT = 1.5
START = "2020-01-01"


def create_role(env):
    """Create a role that takes twelve skills, and a job position with it."""
    skill_type = env["hr.skill.type"].create(
        {
            "name": "Benchmark",
            "skill_ids": [
                Command.create({"name": f"Skill {number}"}) for number in range(SKILLS)
            ],
            "skill_level_ids": [
                Command.create({"name": f"Level {level}", "level_progress": level})
                for level in (25, 50, 75, 100)
            ],
        }
    )
    role = env["office.role"].create(
        {
            "name": "Benchmark",
            "code": "benchmark",
            "skill_ids": [
                Command.create(
                    {
                        "skill_id": skill.id,
                        "skill_level_id": skill_type.skill_level_ids[-1].id,
                        "must_have": number % 3 == 0,
                    }
                )
                for number, skill in enumerate(skill_type.skill_ids)
            ],
        }
    )
    return env["hr.job"].create({"name": "Benchmark", "office_role_id": role.id})


def create_employees(env, job):
    """Create the employees; every second one has the skills, at different levels."""
    for first in range(0, EMPLOYEES, BATCH):
        env["hr.employee"].create(
            [
                {"name": f"Benchmark {number}", "job_id": job.id, "date_version": START}
                for number in range(first, first + BATCH)
            ]
        )
        env.flush_all()
        env.invalidate_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_employee_skill
                   (employee_id, skill_id, skill_type_id, skill_level_id, valid_from)
            SELECT employee.id, skill.id, skill.skill_type_id, level.id, %(start)s
              FROM hr_employee employee
              JOIN hr_version version
                ON version.id = employee.current_version_id AND version.job_id = %(job)s
              JOIN office_role_skill requirement ON requirement.role_id = %(role)s
              JOIN hr_skill skill ON skill.id = requirement.skill_id
              JOIN hr_skill_level level
                ON level.skill_type_id = skill.skill_type_id
               AND level.level_progress = 25 * (1 + (employee.id + skill.id) %% 4)
             WHERE employee.id %% 2 = 0
            """,
            start=START,
            job=job.id,
            role=job.office_role_id.id,
        )
    )
    env.cr.commit()  # psql reads the same rows, from a connection of its own
    env.cr.execute("ANALYZE")
    env.cr.commit()


def measure(env, role, groupby, repeat):
    """Return the medians of ``_read_group`` and of its SELECT in psql."""
    gaps = env(user=env.ref("base.user_admin"))["office.role.gap"]
    groups = []

    def read():
        gaps.env.invalidate_all()
        groups[:] = gaps._read_group(
            [("role_id", "=", role.id)],
            groupby,
            ["shortfall:sum", "must_have_missed_count:sum", "__count"],
        )

    ours = common.median_ms(read, repeat)
    query = common.last_query(env.cr)
    if sum(group[-1] for group in groups) != EMPLOYEES * SKILLS:
        raise SystemExit("the report does not show every employee and skill")
    env.cr.rollback()
    return ours, common.psql_median_ms(env.cr, query, repeat)


def main():
    arguments = common.parse_arguments(__doc__.splitlines()[0])
    with common.scratch_environment(arguments.database) as env:
        job = create_role(env)
        create_employees(env, job)
        medians = measure(
            env, job.office_role_id, ["role_id", "skill_id"], arguments.repeat
        )
    title = f"{EMPLOYEES} employees × {SKILLS} skills by role and skill: _read_group"
    return common.verdict(title, *medians, LIMIT)


if __name__ == "__main__":
    sys.exit(main())
