from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ..credit_sql import BASES, person_credits


class QuotaCredit(models.Model):
    """Everything that counts in a period of a plan, and whom it counts for.

    A row is a person's part of an invoice or payment, or one that has no person. The
    rows of a period sum to its documents whoever has a target, so that no money
    disappears: those that are no person's achievement say why.
    """

    _name = "quota.credit"
    _description = "Credit"
    _auto = False
    _order = "date desc, move_id desc, id"
    _rec_name = "move_id"

    plan_id = fields.Many2one("quota.plan", readonly=True)
    period_id = fields.Many2one("quota.period", readonly=True)
    quarter = fields.Char(readonly=True)
    year = fields.Integer(readonly=True, aggregator=False)
    basis = fields.Selection(
        [
            ("invoiced", "Invoiced"),
            ("collected", "Collected"),
            ("margin", "Margin"),
        ],
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    move_type = fields.Selection(
        [
            ("out_invoice", "Invoice"),
            ("out_refund", "Credit Note"),
            ("out_receipt", "Receipt"),
        ],
        string="Document",
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    date = fields.Date(
        readonly=True, help="The date of the invoice, or of the payment if collected."
    )
    user_id = fields.Many2one("res.users", string="Person", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Untaxed, in the currency of the company."
    )
    counts_for = fields.Selection(
        [
            ("person", "A person"),
            ("team", "A team only"),
            ("nobody", "Nobody"),
        ],
        readonly=True,
        help="Whose target it counts for. What counts for a person counts for the "
        "invoice's team as well.",
    )
    reason = fields.Selection(
        [
            ("no_target", "The person has no target in the period"),
            ("system", "The salesperson is OdooBot"),
            ("no_person", "No salesperson"),
        ],
        string="Why for no Person",
        readonly=True,
    )

    _depends = {
        "account.move": [
            "amount_total_signed",
            "amount_untaxed_signed",
            "commercial_partner_id",
            "company_id",
            "invoice_date",
            "invoice_user_id",
            "move_type",
            "reversed_entry_id",
            "state",
            "team_id",
        ],
        "account.move.line": ["display_type", "move_id", "parent_state", "quota_cost"],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "exchange_move_id",
            "max_date",
        ],
        "quota.credit.split": ["company_id", "move_id", "percent", "user_id"],
        "quota.period": ["company_id", "date_from", "date_to", "plan_id"],
        "quota.plan": ["active", "basis", "company_id", "year"],
        "quota.target": ["period_id", "team_id", "user_id"],
        "res.company": ["currency_id"],
        "res.currency": ["rounding"],
    }

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(self._select(basis) for basis in BASES)

    def _select(self, basis):
        """Return the rows of the plans with one basis.

        An id is a fingerprint of what identifies the row: a number of the row would
        change with each new invoice, and keep conditions from reaching the invoices.

        :param str basis: the basis
        :rtype: SQL
        """
        return SQL(
            """
            SELECT hashtextextended(CONCAT_WS('/', d.period_id, c.move_id, c.partial_id,
                                              SIGN(c.amount), c.split_id), 0)
                   & 4503599627370495 AS id,
                   d.plan_id, d.period_id, d.quarter, d.year,
                   %(basis)s AS basis,
                   c.company_id, w.currency_id, c.move_id, m.move_type,
                   m.commercial_partner_id AS partner_id,
                   c.date, c.user_id, c.team_id, c.amount,
                   CASE WHEN h.id IS NOT NULL THEN 'person'
                        WHEN t.id IS NOT NULL THEN 'team'
                        ELSE 'nobody' END AS counts_for,
                   CASE WHEN h.id IS NOT NULL THEN NULL
                        WHEN c.user_id IS NOT NULL THEN 'no_target'
                        WHEN m.invoice_user_id = %(bot)s THEN 'system'
                        ELSE 'no_person' END AS reason
              FROM (%(credits)s) c
                   JOIN (SELECT p.id AS period_id, p.plan_id, p.company_id, p.quarter,
                                l.year, g::date AS date
                           FROM quota_period p
                                JOIN quota_plan l ON l.id = p.plan_id,
                                generate_series(p.date_from, p.date_to, '1 day') g
                          WHERE l.active AND l.basis = %(basis)s) d
                     ON d.company_id = c.company_id AND d.date = c.date
                   JOIN account_move m ON m.id = c.move_id
                   JOIN res_company w ON w.id = c.company_id
                   LEFT JOIN quota_target h
                          ON h.period_id = d.period_id AND h.user_id = c.user_id
                   LEFT JOIN quota_target t
                          ON t.period_id = d.period_id AND t.team_id = c.team_id
                         AND t.user_id IS NULL
            """,
            basis=basis,
            bot=SUPERUSER_ID,
            credits=person_credits(basis),
        )

    def action_open_move(self):
        """Open the invoice of this row.

        :return: an action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
