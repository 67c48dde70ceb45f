from odoo import fields, models


class HrRecruitmentStage(models.Model):
    """Background checks: the stage that waits for them."""

    _inherit = "hr.recruitment.stage"

    requires_background_checks = fields.Boolean(
        string="Needs complete background checks",
        help="An applicant moves on to this stage or a later one, and is hired, only "
        "when all background checks of the role of the job are complete.",
    )

    def _is_after(self, stage):
        """Return whether this stage comes after the other one, or there is no other."""
        self.ensure_one()
        return not stage or (self.sequence, self.id) > (stage.sequence, stage.id)
