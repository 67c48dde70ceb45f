"""Statements, as SQL: what each of them is credited, and what a frozen one misses.

A *cell* is a person's period: the place of one statement. Its credit is that of
:mod:`.credit_sql`, one row for each key: the document, the payment (where payments
count) and the rate (where product categories have rates of their own).

Nothing here flushes or checks access: the caller does.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.tools import SQL

from .credit_sql import person_credits

CELL = SQL.identifier("quota_temp_cell")
DAY = SQL.identifier("quota_temp_day")
CREDIT = SQL.identifier("quota_temp_credit")


@dataclass(frozen=True)
class Cell:
    """A person's period. ``map_id``: which categories have rates; None: none has."""

    id: int
    company_id: int
    user_id: int
    date_from: date
    date_to: date
    rounding: Decimal
    map_id: int | None = None


def create_cells(cells):
    """Return the statements that put cells into the temporary tables of this module.

    Tables, and not arrays: PostgreSQL knows nothing about what is in an array, and
    would join hundreds of thousands of documents to the cells one by one.

    :param list[Cell] cells: not empty
    :rtype: list[SQL]
    """
    periods = sorted({(c.company_id, c.date_from, c.date_to) for c in cells})
    numbers = {period: number for number, period in enumerate(periods)}
    rows = [
        (
            c.id,
            numbers[c.company_id, c.date_from, c.date_to],
            c.user_id,
            c.rounding,
            c.map_id,
        )
        for c in cells
    ]
    days = [(number, *period) for number, period in enumerate(periods)]
    return [
        *_create_table(
            CELL,
            SQL(
                """
                SELECT * FROM unnest(%s::integer[], %s::integer[], %s::integer[],
                                     %s::numeric[], %s::integer[])
                           AS cell(id, period, user_id, rounding, map_id)
                """,
                *map(list, zip(*rows, strict=True)),
            ),
        ),
        *_create_table(
            DAY,
            SQL(
                """
                SELECT period, company_id, day::date
                  FROM unnest(%s::integer[], %s::integer[], %s::date[], %s::date[])
                       AS period(period, company_id, date_from, date_to)
            CROSS JOIN generate_series(date_from, date_to, interval '1 day') day
                """,
                *map(list, zip(*days, strict=True)),
            ),
        ),
    ]


def create_credits(basis, cells, categories):
    """Return the statements that put the credit of cells into a temporary table.

    They come after those of :func:`create_cells`, for the same cells.
    """
    return _create_table(CREDIT, cell_credits(basis, cells, categories))


def _create_table(name, query):
    return [
        SQL("DROP TABLE IF EXISTS pg_temp.%s", name),
        SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", name, query),
        SQL("ANALYZE pg_temp.%s", name),
    ]


def cell_credits(basis, cells, categories):
    """Return the credit of cells, one row a key.

    Columns: ``cell_id``, ``move_id``, ``partial_id``, ``rate_id``, ``date`` and
    ``amount`` (not 0). The rows of a document sum to its credit to the cent.

    :param str basis: that of the cells' plans
    :param list[Cell] cells: those that :func:`create_cells` was called with
    :param categories: (map, product category, rate) for each category that has a rate
    :rtype: SQL
    """
    dates = min(cell.date_from for cell in cells), max(cell.date_to for cell in cells)
    companies = sorted({cell.company_id for cell in cells})
    credit = SQL(
        """
        WITH credit AS (
                SELECT cell.id AS cell_id, cell.map_id, cell.rounding,
                       c.move_id, c.partial_id, c.date, c.amount
                  FROM (%(credits)s) c
                  JOIN pg_temp.%(day)s day
                       ON day.company_id = c.company_id AND day.day = c.date
                  JOIN pg_temp.%(cell)s cell
                       ON cell.period = day.period AND cell.user_id = c.user_id
                 WHERE c.amount != 0
             )
        """,
        cell=CELL,
        day=DAY,
        credits=person_credits(basis, companies, dates),
    )
    if not categories:
        return SQL(
            """%s SELECT cell_id, move_id, partial_id, NULL::integer AS rate_id, date,
                         amount
                    FROM credit""",
            credit,
        )
    return SQL("%s, %s", credit, _by_category(basis, categories))


