from odoo import api, fields, models


class DeskImprovementCheck(models.TransientModel):
    _name = "desk.improvement.check"
    _description = "Check the effect of an improvement"

    improvement_id = fields.Many2one(
        "desk.improvement", required=True, readonly=True, ondelete="cascade"
    )
    note = fields.Text(string="What was seen", required=True)

    @api.constrains("improvement_id")
    def _check_improvement_id(self):
        self.improvement_id.check_access("read")

    def action_effective(self):
        """Say that it helped."""
        return self.improvement_id.action_effective(self.note)

    def action_ineffective(self):
        """Say that it didn't help."""
        return self.improvement_id.action_ineffective(self.note)
