from odoo import fields, models
from odoo.tools import SQL

# Days of sales that the receivables are compared with.
SALES_DAYS = 90


class ReceivableCustomer(models.Model):
    """How customers pay: a row a customer, a salesperson and a company.

    Of a group, as the customer of several salespeople, the two rates are what the sums
    make, and not the mean of the rates.
    """

    _name = "receivable.customer"
    _description = "How a Customer Pays"
    _auto = False
    _rec_name = "partner_id"
    _order = "open desc, id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    open = fields.Monetary(
        readonly=True, help="Open invoices less open credit notes, due or not."
    )
    sales = fields.Monetary(
        string="Sales of 90 Days",
        readonly=True,
        help="Invoices less credit notes of the last 90 days, taxes included.",
    )
    dso = fields.Float(
        string="Days Sales Outstanding",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Open ÷ sales of 90 days × 90: how many days of sales are owed. Empty "
        "without sales.",
    )
    kept = fields.Integer(string="Promises Kept", readonly=True)
    broken = fields.Integer(string="Promises Broken", readonly=True)
    keeping_rate = fields.Float(
        string="Promise-Keeping Rate",
        readonly=True,
        aggregator="avg",
        help="Promises kept ÷ promises kept or broken.",
    )

    _depends = {
        "account.move": [
            "amount_residual_signed",
            "amount_total_signed",
            "commercial_partner_id",
            "company_id",
            "invoice_date",
            "invoice_user_id",
            "move_type",
            "state",
        ],
        "receivable.promise": ["company_id", "partner_id", "state", "user_id"],
        "res.company": ["currency_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT hashtextextended(CONCAT_WS(
                       '/', part.partner_id, COALESCE(part.user_id, 0), part.company_id
                   ), 0) & 4503599627370495 AS id,
                   part.partner_id,
                   part.user_id,
                   part.company_id,
                   company.currency_id,
                   SUM(part.open) AS open,
                   SUM(part.sales) AS sales,
                   %(dso)s AS dso,
                   SUM(part.kept)::integer AS kept,
                   SUM(part.broken)::integer AS broken,
                   %(rate)s AS keeping_rate
              FROM (%(ledger)s UNION ALL %(promises)s) part
              JOIN res_company company ON company.id = part.company_id
             GROUP BY part.partner_id, part.user_id, part.company_id,
                      company.currency_id
            """,
            dso=_dso(SQL("part.open"), SQL("part.sales")),
            rate=_rate(SQL("part.kept"), SQL("part.broken")),
            ledger=self._select_ledger(),
            promises=self._select_promises(),
        )

    def _select_ledger(self):
        today = self.env["res.company"]._receivable_today(SQL("move.company_id"))
        recent = SQL("move.invoice_date > %s - %s", today, SALES_DAYS)
        return SQL(
            """
            SELECT move.commercial_partner_id AS partner_id,
                   move.invoice_user_id AS user_id,
                   move.company_id,
                   move.amount_residual_signed AS open,
                   CASE WHEN %(recent)s AND move.invoice_date <= %(today)s
                        THEN move.amount_total_signed ELSE 0 END AS sales,
                   0 AS kept,
                   0 AS broken
              FROM account_move move
             WHERE move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                   AND (move.amount_residual_signed <> 0 OR %(recent)s)
            """,
            recent=recent,
            today=today,
        )

    def _select_promises(self):
        return SQL(
            """
            SELECT promise.partner_id, promise.user_id, promise.company_id, 0, 0,
                   (promise.state = 'kept')::integer,
                   (promise.state = 'broken')::integer
              FROM receivable_promise promise
             WHERE promise.state IN ('kept', 'broken')
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Make the rates of a group from its sums: a mean of rates is not its rate."""
        if aggregate_spec not in ("dso:avg", "keeping_rate:avg"):
            return super()._read_group_select(aggregate_spec, query)
        if aggregate_spec == "dso:avg":
            make, names = _dso, ("open", "sales")
        else:
            make, names = _rate, ("kept", "broken")
        return make(*(self._field_to_sql(self._table, name, query) for name in names))

    def action_open_promises(self):
        """Open the promises of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_receivable.receivable_promise_action"
        )
        domain = [("partner_id", "=", self.partner_id.id)]
        return {**action, "domain": domain, "context": {}}


def _dso(owed, sales):
    """Return ``ageing.days_sales_outstanding`` of sums, in SQL."""
    return SQL(
        "(CASE WHEN SUM(%(sales)s) > 0"
        " THEN SUM(%(owed)s) / SUM(%(sales)s) * %(days)s END)::double precision",
        owed=owed,
        sales=sales,
        days=SALES_DAYS,
    )


def _rate(kept, broken):
    """Return ``promise.keeping_rate`` of sums, in SQL."""
    return SQL(
        "(SUM(%(kept)s)::double precision"
        " / NULLIF(SUM(%(kept)s) + SUM(%(broken)s), 0))",
        kept=kept,
        broken=broken,
    )
