"""Ask each shipped check of the ledger, of postings, payables and receivables.

For each check: the best milliseconds of its statement in psql beside those of what
somebody would write by hand for the same keys, asked in turn, and the ratio. Then the
whole run by Odoo, when nothing has changed since the run before, beside the sum of what
is by hand. Fails when a check names other keys than the statement by hand, takes more
than 1.5 times as long, the run more than twice the sum, a run without changes writes a
finding, or the memory of the process grows by 200 MiB.
"""

import os
import resource
import statistics
import sys
import time

from common import (
    filled_in,
    parse_arguments,
    psql_best_ms,
    say,
    scratch_environment,
)
from compliance_data import ITEMS, make_ledger

LIMIT_CHECK = 1.5
LIMIT_RUN = 2
LIMIT_MIB = 200
# below this many milliseconds a ratio says more about the clock than about the check
TOO_SHORT = 5
REPEAT = 5

# the entry's last change of state, as its chatter has it
CHANGED = """
    LEFT JOIN (SELECT DISTINCT ON (g.res_id) g.res_id, g.date, g.create_uid
                 FROM mail_message g JOIN mail_tracking_value v
                   ON v.mail_message_id = g.id AND v.field_id = {state_field}
                WHERE g.model = 'account.move' ORDER BY g.res_id, g.id DESC) ch
           ON ch.res_id = m.id
"""
POSTED_ON = "COALESCE(ch.date, m.create_date)::date"
OVERDUE = """
    SELECT l.id, '' FROM account_move_line l
      JOIN account_account a ON a.id = l.account_id
      JOIN account_move m ON m.id = l.move_id
     WHERE l.company_id = {company} AND l.parent_state = 'posted'
       AND l.reconciled IS NOT TRUE
"""
BY_HAND = {
    "ledger_drafts": """
        SELECT m.id, '' FROM account_move m
         WHERE m.company_id = {company} AND m.state = 'draft' AND EXISTS (
               SELECT FROM compliance_filing f
                WHERE f.company_id = {company} AND m.date BETWEEN period_start
                  AND period_end AND f.state IN ('to_prepare', 'review', 'ready')
                  AND f.kind IN ('tax_return', 'tax_payment', 'information')
                  AND f.period_end <= CURRENT_DATE + 5)""",
    "ledger_declared": """
        SELECT id, '' FROM compliance_filing f
         WHERE company_id = {company} AND state IN ('review', 'ready')
           AND ABS(amount_declared - amount_computed) > 0.5
           AND obligation_id IN (SELECT obligation_id FROM compliance_return_line)
         UNION ALL
        SELECT f.id, '' FROM compliance_filing f
     LEFT JOIN (account_move_line l JOIN account_move m ON m.id = l.move_id
                JOIN account_tax t ON t.id = l.tax_line_id
                 AND (m.always_tax_exigible OR t.tax_exigibility <> 'on_payment'
                      OR m.tax_cash_basis_rec_id IS NOT NULL))
            ON l.company_id = f.company_id AND l.parent_state = 'posted'
           AND l.date BETWEEN f.period_start AND f.period_end
     LEFT JOIN compliance_return_line r ON r.obligation_id = f.obligation_id
         WHERE f.company_id = {company} AND f.state = 'filed'
         GROUP BY f.id
        HAVING ABS(f.amount_declared
                   - COALESCE(SUM(l.balance * r.sign::integer), 0)) > 0.5""",
    "ledger_untaxed_sales": """
        SELECT DISTINCT m.id, '' FROM account_move m
          JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
     LEFT JOIN account_move_line_account_tax_rel r ON r.account_move_line_id = l.id
     LEFT JOIN res_partner p ON p.id = m.commercial_partner_id
     LEFT JOIN account_fiscal_position_account_tax_rel f ON f.account_fiscal_position_id
               = COALESCE((p.property_account_position_id ->> '{company}')::integer,
                          m.fiscal_position_id)
         WHERE m.company_id = {company} AND m.state = 'posted'
           AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
           AND r.account_tax_id IS NULL AND l.product_id IS NULL
           AND (m.fiscal_position_id IS NULL AND p.property_account_position_id IS NULL
                OR f.account_tax_id IS NOT NULL)""",
    "ledger_tax_by_hand": """
        SELECT l.id, '' FROM account_move_line l JOIN account_move m ON m.id = l.move_id
          JOIN account_journal j ON j.id = m.journal_id AND j.type = 'general'
         WHERE l.company_id = {company} AND m.state = 'posted' AND l.balance <> 0
           AND m.move_type = 'entry' AND l.tax_line_id IS NULL AND l.account_id IN (
               SELECT account_id FROM account_tax_repartition_line
                WHERE repartition_type = 'tax' AND company_id = {company})""",
    "ledger_tax_validity": """
        SELECT DISTINCT m.id, r.account_tax_id::text FROM account_move m
          JOIN account_move_line l ON l.move_id = m.id
          JOIN account_move_line_account_tax_rel r ON r.account_move_line_id = l.id
          JOIN compliance_tax_validity v ON v.tax_id = r.account_tax_id
         WHERE m.company_id = {company} AND m.state = 'posted'
           AND COALESCE(m.invoice_date, m.date)
               NOT BETWEEN v.date_from AND v.date_to""",
    "ledger_no_document": """
        SELECT m.id, '' FROM account_move m
          JOIN account_journal j ON j.id = m.journal_id
         WHERE m.company_id = {company} AND m.state = 'posted'
           AND ABS(m.amount_total_signed) > 100
           AND (m.move_type LIKE 'in_%' OR m.move_type = 'entry' AND j.type = 'general')
           AND NOT EXISTS (SELECT FROM ir_attachment f WHERE f.res_id = m.id
                              AND f.res_model = 'account.move')""",
    "ledger_late_posting": f"""
        SELECT m.id, '' FROM account_move m {CHANGED}
         WHERE m.company_id = {{company}} AND m.state = 'posted'
           AND m.date >= CURRENT_DATE - 365 AND {POSTED_ON} - m.date > 45""",
    "ledger_gaps": """
        SELECT id, '' FROM account_move WHERE company_id = {company}
           AND state = 'posted' AND made_sequence_gap""",
    "ledger_after_filing": f"""
        SELECT m.id, f.id::text FROM account_move m {CHANGED}
          JOIN compliance_filing f ON m.date BETWEEN f.period_start AND f.period_end
         WHERE m.company_id = {{company}} AND m.state = 'posted'
           AND f.company_id = {{company}} AND f.state IN ('filed', 'accepted')
           AND {POSTED_ON} > f.filed_on AND EXISTS (
               SELECT FROM account_move_line l
            LEFT JOIN account_move_line_account_tax_rel r
                   ON r.account_move_line_id = l.id
                WHERE l.move_id = m.id AND (l.tax_line_id > 0 OR r.account_tax_id > 0))
        """,
    "ledger_suspense": """
        SELECT l.account_id, TO_CHAR(e.day, 'YYYY-MM') FROM account_move_line l
          JOIN (SELECT (DATE_TRUNC('month', CURRENT_DATE) - n * INTERVAL '1 month'
                        - INTERVAL '1 day')::date AS day
                  FROM generate_series(0, 2) n) e ON l.date <= e.day
         WHERE l.company_id = {company} AND l.parent_state = 'posted'
           AND l.account_id = ANY(ARRAY[{suspense}])
         GROUP BY 1, 2 HAVING ABS(SUM(l.balance)) > 0.5""",
    "ledger_negative_cash": """
        WITH day AS (
            SELECT account_id, date, SUM(SUM(balance)) OVER (
                   PARTITION BY account_id ORDER BY date) AS balance
              FROM account_move_line
             WHERE company_id = {company} AND parent_state = 'posted' AND account_id IN
                   (SELECT default_account_id FROM account_journal WHERE type = 'cash'
                       AND company_id = {company})
             GROUP BY 1, 2
        ), before AS (
            SELECT *, LAG(balance) OVER w AS last, LEAD(date) OVER w AS next FROM day
            WINDOW w AS (PARTITION BY account_id ORDER BY date)
        )
        SELECT account_id, date::text FROM before b
         WHERE balance < -0.005 AND COALESCE(last, 0) >= -0.005 AND NOT EXISTS (
               SELECT FROM day d WHERE d.account_id = b.account_id AND d.date > b.date
                  AND d.date <= CURRENT_DATE - 365 AND d.balance >= -0.005)""",
    "ledger_bank_open": """
        SELECT s.id, '' FROM account_bank_statement_line s
          JOIN account_move m ON m.id = s.move_id
         WHERE s.company_id = {company} AND s.is_reconciled IS NOT TRUE
           AND m.state = 'posted' AND m.date < CURRENT_DATE - 14""",
    "payable_duplicates": """
        WITH b AS (
            SELECT *, COALESCE(invoice_date, date) AS day, LTRIM(UPPER(REGEXP_REPLACE(
                   ref, '[^[:alnum:]]', '', 'g')), '0') AS reference
              FROM account_move WHERE company_id = {company} AND state <> 'cancel'
               AND move_type IN ('in_invoice', 'in_refund', 'in_receipt')
        )
        SELECT DISTINCT b.id, '' FROM b JOIN b a USING (
               commercial_partner_id, reference, move_type, currency_id)
         WHERE (a.day, a.id) < (b.day, b.id) AND b.day - a.day <= 90
           AND ABS(a.amount_total - b.amount_total) <= 0.05 AND reference <> ''""",
    "payable_bank_changed": """
        SELECT p.id, p.partner_bank_id::text FROM account_payment p
          JOIN res_partner_bank b ON b.id = p.partner_bank_id
         WHERE p.company_id = {company} AND p.payment_type = 'outbound'
           AND p.state NOT IN ('canceled', 'rejected')
           AND (b.create_date::date BETWEEN p.date - 7 AND p.date OR EXISTS (
               SELECT FROM mail_message g
                 JOIN mail_tracking_value t ON t.mail_message_id = g.id
                 JOIN ir_model_fields f ON f.id = t.field_id
                WHERE g.model = 'res.partner.bank' AND g.res_id = b.id AND f.name IN
                      ('acc_number', 'acc_holder_name', 'bank_id', 'clearing_number')
                  AND g.date::date BETWEEN p.date - 7 AND p.date))""",
    "payable_overdue": OVERDUE
    + """
       AND l.amount_residual < 0 AND a.account_type = 'liability_payable'
       AND m.move_type IN ('in_invoice', 'in_receipt')
       AND l.date_maturity < CURRENT_DATE - 7""",
    "payable_one_person": f"""
        SELECT m.id, p.id::text FROM account_move m {CHANGED}
          JOIN (SELECT invoice_id, payment_id FROM account_move__account_payment
                 UNION
                SELECT b.move_id, y.id FROM account_partial_reconcile z
                  JOIN account_move_line b ON b.id = z.credit_move_id
                  JOIN account_move_line d ON d.id = z.debit_move_id
                  JOIN account_payment y ON y.move_id = d.move_id) x
               ON x.invoice_id = m.id
          JOIN account_payment p ON p.id = x.payment_id
          JOIN res_partner v ON v.id = m.commercial_partner_id
         WHERE m.company_id = {{company}} AND m.state = 'posted' AND v.create_uid <> 1
           AND m.move_type IN ('in_invoice', 'in_receipt')
           AND p.company_id = {{company}} AND p.payment_type = 'outbound'
           AND p.state NOT IN ('draft', 'canceled', 'rejected')
           AND p.create_uid = v.create_uid
           AND COALESCE(ch.create_uid, m.create_uid) = v.create_uid
           AND p.amount_company_currency_signed <> 0""",
    "receivable_idle": OVERDUE
    + """
       AND l.amount_residual > 0 AND a.account_type = 'asset_receivable'
       AND m.move_type IN ('out_invoice', 'out_receipt')
       AND l.date_maturity < CURRENT_DATE - 14 AND l.partner_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM mail_activity v WHERE v.active AND v.res_id = m.id
                          AND v.res_model = 'account.move')
       AND NOT EXISTS (SELECT FROM mail_activity v WHERE v.active
                          AND v.res_id = l.partner_id AND v.res_model = 'res.partner')
    """,
    "receivable_credit_limit": """
        SELECT p.commercial_partner_id, '' FROM account_move_line l
          JOIN account_account a ON a.id = l.account_id
          JOIN res_partner p ON p.id = l.partner_id
          JOIN res_partner c ON c.id = p.commercial_partner_id
         WHERE l.company_id = {company} AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE AND a.account_type = 'asset_receivable'
           AND (c.credit_limit ->> '{company}')::numeric > 0
         GROUP BY p.commercial_partner_id, c.credit_limit
        HAVING SUM(l.amount_residual) > (c.credit_limit ->> '{company}')::numeric""",
    "posting_rules": """
        SELECT m.id, r.id || '|document' FROM compliance_posting_rule r, account_move m
         WHERE r.name ->> 'en_US' = 'Cash' AND m.company_id = {company}
           AND m.state = 'posted' AND EXISTS (
               SELECT FROM account_move_line l JOIN account_account a
                   ON a.id = l.account_id AND a.code_store ->> '{company}' LIKE '101%'
                WHERE l.move_id = m.id)
           AND NOT EXISTS (SELECT FROM ir_attachment f WHERE f.res_id = m.id
                              AND f.res_model = 'account.move')
         UNION ALL
        SELECT DISTINCT l.move_id, r.id || '|partner'
          FROM compliance_posting_rule r, account_move_line l JOIN account_account a
            ON a.id = l.account_id
         WHERE r.name ->> 'en_US' = 'Expense' AND l.company_id = {company}
           AND l.parent_state = 'posted' AND l.partner_id IS NULL
           AND a.code_store ->> '{company}' LIKE r.account_prefix || '%'
         UNION ALL
        SELECT m.id, r.id || '|review' FROM compliance_posting_rule r, account_move m
         WHERE r.name ->> 'en_US' = 'Review' AND m.company_id = {company}
           AND m.state = 'posted' AND m.checked IS NOT TRUE
           AND ABS(m.amount_total_signed) > 900
         UNION ALL
        SELECT m.id, r.id || '|night' FROM compliance_posting_rule r, account_move m
         WHERE r.name ->> 'en_US' = 'Hours' AND m.company_id = {company}
           AND m.state = 'posted' AND m.create_uid <> 1
           AND (EXTRACT(hour FROM m.create_date) >= 22
                OR EXTRACT(hour FROM m.create_date) < 6)
         UNION ALL
        SELECT m.id, r.id || '|weekend' FROM compliance_posting_rule r, account_move m
         WHERE r.name ->> 'en_US' = 'Hours' AND m.company_id = {company}
           AND m.state = 'posted' AND m.create_uid <> 1
           AND EXTRACT(isodow FROM m.create_date) > 5""",
}


