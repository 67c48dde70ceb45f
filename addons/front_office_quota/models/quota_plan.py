from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, date_utils, format_date

from .. import credit_sql, plan_arithmetic

MANAGER = "front_office_quota.group_quota_manager"

# what only the buttons change
PROTECTED = {
    "state",
    "proposer_id",
    "proposed_on",
    "approver_id",
    "approved_on",
    "override_reason",
    "override_user_id",
}
# what does not change any more once the plan has been proposed
LOCKED = {"year", "company_id", "basis", "margin", "split_method"}


class QuotaPlan(models.Model):
    _name = "quota.plan"
    _description = "Quota plan"
    _inherit = ["quota.calculated.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        tracking=True,
        help="The fiscal year that ends in this year.",
    )
    date_from = fields.Date(compute="_compute_dates", store=True, precompute=True)
    date_to = fields.Date(compute="_compute_dates", store=True, precompute=True)
    basis = fields.Selection(
        [
            ("invoiced", "Invoiced"),
            ("collected", "Collected"),
            ("margin", "Margin"),
        ],
        required=True,
        default="invoiced",
        tracking=True,
        help="What counts: invoices by their date, payments by theirs, or the margin "
        "of invoices by their date. Always untaxed and in the company's currency.",
    )
    margin = fields.Float(
        string="Gross Margin",
        required=True,
        default=0.4,
        tracking=True,
        help="The part of the revenue that is left to pay the costs (0.4 = 40 %).",
    )
    split_method = fields.Selection(
        [
            ("weight", "By weight"),
            ("last_year", "By last year's share"),
            ("manual", "By hand"),
        ],
        required=True,
        default="weight",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("closed", "Closed"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    proposer_id = fields.Many2one(
        "res.users", string="Proposed by", readonly=True, copy=False
    )
    proposed_on = fields.Datetime(readonly=True, copy=False)
    approver_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False
    )
    approved_on = fields.Datetime(readonly=True, copy=False)
    override_reason = fields.Text(
        string="Reason for Approving under 100 %", readonly=True, copy=False
    )
    override_user_id = fields.Many2one(
        "res.users", string="Overridden by", readonly=True, copy=False
    )
    period_ids = fields.One2many("quota.period", "plan_id", copy=False)
    share_ids = fields.One2many("quota.share", "plan_id", copy=True)
    target_ids = fields.One2many("quota.target", "plan_id", copy=False)
    statements_computed_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When statements of the plan's company were last calculated. "
        "Whoever calculates changes it first, so that nobody else does at once.",
    )

    cost_ids = fields.One2many("quota.cost.line", "plan_id", readonly=True)
    previous_id = fields.Many2one(
        "quota.plan",
        string="Made from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The plan of the year before, where this one was made from it.",
    )
    cost_total = fields.Monetary(
        string="Costs", compute="_compute_totals", store=True, groups=MANAGER
    )
    required = fields.Monetary(
        compute="_compute_totals",
        store=True,
        groups=MANAGER,
        help="What the periods have to bring in so that it pays their costs.",
    )
    target_total = fields.Monetary(
        string="Targets", compute="_compute_totals", store=True, groups=MANAGER
    )
    coverage = fields.Float(
        compute="_compute_totals",
        store=True,
        aggregator="avg",
        groups=MANAGER,
        help="Targets ÷ required (1 = 100 %). Under 100 % the plan is approved only "
        "with a written reason.",
    )
    coverage_percent = fields.Float(
        string="Coverage %", compute="_compute_coverage_percent", groups=MANAGER
    )
    coverage_warning = fields.Char(compute="_compute_coverage_warning", groups=MANAGER)
    # whether, and not how much: what everybody who reads the plan may know
    has_costs = fields.Boolean(compute="_compute_is_short", compute_sudo=True)
    is_short = fields.Boolean(
        string="Under 100 %", compute="_compute_is_short", compute_sudo=True
    )
    waterfall = fields.Json(compute="_compute_waterfall", groups=MANAGER)
    may_approve = fields.Boolean(compute="_compute_may_approve")

    _two_people = models.Constraint(
        "CHECK (approver_id IS NULL OR approver_id != proposer_id)",
        "Somebody else than the person who proposed the plan has to approve it.",
    )
    _override_by_another = models.Constraint(
        "CHECK (override_user_id IS NULL OR override_user_id != proposer_id)",
        "Somebody else than the person who proposed the plan has to override.",
    )

    @api.depends("year", "company_id")
    def _compute_dates(self):
        for plan in self:
            # the days of a fiscal year are the company's; a year out of the calendar's
            # range has none
            if not plan.company_id or not 1900 < plan.year < 9999:
                plan.date_from = plan.date_to = False
                continue
            company = plan.company_id
            month = int(company.fiscalyear_last_month)
            last_day = date_utils.end_of(date(plan.year, month, 1), "month").day
            day = min(company.fiscalyear_last_day, last_day)
            dates = company.compute_fiscalyear_dates(date(plan.year, month, day))
            plan.date_from, plan.date_to = dates["date_from"], dates["date_to"]

    @api.depends(
        "period_ids.cost_total", "period_ids.required", "period_ids.target_total"
    )
    def _compute_totals(self):
        for plan in self:
            periods = plan.period_ids
            plan.cost_total = sum(periods.mapped("cost_total"))
            plan.required = sum(periods.mapped("required"))
            plan.target_total = sum(periods.mapped("target_total"))
            plan.coverage = plan_arithmetic.coverage(plan.target_total, plan.required)

    @api.depends("coverage")
    def _compute_coverage_percent(self):
        for plan in self:
            plan.coverage_percent = 100 * plan.coverage

    @api.depends("required", "target_total", "currency_id")
    def _compute_is_short(self):
        for plan in self:
            plan.has_costs = bool(plan.required)
            plan.is_short = bool(
                plan.currency_id
                and plan.currency_id.compare_amounts(plan.target_total, plan.required)
                < 0
            )

    @api.depends("is_short", "period_ids.is_short", "required", "target_total")
    @api.depends_context("lang")
    def _compute_coverage_warning(self):
        for plan in self:
            plan.coverage_warning = False
            if not plan.is_short:
                continue
            short = plan.period_ids.filtered("is_short")
            plan.coverage_warning = self.env._(
                "The targets cover %(percent).1f %% of what has to be brought in: "
                "%(missing)s are missing (%(periods)s).",
                # 99.96 % is not to be shown as 100 %
                percent=int(1000 * plan.coverage) / 10,
                missing=plan.currency_id.format(plan.required - plan.target_total),
                periods=", ".join(short.mapped("name")),
            )

    @api.depends("required", "target_total", "period_ids.cost_ids.amount")
    @api.depends_context("uid", "lang")
    def _compute_waterfall(self):
        for plan in self:
            plan.waterfall = plan.period_ids._get_waterfall(
                plan.period_ids,
                plan.period_ids.cost_ids,
                plan.required,
                plan.target_total,
            )

    @api.depends("state", "proposer_id")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        is_admin = self.env.user.has_group("front_office_quota.group_quota_admin")
        for plan in self:
            plan.may_approve = (
                is_admin
                and plan.state == "proposed"
                and plan.proposer_id != self.env.user
            )

    def _read_group_select(self, aggregate_spec, query):
        """Weigh the coverage of a group: the mean of ratios is not what it covers."""
        if aggregate_spec != "coverage:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "COALESCE(SUM(%s) / NULLIF(SUM(%s), 0), 0)",
            self._field_to_sql(self._table, "target_total", query),
            self._field_to_sql(self._table, "required", query),
        )

    # --- constraints ------------------------------------------------------------------

    @api.constrains("margin")
    def _check_margin(self):
        for plan in self:
            if not 0 < plan.margin <= 1:
                raise ValidationError(
                    self.env._(
                        "The Gross Margin of the plan “%s” must be more than 0 %% and "
                        "at most 100 %%.",
                        plan.name,
                    )
                )

    @api.constrains("year")
    def _check_year(self):
        for plan in self:
            if not plan.date_from:
                raise ValidationError(
                    self.env._(
                        "The Year of the plan “%(plan)s” must be between 1901 and "
                        "9998; it is %(year)s.",
                        plan=plan.name,
                        year=plan.year,
                    )
                )

    def _check_unlocked(self, what):
        """Refuse to change what belongs to plans that are no drafts any more.

        :param str what: what is changed, such as “the costs”
        :raises UserError: naming the plan
        """
        for plan in self.filtered(lambda plan: plan.state != "draft"):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The plan “%(plan)s” is %(state)s: %(what)s cannot be changed. "
                    "Send the plan back to draft first.",
                    plan=plan.name,
                    state=states[plan.state].lower(),
                    what=what,
                )
            )

    # --- writing ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        # defaults from the context count as well, so look at what came of them
        for plan in plans:
            if plan.state != "draft" or any(
                plan[name] for name in PROTECTED - {"state"}
            ):
                plan._refuse_protected()
        plans.filtered(lambda plan: not plan.period_ids)._make_periods()
        return plans

    def write(self, vals):
        changed = {
            name
            for name in (LOCKED | PROTECTED | {"active"}) & vals.keys()
            if self.filtered(lambda plan, name=name: plan._differs(name, vals[name]))
        }
        if changed & PROTECTED and not self.env.su:
            self[:1]._refuse_protected()
        if changed & LOCKED:
            self._check_unlocked(self.env._("its figures"))
        if "active" in changed and not vals["active"]:
            self._check_archive()
        if "company_id" in changed:
            raise UserError(
                self.env._(
                    "The plan “%s” stays with its company. Make a plan in the other "
                    "company instead.",
                    self[:1].name,
                )
            )
        result = super().write(vals)
        if "year" in changed:
            self._move_periods()
        return result

    def _differs(self, name, value):
        field = self._fields[name]
        before = field.convert_to_write(self[name], self)
        return before != field.convert_to_write(
            field.convert_to_record(field.convert_to_cache(value, self), self), self
        )

    def _refuse_protected(self):
        raise UserError(
            self.env._(
                "The State of the plan “%s”, and who proposed and approved it, change "
                "with the buttons of the plan only.",
                self.name,
            )
        )

    def _check_archive(self):
        for plan in self.filtered(lambda plan: plan.state in ("proposed", "approved")):
            raise UserError(
                self.env._(
                    "The plan “%s” is in use: close it, or send it back to draft, "
                    "before you archive it.",
                    plan.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_unlocked(self.env._("a plan that people rely on"))

    def unlink(self):
        # by the ORM and not by the database's cascade, which leaves totals to be
        # calculated for periods that are gone
        self.period_ids.unlink()
        return super().unlink()

    def copy_data(self, default=None):
        """Name a copy as one."""
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for plan, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", plan.name)
        return vals_list

    # --- periods ----------------------------------------------------------------------

    def _make_periods(self):
        """Give the plans the months of their fiscal year."""
        self.env["quota.period"].create(
            [
                {"plan_id": plan.id, **vals}
                for plan in self
                for vals in plan._prepare_periods()
            ]
        )

    def _prepare_periods(self):
        """Return the values of the months: names, quarters and days."""
        ranges = plan_arithmetic.month_ranges(self.date_from, self.date_to)
        return [
            {
                "name": first.strftime("%Y-%m"),
                "date_from": first,
                "date_to": last,
                "quarter": f"{self.year}-Q{number // 3 + 1}",
            }
            for number, (first, last) in enumerate(ranges)
        ]

    def _move_periods(self):
        """Let the periods follow their plan into another year."""
        for plan in self:
            periods = plan.period_ids.sorted("date_from")
            months = plan._prepare_periods()
            # periods that somebody has cut in another way cannot be moved by month
            if len(periods) != len(months):
                periods._check_dates()
                continue
            for period, vals in zip(periods, months, strict=True):
                period.write(vals)

    # --- splitting --------------------------------------------------------------------

    def action_split(self):
        """Make the targets of all periods from the shares."""
        self.period_ids.action_split()
        return True

    def action_refresh_costs(self):
        """Take the costs from the ledger and the contracts again."""
        self.cost_ids.action_refresh()
        return True

    def _split(self, periods):
        """Split what periods require among the shares of the plan.

        :param periods: periods of this plan
        :return: dict of full targets by (period, user, team)
        """
        self.ensure_one()
        if not self.share_ids:
            raise UserError(
                self.env._(
                    "The plan “%s” has no shares yet. Add the people and teams among "
                    "whom it is split.",
                    self.name,
                )
            )
        if self.split_method == "manual":
            return {
                (period, share.user_id, share.team_id): None
                for period in periods
                for share in self.share_ids
            }
        weights = self._get_weights(periods)
        levels = self.share_ids._get_levels()
        amounts = {}
        for period in periods:
            parts = self._split_period(period, levels, weights[period])
            for share, amount in parts.items():
                amounts[period, share.user_id, share.team_id] = amount
        return amounts

    def _split_period(self, period, levels, weights):
        """Return the parts of one period by share: first the top, then each team's."""
        amounts = {}
        for whole, shares in levels:
            total = amounts[whole] if whole else period.required
            numbers = [weights.get(share, 0) for share in shares]
            if total or any(numbers):
                period._check_weights(shares, numbers)
                parts = plan_arithmetic.split(total, numbers, self.currency_id.rounding)
            else:
                parts = [0] * len(shares)
            amounts.update(zip(shares, map(float, parts), strict=True))
        return amounts

    def _get_weights(self, periods):
        """Return the weights of the shares by period.

        :return: dict of dicts: number by share by period
        """
        if self.split_method == "weight":
            weights = {share: share.weight for share in self.share_ids}
            return dict.fromkeys(periods, weights)
        amounts = self._last_year_amounts(periods)
        return {
            period: {
                # who gave back more than they sold has no share
                share: max(amounts.get((period, share.user_id or share.team_id), 0), 0)
                for share in self.share_ids
            }
            for period in periods
        }

    def _last_year_amounts(self, periods):
        """Return what counted for people and teams a year before, in one statement.

        :return: dict of amounts by (period, person or team)
        """
        dates = {
            period: plan_arithmetic.year_before(period.date_from, period.date_to)
            for period in periods
        }
        if not dates:
            return {}
        self.env.flush_all()
        months = SQL(", ").join(
            SQL("(%s, %s::date, %s::date)", period.id, *dates[period])
            for period in periods
        )
        credits_sql = credit_sql.person_credits(
            self.basis,
            company_ids=self.company_id.ids,
            dates=(min(dates.values())[0], max(dates.values())[1]),
        )
        query = SQL(
            """
            SELECT month.id, credit.user_id, credit.team_id, SUM(credit.amount)
              FROM (%s) AS credit
              JOIN (VALUES %s) AS month (id, date_from, date_to)
                ON credit.date BETWEEN month.date_from AND month.date_to
             GROUP BY GROUPING SETS (
                       (month.id, credit.user_id), (month.id, credit.team_id))
            """,
            credits_sql,
            months,
        )
        amounts = {}
        for period_id, user_id, team_id, amount in self.env.execute_query(query):
            holder = (
                self.env["res.users"].browse(user_id)
                if user_id
                else self.env["crm.team"].browse(team_id)
            )
            if user_id or team_id:
                amounts[self.env["quota.period"].browse(period_id), holder] = amount
        return amounts

    # --- next year --------------------------------------------------------------------

    def _make_next_year(self):
        """Return the first period of next year's plan, and make that plan if need be.

        It is a draft with the shares of this one, and each month has the costs of the
        same month of this year.
        """
        self.ensure_one()
        following = self.search([("previous_id", "=", self.id)], limit=1)
        if not following:
            following = self.copy(
                {
                    "name": self._get_next_name(),
                    "year": self.year + 1,
                    "previous_id": self.id,
                }
            )
            months = zip(
                self.period_ids.sorted("date_from"),
                following.period_ids.sorted("date_from"),
                strict=False,
            )
            for period, copy in months:
                period.cost_ids._copy_to(copy)
            following.message_post(
                body=self.env._("Made from the plan “%s”.", self.name)
            )
        return following.period_ids.sorted("date_from")[:1]

    def _get_next_name(self):
        year, following = str(self.year), str(self.year + 1)
        if year in self.name:
            return self.name.replace(year, following)
        return f"{self.name} {following}"

    # --- workflow ---------------------------------------------------------------------

    def action_propose(self):
        """Hand the plans to somebody else for approval."""
        self.check_access("write")
        for plan in self:
            plan._check_state("draft")
            plan._check_complete()
            # sudo: the state changes with the buttons only; who may write the plan may
            # propose it
            plan.sudo().write(
                {
                    "state": "proposed",
                    "proposer_id": self.env.uid,
                    "proposed_on": fields.Datetime.now(),
                }
            )
            plan._ask_approvers()
        return True

    def action_approve(self):
        """Approve plans that cover what they require."""
        self._approve()
        return True

    def action_open_override(self):
        """Open the wizard that asks why a plan is approved under 100 %."""
        self.ensure_one()
        self._check_approver()
        return self._open_wizard(
            "quota.plan.override", self.env._("Approve under 100 %")
        )

    def action_open_redraft(self):
        """Open the wizard that asks why a plan goes back to draft."""
        self.ensure_one()
        return self._open_wizard("quota.plan.redraft", self.env._("Back to draft"))

    def action_close(self):
        """Close plans that are done with."""
        self.check_access("write")
        for plan in self:
            plan._check_state("approved")
            plan._check_closable()
            # sudo: the state changes with the buttons only; who may write the plan may
            # close it
            plan.sudo().write({"state": "closed"})
        return True

    def _approve(self, reason=None):
        """Approve the plans.

        :param str reason: why, where the targets cover less than is required
        :raises UserError: where the user proposed the plan, or the reason is missing
        """
        self.check_access("write")
        for plan in self:
            plan._check_approver()
            vals = {
                "state": "approved",
                "approver_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
            if plan.is_short:
                if not (reason or "").strip():
                    raise UserError(
                        self.env._(
                            "The plan “%(plan)s” cannot be approved. %(warning)s Raise "
                            "the targets, or approve it with a written reason.",
                            plan=plan.name,
                            warning=plan.coverage_warning,
                        )
                    )
                vals["override_reason"] = reason.strip()
                vals["override_user_id"] = self.env.uid
            # sudo: the state changes with the buttons only; it has just been checked
            # that the user may write the plan and did not propose it
            plan.sudo().write(vals)
            plan._tell_approved()

    def _redraft(self, reason):
        """Send the plans back to draft.

        :param str reason: why, for those who rely on them
        """
        self.check_access("write")
        for plan in self:
            plan._check_state("proposed", "approved")
            if not (reason or "").strip():
                raise UserError(
                    self.env._("Say why the plan “%s” goes back to draft.", plan.name)
                )
            before = dict(self._fields["state"]._description_selection(self.env))
            body = self.env._(
                "Back to draft from %(state)s: %(reason)s",
                state=before[plan.state].lower(),
                reason=reason.strip(),
            )
            # sudo: the state changes with the buttons only; who may write the plan may
            # send it back
            plan.sudo().write(
                {"state": "draft", **dict.fromkeys(PROTECTED - {"state"})}
            )
            plan._end_activities()
            plan.message_post(body=body)

    def _check_state(self, *states):
        """Refuse a step that the plan's state does not allow."""
        if self.state in states:
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "The plan “%(plan)s” is %(state)s; this is for plans that are "
                "%(states)s.",
                plan=self.name,
                state=labels[self.state].lower(),
                states=", ".join(labels[state].lower() for state in states),
            )
        )

    def _check_complete(self):
        """Refuse to propose a plan without costs or targets."""
        if not self.required:
            raise UserError(
                self.env._(
                    "The plan “%s” has no costs yet. Open a period and add what the "
                    "company must pay.",
                    self.name,
                )
            )
        if not self.target_ids:
            raise UserError(
                self.env._(
                    "The plan “%s” has no targets yet. Add shares and split what is "
                    "required.",
                    self.name,
                )
            )

    def _check_approver(self):
        self._check_state("proposed")
        if self.proposer_id == self.env.user:
            raise UserError(
                self.env._(
                    "You proposed the plan “%s”. Somebody else has to approve it.",
                    self.name,
                )
            )

    def _check_closable(self):
        """Refuse to close a plan that runs, or is not settled.

        :raises UserError: naming the plan, and what is open
        """
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "The plan “%(plan)s” cannot be closed: it runs until %(day)s. Send "
                    "it back to draft if it is not to be followed any more.",
                    plan=self.name,
                    day=format_date(self.env, self.date_to),
                )
            )
        disputes = self.env["quota.dispute"].search(
            [("statement_id.plan_id", "=", self.id), ("state", "=", "open")]
        )
        if disputes:
            raise UserError(
                self.env._(
                    "The plan “%(plan)s” cannot be closed: disputes are open on the "
                    "statements %(statements)s. Resolve them first.",
                    plan=self.name,
                    statements=self._name_statements(disputes.statement_id),
                )
            )
        statements = self.env["quota.statement"].search(
            [("plan_id", "=", self.id), ("state", "not in", ("approved", "paid"))]
        )
        if statements:
            raise UserError(
                self.env._(
                    "The plan “%(plan)s” cannot be closed: the statements "
                    "%(statements)s are not approved. Have them approved first.",
                    plan=self.name,
                    statements=self._name_statements(statements),
                )
            )

    @api.model
    def _name_statements(self, statements):
        """Return the people and months of the first statements, and how many more."""
        names = [
            f"{statement.user_id.name} {statement.period_id.name}"
            for statement in statements[:10]
        ]
        if len(statements) > 10:
            names.append(self.env._("%s more", len(statements) - 10))
        return ", ".join(names)

    # --- telling people ---------------------------------------------------------------

    def _get_approvers(self):
        """Return who may approve the plan."""
        group = self.env.ref("front_office_quota.group_quota_admin")
        return self.env["res.users"].search(
            Domain("all_group_ids", "in", group.ids)
            & Domain("company_ids", "in", self.company_id.ids)
            & Domain("id", "!=", self.proposer_id.id)
        )

    def _ask_approvers(self):
        # no amounts: whoever may read the plan may read its messages and activities,
        # and what it requires is for managers
        note = (
            self.env._("Its targets do not cover it: this takes a written reason.")
            if self.is_short
            else ""
        )
        for user in self._get_approvers():
            self.activity_schedule(
                "front_office_quota.mail_activity_type_plan_approve",
                user_id=user.id,
                note=note,
            )
        self.message_post(body=self.env._("Proposed."))

    def _tell_approved(self):
        self._end_activities()
        if self.override_reason:
            body = self.env._("Approved under 100 %%. Reason: %s", self.override_reason)
        else:
            body = self.env._("Approved.")
        self.message_post(body=body, partner_ids=self.proposer_id.partner_id.ids)

    def _end_activities(self):
        # sudo: the request went to several people, and is over for all of them
        self.sudo().activity_unlink(
            ["front_office_quota.mail_activity_type_plan_approve"]
        )

    def _open_wizard(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def action_open_costs(self):
        """Open the costs of all periods."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_quota.quota_cost_line_action"
            ),
            "domain": [("plan_id", "in", self.ids)],
            "context": {"search_default_group_period": 1},
        }

    def action_open_periods(self):
        """Open the periods of the plan."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_quota.quota_period_action"
            ),
            "domain": [("plan_id", "in", self.ids)],
            "context": {},
        }

    def action_compute_statements(self):
        """Calculate the statements of the periods that have begun."""
        return self.period_ids.action_compute_statements()
