from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..working_days import count_between, presence, run_rate

MEASURES = ["amount:sum", "achieved:sum", "forecast:sum"]
FIGURES = {"achieved", "attainment", "forecast"}
TERMS = {"full_amount", "start_date", "end_date"}
IDENTITY = {"plan_id", "period_id", "user_id", "team_id"}


class QuotaTarget(models.Model):
    """What a person, or a team, has to reach in a period of a plan.

    A row with a person is the person's, and its team says where the person belongs in
    this plan; a row without a person is the team's.
    """

    _name = "quota.target"
    _description = "Sales target"
    _inherit = ["quota.calculated.mixin", "mail.thread"]
    _order = "date_from desc, attainment desc, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "quota.plan", required=True, index=True, ondelete="cascade", check_company=True
    )
    period_id = fields.Many2one(
        "quota.period",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('plan_id', '=', plan_id)]",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Month", related="period_id.date_from", store=True, index=True
    )
    date_to = fields.Date(related="period_id.date_to", store=True)
    quarter = fields.Char(related="period_id.quarter", store=True)
    year = fields.Integer(related="plan_id.year", store=True, aggregator=False)
    basis = fields.Selection(related="plan_id.basis", store=True)
    plan_state = fields.Selection(
        string="State of the plan", related="plan_id.state", store=True
    )
    user_id = fields.Many2one(
        "res.users", string="Person", index="btree_not_null", ondelete="restrict"
    )
    team_id = fields.Many2one(
        "crm.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Of a person: the team they belong to in this plan. Without a person: "
        "the team has the target.",
    )
    holder = fields.Char(compute="_compute_holder", compute_sudo=True)
    full_amount = fields.Monetary(
        string="Full Target", help="The target of somebody who is there all the period."
    )
    start_date = fields.Date(
        string="Joined on", help="Set it if the person joins within the period."
    )
    end_date = fields.Date(
        string="Left on", help="Set it if the person leaves within the period."
    )
    presence = fields.Float(
        compute="_compute_presence",
        store=True,
        aggregator="avg",
        help="The part of the period's working days on which the person is there, by "
        "the person's working schedule (1 = 100 %).",
    )
    amount = fields.Monetary(
        string="Target",
        compute="_compute_amount",
        store=True,
        help="The full target times the presence.",
    )
    counted = fields.Boolean(
        string="Counts for Coverage",
        compute="_compute_counted",
        store=True,
        help="A person's target below a team's target is a part of it and is not "
        "counted again.",
    )
    achieved = fields.Monetary(readonly=True, copy=False, default=0)
    attainment = fields.Float(
        readonly=True,
        copy=False,
        default=0,
        aggregator="avg",
        help="Achieved ÷ target (1 = 100 %).",
    )
    forecast = fields.Monetary(
        readonly=True,
        copy=False,
        default=0,
        help="What the period ends with: of a past one what was achieved, of the "
        "running one what it comes to if it goes on as it began.",
    )
    gap = fields.Monetary(
        compute="_compute_gap", help="What is still missing to reach the target."
    )
    days_left = fields.Integer(
        string="Working Days Left", compute="_compute_gap", help="Today included."
    )
    gap_per_day = fields.Monetary(
        string="Gap per Working Day",
        compute="_compute_gap",
        help="The gap ÷ the working days that are left, today included.",
    )
    revision_ids = fields.One2many("quota.target.revision", "target_id")
    revision_count = fields.Integer(compute="_compute_revision_count")

    _holder = models.Constraint(
        "CHECK (user_id IS NOT NULL OR team_id IS NOT NULL)",
        "A target needs a person or a team.",
    )
    _positive = models.Constraint(
        "CHECK (full_amount >= 0)", "A target must not be negative."
    )
    _unique_person = models.UniqueIndex(
        "(period_id, user_id) WHERE user_id IS NOT NULL",
        "A person has one target a period and plan.",
    )
    _unique_team = models.UniqueIndex(
        "(period_id, team_id) WHERE user_id IS NULL",
        "A team has one target a period and plan.",
    )

    @api.depends("user_id", "team_id", "period_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for target in self:
            target.display_name = self.env._(
                "%(holder)s, %(period)s",
                holder=target.holder or "",
                period=target.period_id.name or "",
            )

    @api.depends("user_id", "team_id")
    def _compute_holder(self):
        for target in self:
            target.holder = target.user_id.name or target.team_id.name

    @api.depends(
        "user_id", "start_date", "end_date", "period_id.date_from", "period_id.date_to"
    )
    def _compute_presence(self):
        whole = self.filtered(lambda target: not (target.start_date or target.end_date))
        whole.presence = 1.0
        partly = self - whole
        days = partly._get_working_days()
        for target in partly:
            target.presence = presence(
                days[target], target.start_date or None, target.end_date or None
            )

    @api.depends("full_amount", "presence", "currency_id")
    def _compute_amount(self):
        for target in self:
            currency = target.currency_id or self.env.company.currency_id
            target.amount = currency.round(target.full_amount * target.presence)

    @api.depends("user_id", "team_id", "period_id.target_ids.team_id")
    def _compute_counted(self):
        for period in self.period_id:
            # sudo: whether a team has a target does not depend on who looks
            rows = period.sudo().target_ids
            teams = rows.filtered(lambda row: not row.user_id).team_id
            for target in self.filtered(
                lambda row, period=period: row.period_id == period
            ):
                target.counted = not target.user_id or target.team_id not in teams
        self.filtered(lambda row: not row.period_id).counted = True

    @api.depends("amount", "achieved", "date_from", "date_to")
    @api.depends_context("tz")
    def _compute_gap(self):
        today = fields.Date.context_today(self)
        days = self._get_working_days()
        for target in self:
            left = count_between(days[target], max(today, target.date_from or today))
            gap = max(target.amount - target.achieved, 0)
            target.gap = gap
            target.days_left = left
            target.gap_per_day = gap / left if left else 0

    @api.depends("revision_ids")
    def _compute_revision_count(self):
        counts = dict(
            self.env["quota.target.revision"]._read_group(
                [("target_id", "in", self.ids)], ["target_id"], ["__count"]
            )
        )
        for target in self:
            target.revision_count = counts.get(target._origin, 0)

    @api.constrains("plan_id", "period_id")
    def _check_period(self):
        """Refuse a period of another plan.

        :raises ValidationError: naming the target, its period and its plan
        """
        for target in self:
            if target.period_id.plan_id != target.plan_id:
                raise ValidationError(
                    self.env._(
                        "Target of %(holder)s: the period %(period)s is not one of "
                        "the plan “%(plan)s”. Choose one of the plan's in the field "
                        "Period.",
                        holder=target.holder,
                        period=target.period_id.name,
                        plan=target.plan_id.name,
                    )
                )

    @api.constrains("start_date", "end_date", "period_id")
    def _check_presence_dates(self):
        """Refuse days of joining or leaving outside the period, or in a wrong order.

        :raises ValidationError: naming the target and the field
        """
        for target in self:
            period = target.period_id
            for name in ("start_date", "end_date"):
                day = target[name]
                if day and not period.date_from <= day <= period.date_to:
                    raise ValidationError(
                        self.env._(
                            "Target of %(target)s: the day in the field %(field)s is "
                            "not in the period. Choose a day from %(start)s to "
                            "%(end)s, or none.",
                            target=target.display_name,
                            field=self._fields[name]._description_string(self.env),
                            start=period.date_from,
                            end=period.date_to,
                        )
                    )
            if target.start_date and target.end_date:
                if target.start_date > target.end_date:
                    raise ValidationError(
                        self.env._(
                            "Target of %s: the day in the field Left on is before the "
                            "one in Joined on. Change one of them.",
                            target.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(FIGURES & vals.keys() for vals in vals_list):
            self._refuse_figures()
        targets = super().create(vals_list)
        targets._check_plan_is_open()
        return targets

    def write(self, vals):
        if not self.env.su:
            if FIGURES & vals.keys():
                self._refuse_figures()
            if (TERMS | IDENTITY) & vals.keys():
                self._check_plan_is_open()
        if not (TERMS | IDENTITY) & vals.keys():
            return super().write(vals)
        before = {target: target.amount for target in self}
        result = super().write(vals)
        # nor may a target be moved into a plan that is approved
        self._check_plan_is_open()
        self._record_revisions(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_plan_is_open()

    def _refuse_figures(self):
        raise UserError(
            self.env._(
                "Achieved, attainment and forecast of a target are calculated from "
                "invoices and payments. Leave these fields out."
            )
        )

    def _check_plan_is_open(self):
        """Refuse to change the targets of a plan that is no draft any more.

        :raises UserError: naming the target and its plan
        """
        if self.env.su:
            return
        for target in self:
            if target.plan_id.state == "proposed":
                raise UserError(
                    self.env._(
                        "%(target)s: the plan “%(plan)s” waits for approval as it is. "
                        "Send the plan back to draft first.",
                        target=target.display_name,
                        plan=target.plan_id.name,
                    )
                )
            if target.plan_id.state != "draft":
                raise UserError(
                    self.env._(
                        "%(target)s: the plan “%(plan)s” is approved. Use Change "
                        "Target, which keeps the reason.",
                        target=target.display_name,
                        plan=target.plan_id.name,
                    )
                )

    def _record_revisions(self, before):
        """Keep what the targets were before a change.

        :param before: dict of target to its amount before
        """
        reason = self.env.context.get("quota_reason")
        # sudo: nobody may write the history by hand
        self.env["quota.target.revision"].sudo().create(
            [
                {
                    "target_id": target.id,
                    "user_id": self.env.user.id,
                    "before": amount,
                    "after": target.amount,
                    "reason": reason or self.env._("Changed in the draft"),
                }
                for target, amount in before.items()
                if target.currency_id.compare_amounts(amount, target.amount)
            ]
        )

    def _revise(self, values, reason):
        """Change a target of an approved plan, and keep why.

        :param values: dict of the new full target, day of joining, day of leaving
        :param reason: why, in words
        :raises UserError: for a proposed or closed plan, or without a reason
        :raises AccessError: for somebody who may not write the target
        """
        self.ensure_one()
        self.check_access("write")
        if self.plan_id.state == "proposed":
            self._check_plan_is_open()
        if self.plan_id.state == "closed":
            raise UserError(
                self.env._(
                    "%(target)s: the plan “%(plan)s” is closed, and its targets stay "
                    "as they are.",
                    target=self.display_name,
                    plan=self.plan_id.name,
                )
            )
        if not (reason or "").strip():
            raise UserError(
                self.env._("%s: say why in the field Reason.", self.display_name)
            )
        # sudo: the right was checked; only this way past the lock of approved plans
        self.sudo().with_context(quota_reason=reason.strip()).write(values)
        self._refresh_attainment()

    def _refresh_attainment(self):
        """Bring attainment in line with a changed target."""
        # sudo: a figure that nobody types
        for target in self.sudo():
            target.attainment = target.achieved / target.amount if target.amount else 0

    def _get_calendars(self):
        """Return the working schedule of each target: the person's, or the company's.

        :return: dict of target to ``resource.calendar`` (may be empty)
        """
        # sudo: a working schedule is read for its days only, whoever looks
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("user_id", "in", self.user_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
        )
        by_person = {
            (employee.user_id, employee.company_id): employee.resource_calendar_id
            for employee in employees
        }
        # sudo: as above
        return {
            target: by_person.get((target.user_id, target.company_id))
            or target.company_id.sudo().resource_calendar_id
            for target in self
        }

    def _get_working_days(self):
        """Return the working days of each target's period.

        A calendar is asked once a period, however many targets there are.

        :return: dict of target to a set of dates
        """
        cache = {}
        result = {}
        for target, calendar in self._get_calendars().items():
            start, end = target.period_id.date_from, target.period_id.date_to
            if not start or not end:
                result[target] = set()
                continue
            key = (calendar, start, end)
            if key not in cache:
                cache[key] = calendar._quota_working_days(start, end)
            result[target] = cache[key]
        return result

    # --- the forecast -----------------------------------------------------------

    def _forecast_amounts(self, today):
        """Return what the periods are expected to end with; a hook for add-ons.

        :param today: the day of the forecast; a period that ended before is not asked
        :return: dict of target to an amount in the company's currency
        """
        days = self._get_working_days()
        return {
            target: run_rate(target.achieved, days[target], today)
            if target.date_from <= today
            else 0.0
            for target in self
        }

    @api.model
    def _refresh_forecast(self, today=None):
        """Bring the forecast of all targets of active plans up to date.

        Past periods take what was achieved in one statement; what is still to come is
        asked from :meth:`_forecast_amounts`.

        :param today: the day of the forecast, the present one unless given
        """
        today = today or fields.Date.context_today(self)
        self.flush_model()
        self.env.cr.execute(
            """
            UPDATE quota_target
               SET forecast = achieved
             WHERE date_to < %s AND forecast IS DISTINCT FROM achieved
            """,
            [today],
        )
        self.invalidate_model(["forecast"])
        # sudo: a figure that nobody types, of everybody
        targets = self.sudo().search([("date_to", ">=", today)])
        for target, amount in targets._forecast_amounts(today).items():
            amount = target.currency_id.round(amount)
            if target.currency_id.compare_amounts(target.forecast, amount):
                target.forecast = amount

    def action_change(self):
        """Open the dialog that changes a target and keeps the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Target"),
            "res_model": "quota.target.revise",
            "view_mode": "form",
            "target": "new",
            "context": {"default_target_id": self.id},
        }

    def action_open_revisions(self):
        """Open the history of the target."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changes of %s", self.display_name),
            "res_model": "quota.target.revision",
            "view_mode": "list",
            "domain": [("target_id", "=", self.id)],
        }

    # --- the month's screen ------------------------------------------------------

    @api.model
    @api.readonly
    def get_dashboard(self, plan_id=False, period_id=False):
        """Return all that the sales manager's screen shows, of the targets one may see.

        The number of queries does not depend on the number of people.

        :param plan_id: id of the plan, the one that runs today unless given
        :param period_id: id of one of its periods, the present one unless given
        :return: dict of the plans and periods to choose from, the figures of the period
            and of the year, the months of the graph, and a row for each holder, the
            highest attainment first; money in the company's currency
        :raises AccessError: for somebody without a right to targets
        :raises UserError: for a plan or period that is not there
        """
        self.browse().check_access("read")
        plans = self._get_dashboard_plans()
        if not plans:
            return {"plans": [], "is_empty": True}
        today = fields.Date.context_today(self)
        plan = self._choose_dashboard_plan(plans, plan_id, today)
        periods = plan.period_ids.sorted("date_from")
        period = self._choose_dashboard_period(periods, period_id, today)
        months = self._get_dashboard_months(plan, periods)
        return {
            "plans": [{"id": each.id, "name": each.display_name} for each in plans],
            "plan_id": plan.id,
            "basis": dict(plan._fields["basis"]._description_selection(self.env))[
                plan.basis
            ],
            "currency_id": plan.currency_id.id,
            "periods": [{"id": each.id, "name": each.name} for each in periods],
            "period_id": period.id,
            "period_name": period.name or "",
            "is_empty": not plan.target_ids,
            "months": months,
            "figures": self._get_dashboard_figures(plan, period, months, today),
            "holders": self._get_dashboard_holders(period),
        }

    @api.model
    def action_refresh(self):
        """Bring achieved and forecast up to date now, not with the next scheduled run.

        :raises AccessError: for somebody without a right to targets
        """
        self.browse().check_access("read")
        # sudo: the figures of everybody are brought up to date, and nothing is shown
        targets = self.sudo()
        targets._refresh_achieved()
        targets._refresh_forecast()

    def _get_dashboard_plans(self):
        """Return the plans in which somebody whom one may see has a target."""
        groups = self._read_group(
            [("company_id", "in", self.env.companies.ids)], ["plan_id"]
        )
        plans = self.env["quota.plan"].union(*(plan for (plan,) in groups))
        return plans.filtered("active").sorted(
            lambda plan: (
                plan.state == "approved",
                plan.date_from or plan.create_date.date(),
            ),
            reverse=True,
        )

    def _choose_dashboard_plan(self, plans, plan_id, today):
        if plan_id:
            plan = plans.filtered(lambda plan: plan.id == plan_id)
            if not plan:
                raise UserError(
                    self.env._("The plan is not there any more. Choose another one.")
                )
            return plan
        running = plans.filtered(
            lambda plan: plan.date_from and plan.date_from <= today <= plan.date_to
        )
        return (running or plans)[:1]

    def _choose_dashboard_period(self, periods, period_id, today):
        if period_id:
            period = periods.filtered(lambda period: period.id == period_id)
            if not period:
                raise UserError(
                    self.env._("The period is not one of the plan's. Choose another.")
                )
            return period
        running = periods.filtered(
            lambda period: period.date_from <= today <= period.date_to
        )
        return running or periods[-1:]

    def _get_dashboard_domain(self, plan):
        """Return which targets add up: those that count for coverage, or one's own.

        A person below a team's target is a part of it; where the team's target is not
        for this reader's eyes, the person's stands for itself.
        """
        domain = [("plan_id", "=", plan.id)]
        counted = [*domain, ("counted", "=", True)]
        return counted if self.search_count(counted, limit=1) else domain

    def _get_dashboard_months(self, plan, periods):
        sums = {
            period: values
            for period, *values in self._read_group(
                self._get_dashboard_domain(plan), ["period_id"], MEASURES
            )
        }
        return [
            {
                "id": period.id,
                "name": period.name,
                "date_from": fields.Date.to_string(period.date_from),
                "amount": amount,
                "achieved": achieved,
                "forecast": forecast,
            }
            for period in periods
            for amount, achieved, forecast in [sums.get(period, (0.0, 0.0, 0.0))]
        ]

    def _get_dashboard_figures(self, plan, period, months, today):
        """Return the figures of the period and of the year so far; a hook.

        :return: list of dicts: key, label, target, achieved, attainment (a ratio or
            None), forecast, gap, and for the period the working days left
        """
        one = [month for month in months if month["id"] == period.id]
        so_far = [
            month
            for month in months
            if fields.Date.to_date(month["date_from"]) <= (period.date_from or today)
        ]
        # sudo: the days on which the company works are no secret
        calendar = plan.company_id.sudo().resource_calendar_id
        days = set()
        if period:
            days = calendar._quota_working_days(period.date_from, period.date_to)
        left = sum(day >= today for day in days)
        return [
            {**self._sum_months("period", one), "days_left": left},
            self._sum_months("year", so_far),
        ]

    def _sum_months(self, key, months):
        target, achieved, forecast = (
            sum(month[name] for month in months)
            for name in ("amount", "achieved", "forecast")
        )
        return {
            "key": key,
            "target": target,
            "achieved": achieved,
            "forecast": forecast,
            "attainment": achieved / target if target else None,
            "gap": max(target - achieved, 0.0),
        }

    def _get_dashboard_holders(self, period):
        targets = self.search(
            [("period_id", "=", period.id)], order="attainment desc, id"
        )
        return [
            {
                "id": target.id,
                "name": target.holder,
                "user_id": target.user_id.id,
                "is_team": not target.user_id,
                "team": target.team_id.name if target.user_id else False,
                "target": target.amount,
                "achieved": target.achieved,
                "attainment": target.attainment if target.amount else None,
                "forecast": target.forecast,
                "gap_per_day": target.gap_per_day,
            }
            for target in targets
        ]
