"""What counts, as SQL: the one place that says which amount is whose, and when.

Two functions return a SELECT that may be embedded as a sub-select or a CTE. Neither
flushes: call ``env.flush_all()`` first. Neither checks access: the caller does.

- :func:`document_credits`: one row a posted customer document (basis ``invoiced`` and
  ``margin``), or one a payment of it (``collected``);
- :func:`person_credits`: the same rows after the credit split, one a person.
"""

from odoo import SUPERUSER_ID
from odoo.tools import SQL

BASES = ("invoiced", "collected", "margin")
DOCUMENT_TYPES = ("out_invoice", "out_refund", "out_receipt")


def document_credits(basis, company_ids=None, dates=None, move_ids=None):
    """Return the credit of each document, before it is split between people.

    Columns: ``move_id``, ``partial_id`` (NULL unless collected), ``company_id``,
    ``date``, ``amount`` (numeric, the company's currency, rounded), ``user_id`` (NULL:
    nobody), ``team_id``, ``split_move_id`` (the document whose split applies) and
    ``follows`` (a refund without a salesperson takes those of the invoice that it
    reverses).

    :param str basis: one of :data:`BASES`
    :param company_ids: ids of the companies of the documents; None: all
    :param dates: (from, to), inclusive; None: all
    :param move_ids: ids of the documents; None: all
    :rtype: SQL
    :raises ValueError: when the basis is unknown
    """
    if basis == "collected":
        return _collected(company_ids, dates, move_ids)
    if basis not in BASES:
        raise ValueError(f"Unknown basis: {basis}")
    amount, cost_join = SQL("m.amount_untaxed_signed"), SQL()
    if basis == "margin":
        amount = SQL("m.amount_untaxed_signed - COALESCE(k.cost, 0)")
        cost_join = SQL("LEFT JOIN (%s) k ON k.move_id = m.id", _costs(move_ids))
    return SQL(
        """
        SELECT m.id AS move_id,
               NULL::integer AS partial_id,
               m.company_id,
               m.invoice_date AS date,
               %(amount)s AS amount,
               %(holder)s
          FROM account_move m
               %(original)s
               %(cost_join)s
         WHERE %(documents)s%(dates)s
        """,
        amount=amount,
        holder=_holder(),
        original=_original_join(move_ids),
        cost_join=cost_join,
        documents=_documents(company_ids, move_ids),
        dates=_between(SQL("m.invoice_date"), dates),
    )


def person_credits(basis, company_ids=None, dates=None, move_ids=None):
    """Return the credit of each person: the documents' credit after the split.

    Columns: ``move_id``, ``partial_id``, ``company_id``, ``date``, ``amount``,
    ``user_id`` (NULL: no person), ``team_id`` and ``split_id``. The parts of a document
    sum to its amount to the cent, so that its teams may be summed from here as well.
    The arguments are those of :func:`document_credits`.

    :rtype: SQL
    """
    return SQL(
        """
        SELECT c.move_id, c.partial_id, c.company_id, c.date,
               CASE WHEN s.id IS NULL THEN c.amount
                    ELSE ROUND(c.amount * s.upto / (100 * s.rounding)) * s.rounding
                         - ROUND(c.amount * (s.upto - s.percent) / (100 * s.rounding))
                           * s.rounding
               END AS amount,
               COALESCE(s.user_id, c.user_id) AS user_id,
               c.team_id,
               s.id AS split_id
          FROM (%(documents)s) c
               LEFT JOIN (%(splits)s) s ON s.move_id = c.split_move_id
        """,
        documents=document_credits(basis, company_ids, dates, move_ids),
        splits=_splits(move_ids),
    )


def _splits(move_ids):
    """Return each part of a split with the percentages up to it, in their order."""
    of_moves = SQL()
    if move_ids is not None:
        of_moves = SQL(
            """WHERE x.move_id IN (
                   SELECT unnest(ARRAY[f.id, f.reversed_entry_id])
                     FROM account_move f
                    WHERE f.id = ANY(%s))""",
            list(move_ids),
        )
    return SQL(
        """
        SELECT x.id, x.move_id, x.user_id, x.percent, y.rounding,
               SUM(x.percent) OVER (PARTITION BY x.move_id ORDER BY x.id) AS upto
          FROM quota_credit_split x
               JOIN res_company w ON w.id = x.company_id
               JOIN res_currency y ON y.id = w.currency_id
        %s
        """,
        of_moves,
    )


