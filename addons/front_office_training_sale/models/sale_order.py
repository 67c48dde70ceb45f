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
        order, partner = "repeat_order", "repeat_partner"
        return SQL(
            """(
            SELECT numbered.id
              FROM (
                  SELECT %(order)s.id,
                         ROW_NUMBER() OVER (
                             PARTITION BY %(company)s, %(customer)s
                             ORDER BY %(date)s, %(order)s.id
                         ) AS place
                    FROM sale_order AS %(order)s
                    JOIN res_partner AS %(partner)s ON %(partner)s.id = %(partner_id)s
                   WHERE %(state)s = 'sale'
              ) AS numbered
             WHERE numbered.place > 1
            )""",
            order=SQL.identifier(order),
            partner=SQL.identifier(partner),
            partner_id=self._field_to_sql(order, "partner_id"),
            company=self._field_to_sql(order, "company_id"),
            date=self._field_to_sql(order, "date_order"),
            state=self._field_to_sql(order, "state"),
            customer=self.env["res.partner"]._field_to_sql(
                partner, "commercial_partner_id"
            ),
        )
