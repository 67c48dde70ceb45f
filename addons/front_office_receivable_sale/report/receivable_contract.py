from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.front_office_receivable.models.receivable_call import REASONS


class ReceivableContract(models.Model):
    """From contract to cash: a row an opportunity with confirmed orders.

    An invoice that bills several orders counts for each with the part of its lines. An
    order that was cancelled is not signed; what was invoiced of it before stands here
    as long as it is in the ledger.
    All amounts include taxes and are in the currency of the company.
    """

    _name = "receivable.contract"
    _description = "From Contract to Cash"
    _auto = False
    _rec_name = "lead_id"
    _order = "overdue desc, signed desc, id"

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(string="Signed On", readonly=True, help="The first order.")
    signed = fields.Monetary(readonly=True, help="The confirmed orders.")
    invoiced = fields.Monetary(
        readonly=True, help="Posted invoices less credit notes of these orders."
    )
    to_invoice = fields.Monetary(
        readonly=True, help="What is signed and not invoiced yet."
    )
    paid = fields.Monetary(readonly=True, help="What is not open of them any more.")
    paid_rate = fields.Float(
        string="Paid (%)",
        readonly=True,
        aggregator=None,
        help="Paid ÷ signed, in percent.",
    )
    overdue = fields.Monetary(readonly=True, help="What is late of them.")
    reason = fields.Selection(
        REASONS,
        string="Reason for the Delay",
        readonly=True,
        help="The last one that the customer gave about an invoice that is late.",
    )

    _depends = {
        "account.move": [
            "amount_residual_signed",
            "amount_total",
            "amount_total_signed",
            "move_type",
            "state",
        ],
        "account.move.line": [
            "amount_residual",
            "date",
            "date_maturity",
            "display_type",
            "move_id",
            "parent_state",
            "price_total",
            "reconciled",
        ],
        "crm.lead": ["partner_id", "team_id", "user_id"],
        "receivable.case": ["move_id", "reason"],
        "res.company": ["currency_id"],
        "sale.order": [
            "amount_total",
            "company_id",
            "currency_rate",
            "date_order",
            "opportunity_id",
            "state",
        ],
        "sale.order.line": ["invoice_lines", "order_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT contract.*,
                   GREATEST(contract.signed - contract.invoiced, 0) AS to_invoice,
                   100 * contract.paid / NULLIF(contract.signed, 0) AS paid_rate
              FROM (%s) contract
            """,
            self._select_contracts(),
        )

    def _select_contracts(self):
        return SQL(
            """
            WITH signed AS (%(orders)s),
            billed AS (%(billed)s),
            late AS (%(late)s),
            cash AS (
                SELECT billed.order_id,
                       SUM(billed.share * move.amount_total_signed) AS invoiced,
                       SUM(billed.share * move.amount_residual_signed) AS open,
                       SUM(billed.share * COALESCE(late.amount, 0)) AS overdue,
                       (ARRAY_AGG(known.reason ORDER BY known.write_date DESC, known.id)
                            FILTER (WHERE late.amount > 0
                                          AND known.reason IS NOT NULL))[1] AS reason
                  FROM billed
                  JOIN account_move move ON move.id = billed.move_id
             LEFT JOIN late ON late.move_id = billed.move_id
             LEFT JOIN receivable_case known ON known.move_id = billed.move_id
                 GROUP BY billed.order_id
            )
            SELECT lead.id::bigint * 65536 + signed.company_id AS id,
                   lead.id AS lead_id,
                   lead.partner_id,
                   lead.user_id,
                   lead.team_id,
                   signed.company_id,
                   company.currency_id,
                   MIN(signed.date) AS date,
                   ROUND(SUM(signed.amount), currency.decimal_places) AS signed,
                   ROUND(COALESCE(SUM(cash.invoiced), 0), currency.decimal_places)
                       AS invoiced,
                   ROUND(COALESCE(SUM(cash.invoiced - cash.open), 0),
                         currency.decimal_places) AS paid,
                   ROUND(COALESCE(SUM(cash.overdue), 0), currency.decimal_places)
                       AS overdue,
                   (ARRAY_AGG(cash.reason ORDER BY cash.overdue DESC, signed.id)
                        FILTER (WHERE cash.reason IS NOT NULL))[1] AS reason
              FROM signed
              JOIN crm_lead lead ON lead.id = signed.lead_id
              JOIN res_company company ON company.id = signed.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN cash ON cash.order_id = signed.id
             WHERE signed.state = 'sale' OR cash.invoiced <> 0 OR cash.open <> 0
             GROUP BY lead.id, signed.company_id, company.currency_id,
                      currency.decimal_places
            """,
            orders=self._select_orders(),
            billed=self._select_billed(),
            late=self._select_late(),
        )

    def _select_orders(self):
        return SQL(
            """
            SELECT sale.id, sale.opportunity_id AS lead_id, sale.company_id,
                   sale.date_order::date AS date,
                   sale.state,
                   CASE WHEN sale.state = 'sale' THEN sale.amount_total
                        / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric
                        ELSE 0 END AS amount
              FROM sale_order sale
             WHERE sale.state IN ('sale', 'cancel') AND sale.opportunity_id IS NOT NULL
            """
        )

    def _select_billed(self):
        """Return the part of each invoice that each order has.

        What is rounded on the whole invoice is shared like its lines.
        """
        return SQL(
            """
            SELECT part.order_id, part.move_id,
                   SUM(part.price_total) / COALESCE(NULLIF(MAX(
                       (SELECT SUM(line.price_total) FROM account_move_line line
                         WHERE line.move_id = move.id
                               AND line.display_type = 'product')
                   ), 0), MAX(move.amount_total)) AS share
              FROM (SELECT DISTINCT signed.id AS order_id, line.id, line.move_id,
                           line.price_total
                      FROM signed
                      JOIN sale_order_line item ON item.order_id = signed.id
                      JOIN sale_order_line_invoice_rel rel
                           ON rel.order_line_id = item.id
                      JOIN account_move_line line ON line.id = rel.invoice_line_id
                           AND line.parent_state = 'posted') part
              JOIN account_move move ON move.id = part.move_id
                   AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                   AND move.amount_total <> 0
             GROUP BY part.order_id, part.move_id
            """
        )

    def _select_late(self):
        """Return what is late of each invoice."""
        today = self.env["res.company"]._receivable_today(SQL("line.company_id"))
        return SQL(
            """
            SELECT line.move_id, SUM(line.amount_residual) AS amount
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE line.move_id IN (SELECT move_id FROM billed)
                   AND move.move_type <> 'out_refund'
                   AND line.display_type = 'payment_term'
                   AND line.reconciled IS NOT TRUE
                   AND COALESCE(line.date_maturity, line.date) < %s
             GROUP BY line.move_id
            """,
            today,
        )

    def action_open_lead(self):
        """Open the opportunity."""
        self.ensure_one()
        return self.lead_id.get_formview_action()
