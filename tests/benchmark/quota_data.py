"""A company's two years of invoices, refunds and payments, for benchmarks of quotas.

200 people, and journal items of which two belong to every document and two to every
payment: 220,000 documents with 80,000 payments make 600,000 journal items. Everything
is written with SQL and committed, and comes out the same each time.
"""

from datetime import date, timedelta

from odoo.tools import SQL

PEOPLE = 200
TEAMS = 10
YEARS = (2025, 2026)
FIRST_DAY = date(YEARS[0], 1, 1)
DAYS = 730
DOCUMENTS = 220_000
# Of eleven documents one is a refund, and of eleven four are paid.
REFUND_EVERY = 11
PAID_OF_ELEVEN = 4


def make_people(env):
    """Return the users that sell."""
    return env["res.users"].create(
        [
            {
                "name": f"Seller {number:03}",
                "login": f"quota_benchmark_{number}",
                "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
            }
            for number in range(PEOPLE)
        ]
    )


def make_teams(env):
    """Return the sales teams."""
    return env["crm.team"].create(
        [
            {"name": f"Team {number}", "company_id": env.company.id}
            for number in range(TEAMS)
        ]
    )


def make_plans(env, basis, people):
    """Return approved plans of all years with monthly targets for everybody."""
    plans = env["quota.plan"]
    for year in YEARS:
        plan = plans.create({"name": f"{year} {basis}", "year": year, "basis": basis})
        periods = plan.period_ids
        env["quota.target"].create(
            [
                {
                    "plan_id": plan.id,
                    "period_id": period.id,
                    "user_id": user.id,
                    "full_amount": 20_000,
                }
                for period in periods
                for user in people
            ]
        )
        plans += plan
    env.flush_all()
    env.cr.execute(
        SQL("UPDATE quota_plan SET state = 'approved' WHERE id = ANY(%s)", plans.ids)
    )
    env.cr.execute(
        SQL(
            "UPDATE quota_target SET plan_state = 'approved' WHERE plan_id = ANY(%s)",
            plans.ids,
        )
    )
    env.invalidate_all()
    return plans


def make_documents(env, people, teams, number=DOCUMENTS):
    """Add posted invoices and refunds with their journal items and payments.

    They are spread evenly over people and days. Call it again for more of them.
    """
    arguments = _arguments(env, people, teams, number)
    env.cr.execute(
        SQL(
            """
            CREATE TEMP TABLE benchmark_document ON COMMIT DROP AS
            SELECT nextval('account_move_id_seq') AS id,
                   n,
                   %(first)s::date + (n::bigint * 7919 %% %(days)s)::integer AS day,
                   (%(people)s::integer[])[1 + n %% %(people_number)s] AS user_id,
                   (%(teams)s::integer[])[
                       1 + n %% %(people_number)s %% %(teams_number)s] AS team_id,
                   CASE WHEN n %% %(refund_every)s = 0 THEN -1 ELSE 1 END AS sign,
                   (100 + n::bigint * 104729 %% 300000 / 100.0)::numeric(16, 2)
                       AS amount
              FROM generate_series(1, %(number)s) n
            """,
            **arguments,
        )
    )
    env.cr.execute(SQL(_DOCUMENTS, **arguments))
    env.cr.execute(SQL(_ITEMS, **arguments))
    env.cr.execute(SQL(_PAYMENTS, **arguments))
    env.cr.commit()
    analyse(env)
    return number


def analyse(env):
    """Let PostgreSQL know the sizes, as it would in daily use."""
    for table in (
        "account_move",
        "account_move_line",
        "account_partial_reconcile",
        "quota_target",
    ):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.commit()


