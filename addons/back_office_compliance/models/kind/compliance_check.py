import json
from collections.abc import Iterable

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

NOTHING = SQL(
    "SELECT 0 AS res_id, '' AS key, NULL::date AS date, '{}'::jsonb AS values"
    " WHERE FALSE"
)


class ComplianceCheck(models.Model):
    """The kinds of a check: each says in SQL which records it names.

    A statement of a kind returns the columns ``res_id``, ``key`` (tells apart several
    findings on one record), ``date`` (the day that it belongs to, or NULL) and
    ``values`` (jsonb: the figures to show).
    """

    _inherit = "compliance.check"  # pylint: disable=consider-merging-classes-inherited

    def _get_sql(self, company, parameters, scope=None):
        """Return the statement that names the findings of the check.

        :param company: the company whose records are read
        :param dict parameters: what ``_get_parameters`` returned for it
        :param scope: dates that a run is limited to, or None. A statement may leave
            out rows with a date outside of it; never rows without a date
        :rtype: SQL
        """
        self.ensure_one()
        return getattr(self, f"_get_sql_{self.kind}")(company, parameters, scope)

    def _get_sql_domain(self, company, parameters, scope):
        """Return the records that meet the domain, each with its figures."""
        Model = self.env[self.model]
        query = Model._search(self._get_record_domain(company, parameters))
        return query.select(
            SQL("%s AS res_id", SQL.identifier(query.table, "id")),
            SQL("'' AS key"),
            SQL("%s AS date", self._get_date_sql(query)),
            SQL("%s AS values", self._get_values_sql(query)),
        )

    def _get_sql_aggregate(self, company, parameters, scope):
        """Return the groups that pass the threshold, as one row each.

        A finding is about the record of the first group if that is a record, else
        about none; the other groups make its key.
        """
        Model = self.env[self.model]
        groups, aggregates = self._split("group_by"), self._split("aggregate")
        rows = Model._read_group(
            self._get_record_domain(company, parameters, scope),
            groups,
            aggregates,
            having=self._get_having(parameters),
        )
        found = [self._get_aggregate_row(groups, aggregates, row) for row in rows]
        if not found:
            return NOTHING
        ids, keys, dates, values = (list(column) for column in zip(*found, strict=True))
        return SQL(
            "SELECT * FROM unnest(%s::integer[], %s::text[], %s::date[], %s::jsonb[])"
            " AS found(res_id, key, date, values)",
            ids,
            keys,
            dates,
            values,
        )

    def _get_sql_method(self, company, parameters, scope):
        """Return the statement of the add-on's method ``_check_<method>``.

        :raises UserError: when the method does not return SQL
        """
        query = getattr(self, f"_check_{self.method}")(company, parameters, scope)
        if not isinstance(query, SQL):
            raise UserError(
                self.env._(
                    "Check %(check)s: its method %(method)s has to return SQL.",
                    check=self.code,
                    method=self.method,
                )
            )
        return query

    # --- parts --------------------------------------------------------------------

    def _split(self, name):
        """Return the names that a field holds, separated by commas."""
        return [part.strip() for part in (self[name] or "").split(",") if part.strip()]

    def _eval_domain(self, name, parameters):
        """Return a domain field of the check as a domain.

        It may use the names of the parameters, ``today`` and ``relativedelta``.

        :raises ValueError: when it is not a domain
        """
        names = {
            **parameters,
            "today": fields.Date.context_today(self),
            "relativedelta": relativedelta,
        }
        return Domain(safe_eval(self[name] or "[]", names))

    def _get_having(self, parameters):
        """Return the threshold of a group, as ``_read_group`` takes it."""
        having = self._eval_domain("having", parameters)
        return [] if having.is_true() else list(having)

    def _get_record_domain(self, company, parameters, scope=None):
        """Return the domain of the check, within the company and the scope."""
        domain = self._eval_domain("domain", parameters)
        domain &= self._get_company_domain(company)
        date_field = self.env[self.model]._fields.get(self.date_field)
        if scope and date_field is not None and date_field.type == "date":
            domain &= Domain(self.date_field, ">=", scope.date_from)
            domain &= Domain(self.date_field, "<=", scope.date_to)
        return domain

    def _get_company_domain(self, company):
        """Return the domain of records that are the company's, or shared."""
        Model = self.env[self.model]
        if Model._name == "res.company":
            return Domain("id", "=", company.id)
        if "company_id" in Model._fields or "company_ids" in Model._fields:
            return Domain(Model._check_company_domain(company))
        return Domain.TRUE

    def _get_date_sql(self, query):
        """Return the day of a record, in the time zone of the company."""
        if not self.date_field:
            return SQL("NULL::date")
        Model = self.env[self.model]
        column = Model._field_to_sql(query.table, self.date_field, query)
        if Model._fields[self.date_field].type == "datetime":
            return SQL(
                "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
                column,
                self.env.context.get("tz") or "UTC",
            )
        return column

    def _get_values_sql(self, query):
        """Return the fields to show as one JSON object."""
        Model = self.env[self.model]
        pairs = [
            SQL("%s::text, %s", name, Model._field_to_sql(query.table, name, query))
            for name in self._split("value_fields")
        ]
        return SQL("jsonb_build_object(%s)", SQL(", ").join(pairs))

    def _get_aggregate_row(self, groups, aggregates, row):
        """Return the id, key, date and values of a group as ``_read_group`` has it."""
        parts = dict(zip([*groups, *aggregates], row, strict=True))
        record = parts[groups[0]]
        about_record = isinstance(record, models.BaseModel)
        res_id = record.id if about_record and record else 0
        rest = groups[1:] if about_record else groups
        days = [parts[name] for name in groups if hasattr(parts[name], "isoformat")]
        values = {
            name: self._to_plain(value)
            for name, value in parts.items()
            if not isinstance(value, models.BaseModel)
        }
        key = "|".join(str(self._to_plain(parts[name])) for name in rest)
        return (res_id, key, days[0] if days else None, json.dumps(values))

    def _to_plain(self, value):
        """Return a group's or aggregate's value as JSON can hold it."""
        if isinstance(value, models.BaseModel):
            return value.id or 0
        if hasattr(value, "isoformat"):
            return value.isoformat()
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, Iterable):
            return [self._to_plain(part) for part in value]
        return str(value)
