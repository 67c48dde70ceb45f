from datetime import timedelta

from psycopg2 import Error as DatabaseError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.evidence import (
    array_literal,
    local_date,
    local_day_start,
    parse_domain,
)


class TrainingEvidenceRule(models.Model):
    """Which records of real work count for a trainee.

    A rule is data that add-ons bring: a model, a domain, the field that holds the
    user and the field that holds the date. It runs no code.
    """

    _name = "training.evidence.rule"
    _description = "Evidence from Real Work"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True, translate=True, help="What is counted, as in “Leads qualified”."
    )
    code = fields.Char(
        required=True,
        copy=False,
        help="Stable identifier for imports and integrations.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What counts and what does not, for those who choose it."
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to share the rule between all companies.",
    )
    model_name = fields.Char(
        string="Technical name of the model",
        required=True,
        help="A name, not a link: a rule outlives the app that it counts in.",
    )
    model_id = fields.Many2one(
        "ir.model",
        compute="_compute_model_id",
        compute_sudo=True,
        readonly=False,
        groups="base.group_system",
        domain="[('transient', '=', False), ('abstract', '=', False)]",
    )
    model_label = fields.Char(
        string="Records", compute="_compute_model_id", compute_sudo=True
    )
    domain = fields.Char(
        required=True,
        default="[]",
        help="Which records count. Dates may be relative, as in 'today -30d'.",
    )
    user_field = fields.Char(
        string="Field of the user",
        required=True,
        default="user_id",
        help="The field with the user whose work it is.",
    )
    date_field = fields.Char(
        string="Field of the date",
        required=True,
        default="create_date",
        help="A record counts when this lies between the start of the training and "
        "now.",
    )
    distinct_field = fields.Char(
        string="Once for each",
        help="Records with the same value here count once; empty counts each of them.",
    )
    with_archived = fields.Boolean(
        string="Archived records count",
        help="Needed where what is done or lost is archived.",
    )

    _code_unique = models.UniqueIndex(
        "(code)", "Another rule of evidence has this code. Choose another code."
    )

    @api.depends("model_name")
    def _compute_model_id(self):
        for rule in self:
            known = rule.model_name in self.env
            rule.model_id = known and self.env["ir.model"]._get(rule.model_name)
            rule.model_label = known and rule.model_id.name

    @api.onchange("model_id")
    def _onchange_model_id(self):
        self.model_name = self.model_id.model

    # --- constraints ------------------------------------------------------------

    @api.constrains(
        "model_name",
        "domain",
        "user_field",
        "date_field",
        "distinct_field",
        "with_archived",
    )
    def _check_rule(self):
        for rule in self:
            rule._check_model()
            rule._check_field("user_field", ("many2one",), "res.users")
            rule._check_field("date_field", ("date", "datetime"))
            if rule.distinct_field:
                rule._check_field("distinct_field")
            rule._check_domain()

    def _refuse(self, name, problem):
        """Refuse a value of this rule.

        :param name: name of the field that is wrong
        :param problem: sentence that says what is wrong with it and what to do
        :raises ValidationError: always
        """
        self.ensure_one()
        raise ValidationError(
            self.env._(
                "Rule of evidence “%(rule)s”, field “%(field)s”: %(problem)s",
                rule=self.name,
                field=self._fields[name].get_description(self.env, ["string"])[
                    "string"
                ],
                problem=problem,
            )
        )

    def _check_model(self):
        Model = self.env.get(self.model_name)
        if Model is None or Model._abstract or Model._transient:
            self._refuse(
                "model_name",
                self.env._(
                    "there is no model “%s” with records that last. Choose another "
                    "one, or install the app it belongs to.",
                    self.model_name,
                ),
            )

    def _check_field(self, name, types=None, comodel=None):
        """Refuse a field that the model does not have, or one of another kind.

        :param name: the field of this rule that names it
        :param types: the types that will do; any column when not given
        :param comodel: the model that it must lead to
        """
        Model = self.env[self.model_name]
        field = Model._fields.get(self[name])
        if not field:
            self._refuse(
                name,
                self.env._(
                    "%(model)s has no field “%(name)s”. Choose one of its fields.",
                    model=Model._description,
                    name=self[name],
                ),
            )
        if not field.store or not field.column_type:
            self._refuse(
                name,
                self.env._(
                    "“%s” is not stored, so it cannot be counted by. Choose a stored "
                    "field.",
                    self[name],
                ),
            )
        if (
            types
            and field.type not in types
            or comodel not in (None, field.comodel_name)
        ):
            wanted = (
                self.env._("a link to one user")
                if comodel
                else self.env._("a date or a time")
            )
            self._refuse(
                name,
                self.env._(
                    "“%(name)s” is not %(wanted)s. Choose such a field.",
                    name=self[name],
                    wanted=wanted,
                ),
            )

    def _check_domain(self):
        """Refuse a domain with anything but literal values over stored fields."""
        try:
            domain = Domain(parse_domain(self.domain))
            self._check_conditions(domain, self.env[self.model_name])
            # what only the database knows: run it for nobody
            with self.env.cr.savepoint():
                self._count_periods([])
        except (ValueError, TypeError, KeyError, DatabaseError) as error:
            self._refuse(
                "domain",
                self.env._(
                    "“%(domain)s” does not work: %(error)s. Write a list of conditions "
                    "such as [('type', '=', 'opportunity')], with values and without "
                    "expressions.",
                    domain=self.domain,
                    error=str(error).split("\n")[0],
                ),
            )

    @api.model
    def _is_countable(self, field):
        """Hook: whether a condition may ask for a field.

        An add-on allows a field without a column when its search method gives a domain
        that is the same whoever looks, in one statement.
        """
        return field.store or field.inherited

    def _check_conditions(self, domain, Model):
        """Check the fields of each condition, of the conditions within as well.

        :raises ValueError: when a field is unknown or not stored
        """
        for condition in domain.iter_conditions():
            Current, field = Model, None
            for name in condition.field_expr.split("."):
                if field is not None and not field.relational:
                    break  # a part of a date, or a property
                Current = self.env[field.comodel_name] if field else Model
                field = Current._fields.get(name)
                if not field:
                    raise ValueError(f"{Current._name} has no field {name!r}")
                if not self._is_countable(field):
                    raise ValueError(f"{Current._name}.{name} is not stored")
            if condition.operator in ("any", "not any"):
                self._check_conditions(
                    Domain(condition.value), self.env[field.comodel_name]
                )

    # --- counting ---------------------------------------------------------------

    def _get_source(self):
        """Return the model that is counted, the same for whoever looks.

        The count of a trainee must not depend on who sees it, so it is made by the
        superuser, without the context of the user. It gives numbers away, and nothing
        of the records.

        :return: an empty recordset, or None when its app is not installed any more
        """
        self.ensure_one()
        env = self.env(
            user=SUPERUSER_ID,
            su=True,
            context={"active_test": not self.with_archived, "tz": "UTC"},
        )
        Model = env.get(self.model_name)
        if Model is None or not {self.user_field, self.date_field} <= set(
            Model._fields
        ):
            return None
        return Model

    def _count_periods(self, periods, with_ids=False):
        """Count the records of this rule in many periods, with one query.

        :param periods: list of :class:`EvidencePeriod`
        :param with_ids: whether the ids are wanted, too
        :return: dict of the step's id to ``(number, ids)``; None where the rule cannot
            be counted
        """
        Model = self._get_source()
        if Model is None:
            return None
        query = Model._search(parse_domain(self.domain))
        table = query.table
        date = Model._field_to_sql(table, self.date_field, query)
        # The planner knows how the users of this table are spread, which it would not
        # know of an array.
        query.add_join(
            "JOIN",
            "evidence_step",
            "training_enrolment_step",
            SQL(
                "%s = evidence_step.trainee_user_id%s",
                Model._field_to_sql(table, self.user_field, query),
                self._company_condition(Model, query),
            ),
        )
        query.add_join(
            "JOIN",
            "evidence_period",
            self._periods_to_sql(periods, Model._fields[self.date_field].type),
            SQL(
                "evidence_period.step_id = evidence_step.id"
                " AND %s BETWEEN evidence_period.first AND evidence_period.last",
                date,
            ),
        )
        query.groupby = SQL("evidence_step.id")
        number = SQL("COUNT(*)")
        if self.distinct_field:
            distinct = Model._field_to_sql(table, self.distinct_field, query)
            number = SQL("COUNT(DISTINCT %s)", distinct)
        ids = SQL("NULL")
        if with_ids:
            ids = SQL(
                "array_agg(%(id)s ORDER BY %(date)s, %(id)s)",
                id=SQL.identifier(table, "id"),
                date=date,
            )
        rows = self.env.execute_query(
            query.select(SQL("evidence_step.id"), number, ids)
        )
        result = {period.step_id: (0, []) for period in periods}
        result.update({step_id: (count, found) for step_id, count, found in rows})
        return result

    def _company_condition(self, Model, query):
        """Return that a record belongs to the trainee's company, or to all of them."""
        field = Model._fields.get("company_id")
        if not (field and field.store and field.comodel_name == "res.company"):
            return SQL()
        company = Model._field_to_sql(query.table, "company_id", query)
        return SQL(
            " AND (%s IS NULL OR %s = evidence_step.company_id)", company, company
        )

    @api.model
    def _periods_to_sql(self, periods, date_type):
        """Return the periods as a table.

        A day begins and ends where the trainee is, so the bounds of a time are made
        here; PostgreSQL need not know all of Odoo's names of time zones.
        """
        # to the end of this second, which Datetime.now() cuts off
        now = fields.Datetime.now() + timedelta(seconds=1)
        if date_type == "date":
            bounds = {
                key: (key[0].isoformat(), local_date(now, key[1]).isoformat())
                for key in {(period.start_date, period.tz) for period in periods}
            }
        else:
            bounds = {
                key: (local_day_start(*key).isoformat(), now.isoformat())
                for key in {(period.start_date, period.tz) for period in periods}
            }
        pairs = [bounds[period.start_date, period.tz] for period in periods]
        kind = SQL("date[]" if date_type == "date" else "timestamp[]")
        return SQL(
            "(SELECT * FROM unnest(%s::int[], %s::%s, %s::%s)"
            " AS period(step_id, first, last))",
            array_literal(period.step_id for period in periods),
            array_literal(first for first, _last in pairs),
            kind,
            array_literal(last for _first, last in pairs),
            kind,
        )
