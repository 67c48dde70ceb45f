from odoo import fields, models
from odoo.tools import SQL

from ..kind.compliance_check import NOTHING


class ComplianceCheck(models.Model):
    """The check that asks all posting standards of a company in one statement."""

    _inherit = "compliance.check"  # pylint: disable=consider-merging-classes-inherited

    method = fields.Selection(
        selection_add=[("posting_rules", "Posting standards")],
        ondelete={"posting_rules": "cascade"},
    )

    def _check_posting_rules(self, company, parameters, scope):
        """Name entries that break a posting standard.

        The key of a finding is the id of the standard and what is wrong, such as
        ``7|partner``.
        """
        rules = self.env["compliance.posting.rule"].search(
            [("company_id", "=", company.id)]
        )
        tz = self.env.context.get("tz") or "UTC"
        branches = [branch for rule in rules for branch in rule._get_branches(tz)]
        return SQL(" UNION ALL ").join(branches) if branches else NOTHING
