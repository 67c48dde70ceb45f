from odoo import models


class HrJob(models.Model):
    """Applicants leave the version of a role that their job position no longer has."""

    _inherit = "hr.job"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        result = super().write(vals)
        if "office_role_id" in vals:
            # sudo: which version counts does not depend on who may see an application
            applicants = self.env["hr.applicant"].sudo()
            applicants.with_context(active_test=False).search(
                [("job_id", "in", self.ids), ("office_role_version_id", "!=", False)]
            )._leave_versions_of_other_roles()
        return result
