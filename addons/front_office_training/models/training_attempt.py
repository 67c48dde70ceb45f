from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingAttempt(models.Model):
    """One judgement of a step: who judged it, when, with what result and words.

    Attempts are numbered and only ever added. They go with the enrolment alone.
    """

    _name = "training.attempt"
    _description = "Attempt at a Step"
    _order = "enrolment_step_id, number desc"
    _rec_name = "number"
    _check_company_auto = True

    enrolment_step_id = fields.Many2one(
        "training.enrolment.step",
        string="Step",
        required=True,
        index=True,
        ondelete="cascade",
    )
    enrolment_id = fields.Many2one(
        related="enrolment_step_id.enrolment_id",
        store=True,
        index=True,
        precompute=True,
    )
    employee_id = fields.Many2one(
        related="enrolment_step_id.employee_id",
        store=True,
        index=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        related="enrolment_step_id.company_id", store=True, index=True, precompute=True
    )
    number = fields.Integer(required=True, aggregator=None)
    result = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed"), ("observed", "Observed")],
        required=True,
        index=True,
        help="Observed: an observer's score, which decides nothing. It has the number "
        "of the attempt that was observed.",
    )
    score = fields.Float(
        aggregator="avg", help="In percent; 100 where the step has no score of its own."
    )
    feedback = fields.Text()
    judged_by_id = fields.Many2one("res.users", string="Judged by", required=True)
    judged_on = fields.Datetime(required=True, default=fields.Datetime.now)
    line_ids = fields.One2many(
        "training.attempt.line", "attempt_id", string="Criteria", readonly=True
    )

    _number_unique = models.UniqueIndex(
        "(enrolment_step_id, number) WHERE result <> 'observed'",
        "Somebody else has just judged this step. Reload the page to see the result.",
    )
    _observer_unique = models.UniqueIndex(
        "(enrolment_step_id, number, judged_by_id) WHERE result = 'observed'",
        "You have scored this attempt already. Reload the page to see the result.",
    )
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 0 AND 100)", "A score lies between 0 and 100 percent."
    )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: an attempt stays as it was judged.

        :raises UserError: always
        """
        raise UserError(
            self.env._(
                "%s: an attempt stays as it was judged. Judge the step again instead.",
                ", ".join(self.enrolment_step_id.mapped("name")),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%s: an attempt is never deleted.",
                ", ".join(self.enrolment_step_id.mapped("name")),
            )
        )
