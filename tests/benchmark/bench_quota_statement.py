"""Calculate 4,800 statements with 220,000 lines: 200 people, 24 months.

Prints the seconds of ``quota.statement.engine._compute_statements`` beside hand-written
SQL that writes the same statements and lines, and fails when it takes more than 1.5
times as long, or when twice the invoices take more than twice the time and a bit.
"""

import sys
import time

from common import parse_arguments, say, scratch_environment
from quota_data import DOCUMENTS, make_documents, make_people, make_plans, make_teams

from odoo import Command
from odoo.tools import SQL

LIMIT = 1.5
# How much longer per line the larger size may take than the smaller one.
GROWTH_LIMIT = 1.3
BASIS = "invoiced"


def make_commission_plan(env, people):
    """Put everybody on a plan: 2 %, and 5 % above the target."""
    env["quota.commission.plan"].create(
        {
            "name": "Benchmark",
            "date_from": "2025-01-01",
            "base_rate": 0.02,
            "tier_ids": [Command.create({"threshold": 1.0, "rate": 0.05})],
            "assignment_ids": [Command.create({"user_id": user.id}) for user in people],
        }
    )
    env.flush_all()


def compute(env, periods):
    env["quota.statement.engine"]._compute_statements(periods)


# What somebody would write by hand for this plan: it knows that there is one rate, one
# tier, no split, no refund that follows an invoice, and nothing frozen.
HEADERS = """
    INSERT INTO quota_statement (
        period_id, plan_id, company_id, date_from, date_to, basis, state, user_id,
        team_id, target_id, commission_plan_id, target_amount, credited, attainment,
        commission, adjustment, total, terms, computed_on, create_uid, create_date,
        write_uid, write_date
    )
    SELECT t.period_id, t.plan_id, t.company_id, t.date_from, t.date_to, t.basis,
           'computed', t.user_id, t.team_id, t.id, a.plan_id, t.amount,
           COALESCE(c.amount, 0), COALESCE(c.amount, 0) / t.amount,
           ROUND(COALESCE(c.amount, 0) * 0.02
                 + GREATEST(COALESCE(c.amount, 0) - t.amount, 0) * 0.03, 2),
           0,
           ROUND(COALESCE(c.amount, 0) * 0.02
                 + GREATEST(COALESCE(c.amount, 0) - t.amount, 0) * 0.03, 2),
           jsonb_build_object(
               'target', t.amount::text, 'base_rate', '0.02', 'cap', '0.00',
               'minimum', '0.0', 'rounding', '0.01', 'plan', 'Benchmark',
               'categories', '[]'::jsonb, 'tiers',
               '[{"threshold": "1.0", "rate": "0.05", "accelerator": "1.0"}]'::jsonb),
           now(), 1, now(), 1, now()
      FROM quota_target t
      JOIN quota_commission_assignment a ON a.user_id = t.user_id
 LEFT JOIN (SELECT date_trunc('month', invoice_date)::date AS month,
                   invoice_user_id AS user_id, SUM(amount_untaxed_signed) AS amount
              FROM account_move
             WHERE state = 'posted' AND company_id = %(company)s
               AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
             GROUP BY 1, 2) c
           ON c.month = t.date_from AND c.user_id = t.user_id
     WHERE t.period_id = ANY(%(periods)s)
"""
LINES = """
    INSERT INTO quota_statement_line (
        statement_id, company_id, user_id, date, move_id, move_name, partner_id, amount,
        rate, commission
    )
    SELECT id, company_id, user_id, date, move_id, name, partner_id, amount, 0.02,
           upto - LAG(upto, 1, 0::numeric) OVER (PARTITION BY id ORDER BY date, move_id)
      FROM (SELECT s.id, s.company_id, s.user_id, m.invoice_date AS date,
                   m.id AS move_id, m.name, m.partner_id,
                   m.amount_untaxed_signed AS amount,
                   ROUND(SUM(m.amount_untaxed_signed)
                         OVER (PARTITION BY s.id ORDER BY m.invoice_date, m.id)
                         * s.commission / NULLIF(s.credited, 0), 2) AS upto
              FROM account_move m
              JOIN quota_statement s
                   ON s.date_from = date_trunc('month', m.invoice_date)::date
                  AND s.user_id = m.invoice_user_id
             WHERE m.state = 'posted' AND m.company_id = %(company)s
               AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND s.period_id = ANY(%(periods)s)) line
     ORDER BY id, date, move_id
"""


