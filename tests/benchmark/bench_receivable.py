"""Receivables: the board and the ageing on 200,000 invoices, and 20,000 promises.

Prints the milliseconds of what Odoo does beside the same SQL by hand in psql, and fails
when it takes more than 1.5 times as long, or when the decision about the promises takes
more than one statement a state.

``FRONT_OFFICE_RECEIVABLE_SCALE=0.1`` makes a tenth of it, to try it out.
"""

import os
import sys
import time

from common import (
    filled_in,
    median_ms,
    once_ms,
    parse_arguments,
    psql_median_ms,
    say,
    scratch_environment,
    verdict,
)

from odoo import fields
from odoo.tools import SQL

SCALE = float(os.environ.get("FRONT_OFFICE_RECEIVABLE_SCALE", 1))
INVOICES = int(200_000 * SCALE)
PROMISES = int(20_000 * SCALE)
PEOPLE = 100
# Of ten invoices six are closed.
CLOSED_OF_TEN = 6
LIMIT = 1.5
PAGE = 80


class Data:
    """Ids that the statements below refer to."""

    def __init__(self, env):
        company = env.company
        journals = env["account.journal"].search([("company_id", "=", company.id)])
        accounts = env["account.account"].search([("company_ids", "in", company.ids)])
        users = env["res.users"].create(
            [
                {"name": f"Caller {n}", "login": f"receivable_benchmark_{n}"}
                for n in range(PEOPLE)
            ]
        )
        partners = env["res.partner"].create(
            [{"name": f"Customer {n}"} for n in range(500)]
        )
        receivable = accounts.filtered(lambda a: a.account_type == "asset_receivable")
        self.users = users
        self.values = {
            "invoices": INVOICES,
            "promises": PROMISES,
            "closed": CLOSED_OF_TEN,
            "company": company.id,
            "currency": company.currency_id.id,
            "sale": journals.filtered(lambda j: j.type == "sale")[:1].id,
            "misc": journals.filtered(lambda j: j.type == "general")[:1].id,
            "receivable": receivable[:1].id,
            "users": users.ids,
            "people": PEOPLE,
            "partners": partners.ids,
            "today": fields.Date.today(),
        }
        env.flush_all()


