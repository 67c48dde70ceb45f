from odoo import models


class OfficeRoleGap(models.Model):
    _inherit = "office.role.gap"

    def action_suggest_programmes(self):
        """Open the wizard that finds programmes for the people of these gaps."""
        return self.env["training.suggest"]._open(self.employee_id)
