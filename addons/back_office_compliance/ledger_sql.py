"""Which journal items make the lines of returns: one SELECT for any number of filings.

No ORM: fragments of :class:`odoo.tools.SQL` over ``compliance_filing`` as ``f``,
``compliance_return_line`` as ``r`` and ``account_move_line`` as ``i``.
"""

from odoo.tools import SQL

# A line names no groups: all of them.
_IN_GROUPS = """(
    NOT EXISTS (
        SELECT FROM account_tax_group_compliance_return_line_rel g
        WHERE g.compliance_return_line_id = r.id
    ) OR EXISTS (
        SELECT FROM account_tax_group_compliance_return_line_rel g
        WHERE g.compliance_return_line_id = r.id
          AND g.account_tax_group_id = {group}
    )
)"""
# Taxes on payment count when they are paid, by the entry that Odoo makes then.
_EXIGIBLE = """(
    m.always_tax_exigible
    OR m.tax_cash_basis_rec_id IS NOT NULL
    OR {tax}.tax_exigibility IS DISTINCT FROM 'on_payment'
)"""
_USE = "(r.tax_use IS NULL OR {tax}.type_tax_use = r.tax_use)"

_TAX_GROUP = f"""
    (r.tax_use IS NULL OR COALESCE(p.type_tax_use, t.type_tax_use) = r.tax_use)
    AND {_IN_GROUPS.format(group="t.tax_group_id")}
    AND {_EXIGIBLE.format(tax="t")}
"""
# A base names a group of taxes; the tax groups are those of its children.
# Here, with tags and with accounts, the first condition follows from the second: by it
# PostgreSQL leaves most items out before it looks for their filings.
_TAX_BASE = f"""i.id IN (
    SELECT account_move_line_id FROM account_move_line_account_tax_rel
) AND EXISTS (
    SELECT FROM account_move_line_account_tax_rel x
    JOIN account_tax t ON t.id = x.account_tax_id
    LEFT JOIN account_tax_filiation_rel y ON y.parent_tax = t.id
    LEFT JOIN account_tax c ON c.id = y.child_tax
    WHERE x.account_move_line_id = i.id
      AND {_USE.format(tax="t")}
      AND {_IN_GROUPS.format(group="COALESCE(c.tax_group_id, t.tax_group_id)")}
      AND {_EXIGIBLE.format(tax="t")}
)"""
_TAG = """i.id IN (
    SELECT x.account_move_line_id FROM account_account_tag_account_move_line_rel x
    WHERE x.account_account_tag_id IN (
        SELECT account_account_tag_id
        FROM account_account_tag_compliance_return_line_rel
    )
) AND EXISTS (
    SELECT FROM account_account_tag_account_move_line_rel x
    JOIN account_account_tag_compliance_return_line_rel y
      ON y.account_account_tag_id = x.account_account_tag_id
    WHERE x.account_move_line_id = i.id AND y.compliance_return_line_id = r.id
)"""
_CODE = "a.code_store ->> split_part(o.parent_path, '/', 1)"
_ACCOUNT = f"""i.account_id = ANY(ARRAY(
    SELECT account.id
    FROM account_account account, jsonb_each_text(account.code_store) code
    WHERE EXISTS (
        SELECT FROM compliance_return_line line,
            unnest(string_to_array(line.account_prefix, ',')) prefix
        WHERE line.source = 'account'
          AND trim(prefix) != '' AND starts_with(code.value, trim(prefix))
    )
)) AND EXISTS (
    SELECT FROM unnest(string_to_array(r.account_prefix, ',')) prefix
    WHERE trim(prefix) != '' AND starts_with({_CODE}, trim(prefix))
)"""
# what is joined, and the condition
_BRANCHES = {
    "tax_group": (
        "JOIN account_tax t ON t.id = i.tax_line_id"
        " LEFT JOIN account_tax p ON p.id = i.group_tax_id",
        _TAX_GROUP,
    ),
    "tax_base": ("", _TAX_BASE),
    "tag": ("", _TAG),
    "account": ("", _ACCOUNT),
}
_SELECT = """
    SELECT f.id AS filing_id, r.id AS return_line_id, i.id AS item_id, i.move_name,
           i.date, {code} AS account_code, i.name AS label,
           i.balance * r.sign::integer AS amount
    FROM compliance_filing f
    JOIN res_company o ON o.id = f.company_id
    JOIN compliance_return_line r
      ON r.obligation_id = f.obligation_id AND r.source = '{source}'
    JOIN account_move_line i
      ON i.company_id = f.company_id
     AND i.date BETWEEN f.period_start AND f.period_end
     AND i.parent_state = 'posted'
    JOIN account_move m ON m.id = i.move_id
    JOIN account_account a ON a.id = i.account_id
    {joined}
    WHERE {condition} AND %s
"""
_AMOUNTS = """WITH sums AS (
    SELECT filing_id, return_line_id, SUM(amount) AS amount, COUNT(*) AS items
    FROM (%(items)s) AS item
    GROUP BY filing_id, return_line_id
), line AS (
    SELECT f.id AS filing_id, f.company_id, r.id AS return_line_id, r.sequence,
           r.code, COALESCE(r.name ->> %(lang)s, r.name ->> 'en_US') AS name,
           COALESCE(r.in_total, FALSE) AS in_total,
           COALESCE(s.amount, 0) AS amount, COALESCE(s.items, 0) AS items
    FROM compliance_filing f
    JOIN compliance_return_line r ON r.obligation_id = f.obligation_id
    LEFT JOIN sums s ON s.filing_id = f.id AND s.return_line_id = r.id
    WHERE %(filings)s
), written AS (
    INSERT INTO compliance_filing_line AS l (
        filing_id, company_id, return_line_id, sequence, code, name, in_total,
        amount, item_count, create_uid, write_uid, create_date, write_date
    )
    SELECT filing_id, company_id, return_line_id, sequence, code, name,
           in_total, amount, items, %(uid)s, %(uid)s,
           now() at time zone 'UTC', now() at time zone 'UTC'
    FROM line ORDER BY filing_id, sequence, code
    ON CONFLICT (filing_id, code) DO UPDATE
    SET return_line_id = EXCLUDED.return_line_id,
        sequence = EXCLUDED.sequence, name = EXCLUDED.name,
        in_total = EXCLUDED.in_total, amount = EXCLUDED.amount,
        item_count = EXCLUDED.item_count, write_uid = EXCLUDED.write_uid,
        write_date = EXCLUDED.write_date
), gone AS (
    DELETE FROM compliance_filing_line l USING compliance_filing f
    WHERE f.id = l.filing_id AND %(filings)s AND NOT EXISTS (
        SELECT FROM line WHERE line.filing_id = f.id AND line.code = l.code
    )
)
UPDATE compliance_filing AS f
SET amount_computed = total.amount,
    amount_declared = CASE
        WHEN COALESCE(f.amount_declared, 0) = COALESCE(f.amount_computed, 0)
        THEN total.amount ELSE f.amount_declared
    END
FROM (
    SELECT f.id, COALESCE(SUM(l.amount) FILTER (WHERE l.in_total), 0) AS amount
    FROM compliance_filing f
    LEFT JOIN line l ON l.filing_id = f.id
    WHERE %(filings)s
    GROUP BY f.id
) AS total
WHERE total.id = f.id
"""


