import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.evidence import percentage

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class EvidencePeriod:
    """From when on records count for a step, and where the trainee's days begin."""

    step_id: int
    start_date: date
    tz: str


class TrainingEnrolmentStep(models.Model):
    """Evidence from real work: counted while the step is open, then frozen."""

    _name = "training.enrolment.step"
    _inherit = ["training.enrolment.step", "training.job.mixin"]
    _job_error_field = "evidence_error"

    # the snapshot
    evidence_rule_id = fields.Many2one(
        "training.evidence.rule",
        string="What is counted",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    evidence_count = fields.Integer(string="How many", readonly=True)

    # what became of it
    evidence_frozen = fields.Json(
        readonly=True,
        copy=False,
        help="What had been counted when the step was closed: the model, the ids and "
        "their number.",
    )
    evidence_error = fields.Char(
        string="Could not be closed",
        readonly=True,
        copy=False,
        groups="front_office_training.group_training_manager",
        help="Why real work that was done could not close the step; it is tried again "
        "the next day.",
    )
    evidence_done = fields.Integer(
        string="Counted", compute="_compute_evidence", compute_sudo=True
    )
    evidence_text = fields.Char(
        string="Real work", compute="_compute_evidence", compute_sudo=True
    )
    evidence_progress = fields.Float(compute="_compute_evidence", compute_sudo=True)
    evidence_countable = fields.Boolean(
        compute="_compute_evidence",
        compute_sudo=True,
        help="Not so when the trainee has no user, or the app that is counted in was "
        "removed: the signer then says in words what they have seen.",
    )

    # --- counting ---------------------------------------------------------------

    # No more than a request: the records that are counted are of other models.
    @api.depends(
        "kind",
        "evidence_rule_id",
        "evidence_count",
        "evidence_frozen",
        "trainee_user_id",
        "enrolment_id.start_date",
    )
    @api.depends_context("lang")
    def _compute_evidence(self):
        live = self.filtered(
            lambda step: step.kind == "evidence" and not step.evidence_frozen
        )
        found = live._count_evidence()
        for step in self:
            frozen = step.evidence_frozen
            number, _ids = found.get(step._origin.id, (0, None))
            step.evidence_done = frozen["count"] if frozen else number
            step.evidence_countable = bool(frozen) or step._origin.id in found
            step.evidence_text = step.evidence_countable and self.env._(
                "%(done)s of %(wanted)s",
                done=step.evidence_done,
                wanted=step.evidence_count,
            )
            step.evidence_progress = step.evidence_countable and percentage(
                step.evidence_done, step.evidence_count
            )

    def _count_evidence(self, with_ids=False):
        """Count what the trainees of these steps have done, with one query a rule.

        A rule that does not work any more leaves its steps out, and nothing else.

        :param with_ids: whether the ids of the records are wanted, too
        :return: dict of the step's id to ``(number, ids)``, without the steps that
            cannot be counted
        """
        result = {}
        for rule_id, periods in self._get_evidence_periods().items():
            rule = self.env["training.evidence.rule"].browse(rule_id)
            try:
                # sudo: the rules of a company are hidden from another one's people
                counted = rule.sudo()._count_periods(periods, with_ids)
            except (ValueError, TypeError, KeyError):
                _logger.warning("%s cannot be counted", rule, exc_info=True)
                continue
            result.update(counted or {})
        return result

    def _get_evidence_periods(self):
        """Return the periods in which the evidence of these steps lies, by rule.

        :return: dict of the rule's id to a list of :class:`EvidencePeriod`
        """
        ids = self._origin.ids
        periods = defaultdict(list)
        if not ids:
            return periods
        self.flush_model(
            ["kind", "evidence_rule_id", "trainee_user_id", "company_id", "employee_id"]
        )
        self.env["training.enrolment"].flush_model(["start_date"])
        self.env["hr.employee"].flush_model(["resource_id"])
        self.env["resource.resource"].flush_model(["tz"])
        for rule_id, *values in self.env.execute_query(
            SQL(
                """
                SELECT step.evidence_rule_id, step.id, enrolment.start_date, resource.tz
                  FROM training_enrolment_step step
                  JOIN training_enrolment enrolment ON enrolment.id = step.enrolment_id
                  JOIN hr_employee employee ON employee.id = step.employee_id
                  JOIN resource_resource resource ON resource.id = employee.resource_id
                 WHERE step.id = ANY(%s)
                   AND step.kind = 'evidence'
                   AND step.evidence_rule_id IS NOT NULL
                   AND step.trainee_user_id IS NOT NULL
              ORDER BY step.id
                """,
                list(ids),
            )
        ):
            periods[rule_id].append(EvidencePeriod(*values))
        return periods

    # --- closing ----------------------------------------------------------------

    def _evidence_steps(self):
        """Return those of these steps that ask for real work."""
        return self.filtered(lambda step: step.kind == "evidence")

    def _check_ready(self):
        """Refuse a tick and a sign-off before enough real work is done."""
        result = super()._check_ready()
        self._check_evidence_reached()
        return result

    def _check_evidence_reached(self):
        """Refuse where a trainee has not done enough yet.

        :raises UserError: naming the step, and how many are counted so far
        """
        for step in self._evidence_steps():
            if step.evidence_countable and step.evidence_done < step.evidence_count:
                raise UserError(
                    self.env._(
                        "%(step)s: %(count)s so far (%(rule)s). Go on, and try again "
                        "when the rest is done.",
                        step=step.name,
                        count=step.evidence_text,
                        # sudo: as in _count_evidence
                        rule=step.sudo().evidence_rule_id.name,
                    )
                )

    def _freeze_evidence(self):
        """Keep which records counted, once and for all."""
        # sudo: the callers have checked the right; nobody may write this field
        steps = (
            self.sudo()
            ._evidence_steps()
            .filtered(lambda step: not step.evidence_frozen)
        )
        # However it was closed, nothing is left that could not be.
        steps.filtered("evidence_error").evidence_error = False
        found = steps._count_evidence(with_ids=True)
        for step in steps:
            if step.id in found:
                number, ids = found[step.id]
                step.evidence_frozen = {
                    "rule": step.evidence_rule_id.code,
                    "model": step.evidence_rule_id.model_name,
                    "count": number,
                    "ids": ids,
                }

    def action_done(self):
        """Tick the steps, and freeze the evidence of those that it closes."""
        result = super().action_done()
        self.filtered("is_closed")._freeze_evidence()
        return result

    def action_undo(self):
        result = super().action_undo()
        # sudo: the right is checked above; what is open is counted again
        self.sudo()._evidence_steps().write({"evidence_frozen": False})
        return result

    def action_sign(self):
        """Sign the steps; where nothing can be counted, ask what the signer saw."""
        in_words = self._evidence_steps().filtered(
            lambda step: not step.evidence_countable
        )
        super(TrainingEnrolmentStep, self - in_words).action_sign()
        if not in_words:
            return None
        in_words._check_may_sign_in_words()
        return in_words._open_review("sign")

    def _check_may_sign_in_words(self):
        """Refuse whoever may not sign these steps now.

        :raises AccessError: when the user is the trainee, or not the signer
        :raises UserError: when a step is not done
        """
        self._check_right(
            "_may_sign",
            self.env._("%s is not yours to judge: the person named on the step does."),
        )
        self._check_running()
        self._check_state(
            ("done",), self.env._("%s is not done yet, or it is signed already.")
        )

    def _sign_in_words(self, feedback):
        """Sign steps whose evidence cannot be counted.

        :param feedback: what the signer has seen
        :raises UserError: when one of the steps can be counted after all
        """
        self._check_may_sign_in_words()
        counted = self.filtered("evidence_countable")
        if counted:
            raise UserError(
                self.env._(
                    "%s: the real work is counted. Sign without words.",
                    ", ".join(counted.mapped("name")),
                )
            )
        self._judge(True, feedback)

    def _judge(self, passed, *args, **kwargs):
        """Freeze the evidence of what is signed, under the lock that judging takes."""
        evidence = self._evidence_steps()
        if passed and evidence:
            # sudo: as in the method that is extended
            evidence.sudo()._lock_to_judge()
            evidence.invalidate_recordset(["evidence_done", "evidence_text"])
            evidence._check_evidence_reached()
            evidence._freeze_evidence()
        return super()._judge(passed, *args, **kwargs)

    def _waive(self, feedback):
        result = super()._waive(feedback)
        self._freeze_evidence()
        return result

    # --- what nobody signs closes by itself ---------------------------------------

    @api.model
    def _get_evidence_to_close_domain(self):
        """Return the domain of open steps that close when the count is reached."""
        return (
            Domain("kind", "=", "evidence")
            & Domain("signoff", "=", "none")
            & Domain("state", "in", ("to_do", "failed"))
            & Domain("trainee_user_id", "!=", False)
            & Domain("enrolment_id.state", "=", "running")
        )

    @api.model
    def _cron_close_evidence(self, batch_size=500):
        """Close the steps that nobody signs and whose real work is done.

        :param batch_size: steps per transaction
        """
        self._work_in_batches(
            [(self._get_evidence_to_close_domain(), "_close_by_evidence")], batch_size
        )

    def _close_by_evidence(self):
        """Close those of these steps that nobody signs and whose work is done.

        :return: the steps that were closed
        """
        # sudo: the count closes them, whoever asked for it
        steps = self.sudo().filtered_domain(self._get_evidence_to_close_domain())
        steps.invalidate_recordset(["evidence_done", "evidence_countable"])
        reached = steps.filtered(
            lambda step: step.evidence_countable
            and step.evidence_done >= step.evidence_count
        )
        now = fields.Datetime.now()
        for user, group in reached.grouped("trainee_user_id").items():
            group.write({"state": "done", "done_on": now, "done_by_id": user.id})
        reached._freeze_evidence()
        reached._log(self.env._("Closed by real work"))
        reached.enrolment_id._clear_activities()
        reached.enrolment_id._on_steps_closed()
        return reached

    def action_check_evidence(self):
        """Count now, and close what nobody signs once it is reached."""
        self.check_access("read")
        self._close_by_evidence()
        self.invalidate_recordset(["evidence_done", "evidence_text"])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": ", ".join(
                    f"{step.name}: {step.evidence_text}"
                    for step in self._evidence_steps()
                    if step.evidence_countable
                )
                or self.env._("There is nothing that can be counted."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_evidence(self):
        """Open the records that count, with the rights of whoever looks.

        :raises UserError: when nothing can be counted, or the user may not see such
            records at all
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the ids alone; the records are read with the user's own rights
        step = self.sudo()
        frozen = step.evidence_frozen
        _number, ids = step._count_evidence(with_ids=True).get(self.id, (0, None))
        if frozen:
            ids = frozen["ids"]
        model_name = frozen["model"] if frozen else step.evidence_rule_id.model_name
        if ids is None or model_name not in self.env:
            raise UserError(
                self.env._("%s: there is nothing that can be counted.", self.name)
            )
        if not self.env[model_name].has_access("read"):
            raise UserError(
                self.env._(
                    "%(step)s: you may not open the records that were counted "
                    "(%(model)s). Ask somebody who works with them.",
                    step=self.name,
                    model=self.env[model_name]._description,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": step.evidence_rule_id.name,
            "res_model": model_name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
            "context": {"active_test": False, "create": False},
        }
