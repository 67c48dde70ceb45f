from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TrainingStep(models.Model):
    """A step that is done in real work names the rule that counts it."""

    _inherit = "training.step"

    evidence_rule_id = fields.Many2one(
        "training.evidence.rule",
        string="What is counted",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The records of real work that count for this step.",
    )
    evidence_count = fields.Integer(
        string="How many", default=1, help="How many such records the trainee needs."
    )

    _evidence_count_positive = models.Constraint(
        "CHECK (evidence_count >= 1)",
        "A step asks for at least one record of real work: raise How many.",
    )

    @api.constrains("kind", "evidence_rule_id")
    def _check_evidence_rule(self):
        for step in self:
            if step.kind == "evidence" and not step.evidence_rule_id:
                raise ValidationError(
                    self.env._(
                        "%s: the step asks for real work. Choose in “What is counted” "
                        "the records that count.",
                        step.name,
                    )
                )

    @api.model
    def _snapshot_fields(self):
        return [*super()._snapshot_fields(), "evidence_rule_id", "evidence_count"]
