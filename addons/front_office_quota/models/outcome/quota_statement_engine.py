from odoo import api, models


class QuotaStatementEngine(models.AbstractModel):
    _inherit = "quota.statement.engine"

    @api.model
    def _compute_statements(self, periods, users=None):
        """Compute, then find the lines again on which there is a dispute."""
        result = super()._compute_statements(periods, users)
        # sudo: a link of the program's, the same whoever computes
        self.env["quota.dispute"].sudo()._relink_lines(periods)
        return result
