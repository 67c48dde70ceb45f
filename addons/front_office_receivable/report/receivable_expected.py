from odoo import fields, models
from odoo.tools import SQL

from ..promise_sql import facts

# Cash is the salesperson's, whoever called; where the invoices of an agreement have
# several, it is the caller's.
OWNER = SQL(
    "CASE WHEN owner.agreement_id IS NULL THEN call.user_id ELSE owner.user_id END"
)


class ReceivableExpected(models.Model):
    """When money is expected, week by week. The rows sum to all that is open.

    What is promised comes when it was promised; what is due comes when it is due; what
    was paid and waits for the bank comes today. Of
    what is late, disputed, or more than was promised, nobody knows when it comes: it
    has no date.
    """

    _name = "receivable.expected"
    _description = "Expected Cash"
    _auto = False
    _rec_name = "partner_id"
    _order = "date, amount desc, id"

    date = fields.Date(string="Expected On", readonly=True)
    source = fields.Selection(
        [
            ("promise", "Promised"),
            ("registered", "Payment registered"),
            ("due", "Not due yet"),
            ("late", "Late, without a promise"),
            ("disputed", "Disputed"),
            ("credit", "Credit note"),
        ],
        string="From",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    call_id = fields.Many2one("receivable.call", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    amount = fields.Monetary(readonly=True)

    _depends = {
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "exchange_move_id",
            "max_date",
        ],
        "receivable.call": [
            "company_id",
            "move_ids",
            "paid_before",
            "partner_id",
            "user_id",
        ],
        # and all that the open invoices depend on
        "receivable.item": [],
        "receivable.promise": ["deadline", "partner_id", "user_id"],
        "res.company": ["currency_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            WITH promised AS (%(promised)s),
            covered AS (
                SELECT rel.call_id, rel.move_id
                  FROM receivable_call_move_rel rel
                  JOIN receivable_case known ON known.move_id = rel.move_id
                       AND known.promise_call_id = rel.call_id
                 WHERE rel.call_id IN (SELECT call_id FROM promised)
            ), item AS (
                SELECT open.*, covered.call_id AS agreement_id
                  FROM (%(items)s) open
             LEFT JOIN covered ON covered.move_id = open.move_id
            ), owner AS (
                SELECT agreement_id, MIN(user_id) AS user_id
                  FROM item WHERE agreement_id IS NOT NULL
                 GROUP BY agreement_id
                HAVING COUNT(DISTINCT COALESCE(user_id, 0)) = 1
            )
            SELECT part.*, company.currency_id
              FROM (%(promises)s UNION ALL %(rest)s UNION ALL %(others)s) part
              JOIN res_company company ON company.id = part.company_id
             WHERE part.amount <> 0
            """,
            promised=self._select_promised(),
            items=self.env["receivable.item"]._select_items(),
            promises=SQL(
                """
                SELECT id::bigint * 4 AS id, date, 'promise' AS source, company_id,
                       partner_id, %s AS user_id, call_id, NULL::integer AS move_id,
                       amount
                  FROM promised call
             LEFT JOIN owner ON owner.agreement_id = call.call_id
                """,
                OWNER,
            ),
            rest=self._select_rest(),
            others=self._select_others(),
        )

    def action_open_source(self):
        """Open the invoice, or the call in which the money was promised."""
        self.ensure_one()
        if self.call_id:
            return self.call_id.get_formview_action()
        item = self.env["receivable.item"].search(
            [("move_id", "=", self.move_id.id)], limit=1
        )
        return item.action_open_move()

    def _select_promised(self):
        """Return the open promises with what has still to come of each."""
        today = self.env["res.company"]._receivable_today(SQL("promise.company_id"))
        return SQL(
            """
            SELECT promise.id, promise.call_id, promise.company_id,
                   promise.partner_id, promise.user_id,
                   GREATEST(promise.date, fact.today) AS date,
                   GREATEST(fact.target
                            - GREATEST(fact.paid, fact.upto - fact.amount), 0) AS amount
              FROM (%s) fact
              JOIN receivable_promise promise ON promise.id = fact.id
            """,
            facts(SQL("promise.state = 'open'"), today),
        )

    def _select_rest(self):
        """Return what is open of invoices with an agreement, and was not promised."""
        return SQL(
            """
            SELECT call.id::bigint * 4 + 1, NULL::date, 'late', call.company_id,
                   call.partner_id, %s, call.id, NULL::integer,
                   COALESCE((SELECT SUM(item.amount) FROM item
                              WHERE item.agreement_id = call.id), 0)
                   - (SELECT SUM(promised.amount) FROM promised
                       WHERE promised.call_id = call.id)
              FROM receivable_call call
         LEFT JOIN owner ON owner.agreement_id = call.id
             WHERE call.id IN (SELECT call_id FROM promised)
            """,
            OWNER,
        )

    def _select_others(self):
        """Return the open invoices and credit notes without an agreement."""
        return SQL(
            """
            SELECT item.id::bigint * 4 + 2,
                   CASE WHEN item.registered THEN %(today)s
                        WHEN NOT item.paused AND item.amount > 0
                             AND item.date_due >= %(today)s THEN item.date_due END,
                   CASE WHEN item.amount < 0 THEN 'credit'
                        WHEN item.registered THEN 'registered'
                        WHEN item.paused THEN 'disputed'
                        WHEN item.date_due >= %(today)s THEN 'due'
                        ELSE 'late' END,
                   item.company_id, item.partner_id, item.user_id, NULL::integer,
                   item.move_id, item.amount
              FROM item WHERE item.agreement_id IS NULL
            """,
            today=self.env["res.company"]._receivable_today(SQL("item.company_id")),
        )