def get_by_hand(env, name):
    """Return the statement by hand, with the ids of this database."""
    company = env.company
    journals = env["account.journal"].search([("company_id", "=", company.id)])
    accounts = journals.suspense_account_id | company.transfer_account_id
    text = BY_HAND[name].format(
        company=company.id,
        state_field=env["ir.model.fields"]._get("account.move", "state").id,
        suspense=", ".join(
            map(str, (accounts | company.account_journal_suspense_account_id).ids)
        ),
    )
    return text.strip()


def get_ours(env, check):
    """Return the keys of a check as a statement, parameters filled in.

    Without the figures to show: who writes by hand does not ask for them either. The
    whole run, further down, reads them all.
    """
    engine = check._as_engine(env.company)
    query = engine._get_sql(env.company, check._get_parameters(env.company))
    return f"SELECT res_id, key FROM ({filled_in(env.cr, query)}) found"


def fetch_keys(env, statement):
    """Return the keys that a statement names: its first two columns."""
    env.cr._obj.execute(statement)
    return {(row[0], row[1] or "") for row in env.cr._obj.fetchall()}


def measure_check(env, name, repeat):
    """Print a check's ratio; return its time by hand and whether it failed."""
    check = env.ref(f"back_office_compliance.compliance_check_{name}")
    ours, by_hand = get_ours(env, check), get_by_hand(env, name)
    keys = fetch_keys(env, ours)
    if keys != (expected := fetch_keys(env, by_hand)):
        say(
            f"FAILED: {name} names {len(keys)} keys, by hand {len(expected)};"
            f" {len(keys ^ expected)} of them differ"
        )
        return 0, 1
    spent, reference = psql_best_ms(env.cr, [ours, by_hand], repeat)
    ratio = spent / reference
    judged = max(spent, reference) > TOO_SHORT
    failed = judged and ratio > LIMIT_CHECK
    note = f"FAILED: over {LIMIT_CHECK}" if failed else "" if judged else "(too short)"
    say(
        f"{name:26} {len(keys):7} found {spent:8.1f} ms;"
        f" by hand {reference:8.1f} ms; ratio {ratio:.2f} {note}"
    )
    return reference, int(failed)


