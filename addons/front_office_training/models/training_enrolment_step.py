from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain


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
        string="Evidence",
        domain=[("res_model", "=", "training.enrolment.step")],
    )
    attachment_count = fields.Integer(compute="_compute_attachment_count")
    late = fields.Boolean(compute="_compute_late", search="_search_late")
    can_tick = fields.Boolean(compute="_compute_rights")
    can_sign = fields.Boolean(compute="_compute_rights")
    can_waive = fields.Boolean(compute="_compute_rights")

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

    # --- computes ---------------------------------------------------------------

    @api.depends("enrolment_id.trainee_user_id")
    def _compute_trainee_user_id(self):
        for step in self:
            if not step.signed_by_id:
                step.trainee_user_id = step.enrolment_id.trainee_user_id

    @api.depends("signoff", "enrolment_id.trainer_id", "enrolment_id.manager_user_id")
    def _compute_signer_id(self):
        for step in self:
            step.signer_id = {
                "trainer": step.enrolment_id.trainer_id,
                "manager": step.enrolment_id.manager_user_id,
            }.get(step.signoff)

    @api.depends("state", "signoff")
    def _compute_is_closed(self):
        for step in self:
            step.is_closed = step.state in ("signed", "waived") or (
                step.state == "done" and step.signoff == "none"
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
        "state", "signoff", "signer_id", "trainee_user_id", "enrolment_id.state"
    )
    @api.depends_context("uid")
    def _compute_rights(self):
        for step in self:
            running = step.enrolment_id.state == "running"
            step.can_tick = (
                running and step.state in ("to_do", "failed") and step._may_tick()
            )
            step.can_sign = (
                running
                and step.signoff != "none"
                and step.state == "done"
                and step._may_sign()
            )
            step.can_waive = running and not step.is_closed and step._may_waive()

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
        return self.signer_id == self.env.user or self._is_manager()

    def _may_waive(self):
        """Whether the user may waive this step: a manager who is not the trainee."""
        self.ensure_one()
        return self.trainee_user_id != self.env.user and self._is_manager()

    def _check_right(self, method_name, message):
        """Refuse the action where ``method_name`` says no for one of the steps.

        :param message: sentence with a place for the name of the step
        :raises AccessError: for the first refused step
        """
        self.check_access("read")
        for step in self:
            if not getattr(step, method_name)():
                raise AccessError(message % step.name)

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
        return super().write(vals)

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
        self._judge(True)

    def _judge(self, passed, feedback=False, score=None, judge=None):
        """Add an attempt to each step and carry its result out.

        The caller has checked the rights.

        :param passed: whether the step is signed by it, or goes back to the trainee
        :param feedback: the judge's words
        :param score: in percent; 100 or 0 when not given
        :param judge: ``res.users`` record; the user when not given
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
                    step._prepare_attempt(passed, feedback, score, judge, now)
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
        if not passed:
            steps._notify_trainees(feedback)
        steps.enrolment_id._clear_activities()
        return attempts

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

    def _notify_trainees(self, feedback):
        """Tell the trainees in their inbox what came back and why."""
        for enrolment, steps in self.grouped("enrolment_id").items():
            if enrolment.trainee_user_id:
                enrolment.message_notify(
                    partner_ids=enrolment.trainee_user_id.partner_id.ids,
                    subject=self.env._(
                        "To repeat: %s", ", ".join(steps.mapped("name"))
                    ),
                    body=feedback,
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
