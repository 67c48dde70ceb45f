from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


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
            ("evidence", "Show real work"),
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
    certified_signer = fields.Boolean(
        help="Whoever signs must hold a current certificate of this programme, or be "
        "responsible for it. This holds for managers, too.",
    )
    acknowledge = fields.Boolean(
        string="The trainee acknowledges the judgement",
        help="After the signature the step is closed only when the trainee has "
        "confirmed that they know and understand the judgement.",
    )
    rubric = fields.Boolean(
        string="Judged with a rubric",
        compute="_compute_rubric",
        store=True,
        readonly=False,
        help="Whoever signs gives each criterion a level; the score decides.",
    )
    pass_mark = fields.Integer(
        string="Pass mark (%)",
        default=60,
        required=True,
        aggregator=None,
        help="The score from which the practice is passed, in percent.",
    )
    criterion_ids = fields.One2many(
        "training.criterion", "step_id", string="Criteria", copy=True
    )

    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "The minutes of a step are 0 or more."
    )
    _due_days_positive = models.Constraint(
        "CHECK (due_days >= 0)",
        "A step is due 0 or more days after the start of the enrolment.",
    )
    _pass_mark_range = models.Constraint(
        "CHECK (pass_mark BETWEEN 0 AND 100)",
        "The pass mark of a step is a percentage from 0 to 100.",
    )

    @api.depends("criterion_ids")
    def _compute_rubric(self):
        for step in self:
            step.rubric = step.rubric or bool(step.criterion_ids)

    @api.constrains("pass_mark")
    def _check_pass_mark(self):
        for step in self:
            if not 0 <= step.pass_mark <= 100:
                raise ValidationError(
                    self.env._(
                        "%(programme)s, %(step)s: the pass mark is %(mark)s. Choose a "
                        "percentage from 0 to 100.",
                        programme=step.programme_id.name,
                        step=step.name,
                        mark=step.pass_mark,
                    )
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
            "certified_signer",
            "acknowledge",
            "rubric",
            "pass_mark",
        ]

    def _content_values(self):
        """Return all that an enrolment copies from this step, for the digest.

        :return: dict of plain values
        """
        self.ensure_one()
        values = self._snapshot_values()
        criteria = self.criterion_ids.sorted(lambda each: (each.sequence, each.id))
        if criteria:
            names = criteria._snapshot_fields()
            values["criterion_ids"] = [
                [each[name] for name in names] for each in criteria
            ]
        return values

    def _check_rubric(self):
        """Refuse a rubric by which nobody could be judged.

        :raises UserError: naming the programme, the step and the criterion
        """
        for step in self:
            problem = step._get_rubric_problem()
            if problem:
                raise UserError(
                    self.env._(
                        "%(programme)s, %(step)s: %(problem)s",
                        programme=step.programme_id.name,
                        step=step.name,
                        problem=problem,
                    )
                )

    def _get_rubric_problem(self):
        """Return a sentence on what is wrong with the rubric, or False."""
        self.ensure_one()
        if self.rubric and not self.criterion_ids:
            return self.env._(
                "it is judged with a rubric that has no criteria. Add at least one, or "
                "untick “Judged with a rubric”."
            )
        if not self.criterion_ids:
            return False
        if not self.rubric or self.kind != "practice" or self.signoff == "none":
            return self.env._(
                "it has criteria, so it has to be a practice, judged with a rubric and "
                "signed by somebody. Change that, or remove the criteria."
            )
        for criterion in self.criterion_ids:
            if not criterion._is_described():
                return self.env._(
                    "the criterion “%s” lacks the description of a level. Say for each "
                    "of the four levels what one sees.",
                    criterion.name,
                )
        return False

    def _snapshot_values(self):
        """Return what an enrolment copies from this step, for the content digest.

        What is empty is left out, so that an add-on with a column of its own makes no
        new version of the programmes that do not use it. A record counts by its id:
        two quizzes of the same title differ, and a new title is no new content.
        """
        self.ensure_one()
        values = {}
        for name in self._snapshot_fields():
            field = self._fields[name]
            value = self[name]
            if value and field.type == "many2one":
                values[name] = value.id
            elif value:
                values[name] = field.convert_to_export(value, self)
        return values

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