def _collected(company_ids, dates, move_ids):
    """Return a row for each payment, refund or other matching of a document.

    What is paid is summed over the matchings in their order and only the sums are
    rounded: a document that is fully paid gives its untaxed amount to the cent. Most
    are paid at once, which takes no arithmetic.
    """
    upto = SQL("c.untaxed * c.upto / NULLIF(c.total * y.rounding, 0)")
    before = SQL("c.untaxed * (c.upto - c.paid) / NULLIF(c.total * y.rounding, 0)")
    return SQL(
        """
        SELECT c.move_id, c.partial_id, c.company_id, c.date,
               CASE WHEN c.upto = c.paid AND c.paid = c.total THEN c.untaxed
                    ELSE COALESCE(
                        (ROUND(%(upto)s) - ROUND(%(before)s)) * y.rounding, 0)
               END AS amount,
               c.user_id, c.team_id, c.split_move_id, c.follows
          FROM (SELECT m.id AS move_id,
                       p.partial_id,
                       m.company_id,
                       p.date,
                       m.amount_untaxed_signed AS untaxed,
                       m.amount_total_signed AS total,
                       p.paid,
                       SUM(p.paid) OVER (PARTITION BY m.id ORDER BY p.partial_id)
                           AS upto,
                       %(holder)s
                  FROM account_move m
                       JOIN (%(partials)s) p ON p.move_id = m.id
                       %(original)s
                 WHERE %(documents)s) c
               JOIN res_company w ON w.id = c.company_id
               JOIN res_currency y ON y.id = w.currency_id
         WHERE TRUE%(dates)s
        """,
        upto=upto,
        before=before,
        holder=_holder(),
        partials=_partials(move_ids),
        original=_original_join(move_ids),
        documents=_documents(company_ids, move_ids),
        dates=_between(SQL("c.date"), dates),
    )


def _partials(move_ids):
    """Return what was matched with the receivable lines of documents.

    Exchange differences do not count, nor does what is matched with an entry that is
    not posted, nor one part of a document with another.
    """
    return SQL(
        """
        SELECT l.move_id, p.id AS partial_id, p.max_date AS date, p.paid
          FROM (SELECT id, max_date, amount AS paid,
                       debit_move_id AS line_id, credit_move_id AS other_id
                  FROM account_partial_reconcile
                 UNION ALL
                SELECT id, max_date, -amount, credit_move_id, debit_move_id
                  FROM account_partial_reconcile) p
               JOIN account_move_line l ON l.id = p.line_id
               JOIN account_move_line o ON o.id = p.other_id
         WHERE l.display_type = 'payment_term'
           AND o.parent_state = 'posted'
           AND o.move_id != l.move_id
           AND NOT EXISTS (SELECT FROM account_partial_reconcile e
                            WHERE e.exchange_move_id = o.move_id)%(moves)s
        """,
        moves=_any(SQL("l.move_id"), move_ids),
    )


def _costs(move_ids):
    """Return what the lines of each document are known to have cost."""
    return SQL(
        """
        SELECT l.move_id, SUM(l.quota_cost) AS cost
          FROM account_move_line l
         WHERE l.quota_cost IS NOT NULL%s
         GROUP BY l.move_id
        """,
        _any(SQL("l.move_id"), move_ids),
    )


def _holder():
    """Return the columns that say whose a document is.

    OdooBot is nobody. A refund of nobody, unless it has a split of its own, follows the
    invoice that it reverses, whose person, team and split it takes.
    """
    return SQL(
        """CASE WHEN r.id IS NULL THEN NULLIF(m.invoice_user_id, %(bot)s)
                ELSE NULLIF(r.invoice_user_id, %(bot)s) END AS user_id,
           CASE WHEN r.id IS NULL THEN m.team_id ELSE r.team_id END AS team_id,
           COALESCE(r.id, m.id) AS split_move_id,
           r.id IS NOT NULL AS follows""",
        bot=SUPERUSER_ID,
    )


def _original_join(move_ids):
    """Return the join with the invoice that a document follows, if it follows one.

    The few refunds that follow are looked up first: a join by ``reversed_entry_id``
    would put all documents without one in the same place of the hash table.
    """
    return SQL(
        """LEFT JOIN (
               SELECT f.id AS move_id, g.id, g.invoice_user_id, g.team_id
                 FROM account_move f
                      JOIN account_move g ON g.id = f.reversed_entry_id
                WHERE f.reversed_entry_id IS NOT NULL
                  AND f.move_type = 'out_refund'
                  AND COALESCE(f.invoice_user_id, %(bot)s) = %(bot)s
                  AND NOT EXISTS (SELECT FROM quota_credit_split z
                                   WHERE z.move_id = f.id)%(moves)s
           ) r ON r.move_id = m.id""",
        bot=SUPERUSER_ID,
        moves=_any(SQL("f.id"), move_ids),
    )


def _documents(company_ids, move_ids):
    return SQL(
        "m.state = 'posted' AND m.move_type IN %s%s%s",
        DOCUMENT_TYPES,
        _any(SQL("m.company_id"), company_ids),
        _any(SQL("m.id"), move_ids),
    )


def _any(column, ids):
    return SQL() if ids is None else SQL(" AND %s = ANY(%s)", column, list(ids))


def _between(column, dates):
    return SQL() if dates is None else SQL(" AND %s BETWEEN %s AND %s", column, *dates)
