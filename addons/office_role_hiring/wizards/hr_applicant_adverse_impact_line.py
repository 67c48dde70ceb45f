from odoo import api, fields, models


class HrApplicantAdverseImpactLine(models.TransientModel):
    """The selection rate of one group, beside the highest one."""

    _name = "hr.applicant.adverse.impact.line"
    _description = "Group of the Adverse-Impact Report"

    wizard_id = fields.Many2one(
        "hr.applicant.adverse.impact", required=True, ondelete="cascade"
    )
    group_id = fields.Many2one("hr.applicant.group", readonly=True)
    considered = fields.Integer(readonly=True)
    selected = fields.Integer(readonly=True)
    rate = fields.Float(string="Rate (%)", readonly=True, digits=(5, 1))
    ratio = fields.Float(
        help="The rate divided by the highest rate.",
        readonly=True,
        digits=(5, 3),
    )
    outcome = fields.Selection(
        [
            ("highest", "Highest rate"),
            ("met", "At least four fifths"),
            ("below", "Below four fifths"),
            ("none", "Nobody selected"),
            ("hidden", "Too few to show"),
        ],
        readonly=True,
    )
    is_small = fields.Boolean(string="Small numbers", readonly=True)
    note = fields.Text(compute="_compute_note")

    @api.depends("outcome", "is_small")
    def _compute_note(self):
        for line in self:
            line.note = line._get_note()

    def _get_note(self):
        self.ensure_one()
        if self.is_small:
            return self.env._(
                "The numbers are too small to rest on: one more selected, or chance, "
                "explains the difference. Look at a longer period."
            )
        if self.outcome == "below":
            return self.env._(
                "Look at the step of the selection that makes the difference, and at "
                "whether it is needed for the job."
            )
        if self.outcome == "hidden":
            return self.env._(
                "Fewer than the minimum were considered, or selected in all, or the "
                "number could be worked out from the others."
            )
        return False
