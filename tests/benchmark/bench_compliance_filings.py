"""Compute the amounts of 96 tax returns over 600,000 journal items.

Prints the best milliseconds of the one SELECT behind every line of a return, summed up
by filing and line, beside a statement by hand for the same sums, asked in turn; then
those of ``compliance.filing._compute_amounts``, which writes lines and totals as well.
Fails when the sums differ, or either takes more than 1.5 times as long as by hand.
"""

import os
import sys

from common import (
    filled_in,
    once_ms,
    parse_arguments,
    psql_best_ms,
    say,
    scratch_environment,
    verdict,
)
from compliance_data import ITEMS, make_ledger

from odoo import Command
from odoo.tools import SQL

LIMIT = 1.5
RETURNS = 4
MONTHS = 24

BY_HAND = """
    WITH f AS (SELECT * FROM compliance_filing WHERE id = ANY(ARRAY{filings}))
    SELECT f.id, 'TAX', -SUM(i.balance) FROM f JOIN account_move_line i
        ON i.company_id = f.company_id AND i.parent_state = 'posted'
       AND i.date BETWEEN f.period_start AND f.period_end
      JOIN account_tax t ON t.id = i.tax_line_id AND t.type_tax_use = 'sale'
     GROUP BY f.id
     UNION ALL
    SELECT f.id, 'BASE', -SUM(i.balance) FROM f JOIN account_move_line i
        ON i.company_id = f.company_id AND i.parent_state = 'posted'
       AND i.date BETWEEN f.period_start AND f.period_end
      JOIN account_move_line_account_tax_rel x ON x.account_move_line_id = i.id
      JOIN account_tax t ON t.id = x.account_tax_id AND t.type_tax_use = 'sale'
     GROUP BY f.id
     UNION ALL
    SELECT f.id, 'BOX', -SUM(i.balance) FROM f JOIN account_move_line i
        ON i.company_id = f.company_id AND i.parent_state = 'posted'
       AND i.date BETWEEN f.period_start AND f.period_end
      JOIN account_account_tag_account_move_line_rel x
        ON x.account_move_line_id = i.id AND x.account_account_tag_id = {tag}
     GROUP BY f.id
     UNION ALL
    SELECT f.id, 'COST', SUM(i.balance) FROM f JOIN account_move_line i
        ON i.company_id = f.company_id AND i.parent_state = 'posted'
       AND i.date BETWEEN f.period_start AND f.period_end
      JOIN account_account a
        ON a.id = i.account_id AND a.code_store ->> '{company}' LIKE '{code}%'
     GROUP BY f.id
"""


def make_returns(env):
    """Add returns with a line from each source, and their filings of two years."""
    tag = env["account.account.tag"].create(
        {"name": "Benchmark", "applicability": "taxes"}
    )
    accounts = env["account.account"].search(
        [("company_ids", "in", env.company.ids), ("account_type", "=", "expense")]
    )
    lines = [
        {"code": "TAX", "source": "tax_group", "tax_use": "sale"},
        {"code": "BASE", "source": "tax_base", "tax_use": "sale"},
        {"code": "BOX", "source": "tag", "tag_ids": tag.ids},
        {
            "code": "COST",
            "source": "account",
            "account_prefix": accounts[:1].code,
            "sign": "1",
        },
    ]
    authority = env["compliance.authority"].search([], limit=1)
    returns = env["compliance.obligation"].create(
        [
            {
                "code": f"BENCH-{number}",
                "name": f"Return {number}",
                "authority_id": authority.id,
                "return_line_ids": [
                    Command.create({"name": line["code"], **line}) for line in lines
                ],
            }
            for number in range(RETURNS)
        ]
    )
    env.flush_all()
    make_filings(env, returns, tag)
    return tag, accounts[:1].code


def make_filings(env, returns, tag):
    """Add a filing a return and month, and the tag on the taxed items of sales."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO compliance_filing (
                company_id, obligation_id, kind, name, event_key, period_start,
                period_end, due_date, internal_date, state, amendment_number
            )
            SELECT %(company)s, o.id, 'tax_return', o.code || start, '', start, stop,
                   stop, stop, 'to_prepare', 0
              FROM compliance_obligation o, generate_series(1, %(months)s) n
        CROSS JOIN LATERAL (
                   SELECT (DATE_TRUNC('month', now()) - n * INTERVAL '1 month')::date
                          AS start,
                          (DATE_TRUNC('month', now()) - (n - 1) * INTERVAL '1 month'
                           - INTERVAL '1 day')::date AS stop
              ) month
             WHERE o.id = ANY(%(returns)s);
            INSERT INTO account_account_tag_account_move_line_rel (
                account_move_line_id, account_account_tag_id
            )
            SELECT account_move_line_id, %(tag)s
              FROM account_move_line_account_tax_rel
             WHERE account_move_line_id %% 2 > 0
            """,
            company=env.company.id,
            months=MONTHS,
            returns=returns.ids,
            tag=tag.id,
        )
    )


def get_ours(env, filings):
    """Return the sums by filing and line as a statement, parameters filled in."""
    # the path to the add-ons is known by now
    from odoo.addons.back_office_compliance import ledger_sql

    query = SQL(
        "SELECT i.filing_id, r.code, SUM(i.amount) FROM (%s) AS i"
        " JOIN compliance_return_line r ON r.id = i.return_line_id GROUP BY 1, 2",
        ledger_sql.items_sql(SQL("f.id = ANY(%s)", filings.ids)),
    )
    return filled_in(env.cr, query)


def fetch(env, statement):
    """Return the amounts that a statement sums up, by filing and line."""
    env.cr._obj.execute(statement)
    return {(filing, code): amount for filing, code, amount in env.cr._obj.fetchall()}


def compute(env, filings):
    """Compute the amounts as a person does, and commit."""
    env.invalidate_all()
    filings._compute_amounts()
    env.cr.commit()


def main():
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__)
    repeat = min(arguments.repeat, 5)
    os.environ["PGOPTIONS"] = "-c jit=off"
    with scratch_environment(arguments.database) as env:
        make_ledger(env, ITEMS)
        tag, code = make_returns(env)
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()
        filings = env["compliance.filing"].search([("state", "=", "to_prepare")])
        filings = filings.filtered(lambda each: each.obligation_id.code != "BENCH")
        by_hand = BY_HAND.format(
            filings=filings.ids, tag=tag.id, company=env.company.id, code=code
        )
        return measure(env, filings, by_hand, repeat)


def measure(env, filings, by_hand, repeat):
    """Compare the sums and the times; return the exit status."""
    ours = get_ours(env, filings)
    amounts, expected = fetch(env, ours), fetch(env, by_hand)
    if amounts != expected:
        say(f"FAILED: {len(amounts)} amounts, by hand {len(expected)}")
        say(f"  such as {sorted(set(amounts.items()) ^ set(expected.items()))[:3]}")
        return 1
    spent, reference = psql_best_ms(env.cr, [ours, by_hand], repeat)
    title = f"{len(amounts)} amounts of {len(filings)} filings"
    status = verdict(title, spent, reference, LIMIT)
    compute(env, filings)
    written = min(once_ms(lambda: compute(env, filings)) for _number in range(repeat))
    return status | verdict("the same, written", written, reference, LIMIT)


if __name__ == "__main__":
    sys.exit(main())
