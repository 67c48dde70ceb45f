import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import statement_sql
from ..commission import (
    allocate,
    attainment,
    commission,
    effective_rates,
    from_json,
    to_json,
)
from ..statement_sql import Cell

ZERO = Decimal(0)


class QuotaStatementEngine(models.AbstractModel):
    """Calculates statements, and finds what frozen ones have missed since.

    For any number of people and periods it is a fixed number of statements a basis.
    """

    _name = "quota.statement.engine"
    _description = "Calculation of commission statements"

    @api.model
    def _compute_statements(self, periods, users=None):
        """Calculate the statements of periods, as far as they are not frozen.

        Every person with a target of an approved plan, who is on a commission plan on
        the period's last day (or their own), has a statement. Its lines are deleted and
        inserted anew; its id stays. Then what frozen statements of the same companies
        miss goes to each person's earliest statement after them that is not frozen, in
        whichever period that is. Twice gives the same figures.

        Two transactions that calculate the same company at the same time: the second
        one fails with a serialization failure, and Odoo tries it again.

        :param periods: ``quota.period`` of any plans; those of plans that are not
            approved are passed over
        :param users: only for these people; None: all
        :return: the statements of these periods that are not frozen
        :rtype: quota.statement
        """
        # sudo: a calculation of the server for all people; who may start it is checked
        # by its callers, and companies are those of the periods
        engine = self.sudo()
        periods = periods.sudo().filtered(lambda p: p.plan_id.state == "approved")
        self.env.flush_all()
        if periods:
            engine._lock(periods.company_id)
        for basis, group in periods.grouped(lambda p: p.plan_id.basis).items():
            engine._compute_basis(basis, group, users)
        if periods:
            engine._write_adjustments(periods, users)
            engine._sweep(periods, users)
        self.env.invalidate_all(flush=False)
        domain = Domain("period_id", "in", periods.ids) & Domain(
            "state", "=", "computed"
        )
        if users is not None:
            domain &= Domain("user_id", "in", users.ids)
        return self.env["quota.statement"].search(domain)

    def _lock(self, companies):
        """Let one transaction at a time calculate the statements of companies.

        A lock alone would not do: Odoo's transactions read from a snapshot that is
        taken before they wait, so the second would not see what the first one wrote
        and would write it again. It changes the row that it locks, and so the second
        one gets a serialization failure.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH plan AS (
                    SELECT id FROM quota_plan
                     WHERE company_id = ANY(%(companies)s)
                     ORDER BY id
                       FOR UPDATE)
                UPDATE quota_plan SET statements_computed_on = %(now)s
                  FROM plan WHERE plan.id = quota_plan.id
                """,
                companies=companies.ids,
                now=fields.Datetime.now(),
            )
        )

    def _compute_basis(self, basis, periods, users):
        """Calculate the statements of periods that have one basis."""
        expected = self._get_expected(periods, users)
        self._fill_credit(basis, expected)
        self._clear_lines(periods, users)
        self._write_headers(expected)
        self._insert_lines(expected)

    # --- who has a statement ----------------------------------------------------

    def _get_expected(self, periods, users):
        """Return a dictionary for each statement that there should be.

        :return: [{"target", "plan" (of commission), "terms" (Terms), "json"}]
        """
        domain = Domain("period_id", "in", periods.ids) & Domain("user_id", "!=", False)
        if users is not None:
            domain &= Domain("user_id", "in", users.ids)
        targets = self.env["quota.target"].search(
            domain, order="period_id, user_id, id"
        )
        on_plan = self._get_assignments(targets)
        base_terms, expected = {}, []
        for target in targets:
            day = target.date_to
            if target.end_date and target.date_from <= target.end_date < day:
                day = target.end_date
            plan = next(
                (
                    plan
                    for begin, end, plan in on_plan[target.company_id, target.user_id]
                    if begin <= day <= end
                ),
                None,
            )
            if plan:
                if plan not in base_terms:
                    base_terms[plan] = plan._get_terms(0.0), plan._get_frozen_names()
                terms, names = base_terms[plan]
                terms = replace(terms, target=plan._get_target(target.amount))
                frozen = to_json(terms) | names
                expected.append(
                    {"target": target, "plan": plan, "terms": terms, "json": frozen}
                )
        return expected

    def _get_assignments(self, targets):
        """Return (first day, last day, commission plan) by company and person."""
        on_plan = defaultdict(list)
        for row in self.env["quota.commission.assignment"].search(
            [
                ("user_id", "in", targets.user_id.ids),
                ("company_id", "in", targets.company_id.ids),
                ("plan_id.active", "=", True),
            ]
        ):
            on_plan[row.company_id, row.user_id].append(
                (*row._get_bounds(), row.plan_id)
            )
        return on_plan

    def _get_categories(self, frozen_terms):
        """Return which product categories have rates, for several frozen terms.

        :param frozen_terms: the terms of statements, as they are stored
        :return: the map's number of each of the terms (None: no rates), and
            (map, product category, rate) for every category, those below included
        """
        numbers, result = {}, []
        for terms in frozen_terms:
            rows = terms["categories"]
            key = tuple(sorted((row["category_id"], row["id"]) for row in rows))
            result.append(numbers.setdefault(key, len(numbers)) if key else None)
        if not numbers:
            return result, []
        with_rates = {category for key in numbers for category, _rate in key}
        categories = self.env["product.category"].search(
            [("id", "child_of", list(with_rates))]
        )
        triples = []
        for key, number in numbers.items():
            rates = dict(key)
            for category in categories:
                path = map(int, category.parent_path.strip("/").split("/"))
                found = [rates[ancestor] for ancestor in path if ancestor in rates]
                if found:
                    triples.append((number, category.id, found[-1]))
        return result, triples

    # --- statements -------------------------------------------------------------

    def _fill_credit(self, basis, expected):
        """Add what each expected statement is credited by rate, and its commission."""
        if not expected:
            return
        maps, categories = self._get_categories([row["json"] for row in expected])
        cells = []
        for number, (row, map_id) in enumerate(zip(expected, maps, strict=True)):
            target = row["target"]
            row["credited"] = {}
            cells.append(
                Cell(
                    number,
                    target.company_id.id,
                    target.user_id.id,
                    target.date_from,
                    target.date_to,
                    row["terms"].rounding,
                    map_id,
                )
            )
        for statement in (
            *statement_sql.create_cells(cells),
            *statement_sql.create_credits(basis, cells, categories),
        ):
            self.env.cr.execute(statement)
        for number, rate_id, amount in self.env.execute_query(
            SQL(
                """SELECT cell_id, rate_id, SUM(amount)::text FROM pg_temp.%s
                    GROUP BY cell_id, rate_id""",
                statement_sql.CREDIT,
            )
        ):
            expected[number]["credited"][rate_id] = Decimal(amount)
        for row in expected:
            row["commission"] = commission(row["terms"], row["credited"])

    def _clear_lines(self, periods, users):
        """Delete the lines of these periods' statements that are not frozen."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM quota_statement_line line
                 USING quota_statement s
                 WHERE line.statement_id = s.id AND s.state = 'computed'
                   AND s.period_id = ANY(%s)%s
                """,
                periods.ids,
                self._of_users(users),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE quota_statement s
                   SET target_id = NULL, commission_plan_id = NULL, terms = NULL,
                       target_amount = 0, credited = 0, attainment = 0, commission = 0
                 WHERE s.state = 'computed' AND s.period_id = ANY(%s)%s
                """,
                periods.ids,
                self._of_users(users),
            )
        )

    def _of_users(self, users):
        return SQL() if users is None else SQL(" AND s.user_id = ANY(%s)", users.ids)

    def _write_headers(self, expected):
        """Insert or update the expected statements; add the ids of those not frozen."""
        ids = self._upsert([self._header_values(row) for row in expected])
        for row in expected:
            target = row["target"]
            row["id"] = ids.get((target.period_id.id, target.user_id.id))

    def _header_values(self, row):
        """Return the columns of a statement; decimals are strings."""
        target, terms = row["target"], row["terms"]
        credited = sum(row["credited"].values(), ZERO)
        return {
            "period_id": target.period_id.id,
            "user_id": target.user_id.id,
            "team_id": target.team_id.id or None,
            "target_id": target.id,
            "commission_plan_id": row["plan"].id,
            "terms": row["json"],
            "target_amount": str(terms.target),
            "credited": str(credited),
            "attainment": float(attainment(terms, credited)),
            "commission": str(row["commission"]),
        }

    def _upsert(self, values):
        """Write statements in one INSERT; frozen ones are left as they are.

        :param values: dictionaries of columns
        :return: the ids of those that were written, by (period, person)
        """
        columns = (
            "user_id", "team_id", "target_id", "commission_plan_id", "terms",
            "target_amount", "credited", "attainment", "commission",
        )  # fmt: skip
        changed = (*columns[1:], "total", "adjustment", "computed_on", "write_date")
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO quota_statement (
                    period_id, plan_id, company_id, date_from, date_to, basis, state,
                    %(columns)s, adjustment, total, computed_on,
                    create_uid, create_date, write_uid, write_date)
                SELECT p.id, p.plan_id, p.company_id, p.date_from, p.date_to,
                       plan.basis, 'computed', %(values)s, 0, v.commission, %(now)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(json)s::jsonb) AS v(
                       period_id integer, user_id integer, team_id integer,
                       target_id integer, commission_plan_id integer, terms jsonb,
                       target_amount numeric, credited numeric,
                       attainment double precision, commission numeric)
                  JOIN quota_period p ON p.id = v.period_id
                  JOIN quota_plan plan ON plan.id = p.plan_id
                 ORDER BY p.date_from, p.id, v.user_id
                ON CONFLICT (period_id, user_id) DO UPDATE
                   SET (%(changed)s) = (%(excluded)s)
                 WHERE quota_statement.state = 'computed'
             RETURNING id, period_id, user_id
                """,
                columns=_names(columns),
                values=_names(columns, "v"),
                changed=_names(changed),
                excluded=_names(changed, "excluded"),
                json=json.dumps(values),
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        return {(period, user): number for number, period, user in rows}

    def _insert_lines(self, expected):
        """Insert the lines of the expected statements that are not frozen, at once."""
        rates = []
        for number, row in enumerate(expected):
            if row["id"] and row["credited"]:
                terms = row["terms"]
                rates += [
                    (
                        number,
                        row["id"],
                        key or 0,
                        terms.rate(key),
                        effective,
                        terms.rounding,
                    )
                    for key, effective in effective_rates(
                        terms, row["credited"]
                    ).items()
                ]
        if not rates:
            return
        # PostgreSQL keeps the plan that checks a foreign key. One made while the table
        # of statements was small reads all of it for every line; without a plan it
        # makes one that fits the present size.
        self.env.cr.execute("DISCARD PLANS")
        self.env.cr.execute(statement_sql.insert_lines(rates))

    # --- adjustments ------------------------------------------------------------

    def _write_adjustments(self, periods, users):
        """Put what frozen statements miss on later statements that are not frozen.

        All open statements of the companies are considered, not those of the periods
        alone: the earliest of a person takes what there is, so it may stand elsewhere.
        Those of every basis are: the plan of the next year may have another one.
        """
        companies = periods.company_id
        self._delete_open_adjustments(companies, users)
        lines = []
        self.env.invalidate_all(flush=False)
        frozen = self._get_frozen(companies, users)
        for basis, statements in frozen.grouped("basis").items():
            found = self._find_missing(basis, statements)
            open_ids = self._get_destinations(
                basis, periods, [row["s"] for row in found]
            )
            for row in found:
                destination = open_ids.get(row["s"].id)
                if destination:
                    lines += [(destination, row["s"], *line) for line in row["lines"]]
        self._insert_adjustments(lines)
        self._write_totals(companies, users)

    def _open(self, companies, users):
        """Return the condition of statements ``s`` that are not frozen."""
        return SQL(
            "s.state = 'computed' AND s.company_id = ANY(%s)%s",
            companies.ids,
            self._of_users(users),
        )

    def _delete_open_adjustments(self, companies, users):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM quota_statement_line line
                 USING quota_statement s
                 WHERE line.statement_id = s.id
                   AND line.origin_statement_id IS NOT NULL AND %s
                """,
                self._open(companies, users),
            )
        )

    def _get_frozen(self, companies, users):
        """Return the frozen statements that have terms, in the order of periods."""
        domain = Domain("state", "!=", "computed") & Domain(
            "company_id", "in", companies.ids
        )
        if users is not None:
            domain &= Domain("user_id", "in", users.ids)
        statements = self.env["quota.statement"].search(domain, order="date_from, id")
        return statements.filtered("terms")

    def _find_missing(self, basis, statements):
        """Return the frozen statements that miss something, with the lines to add.

        What the lines pay is the difference between the commission of the present
        credit, by the statement's own frozen terms, and what it has paid so far.

        :return: [{"s": statement, "lines": [(move, payment, rate, date, amount, rate's
            number, commission)]}]
        """
        maps, categories = self._get_categories([s.terms for s in statements])
        cells = [
            Cell(
                s.id,
                s.company_id.id,
                s.user_id.id,
                s.date_from,
                s.date_to,
                Decimal(s.terms["rounding"]),
                map_id,
            )
            for s, map_id in zip(statements, maps, strict=True)
        ]
        for statement in statement_sql.create_cells(cells):
            self.env.cr.execute(statement)
        rows = self.env.execute_query(
            SQL(
                """SELECT cell_id, move_id, partial_id, rate_id, date, amount::text
                     FROM (%s) missing
                    ORDER BY cell_id, date, move_id, partial_id, rate_id NULLS FIRST""",
                statement_sql.missing(basis, cells, categories),
            )
        )
        keys = defaultdict(list)
        for statement_id, *key, amount in rows:
            keys[statement_id].append((*key, Decimal(amount)))
        credited, paid = self._get_recorded(list(keys))
        return [
            {
                "s": s,
                "lines": _adjustment_lines(
                    from_json(s.terms), keys[s.id], credited[s.id], paid[s.id]
                ),
            }
            for s in statements
            if s.id in keys
        ]

    def _get_recorded(self, statement_ids):
        """Return what frozen statements were credited by rate, and what they paid."""
        credited = defaultdict(lambda: defaultdict(lambda: ZERO))
        paid = defaultdict(lambda: ZERO)
        for number, rate_id, amount, commission_paid in self.env.execute_query(
            SQL(
                """SELECT cell_id, rate_id, SUM(amount)::text, SUM(commission)::text
                     FROM (%s) recorded GROUP BY cell_id, rate_id""",
                statement_sql.recorded(statement_ids),
            )
        ):
            credited[number][rate_id] += Decimal(amount)
            paid[number] += Decimal(commission_paid)
        return credited, paid

    def _get_destinations(self, basis, periods, statements):
        """Return the statement that takes the adjustments of each frozen one, by id.

        One of the same basis, if the person has one or will have one. Somebody who has
        no open statement after it, and no target from which one will come, gets one
        without a target in the first of the periods after it.
        """
        persons = {(s.company_id.id, s.user_id.id) for s in statements}
        if not persons:
            return {}
        found = self._find_open(persons)
        later = self._get_targets_to_come(persons, periods)
        new, result = {}, {}
        for s in statements:
            person = s.company_id.id, s.user_id.id
            for places, to_come in (
                (_of_basis(basis, found[person]), _of_basis(basis, later[person])),
                (found[person], later[person]),
            ):
                result[s.id] = _first_after(s.date_from, places)
                if result[s.id] or _first_after(s.date_from, to_come):
                    break
            else:
                period_id = self._get_period_after(s, periods)
                if period_id:
                    new[s] = self._empty_header(period_id, s)
        unique = {(v["period_id"], v["user_id"]): v for v in new.values()}
        ids = self._upsert(list(unique.values()))
        for s, values in new.items():
            result[s.id] = ids.get((values["period_id"], values["user_id"]))
        return result

    def _get_period_after(self, statement, periods):
        """Return the id of the first of the periods after a statement, or None."""
        of_company = periods.filtered(lambda p: p.company_id == statement.company_id)
        places = [(p.date_from, p.id, p.plan_id.basis) for p in of_company]
        return _first_after(
            statement.date_from, _of_basis(statement.basis, places)
        ) or _first_after(statement.date_from, places)

    def _find_open(self, persons):
        """Return (begin, id, basis) of open statements by company and person."""
        found = defaultdict(list)
        for number, company_id, user_id, begin, basis in self.env.execute_query(
            SQL(
                """SELECT id, company_id, user_id, date_from, basis
                     FROM quota_statement
                    WHERE state = 'computed' AND (company_id, user_id) IN %s
                    ORDER BY date_from, target_id IS NULL, id""",
                tuple(persons),
            )
        ):
            found[company_id, user_id].append((begin, number, basis))
        return found

    def _get_targets_to_come(self, persons, periods):
        """Return (begin, id, basis) of targets without a statement, in other periods.

        A target of these periods would have its statement by now.
        """
        later = defaultdict(list)
        for number, company_id, user_id, begin, basis in self.env.execute_query(
            SQL(
                """SELECT t.id, t.company_id, t.user_id, t.date_from, p.basis
                     FROM quota_target t
                     JOIN quota_plan p ON p.id = t.plan_id AND p.state = 'approved'
                    WHERE (t.company_id, t.user_id) IN %s
                      AND t.period_id != ALL(%s)
                      AND NOT EXISTS (SELECT FROM quota_statement s
                                       WHERE s.period_id = t.period_id
                                         AND s.user_id = t.user_id)""",
                tuple(persons),
                periods.ids,
            )
        ):
            later[company_id, user_id].append((begin, number, basis))
        return later

    def _empty_header(self, period_id, statement):
        """Return the columns of a statement for adjustments only."""
        return {
            "period_id": period_id,
            "user_id": statement.user_id.id,
            "team_id": statement.team_id.id or None,
            "target_amount": "0",
            "credited": "0",
            "attainment": 0.0,
            "commission": "0",
        }

    def _insert_adjustments(self, lines):
        """Insert adjustment lines in one statement.

        :param lines: (statement's id, frozen statement, move, payment, rate, date,
            amount, rate's number, commission)
        """
        if not lines:
            return
        columns = zip(*((*row[:1], row[1].id, *row[2:]) for row in lines), strict=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO quota_statement_line (
                    statement_id, company_id, user_id, origin_statement_id, move_id,
                    move_name, partner_id, partial_id, rate_id, date, amount, rate,
                    commission)
                SELECT s.id, s.company_id, s.user_id, v.origin, m.id, m.name,
                       m.partner_id, v.partial, v.rate_id, v.date, v.amount, v.rate,
                       v.commission
                  FROM unnest(%s::integer[], %s::integer[], %s::integer[],
                              %s::integer[], %s::integer[], %s::date[], %s::numeric[],
                              %s::numeric[], %s::numeric[])
                       WITH ORDINALITY
                       AS v(statement, origin, move, partial, rate_id, date, amount,
                            rate, commission, number)
                  JOIN quota_statement s ON s.id = v.statement
             LEFT JOIN account_move m ON m.id = v.move
                 ORDER BY v.number
                """,
                *map(list, columns),
            )
        )

    def _write_totals(self, companies, users):
        """Sum up the adjustments of open statements."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE quota_statement
                   SET adjustment = found.adjustment,
                       total = quota_statement.commission + found.adjustment
                  FROM (SELECT s.id, COALESCE(SUM(line.commission), 0) AS adjustment
                          FROM quota_statement s
                     LEFT JOIN quota_statement_line line ON line.statement_id = s.id
                               AND line.origin_statement_id IS NOT NULL
                         WHERE %s
                         GROUP BY s.id) found
                 WHERE found.id = quota_statement.id
                   AND (quota_statement.adjustment IS DISTINCT FROM found.adjustment
                        OR quota_statement.total IS DISTINCT FROM
                           quota_statement.commission + found.adjustment)
                """,
                self._open(companies, users),
            )
        )

    # --- afterwards -------------------------------------------------------------

    def _sweep(self, periods, users):
        """Delete open statements without a target, lines and disputes."""
        empty = SQL(
            """SELECT s.id FROM quota_statement s
                WHERE %s AND s.target_id IS NULL
                  AND NOT EXISTS (SELECT FROM quota_statement_line line
                                   WHERE line.statement_id = s.id)
                  AND NOT EXISTS (SELECT FROM quota_dispute d
                                   WHERE d.statement_id = s.id)""",
            self._open(periods.company_id, users),
        )
        ids = [number for (number,) in self.env.execute_query(empty)]
        if ids:
            self.env["quota.statement"].browse(ids).unlink()


