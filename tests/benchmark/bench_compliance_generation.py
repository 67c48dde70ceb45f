"""Filings of 13 months × 50 companies × 80 obligations beside a plain INSERT of them.

    python tests/benchmark/bench_compliance_generation.py -c odoo.conf -d DATABASE

The database has back_office_compliance installed. It is copied, and the copy dropped.
The exit status is 1 when generating takes more than 1.5 times what the INSERT of the
same rows takes, whose dates are known already, or when 50 companies need more than some
statements more than one does.
"""

import statistics
import sys
import time

import common
from psycopg2.extras import execute_values

from odoo import Command

COMPANIES = 50
OBLIGATIONS = 80
MONTHS = 13
LIMIT = 1.5
LIMIT_QUERIES = 20


def create_obligations(env):
    """Create the obligations, each due on another day of the month."""
    country = env.ref("base.us")
    place = env["compliance.jurisdiction"].create(
        {"name": "Benchmark", "country_id": country.id, "holiday_subdivision": "DC"}
    )
    office = env["compliance.authority"].create(
        {"name": "Benchmark", "jurisdiction_id": place.id}
    )
    return env["compliance.obligation"].create(
        [
            {
                "name": f"Benchmark {number}",
                "code": f"BENCHMARK-{number}",
                "authority_id": office.id,
                "rule_ids": [
                    Command.create(
                        {
                            "date_from": "2020-01-01",
                            "months": 1,
                            "day_rule": "day",
                            "day": number % 28 + 1,
                        }
                    )
                ],
            }
            for number in range(OBLIGATIONS)
        ]
    )


def create_companies(env):
    return env["res.company"].create(
        [
            {"name": f"Benchmark {number}", "country_id": env.ref("base.us").id}
            for number in range(COMPANIES)
        ]
    )


def timed(env, function, repeat):
    """Return the median milliseconds; what was inserted is rolled back each time."""
    times = []
    for _number in range(repeat + 2):
        env.cr.execute("SAVEPOINT benchmark")
        env.invalidate_all()
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1000)
        env.invalidate_all(flush=False)
        env.cr.execute("ROLLBACK TO SAVEPOINT benchmark")
    return statistics.median(times[2:])


def count_statements(env, obligations, companies):
    """Return how many statements it takes to generate; nothing is kept."""
    env.cr.execute("SAVEPOINT benchmark")
    env.invalidate_all()
    before = env.cr.sql_log_count
    obligations._generate_filings(companies)
    env.flush_all()
    queries = env.cr.sql_log_count - before
    env.invalidate_all(flush=False)
    env.cr.execute("ROLLBACK TO SAVEPOINT benchmark")
    return queries


def read_rows(env, obligations, companies):
    """Return the columns and the rows of what is generated, without keeping them."""
    env.cr.execute("SAVEPOINT benchmark")
    filings = obligations._generate_filings(companies)
    env.flush_all()
    if len(filings) < MONTHS * COMPANIES * OBLIGATIONS * 0.95:
        raise SystemExit(f"only {len(filings)} filings were generated")
    env.cr.execute("SELECT * FROM compliance_filing ORDER BY id")
    names = [column.name for column in env.cr._obj.description]
    kept = [number for number, name in enumerate(names) if name != "id"]
    rows = [tuple(row[number] for number in kept) for row in env.cr.fetchall()]
    env.invalidate_all(flush=False)
    env.cr.execute("ROLLBACK TO SAVEPOINT benchmark")
    return [names[number] for number in kept], rows


def main():
    arguments = common.parse_arguments(__doc__.splitlines()[0])
    with common.scratch_environment(arguments.database) as env:
        env["compliance.filing"].search([]).unlink()
        obligations, companies = create_obligations(env), create_companies(env)
        env.flush_all()
        columns, rows = read_rows(env, obligations, companies)
        statement = f"INSERT INTO compliance_filing ({', '.join(columns)}) VALUES %s"
        plain = timed(
            env,
            lambda: execute_values(env.cr._obj, statement, rows, page_size=1000),
            arguments.repeat,
        )
        ours = timed(
            env,
            lambda: (obligations._generate_filings(companies), env.flush_all()),
            arguments.repeat,
        )
        many = count_statements(env, obligations, companies)
        one = count_statements(env, obligations, companies[:1])
    common.say(f"statements: {many}, with one company {one}")
    title = f"{len(rows)} filings generated in one batch"
    status = common.verdict(title, ours, plain, LIMIT)
    return status | (many - one > LIMIT_QUERIES)


if __name__ == "__main__":
    sys.exit(main())
