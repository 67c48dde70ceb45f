from odoo import models

CREDIT_FIELDS = {"date_from", "date_to", "plan_id"}


class QuotaPeriod(models.Model):
    _inherit = "quota.period"

    def write(self, vals):
        result = super().write(vals)
        if CREDIT_FIELDS & vals.keys():
            self.env["quota.target"]._recompute_before_commit(self.plan_id)
        return result
