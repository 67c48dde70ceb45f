"""A company's two years of ledger with mistakes in it, for benchmarks of checks.

Every entry has three journal items: of four entries one is a vendor bill, two are
customer invoices and one was typed. Everything is written with SQL and committed, and
comes out the same each time.
"""

from odoo.tools import SQL

ITEMS = 600_000
DAYS = 730
PARTNERS = 2500


def make_ledger(env, items):
    """Add entries with items, chatter and documents; then filings and standards."""
    arguments = {"number": items // 3, "days": DAYS, **_arguments(env)}
    for statement in (_PARTNERS, _MOVES, _ITEMS, _TAXES, _CHATTER, _DOCUMENTS):
        env.cr.execute(SQL(statement, **arguments))
    for statement in (_BANK, _PAYMENTS, _PAID, _ACTIVITIES):
        env.cr.execute(SQL(statement, **arguments))
    make_filings(env)
    make_rules(env, arguments)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()


def _arguments(env):
    company = env.company
    journals = env["account.journal"].search([("company_id", "=", company.id)])
    accounts = env["account.account"].search([("company_ids", "in", company.ids)])
    tax = company.account_sale_tax_id
    company.account_use_credit_limit = True
    if not (cash := journals.filtered(lambda j: j.type == "cash")[:1]):
        cash = journals.create({"name": "Cash", "code": "BCSH", "type": "cash"})
        journals |= cash
    user = env["res.users"].create({"name": "Clerk", "login": "benchmark_clerk"})

    def account(kind):
        return accounts.filtered(lambda a: a.account_type == kind)[:1].id

    return {
        "partners": PARTNERS,
        "company": company.id,
        "currency": company.currency_id.id,
        "clerk": user.id,
        "tax": tax.id,
        "tax_account": tax.invoice_repartition_line_ids.account_id[:1].id,
        "cash_account": cash.default_account_id.id,
        "suspense": company.account_journal_suspense_account_id.id,
        "receivable": account("asset_receivable"),
        "payable": account("liability_payable"),
        "income": account("income"),
        "expense": account("expense"),
        "state_field": env["ir.model.fields"]._get("account.move", "state").id,
        "model_move": env["ir.model"]._get_id("account.move"),
        "model_partner": env["ir.model"]._get_id("res.partner"),
        "method_line": env["account.payment.method.line"]
        .search([("journal_id.company_id", "=", company.id)], limit=1)
        .id,
        **{
            kind: journals.filtered(lambda j, kind=kind: j.type == kind)[:1].id
            for kind in ("sale", "purchase", "general", "bank", "cash")
        },
    }


def make_filings(env):
    """Add two years of monthly tax returns: the last two are open."""
    jurisdiction = env["compliance.jurisdiction"].create(
        {"name": "Benchmark", "country_id": env.ref("base.us").id}
    )
    authority = env["compliance.authority"].create(
        {"name": "Tax office", "jurisdiction_id": jurisdiction.id}
    )
    obligation = env["compliance.obligation"].create(
        {"code": "BENCH", "name": "Return", "authority_id": authority.id}
    )
    env["compliance.return.line"].create(
        {"obligation_id": obligation.id, "code": "A", "name": "Tax"}
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO compliance_filing (
                company_id, obligation_id, kind, name, event_key, period_start,
                period_end, due_date, internal_date, state, filed_on, amount_computed,
                amount_declared, amendment_number, frozen, frozen_hash
            )
            SELECT %s, %s, 'tax_return', 'BENCH ' || start, '', start, stop, stop, stop,
                   CASE WHEN open THEN 'review' ELSE 'filed' END,
                   CASE WHEN NOT open THEN stop + 40 END, n, n + n %% 2, 0,
                   CASE WHEN NOT open THEN '{}'::jsonb END,
                   CASE WHEN NOT open THEN 'benchmark' END
              FROM generate_series(1, 24) n
        CROSS JOIN LATERAL (
                   SELECT (DATE_TRUNC('month', now()) - n * INTERVAL '1 month')::date
                          AS start,
                          (DATE_TRUNC('month', now()) - (n - 1) * INTERVAL '1 month'
                           - INTERVAL '1 day')::date AS stop, n < 3 AS open
              ) month
            """,
            env.company.id,
            obligation.id,
        )
    )


def make_rules(env, arguments):
    """Add posting standards, and the days until which the tax is valid."""
    accounts = env["account.account"]
    expense = accounts.browse(arguments["expense"]).code
    env["compliance.posting.rule"].create(
        [
            {"name": "Cash", "needs_document": True, "account_prefix": "101"},
            {"name": "Expense", "needs_partner": True, "account_prefix": expense},
            {"name": "Review", "review_above": 900},
            {"name": "Hours", "nights": True, "weekends": True},
        ]
    )
    env["compliance.tax.validity"].create(
        {"tax_id": arguments["tax"], "date_from": "2000-01-01", "date_to": "2100-01-01"}
    )
    env.flush_all()
    env.cr.execute("UPDATE compliance_tax_validity SET date_to = CURRENT_DATE - 20")


_PARTNERS = """
    INSERT INTO res_partner (
        name, complete_name, active, type, autopost_bills, company_id, create_uid,
        credit_limit
    )
    SELECT 'Bench ' || n, 'Bench ' || n, TRUE, 'contact', 'ask', %(company)s,
           CASE WHEN n %% 10 = 1 THEN %(clerk)s ELSE 1 END,
           CASE WHEN n %% 5 = 0 THEN jsonb_build_object(%(company)s::text, 2000) END
      FROM generate_series(1, %(partners)s) n;
    UPDATE res_partner SET commercial_partner_id = id
     WHERE commercial_partner_id IS NULL;
    CREATE TEMP TABLE bench_partner AS
    SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS rank
      FROM res_partner WHERE name LIKE 'Bench %%';
    INSERT INTO res_partner_bank (
        acc_number, sanitized_acc_number, partner_id, active, create_date
    )
    SELECT 'B' || id, 'B' || id, id, TRUE, now() - rank * INTERVAL '1 hour'
      FROM bench_partner
"""

_MOVES = """
    CREATE TEMP TABLE bench AS
    SELECT nextval('account_move_id_seq') AS id, n,
           CURRENT_DATE - (n::bigint * 7919 %% %(days)s)::integer AS day,
           (100 + n::bigint * 104729 %% 20000 / 20.0)::numeric(16, 2) AS amount,
           (ARRAY['in_invoice', 'out_invoice', 'out_invoice', 'entry'])[1 + n %% 4]
               AS kind,
           CASE WHEN n %% 500 = 0 THEN 'draft' ELSE 'posted' END AS state,
           CASE WHEN n %% 4 = 0 THEN %(purchase)s WHEN n %% 4 < 3 THEN %(sale)s
                WHEN n %% 80 = 3 THEN %(cash)s WHEN n %% 80 = 7 THEN %(bank)s
                ELSE %(general)s END AS journal_id,
           p.id AS partner_id
      FROM generate_series(1, %(number)s) n
      JOIN bench_partner p ON p.rank = n / 4 %% %(partners)s;
    INSERT INTO account_move (
        id, name, state, move_type, auto_post, journal_id, company_id, currency_id,
        partner_id, commercial_partner_id, date, invoice_date, invoice_date_due, ref,
        amount_untaxed, amount_total, amount_total_signed, made_sequence_gap, checked,
        create_uid, create_date
    )
    SELECT id, 'BENCH/' || id, state, kind, 'no', journal_id, %(company)s, %(currency)s,
           partner_id, partner_id, day, CASE WHEN kind <> 'entry' THEN day END, day,
           'R-000' || n %% 20000, amount, amount,
           CASE WHEN kind = 'in_invoice' THEN -amount ELSE amount END, n %% 1000 = 1,
           n %% 3 > 0, CASE WHEN n %% 2 = 0 THEN %(clerk)s ELSE 1 END,
           day + (n %% 30) * INTERVAL '1 day' + (n %% 24) * INTERVAL '1 hour'
      FROM bench
"""

_ITEMS = """
    INSERT INTO account_move_line (
        move_id, company_id, company_currency_id, journal_id, currency_id, partner_id,
        date, date_maturity, parent_state, display_type, account_id, name, debit,
        credit, balance, amount_currency, amount_residual, reconciled, tax_line_id,
        move_name
    )
    SELECT b.id, %(company)s, %(currency)s, b.journal_id, %(currency)s,
           CASE WHEN b.n %% 50 > 0 THEN b.partner_id END,
           b.day, CASE WHEN item.share IN (1.0, -1.0) THEN b.day + 30 END, b.state,
           item.display, item.account,
           'Benchmark', GREATEST(item.share * b.amount, 0),
           GREATEST(-item.share * b.amount, 0), item.share * b.amount,
           item.share * b.amount,
           CASE WHEN item.open AND b.n %% 20 = 0 OR item.open AND b.n %% 20 = 1
                THEN item.share * b.amount ELSE 0 END,
           item.open AND NOT b.n %% 20 < 2,
           CASE WHEN item.display = 'tax' THEN %(tax)s END, 'BENCH/' || b.id
      FROM bench b
      JOIN (VALUES
            ('out_invoice', 'payment_term', %(receivable)s, 1.0, TRUE),
            ('out_invoice', 'product', %(income)s, -0.8, FALSE),
            ('out_invoice', 'tax', %(tax_account)s, -0.2, FALSE),
            ('in_invoice', 'payment_term', %(payable)s, -1.0, TRUE),
            ('in_invoice', 'product', %(expense)s, 0.8, FALSE),
            ('in_invoice', 'tax', %(tax_account)s, 0.2, FALSE),
            ('entry', 'product', %(expense)s, 0.5, FALSE),
            ('entry', 'product', NULL, 0.5, FALSE),
            ('entry', 'product', %(income)s, -1.0, FALSE)
           ) AS part(kind, display, account, share, open) ON part.kind = b.kind
CROSS JOIN LATERAL (
           SELECT part.display, part.share, part.open, COALESCE(part.account,
               CASE WHEN b.journal_id = %(cash)s THEN %(cash_account)s
                    WHEN b.journal_id = %(bank)s THEN %(suspense)s
                    WHEN b.n %% 200 = 11 THEN %(tax_account)s
                    ELSE %(expense)s END) AS account
      ) item;
    -- cash goes out as often as in
    UPDATE account_move_line
       SET balance = -balance, amount_currency = -balance, debit = credit,
           credit = debit
     WHERE account_id = %(cash_account)s AND id %% 2 = 0
"""

_TAXES = """
    INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)
    SELECT l.id, %(tax)s
      FROM account_move_line l
      JOIN bench b ON b.id = l.move_id
     WHERE l.display_type = 'product' AND b.kind <> 'entry' AND b.n %% 300 > 2
"""

_CHATTER = """
    WITH message AS (
        INSERT INTO mail_message (
            model, res_id, message_type, date, create_uid, create_date
        )
        SELECT 'account.move', id, 'notification',
               day + (n %% 60) * INTERVAL '1 day' + (n %% 24) * INTERVAL '1 hour',
               CASE WHEN n %% 2 = 0 THEN %(clerk)s ELSE 1 END, now()
          FROM bench WHERE state = 'posted' AND n %% 10 > 0
     RETURNING id
    )
    INSERT INTO mail_tracking_value (
        mail_message_id, field_id, old_value_char, new_value_char
    )
    SELECT id, %(state_field)s, 'Draft', 'Posted' FROM message
"""

_DOCUMENTS = """
    INSERT INTO ir_attachment (name, type, res_model, res_id, company_id)
    SELECT 'bill.pdf', 'binary', 'account.move', id, %(company)s
      FROM bench WHERE n %% 100 > 4
"""

_BANK = """
    INSERT INTO account_bank_statement_line (
        move_id, journal_id, company_id, amount, is_reconciled, payment_ref
    )
    SELECT id, journal_id, %(company)s, amount, n %% 3 > 0, 'Transfer'
      FROM bench WHERE journal_id = %(bank)s;
    UPDATE account_move m SET statement_line_id = s.id
      FROM account_bank_statement_line s WHERE s.move_id = m.id
"""

_PAYMENTS = """
    INSERT INTO account_payment (
        name, journal_id, company_id, partner_id, partner_bank_id, payment_type,
        partner_type, state, date, amount, amount_company_currency_signed, currency_id,
        payment_method_line_id, create_uid, memo
    )
    SELECT 'PAY/' || b.id, %(bank)s, %(company)s, b.partner_id, k.id, 'outbound',
           'supplier', 'paid', LEAST(b.day + 30, CURRENT_DATE), b.amount, -b.amount,
           %(currency)s, %(method_line)s,
           CASE WHEN b.n %% 8 = 0 THEN %(clerk)s ELSE 1 END, b.id::text
      FROM bench b JOIN res_partner_bank k ON k.partner_id = b.partner_id
     WHERE b.kind = 'in_invoice' AND b.state = 'posted'
"""

_PAID = """
    INSERT INTO account_move__account_payment (invoice_id, payment_id)
    SELECT memo::integer, id FROM account_payment WHERE name LIKE 'PAY/%%'
"""

_ACTIVITIES = """
    INSERT INTO mail_activity (
        res_model_id, res_model, res_id, active, date_deadline, user_id
    )
    SELECT %(model_move)s, 'account.move', id, TRUE, CURRENT_DATE, %(clerk)s
      FROM bench WHERE kind = 'out_invoice' AND n %% 60 = 1
     UNION ALL
    SELECT %(model_partner)s, 'res.partner', id, TRUE, CURRENT_DATE, %(clerk)s
      FROM bench_partner WHERE rank %% 7 = 0
"""