def items_sql(filings: SQL) -> SQL:
    """Return the SELECT of the posted journal items behind the lines of filings.

    :param filings: the condition on the filing ``f``
    :return: columns filing_id, return_line_id, item_id, move_name, date, account_code,
        label and amount (signed as the line says)
    """
    return SQL(" UNION ALL ").join(
        SQL(
            _SELECT.format(
                code=_CODE, source=source, joined=joined, condition=condition
            ),
            filings,
        )
        for source, (joined, condition) in _BRANCHES.items()
    )


def amounts_sql(filings: SQL, lang: str, uid: int) -> SQL:
    """Return the statement that writes the lines and totals of filings.

    Lines that the return no longer has go. The declared amount follows the computed
    one until somebody declares another.

    :param filings: the condition on the filing ``f``
    :param lang: the language of the lines' names
    :param uid: who is noted as the writer
    """
    return SQL(
        _AMOUNTS,
        items=items_sql(filings),
        filings=filings,
        lang=lang,
        uid=uid,
    )


def freeze_sql(filings: SQL) -> SQL:
    """Return the statement that keeps the journal items behind lines of filings.

    :param filings: the condition on the filing ``f``
    """
    return SQL(
        """
        INSERT INTO compliance_filing_item (
            line_id, filing_id, company_id, item_id, move_name, date, account_code,
            label, amount
        )
        SELECT l.id, l.filing_id, l.company_id, i.item_id, i.move_name, i.date,
               i.account_code, i.label, i.amount
        FROM (%s) AS i
        JOIN compliance_filing_line l
          ON l.filing_id = i.filing_id AND l.return_line_id = i.return_line_id
        ORDER BY l.sequence, l.code, i.date, i.item_id
        """,
        items_sql(filings),
    )


def changes_sql(filings: SQL) -> SQL:
    """Return the SELECT of the items of which the ledger says another thing than filed.

    :param filings: the condition on the filing ``f``
    :return: columns filing_id, code, in_total, item_id, move_name, date, account_code,
        label, filed and now; ``filed`` is NULL for an item that was added, ``now`` for
        one that is gone
    """
    return SQL(
        """
        WITH live AS (
            SELECT l.id AS line_id, i.*
            FROM (%(items)s) AS i
            JOIN compliance_filing_line l
              ON l.filing_id = i.filing_id AND l.return_line_id = i.return_line_id
        ), kept AS (
            SELECT i.* FROM compliance_filing_item i
            JOIN compliance_filing f ON f.id = i.filing_id
            WHERE %(filings)s
        )
        SELECT l.filing_id, l.code, l.in_total, item_id,
               COALESCE(live.move_name, kept.move_name) AS move_name,
               COALESCE(live.date, kept.date) AS date,
               COALESCE(live.account_code, kept.account_code) AS account_code,
               COALESCE(live.label, kept.label) AS label,
               kept.amount AS filed, live.amount AS now
        FROM live FULL JOIN kept USING (line_id, item_id)
        JOIN compliance_filing_line l ON l.id = line_id
        WHERE live.amount IS DISTINCT FROM kept.amount
           OR live.date IS DISTINCT FROM kept.date
           OR live.account_code IS DISTINCT FROM kept.account_code
        """,
        items=items_sql(filings),
        filings=filings,
    )
