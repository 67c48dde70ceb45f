from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .training_period import PERIODS, period_bounds


class TrainingReport(models.Model):
    """Every step of every enrolment, with the facts that managers add up.

    A fact that does not apply to a row is empty, so that an average passes over it:
    an optional step has no completion, a step that nobody judged no first attempt.
    """

    _name = "training.report"
    _description = "Training Analysis"
    _auto = False
    _order = "due_date desc, id desc"
    _rec_name = "name"

    name = fields.Char(string="Step", readonly=True)
    enrolment_id = fields.Many2one("training.enrolment", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    programme_id = fields.Many2one("training.programme", readonly=True)
    trainer_id = fields.Many2one("res.users", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["training.step"]._fields["kind"].selection,
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["training.enrolment.step"]._fields["state"].selection
        ),
        readonly=True,
    )
    enrolment_state = fields.Selection(
        selection=lambda self: (
            self.env["training.enrolment"]._fields["state"].selection
        ),
        string="State of the enrolment",
        readonly=True,
    )
    mandatory = fields.Boolean(readonly=True)
    start_date = fields.Date(string="Start", readonly=True)
    due_date = fields.Date(string="Due", readonly=True)
    completed_on = fields.Date(string="Enrolment completed on", readonly=True)
    closed_on = fields.Datetime(readonly=True)
    first_judged_on = fields.Datetime(readonly=True)
    steps = fields.Integer(readonly=True)
    closed = fields.Integer(string="Closed steps", readonly=True)
    overdue = fields.Integer(string="Overdue steps", readonly=True)
    waiting = fields.Integer(string="Waiting for a signature", readonly=True)
    completion = fields.Float(
        string="Completion (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the mandatory steps that are closed.",
    )
    first_pass = fields.Float(
        string="Passed at the first attempt (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the judged steps that were passed at the first attempt.",
    )
    attempts = fields.Integer(readonly=True)
    hours = fields.Float(
        string="Hours spent",
        readonly=True,
        aggregator="sum",
        help="The time that the steps take by their programme, of those that were "
        "done; a waived step took none.",
    )

    _depends = {
        "hr.employee": ["current_version_id"],
        "hr.version": ["department_id"],
        "training.attempt": ["enrolment_step_id", "number", "result", "judged_on"],
        "training.enrolment": [
            "programme_id",
            "trainer_id",
            "state",
            "start_date",
            "completed_on",
        ],
        "training.enrolment.step": [
            "enrolment_id",
            "employee_id",
            "company_id",
            "name",
            "kind",
            "state",
            "mandatory",
            "minutes",
            "due_date",
            "is_closed",
            "done_on",
            "signed_on",
            "signoff",
            "attempts",
        ],
    }

    @property
    def _table_query(self):
        name = self.env["training.enrolment.step"]._field_to_sql("step", "name")
        return SQL(
            """
            SELECT step.id,
                   %(name)s AS name,
                   step.enrolment_id,
                   step.employee_id,
                   step.company_id,
                   version.department_id,
                   enrolment.programme_id,
                   enrolment.trainer_id,
                   step.kind,
                   step.state,
                   enrolment.state AS enrolment_state,
                   step.mandatory,
                   enrolment.start_date,
                   step.due_date,
                   enrolment.completed_on,
                   attempt.judged_on AS first_judged_on,
                   step.attempts,
                   %(facts)s
              FROM training_enrolment_step step
              JOIN training_enrolment enrolment ON enrolment.id = step.enrolment_id
              JOIN hr_employee employee ON employee.id = step.employee_id
         LEFT JOIN hr_version version ON version.id = employee.current_version_id
         LEFT JOIN training_attempt attempt
                ON attempt.enrolment_step_id = step.id AND attempt.number = 1
               AND attempt.result <> 'observed'
             WHERE enrolment.state <> 'cancelled'
            """,
            name=name,
            facts=self._facts_sql(),
        )

    def _facts_sql(self):
        """Return the columns that are added up or averaged."""
        return SQL(
            """
            CASE WHEN step.is_closed
                 THEN COALESCE(step.signed_on, step.done_on)
            END AS closed_on,
            1 AS steps,
            step.is_closed::int AS closed,
            (enrolment.state = 'running' AND NOT step.is_closed
                AND step.due_date < %(today)s)::int AS overdue,
            (enrolment.state = 'running' AND NOT step.is_closed
                AND step.state = 'done')::int AS waiting,
            CASE WHEN step.mandatory THEN 100.0 * step.is_closed::int END AS completion,
            CASE attempt.result
                 WHEN 'passed' THEN 100.0
                 WHEN 'failed' THEN 0.0
            END AS first_pass,
            CASE WHEN step.is_closed AND step.state <> 'waived'
                 THEN COALESCE(step.minutes, 0) / 60.0
                 ELSE 0
            END AS hours
            """,
            today=fields.Date.context_today(self),
        )

    def action_view_step(self):
        """Open the step behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "training.enrolment.step",
            "res_id": self.id,
            "view_mode": "form",
        }

    # --- the dashboard ----------------------------------------------------------

    @api.model
    @api.readonly
    def get_dashboard(self, period="month", programme_id=False):
        """Return all that the dashboard shows, with a fixed number of queries.

        :param period: ``month``, ``quarter``, ``year`` or ``all``
        :param programme_id: id of the programme to which it is narrowed, if any
        :return: dict of the figures (:meth:`_get_dashboard_figures`), the bars a
            dimension, the programmes to choose from, and whether there is any data
        :raises AccessError: for somebody who is neither trainer, manager nor HR officer
        :raises UserError: for an unknown period
        """
        self.browse().check_access("read")
        if period not in PERIODS:
            raise UserError(
                self.env._(
                    "%(period)s is no period of the dashboard. Choose one of: "
                    "%(periods)s.",
                    period=period,
                    periods=", ".join(PERIODS),
                )
            )
        bounds = period_bounds(period, fields.Date.context_today(self))
        domain = Domain.TRUE
        if programme_id:
            domain = Domain("programme_id", "=", programme_id)
        programmes = self._read_group([], ["programme_id"])
        return {
            "figures": self._get_dashboard_figures(domain, bounds),
            "bars": [
                self._get_dashboard_bars(domain, bounds, name, title)
                for name, title in self._get_dashboard_dimensions()
            ],
            "programmes": [
                {"id": programme.id, "name": programme.display_name}
                for (programme,) in programmes
            ],
            "is_empty": not programmes,
        }

    @api.model
    def _get_dashboard_dimensions(self):
        """Return name and title of the fields by which the dashboard breaks down."""
        return [
            ("programme_id", self.env._("By programme")),
            ("department_id", self.env._("By department")),
            ("trainer_id", self.env._("By trainer")),
        ]

    @api.model
    def _get_dashboard_figures(self, domain, bounds):
        """Return the figures at the top of the dashboard.

        A hook: an add-on (or another model of this one) appends its own, each made
        with :meth:`_figure`.

        :param domain: :class:`Domain` on this model: the programme that was chosen
        :param bounds: first day and first day after the period, None for all time
        :return: list of dicts
        """
        # the programme, under the same name on the enrolments
        running = domain & Domain("enrolment_state", "=", "running")
        completed_on = self._within("completed_on", bounds)
        today = fields.Date.context_today(self)
        return [
            self._figure_of_enrolments(
                "running",
                self.env._("Under way"),
                running,
                domain & Domain("state", "=", "running"),
            ),
            self._figure_of_enrolments(
                "completed",
                self.env._("Completed"),
                domain & Domain("enrolment_state", "=", "done") & completed_on,
                domain & Domain("state", "=", "done") & completed_on,
                in_period=True,
            ),
            self._figure_of_enrolments(
                "overdue",
                self.env._("Overdue"),
                domain & Domain("overdue", "=", 1),
                domain
                & Domain("state", "=", "running")
                & Domain(
                    "step_ids",
                    "any",
                    [("is_closed", "=", False), ("due_date", "<", today)],
                ),
                tone="danger",
                help=self.env._("Enrolments with a step after its due date"),
            ),
            *self._get_step_figures(domain, bounds),
            *self._get_certificate_figures(domain),
        ]

    @api.model
    def _get_certificate_figures(self, domain):
        """Return how many certificates run out soon and were not renewed.

        They are counted with the rights of the user on certificates.
        """
        Certificate = self.env["training.certificate"]
        figures = []
        for days in (30, 60, 90):
            expiring = (
                domain
                & Domain("state", "!=", "revoked")
                & Domain("renewed_by_id", "=", False)
                & Domain("expires_on", ">=", "today")
                & Domain("expires_on", "<=", f"today +{days}d")
            )
            figures.append(
                self._figure(
                    f"expiring_{days}",
                    self.env._("Expiring in %s days", days),
                    Certificate.search_count(expiring),
                    Certificate._name,
                    expiring,
                    tone="warning" if days == 30 else "",
                    help=self.env._("Certificates that were not renewed"),
                )
            )
        return figures

    @api.model
    def _get_step_figures(self, domain, bounds):
        """Return the figures that add up steps, like :meth:`_get_dashboard_figures`."""
        return [
            self._figure_of_steps(
                "completion",
                self.env._("Completion rate"),
                "completion:avg",
                domain & Domain("mandatory", "=", True) & self._within_due(bounds),
                unit="percent",
                in_period=True,
                help=self.env._("Of the mandatory steps due, those that are closed"),
            ),
            self._figure_of_steps(
                "waiting",
                self.env._("Waiting for a signature"),
                "waiting:sum",
                domain & Domain("waiting", "=", 1),
                tone="warning",
                help=self.env._("Steps that are done"),
            ),
            self._figure_of_steps(
                "first_pass",
                self.env._("First-attempt pass rate"),
                "first_pass:avg",
                domain
                & Domain("first_judged_on", "!=", False)
                & self._within("first_judged_on", bounds),
                unit="percent",
                in_period=True,
            ),
            self._figure_of_steps(
                "hours",
                self.env._("Hours spent"),
                "hours:sum",
                domain & Domain("hours", ">", 0) & self._within("closed_on", bounds),
                unit="hours",
                in_period=True,
                help=self.env._("By the minutes of the steps that were closed"),
            ),
        ]

    @api.model
    def _figure_of_enrolments(self, key, label, domain, listed, **kwargs):
        """Return a figure that counts enrolments, with the list behind it.

        :param domain: the rows of this model that are counted, by enrolment
        :param listed: the same enrolments, as a domain on ``training.enrolment``
        """
        ((value,),) = self._read_group(domain, [], ["enrolment_id:count_distinct"])
        listed = Domain(listed) & self._get_enrolment_scope()
        return self._figure(key, label, value, "training.enrolment", listed, **kwargs)

    @api.model
    def _get_enrolment_scope(self):
        """Return the enrolments that the user reports on.

        A trainer may read their own training as well, which is no part of the figures.
        """
        user = self.env.user
        if user.has_group("front_office_training.group_training_manager") or (
            user.has_group("hr.group_hr_user")
        ):
            return Domain.TRUE
        return Domain("trainer_id", "=", user.id) | Domain(
            "programme_id.responsible_id", "=", user.id
        )

    @api.model
    def _figure_of_steps(self, key, label, aggregate, domain, **kwargs):
        """Return a figure that adds up steps, with the list behind it."""
        ((value,),) = self._read_group(domain, [], [aggregate])
        return self._figure(key, label, value, self._name, domain, **kwargs)

    @api.model
    def _figure(self, key, label, value, model, domain, **kwargs):
        """Return a figure of the dashboard.

        :param key: technical name, unique
        :param label: what it is, in words
        :param value: a number, None where there is nothing to average
        :param model: name of the model that a click lists
        :param domain: the records behind the number
        :param kwargs: ``unit`` (``number``, ``percent`` or ``hours``), ``tone``
            (``danger`` or ``warning``, shown where the number is not 0),
            ``in_period`` (whether the period narrows it), ``help``
        :return: dict for the client
        """
        return {
            "key": key,
            "label": label,
            "value": value,
            "model": model,
            "domain": list(Domain(domain)),
            "unit": "number",
            "tone": "",
            "in_period": False,
            "help": "",
            **kwargs,
        }

    @api.model
    def _get_dashboard_bars(self, domain, bounds, field_name, title):
        """Return a bar for each record of the field: what was due in the period.

        :return: dict of the title and the rows, the least complete first
        """
        domain &= self._within_due(bounds)
        groups = self._read_group(
            domain,
            [field_name],
            [
                "completion:avg",
                "steps:sum",
                "overdue:sum",
                "enrolment_id:count_distinct",
            ],
        )
        rows = [
            {
                "id": record.id,
                "label": record.display_name or self.env._("None"),
                "completion": completion,
                "steps": steps,
                "overdue": overdue,
                "enrolments": enrolments,
                "domain": list(domain & Domain(field_name, "=", record.id)),
            }
            for record, completion, steps, overdue, enrolments in groups
        ]
        rows.sort(
            key=lambda row: (
                100 if row["completion"] is None else row["completion"],
                row["label"],
            )
        )
        return {"field": field_name, "title": title, "rows": rows}

    @api.model
    def _within(self, field_name, bounds):
        """Return the domain of the rows whose date lies within the bounds.

        The bounds of a moment are the local days of the user.
        """
        if not bounds:
            return Domain.TRUE
        first, after = bounds
        if self._fields[field_name].type == "datetime":
            first, after = (self._day_begins(day) for day in bounds)
        return Domain(field_name, ">=", first) & Domain(field_name, "<", after)

    @api.model
    def _within_due(self, bounds):
        return self._within("due_date", bounds)

    @api.model
    def _day_begins(self, day):
        """Return the moment, in UTC, at which a day begins where the user is."""
        midnight = fields.Datetime.to_datetime(day)
        offset = fields.Datetime.context_timestamp(self, midnight).utcoffset()
        return midnight - offset