STATEMENTS = (
    # n: its number; the first open ones are promised
    """
    CREATE TEMP TABLE bench AS
    SELECT nextval('account_move_id_seq')::integer AS id, n,
           n %% 10 < %(closed)s AS closed,
           (%(users)s::integer[])[1 + n / 10 %% %(people)s] AS user_id,
           (%(partners)s::integer[])[1 + n %% 500] AS partner_id,
           %(today)s::date + 30 - (n::bigint * 7919 / 13 %% 200)::integer AS due,
           (100 + n::bigint * 104729 %% 300000 / 100.0)::numeric(16, 2) AS amount,
           CASE WHEN n %% 10 >= %(closed)s
                THEN ROW_NUMBER() OVER (PARTITION BY n %% 10 >= %(closed)s ORDER BY n)
           END AS place
      FROM generate_series(1, %(invoices)s) n
    """,
    """
    INSERT INTO account_move (
        id, name, state, move_type, auto_post, journal_id, company_id, currency_id,
        partner_id, commercial_partner_id, date, invoice_date, invoice_date_due,
        invoice_user_id, payment_state, amount_total, amount_total_signed,
        amount_residual, amount_residual_signed)
    SELECT id, 'BENCH/' || id, 'posted', 'out_invoice', 'no', %(sale)s, %(company)s,
           %(currency)s, partner_id, partner_id, due - 30, due - 30, due, user_id,
           CASE WHEN closed THEN 'paid' ELSE 'not_paid' END, amount, amount,
           CASE WHEN closed THEN 0 ELSE amount END,
           CASE WHEN closed THEN 0 ELSE amount END
      FROM bench
    """,
    """
    INSERT INTO account_move_line (
        move_id, company_id, company_currency_id, journal_id, currency_id, partner_id,
        date, date_maturity, parent_state, display_type, account_id, name, debit,
        credit, balance, amount_currency, amount_residual, reconciled)
    SELECT id, %(company)s, %(currency)s, %(sale)s, %(currency)s, partner_id, due - 30,
           due, 'posted', kind, %(receivable)s, 'Benchmark',
           GREATEST(side * amount, 0), GREATEST(-side * amount, 0), side * amount,
           side * amount, CASE WHEN closed OR side < 0 THEN 0 ELSE amount END,
           closed AND side > 0
      FROM bench
CROSS JOIN (VALUES (1, 'payment_term'), (-1, 'product')) AS item(side, kind)
    """,
    # a call an open invoice in turn, and promises on the first of them
    """
    CREATE TEMP TABLE bench_call AS
    SELECT nextval('receivable_call_id_seq')::integer AS id, bench.id AS move_id, place,
           user_id, partner_id, amount, (place <= %(promises)s) AS promised
      FROM bench WHERE place IS NOT NULL AND (place %% 2 = 0 OR place <= %(promises)s)
    """,
    """
    INSERT INTO receivable_call (
        id, company_id, partner_id, user_id, date, outcome, reason, amount_due,
        paid_before, logged)
    SELECT id, %(company)s, partner_id, user_id, %(today)s::date - 20, 'reached',
           (ARRAY['not_received', 'disputed', 'approval', 'cash'])[1 + place %% 4],
           amount, 0, TRUE
      FROM bench_call
    """,
    """
    INSERT INTO receivable_call_move_rel (call_id, move_id)
    SELECT id, move_id FROM bench_call
    """,
    """
    INSERT INTO receivable_case (move_id, company_id, call_id, promise_call_id, reason)
    SELECT move_id, %(company)s, id, CASE WHEN promised THEN id END,
           (ARRAY['not_received', 'disputed', 'approval', 'cash'])[1 + place %% 4]
      FROM bench_call
    """,
    """
    INSERT INTO receivable_promise (
        call_id, company_id, partner_id, user_id, date, amount, deadline, state)
    SELECT id, %(company)s, partner_id, user_id, day, amount, day + 2, 'open'
      FROM (SELECT bench_call.*,
                   %(today)s::date - 12 + (place %% 20)::integer AS day
              FROM bench_call WHERE promised) x
    """,
    # of three promises one is kept
    """
    WITH paid AS (
        SELECT nextval('account_move_id_seq')::integer AS payment_id, bench_call.*
          FROM bench_call WHERE promised AND place %% 3 = 0
    ), entry AS (
        INSERT INTO account_move (
            id, name, state, move_type, auto_post, journal_id, company_id, currency_id,
            partner_id, date)
        SELECT payment_id, 'BENCHPAY/' || payment_id, 'posted', 'entry', 'no', %(misc)s,
               %(company)s, %(currency)s, partner_id, %(today)s::date - 15
          FROM paid RETURNING id
    ), item AS (
        INSERT INTO account_move_line (
            move_id, company_id, company_currency_id, journal_id, currency_id,
            partner_id, date, parent_state, display_type, account_id, name, debit,
            credit, balance, amount_currency)
        SELECT payment_id, %(company)s, %(currency)s, %(misc)s, %(currency)s,
               partner_id, %(today)s::date - 15, 'posted', 'product', %(receivable)s,
               'Benchmark', 0, amount, -amount, -amount
          FROM paid RETURNING id, move_id
    )
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, max_date, company_id)
    SELECT line.id, item.id, paid.amount, paid.amount, paid.amount,
           %(today)s::date - 15, %(company)s
      FROM paid
      JOIN item ON item.move_id = paid.payment_id
      JOIN account_move_line line ON line.move_id = paid.move_id
           AND line.display_type = 'payment_term'
    """,
)

BOARD = """
    SELECT line.id, line.move_id, move.commercial_partner_id, line.date_maturity,
           %(today)s::date - line.date_maturity AS days, line.amount_residual,
           known.reason, known.next_call_date, known.paused_on IS NOT NULL AS paused
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
 LEFT JOIN receivable_case known ON known.move_id = move.id
     WHERE line.display_type = 'payment_term' AND line.parent_state = 'posted'
           AND line.reconciled IS NOT TRUE AND line.amount_residual <> 0
           AND move.move_type IN ('out_invoice', 'out_receipt')
           AND line.date_maturity < %(today)s
           AND move.invoice_user_id = %(user)s AND line.company_id = %(company)s
     ORDER BY line.date_maturity, line.amount_residual DESC, line.id
     LIMIT %(page)s
"""
AGEING = """
    SELECT known.reason,
           CASE WHEN line.date_maturity >= %(today)s THEN '0'
                WHEN line.date_maturity >= %(today)s::date - 30 THEN '1'
                WHEN line.date_maturity >= %(today)s::date - 60 THEN '2'
                WHEN line.date_maturity >= %(today)s::date - 90 THEN '3'
                ELSE '4' END AS bucket,
           SUM(line.amount_residual), COUNT(*)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
 LEFT JOIN receivable_case known ON known.move_id = move.id
     WHERE line.display_type = 'payment_term' AND line.parent_state = 'posted'
           AND line.reconciled IS NOT TRUE AND line.amount_residual <> 0
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
           AND line.company_id = %(company)s
     GROUP BY 1, 2 ORDER BY 1, 2
"""
COLUMNS = [
    "move_id",
    "partner_id",
    "date_due",
    "days",
    "amount",
    "reason",
    "next_call_date",
    "paused",
]


