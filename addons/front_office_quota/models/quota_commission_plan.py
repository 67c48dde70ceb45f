from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

from ..commission import Terms, Tier, commission, explain, round_to


def to_decimal(number):
    """Return the decimal that a float shows: 0.1 and not 0.1000000000000000055…"""
    return Decimal(repr(number or 0.0))


def percent(rate):
    """Return a rate as people write it: 0.025 is 2.5 %."""
    text = f"{to_decimal(float(rate)) * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


class QuotaCommissionPlan(models.Model):
    _name = "quota.commission.plan"
    _description = "Commission plan"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Valid from",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(string="Valid until", tracking=True)
    base_rate = fields.Float(
        digits=(16, 6),
        tracking=True,
        help="Paid on every amount credited, from the first (0.02 = 2 %).",
    )
    minimum_attainment = fields.Float(
        tracking=True,
        help="Below it no commission is paid; once reached, all of it is (0.5 = 50 %).",
    )
    cap = fields.Monetary(
        tracking=True, help="The most that one period may pay. 0: no cap."
    )
    tier_ids = fields.One2many(
        "quota.commission.tier", "plan_id", string="Tiers", copy=True
    )
    category_ids = fields.One2many(
        "quota.commission.category", "plan_id", string="Rates of Categories", copy=True
    )
    assignment_ids = fields.One2many(
        "quota.commission.assignment", "plan_id", string="People"
    )
    assignment_count = fields.Integer(
        string="Number of People", compute="_compute_assignment_count"
    )
    # Typed to see what the plan would pay; stored nowhere.
    trial_target = fields.Monetary(string="With a Target of", store=False)
    trial_amount = fields.Monetary(string="and a Credit of", store=False)
    trial_commission = fields.Monetary(string="It Would Pay", compute="_compute_trial")
    trial_steps = fields.Text(string="How", compute="_compute_trial")

    # --- constraints ------------------------------------------------------------

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for plan in self:
            if plan.date_to and plan.date_to < plan.date_from:
                raise ValidationError(
                    self.env._(
                        "Commission plan %(plan)s is valid until %(until)s, before it "
                        "begins on %(begin)s. Correct “Valid from” or “Valid until”.",
                        plan=plan.name,
                        until=format_date(self.env, plan.date_to),
                        begin=format_date(self.env, plan.date_from),
                    )
                )

    @api.constrains("base_rate", "cap", "minimum_attainment")
    def _check_not_negative(self):
        for plan in self:
            for name in ("base_rate", "cap", "minimum_attainment"):
                if plan[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” of commission plan %(plan)s is negative. "
                            "Type 0 or more.",
                            field=self._fields[name]._description_string(self.env),
                            plan=plan.name,
                        )
                    )

    @api.constrains("base_rate", "tier_ids")
    def _check_tiers(self):
        """Refuse tiers by which a larger credit would pay less.

        :raises ValidationError: a rate or an accelerator is below that of the tier (or
            the base rate) before it
        """
        for plan in self:
            rate, faster = plan.base_rate, 1.0
            for tier in plan.tier_ids.sorted("threshold"):
                names = {
                    "plan": plan.name,
                    "tier": tier.display_name,
                    "rate": percent(tier.rate),
                    "below": percent(rate),
                    "faster": formatLang(self.env, tier.accelerator),
                    "slower": formatLang(self.env, faster),
                }
                if tier.rate < rate:
                    raise ValidationError(
                        self.env._(
                            "The rate of tier %(tier)s of commission plan %(plan)s, "
                            "%(rate)s, is below the %(below)s that are paid up to "
                            "there. Raise it, or lower the rates before it.",
                            **names,
                        )
                    )
                if tier.accelerator < faster:
                    raise ValidationError(
                        self.env._(
                            "The accelerator of tier %(tier)s of commission plan "
                            "%(plan)s, %(faster)s, is below the %(slower)s before it. "
                            "Raise it: 1 does not change the commission.",
                            **names,
                        )
                    )
                rate, faster = tier.rate, tier.accelerator

    @api.constrains("date_from", "date_to", "company_id", "active")
    def _check_people(self):
        self.assignment_ids._check_overlap()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env["quota.statement"].sudo()  # sudo: used by whomever it may be
        for plan in self:
            if used.search_count([("commission_plan_id", "=", plan.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Commission plan %(plan)s has statements, so it cannot be "
                        "deleted. Archive it, or set “Valid until”.",
                        plan=plan.name,
                    )
                )

    # --- computes ---------------------------------------------------------------

    @api.depends("assignment_ids")
    def _compute_assignment_count(self):
        for plan in self:
            plan.assignment_count = len(plan.assignment_ids.user_id)

    @api.depends(
        "trial_target",
        "trial_amount",
        "base_rate",
        "minimum_attainment",
        "cap",
        "currency_id",
        "tier_ids.threshold",
        "tier_ids.rate",
        "tier_ids.accelerator",
    )
    def _compute_trial(self):
        for plan in self:
            if not plan.currency_id:
                plan.trial_commission, plan.trial_steps = 0.0, False
                continue
            terms = plan._get_terms(plan.trial_target)
            credited = {None: round_to(to_decimal(plan.trial_amount), terms.rounding)}
            plan.trial_commission = float(commission(terms, credited))
            plan.trial_steps = plan._trial_text(explain(terms, credited))

    def _trial_text(self, steps):
        """Return the steps of a calculation, one a line."""
        self.ensure_one()

        def money(amount):
            return format_amount(self.env, float(amount), self.currency_id)

        names = {
            "base": self.env._("Base rate"),
            "tier": self.env._("Above the threshold"),
            "accelerator": self.env._("Accelerator"),
            "minimum": self.env._("Below the minimum attainment"),
            "cap": self.env._("Over the cap"),
            "rounding": self.env._("Rounding"),
        }
        return "\n".join(
            f"{names[step.kind]}: {money(step.result)}"
            if step.rate is None
            else f"{names[step.kind]}: {money(step.amount)} × {percent(step.rate)}"
            f" = {money(step.result)}"
            for step in steps
        )

    # --- use --------------------------------------------------------------------

    def _get_terms(self, target_amount):
        """Return the plan's terms for somebody with this target.

        :param target_amount: the target of the period, in the company's currency
        :rtype: front_office_quota.commission.Terms
        """
        self.ensure_one()
        rounding = to_decimal(self.currency_id.rounding)
        return Terms(
            target=self._get_target(target_amount),
            base_rate=to_decimal(self.base_rate),
            tiers=tuple(
                Tier(*map(to_decimal, (tier.threshold, tier.rate, tier.accelerator)))
                for tier in self.tier_ids.sorted("threshold")
            ),
            categories={
                row.id: to_decimal(row.rate)
                for row in self.category_ids
                if isinstance(row.id, int)
            },
            cap=round_to(to_decimal(self.cap), rounding),
            minimum=to_decimal(self.minimum_attainment),
            rounding=rounding,
        )

    def _get_target(self, amount):
        """Return a target's amount as the decimal that the terms hold."""
        return round_to(to_decimal(amount), to_decimal(self.currency_id.rounding))

    def _get_frozen_names(self):
        """Return what a statement keeps of the plan besides the numbers."""
        self.ensure_one()
        return {
            "plan": self.name,
            "categories": [
                {
                    "id": row.id,
                    "category_id": row.category_id.id,
                    "name": row.category_id.display_name,
                    "rate": str(to_decimal(row.rate)),
                }
                for row in self.category_ids
            ],
        }

    def copy_data(self, default=None):
        """Name the copy so; its people are chosen anew, as nobody is on two plans."""
        data = super().copy_data(default)
        for plan, values in zip(self, data, strict=True):
            if "name" not in (default or {}):
                values["name"] = self.env._("%s (copy)", plan.name)
        return data
