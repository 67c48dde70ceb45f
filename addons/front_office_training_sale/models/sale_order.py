from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    is_repeat_order = fields.Boolean(
        string="Of a Repeat Customer",
        compute="_compute_is_repeat_order",
        search="_search_is_repeat_order",
        help="The customer, or another contact of the same company, had confirmed an "
        "earlier order with the same company of ours.",
    )

    @api.depends("state", "partner_id.commercial_partner_id", "date_order")
    def _compute_is_repeat_order(self):
        domain = Domain("id", "in", self._origin.ids)
        repeats = self.with_context(active_test=False).search(
            domain & Domain("is_repeat_order", "=", True)
        )
        for order in self:
            order.is_repeat_order = order._origin in repeats

    @api.model
    def _search_is_repeat_order(self, operator, value):
        """Return the domain of the orders that follow another one of the customer.

        The earlier order may be one that the user cannot open: whether a customer is
        new is a fact about the customer, and says nothing of that order.
        """
        if operator != "in":
            return NotImplemented
        repeats = Domain("id", "in", self._get_repeat_orders_sql())
        result = Domain.FALSE
        if True in value:
            result |= repeats
        if False in value:
            result |= ~repeats
        return result

    @api.model
    def _get_repeat_orders_sql(self):
        """Return the query of all confirmed orders but the first of each customer."""
        Partner = self.env["res.partner"]
        columns = {
            f"{alias}_{key}": self._field_to_sql(alias, name)
            for alias in ("earlier", "later")
            for key, name in (
                ("partner", "partner_id"),
                ("state", "state"),
                ("company", "company_id"),
                ("date", "date_order"),
            )
        } | {
            f"{alias}_customer": Partner._field_to_sql(
                f"{alias}_partner", "commercial_partner_id"
            )
            for alias in ("earlier", "later")
        }
        return SQL(
            """(
            SELECT later.id
              FROM sale_order later
              JOIN res_partner later_partner ON later_partner.id = %(later_partner)s
             WHERE %(later_state)s = 'sale'
               AND EXISTS (
                   SELECT
                     FROM sale_order earlier
                     JOIN res_partner earlier_partner
                       ON earlier_partner.id = %(earlier_partner)s
                    WHERE %(earlier_customer)s = %(later_customer)s
                      AND %(earlier_company)s = %(later_company)s
                      AND %(earlier_state)s = 'sale'
                      AND (%(earlier_date)s, earlier.id) < (%(later_date)s, later.id)
               )
            )""",
            **columns,
        )
