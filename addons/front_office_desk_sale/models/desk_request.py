from odoo import api, fields, models


class DeskRequest(models.Model):
    _inherit = "desk.request"

    line_ordered = fields.Float(
        string="Ordered quantity",
        compute="_compute_line_ordered",
        compute_sudo=True,
        groups="base.group_user",
    )
    line_delivered = fields.Float(
        string="Delivered quantity",
        compute="_compute_line_ordered",
        compute_sudo=True,
        groups="base.group_user",
        help="Of the order lines that the invoice line is for.",
    )
    line_orders = fields.Char(
        string="Orders",
        compute="_compute_line_ordered",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends(
        "invoice_line_id.sale_line_ids.product_uom_qty",
        "invoice_line_id.sale_line_ids.qty_delivered",
    )
    def _compute_line_ordered(self):
        for request in self:
            lines = request.invoice_line_id.sale_line_ids
            request.line_ordered = sum(lines.mapped("product_uom_qty"))
            request.line_delivered = sum(lines.mapped("qty_delivered"))
            request.line_orders = ", ".join(lines.order_id.mapped("name"))
