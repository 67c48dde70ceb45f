"""Refresh what 200 people achieved in 24 months of 220,000 invoices and refunds.

Prints the milliseconds of ``quota.target._recompute_achieved`` beside hand-written SQL
that writes the same cells, invoiced and collected, and fails when it takes more than
1.5 times as long, when the two disagree on a cell, or when the refresh after one
changed invoice costs more than 2 % of a full one.

``FRONT_OFFICE_QUOTA_SCALE=0.1`` makes a tenth of the invoices, to try it out.
"""

import os
import statistics
import sys
import time

from common import parse_arguments, say, scratch_environment

from odoo.tools import SQL

PEOPLE = 200
TEAMS = 10
MOVES = 220_000
PAYMENTS = 160_000
ENTRY = 20  # payments in a journal entry
SCALE = float(os.environ.get("FRONT_OFFICE_QUOTA_SCALE", 1))
LIMIT = 1.5
ONE_LIMIT = 0.02

FIRST_DAY, DAYS = "2024-01-01", 731


class Data:
    """What the statements that generate the data refer to."""

    def __init__(self, env, scale):
        self.env = env
        self.moves = int(MOVES * scale)
        self.payments = int(PAYMENTS * scale)
        self.company = env.company
        self.users = env["res.users"].create(
            [{"name": f"Person {n}", "login": f"benchmark_{n}"} for n in range(PEOPLE)]
        )
        self.teams = env["crm.team"].create(
            [{"name": f"Team {n}"} for n in range(TEAMS)]
        )
        self.journal = env["account.journal"].create(
            {"name": "Benchmark", "code": "BENCH", "type": "general"}
        )
        self.account = env["account.account"].create(
            {
                "name": "Benchmark",
                "code": "999123",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        env.flush_all()
        self.move_base = self._last_id("account_move")
        self.line_base = self._last_id("account_move_line")

    def _last_id(self, table):
        """Return the highest id and leave room for explicit ones after it."""
        ((last,),) = self.env.execute_query(
            SQL(
                "SELECT COALESCE(MAX(id), 0) FROM %s",
                SQL.identifier(table),
            )
        )
        return last

    def values(self):
        return {
            "move_base": self.move_base,
            "line_base": self.line_base,
            "moves": self.moves,
            "payments": self.payments,
            "company": self.company.id,
            "currency": self.company.currency_id.id,
            "journal": self.journal.id,
            "account": self.account.id,
            "users": self.users.ids,
            "teams": self.teams.ids,
            "people": PEOPLE,
            "teams_count": TEAMS,
            "entry": ENTRY,
            "first_day": FIRST_DAY,
            "days": DAYS,
        }


DOCUMENTS = """
    INSERT INTO account_move (
        id, name, move_type, state, auto_post, journal_id, company_id, currency_id,
        date, invoice_date, amount_untaxed_signed, amount_total_signed,
        invoice_user_id, team_id, reversed_entry_id)
    SELECT %(move_base)s + n, 'BENCH/' || n,
           CASE WHEN n %% 11 = 0 THEN 'out_refund' ELSE 'out_invoice' END,
           'posted', 'no', %(journal)s, %(company)s, %(currency)s, day, day,
           sign * untaxed, sign * ROUND(untaxed * 1.15, 2),
           CASE WHEN n %% 22 = 0 OR n %% 50 = 0 THEN NULL
                ELSE (%(users)s)[1 + n %% %(people)s] END,
           (%(teams)s)[1 + n %% %(teams_count)s],
           CASE WHEN n %% 11 = 0 THEN %(move_base)s + n - 1 END
      FROM (SELECT n,
                   CASE WHEN n %% 11 = 0 THEN -1 ELSE 1 END AS sign,
                   %(first_day)s::date + (n::bigint * 7919 %% %(days)s)::integer AS day,
                   10 + n %% 900 + (n %% 97) / 100.0 AS untaxed
              FROM generate_series(1, %(moves)s) n) x
"""
ENTRIES = """
    INSERT INTO account_move (
        id, name, move_type, state, auto_post, journal_id, company_id, currency_id,
        date)
    SELECT %(move_base)s + %(moves)s + 1 + n, 'BENCHP/' || n, 'entry', 'posted', 'no',
           %(journal)s, %(company)s, %(currency)s, %(first_day)s
      FROM generate_series(0, %(payments)s / %(entry)s) n
"""
LINES = """
    INSERT INTO account_move_line (
        id, move_id, journal_id, company_id, company_currency_id, currency_id,
        account_id, display_type, parent_state, date, balance, amount_currency,
        debit, credit)
    SELECT %(line_base)s + part * %(moves)s + m.id - %(move_base)s, m.id,
           m.journal_id, m.company_id, m.currency_id, m.currency_id, %(account)s,
           CASE part WHEN 0 THEN 'payment_term' ELSE 'product' END,
           'posted', m.date,
           CASE part WHEN 0 THEN 1 ELSE -1 END * m.amount_total_signed,
           CASE part WHEN 0 THEN 1 ELSE -1 END * m.amount_total_signed, 0, 0
      FROM account_move m, generate_series(0, 1) part
     WHERE m.id BETWEEN %(move_base)s + 1 AND %(move_base)s + %(moves)s
"""
# Documents 1 to n are paid, every tenth of them half, and a part of these again.
PAYMENT_LINES = """
    INSERT INTO account_move_line (
        id, move_id, journal_id, company_id, company_currency_id, currency_id,
        account_id, display_type, parent_state, date, balance, amount_currency,
        debit, credit)
    SELECT %(line_base)s + 2 * %(moves)s + n,
           %(move_base)s + %(moves)s + 1 + n / %(entry)s, %(journal)s, %(company)s,
           %(currency)s, %(currency)s, %(account)s, 'product', 'posted',
           %(first_day)s, 0, 0, 0, 0
      FROM generate_series(1, %(payments)s) n
"""
PARTIALS = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, company_id, debit_currency_id,
        credit_currency_id, amount, debit_amount_currency, credit_amount_currency,
        max_date)
    SELECT CASE WHEN m.move_type = 'out_refund' THEN payment_id ELSE term_id END,
           CASE WHEN m.move_type = 'out_refund' THEN term_id ELSE payment_id END,
           m.company_id, m.currency_id, m.currency_id,
           CASE WHEN d %% 10 = 0 THEN ROUND(ABS(m.amount_total_signed) / 2, 2)
                ELSE ABS(m.amount_total_signed) END,
           0, 0, m.invoice_date + n %% 40
      FROM (SELECT n, d, %(line_base)s + d AS term_id,
                   %(line_base)s + 2 * %(moves)s + n AS payment_id
              FROM (SELECT n, CASE WHEN n <= %(payments)s * 15 / 16 THEN n
                                   ELSE (n - %(payments)s * 15 / 16) * 10 END AS d
                      FROM generate_series(1, %(payments)s) n) y) x
           JOIN account_move m ON m.id = %(move_base)s + d
"""
SPLITS = """
    INSERT INTO quota_credit_split (move_id, company_id, user_id, percent)
    SELECT %(move_base)s + n, %(company)s,
           (%(users)s)[1 + (n + part) %% %(people)s],
           CASE part WHEN 0 THEN 60 ELSE 40 END
      FROM generate_series(1, %(moves)s) n, generate_series(0, 1) part
     WHERE n %% 100 = 7
"""
TARGETS = """
    INSERT INTO quota_target (
        plan_id, period_id, company_id, basis, plan_state, user_id, team_id,
        date_from, date_to, full_amount, amount, presence, achieved, attainment)
    SELECT l.id, p.id, l.company_id, l.basis, l.state, h.user_id, h.team_id,
           p.date_from, p.date_to, 50000, 50000, 1, 0, 0
      FROM quota_period p
           JOIN quota_plan l ON l.id = p.plan_id,
           (SELECT unnest(%(users)s) AS user_id, NULL::integer AS team_id
             UNION ALL SELECT NULL, unnest(%(teams)s)) h
     WHERE l.name = 'Benchmark'
"""


def generate(env, scale):
    """Fill the database."""
    data = Data(env, scale)
    values = data.values()
    for statement in (DOCUMENTS, ENTRIES, LINES, PAYMENT_LINES, PARTIALS, SPLITS):
        env.cr.execute(SQL(statement, **values))
    for basis in ("invoiced", "collected"):
        for year in (2024, 2025):
            plan = env["quota.plan"].create(
                {"name": "Benchmark", "basis": basis, "year": year}
            )
            plan.period_ids.unlink()
            env["quota.period"].create(
                [
                    {
                        "name": f"{year}-{month:02}",
                        "plan_id": plan.id,
                        "date_from": f"{year}-{month:02}-01",
                        "date_to": f"{year}-{month:02}-28",
                    }
                    for month in range(1, 13)
                ]
            )
    env.flush_all()
    env.cr.execute(
        "UPDATE quota_period SET"
        " date_to = (date_from + interval '1 month' - interval '1 day')::date"
    )
    env.cr.execute(SQL(TARGETS, **values))
    for table in ("account_move", "account_move_line"):
        env.cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))"
        )
    env.cr.commit()
    for table in (
        "account_move",
        "account_move_line",
        "account_partial_reconcile",
        "quota_target",
        "quota_period",
        "quota_credit_split",
    ):
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()
    env.invalidate_all()
    return data


# What somebody would write who knows that the periods are months.
HAND_WRITTEN = """
    WITH credit AS (%(credit)s),
    shared AS (
        SELECT c.month, COALESCE(s.user_id, c.user_id) AS user_id, c.team_id,
               CASE s.part WHEN 1 THEN ROUND(c.amount * s.percent / 100, 2)
                           WHEN 2 THEN c.amount
                                       - ROUND(c.amount * (100 - s.percent) / 100, 2)
                           ELSE c.amount END AS amount
          FROM credit c
               LEFT JOIN (SELECT move_id, user_id, percent,
                                 ROW_NUMBER() OVER (PARTITION BY move_id ORDER BY id)
                                     AS part
                            FROM quota_credit_split) s
                      ON s.move_id = c.source_id
    ), cell AS (
        SELECT month, user_id, NULL AS team_id, SUM(amount) AS amount
          FROM shared WHERE user_id IS NOT NULL GROUP BY month, user_id
         UNION ALL
        SELECT month, NULL, team_id, SUM(amount)
          FROM credit WHERE team_id IS NOT NULL GROUP BY month, team_id
    )
    UPDATE quota_target t
       SET achieved = c.amount, attainment = c.amount / t.amount
      FROM cell c
     WHERE t.basis = %(basis)s AND t.date_from = c.month
       AND (t.user_id = c.user_id AND t.user_id IS NOT NULL
            OR t.user_id IS NULL AND t.team_id = c.team_id)
"""
HOLDER = """COALESCE(m.invoice_user_id, r.invoice_user_id) AS user_id,
            CASE WHEN r.id IS NULL THEN m.team_id ELSE r.team_id END AS team_id,
            COALESCE(r.id, m.id) AS source_id"""
JOIN = """LEFT JOIN (
              SELECT f.id AS move_id, g.id, g.invoice_user_id, g.team_id
                FROM account_move f JOIN account_move g ON g.id = f.reversed_entry_id
               WHERE f.reversed_entry_id IS NOT NULL AND f.invoice_user_id IS NULL
                 AND f.move_type = 'out_refund') r ON r.move_id = m.id"""
POSTED = """m.state = 'posted'
            AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')"""
HAND_WRITTEN_CREDIT = {
    "invoiced": f"""
        SELECT date_trunc('month', m.invoice_date)::date AS month,
               m.amount_untaxed_signed AS amount, {HOLDER}
          FROM account_move m {JOIN}
         WHERE {POSTED}""",
    "collected": f"""
        SELECT date_trunc('month', x.max_date)::date AS month,
               ROUND(x.untaxed * x.upto / x.total, 2)
               - ROUND(x.untaxed * (x.upto - x.paid) / x.total, 2) AS amount,
               x.user_id, x.team_id, x.source_id
          FROM (SELECT p.max_date, p.paid, m.amount_untaxed_signed AS untaxed,
                       m.amount_total_signed AS total,
                       SUM(p.paid) OVER (PARTITION BY m.id ORDER BY p.id) AS upto,
                       {HOLDER}
                  FROM (SELECT p.id, p.max_date, p.amount AS paid,
                               p.debit_move_id AS term_id, p.credit_move_id AS other_id
                          FROM account_partial_reconcile p
                         UNION ALL
                        SELECT p.id, p.max_date, -p.amount, p.credit_move_id,
                               p.debit_move_id
                          FROM account_partial_reconcile p) p
                       JOIN account_move_line l
                         ON l.id = p.term_id AND l.display_type = 'payment_term'
                       JOIN account_move_line o
                         ON o.id = p.other_id AND o.parent_state = 'posted'
                        AND o.move_id NOT IN (
                            SELECT exchange_move_id FROM account_partial_reconcile
                             WHERE exchange_move_id IS NOT NULL)
                       JOIN account_move m ON m.id = l.move_id
                       {JOIN}
                 WHERE {POSTED}) x""",
}


def measure(env, repeat, *functions):
    """Return the median milliseconds of each function, filling cells that are all 0.

    They take turns, so that a busy moment of the machine strikes all of them.
    """
    times = [[] for _function in functions]
    for _number in range(repeat + 1):
        for function, taken in zip(functions, times, strict=True):
            env.cr.execute("UPDATE quota_target SET achieved = 0, attainment = 0")
            env.cr.commit()
            start = time.perf_counter()
            function()
            taken.append((time.perf_counter() - start) * 1000)
            env.cr.commit()
    return [statistics.median(taken[1:]) for taken in times]


def cells(env, basis):
    return env.execute_query(
        SQL(
            "SELECT id, achieved::text FROM quota_target WHERE basis = %s ORDER BY id",
            basis,
        )
    )


def compare(env, basis, repeat):
    """Measure one basis both ways; return (ours, theirs) in milliseconds."""
    target = env["quota.target"]
    theirs_query = SQL(
        HAND_WRITTEN, credit=SQL(HAND_WRITTEN_CREDIT[basis]), basis=basis
    )
    plans = env["quota.plan"].search([("basis", "=", basis)])

    def by_hand():
        env.cr.execute(theirs_query)

    def by_odoo():
        target._recompute_achieved(plans)

    # compiling takes longer than either statement
    env.cr.execute("SET jit = off")
    theirs, ours = measure(env, repeat, by_hand, by_odoo)
    our_cells = cells(env, basis)
    env.cr.execute("UPDATE quota_target SET achieved = 0, attainment = 0")
    by_hand()
    their_cells = cells(env, basis)
    env.invalidate_all()
    different = sum(
        float(a[1]) != float(b[1]) for a, b in zip(their_cells, our_cells, strict=True)
    )
    filled = sum(float(cell[1]) != 0 for cell in our_cells)
    say(
        f"{basis}: {ours:.0f} ms; hand-written {theirs:.0f} ms; ratio"
        f" {ours / theirs:.2f}; {filled} cells filled, {different} differ"
    )
    return ours, theirs, different


def one_invoice(env, data, repeat):
    """Return the median milliseconds of the refresh after a change of one invoice."""
    delta, target = env["quota.credit.delta"], env["quota.target"]
    queue_times, fold_times = [], []
    for number in range(1, repeat + 2):
        move_id = data.move_base + number
        start = time.perf_counter()
        delta._watch_moves([move_id])
        env.cr.execute(
            "UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed + 1"
            " WHERE id = %s",
            [move_id],
        )
        delta._queue_changes()
        queued = time.perf_counter()
        changed = target._refresh_achieved()
        done = time.perf_counter()
        if not 1 <= len(changed) <= 6:
            raise SystemExit(f"{len(changed)} cells changed with one invoice")
        queue_times.append((queued - start) * 1000)
        fold_times.append((done - queued) * 1000)
    return statistics.median(queue_times[1:]), statistics.median(fold_times[1:])


def main():
    arguments = parse_arguments(__doc__)
    with scratch_environment(arguments.database) as env:
        start = time.perf_counter()
        data = generate(env, SCALE)
        ((items,),) = env.execute_query(SQL("SELECT COUNT(*) FROM account_move_line"))
        say(
            f"{data.moves} invoices and refunds, {items} journal items,"
            f" {data.payments} payments in {time.perf_counter() - start:.0f} s"
        )
        results = [
            compare(env, basis, arguments.repeat) for basis in ("invoiced", "collected")
        ]
        target = env["quota.target"]
        (full,) = measure(env, arguments.repeat, target._recompute_achieved)
        say(f"full refresh of all bases: {full:.0f} ms")
        queued, folded = one_invoice(env, data, arguments.repeat)
        share = folded / full
        say(
            f"one changed invoice: {queued:.1f} ms to queue, {folded:.1f} ms to"
            f" refresh, {share:.2%} of a full one"
        )
        differing = target._recompute_achieved()
        say(f"{len(differing)} cells differ from the full computation afterwards")
    failed = (
        any(ours > LIMIT * theirs or different for ours, theirs, different in results)
        or share > ONE_LIMIT
        or differing
    )
    if failed:
        say(f"FAILED: a ratio over {LIMIT}, a share over {ONE_LIMIT:.0%} or a cell")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
