from odoo import models


class OfficeRoleMatch(models.Model):
    """Comparing people who are chosen in the ranking."""

    _inherit = "office.role.match"  # pylint: disable=consider-merging-classes-inherited

    def action_compare(self):
        """Compare the people of these matches, for the role if they are of one.

        :raises UserError: when there are fewer than two or more than five people
        """
        people = dict.fromkeys(
            match.applicant_id or match.employee_id for match in self
        )
        role = self.role_id if len(self.role_id) == 1 else None
        return self.env["office.role.comparison"]._open(list(people), role)
