from odoo import api, fields, models
from odoo.exceptions import UserError


class ApplicantGetRefuseReason(models.TransientModel):
    _inherit = "applicant.get.refuse.reason"

    office_type = fields.Selection(related="refuse_reason_id.office_type")
    office_skill_ids = fields.Many2many(
        "hr.skill",
        string="Must-haves missing",
        compute="_compute_office_skill_ids",
        store=True,
        readonly=False,
        help="Each applicant is refused for those of these that are missed.",
    )
    office_note = fields.Text(
        string="Note for the log", help="Kept in the log of decisions, for officers."
    )

    @api.depends("refuse_reason_id", "applicant_ids")
    def _compute_office_skill_ids(self):
        for wizard in self:
            skills = wizard.office_skill_ids.browse()
            if wizard.office_type == "must_have":
                missed = wizard.applicant_ids._origin._get_must_haves_missed()
                skills = skills.union(*missed.values())
            wizard.office_skill_ids = skills

    def action_refuse_reason_apply(self):
        """Refuse, and name the must-haves and the note in the log."""
        if self.office_type == "must_have" and not self.office_skill_ids:
            raise UserError(
                self.env._(
                    "Name the must-have skills that are missing, or choose another "
                    "reason."
                )
            )
        wizard = self.with_context(
            office_refuse_skill_ids=self.office_skill_ids.ids,
            office_decision_note=self.office_note,
        )
        return super(ApplicantGetRefuseReason, wizard).action_refuse_reason_apply()
