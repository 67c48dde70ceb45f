from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class HrApplicantIdentify(models.TransientModel):
    """An HR manager enters what an applicant said on paper. Nothing is shown."""

    _name = "hr.applicant.identify"
    _description = "Enter a Voluntary Answer"

    applicant_id = fields.Many2one("hr.applicant", required=True)
    company_id = fields.Many2one(related="applicant_id.company_id")
    dimension_id = fields.Many2one(
        "hr.applicant.group.dimension",
        string="Question",
        required=True,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    group_id = fields.Many2one(
        "hr.applicant.group",
        string="Answer",
        domain="[('dimension_id', '=', dimension_id)]",
        help="Empty takes an earlier answer back.",
    )
    link = fields.Char(
        string="Link for the applicant",
        compute="_compute_link",
        help="The applicant answers there without anybody's help.",
    )

    @api.depends("applicant_id")
    def _compute_link(self):
        for wizard in self:
            wizard.link = wizard.applicant_id._get_identification_url()

    def action_record(self):
        """Keep the answer, and forget that it was entered here.

        :raises UserError: when the answer belongs to another question
        """
        self.ensure_one()
        if not self.env.user.has_group("office_role_hiring.group_hiring_fairness"):
            raise AccessError(
                self.env._("Only an HR manager who may use groups enters answers.")
            )
        self.applicant_id.check_access("write")
        if self.group_id and self.group_id.dimension_id != self.dimension_id:
            raise UserError(
                self.env._(
                    "“%(answer)s” is no answer to “%(question)s”. Choose one of its "
                    "answers.",
                    answer=self.group_id.name,
                    question=self.dimension_id.name,
                )
            )
        self.env["hr.applicant.self.identification"]._record(
            self.applicant_id, {self.dimension_id: self.group_id}
        )
        # sudo: what was typed must not stay readable until the nightly cleaning
        self.sudo().unlink()
        return {"type": "ir.actions.act_window_close"}
