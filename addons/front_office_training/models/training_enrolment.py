from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class TrainingEnrolment(models.Model):
    """An employee who takes a programme, with a snapshot of its steps."""

    _name = "training.enrolment"
    _description = "Training Enrolment"
    _inherit = ["mail.thread", "mail.activity.mixin", "training.job.mixin"]
    _order = "state desc, due_date, id"
    _rec_names_search = ["employee_id", "programme_id"]
    _check_company_auto = True
    _mail_post_access = "read"
    _job_error_field = "reminder_error"

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="restrict"
    )
    programme_id = fields.Many2one(
        "training.programme",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'published')]",
    )
    programme_version = fields.Integer(string="Version", readonly=True, aggregator=None)
    company_id = fields.Many2one(
        related="employee_id.company_id", store=True, index=True, precompute=True
    )
    department_id = fields.Many2one(related="employee_id.department_id")
    trainee_user_id = fields.Many2one(
        related="employee_id.user_id",
        string="Trainee's user",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    trainer_id = fields.Many2one(
        "res.users",
        compute="_compute_trainer_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('share', '=', False), ('id', '!=', trainee_user_id)]",
        tracking=True,
    )
    manager_user_id = fields.Many2one(
        "res.users",
        string="Manager",
        compute="_compute_manager_user_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The employee's manager, or else the one responsible for the programme. "
        "Signs the steps that a manager signs.",
    )
    observer_ids = fields.Many2many(
        "res.users",
        "training_enrolment_observer_rel",
        string="Observers",
        domain="[('share', '=', False), ('id', '!=', trainee_user_id)]",
        copy=False,
        tracking=True,
        help="They score the practices, too. Their scores are kept beside the "
        "trainer's, who decides.",
    )
    max_attempts = fields.Integer(
        string="Attempts at a step",
        readonly=True,
        aggregator=None,
        help="How often a step may be tried before a training manager decides; 0 means "
        "without limit.",
    )
    start_date = fields.Date(
        required=True, default=fields.Date.context_today, string="Start"
    )
    step_ids = fields.One2many(
        "training.enrolment.step", "enrolment_id", string="Steps", copy=False
    )
    is_cancelled = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [("running", "Under way"), ("done", "Completed"), ("cancelled", "Cancelled")],
        compute="_compute_progress",
        store=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    progress = fields.Float(
        compute="_compute_progress",
        store=True,
        aggregator="avg",
        help="Share of the mandatory steps that are closed, in percent.",
    )
    due_date = fields.Date(
        string="Due",
        compute="_compute_progress",
        store=True,
        help="The due date of the last step.",
    )
    next_due_date = fields.Date(
        string="Next step due",
        compute="_compute_progress",
        store=True,
        help="The earliest due date among the open mandatory steps.",
    )
    remind_on = fields.Date(compute="_compute_progress", store=True)
    completed_on = fields.Date(
        compute="_compute_progress", store=True, string="Completed on"
    )
    to_sign_count = fields.Integer(
        string="Steps to sign",
        compute="_compute_progress",
        store=True,
        help="Steps that are done and wait for a signature.",
    )
    certificate_ids = fields.One2many(
        "training.certificate", "enrolment_id", string="Certificates", readonly=True
    )
    certificate_count = fields.Integer(compute="_compute_certificate_count")
    can_issue = fields.Boolean(compute="_compute_can_issue")
    reminder_error = fields.Char(
        readonly=True, copy=False, help="Why the last reminder could not be made."
    )
    late = fields.Boolean(
        compute="_compute_late",
        search="_search_late",
        help="A mandatory step is open after its due date.",
    )

    # Both columns are NOT NULL and the predicate is on a stored state, so that no two
    # rows slip past the index as "unknown".
    _one_running = models.UniqueIndex(
        "(employee_id, programme_id) WHERE state = 'running'",
        "The employee has this programme under way already. Open that enrolment, or "
        "cancel it first.",
    )

    # --- computes ---------------------------------------------------------------

    @api.depends("employee_id", "programme_id")
    @api.depends_context("training_own")
    def _compute_display_name(self):
        for enrolment in self:
            if self.env.context.get("training_own"):
                # On the trainee's own checklist their name says nothing.
                enrolment.display_name = enrolment.programme_id.name
                continue
            enrolment.display_name = self.env._(
                "%(programme)s: %(employee)s",
                programme=enrolment.programme_id.name or "",
                employee=enrolment.employee_id.display_name or "",
            )

    @api.depends("employee_id", "programme_id.responsible_id")
    def _compute_trainer_id(self):
        for enrolment in self:
            enrolment.trainer_id = enrolment.trainer_id or enrolment._first_other_user(
                enrolment.programme_id.responsible_id,
                enrolment.employee_id.parent_id.user_id,
            )

    @api.depends("employee_id.parent_id.user_id", "programme_id.responsible_id")
    def _compute_manager_user_id(self):
        for enrolment in self:
            enrolment.manager_user_id = enrolment._first_other_user(
                enrolment.employee_id.parent_id.user_id,
                enrolment.programme_id.responsible_id,
            )

    def _first_other_user(self, *users):
        """Return the first of ``users`` who exists and is not the trainee."""
        trainee = self.employee_id.user_id
        return next(
            (user for user in users if user and user != trainee), self.env["res.users"]
        )

    @api.depends(
        "is_cancelled",
        "programme_id.reminder_days",
        "step_ids.is_closed",
        "step_ids.mandatory",
        "step_ids.due_date",
        "step_ids.state",
    )
    def _compute_progress(self):
        summaries = self.env["training.enrolment.step"]._summarise(self)
        today = fields.Date.context_today(self)
        for enrolment in self:
            summary = summaries[enrolment._origin.id]
            enrolment.progress = (
                100.0 * summary.closed / summary.total if summary.total else 0
            )
            enrolment.due_date = summary.due_date or enrolment.start_date
            enrolment.to_sign_count = summary.to_sign
            if enrolment.is_cancelled:
                enrolment.state = "cancelled"
            elif summary.total and summary.closed == summary.total:
                enrolment.state = "done"
            else:
                enrolment.state = "running"
            running = enrolment.state == "running"
            enrolment.next_due_date = running and summary.next_due_date
            enrolment.remind_on = enrolment.next_due_date and fields.Date.subtract(
                enrolment.next_due_date, days=enrolment.programme_id.reminder_days
            )
            enrolment.completed_on = enrolment.state == "done" and (
                enrolment.completed_on or today
            )

    @api.depends("next_due_date")
    @api.depends_context("tz")
    def _compute_late(self):
        today = fields.Date.context_today(self)
        for enrolment in self:
            enrolment.late = bool(
                enrolment.next_due_date and enrolment.next_due_date < today
            )

    @api.model
    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("next_due_date", "<", fields.Date.context_today(self))
        return Domain.OR(late if flag else ~late for flag in value)

    # --- constraints ------------------------------------------------------------

    @api.constrains("trainer_id", "employee_id")
    def _check_trainer_is_not_trainee(self):
        for enrolment in self:
            trainer = enrolment.trainer_id
            # sudo: the user of an employee is for HR officers
            if trainer and trainer == enrolment.sudo().employee_id.user_id:
                raise ValidationError(
                    self.env._(
                        "%(enrolment)s: %(trainer)s is the trainee. Choose somebody "
                        "else as trainer.",
                        enrolment=enrolment.display_name,
                        trainer=trainer.name,
                    )
                )

    @api.constrains("observer_ids", "employee_id")
    def _check_observers_are_not_trainee(self):
        for enrolment in self:
            # sudo: the user of an employee is for HR officers
            trainee = enrolment.sudo().employee_id.user_id
            if trainee and trainee in enrolment.observer_ids:
                raise ValidationError(
                    self.env._(
                        "%(enrolment)s: %(observer)s is the trainee. Choose somebody "
                        "else as observer.",
                        enrolment=enrolment.display_name,
                        observer=trainee.name,
                    )
                )

    # --- create, write ----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create enrolments and take the snapshot of their programmes' steps.

        :raises UserError: when a programme is not published
        """
        programmes = self.env["training.programme"].browse(
            vals["programme_id"] for vals in vals_list if vals.get("programme_id")
        )
        programmes._check_published()
        copied = {
            programme.id: {
                "programme_version": programme.version,
                "max_attempts": programme.max_attempts,
            }
            for programme in programmes
        }
        enrolments = super(
            TrainingEnrolment,
            # Thousands of people may be enrolled at once: a line «created» in each
            # chatter tells nobody anything.
            self.with_context(tracking_disable=True, mail_create_nosubscribe=True),
        ).create(
            [{**vals, **copied.get(vals.get("programme_id"), {})} for vals in vals_list]
        )
        enrolments = enrolments.with_env(self.env)
        enrolments._snapshot_steps()
        self.env.ref("front_office_training.ir_cron_remind")._trigger()
        return enrolments

    def write(self, vals):
        """Write what is free to write: who trains, and the chatter.

        :raises UserError: when a fact of the enrolment is to be changed by hand
        """
        self.check_access("write")
        fixed = [name for name in vals if self._is_fixed(name)]
        if fixed and not self.env.su:
            raise UserError(
                self.env._(
                    "%(enrolment)s: these fields of an enrolment follow from its "
                    "steps, or stay as they were: %(fields)s. Cancel it and enrol "
                    "again.",
                    enrolment=", ".join(self.mapped("display_name")),
                    fields=", ".join(self._fields[name].string for name in fixed),
                )
            )
        return super().write(vals)

    @api.model
    def _is_fixed(self, name):
        """Whether the field ``name`` is a fact that nobody edits."""
        field = self._fields.get(name)
        return name in ("employee_id", "programme_id", "start_date") or bool(
            field and field.store and field.readonly
        )

    def _snapshot_steps(self):
        """Copy the steps of the programmes onto the enrolments, in one statement.

        The rows are copied inside the database, so that the translations of a step
        come along in all languages and the time stays close to the database's own.
        """
        if not self:
            return
        Step = self.env["training.step"]
        EnrolmentStep = self.env["training.enrolment.step"]
        columns = Step._snapshot_fields()
        self.env.flush_all()
        # PostgreSQL keeps the plan that checks a foreign key. One made while the table
        # of enrolments was small reads all of it for every step, which makes a large
        # batch quadratic; without a plan it makes one that fits the present size.
        self.env.cr.execute("DISCARD PLANS")
        self.env.execute_query(
            SQL(
                """
                INSERT INTO training_enrolment_step (
                    enrolment_id, step_id, employee_id, company_id, trainee_user_id,
                    signer_id, due_date, state, is_closed, attempts,
                    create_uid, create_date, write_uid, write_date, %(targets)s
                )
                SELECT enrolment.id, step.id, enrolment.employee_id,
                       enrolment.company_id, enrolment.trainee_user_id,
                       CASE step.signoff
                           WHEN 'trainer' THEN enrolment.trainer_id
                           WHEN 'manager' THEN enrolment.manager_user_id
                       END,
                       enrolment.start_date + step.due_days, 'to_do', FALSE, 0,
                       %(uid)s, %(now)s, %(uid)s, %(now)s, %(sources)s
                  FROM training_enrolment enrolment
                  JOIN training_step step
                    ON step.programme_id = enrolment.programme_id
                 WHERE enrolment.id IN %(ids)s
              ORDER BY enrolment.id, step.sequence, step.id
             RETURNING id
                """,
                targets=SQL(", ").join(map(SQL.identifier, columns)),
                sources=SQL(", ").join(
                    SQL.identifier("step", name) for name in columns
                ),
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=tuple(self.ids),
            )
        )
        self._snapshot_criteria()
        EnrolmentStep.invalidate_model()
        self.invalidate_recordset(["step_ids"])
        for name in self._progress_fields():
            self.env.add_to_compute(self._fields[name], self)

    def _snapshot_criteria(self):
        """Copy the criteria of the steps just copied, in one statement as well."""
        columns = self.env["training.criterion"]._snapshot_fields()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO training_enrolment_criterion (
                    enrolment_step_id, criterion_id, company_id,
                    create_uid, create_date, write_uid, write_date, %(targets)s
                )
                SELECT step.id, criterion.id, step.company_id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s, %(sources)s
                  FROM training_enrolment_step step
                  JOIN training_criterion criterion ON criterion.step_id = step.step_id
                 WHERE step.enrolment_id IN %(ids)s
              ORDER BY step.id, criterion.sequence, criterion.id
             RETURNING id
                """,
                targets=SQL(", ").join(map(SQL.identifier, columns)),
                sources=SQL(", ").join(
                    SQL.identifier("criterion", name) for name in columns
                ),
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=tuple(self.ids),
            )
        )
        self.env["training.enrolment.criterion"].invalidate_model()

    @api.model
    def _progress_fields(self):
        """Return the names of the fields that ``_compute_progress`` fills."""
        return [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_progress"
        ]

    # --- actions ----------------------------------------------------------------

    def action_open_cancel(self):
        """Ask for the reason, then cancel."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_cancel_action"
            ),
            "context": {"default_enrolment_ids": self.ids},
        }

    def _cancel(self, reason):
        """Cancel enrolments that are under way.

        :param reason: why, kept in the chatter
        :raises UserError: when one of them is not under way
        """
        self.check_access("write")
        for enrolment in self:
            if enrolment.state != "running":
                raise UserError(
                    self.env._(
                        "%s is not under way, so there is nothing to cancel.",
                        enrolment.display_name,
                    )
                )
        # sudo: the right is checked above, and write() lets nobody else through
        self.sudo().write({"is_cancelled": True})
        self._message_log_batch(
            {enrolment.id: self.env._("Cancelled: %s", reason) for enrolment in self}
        )
        self._clear_activities()

    def action_view_steps(self):
        """Open the checklist of this enrolment."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_step_action"
            ),
            "name": self.display_name,
            "domain": [("enrolment_id", "=", self.id)],
            "context": {},
        }

    # --- certificates -----------------------------------------------------------

    @api.depends("certificate_ids")
    def _compute_certificate_count(self):
        for enrolment in self:
            enrolment.certificate_count = len(enrolment.certificate_ids)

    @api.depends("state", "certificate_ids", "programme_id.issues_certificate")
    @api.depends_context("uid")
    def _compute_can_issue(self):
        for enrolment in self:
            enrolment.can_issue = (
                enrolment.state == "done"
                and enrolment.programme_id.issues_certificate
                and not enrolment.certificate_ids
                and enrolment._may_issue()
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_without_certificate(self):
        # sudo: a certificate is in the way, whoever may see it
        for enrolment in self.sudo():
            if enrolment.certificate_ids:
                raise UserError(
                    self.env._(
                        "%s has given a certificate, which rests on it. It stays.",
                        enrolment.display_name,
                    )
                )

    def _may_issue(self):
        """Whether the user may issue the certificate by hand: a manager, never their
        own."""
        self.ensure_one()
        return self.trainee_user_id != self.env.user and self.env.user.has_group(
            "front_office_training.group_training_manager"
        )

    def _on_steps_closed(self):
        """Hook: steps of these enrolments were judged, ticked or waived.

        Whoever completed a programme by it is given the certificate.
        """
        self.env["training.certificate"]._issue(self)

    def _issue_certificates(self, issued_on=None):
        """Issue the certificates of these enrolments as of a day.

        :param issued_on: today when not given
        :return: the new ``training.certificate`` records
        """
        return self.env["training.certificate"]._issue(self, issued_on)

    def _get_last_judge(self):
        """Return who closed the last step that somebody judged, never the trainee.

        :return: ``res.users`` record, empty when nobody judged a step
        """
        self.ensure_one()
        judged = self.step_ids.filtered(
            lambda step: step.state in ("signed", "waived")
            and step.signed_by_id
            and step.signed_by_id != self.trainee_user_id
        )
        return judged.sorted(lambda step: (step.signed_on, step.id))[-1:].signed_by_id

    def action_issue_certificate(self):
        """Issue by hand: the user vouches where nobody judged a step.

        :raises AccessError: when the user is no training manager, or the trainee
        :raises UserError: when nothing is to be issued
        """
        self.check_access("read")
        for enrolment in self:
            if not enrolment._may_issue():
                raise AccessError(
                    self.env._(
                        "%s: only a training manager issues a certificate by hand, and "
                        "never their own.",
                        enrolment.display_name,
                    )
                )
        certificates = self.env["training.certificate"]._issue(
            self, signer=self.env.user
        )
        for enrolment in self - certificates.enrolment_id.with_env(self.env):
            raise UserError(
                self.env._(
                    "%s: there is no certificate to issue. The programme must be "
                    "completed, give a certificate, and not have given it yet.",
                    enrolment.display_name,
                )
            )
        return self.action_view_certificates()

    def action_view_certificates(self):
        """Open the certificates of these enrolments."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_certificate_action"
            ),
            "domain": [("enrolment_id", "in", self.ids)],
            "context": {},
        }

    # --- activities -------------------------------------------------------------

    @api.model
    def _cron_remind(self, batch_size=500):
        """Schedule activities for what is due soon and for what is late.

        One activity of a kind is open per enrolment, so running it twice adds nothing.

        :param batch_size: enrolments per transaction
        """
        self._work_in_batches([(self._get_reminder_domain(), "_remind")], batch_size)

    @api.model
    def _get_reminder_domain(self):
        """Return the domain of enrolments to which a reminder is still to be added."""
        today = fields.Date.context_today(self)
        due_type = self._get_activity_type("due")
        late_type = self._get_activity_type("late")
        due = Domain("remind_on", "<=", today) & Domain(
            "activity_ids", "not any", [("activity_type_id", "=", due_type.id)]
        )
        late = (
            Domain("next_due_date", "<", today)
            & Domain("trainee_user_id", "!=", False)
            & Domain("trainer_id", "!=", False)
            & Domain(
                "activity_ids", "not any", [("activity_type_id", "=", late_type.id)]
            )
        )
        somebody = Domain("trainee_user_id", "!=", False) | Domain(
            "trainer_id", "!=", False
        )
        return Domain("state", "=", "running") & somebody & (due | late)

    @api.model
    def _get_activity_type(self, name):
        return self.env.ref(f"front_office_training.mail_activity_type_{name}")

    def _remind(self):
        """Add the missing reminders to these enrolments, in one batch."""
        today = fields.Date.context_today(self)
        due_type = self._get_activity_type("due")
        late_type = self._get_activity_type("late")
        vals_list = []
        for enrolment in self:
            open_types = enrolment.activity_ids.activity_type_id
            learner = enrolment.trainee_user_id or enrolment.trainer_id
            if enrolment.remind_on <= today and due_type not in open_types:
                vals_list.append(enrolment._prepare_activity(due_type, learner))
            if (
                enrolment.next_due_date < today
                and late_type not in open_types
                and enrolment.trainee_user_id
                and enrolment.trainer_id
            ):
                vals_list.append(
                    enrolment._prepare_activity(late_type, enrolment.trainer_id)
                )
        self.env["mail.activity"].create(vals_list)

    def _prepare_activity(self, activity_type, user, date_deadline=None):
        """Return the values of an activity on this enrolment."""
        self.ensure_one()
        return {
            "activity_type_id": activity_type.id,
            "summary": self.display_name,
            "date_deadline": date_deadline or self.next_due_date,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "user_id": user.id,
            "automated": True,
        }

    def _clear_activities(self):
        """Remove the reminders that no longer have a reason."""
        today = fields.Date.context_today(self)
        outdated = defaultdict(self.browse)
        for enrolment in self:
            if not enrolment.remind_on or enrolment.remind_on > today:
                outdated["due"] += enrolment
            if not enrolment.late:
                outdated["late"] += enrolment
            if not enrolment.to_sign_count or enrolment.state != "running":
                outdated["signoff"] += enrolment
        types = {name: self._get_activity_type(name).id for name in outdated}
        # sudo: the reminders belong to other people, too
        self.env["mail.activity"].sudo().search(
            Domain("res_model", "=", self._name)
            & Domain.OR(
                Domain("activity_type_id", "=", types[name])
                & Domain("res_id", "in", enrolments.ids)
                for name, enrolments in outdated.items()
            )
        ).unlink()
