from odoo import models


class HrEmployee(models.Model):
    """Comparing employees who are chosen in their list."""

    _inherit = "hr.employee"  # pylint: disable=consider-merging-classes-inherited

    def action_compare_for_role(self):
        """Compare these employees side by side, for a role.

        :raises UserError: when there are fewer than two or more than five
        """
        return self.env["office.role.comparison"]._open(list(self))