def _by_category(basis, categories):
    """Return the rest of ``cell_credits``, where categories have rates of their own.

    A document is shared between rates as its product lines are (for the margin, as
    their margins are); the sums so far are rounded, so the parts sum to the whole.
    """
    weight = SQL("-l.balance")
    if basis == "margin":
        weight = SQL("-l.balance - COALESCE(l.quota_cost, 0)")
    return SQL(
        """
             category AS (
                SELECT * FROM unnest(%(maps)s::integer[], %(categories)s::integer[],
                                     %(rates)s::integer[])
                           AS category(map_id, categ_id, rate_id)
             ),
             part AS (
                SELECT d.map_id, d.move_id, k.rate_id, SUM(%(weight)s) AS weight
                  FROM (SELECT DISTINCT map_id, move_id FROM credit
                         WHERE map_id IS NOT NULL) d
                  JOIN account_move_line l
                       ON l.move_id = d.move_id AND l.display_type = 'product'
             LEFT JOIN product_product p ON p.id = l.product_id
             LEFT JOIN product_template t ON t.id = p.product_tmpl_id
             LEFT JOIN category k ON k.map_id = d.map_id AND k.categ_id = t.categ_id
                 GROUP BY d.map_id, d.move_id, k.rate_id
             ),
             share AS (
                SELECT part.*, SUM(weight) OVER document AS whole,
                       SUM(weight) OVER (document ORDER BY rate_id NULLS FIRST) AS upto
                  FROM part
                WINDOW document AS (PARTITION BY map_id, move_id)
             ),
             shared AS (
                SELECT c.cell_id, c.move_id, c.partial_id, s.rate_id, c.date,
                       CASE WHEN s.whole IS NULL THEN c.amount
                            ELSE (ROUND(c.amount * s.upto / s.whole / c.rounding)
                                  - ROUND(c.amount * (s.upto - s.weight) / s.whole
                                          / c.rounding)) * c.rounding
                       END AS amount
                  FROM credit c
             LEFT JOIN share s ON s.map_id = c.map_id AND s.move_id = c.move_id
                       AND s.whole != 0
             )
        SELECT * FROM shared WHERE amount != 0
        """,
        maps=[row[0] for row in categories],
        categories=[row[1] for row in categories],
        rates=[row[2] for row in categories],
        weight=weight,
    )


def insert_lines(rates):
    """Return the INSERT of all lines of statements, from :func:`create_credits`.

    What the lines pay is rounded as :func:`.commission.split` does it: in the order of
    date, document, payment and rate, and the last line takes what is left.

    :param rates: (cell, statement, rate or 0, the rate's number, effective rate,
        rounding)
    :rtype: SQL
    """
    return SQL(
        """
        INSERT INTO quota_statement_line (
            statement_id, company_id, user_id, date, move_id, move_name, partner_id,
            partial_id, rate_id, amount, rate, commission
        )
        SELECT s.id, s.company_id, s.user_id, l.date, l.move_id, m.name, m.partner_id,
               l.partial_id, l.rate_id, l.amount, l.rate,
               CASE WHEN l.is_last THEN s.commission ELSE l.upto END
               - l.before
          FROM (SELECT upto.*, LAG(upto, 1, 0::numeric) OVER line AS before,
                       LEAD(FALSE, 1, TRUE) OVER line AS is_last
                  FROM (SELECT c.*, r.statement_id, r.rate,
                               ROUND(SUM(c.amount * r.effective) OVER line / r.rounding)
                               * r.rounding AS upto
                          FROM pg_temp.%(credit)s c
                          JOIN (%(rates)s) r ON r.cell = c.cell_id
                               AND r.key = COALESCE(c.rate_id, 0)
                        WINDOW line AS (%(line)s ROWS UNBOUNDED PRECEDING)) upto
                WINDOW line AS (%(line)s)) l
          JOIN quota_statement s ON s.id = l.statement_id
          JOIN account_move m ON m.id = l.move_id
         ORDER BY l.statement_id, l.date, l.move_id, l.partial_id,
                  l.rate_id NULLS FIRST
        """,
        credit=CREDIT,
        line=SQL(
            """PARTITION BY statement_id
                   ORDER BY date, move_id, partial_id, rate_id NULLS FIRST"""
        ),
        rates=SQL(
            """SELECT * FROM unnest(%s::integer[], %s::integer[], %s::integer[],
                                    %s::numeric[], %s::numeric[], %s::numeric[])
                 AS r(cell, statement_id, key, rate, effective, rounding)""",
            *map(list, zip(*rates, strict=True)),
        ),
    )


def recorded(statement_ids):
    """Return what frozen statements have paid, on themselves and as adjustments.

    Columns as those of :func:`cell_credits`, and ``commission``. Adjustments that are
    not frozen themselves do not count: they are calculated anew.

    :rtype: SQL
    """
    return SQL(
        """
        SELECT COALESCE(l.origin_statement_id, l.statement_id) AS cell_id,
               l.move_id, l.partial_id, l.rate_id, l.date, l.amount, l.commission
          FROM quota_statement_line l
          JOIN quota_statement s ON s.id = l.statement_id AND s.state != 'computed'
         WHERE COALESCE(l.origin_statement_id, l.statement_id) = ANY(%s)
        """,
        list(statement_ids),
    )


def missing(basis, cells, categories):
    """Return what the frozen statements that the cells' ids name miss, one row a key.

    Columns: the key, ``date`` and ``amount`` (present credit less what is recorded).

    :rtype: SQL
    """
    return SQL(
        """
        SELECT cell_id, move_id, partial_id, rate_id, MAX(date) AS date,
               SUM(amount) AS amount
          FROM (SELECT cell_id, move_id, partial_id, rate_id, date, amount
                  FROM (%(current)s) current
             UNION ALL
                SELECT cell_id, move_id, partial_id, rate_id, date, -amount
                  FROM (%(recorded)s) recorded) key
         GROUP BY cell_id, move_id, partial_id, rate_id
        HAVING SUM(amount) != 0
        """,
        current=cell_credits(basis, cells, categories),
        recorded=recorded([cell.id for cell in cells]),
    )
