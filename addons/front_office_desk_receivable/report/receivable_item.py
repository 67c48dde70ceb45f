from odoo import api, fields, models

from odoo.addons.front_office_desk.models.desk_request import DONE


class ReceivableItem(models.Model):
    """The request that is running about an open invoice."""

    _inherit = "receivable.item"

    desk_request_label = fields.Char(
        string="Request", compute="_compute_desk_request_label"
    )

    @api.depends("move_id")
    def _compute_desk_request_label(self):
        # sudo: a salesperson may not read requests; number and state say how it is
        requests = self.env["desk.request"].sudo()
        groups = requests._read_group(
            [
                ("disputed_move_ids", "in", self.move_id.ids),
                ("state", "not in", DONE),
            ],
            ["disputed_move_ids"],
            ["id:recordset"],
        )
        running = {move.id: found for move, found in groups}
        for item in self:
            found = running.get(item.move_id.id, requests)
            item.desk_request_label = found._get_short_labels()

    def action_open_request(self):
        """Make a request of the last call about this invoice, or show the running one.

        :raise UserError: where the customer disputes nothing
        """
        self.ensure_one()
        return self.call_id.action_open_request()
