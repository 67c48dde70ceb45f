from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.front_office_desk.models.desk_request import DONE


class AccountMove(models.Model):
    """The requests in which invoices are disputed."""

    _inherit = "account.move"

    desk_request_ids = fields.Many2many(
        "desk.request",
        "desk_request_disputed_move_rel",
        "move_id",
        "request_id",
        string="Requests",
        readonly=True,
        copy=False,
        groups="front_office_desk.group_desk_user",
        help="In which the customer disputes this invoice.",
    )

    def _get_receivable_disputes(self):
        """Add those about which a request is running."""
        running = Domain(
            "desk_request_ids",
            "any",
            [("active", "=", True), ("state", "not in", DONE)],
        )
        # sudo: whoever goes on with an invoice may not read requests; only whether
        # there is one counts
        moves = self.sudo().search(Domain("id", "in", self.ids) & running)
        return super()._get_receivable_disputes() | self.browse(moves.ids)

    def _get_running_requests(self):
        """Return the requests about these invoices that nobody has closed yet.

        :return: as superuser; those that only ask about a line of them are among them
        """
        about = Domain("disputed_move_ids", "in", self.ids)
        about |= Domain("invoice_line_id.move_id", "in", self.ids)
        # sudo: a salesperson may not read requests, and must not open a second one
        requests = self.env["desk.request"].sudo()
        return requests.search(about & Domain("state", "not in", DONE))

    def _call_again(self):
        """Set the next call about these invoices to the next days.

        An earlier one stays; an open promise still comes first.

        :return: dict from the invoices on which something is owed to that day
        """
        # cases are written by nobody; sudo, for the invoices of self only
        cases = (
            self.env["receivable.case"]
            .sudo()
            .search([("move_id", "in", self.ids)])
            .filtered(
                lambda case: case.move_id.payment_state in ("not_paid", "partial")
            )
        )
        days = {}
        recall = cases.company_id._get_receivable_recall_days()
        for case in cases:
            day = recall[case.company_id.id]
            case.next_call_date = min(case.next_call_date or day, day)
            days[case.move_id] = day
        return days
