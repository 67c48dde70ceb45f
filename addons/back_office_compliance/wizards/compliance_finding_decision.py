from odoo import fields, models


class ComplianceFindingDecision(models.TransientModel):
    """Asks for the words of a decision on findings, and takes it."""

    _name = "compliance.finding.decision"
    _description = "Decision on findings"

    kind = fields.Selection(
        [
            ("fixed", "Mark as Fixed"),
            ("waiver", "Ask for a Waiver"),
            ("refusal", "Refuse the Waiver"),
        ],
        required=True,
        default="fixed",
        readonly=True,
    )
    finding_ids = fields.Many2many("compliance.finding", required=True)
    note = fields.Text(required=True)
    until = fields.Date(help="The last day on which the findings are waived.")

    def action_confirm(self):
        """Take the decision.

        :raises AccessError: as the methods of the findings do
        :raises UserError: likewise
        """
        self.ensure_one()
        if self.kind == "fixed":
            self.finding_ids._mark_fixed(self.note)
        elif self.kind == "waiver":
            self.finding_ids._ask_waiver(self.note, self.until)
        else:
            self.finding_ids._refuse_waiver(self.note)
        return {"type": "ir.actions.act_window_close"}
