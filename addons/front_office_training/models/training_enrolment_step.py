from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain

from .. import rubric


@dataclass
class StepSummary:
    """What the steps of one enrolment add up to."""

    total: int = 0
    closed: int = 0
    to_sign: int = 0
    due_date: date | None = None
    next_due_date: date | None = None


class TrainingEnrolmentStep(models.Model):
    """A step as it stood when the employee was enrolled, and what became of it."""

    _name = "training.enrolment.step"
    _description = "Step of an Enrolment"
    _order = "enrolment_id, sequence, id"
    _check_company_auto = True

    enrolment_id = fields.Many2one(
        "training.enrolment", required=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "training.step",
        string="Copied from",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    employee_id = fields.Many2one(
        related="enrolment_id.employee_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="enrolment_id.company_id", store=True, index=True
    )
    programme_id = fields.Many2one(related="enrolment_id.programme_id")
    enrolment_state = fields.Selection(
        related="enrolment_id.state", string="State of the enrolment"
    )
    trainee_user_id = fields.Many2one(
        "res.users",
        string="Trainee's user",
        compute="_compute_trainee_user_id",
        store=True,
        index="btree_not_null",
        help="The user of the trainee; it stays as it was when the step was signed.",
    )
    signer_id = fields.Many2one(
        "res.users",
        string="To be signed by",
        compute="_compute_signer_id",
        store=True,
        index="btree_not_null",
    )

    # the snapshot
    section = fields.Char(translate=True, readonly=True)
    name = fields.Char(translate=True, required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["training.step"]._fields["kind"].selection,
        required=True,
        readonly=True,
    )
    instructions = fields.Html(translate=True, readonly=True)
    minutes = fields.Integer(readonly=True)
    mandatory = fields.Boolean(readonly=True)
    signoff = fields.Selection(
        [("none", "Nobody"), ("trainer", "Trainer"), ("manager", "Manager")],
        string="Signed by",
        required=True,
        readonly=True,
    )
    due_days = fields.Integer(readonly=True)
    certified_signer = fields.Boolean(readonly=True)
    acknowledge = fields.Boolean(
        string="The trainee acknowledges the judgement", readonly=True
    )
    rubric = fields.Boolean(string="Judged with a rubric", readonly=True)
    pass_mark = fields.Integer(string="Pass mark (%)", readonly=True, aggregator=None)
    criterion_ids = fields.One2many(
        "training.enrolment.criterion",
        "enrolment_step_id",
        string="Criteria",
        readonly=True,
    )

    # what became of it
    due_date = fields.Date(string="Due")
    state = fields.Selection(
        [
            ("to_do", "To do"),
            ("done", "Done"),
            ("signed", "Signed"),
            ("failed", "To repeat"),
            ("waived", "Waived"),
        ],
        required=True,
        default="to_do",
        readonly=True,
        index=True,
        group_expand=True,
    )
    is_closed = fields.Boolean(compute="_compute_is_closed", store=True)
    done_on = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one("res.users", string="Done by", readonly=True)
    signoff_requested_on = fields.Datetime(
        string="Sign-off asked for on", readonly=True
    )
    signed_on = fields.Datetime(readonly=True)
    signed_by_id = fields.Many2one("res.users", string="Signature", readonly=True)
    attempts = fields.Integer(
        readonly=True, help="How often the step was judged: passed or sent back."
    )
    extra_attempts = fields.Integer(
        readonly=True, help="Attempts that a manager allowed beyond the limit."
    )
    attempts_exhausted = fields.Boolean(
        string="Attempts used up",
        compute="_compute_attempts_exhausted",
        store=True,
        help="The last attempt failed; a training manager decides what happens.",
    )
    acknowledged_on = fields.Datetime(readonly=True)
    acknowledged_by_id = fields.Many2one(
        "res.users", string="Acknowledged by", readonly=True
    )
    acknowledgement_waived_on = fields.Datetime(
        string="Acknowledgement waived on", readonly=True, copy=False
    )
    acknowledgement_waived_by_id = fields.Many2one(
        "res.users",
        string="Acknowledgement waived by",
        readonly=True,
        copy=False,
        help="A training manager, never the trainee nor who signed.",
    )
    acknowledgement_waived_reason = fields.Text(
        string="Why without acknowledgement", readonly=True, copy=False
    )
    attempt_ids = fields.One2many(
        "training.attempt", "enrolment_step_id", string="History", readonly=True
    )
    score = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The score of the last attempt, in percent.",
    )
    note = fields.Text(help="What the trainee or the trainer wants to remember.")
    feedback = fields.Text(
        readonly=True, help="What the signer wrote: why it was sent back or waived."
    )
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Files",
        help="What the trainee or the trainer attached.",
        domain=[("res_model", "=", "training.enrolment.step")],
    )
    attachment_count = fields.Integer(compute="_compute_attachment_count")
    late = fields.Boolean(compute="_compute_late", search="_search_late")
    can_tick = fields.Boolean(compute="_compute_rights")
    can_sign = fields.Boolean(compute="_compute_rights")
    can_waive = fields.Boolean(compute="_compute_rights")
    user_is_certified = fields.Boolean(compute="_compute_user_is_certified")
    can_acknowledge = fields.Boolean(compute="_compute_rights")
    can_waive_acknowledgement = fields.Boolean(compute="_compute_rights")
    can_score = fields.Boolean(compute="_compute_observations")
    observer_count = fields.Integer(
        string="Observers",
        compute="_compute_observations",
        help="Observers who scored the present attempt.",
    )
    observer_score = fields.Float(
        string="Observers' mean",
        compute="_compute_observations",
        help="The mean of the observers' scores of the present attempt, in percent.",
    )

    # The rule that nobody signs for themselves holds for every path to the table.
    _signer_is_not_trainee = models.Constraint(
        "CHECK (signed_by_id IS NULL OR trainee_user_id IS NULL "
        "OR signed_by_id <> trainee_user_id)",
        "Nobody signs their own training. Ask your trainer or your manager.",
    )
    _signed_has_signer = models.Constraint(
        "CHECK (state <> 'signed' OR signed_by_id IS NOT NULL)",
        "A signed step has a signature. Use the button Sign.",
    )
    _trainee_acknowledges = models.Constraint(
        "CHECK (acknowledged_by_id IS NULL OR trainee_user_id IS NULL "
        "OR acknowledged_by_id = trainee_user_id)",
        "The trainee acknowledges the judgement, and nobody else for them.",
    )
    _acknowledged_by_somebody = models.Constraint(
        "CHECK ((acknowledged_on IS NULL) = (acknowledged_by_id IS NULL))",
        "An acknowledgement has a person and a time. Use the button Acknowledge.",
    )

    _acknowledgement_waived_by_another = models.Constraint(
        "CHECK (acknowledgement_waived_by_id IS NULL OR ("
        "acknowledgement_waived_by_id IS DISTINCT FROM trainee_user_id "
        "AND acknowledgement_waived_by_id IS DISTINCT FROM signer_id "
        "AND acknowledgement_waived_by_id IS DISTINCT FROM signed_by_id))",
        "An acknowledgement is waived by a training manager who is neither the trainee "
        "nor the signer.",
    )
    _acknowledgement_waived_with_reason = models.Constraint(
        "CHECK (num_nonnulls(acknowledgement_waived_by_id, acknowledgement_waived_on, "
        "acknowledgement_waived_reason) IN (0, 3))",
        "A waived acknowledgement has a person, a time and a reason. Use the button "
        "Close without acknowledgement.",
    )
    _acknowledged_or_waived = models.Constraint(
        "CHECK (acknowledged_on IS NULL OR acknowledgement_waived_on IS NULL)",
        "A judgement is acknowledged, or that is waived, not both.",
    )

    # --- computes ---------------------------------------------------------------

    @api.depends("enrolment_id.trainee_user_id")
    def _compute_trainee_user_id(self):
        for step in self:
            if not step.signed_by_id:
                step.trainee_user_id = step.enrolment_id.trainee_user_id

    @api.depends("signoff", "enrolment_id.trainer_id", "enrolment_id.manager_user_id")
    def _compute_signer_id(self):
        for step in self:
            if step.signed_by_id:
                continue  # like the trainee's user, it stays as it was when signed
            step.signer_id = {
                "trainer": step.enrolment_id.trainer_id,
                "manager": step.enrolment_id.manager_user_id,
            }.get(step.signoff)

    @api.depends(
        "state",
        "signoff",
        "acknowledge",
        "acknowledged_on",
        "acknowledgement_waived_on",
    )
    def _compute_is_closed(self):
        for step in self:
            step.is_closed = (
                step.state == "waived"
                or (step.state == "done" and step.signoff == "none")
                or (
                    step.state == "signed"
                    and bool(
                        step.acknowledged_on
                        or step.acknowledgement_waived_on
                        or not step.acknowledge
                    )
                )
            )

    @api.depends("state", "attempts", "extra_attempts", "enrolment_id.max_attempts")
    def _compute_attempts_exhausted(self):
        for step in self:
            limit = step.enrolment_id.max_attempts
            step.attempts_exhausted = (
                bool(limit)
                and step.state == "failed"
                and step.attempts >= limit + step.extra_attempts
            )

    def _compute_attachment_count(self):
        counts = dict(
            self.env["ir.attachment"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for step in self:
            step.attachment_count = counts.get(step._origin.id, 0)

    @api.depends("due_date", "is_closed")
    @api.depends_context("tz")
    def _compute_late(self):
        today = fields.Date.context_today(self)
        for step in self:
            step.late = bool(
                not step.is_closed and step.due_date and step.due_date < today
            )

    @api.model
    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("is_closed", "=", False) & Domain(
            "due_date", "<", fields.Date.context_today(self)
        )
        return Domain.OR(late if flag else ~late for flag in value)

    @api.depends(
        "state",
        "signoff",
        "signer_id",
        "trainee_user_id",
        "enrolment_id.state",
        "is_closed",
        "attempts_exhausted",
    )
    @api.depends_context("uid")
    def _compute_rights(self):
        for step in self:
            running = step.enrolment_id.state == "running"
            step.can_tick = (
                running
                and step.state in ("to_do", "failed")
                and not step.attempts_exhausted
                and step._may_tick()
            )
            step.can_sign = (
                running
                and step.signoff != "none"
                and step.state == "done"
                and not step.rubric
                and step._may_sign()
            )
            step.can_waive = (
                running
                and not step.is_closed
                and step.state != "signed"
                and step._may_waive()
            )
            step.can_acknowledge = (
                running
                and step.state == "signed"
                and not step.is_closed
                and step._may_tick()
            )
            step.can_waive_acknowledgement = (
                running
                and step.state == "signed"
                and not step.is_closed
                and step._may_waive_acknowledgement()
            )

    @api.depends("state", "attempts", "attempt_ids", "enrolment_id.observer_ids")
    @api.depends_context("uid")
    def _compute_observations(self):
        observations = self._get_observations()
        for step in self:
            own = observations[step._origin.id]
            step.observer_count = len(own)
            step.observer_score = rubric.mean(own.mapped("score")) or 0
            step.can_score = (
                step.rubric
                and step.state == "done"
                and step.enrolment_id.state == "running"
                and (
                    step._may_sign()
                    or (step._may_observe() and self.env.user not in own.judged_by_id)
                )
            )

    def _get_observations(self):
        """Return the observers' scores of the present attempts, with one query.

        The present attempt is the one that waits for a judgement, or else the last one.

        :return: dict of the step's id to ``training.attempt`` records
        """
        Attempt = self.env["training.attempt"]
        present = {
            step._origin.id: step.attempts + (step.state == "done") for step in self
        }
        observations = defaultdict(lambda: Attempt)
        for attempt in Attempt.search_fetch(
            [("enrolment_step_id", "in", list(present)), ("result", "=", "observed")],
            ["enrolment_step_id", "number", "score", "judged_by_id"],
        ):
            step_id = attempt.enrolment_step_id.id
            if attempt.number == present[step_id]:
                observations[step_id] += attempt
        return observations

    @api.model
    def _summarise(self, enrolments):
        """Add up the steps of enrolments with one query.

        Where a programme has no mandatory step, all of its steps count.

        :param enrolments: ``training.enrolment`` records
        :return: dict of enrolment id to :class:`StepSummary`
        """
        rows = defaultdict(list)
        for (
            enrolment,
            mandatory,
            closed,
            state,
            count,
            earliest,
            latest,
        ) in self._read_group(
            [("enrolment_id", "in", enrolments._origin.ids)],
            ["enrolment_id", "mandatory", "is_closed", "state"],
            ["__count", "due_date:min", "due_date:max"],
        ):
            rows[enrolment.id].append(
                (mandatory, closed, state, count, earliest, latest)
            )
        summaries = defaultdict(StepSummary)
        for enrolment_id, groups in rows.items():
            counted = [group for group in groups if group[0]] or groups
            open_dates = [group[4] for group in counted if not group[1] and group[4]]
            summaries[enrolment_id] = StepSummary(
                total=sum(group[3] for group in counted),
                closed=sum(group[3] for group in counted if group[1]),
                to_sign=sum(g[3] for g in groups if g[2] == "done" and not g[1]),
                due_date=max((group[5] for group in groups if group[5]), default=None),
                next_due_date=min(open_dates, default=None),
            )
        return summaries

    # --- rights -----------------------------------------------------------------

    def _is_manager(self):
        return self.env.user.has_group("front_office_training.group_training_manager")

    def _may_tick(self):
        """Whether the user may say that this step was done.

        An add-on whose kind of step is not ticked by hand refuses it here.
        """
        self.ensure_one()
        return self._may_do()

    def _may_do(self):
        """Whether this step is the user's to do, whatever its kind.

        The trainee does; for a trainee without a login the trainer, the signer or a
        training manager does.
        """
        self.ensure_one()
        if self.trainee_user_id:
            return self.trainee_user_id == self.env.user
        return (
            self.env.user in (self.enrolment_id.trainer_id, self.signer_id)
            or self._is_manager()
        )

    def _may_sign(self):
        """Whether the user may judge this step: never the trainee."""
        self.ensure_one()
        if self.trainee_user_id == self.env.user:
            return False
        named = self.signer_id == self.env.user or self._is_manager()
        if not self.certified_signer:
            return named
        return self._is_responsible() or (named and self.user_is_certified)

    def _is_responsible(self):
        """Whether the user is responsible for the programme of this step."""
        return self.programme_id.responsible_id == self.env.user

    @api.depends("certified_signer", "enrolment_id.programme_id")
    @api.depends_context("uid")
    def _compute_user_is_certified(self):
        """Whether the user holds what a step with a certified signer asks for."""
        # sudo: the employee of a user is for HR officers
        pairs = self.env["training.certificate"]._get_current_pairs(
            self.env.user.sudo().employee_ids,
            self.filtered("certified_signer").programme_id,
        )
        certified = {programme for _employee, programme in pairs}
        for step in self:
            step.user_is_certified = step.programme_id in certified

    def _refuse(self, method_name, message):
        """Return the error that says why ``method_name`` said no for this step."""
        self.ensure_one()
        if (
            method_name == "_may_sign"
            and self.certified_signer
            and self.trainee_user_id != self.env.user
            and (self.signer_id == self.env.user or self._is_manager())
        ):
            return AccessError(
                self.env._(
                    "%(step)s takes a certified signer: you need a current certificate "
                    "of “%(programme)s”, or to be responsible for it. Renew your "
                    "certificate, or ask %(responsible)s to sign.",
                    step=self.name,
                    programme=self.programme_id.name,
                    responsible=self.programme_id.responsible_id.name
                    or self.env._("the one responsible"),
                )
            )
        return AccessError(message % self.name)

    def _may_observe(self):
        """Whether the user may score this step beside the signer: never the trainee."""
        self.ensure_one()
        return (
            self.trainee_user_id != self.env.user
            and self.env.user in self.enrolment_id.observer_ids
        )

    def _may_score(self):
        """Whether the user may score this step, to decide or as an observer."""
        return self._may_sign() or self._may_observe()

    def _may_waive(self):
        """Whether the user may waive this step: a manager who is not the trainee."""
        self.ensure_one()
        return self.trainee_user_id != self.env.user and self._is_manager()

    def _may_waive_acknowledgement(self):
        """Whether the user may close this step without the trainee's acknowledgement.

        A manager does who is neither the trainee nor, in any way, the signer.
        """
        self.ensure_one()
        # sudo: the user of an employee is for HR officers, and may be newer than the
        # signature, after which trainee_user_id stays
        trainees = self.trainee_user_id | self.sudo().employee_id.user_id
        involved = trainees | self.signer_id | self.signed_by_id
        return self.env.user not in involved and self._is_manager()

    def _is_judged_in_session(self):
        """Whether the user may judge this step right after a session.

        A hook: a kind of step that is judged in another way says no here.
        """
        self.ensure_one()
        return (
            self.enrolment_id.state == "running"
            and self.kind == "practice"
            and not self.rubric
            and not self.attempts_exhausted
            and self.signoff != "none"
            and self.state in ("to_do", "failed", "done")
            and self._may_sign()
        )

    def _check_right(self, method_name, message):
        """Refuse the action where ``method_name`` says no for one of the steps.

        :param message: sentence with a place for the name of the step
        :raises AccessError: for the first refused step
        """
        self.check_access("read")
        for step in self:
            if not getattr(step, method_name)():
                raise step._refuse(method_name, message)

    def _check_running(self):
        for step in self:
            if step.enrolment_id.state != "running":
                raise UserError(
                    self.env._(
                        "%(step)s: the enrolment “%(enrolment)s” is not under way any "
                        "more.",
                        step=step.name,
                        enrolment=step.enrolment_id.display_name,
                    )
                )

    def _check_state(self, states, message):
        """Refuse where a step is in none of ``states``.

        :param message: sentence with a place for the name of the step
        :raises UserError: for the first refused step
        """
        for step in self:
            if step.state not in states:
                raise UserError(message % step.name)

    def _check_ready(self):
        """Refuse where something is missing before a tick or a sign-off.

        The rights have been checked. Kinds of steps extend it.

        :raises UserError: naming the step and what is missing
        """

    @api.model
    def _get_editable_fields(self):
        """Return the names of the fields that may be written without an action."""
        editable = {"note", "attachment_ids"}
        if self.env.user.has_group("front_office_training.group_training_trainer"):
            editable.add("due_date")
        return editable

    def write(self, vals):
        """Write what is free to write; the rest changes through the actions only."""
        refused = vals.keys() - self._get_editable_fields()
        if refused and not self.env.su:
            raise AccessError(
                self.env._(
                    "These fields of a training step change only through its buttons: "
                    "%s.",
                    ", ".join(sorted(self._fields[name].string for name in refused)),
                )
            )
        self._check_waived_acknowledgement_stays(vals)
        return super().write(vals)

    def _check_waived_acknowledgement_stays(self, vals):
        """Refuse to change who waived an acknowledgement, when and why, to anybody.

        :raises UserError: for the first step whose acknowledgement was waived already
        """
        if not any(name.startswith("acknowledgement_waived") for name in vals):
            return
        for step in self:
            if step.acknowledgement_waived_on:
                raise UserError(
                    self.env._(
                        "%s: who waived the acknowledgement, when and why stays as it "
                        "was written.",
                        step.name,
                    )
                )

    # --- actions ----------------------------------------------------------------

    def action_done(self):
        """Tick the steps. What nobody has to sign is closed by it.

        :raises AccessError: when somebody else's step is ticked
        :raises UserError: when a step cannot be ticked any more
        """
        self._check_right(
            "_may_tick", self.env._("%s is not yours to tick: the trainee does that.")
        )
        self._check_running()
        self._check_state(("to_do", "failed"), self.env._("%s is done already."))
        self._check_attempts_left()
        self._check_ready()
        # sudo: the rights are checked above, and write() lets nobody else through
        steps = self.sudo()
        steps.write(
            {
                "state": "done",
                "done_on": fields.Datetime.now(),
                "done_by_id": self.env.uid,
                "signoff_requested_on": False,
            }
        )
        steps.enrolment_id._clear_activities()
        steps.enrolment_id._on_steps_closed()

    def _tick_observed(self):
        """Tick what the user saw being done, where the trainee has not ticked it.

        The user is about to judge the steps; who may not judge may not tick either.

        :raises AccessError: when the user may not judge one of the steps
        """
        self._check_right(
            "_is_judged_in_session",
            self.env._("%s is not yours to judge: the person named on the step does."),
        )
        # sudo: the right is checked above, and write() lets nobody else through
        self.sudo().filtered(lambda step: step.state != "done").write(
            {
                "state": "done",
                "done_on": fields.Datetime.now(),
                "done_by_id": self.env.uid,
                "signoff_requested_on": False,
            }
        )

    def action_undo(self):
        """Take back a tick that nobody has signed yet."""
        self._check_right(
            "_may_tick", self.env._("%s is not yours to change: the trainee does that.")
        )
        self._check_running()
        self._check_state(
            ("done",), self.env._("%s is not ticked, or it is signed already.")
        )
        # sudo: as in action_done
        steps = self.sudo()
        steps.write(
            {
                "state": "to_do",
                "done_on": False,
                "done_by_id": False,
                "signoff_requested_on": False,
            }
        )
        steps.enrolment_id._clear_activities()

    def action_request_signoff(self):
        """Ask whoever signs the steps to do so: one activity per enrolment and person.

        :raises UserError: when a step is not done, or nobody is there to sign it
        """
        self._check_right(
            "_may_tick", self.env._("%s is not yours: the trainee asks for a sign-off.")
        )
        self._check_running()
        self._check_state(
            ("done",), self.env._("Tick %s before you ask for a sign-off.")
        )
        self._check_ready()
        for step in self:
            if step.signoff == "none" or not step.signer_id:
                raise UserError(
                    self.env._(
                        "%s: there is nobody to sign it. Ask for a trainer to be named "
                        "on the enrolment.",
                        step.name,
                    )
                )
        # sudo: as in action_done
        steps = self.sudo()
        steps.write({"signoff_requested_on": fields.Datetime.now()})
        steps._schedule_signoff()

    def _schedule_signoff(self):
        """Schedule one sign-off activity per enrolment and signer."""
        Enrolment = self.env["training.enrolment"]
        activity_type = Enrolment._get_activity_type("signoff")
        pairs = {(step.enrolment_id, step.signer_id) for step in self}
        scheduled = {
            (activity.res_id, activity.user_id)
            for activity in self.enrolment_id.activity_ids
            if activity.activity_type_id == activity_type
        }
        today = fields.Date.context_today(self)
        self.env["mail.activity"].create(
            [
                enrolment._prepare_activity(activity_type, signer, today)
                for enrolment, signer in sorted(pairs, key=lambda pair: pair[0].id)
                if (enrolment.id, signer) not in scheduled
            ]
        )

    def action_sign(self):
        """Sign the steps: somebody else confirms that they were done well.

        :raises AccessError: when the user is the trainee, or not the signer
        :raises UserError: when a step is not done
        """
        self._check_right(
            "_may_sign",
            self.env._(
                "%s is not yours to sign: the person named on the step does, and never "
                "the trainee."
            ),
        )
        self._check_running()
        self._check_state(
            ("done",), self.env._("%s is not done yet, or it is signed already.")
        )
        self._check_no_rubric()
        self._judge(True)

    def _judge(self, passed, feedback=False, score=None, judge=None, lines=()):
        """Add an attempt to each step and carry its result out.

        The caller has checked the rights.

        :param passed: whether the step is signed by it, or goes back to the trainee
        :param feedback: the judge's words
        :param score: in percent; 100 or 0 when not given
        :param judge: ``res.users`` record; the user when not given
        :param lines: values of the ``training.attempt.line`` of each attempt
        :return: the new ``training.attempt`` records
        :raises UserError: when somebody else is judging one of the steps right now
        """
        # sudo: the caller has checked the right; nobody may write these fields
        steps = self.sudo()
        steps._lock_to_judge()
        judge = judge or self.env.user
        now = fields.Datetime.now()
        if score is None:
            score = 100.0 if passed else 0.0
        # sudo: attempts are added here and nowhere else
        attempts = (
            self.env["training.attempt"]
            .sudo()
            .create(
                [
                    {
                        **step._prepare_attempt(passed, feedback, score, judge, now),
                        "line_ids": [Command.create(line) for line in lines],
                    }
                    for step in steps
                ]
            )
        )
        values = {"score": score, "feedback": feedback}
        if passed:
            values |= {"state": "signed", "signed_on": now, "signed_by_id": judge.id}
        else:
            values |= {"state": "failed", "signoff_requested_on": False}
        for count, group in steps.grouped("attempts").items():
            group.write({**values, "attempts": count + 1})
        steps._log(
            self.env._("Signed") if passed else self.env._("Sent back"), feedback
        )
        steps._tell_judgement(passed, feedback)
        steps.enrolment_id._clear_activities()
        steps.enrolment_id._on_steps_closed()
        return attempts

    def _tell_judgement(self, passed, feedback):
        """Tell those who have to do something after a judgement."""
        if passed:
            self.filtered("acknowledge")._notify_trainees(
                self.env._("Please acknowledge it on your checklist."),
                self.env._("Signed: %s"),
            )
            return
        self._notify_trainees(feedback, self.env._("To repeat: %s"))
        self.filtered("attempts_exhausted")._notify_exhausted()

    # --- rubric -----------------------------------------------------------------

    def action_score(self):
        """Open the screen on which the criteria of one practice are judged.

        :raises AccessError: when the user may neither sign nor observe the step
        :raises UserError: when the step waits for no score
        """
        self.ensure_one()
        self._check_may_be_scored()
        wizard = self.env["training.score"].create(
            {
                "step_id": self.id,
                "line_ids": [
                    Command.create({"criterion_id": criterion.id})
                    for criterion in self.criterion_ids
                ],
            }
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_score_action"
            ),
            "res_id": wizard.id,
        }

    def _check_may_be_scored(self):
        """Refuse to score this step, unless it waits for the user's score.

        :raises AccessError: when the user may neither sign nor observe the step
        :raises UserError: when the step waits for no score
        """
        self._check_right(
            "_may_score",
            self.env._(
                "%s is not yours to score: the person named on the step does, or an "
                "observer of the enrolment, and never the trainee."
            ),
        )
        self._check_running()
        self._check_state(
            ("done",),
            self.env._(
                "%s is not done yet, or somebody else has judged it already. Reload "
                "the page to see the result."
            ),
        )
        for step in self:
            if not step.rubric:
                raise UserError(
                    self.env._("%s has no rubric. Sign it, or send it back.", step.name)
                )

    def _score(self, levels, feedback=False, remarks=None):
        """Judge a practice with its rubric.

        The score of whoever may sign decides; an observer's is kept beside it.

        :param levels: dict of ``training.enrolment.criterion`` id to level
        :param feedback: the judge's words, required where the practice fails by them
        :param remarks: dict of ``training.enrolment.criterion`` id to a remark
        :return: the new ``training.attempt``
        :raises AccessError: when the user may neither sign nor observe the step
        :raises UserError: when the step waits for no score, a criterion has no level,
            or the words are missing
        """
        self.ensure_one()
        self._check_may_be_scored()
        self._check_levels(levels)
        lines = [
            {
                "criterion_id": criterion.id,
                "weight": criterion.weight,
                "level": levels[criterion.id],
                "remark": (remarks or {}).get(criterion.id),
            }
            for criterion in self.criterion_ids
        ]
        score = rubric.score((line["weight"], line["level"]) for line in lines)
        if not self._may_sign():
            return self._observe(score, feedback, lines)
        passed = rubric.is_passed(score, self.pass_mark)
        if not passed and not (feedback or "").strip():
            raise UserError(
                self.env._(
                    "%s: the practice is not passed. Say in “What to do better” what "
                    "was missing.",
                    self.name,
                )
            )
        return self._judge(passed, feedback, score, lines=lines)

    def _check_levels(self, levels):
        """Refuse unless each criterion of this step, and no other, has a level.

        :raises UserError: naming the step and the criterion
        """
        for criterion in self.criterion_ids:
            if levels.get(criterion.id) not in rubric.LEVELS:
                raise UserError(
                    self.env._(
                        "%(step)s: choose a level from 1 to 4 for “%(criterion)s”.",
                        step=self.name,
                        criterion=criterion.name,
                    )
                )
        if levels.keys() - set(self.criterion_ids.ids):
            raise UserError(
                self.env._("%s: a criterion belongs to another step.", self.name)
            )

    def _observe(self, score, feedback, lines):
        """Keep an observer's score of the present attempt; it decides nothing.

        :return: the new ``training.attempt``
        :raises UserError: when the user has scored the attempt already
        """
        # sudo: the caller has checked the right; nobody may write attempts
        step = self.sudo()
        step._lock_to_judge()
        if self.env.user in step._get_observations()[step.id].judged_by_id:
            raise UserError(
                self.env._(
                    "%s: you have scored this attempt already. The next attempt can be "
                    "scored again.",
                    step.name,
                )
            )
        now = fields.Datetime.now()
        # sudo: as above
        attempt = (
            step.env["training.attempt"]
            .sudo()
            .create(
                {
                    **step._prepare_attempt(True, feedback, score, self.env.user, now),
                    "result": "observed",
                    "line_ids": [Command.create(line) for line in lines],
                }
            )
        )
        step._log(self.env._("Scored by an observer"), feedback)
        return attempt

    def _check_no_rubric(self):
        """Refuse to sign or send back what is judged with a rubric.

        :raises UserError: for the first step with a rubric
        """
        for step in self:
            if step.rubric:
                raise UserError(
                    self.env._(
                        "%s is judged with a rubric. Press Score on the step and give "
                        "each criterion a level.",
                        step.name,
                    )
                )

    # --- attempts that are used up ----------------------------------------------

    def _check_attempts_left(self):
        """Refuse where the attempts at a step are used up.

        :raises UserError: for the first such step
        """
        for step in self:
            if step.attempts_exhausted:
                raise UserError(
                    self.env._(
                        "%s: the attempts are used up. A training manager decides: "
                        "one more attempt, waive it, or cancel the enrolment.",
                        step.name,
                    )
                )

    def _notify_exhausted(self):
        """Tell those who lead the training that a manager has to decide."""
        for enrolment, steps in self.grouped("enrolment_id").items():
            people = enrolment.programme_id.responsible_id | enrolment.manager_user_id
            enrolment.message_notify(
                partner_ids=(people - enrolment.trainee_user_id).partner_id.ids,
                subject=self.env._(
                    "Attempts used up: %s", ", ".join(steps.mapped("name"))
                ),
                body=self.env._(
                    "A training manager allows one more attempt, waives the step or "
                    "cancels the enrolment."
                ),
            )

    def action_allow_attempt(self):
        """Allow one more attempt at each step whose attempts are used up.

        :raises AccessError: when the user is no training manager, or the trainee
        :raises UserError: when a step may be tried anyway
        """
        self._check_right(
            "_may_waive",
            self.env._("Only a training manager may allow one more attempt at %s."),
        )
        self._check_running()
        for step in self:
            if not step.attempts_exhausted:
                raise UserError(self.env._("%s: there are attempts left.", step.name))
        # sudo: as in action_done
        for step in self.sudo():
            limit = step.enrolment_id.max_attempts
            step.extra_attempts = step.attempts + 1 - limit
        self._log(self.env._("One more attempt allowed"))
        # sudo: the trainee is told by the system
        self.sudo()._notify_trainees(
            self.env._("You may try once more."), self.env._("One more attempt: %s")
        )

    # --- acknowledgement --------------------------------------------------------

    def action_acknowledge(self):
        """Confirm as the trainee that the judgement is known and understood.

        For a trainee without a login whoever may tick for them records it.

        :raises AccessError: when somebody else's step is acknowledged
        :raises UserError: when there is nothing to acknowledge
        """
        self._check_right(
            "_may_tick",
            self.env._("%s is not yours to acknowledge: the trainee does that."),
        )
        self._check_running()
        self._check_to_acknowledge()
        # sudo: as in action_done
        steps = self.sudo()
        steps.write(
            {
                "acknowledged_on": fields.Datetime.now(),
                "acknowledged_by_id": self.env.uid,
            }
        )
        steps._log(self.env._("Acknowledged"))
        steps.enrolment_id._clear_activities()
        steps.enrolment_id._on_steps_closed()

    def action_open_waive_acknowledgement(self):
        """Ask for the reason, then close the steps without an acknowledgement."""
        return self._open_review("waive_acknowledgement")

    def _waive_acknowledgement(self, reason):
        """Close signed steps whose trainee will not, or cannot, acknowledge them.

        :param reason: why, kept for good on the step and in the enrolment's chatter
        :raises AccessError: when the user is no training manager, or is the trainee or
            the signer
        :raises UserError: when there is nothing to acknowledge, or no reason
        """
        self._check_right(
            "_may_waive_acknowledgement",
            self.env._(
                "%s: only a training manager who is neither the trainee nor the signer "
                "closes it without an acknowledgement."
            ),
        )
        self._check_running()
        self._check_to_acknowledge()
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%s: write the reason why there is no acknowledgement.",
                    ", ".join(self.mapped("name")),
                )
            )
        # sudo: as in action_done
        steps = self.sudo()
        steps.write(
            {
                "acknowledgement_waived_on": fields.Datetime.now(),
                "acknowledgement_waived_by_id": self.env.uid,
                "acknowledgement_waived_reason": reason,
            }
        )
        steps._log(self.env._("Closed without acknowledgement"), reason)
        steps._notify_trainees(reason, self.env._("Closed without you: %s"))
        steps.enrolment_id._clear_activities()
        steps.enrolment_id._on_steps_closed()

    def _check_to_acknowledge(self):
        """Refuse where no judgement waits for an acknowledgement.

        :raises UserError: for the first such step
        """
        for step in self:
            if step.state != "signed" or step.is_closed:
                raise UserError(
                    self.env._("%s: there is no judgement to acknowledge.", step.name)
                )

    def _prepare_attempt(self, passed, feedback, score, judge, now):
        """Return the values of the next attempt at this step."""
        self.ensure_one()
        return {
            "enrolment_step_id": self.id,
            "number": self.attempts + 1,
            "result": "passed" if passed else "failed",
            "score": score,
            "feedback": feedback,
            "judged_by_id": judge.id,
            "judged_on": now,
        }

    def _lock_to_judge(self):
        """Lock the steps until the end of the transaction.

        Of two people who judge a step at the same moment, the later one either meets
        the lock here, or PostgreSQL makes Odoo repeat their request, which then finds
        the step judged already.

        :raises UserError: when somebody else is judging one of the steps right now
        """
        self.flush_recordset()
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "%s: somebody else is judging this step right now. Reload the page "
                    "to see the result.",
                    ", ".join(self.mapped("name")),
                )
            ) from error

    def action_open_fail(self):
        """Ask for the trainer's words, then send the steps back."""
        return self._open_review("fail")

    def action_open_waive(self):
        """Ask for the reason, then waive the steps."""
        return self._open_review("waive")

    def _open_review(self, decision):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_step_review_action"
            ),
            "context": {
                "default_step_ids": self.ids,
                "default_decision": decision,
            },
        }

    def _fail(self, feedback):
        """Send the steps back to the trainee with the signer's words.

        :param feedback: what was missing and how to do it better
        """
        self._check_right(
            "_may_sign",
            self.env._("%s is not yours to judge: the person named on the step does."),
        )
        self._check_running()
        self._check_state(("done",), self.env._("%s is not done yet."))
        self._check_no_rubric()
        self._judge(False, feedback)

    def _waive(self, feedback):
        """Waive the steps: they count as closed although nobody did them.

        :param feedback: the reason
        """
        self._check_right(
            "_may_waive", self.env._("Only a training manager may waive %s.")
        )
        self._check_running()
        self._check_state(
            ("to_do", "failed", "done"), self.env._("%s is closed already.")
        )
        # sudo: as in action_done
        steps = self.sudo()
        steps.write(
            {
                "state": "waived",
                "feedback": feedback,
                "signed_on": fields.Datetime.now(),
                "signed_by_id": self.env.uid,
            }
        )
        steps._log(self.env._("Waived"), feedback)
        steps.enrolment_id._clear_activities()
        steps.enrolment_id._on_steps_closed()

    def _notify_trainees(self, body, subject):
        """Tell the trainees in their inbox what was decided.

        :param body: the words
        :param subject: with a place for the names of the steps
        """
        for enrolment, steps in self.grouped("enrolment_id").items():
            if enrolment.trainee_user_id:
                enrolment.message_notify(
                    partner_ids=enrolment.trainee_user_id.partner_id.ids,
                    subject=subject % ", ".join(steps.mapped("name")),
                    body=body,
                )

    def _log(self, title, text=None):
        """Log in the chatter of each enrolment what happened to its steps."""
        bodies = {}
        for enrolment, steps in self.grouped("enrolment_id").items():
            items = Markup().join(
                Markup("<li>%s</li>") % name for name in steps.mapped("name")
            )
            bodies[enrolment.id] = Markup("<b>%s</b><ul>%s</ul>%s") % (
                title,
                items,
                text or "",
            )
        self.enrolment_id._message_log_batch(bodies)