def generate(env, data):
    start = time.perf_counter()
    for statement in STATEMENTS:
        env.cr.execute(SQL(statement, **data.values))
    env.cr.commit()
    for table in (
        "account_move",
        "account_move_line",
        "account_partial_reconcile",
        "receivable_call",
        "receivable_call_move_rel",
        "receivable_case",
        "receivable_promise",
    ):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.commit()
    env.invalidate_all()
    say(f"{INVOICES} invoices in {time.perf_counter() - start:.0f} s")


def board(env, data, repeat):
    """Measure one person's first page of what is overdue."""
    user = data.users[0]
    items = env["receivable.item"]
    domain = [
        ("overdue", "=", True),
        ("user_id", "=", user.id),
        ("company_id", "=", env.company.id),
    ]

    def ours():
        items.invalidate_model(flush=False)
        return items.search_fetch(domain, COLUMNS, limit=PAGE)

    values = {**data.values, "user": user.id, "page": PAGE}
    query = SQL(BOARD, **values)
    found = [row[0] for row in env.execute_query(query)]
    if ours().ids != found:
        raise SystemExit("The board is not what the SQL by hand says")
    return verdict(
        "board",
        median_ms(ours, repeat),
        psql_median_ms(env.cr, filled_in(env.cr, query), repeat),
        LIMIT,
    )


def ageing(env, data, repeat):
    """Measure the sum of everything that is open by reason and age."""
    items = env["receivable.item"]
    domain = [("company_id", "=", env.company.id)]

    def ours():
        return items._read_group(
            domain, ["reason", "bucket"], ["amount:sum", "__count"]
        )

    query = SQL(AGEING, **data.values)
    by_hand = {
        (reason or False, key): rest for reason, key, *rest in env.execute_query(query)
    }
    for reason, key, amount, count in ours():
        total, number = by_hand.pop((reason, key))
        if count != number or abs(amount - float(total)) > 0.01:
            raise SystemExit(f"{reason}, {key}: not what the SQL by hand says")
    if by_hand:
        raise SystemExit("The ageing lacks groups")
    return verdict(
        "ageing",
        median_ms(ours, repeat),
        psql_median_ms(env.cr, filled_in(env.cr, query), repeat),
        LIMIT,
    )


def activities(env):
    """Plan the activities of the broken promises, in batches as the cron does."""
    counts = []
    start = time.perf_counter()
    while True:
        before = env.cr.sql_log_count
        size = env["receivable.call"]._plan_activities()
        env.flush_all()
        env.invalidate_all()
        if not size:
            break
        counts.append((size, env.cr.sql_log_count - before))
    taken = time.perf_counter() - start
    planned = sum(size for size, _count in counts)
    say(f"activities: {planned} in {len(counts)} batches, {taken:.1f} s")
    say(f"statements of a batch: {[count for _size, count in counts]}")
    # Odoo subscribes each salesperson by itself; the calls themselves cost nothing more
    return int(any(count > 60 + 5 * PEOPLE for _size, count in counts))


def promises(env):
    """Decide all promises; one statement a state, and the next calls of the broken."""
    failed = 0
    # as the cron does: the days of the companies are looked up once, and nothing is
    # compiled
    today = env["receivable.promise"]._get_today()
    env.cr.execute("SET LOCAL jit = off")
    for state in ("void", "kept", "broken", "open"):
        changed = []
        before = env.cr.sql_log_count

        def decide(state=state, changed=changed):
            changed += env["receivable.promise"]._decide(state, today=today)

        taken = once_ms(decide)
        statements = env.cr.sql_log_count - before
        # besides the statement of the state: the company, its schedule with what that
        # refers to, the next calls, and the marks of what is to be planned
        allowed = 15 if state == "broken" else 1
        failed |= statements > allowed
        say(
            f"{state}: {len(changed)} promises, {statements} statements, {taken:.0f} ms"
        )
    failed |= activities(env)
    decided = env["receivable.promise"]._read_group([], ["state"], ["__count"])
    say(f"promises by state: {dict(decided)}")
    return int(failed)


def main():
    arguments = parse_arguments(__doc__)
    with scratch_environment(arguments.database) as env:
        data = Data(env)
        generate(env, data)
        failed = board(env, data, arguments.repeat)
        failed |= ageing(env, data, arguments.repeat)
        failed |= promises(env)
    return failed


if __name__ == "__main__":
    sys.exit(main())
