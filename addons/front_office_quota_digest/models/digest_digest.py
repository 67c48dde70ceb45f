from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_quota_attainment = fields.Boolean("Attainment of the Month (%)")
    kpi_quota_attainment_value = fields.Float(
        compute="_compute_kpi_quota_attainment_value"
    )
    kpi_quota_achieved = fields.Boolean("Achieved This Month")
    kpi_quota_achieved_value = fields.Monetary(
        compute="_compute_kpi_quota_achieved_value"
    )
    kpi_quota_statements = fields.Boolean("Commission Statements Waiting")
    kpi_quota_statements_value = fields.Integer(
        compute="_compute_kpi_quota_statements_value"
    )

    def _compute_kpi_quota_attainment_value(self):
        for digest, (target, achieved) in self._get_quota_of_month().items():
            digest.kpi_quota_attainment_value = (
                100.0 * achieved / target if target else 0.0
            )

    def _compute_kpi_quota_achieved_value(self):
        for digest, (_target, achieved) in self._get_quota_of_month().items():
            digest.kpi_quota_achieved_value = achieved

    def _compute_kpi_quota_statements_value(self):
        _start, _end, companies = self._get_kpi_compute_parameters()
        today = fields.Date.context_today(self)
        over = Domain("state", "=", "computed") & Domain("date_to", "<", today)
        groups = self.env["quota.statement"]._read_group(
            Domain("company_id", "in", companies.ids)
            & (over | Domain("state", "=", "confirmed")),
            ["company_id"],
            ["__count"],
        )
        counts = dict(groups)
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_quota_statements_value = counts.get(company, 0)

    def _get_quota_of_month(self):
        """Return target and achieved of the month in which the digest's time ends.

        Of each company's plans the one that comes first in the list of plans, if it is
        approved and runs. As on the screen of the month: targets that count for
        coverage, or, for whoever sees none of these, their own. The number of queries
        does not depend on the number of targets.

        :return: dict of digest to its target and achieved, in the company's currency
        :raises AccessError: for whoever has no right to targets; the digest then goes
            on without the figure
        """
        _start, end, companies = self._get_kpi_compute_parameters()
        # a day counts once it is over: on the 1st, it is the month before that is told
        day = (fields.Datetime.to_datetime(end) - timedelta(days=1)).date()
        sums = {}
        plans = self.env["quota.plan"]
        for plan, counted, *values in self.env["quota.target"]._read_group(
            [
                ("company_id", "in", companies.ids),
                ("plan_state", "in", ("approved", "closed")),
                ("plan_id.active", "=", True),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
            ],
            ["plan_id", "counted"],
            ["amount:sum", "achieved:sum"],
        ):
            plans |= plan
            sums[plan, counted] = values
        plans = plans.sorted()
        result = {}
        for digest in self:
            company = digest.company_id or self.env.company
            plan = plans.filtered(lambda plan, its=company: plan.company_id == its)[:1]
            result[digest] = sums.get((plan, True)) or sums.get((plan, False), (0, 0))
        return result

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("front_office_quota.quota_menu_root").id
        month = f"front_office_quota.quota_dashboard_action?menu_id={menu}"
        waiting = "front_office_quota_digest.quota_statement_action_waiting"
        return super()._compute_kpis_actions(company, user) | {
            "kpi_quota_attainment": month,
            "kpi_quota_achieved": month,
            "kpi_quota_statements": f"{waiting}?menu_id={menu}",
        }
