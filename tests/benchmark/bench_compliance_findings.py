"""Find 100,000 records at once, find them again, and resolve them.

Prints the milliseconds of ``compliance.check._run_checks`` beside what somebody would
write by hand with psql: the insertion of the same findings, and the question itself.
Fails when the first run takes more than 2.5 times, a later run more than 3 times as
long; when a run without changes writes a row of ``compliance_finding``; when a run of a
hundred times the findings needs more than some statements more; or when the memory of
the process grows by 200 MiB.

The question here is a mere look-up by an index, so that comparing every answer with the
100,000 known findings takes as long as the question itself. A check that has to look
for its answers, as those that ship, spends a smaller share on that.
"""

import resource
import statistics
import sys
import time

from common import (
    parse_arguments,
    psql_median_ms,
    say,
    scratch_environment,
    verdict,
)

from odoo.tools import SQL

RECORDS = 100_000
# of this many records the check names RECORDS
TOTAL = 600_000
FEW = 1000
LIMIT_FIRST = 2.5
LIMIT_AGAIN = 3
LIMIT_MIB = 200
LIMIT_QUERIES = 60

BY_HAND_QUESTION = """
    SELECT id, '', jsonb_build_object('name', name, 'color', color)
      FROM res_partner
     WHERE ref = 'benchmark' AND active
       AND (company_id = {company} OR company_id IS NULL)
"""
BY_HAND_INSERTION = """
    INSERT INTO compliance_finding (
        check_id, company_id, family, severity, severity_rank, res_model, res_id, key,
        values, state, first_seen, seen_until, reopened, create_date, write_date
    )
    SELECT {check}, {company}, 'other', 'medium', 1, 'res.partner', id, '',
           jsonb_build_object('name', name, 'color', color), 'open', now(), now(), 0,
           now(), now()
      FROM res_partner
     WHERE ref = 'benchmark' AND active
       AND (company_id = {company} OR company_id IS NULL)
"""


def make_partners(env, number, reference, first):
    """Insert partners of the company past the ORM."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO res_partner (name, complete_name, ref, color, active,
                                     company_id, type, autopost_bills)
            SELECT 'Partner ' || n, 'Partner ' || n, %s, n %% 12, TRUE, %s, 'contact',
                   'ask'
              FROM generate_series(%s, %s) n
            """,
            reference,
            env.company.id,
            first,
            first + number - 1,
        )
    )


def make_check(env):
    return env["compliance.check"].create(
        {
            "code": "BENCHMARK",
            "name": "Benchmark",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "domain": "[('ref', '=', 'benchmark')]",
            "value_fields": "name, color",
            "timeout": 600,
        }
    )


def run(env, check):
    """Run the check and commit; return the line, milliseconds and statements."""
    env.invalidate_all()
    before = env.cr.sql_log_count
    start = time.perf_counter()
    line = env["compliance.check"]._run_checks(env.company, check).line_ids
    env.cr.commit()
    spent = (time.perf_counter() - start) * 1000
    if line.result not in ("pass", "fail"):
        raise SystemExit(f"The check did not run: {line.error}")
    return line, spent, env.cr.sql_log_count - before


def written_rows(env):
    """Return a figure that changes whenever a row of the findings is written."""
    env.cr.execute(
        "SELECT COUNT(*), MAX(xmin::text::bigint), MAX(ctid) FROM compliance_finding"
    )
    return env.cr.fetchone()


def by_hand_question(env, repeat):
    """Return the milliseconds of the question, asked with psql."""
    text = BY_HAND_QUESTION.format(company=env.company.id)
    return psql_median_ms(env.cr, text.strip(), repeat)


def main():
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__)
    repeat = min(arguments.repeat, 5)
    with scratch_environment(arguments.database) as env:
        make_partners(env, TOTAL - RECORDS, None, 1)
        make_partners(env, FEW, "benchmark", TOTAL)
        check = make_check(env)
        env.cr.commit()
        env.cr.execute("ANALYZE res_partner")
        _line, _spent, few_queries = run(env, check)
        make_partners(env, RECORDS - FEW, "benchmark", TOTAL + FEW)
        env.cr.execute(SQL("DELETE FROM compliance_finding"))
        env.cr.commit()
        env.cr.execute("ANALYZE res_partner")
        env.cr.commit()
        return measure(env, check, few_queries, repeat)


def measure(env, check, few_queries, repeat):
    """Run for all of the records, once and again; return the exit status."""
    insertion = by_hand_insertion(env, check, repeat)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line, first, queries = run(env, check)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    if line.new_count != RECORDS:
        raise SystemExit(f"Found {line.new_count} instead of {RECORDS}")
    status = verdict(
        f"{RECORDS} findings, the first time", first, insertion, LIMIT_FIRST
    )
    say(f"statements: {queries}, with {FEW} findings {few_queries}")
    say(f"memory: {grown:.0f} MiB more")
    status |= queries - few_queries > LIMIT_QUERIES or grown > LIMIT_MIB
    env.cr.execute("ANALYZE compliance_finding")
    env.cr.commit()

    before = written_rows(env)
    again = statistics.median(run(env, check)[1] for _number in range(repeat))
    if written_rows(env) != before:
        say("FAILED: a run without changes wrote findings")
        status = 1
    question = by_hand_question(env, repeat)
    status |= verdict("nothing changed", again, question, LIMIT_AGAIN)

    env.cr.execute("UPDATE res_partner SET ref = NULL WHERE ref = 'benchmark'")
    env.cr.commit()
    line, spent, _queries = run(env, check)
    if line.resolved_count != RECORDS:
        raise SystemExit(f"Resolved {line.resolved_count} instead of {RECORDS}")
    say(f"all of them resolved, each with a line in its chatter: {spent:.0f} ms")
    return int(status)


def by_hand_insertion(env, check, repeat):
    """Return the milliseconds of the insertion alone, which is rolled back."""
    text = BY_HAND_INSERTION.format(company=env.company.id, check=check.id)
    times = []
    for _number in range(repeat):
        start = time.perf_counter()
        env.cr.execute(text)
        times.append((time.perf_counter() - start) * 1000)
        env.cr.rollback()
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
