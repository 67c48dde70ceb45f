import logging
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import plan_arithmetic

_logger = logging.getLogger(__name__)

MANAGER = "front_office_quota.group_quota_manager"


class QuotaPeriod(models.Model):
    _name = "quota.period"
    _description = "Period of a quota plan"
    _inherit = ["quota.calculated.mixin"]
    _order = "date_from, plan_id, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="The month, such as 2026-03.")
    plan_id = fields.Many2one(
        "quota.plan", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_state = fields.Selection(related="plan_id.state")
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    quarter = fields.Char(help="The quarter of the plan's year, such as 2026-Q1.")
    year = fields.Integer(related="plan_id.year", store=True, aggregator=False)
    cost_ids = fields.One2many("quota.cost.line", "period_id")
    target_ids = fields.One2many("quota.target", "period_id")
    cost_total = fields.Monetary(
        string="Costs", compute="_compute_cost_total", store=True, groups=MANAGER
    )
    required = fields.Monetary(
        compute="_compute_required",
        store=True,
        groups=MANAGER,
        help="What has to be reached so that it pays the costs: costs ÷ margin, or the "
        "costs where the margin is what counts.",
    )
    target_total = fields.Monetary(
        string="Targets",
        compute="_compute_target_total",
        store=True,
        groups=MANAGER,
        help="The targets, where a person's target below a team's is not counted "
        "again.",
    )
    coverage = fields.Float(
        compute="_compute_coverage",
        store=True,
        aggregator="avg",
        groups=MANAGER,
        help="Targets ÷ required (1 = 100 %). Of a group: its targets ÷ what it "
        "requires.",
    )
    coverage_percent = fields.Float(
        string="Coverage %", compute="_compute_coverage_percent", groups=MANAGER
    )
    # whether, and not how much: what everybody who reads the plan may know
    has_costs = fields.Boolean(compute="_compute_is_short", compute_sudo=True)
    is_short = fields.Boolean(
        string="Under 100 %", compute="_compute_is_short", compute_sudo=True
    )
    waterfall = fields.Json(compute="_compute_waterfall", groups=MANAGER)
    statement_error = fields.Char(
        readonly=True,
        copy=False,
        help="Why the statements could not be calculated last night.",
    )

    _unique_start = models.UniqueIndex(
        "(plan_id, date_from)", "A plan has one period a month."
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period must not end before it begins."
    )

    # --- computes ---------------------------------------------------------------------

    @api.depends("name", "plan_id.name")
    def _compute_display_name(self):
        for period in self:
            period.display_name = f"{period.name or ''} ({period.plan_id.name or ''})"

    @api.depends("cost_ids.amount")
    def _compute_cost_total(self):
        for period in self:
            period.cost_total = sum(period.cost_ids.mapped("amount"))

    @api.depends("cost_total", "plan_id.margin", "plan_id.basis", "currency_id")
    def _compute_required(self):
        for period in self:
            plan = period.plan_id
            period.required = (
                plan_arithmetic.required_revenue(
                    period.cost_total,
                    plan.margin,
                    plan.basis,
                    period.currency_id.rounding or 0.01,
                )
                # a margin out of its bounds is refused when the plan is saved
                if 0 < plan.margin <= 1
                else 0.0
            )

    @api.depends("target_ids.amount", "target_ids.counted")
    def _compute_target_total(self):
        for period in self:
            counted = period.target_ids.filtered("counted")
            period.target_total = sum(counted.mapped("amount"))

    @api.depends("required", "target_total")
    def _compute_coverage(self):
        for period in self:
            period.coverage = plan_arithmetic.coverage(
                period.target_total, period.required
            )

    @api.depends("coverage")
    def _compute_coverage_percent(self):
        for period in self:
            period.coverage_percent = 100 * period.coverage

    @api.depends("required", "target_total", "currency_id")
    def _compute_is_short(self):
        for period in self:
            period.has_costs = bool(period.required)
            period.is_short = bool(
                period.currency_id
                and period.currency_id.compare_amounts(
                    period.target_total, period.required
                )
                < 0
            )

    @api.depends("cost_ids.amount", "cost_ids.category", "required", "target_total")
    @api.depends_context("uid", "lang")
    def _compute_waterfall(self):
        for period in self:
            period.waterfall = self._get_waterfall(
                period, period.cost_ids, period.required, period.target_total
            )

    @api.model
    def _get_waterfall(self, periods, costs, required, target_total):
        """Return what the waterfall of some periods shows.

        Targets that the viewer may not read are one bar, so that the sum is right and
        nobody's figure is given away.

        :return: dict of the bars and the currency
        """
        selection = dict(costs._fields["category"]._description_selection(self.env))
        by_category = [
            (
                label,
                sum(costs.filtered_domain([("category", "=", key)]).mapped("amount")),
            )
            for key, label in selection.items()
        ]
        holders = self._get_holders(periods, target_total)
        bars = plan_arithmetic.waterfall(
            [(label, amount) for label, amount in by_category if amount],
            required,
            holders,
            {
                "total": self.env._("Total costs"),
                "markup": self.env._("÷ margin"),
                "required": self.env._("Required"),
                "uncovered": self.env._("Not covered"),
                "surplus": self.env._("Above"),
            },
        )
        return {
            "bars": [vars(bar) for bar in bars] if required or target_total else [],
            "currency_id": periods.currency_id[:1].id,
        }

    @api.model
    def _get_holders(self, periods, target_total):
        """Return names and amounts of the largest targets; the rest is one."""
        # a search, which the record rules narrow: what a one2many holds in the cache
        # may have been read by somebody who sees more
        readable = self.env["quota.target"].search(
            [("period_id", "in", periods._origin.ids), ("counted", "=", True)]
        )
        holders = defaultdict(float)
        for target in readable:
            holders[(target.user_id or target.team_id).display_name] += target.amount
        largest = sorted(holders.items(), key=lambda holder: -holder[1])[:12]
        currency = periods.currency_id[:1]
        rest = target_total - sum(amount for _name, amount in largest)
        if currency and currency.compare_amounts(rest, 0):
            largest.append((self.env._("Others"), currency.round(rest)))
        return largest

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

    @api.constrains("date_from", "date_to", "plan_id")
    def _check_dates(self):
        for period in self:
            if period.date_to < period.date_from:
                raise ValidationError(
                    self.env._(
                        "The period %(period)s of the plan “%(plan)s” must not end "
                        "before it begins. Change its dates.",
                        period=period.name,
                        plan=period.plan_id.name,
                    )
                )
            period._check_inside()
        for plan in self.plan_id:
            previous = self.browse()
            for period in plan.period_ids.sorted("date_from"):
                if previous and period.date_from <= previous.date_to:
                    raise ValidationError(
                        self.env._(
                            "The periods %(one)s and %(other)s of the plan “%(plan)s” "
                            "overlap. Change their dates.",
                            one=previous.name,
                            other=period.name,
                            plan=plan.name,
                        )
                    )
                previous = period

    def _check_inside(self):
        plan = self.plan_id
        if plan.date_from <= self.date_from and self.date_to <= plan.date_to:
            return
        raise ValidationError(
            self.env._(
                "The period %(period)s (%(first)s to %(last)s) is outside the plan "
                "“%(plan)s”, which goes from %(plan_first)s to %(plan_last)s. Change "
                "the dates of the period.",
                period=self.name,
                first=self.date_from,
                last=self.date_to,
                plan=plan.name,
                plan_first=plan.date_from,
                plan_last=plan.date_to,
            )
        )

    # --- writing ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        plan_ids = {vals.get("plan_id") for vals in vals_list} - {None, False}
        plans = self.env["quota.plan"].browse(plan_ids)
        plans._check_unlocked(self.env._("the periods"))
        periods = super().create(vals_list)
        # a plan may have come from the context
        periods.plan_id._check_unlocked(self.env._("the periods"))
        return periods

    def write(self, vals):
        # costs and targets have locks of their own
        own = vals.keys() - {"cost_ids", "target_ids"}
        if own:
            self.plan_id._check_unlocked(self.env._("the periods"))
        result = super().write(vals)
        if "plan_id" in vals:
            self.plan_id._check_unlocked(self.env._("the periods"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.plan_id._check_unlocked(self.env._("the periods"))
        # sudo: a statement is in the way, whoever may read it
        statements = self.env["quota.statement"].sudo()
        for statement in statements.search([("period_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "The period %(period)s has statements and cannot be deleted. "
                    "Archive its plan instead.",
                    period=statement.period_id.display_name,
                )
            )

    def unlink(self):
        # by the ORM and not by the database's cascade, which leaves totals to be
        # calculated for periods that are gone
        self.cost_ids.unlink()
        self.target_ids.unlink()
        return super().unlink()

    # --- actions ----------------------------------------------------------------------

    def action_open(self):
        """Open the period on a page of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "quota.period",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_refresh_costs(self):
        """Take the costs from the ledger and the contracts again."""
        self.cost_ids.action_refresh()
        return True

    def action_split(self):
        """Make the targets of these periods from the shares of their plans."""
        self.check_access("write")
        for plan, periods in self.grouped("plan_id").items():
            plan._check_unlocked(self.env._("the targets"))
            periods._write_targets(
                plan._split(periods), keep_others=plan.split_method == "manual"
            )
        return True

    def action_set_up_next(self):
        """Set up the next period from this one, in next year's plan if need be.

        :return: the action that opens the next period
        """
        self.ensure_one()
        self.check_access("write")
        following = self._get_next() or self.plan_id._make_next_year()
        following.plan_id._check_unlocked(self.env._("the costs"))
        self._set_up(following)
        return following.action_open()

    def _get_next(self):
        """Return the period after this one, empty if the plan ends with it."""
        later = self.plan_id.period_ids.filtered(
            lambda period: period.date_from > self.date_from
        )
        return later.sorted("date_from")[:1]

    def _set_up(self, following):
        """Copy costs to another period, and split what it requires."""
        self.cost_ids._copy_to(following)
        plan = following.plan_id
        if plan.share_ids and plan.split_method != "manual":
            following.action_split()
            return
        following._write_targets(
            {
                (following, target.user_id, target.team_id): target.full_amount
                for target in self.target_ids
            },
            keep_others=True,
        )

    # --- targets ----------------------------------------------------------------------

    def _write_targets(self, amounts, keep_others=False):
        """Make and change the targets of these periods.

        :param amounts: dict of full targets by (period, user, team); None leaves the
            amount of a target that there is
        :param keep_others: whether targets of other people and teams stay
        """
        others = {
            (target.period_id, target.user_id or target.team_id): target
            for target in self.target_ids
        }
        missing = []
        for (period, user, team), amount in amounts.items():
            target = others.pop((period, user or team), None)
            if target:
                self._change_target(target, team, amount)
            else:
                missing.append(
                    {
                        "plan_id": period.plan_id.id,
                        "period_id": period.id,
                        "user_id": user.id,
                        "team_id": team.id,
                        "full_amount": amount or 0.0,
                    }
                )
        if not keep_others:
            self._remove_targets(self.env["quota.target"].concat(*others.values()))
        self.env["quota.target"].create(missing)

    @api.model
    def _change_target(self, target, team, amount):
        vals = {}
        if target.team_id != team:
            vals["team_id"] = team.id
        if amount is not None and target.currency_id.compare_amounts(
            target.full_amount, amount
        ):
            vals["full_amount"] = amount
        if vals:
            target.write(vals)

    @api.model
    def _remove_targets(self, targets):
        """Take away targets, and the open statements that were made from them.

        Those of a frozen statement stay, with 0: the statement keeps its own terms. So
        do those of an open statement with disputes, as they are, because the
        statement, which is kept, is calculated by them.
        """
        # sudo: whoever plans may take away what was only calculated, whosever it is
        statements = self.env["quota.statement"].sudo()
        statements = statements.search([("target_id", "in", targets.ids)])
        opened = statements.filtered(lambda statement: statement.state == "computed")
        frozen = (statements - opened).target_id.with_env(self.env)
        disputed = opened.filtered("dispute_ids")
        (opened - disputed).unlink()
        frozen.filtered("full_amount").write({"full_amount": 0.0})
        (targets - frozen - disputed.target_id.with_env(self.env)).unlink()

    def _check_weights(self, shares, weights):
        """Refuse to split by weights that are all 0, in a sentence."""
        if any(weights):
            return
        plan = self.plan_id
        values = {
            "plan": plan.name,
            "period": self.name,
            "holders": ", ".join(shares.mapped("display_name")),
        }
        if plan.split_method == "last_year":
            message = self.env._(
                "%(period)s of the plan “%(plan)s” cannot be split by last year's "
                "share: nothing counted a year before for %(holders)s. Choose another "
                "Split Method.",
                **values,
            )
        else:
            message = self.env._(
                "%(period)s of the plan “%(plan)s” cannot be split: the Weight of "
                "%(holders)s is 0. Give at least one of them a weight.",
                **values,
            )
        raise UserError(message)

    # --- statements -------------------------------------------------------------------

    def action_compute_statements(self):
        """Calculate the statements of these periods, as far as they have begun.

        :return: the action that shows them
        :raises AccessError: the user is no administrator of quotas
        :raises UserError: the plan is not approved, or nothing has begun yet
        """
        if not self.env.user.has_group("front_office_quota.group_quota_admin"):
            raise AccessError(
                self.env._("Only an administrator of quotas calculates statements.")
            )
        self.check_access("read")
        for plan in self.plan_id:
            if plan.state != "approved":
                raise UserError(
                    self.env._(
                        "Plan %(plan)s is not approved, so it has no statements. "
                        "Approve it first.",
                        plan=plan.name,
                    )
                )
        today = fields.Date.context_today(self)
        begun = self.filtered(lambda period: period.date_from <= today)
        if not begun:
            raise UserError(
                self.env._(
                    "Nothing to calculate: period %(period)s has not begun yet.",
                    period=", ".join(self.mapped("name")),
                )
            )
        self.env["quota.statement.engine"]._compute_statements(begun)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statements"),
            "res_model": "quota.statement",
            "view_mode": "list,form",
            "domain": [("period_id", "in", begun.ids)],
        }

    @api.model
    def _cron_compute_statements(self):
        """Calculate the statements of the running and the last period of every plan.

        A period whose calculation fails keeps the error; the others go on. A
        serialization failure is raised: the cron runs again.
        """
        periods = self.search(self._get_cron_domain())
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(periods))
        for period in periods:
            period._compute_statements_or_record_error()
            if not cron._commit_progress(1):
                break

    @api.model
    def _get_cron_domain(self):
        """Return the domain of periods that run, or ended within the last month."""
        today = fields.Date.context_today(self)
        return (
            Domain("plan_id.state", "=", "approved")
            & Domain("date_from", "<=", today)
            & Domain("date_to", ">=", today - relativedelta(months=1))
        )

    def _compute_statements_or_record_error(self):
        try:
            with self.env.cr.savepoint():
                self.env["quota.statement.engine"]._compute_statements(self)
                self.filtered("statement_error")._write_statement_error(None)
        except OperationalError:
            raise
        except Exception as error:
            _logger.warning("No statements of period %s", self.name, exc_info=True)
            self._write_statement_error(str(error))

    def _write_statement_error(self, error):
        """Keep an error, or None, with SQL: an approved plan refuses to be written."""
        self.env.cr.execute(
            SQL(
                "UPDATE quota_period SET statement_error = %s WHERE id = ANY(%s)",
                error,
                self.ids,
            )
        )
        self.invalidate_recordset(["statement_error"])
