from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.front_office_quota.commission import commission, round_to
from odoo.addons.front_office_quota.models.quota_commission_plan import to_decimal

from ..what_if import RATES, forecast_at

PIPELINE = {"pipeline", "opportunity_count", "overdue_opportunity_count"}
# Open: neither won nor lost. What is won becomes an invoice, and is achieved then.
OPEN = (
    Domain("type", "=", "opportunity")
    & Domain("active", "=", True)
    & Domain("won_status", "=", "pending")
)


class QuotaTarget(models.Model):
    _inherit = "quota.target"

    forecast = fields.Monetary(
        help="What the period ends with: of a past one what was achieved, of another "
        "one what was achieved so far and what the open opportunities that close in "
        "it are worth."
    )
    pipeline = fields.Monetary(
        string="Open Opportunities",
        readonly=True,
        copy=False,
        default=0,
        help="Expected revenue × probability of the opportunities that are neither "
        "won nor lost and are expected to close in the period, from today on.",
    )
    opportunity_count = fields.Integer(
        string="Number of Open Opportunities", readonly=True, copy=False, default=0
    )
    overdue_opportunity_count = fields.Integer(
        string="Opportunities with a Closing Date in the Past",
        readonly=True,
        copy=False,
        default=0,
        help="They are open, but were expected to close before today, and are not in "
        "the forecast.",
    )
    pipeline_counted = fields.Monetary(
        string="Of It in the Forecast",
        compute="_compute_pipeline_counted",
        help="The open opportunities as they count for the target: where the margin "
        "counts, times the plan's gross margin.",
    )

    @api.depends("pipeline", "basis", "plan_id.margin", "currency_id")
    def _compute_pipeline_counted(self):
        for target in self:
            currency = target.currency_id or self.env.company.currency_id
            target.pipeline_counted = currency.round(
                target.pipeline * target._get_pipeline_factor()
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(PIPELINE & vals.keys() for vals in vals_list):
            self._refuse_pipeline()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and PIPELINE & vals.keys():
            self._refuse_pipeline()
        return super().write(vals)

    def _refuse_pipeline(self):
        raise UserError(
            self.env._(
                "What the opportunities add to a target is calculated from the "
                "pipeline. Leave these fields out, and change the opportunities."
            )
        )

    # --- the forecast -----------------------------------------------------------

    def _get_pipeline_factor(self):
        """Return what of an opportunity's revenue counts for the target.

        :return: the plan's gross margin where the margin counts, else 1
        """
        self.ensure_one()
        # sudo: whoever reads the target reads its forecast, and so the factor in it
        plan = self.sudo().plan_id
        return plan.margin if plan.basis == "margin" else 1.0

    def _forecast_amounts(self, today):
        """Return what was achieved and what the open opportunities add.

        Brings the pipeline of the targets up to date, in one statement.
        """
        self._update_pipeline(today)
        return {target: target.achieved + target.pipeline_counted for target in self}

    @api.model
    def _refresh_forecast(self, today=None):
        """Let past periods be without pipeline, and the others have today's."""
        today = today or fields.Date.context_today(self)
        self.flush_model()
        self.env.cr.execute(
            """
            UPDATE quota_target
               SET pipeline = 0, opportunity_count = 0, overdue_opportunity_count = 0
             WHERE date_to < %s
               AND (pipeline != 0 OR opportunity_count > 0
                    OR overdue_opportunity_count > 0)
            """,
            [today],
        )
        self.invalidate_model(list(PIPELINE))
        return super()._refresh_forecast(today)

    def _update_pipeline(self, today):
        """Write what the open opportunities of each target are worth; one statement.

        A person's target takes the opportunities of the person, a team's those of the
        team, both of the target's company, in whose currency they are. One without a
        company belongs to the main company of its salesperson.

        :param today: what was expected to close before it counts as overdue
        """
        self.env["crm.lead"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH open AS (
                    SELECT lead.user_id, lead.team_id, lead.date_deadline,
                           COALESCE(lead.prorated_revenue, 0) AS amount,
                           COALESCE(lead.company_id, person.company_id) AS company_id
                      FROM crm_lead lead
                           LEFT JOIN res_users person ON person.id = lead.user_id
                     WHERE lead.active AND lead.type = 'opportunity'
                       AND lead.won_status = 'pending'
                ), found AS (
                    %(of_people)s UNION ALL %(of_teams)s
                ), total AS (
                    SELECT t.id,
                           COALESCE(SUM(f.amount) FILTER (WHERE f.counts), 0)
                               AS pipeline,
                           COUNT(*) FILTER (WHERE f.counts) AS number,
                           COUNT(*) FILTER (WHERE NOT f.counts) AS overdue
                      FROM quota_target t LEFT JOIN found f ON f.id = t.id
                     WHERE t.id = ANY(%(ids)s)
                     GROUP BY t.id
                )
                UPDATE quota_target t
                   SET pipeline = n.pipeline, opportunity_count = n.number,
                       overdue_opportunity_count = n.overdue
                  FROM total n
                 WHERE n.id = t.id
                   AND (t.pipeline, t.opportunity_count, t.overdue_opportunity_count)
                       IS DISTINCT FROM (n.pipeline, n.number, n.overdue)
                """,
                of_people=self._get_found_query(SQL("o.user_id = t.user_id"), today),
                of_teams=self._get_found_query(
                    SQL("t.user_id IS NULL AND o.team_id = t.team_id"), today
                ),
                ids=self.ids,
            )
        )
        self.invalidate_recordset([*PIPELINE, "pipeline_counted"])

    def _get_found_query(self, holder, today):
        """Return the open opportunities of targets that did not end before today.

        :param SQL holder: the condition that joins opportunities to their targets
        :param today: the day from which on they count
        :rtype: SQL
        """
        return SQL(
            """
            SELECT t.id, o.amount, o.date_deadline >= %(today)s AS counts
              FROM quota_target t
                   JOIN open o ON %(holder)s AND o.company_id = t.company_id
             WHERE t.id = ANY(%(ids)s) AND t.date_to >= %(today)s
               AND o.date_deadline <= t.date_to
               AND (o.date_deadline >= GREATEST(t.date_from, %(today)s)
                    OR (t.date_from <= %(today)s AND o.date_deadline < %(today)s))
            """,
            holder=holder,
            ids=self.ids,
            today=today,
        )

    # --- from a target to its opportunities ---------------------------------------

    def _get_opportunity_domain(self, today, overdue=False):
        """Return the opportunities that :meth:`_update_pipeline` adds up.

        :param today: what was expected to close before it counts as overdue
        :param overdue: those that were expected to close before today instead
        :return: Domain on ``crm.lead``
        """
        self.ensure_one()
        company = self.company_id.id
        holder = (
            Domain("user_id", "=", self.user_id.id)
            if self.user_id
            else Domain("team_id", "=", self.team_id.id)
        )
        of_company = Domain("company_id", "=", company) | (
            Domain("company_id", "=", False)
            & Domain("user_id.company_id", "=", company)
        )
        return OPEN & holder & of_company & self._get_closing_domain(today, overdue)

    def _get_closing_domain(self, today, overdue):
        if self.date_to < today or (overdue and self.date_from > today):
            return Domain.FALSE
        if overdue:
            return Domain("date_deadline", "<", today)
        return Domain("date_deadline", ">=", max(self.date_from, today)) & Domain(
            "date_deadline", "<=", self.date_to
        )

    def action_open_opportunities(self):
        """Open the opportunities that the forecast of the target counts."""
        return self._action_opportunities(
            self.env._("Opportunities of %s", self.display_name)
        )

    def action_open_overdue_opportunities(self):
        """Open the opportunities that need a new expected closing date."""
        return self._action_opportunities(
            self.env._("%s: closing date in the past", self.display_name), overdue=True
        )

    def _action_opportunities(self, name, overdue=False):
        """Return the list of a target's opportunities, the figures brought up to date.

        :param name: the title of the list
        :param overdue: those with a closing date in the past
        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        today = fields.Date.context_today(self)
        # sudo: figures that nobody types; so that they are what the list adds up to
        target = self.sudo()
        if target.date_to >= today:
            amount = target._forecast_amounts(today)[target]
            target.forecast = target.currency_id.round(amount)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.lead",
            "views": [
                (self.env.ref("front_office_quota_crm.crm_lead_view_list").id, "list"),
                (False, "form"),
            ],
            "domain": list(self._get_opportunity_domain(today, overdue)),
            "context": {"default_type": "opportunity", "create": False},
            "help": self.env._(
                "<p class='o_view_nocontent_smiling_face'>No opportunities here</p>"
                "<p>What counts is open, has this salesperson or team, and is expected "
                "to close in the period. Enter the expected closing date on the "
                "opportunities.</p>"
            ),
        }

    # --- what if --------------------------------------------------------------------

    def _get_dashboard_holders(self, period):
        """Add to each holder whether there is still something to try."""
        holders = super()._get_dashboard_holders(period)
        today = fields.Date.context_today(self)
        is_over = not period.date_to or period.date_to < today
        return [{**holder, "what_if": not is_over} for holder in holders]

    @api.readonly
    def get_what_if(self):
        """Return what the period ends with at other win rates.

        Nothing is saved. Opportunities come as their sum, not one by one: the reader
        of a target may not read each of them.

        :return: dict of the target, what was achieved, the currency, whether the
            period is over, the number of open opportunities, the commission plan's
            name (False: none), whether product categories have rates in it, and the
            steps of the slider: dicts of the win rate in percent, the forecast and the
            commission (None: of a team, or without a commission plan); no steps for a
            period that is over
        :raises AccessError: for somebody who may not read the target
        """
        self.ensure_one()
        self.check_access("read")
        today = fields.Date.context_today(self)
        result = {
            "target": self.amount,
            "achieved": self.achieved,
            "currency_id": self.currency_id.id,
            "is_over": not self.date_to or self.date_to < today,
            "count": 0,
            "commission_plan": False,
            "has_categories": False,
            "steps": [],
        }
        if result["is_over"]:
            return result
        opportunities, forecast, result["count"] = self._get_what_if_sums(today)
        plan, terms = self._get_commission_terms()
        credited = self._get_credited_by_rate(terms)
        factor = self._get_pipeline_factor()
        for rate in RATES:
            amount = self.currency_id.round(
                forecast_at(forecast, opportunities, factor, rate)
            )
            pays = self._get_commission_at(terms, credited, amount)
            result["steps"].append(
                {"rate": rate, "forecast": amount, "commission": pays}
            )
        return {
            **result,
            "commission_plan": plan.name,
            "has_categories": bool(terms and terms.categories),
        }

    def _get_what_if_sums(self, today):
        """Return what the forecast is made of.

        :param today: what was expected to close before it does not count
        :return: [(probability in percent, expected revenue)], the forecast with the
            probabilities as they are, and the number of opportunities
        """
        # sudo: sums a probability of what the target's own figures are made of
        groups = (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                self._get_opportunity_domain(today),
                ["probability"],
                ["expected_revenue:sum", "prorated_revenue:sum", "__count"],
            )
        )
        pipeline = sum(prorated for _p, _e, prorated, _c in groups)
        counted = self.currency_id.round(pipeline * self._get_pipeline_factor())
        return (
            [(probability, expected) for probability, expected, _p, _c in groups],
            self.currency_id.round(self.achieved + counted),
            sum(count for *_values, count in groups),
        )

    def _get_commission_terms(self):
        """Return the commission plan by which the person earns, and its terms.

        :return: ``quota.commission.plan`` (empty: none) and
            ``front_office_quota.commission.Terms`` or None
        """
        # sudo: whoever reads a target reads the statement of the same person and
        # period, which has these terms; the calculation of statements chooses them
        engine = self.env["quota.statement.engine"].sudo()
        rows = []
        if self.user_id:
            # sudo: as above; the month of a target that was read
            rows = engine._get_expected(self.sudo().period_id, self.user_id)
        for row in rows:
            if row["target"] == self:
                return row["plan"], row["terms"]
        return engine.env["quota.commission.plan"], None

    def _get_credited_by_rate(self, terms):
        """Return what was credited so far at the rates of product categories.

        :param terms: the terms of :meth:`_get_commission_terms`
        :return: dict of the rate's id to its amount, without the base rate
        """
        if not terms or not terms.categories:
            return {}
        # sudo: as above, lines of the statement of the same person and period
        lines = self.env["quota.statement.line"].sudo()
        return {
            rate.id: to_decimal(amount)
            for rate, amount in lines._read_group(
                [
                    ("statement_id.target_id", "=", self.id),
                    ("origin_statement_id", "=", False),
                    ("rate_id", "in", list(terms.categories)),
                ],
                ["rate_id"],
                ["amount:sum"],
            )
        }

    def _get_commission_at(self, terms, credited, amount):
        """Return the commission of a period that ends with an amount.

        What is still to come counts at the base rate: nobody knows its products.

        :param terms: the terms, or None
        :param credited: what was credited at other rates than the base rate
        :param amount: what the period ends with
        :return: an amount, None without terms
        """
        if not terms:
            return None
        whole = round_to(to_decimal(amount), terms.rounding)
        rest = whole - sum(credited.values(), Decimal(0))
        return float(commission(terms, {**credited, None: rest}))