def _names(columns, table=None):
    """Return the names of columns, separated by commas, as SQL."""
    prefix = (table,) if table else ()
    return SQL(", ").join(
        SQL(".").join(map(SQL.identifier, (*prefix, name))) for name in columns
    )


def _of_basis(basis, places):
    """Return those of (begin, id, basis) that have a basis."""
    return [place for place in places if place[2] == basis]


def _first_after(day, places):
    """Return the id of the first of (begin, id, basis) that begins after ``day``."""
    later = (number for begin, number, _basis in sorted(places) if begin > day)
    return next(later, None)


def _adjustment_lines(terms, keys, credited, paid):
    """Return the lines that bring a frozen statement up to date.

    Each is worth its amount at the rate that the present credit pays. What the others
    gain or lose by it (a tier, the cap, the minimum) is shared by size.

    :param terms: the statement's frozen terms
    :param keys: [(move, payment, rate, date, amount)], amounts not 0
    :param credited: what it was credited by rate so far
    :param paid: what it paid so far, adjustments included
    """
    now = dict(credited)
    for _move, _partial, rate_id, _date, amount in keys:
        now[rate_id] = now.get(rate_id, ZERO) + amount
    total = commission(terms, now) - paid
    rates = effective_rates(terms, now)
    worth = [amount * rates[rate_id] for _m, _p, rate_id, _d, amount in keys]
    size = sum((abs(key[-1]) for key in keys), ZERO)
    rest = total - sum(worth, ZERO)
    weights = [
        value + rest * abs(key[-1]) / size
        for value, key in zip(worth, keys, strict=True)
    ]
    parts = allocate(weights, total, terms.rounding)
    return [
        (*key, terms.rate(key[2]), part) for key, part in zip(keys, parts, strict=True)
    ]
