from odoo import models


class AccountMove(models.Model):
    """Nobody calls about an invoice that has been paid."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # sudo: whoever registers the payment may not be who called
        calls = (
            self.env["receivable.call"].sudo().search([("move_ids", "in", self.ids)])
        )
        if calls:
            calls._close_paid()
        return result
