from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingAttemptLine(models.Model):
    """The level that one criterion was given in one attempt, kept for good."""

    _name = "training.attempt.line"
    _description = "Judged Criterion"
    _order = "attempt_id, id"
    _check_company_auto = True

    attempt_id = fields.Many2one(
        "training.attempt", required=True, index=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        "training.enrolment.criterion", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="attempt_id.company_id", store=True, index=True, precompute=True
    )
    level = fields.Integer(required=True, aggregator="avg")
    weight = fields.Integer(required=True, aggregator=None)
    remark = fields.Char()

    _level_range = models.Constraint(
        "CHECK (level BETWEEN 1 AND 4)", "A criterion is judged at a level from 1 to 4."
    )
    _weight_range = models.Constraint(
        "CHECK (weight > 0)", "The weight of a criterion is positive."
    )
    _criterion_unique = models.UniqueIndex(
        "(attempt_id, criterion_id)", "A criterion is judged once in an attempt."
    )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a judgement stays as it was.

        :raises UserError: always
        """
        raise UserError(
            self.env._(
                "%s: what was judged stays as it was. Judge the step again instead.",
                ", ".join(self.criterion_id.mapped("name")),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%s: what was judged is never deleted.",
                ", ".join(self.criterion_id.mapped("name")),
            )
        )
