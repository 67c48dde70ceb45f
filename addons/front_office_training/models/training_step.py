from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingStep(models.Model):
    """A step of a programme: what to do, until when, and who signs it."""

    _name = "training.step"
    _description = "Training Step"
    _order = "programme_id, sequence, id"
    _check_company_auto = True

    programme_id = fields.Many2one(
        "training.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, index="btree_not_null"
    )
    programme_state = fields.Selection(
        related="programme_id.state", string="State of the programme"
    )
    sequence = fields.Integer(default=10)
    section = fields.Char(translate=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("acknowledge", "Read and acknowledge"),
            ("practice", "Practise under observation"),
        ],
        required=True,
        default="acknowledge",
    )
    instructions = fields.Html(translate=True)
    minutes = fields.Integer(help="How long the step takes, in minutes.")
    due_days = fields.Integer(
        string="Due after (days)",
        default=7,
        required=True,
        help="Calendar days after the start of the enrolment.",
    )
    mandatory = fields.Boolean(
        default=True, help="The enrolment is complete when its mandatory steps are."
    )
    signoff = fields.Selection(
        [("none", "Nobody"), ("trainer", "Trainer"), ("manager", "Manager")],
        string="Signed by",
        required=True,
        default="trainer",
        help="Who confirms that the step was done well. It is never the trainee.",
    )

    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "The minutes of a step are 0 or more."
    )
    _due_days_positive = models.Constraint(
        "CHECK (due_days >= 0)",
        "A step is due 0 or more days after the start of the enrolment.",
    )

    @api.model
    def _snapshot_fields(self):
        """Return the names of the fields that an enrolment copies from a step.

        An add-on that extends a step with a column adds the column to
        ``training.enrolment.step`` under the same name, and its name here.
        """
        return [
            "section",
            "name",
            "sequence",
            "kind",
            "instructions",
            "minutes",
            "mandatory",
            "signoff",
            "due_days",
        ]

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_programme_is_draft()
        return steps

    def write(self, vals):
        self.check_access("write")
        self._check_programme_is_draft()
        result = super().write(vals)
        if "programme_id" in vals:
            self._check_programme_is_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_draft(self):
        self._check_programme_is_draft()

    def _check_programme_is_draft(self):
        """Refuse to change the steps of a programme that is not a draft.

        :raises UserError: naming the programme
        """
        for programme in self.programme_id:
            if programme.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is not a draft. Press Revise on the programme before you "
                        "change its steps.",
                        programme.name,
                    )
                )
