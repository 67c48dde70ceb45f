from odoo import api, fields, models
from odoo.tools import SQL

# what decides, on the lines of a posted document, how much it counts
CREDIT_FIELDS = {
    "amount_currency",
    "balance",
    "credit",
    "debit",
    "discount",
    "display_type",
    "move_id",
    "price_unit",
    "quantity",
    "quota_cost",
    "tax_ids",
}


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    # The mixin first: it refuses before the accounting works with the values.
    _inherit = ["quota.calculated.mixin", "account.move.line"]

    quota_cost = fields.Monetary(
        string="Known Cost",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="What the line's quantity cost when the invoice was posted, negative on a "
        "refund; empty where the product has no cost.",
    )

    def write(self, vals):
        if CREDIT_FIELDS & vals.keys():
            posted = self.filtered(lambda line: line.parent_state == "posted")
            if posted:
                self.env["quota.credit.delta"]._watch_moves(posted.move_id.ids)
        return super().write(vals)

    @api.model
    def _get_calculated_names(self):
        """Return the one field that is ours: Odoo guards its own."""
        return {"quota_cost"}

    def _set_quota_cost(self):
        """Remember what the lines' quantities cost at the product's present cost.

        One statement for all lines: they are posted by now, and writing each would
        compute their entry anew.
        """
        self.flush_recordset(["quota_cost"])
        costs = [(line.id, line._get_quota_cost()) for line in self]
        if not costs:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE account_move_line l
                   SET quota_cost = v.cost::numeric
                  FROM (VALUES %s) AS v (id, cost)
                 WHERE l.id = v.id AND l.quota_cost IS DISTINCT FROM v.cost::numeric
             RETURNING l.id
                """,
                SQL(", ").join(SQL("%s", pair) for pair in costs),
            )
        )
        self.invalidate_recordset(["quota_cost"])

    def _get_quota_cost(self):
        """Return the cost of the line as text, negative on a refund; None if unknown.

        :rtype: str | None
        """
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        if self.display_type != "product" or not product.standard_price:
            return None
        quantity = self.quantity
        if self.product_uom_id:
            quantity = self.product_uom_id._compute_quantity(
                quantity, product.uom_id, round=False
            )
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        currency = self.company_currency_id
        cost = currency.round(sign * quantity * product.standard_price)
        return f"{cost:.{currency.decimal_places}f}"
