from odoo import fields, models
from odoo.tools import SQL


class DeskCauseReport(models.Model):
    """The causes of complaints, the most frequent first, with what they add up to.

    The shares are those of a company and the last twelve months.
    """

    _name = "desk.cause.report"
    _description = "Pareto of causes"
    _auto = False
    _order = "company_id, place"
    _rec_name = "cause_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cause_id = fields.Many2one("desk.cause", readonly=True)
    place = fields.Integer(readonly=True)
    complaints = fields.Integer(readonly=True)
    cost = fields.Monetary(string="Refunded", readonly=True)
    share = fields.Float(readonly=True, aggregator=False)
    running_share = fields.Float(
        string="Together with those above", readonly=True, aggregator=False
    )

    _depends = {
        "desk.request": [
            "active",
            "cause_id",
            "company_id",
            "cost",
            "create_date",
            "kind",
            "state",
        ],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            WITH counted AS (
                SELECT min(id) AS id, company_id, cause_id,
                       count(*) AS complaints, sum(coalesce(cost, 0)) AS cost
                  FROM desk_request
                 WHERE kind = 'complaint' AND state != 'merged'
                   AND cause_id IS NOT NULL
                   AND create_date >= (now() AT TIME ZONE 'UTC') - interval '1 year'
                 GROUP BY company_id, cause_id
            )
            SELECT *,
                   row_number() OVER ranked AS place,
                   complaints / sum(complaints) OVER (PARTITION BY company_id)
                       AS share,
                   sum(complaints) OVER ranked
                       / sum(complaints) OVER (PARTITION BY company_id)
                       AS running_share
              FROM counted
            WINDOW ranked AS (
                PARTITION BY company_id
                ORDER BY complaints DESC, cost DESC, cause_id
                ROWS UNBOUNDED PRECEDING)
            """
        )
