from odoo import fields, models


class ComplianceDueRule(models.Model):
    """Deadlines in hours, and how long a posting stays up."""

    _inherit = "compliance.due.rule"  # pylint: disable=consider-merging-classes-inherited

    def _get_posted_until(self, due):
        """Return the last day on which a posting stays up, False if none is said.

        :param due: the day on which it goes up
        """
        if not self.posted_months or not due:
            return False
        return fields.Date.add(due, months=self.posted_months, days=-1)