def by_hand(env, periods):
    """Write the same statements and lines with two statements of SQL."""
    env.cr.execute("DISCARD PLANS")  # as the add-on does, and for its reason
    arguments = {"periods": periods.ids, "company": env.company.id}
    env.cr.execute(SQL(HEADERS, **arguments))
    env.cr.execute(SQL(LINES, **arguments))


def vacuum(env):
    """Let no measurement pay for the rows that the one before left behind."""
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE quota_statement, quota_statement_line")
    env.cr._cnx.autocommit = False


def measure(env, function, periods):
    """Return the seconds of ``function``, and what it wrote; it is rolled back."""
    vacuum(env)
    start = time.perf_counter()
    function(env, periods)
    seconds = time.perf_counter() - start
    env.cr.execute(
        "SELECT count(*), sum(commission), (SELECT count(*) FROM quota_statement_line),"
        " (SELECT sum(commission) FROM quota_statement_line) FROM quota_statement"
    )
    written = env.cr.fetchone()
    env.cr.rollback()
    env.invalidate_all()
    return seconds, written


def fastest(env, function, periods, repeat):
    """Return the least seconds of some measurements, and what was written."""
    results = [measure(env, function, periods) for _number in range(repeat)]
    if len({written for _seconds, written in results}) != 1:
        raise SystemExit("The measurements did not write the same")
    return min(results)


def last_month(env, periods):
    """Return the seconds of one month's statements when all others are frozen.

    What each of those misses since is looked for, too: nothing.
    """
    compute(env, periods)
    last = periods.sorted("date_from")[-1]
    env.cr.execute(
        SQL(
            "UPDATE quota_statement SET state = 'confirmed' WHERE period_id != %s",
            last.id,
        )
    )
    vacuum(env)
    env.invalidate_all()
    start = time.perf_counter()
    compute(env, last)
    seconds = time.perf_counter() - start
    env.cr.rollback()
    return seconds


def main():
    """Measure at two sizes, print, and return the exit status."""
    arguments = parse_arguments(__doc__)
    repeat = min(arguments.repeat, 3)
    sizes, failed = {}, False
    with scratch_environment(arguments.database) as env:
        people, teams = make_people(env), make_teams(env)
        periods = make_plans(env, BASIS, people).period_ids
        make_commission_plan(env, people)
        for _half in range(2):
            make_documents(env, people, teams, DOCUMENTS // 2)
            ours, written = fastest(env, compute, periods, repeat)
            hand, expected = fastest(env, by_hand, periods, repeat)
            if written != expected:
                raise SystemExit(f"By hand {expected}, but here {written}")
            sizes[written[2]] = ours
            say(
                f"{written[0]:,} statements, {written[2]:,} lines: {ours:.2f} s;"
                f" by hand {hand:.2f} s; ratio {ours / hand:.2f}"
            )
            failed |= ours / hand > LIMIT
        say(f"the last month, with all others frozen: {last_month(env, periods):.2f} s")
    small, large = sorted(sizes)
    growth = (sizes[large] / large) / (sizes[small] / small)
    say(f"time per line, {large:,} against {small:,}: × {growth:.2f}")
    if failed or growth > GROWTH_LIMIT:
        say(f"FAILED: over {LIMIT}, or growing by more than {GROWTH_LIMIT}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
