from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

HR_FAMILIES = ("labour", "hours", "training")
GOOD_RESULTS = ("pass", "fail")


class ComplianceCheck(models.Model):
    """A question put to the data again and again; what it names are findings."""

    _name = "compliance.check"
    _description = "Compliance check"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "family, sequence, code, id"
    _check_company_auto = True

    code = fields.Char(required=True, help="Such as LEDGER-DRAFTS.")
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True, help="What it looks for, and what to do.")
    legal_reference = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    family = fields.Selection(
        [
            ("ledger", "Ledger and tax"),
            ("posting", "Posting standards"),
            ("payable", "Payables and receivables"),
            ("labour", "Labour"),
            ("hours", "Hours"),
            ("training", "Training"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    severity = fields.Selection(
        [
            ("low", "Low"),
            ("medium", "Medium"),
            ("high", "High"),
            ("critical", "Critical"),
        ],
        required=True,
        default="medium",
    )
    model_id = fields.Many2one(
        "ir.model", required=True, ondelete="cascade", help="What a finding is about."
    )
    model = fields.Char(string="Technical Model", related="model_id.model", store=True)
    kind = fields.Selection(
        [
            ("domain", "Records that meet a domain"),
            ("aggregate", "Groups that pass a threshold"),
            ("method", "A method of an add-on"),
        ],
        required=True,
        default="domain",
    )
    domain = fields.Char(default="[]")
    group_by = fields.Char(help="Of an aggregate: fields, by commas.")
    aggregate = fields.Char(help="Of an aggregate, such as amount_total:sum.")
    having = fields.Char(
        help="Of an aggregate: a domain over it, such as "
        "[('amount_total:sum', '>', 100)]."
    )
    method = fields.Selection([], help="Of a method: which.")
    date_field = fields.Char(
        help="Of a domain: the field with the day that a finding belongs to, such as "
        "invoice_date. A filing waits for the findings of its period, and for those "
        "without a day."
    )
    value_fields = fields.Char(
        string="Fields to Show",
        help="Of a domain: stored fields that a finding shows, by commas.",
    )
    parameter_ids = fields.One2many("compliance.check.parameter", "check_id", copy=True)
    obligation_ids = fields.Many2many(
        "compliance.obligation",
        string="Gates",
        help="Filings of these obligations are not filed while the check has findings "
        "in their period.",
    )
    owner_id = fields.Many2one("res.users", check_company=True)
    timeout = fields.Integer(
        default=60, required=True, help="Seconds after which the check is stopped."
    )
    finding_ids = fields.One2many("compliance.finding", "check_id")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by all companies."
    )
    last_line_id = fields.Many2one(
        "compliance.run.line", string="Last Run", compute="_compute_last_line"
    )
    last_result = fields.Selection(
        [
            ("pass", "Passed"),
            ("fail", "Findings"),
            ("error", "Error"),
            ("skipped", "Skipped"),
        ],
        compute="_compute_last_line",
    )
    last_run_on = fields.Datetime(string="Last Asked", compute="_compute_last_line")
    finding_count = fields.Integer(
        string="Open Findings", compute="_compute_finding_count"
    )

    _unique_code = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "The code of a check must be unique."
    )
    _timeout_in_bounds = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 3600)",
        "The field “Timeout” of a check has to be from 1 to 3600 seconds.",
    )

    # --- what is refused ----------------------------------------------------------

    @api.constrains(
        "model_id",
        "family",
        "kind",
        "method",
        "domain",
        "group_by",
        "aggregate",
        "having",
        "date_field",
        "value_fields",
        "company_id",
    )
    def _check_question(self):
        """Refuse a check that cannot be asked, or asks more than its author may read.

        The engine reads everything; so whoever writes a question has to have the right
        to read what it looks at. Otherwise a manager could have wages looked up.

        :raises ValidationError: names the check, the field and what to do
        """
        for check in self:
            check._validate_model()
            if check.kind == "method":
                check._validate_method()
                continue
            check._validate_columns()
            check._validate_domain("domain")
            if check.kind == "aggregate":
                check._validate_aggregate()

    def _refuse(self, label, reason):
        """Return the error that names the check, a field's label and what is wrong."""
        return ValidationError(
            self.env._(
                "Check %(check)s, field “%(field)s”: %(reason)s",
                check=self.code,
                field=label,
                reason=reason,
            )
        )

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _validate_model(self):
        Model = self.env.get(self.model_id.model)
        if Model is None or Model._abstract or Model._transient:
            reason = self.env._("choose a model whose records are stored.")
            raise self._refuse(self._label("model_id"), reason)
        is_about_people = Model._name.startswith("hr.") or (
            # whatever model is given, its findings tell about employees
            self.kind == "method"
            and (self.method or "").partition("_")[0] in HR_FAMILIES
        )
        if is_about_people and self.family not in HR_FAMILIES:
            reason = self.env._(
                "a check of employees' records belongs to labour, hours or training:"
                " its findings are for HR officers only."
            )
            raise self._refuse(self._label("family"), reason)

    def _validate_method(self):
        if not self.method:
            reason = self.env._("choose which method is asked.")
            raise self._refuse(self._label("method"), reason)
        if not hasattr(self, f"_check_{self.method}"):
            reason = self.env._("no installed add-on has the method %s.", self.method)
            raise self._refuse(self._label("method"), reason)

    def _get_model_as_author(self):
        """Return the model with the rights of who writes the check.

        :raises AccessError: when they may not read it
        """
        # sudo(False): the ORM calls constraints with all rights
        Model = self.env[self.model_id.model].sudo(False)
        Model.check_access("read")
        return Model

    def _validate_columns(self):
        """Demand that the day and the figures are stored fields of the model."""
        Model = self._get_model_as_author()
        query = Model._search(Domain.FALSE)
        names = ["date_field"] + ["value_fields"] * (self.kind == "domain")
        for name in names:
            for part in self._split(name):
                try:
                    Model._field_to_sql(query.table, part, query)
                except ValueError as error:
                    reason = self.env._(
                        "%(name)s is no stored field of %(model)s.",
                        name=part,
                        model=self.model_id.name,
                    )
                    raise self._refuse(self._label(name), reason) from error
        if self.date_field:
            if Model._fields[self.date_field].type not in ("date", "datetime"):
                reason = self.env._("%s holds no date.", self.date_field)
                raise self._refuse(self._label("date_field"), reason)

    def _validate_domain(self, name):
        """Demand that a domain can be read, and fits the model."""
        parameters = dict.fromkeys(self.parameter_ids.mapped("name"), 1.0)
        try:
            domain = self._eval_domain(name, parameters)
            if name == "domain":
                self._get_model_as_author()._search(domain, limit=1)
        except Exception as error:
            raise self._refuse(self._label(name), str(error)) from error

    def _validate_aggregate(self):
        """Demand groups and aggregates that the model has; ask for none of them."""
        Model = self._get_model_as_author()
        for name in ("group_by", "aggregate"):
            if not self._split(name):
                reason = self.env._("an aggregate needs it.")
                raise self._refuse(self._label(name), reason)
        self._validate_domain("having")
        parameters = dict.fromkeys(self.parameter_ids.mapped("name"), 1.0)
        tries = {
            "group_by": (self._split("group_by"), ["__count"], []),
            "aggregate": ([], self._split("aggregate"), []),
            "having": (
                self._split("group_by"),
                self._split("aggregate"),
                self._get_having(parameters),
            ),
        }
        nothing = Domain("id", "=", 0)
        for name, (groups, aggregates, having) in tries.items():
            try:
                with self.env.cr.savepoint(flush=False):
                    Model._read_group(nothing, groups, aggregates, having=having)
            except Exception as error:
                raise self._refuse(self._label(name), str(error)) from error

    # --- what is shown ------------------------------------------------------------

    @api.depends_context("company", "uid")
    def _compute_last_line(self):
        """Find the newest answer for the company that is chosen."""
        latest = self.env["compliance.run.line"]._read_group(
            [
                ("check_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("result", "!=", False),
            ],
            ["check_id"],
            ["id:max"],
        )
        lines = {check.id: line_id for check, line_id in latest}
        for check in self:
            line = self.env["compliance.run.line"].browse(lines.get(check._origin.id))
            check.last_line_id = line
            check.last_result = line.result
            check.last_run_on = line.ended_on

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_finding_count(self):
        """Count what is not resolved, of the companies that are chosen."""
        counts = dict(
            self.env["compliance.finding"]._read_group(
                [
                    ("check_id", "in", self.ids),
                    ("company_id", "in", self.env.companies.ids),
                    ("state", "not in", ("resolved", "waived")),
                ],
                ["check_id"],
                ["__count"],
            )
        )
        for check in self:
            check.finding_count = counts.get(check._origin, 0)

    def _get_finding_model(self):
        """Return the model that findings are about; False when about no record."""
        self.ensure_one()
        if self.kind != "aggregate":
            return self.model
        Model = self.env[self.model]
        first = Model._fields.get(self._split("group_by")[0].partition(":")[0])
        return first.comodel_name if first is not None and first.comodel_name else None

    def _get_owner(self, company):
        """Return who gets the findings of a company: the owner, if it is theirs."""
        return self.owner_id.filtered(
            lambda user: user.active and company in user.company_ids
        )

    def _get_last_good(self, companies):
        """Return when each check last had an answer over all dates.

        :return: the time by the ids of check and company
        """
        # sudo: when a check was last asked is no secret to who reads a finding
        rows = (
            self.env["compliance.run.line"]
            .sudo()
            ._read_group(
                [
                    ("check_id", "in", self.ids),
                    ("company_id", "in", companies.ids),
                    ("result", "in", GOOD_RESULTS),
                    ("run_id.filing_id", "=", False),
                ],
                ["check_id", "company_id"],
                ["ended_on:max"],
            )
        )
        return {(check.id, company.id): ended for check, company, ended in rows}

    # --- buttons ------------------------------------------------------------------

    @api.model
    def _check_may_run(self):
        """Demand somebody who works on findings: a preparer or higher.

        :raises AccessError: for viewers, auditors and strangers
        """
        group = "back_office_compliance.group_compliance_preparer"
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._("Checks are run by preparers. Ask a compliance manager.")
            )

    def action_run_now(self):
        """Have the checks asked in the background; show the run and its progress.

        :return: the action that opens the run
        :raises AccessError: for who may not run checks
        :raises UserError: when there is nothing to run
        """
        self._check_may_run()
        checks = None if self.env.context.get("run_all") else self or None
        run = self.env["compliance.run"]._start(self.env.company, checks)
        # sudo: nobody may write crons; this one asks what is queued already
        self.env.ref("back_office_compliance.ir_cron_run_queue").sudo()._trigger()
        return run._get_open_action()

    def action_open_findings(self):
        """Open the findings of the check."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "back_office_compliance.compliance_finding_action"
        )
        action["domain"] = [("check_id", "=", self.id)]
        action["context"] = {"search_default_unresolved": 1}
        return action

    def action_open_runs(self):
        """Open the runs that asked the check."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "back_office_compliance.compliance_run_action"
        )
        action["domain"] = [("line_ids.check_id", "=", self.id)]
        return action
