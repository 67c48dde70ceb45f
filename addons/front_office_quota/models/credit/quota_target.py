import logging

from odoo import api, models
from odoo.tools import SQL

from ...credit_sql import person_credits

_logger = logging.getLogger(__name__)

# what a transaction has to bring up to date before it commits
PENDING = "front_office_quota.target"

HOLDER_FIELDS = {"period_id", "plan_id", "team_id", "user_id"}
AMOUNT_FIELDS = {"amount", "end_date", "full_amount", "presence", "start_date"}

# with what was achieved in the place of %s
ATTAINMENT = "CASE WHEN t.amount > 0 THEN (%s / t.amount)::float8 ELSE 0 END"


class QuotaTarget(models.Model):
    """What has been achieved: from the queue every few minutes, in full every night."""

    _inherit = "quota.target"

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._recompute_before_commit(targets.plan_id)
        return targets

    def write(self, vals):
        holders_change = bool(HOLDER_FIELDS & vals.keys())
        plans = self.plan_id if holders_change else self.env["quota.plan"]
        result = super().write(vals)
        if holders_change or AMOUNT_FIELDS & vals.keys():
            if holders_change:
                plans |= self.plan_id
            self._recompute_before_commit(plans)
        return result

    def _recompute_before_commit(self, plans):
        """Bring the plans, and the attainment of these targets, up to date in time.

        :param plans: plans of which targets may have somebody else's achieved amount
        """
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {"plans": set(), "targets": set()}
            precommit.add(self.browse()._recompute_pending)
        precommit.data[PENDING]["plans"].update(plans.ids)
        precommit.data[PENDING]["targets"].update(self.ids)

    @api.model
    def _recompute_pending(self):
        """Do what :meth:`_recompute_before_commit` was asked for."""
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        # sudo: the figures do not depend on the plans that the user may read
        plans = self.env["quota.plan"].sudo().browse(pending["plans"]).exists()
        if plans:
            self._recompute_achieved(plans)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE quota_target t SET attainment = %(attainment)s
                 WHERE t.id = ANY(%(ids)s) AND t.attainment != %(attainment)s
             RETURNING t.id
                """,
                attainment=SQL(ATTAINMENT, SQL("t.achieved")),
                ids=list(pending["targets"]),
            )
        )
        self._after_refresh([target_id for (target_id,) in rows])

    @api.model
    def _refresh_achieved(self):
        """Fold the queue of changes into the targets.

        :return: the targets whose achieved amount changed
        """
        self.env["quota.credit.delta"]._queue_changes()
        self._recompute_pending()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH change AS (
                    DELETE FROM quota_credit_delta
                 RETURNING company_id, basis, user_id, team_id, date, amount
                ), cell AS (
                    SELECT t.id, c.amount
                      FROM change c
                           JOIN quota_target t
                             ON t.user_id = c.user_id
                            AND t.company_id = c.company_id AND t.basis = c.basis
                            AND c.date BETWEEN t.date_from AND t.date_to
                     UNION ALL
                    SELECT t.id, c.amount
                      FROM change c
                           JOIN quota_target t
                             ON t.team_id = c.team_id AND t.user_id IS NULL
                            AND t.company_id = c.company_id AND t.basis = c.basis
                            AND c.date BETWEEN t.date_from AND t.date_to
                ), total AS (
                    SELECT id, SUM(amount) AS amount FROM cell GROUP BY id
                )
                UPDATE quota_target t
                   SET achieved = COALESCE(t.achieved, 0) + n.amount,
                       attainment = %s
                  FROM total n, quota_plan l
                 WHERE n.id = t.id AND n.amount != 0 AND l.id = t.plan_id AND l.active
             RETURNING t.id
                """,
                SQL(ATTAINMENT, SQL("(COALESCE(t.achieved, 0) + n.amount)")),
            )
        )
        return self._after_refresh([target_id for (target_id,) in rows])

    @api.model
    def _recompute_achieved(self, plans=None):
        """Compute what was achieved from the ledger, one statement a basis.

        :param plans: the plans to compute; None: all active ones, which empties the
            queue as well
        :return: the targets whose achieved amount or attainment was another
        """
        if plans is None:
            self.env["quota.credit.delta"]._queue_changes()
            self.env.cr.precommit.data.pop(PENDING, None)
            self.env.cr.execute("DELETE FROM quota_credit_delta")
        else:
            # what is in the queue is in the ledger as well: it must not be added later
            self._refresh_achieved()
        self.env.flush_all()
        domain = [("active", "=", True)]
        if plans is not None:
            domain.append(("id", "in", plans.ids))
        # sudo: the figures do not depend on the plans that the user may read
        bases = self.env["quota.plan"].sudo()._read_group(domain, ["basis"])
        # Until this transaction ends: compiling takes longer than the statement, and
        # sorting all credits by day longer than looking their days up.
        self.env.cr.execute(
            "SELECT set_config('jit', 'off', true),"
            " set_config('enable_mergejoin', 'off', true)"
        )
        target_ids = []
        for (basis,) in bases:
            rows = self.env.execute_query(self._get_recompute_query(basis, plans))
            target_ids += [target_id for (target_id,) in rows]
        return self._after_refresh(target_ids)

    @api.model
    def _get_recompute_query(self, basis, plans=None):
        """Return the statement that writes all cells of a basis.

        Each credit finds its period by its day: the days of the periods are few, and
        are matched by equality. The planner, which cannot know how few they are, must
        not look into the credits (``OFFSET 0``): it would compute them once a period.

        :param str basis: the basis
        :param plans: the plans whose cells to write; None: all active ones
        :rtype: SQL
        """
        of_plans = SQL("l.active AND l.basis = %s", basis)
        companies = None
        if plans is not None:
            of_plans = SQL("%s AND l.id = ANY(%s)", of_plans, plans.ids)
            companies = plans.company_id.ids
        return SQL(
            """
            WITH day AS MATERIALIZED (
                SELECT p.id AS period_id, p.company_id, d::date AS date
                  FROM quota_period p
                       JOIN quota_plan l ON l.id = p.plan_id,
                       generate_series(p.date_from, p.date_to, '1 day') d
                 WHERE %(of_plans)s
            ), cell AS (
                SELECT d.period_id,
                       GROUPING(c.user_id) = 1 AS of_team,
                       CASE WHEN GROUPING(c.user_id) = 1 THEN c.team_id
                            ELSE c.user_id END AS holder_id,
                       SUM(c.amount) AS amount
                  FROM (%(credits)s OFFSET 0) c
                       JOIN day d ON d.company_id = c.company_id AND d.date = c.date
                 GROUP BY GROUPING SETS (
                       (d.period_id, c.user_id), (d.period_id, c.team_id))
            ), new AS (
                SELECT x.id, COALESCE(c.amount, 0) AS amount
                  FROM quota_target x
                       JOIN quota_plan l ON l.id = x.plan_id
                       LEFT JOIN cell c
                              ON c.period_id = x.period_id
                             AND c.of_team = (x.user_id IS NULL)
                             AND c.holder_id = COALESCE(x.user_id, x.team_id)
                 WHERE %(of_plans)s
            )
            UPDATE quota_target t
               SET achieved = n.amount, attainment = %(attainment)s
              FROM new n
             WHERE n.id = t.id
               AND (t.achieved IS DISTINCT FROM n.amount
                    OR t.attainment IS DISTINCT FROM %(attainment)s)
         RETURNING t.id
            """,
            of_plans=of_plans,
            credits=person_credits(basis, companies),
            attainment=SQL(ATTAINMENT, SQL("n.amount")),
        )

    @api.model
    def _after_refresh(self, target_ids):
        """Hook: what else depends on what was achieved. Call super.

        :param target_ids: ids of the targets that a statement has just changed
        :return: these targets
        """
        targets = self.browse(target_ids)
        targets.invalidate_recordset(["achieved", "attainment"], flush=False)
        return targets

    def action_open_credits(self):
        """Open the invoices and payments that make up what was achieved.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_quota.quota_credit_action"
        )
        holder = self.user_id or self.team_id
        field = "user_id" if self.user_id else "team_id"
        return {
            **action,
            "name": self.env._(
                "%(holder)s: %(period)s",
                holder=holder.display_name,
                period=self.period_id.display_name,
            ),
            "domain": [("period_id", "=", self.period_id.id), (field, "=", holder.id)],
            "context": {},
        }

    @api.model
    def _cron_refresh_achieved(self):
        """Fold the queue; called every few minutes."""
        self._refresh_achieved()
        self._refresh_forecast()

    @api.model
    def _cron_recompute_achieved(self):
        """Compute everything anew; called every night.

        What then differs was changed past the ORM, or by two transactions that could
        not see each other: the log says how many cells.
        """
        self._refresh_achieved()
        changed = self._recompute_achieved()
        if changed:
            _logger.warning(
                "%s sales targets differed from the invoices and payments, and were "
                "corrected: %s",
                len(changed),
                changed.ids,
            )