def run(env, checks):
    """Run the checks and commit; return the milliseconds."""
    env.invalidate_all()
    start = time.perf_counter()
    lines = env["compliance.check"]._run_checks(env.company, checks).line_ids
    env.cr.commit()
    spent = (time.perf_counter() - start) * 1000
    for line in lines:
        if line.result not in ("pass", "fail"):
            raise SystemExit(f"{line.check_id.code} did not run: {line.error}")
    return spent


def written_rows(env):
    """Return a figure that changes whenever a row of the findings is written."""
    env.cr.execute(
        "SELECT COUNT(*), MAX(xmin::text::bigint), MAX(ctid) FROM compliance_finding"
    )
    return env.cr.fetchone()


def main():
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__)
    repeat = min(arguments.repeat, REPEAT)
    # both statements without compilation, as the engine asks its checks
    os.environ["PGOPTIONS"] = "-c jit=off"
    with scratch_environment(arguments.database) as env:
        make_ledger(env, ITEMS)
        return measure(env, repeat)


def measure(env, repeat):
    """Measure each check, then the whole run; return the exit status."""
    total, status = 0, 0
    for name in BY_HAND:
        reference, failed = measure_check(env, name, repeat)
        total += reference
        status |= failed
    xmlids = [f"back_office_compliance.compliance_check_{name}" for name in BY_HAND]
    checks = env["compliance.check"].browse(env.ref(xmlid).id for xmlid in xmlids)
    checks.timeout = 600
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    say(f"the first run, with all its findings to write: {run(env, checks):.0f} ms")
    env.cr.execute("ANALYZE compliance_finding")
    env.cr.commit()
    before = written_rows(env)
    again = statistics.median(run(env, checks) for _number in range(repeat))
    if written_rows(env) != before:
        say("FAILED: a run without changes wrote findings")
        status = 1
    say(
        f"the run when nothing changed: {again:.0f} ms; by hand {total:.0f} ms;"
        f" ratio {again / total:.2f}"
    )
    if again / total > LIMIT_RUN:
        say(f"FAILED: over {LIMIT_RUN}")
        status = 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    say(f"memory: {grown:.0f} MiB more")
    return status | (grown > LIMIT_MIB)


if __name__ == "__main__":
    sys.exit(main())