def _arguments(env, people, teams, number):
    company = env.company
    journals = env["account.journal"].search([("company_id", "=", company.id)])
    accounts = env["account.account"].search([("company_ids", "in", company.ids)])

    def account(kind):
        return accounts.filtered(lambda a: a.account_type == kind)[:1].id

    return {
        "number": number,
        "first": FIRST_DAY,
        "days": DAYS,
        "people": people.ids,
        "people_number": len(people),
        "teams": teams.ids,
        "teams_number": len(teams),
        "refund_every": REFUND_EVERY,
        "paid": PAID_OF_ELEVEN,
        "company": company.id,
        "currency": company.currency_id.id,
        "partner": company.partner_id.id,
        "sale": journals.filtered(lambda j: j.type == "sale")[:1].id,
        "misc": journals.filtered(lambda j: j.type == "general")[:1].id,
        "receivable": account("asset_receivable"),
        "income": account("income"),
        "bank": account("asset_cash"),
        "last": FIRST_DAY + timedelta(days=DAYS - 1),
    }


_DOCUMENTS = """
    INSERT INTO account_move (
        id, name, state, move_type, auto_post, journal_id, company_id, currency_id,
        partner_id, date, invoice_date, invoice_user_id, team_id,
        amount_untaxed, amount_untaxed_signed, amount_total, amount_total_signed
    )
    SELECT id, 'BENCH/' || id, 'posted',
           CASE WHEN sign > 0 THEN 'out_invoice' ELSE 'out_refund' END, 'no', %(sale)s,
           %(company)s, %(currency)s, %(partner)s, day, day, user_id, team_id,
           amount, sign * amount, amount, sign * amount
      FROM benchmark_document
"""

_ITEMS = """
    INSERT INTO account_move_line (
        move_id, company_id, journal_id, currency_id, partner_id, date, parent_state,
        display_type, account_id, name, debit, credit, balance, amount_currency
    )
    SELECT id, %(company)s, %(sale)s, %(currency)s, %(partner)s, day, 'posted', kind,
           account, 'Benchmark', GREATEST(side * sign * amount, 0),
           GREATEST(-side * sign * amount, 0), side * sign * amount,
           side * sign * amount
      FROM benchmark_document
CROSS JOIN (VALUES (1, 'payment_term', %(receivable)s), (-1, 'product', %(income)s))
           AS item(side, kind, account)
"""

# Paid some weeks later, as long as the two years last.
_PAYMENTS = """
    WITH paid AS (
        SELECT nextval('account_move_id_seq') AS payment_id, id, amount,
               LEAST(day + 20 + (n %% 40)::integer, %(last)s::date) AS day
          FROM benchmark_document
         WHERE n %% 11 BETWEEN 1 AND %(paid)s
    ), entry AS (
        INSERT INTO account_move (
            id, name, state, move_type, auto_post, journal_id, company_id, currency_id,
            partner_id, date
        )
        SELECT payment_id, 'BENCHPAY/' || payment_id, 'posted', 'entry', 'no', %(misc)s,
               %(company)s, %(currency)s, %(partner)s, day
          FROM paid
     RETURNING id
    ), item AS (
        INSERT INTO account_move_line (
            move_id, company_id, journal_id, currency_id, partner_id, date,
            parent_state, display_type, account_id, name, debit, credit, balance,
            amount_currency
        )
        SELECT payment_id, %(company)s, %(misc)s, %(currency)s, %(partner)s, day,
               'posted', 'product', account, 'Benchmark', GREATEST(side * amount, 0),
               GREATEST(-side * amount, 0), side * amount, side * amount
          FROM paid
    CROSS JOIN (VALUES (-1, %(receivable)s), (1, %(bank)s)) AS item(side, account)
     RETURNING id, move_id, account_id
    )
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, max_date, company_id
    )
    SELECT line.id, item.id, paid.amount, paid.amount, paid.amount, paid.day,
           %(company)s
      FROM paid
      JOIN item ON item.move_id = paid.payment_id AND item.account_id = %(receivable)s
      JOIN account_move_line line
           ON line.move_id = paid.id AND line.display_type = 'payment_term'
"""
