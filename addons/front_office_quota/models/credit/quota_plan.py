from odoo import models

CREDIT_FIELDS = {"active", "basis", "company_id"}


class QuotaPlan(models.Model):
    _inherit = "quota.plan"

    def write(self, vals):
        result = super().write(vals)
        if CREDIT_FIELDS & vals.keys():
            self.env["quota.target"]._recompute_before_commit(self)
        return result
