from odoo import models


class QuotaStatementEngine(models.AbstractModel):
    _inherit = "quota.statement.engine"

    def _sweep(self, periods, users):
        """Find the lines again on which there is a dispute; then delete what is empty.

        Every calculation makes the adjustments of all open statements anew, whatever
        its periods are, and may put them on other ones.
        """
        self.env.invalidate_all(flush=False)
        # sudo: a link of the program's, the same whoever computes
        self.env["quota.dispute"].sudo()._relink_lines(periods.company_id, users)
        self.env.flush_all()
        return super()._sweep(periods, users)
