from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime


class TrainingSession(models.Model):
    """One trainer, several trainees, at a time and a place: steps are practised there.

    The session says who is invited and who came. It judges nothing by itself: the
    steps of who was present are judged in one screen, by whoever may sign each of
    them, and the steps of who was absent stay as they are.
    """

    _name = "training.session"
    _description = "Training Session"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, tracking=True)
    programme_id = fields.Many2one(
        "training.programme",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Leave empty where people of several programmes practise together.",
    )
    trainer_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    start = fields.Datetime(
        required=True,
        tracking=True,
        index=True,
        default=lambda self: self._next_full_hour(),
    )
    stop = fields.Datetime(
        string="End",
        required=True,
        default=lambda self: fields.Datetime.add(self._next_full_hour(), hours=1),
    )
    location = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    note = fields.Html(string="What to prepare")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("planned", "Planned"),
            ("held", "Held"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    attendance_ids = fields.One2many(
        "training.session.attendance", "session_id", string="Trainees"
    )
    # The record rule of trainees walks through this field. The superuser evaluates a
    # rule and leaves the whole list in the cache, which everybody's reads share: it
    # must not be the list that trainees read.
    rule_attendance_ids = fields.One2many(
        "training.session.attendance",
        "session_id",
        string="Trainees (for the access rule)",
        groups="front_office_training.group_training_manager",
    )
    attendance_count = fields.Integer(
        string="Invited", compute="_compute_attendance_counts"
    )
    present_count = fields.Integer(
        string="Present", compute="_compute_attendance_counts"
    )
    programme_ids = fields.Many2many(
        "training.programme",
        string="Programmes of the session",
        compute="_compute_programme_ids",
    )
    step_ids = fields.Many2many(
        "training.step",
        string="Steps practised",
        check_company=True,
        domain="[('kind', '=', 'practice'), ('programme_id', 'in', programme_ids)]",
        help="Steps of the kind practice; they are judged for whoever was present.",
    )
    overlap_warning = fields.Char(compute="_compute_overlap_warning")
    is_leader = fields.Boolean(
        compute="_compute_is_leader", help="Whether the user runs this session."
    )

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "A training session ends after it starts."
    )

    # --- computes ---------------------------------------------------------------

    @api.depends("attendance_ids.state")
    def _compute_attendance_counts(self):
        for session in self:
            states = session.attendance_ids.mapped("state")
            session.attendance_count = len(states)
            session.present_count = states.count("present")

    @api.depends("programme_id", "attendance_ids.enrolment_id")
    def _compute_programme_ids(self):
        for session in self:
            session.programme_ids = (
                session.programme_id or session.attendance_ids.enrolment_id.programme_id
            )

    @api.depends("trainer_id", "start", "stop", "state")
    def _compute_overlap_warning(self):
        """Name the other sessions of the trainer at the same time: a warning only."""
        dated = self.filtered(
            lambda session: (
                session.start
                and session.stop
                and session.trainer_id
                and session.state in ("draft", "planned")
            )
        )
        (self - dated).overlap_warning = False
        others = self._search_of_trainers(dated)
        for session in dated:
            names = [
                other.name
                for other in others[session.trainer_id]
                if other != session._origin
                and other.start < session.stop
                and other.stop > session.start
            ]
            session.overlap_warning = bool(names) and self.env._(
                "%(trainer)s has another session at that time: %(sessions)s.",
                trainer=session.trainer_id.name,
                sessions=", ".join(names),
            )

    @api.model
    def _search_of_trainers(self, sessions):
        """Return the open sessions of the same trainers in the same stretch of time.

        :return: dict of ``res.users`` record to ``training.session`` records
        """
        result = defaultdict(self.browse)
        if sessions:
            found = self.search(
                Domain("trainer_id", "in", sessions.trainer_id.ids)
                & Domain("state", "in", ("draft", "planned"))
                & Domain("start", "<", max(sessions.mapped("stop")))
                & Domain("stop", ">", min(sessions.mapped("start")))
            )
            result.update(found.grouped("trainer_id"))
        return result

    @api.depends("trainer_id")
    @api.depends_context("uid")
    def _compute_is_leader(self):
        is_manager = self._is_manager()
        for session in self:
            session.is_leader = is_manager or (
                session.trainer_id == self.env.user and self._is_trainer()
            )

    # --- constraints ------------------------------------------------------------

    @api.constrains("trainer_id", "attendance_ids")
    def _check_trainer_is_not_trainee(self):
        for session in self:
            if session.trainer_id in session.attendance_ids.trainee_user_id:
                raise ValidationError(
                    self.env._(
                        "%(session)s: %(trainer)s is one of the trainees. Choose "
                        "somebody else as trainer, or take them off the list.",
                        session=session.name,
                        trainer=session.trainer_id.name,
                    )
                )

    @api.constrains("step_ids", "programme_id")
    def _check_steps(self):
        for session in self:
            for step in session.step_ids:
                if step.kind != "practice" or (
                    session.programme_id and step.programme_id != session.programme_id
                ):
                    raise ValidationError(
                        self.env._(
                            "%(session)s: “%(step)s” is not a step to practise of the "
                            "session's programme. Choose another step.",
                            session=session.name,
                            step=step.name,
                        )
                    )

    # --- create, write ----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create sessions as drafts; their trainees come along.

        :raises AccessError: when a state is given by hand
        """
        if any(vals.get("state", "draft") != "draft" for vals in vals_list):
            self._check_state_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        """Write while the session is open; who is invited hears of a new time or place.

        :raises AccessError: when the state is changed by hand
        :raises UserError: when the session is held or cancelled already
        """
        self.check_access("write")
        if "state" in vals:
            self._check_state_by_hand()
        if not self.env.su and not vals.keys().isdisjoint(self._get_fixed_fields()):
            self._check_open()
        result = super().write(vals)
        if not vals.keys().isdisjoint({"start", "stop", "location", "trainer_id"}):
            self.filtered(
                lambda session: session.state == "planned"
            ).attendance_ids._notify(self.env._("Changed"))
        return result

    @api.model
    def _check_state_by_hand(self):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "The state of a training session changes only through its buttons."
                )
            )

    @api.model
    def _get_fixed_fields(self):
        """Return the names of the fields that stay once a session is closed."""
        return {
            "trainer_id",
            "programme_id",
            "start",
            "stop",
            "company_id",
            "attendance_ids",
            "step_ids",
        }

    def _check_open(self):
        """Refuse what changes a session that is held or cancelled.

        :raises UserError: for the first closed session
        """
        for session in self:
            if session.state not in ("draft", "planned"):
                raise UserError(
                    self.env._(
                        "%s is held or cancelled. Press Reopen before you change who "
                        "came, what was practised, or when.",
                        session.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for session in self:
            if session.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was announced already. Cancel the session instead of "
                        "deleting it.",
                        session.name,
                    )
                )

    # --- rights -----------------------------------------------------------------

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("front_office_training.group_training_manager")

    @api.model
    def _is_trainer(self):
        return self.env.user.has_group("front_office_training.group_training_trainer")

    # --- actions ----------------------------------------------------------------

    def action_plan(self):
        """Announce the sessions to their trainees.

        :raises UserError: when a session has no trainee or is not a draft
        """
        self._check_transition(("draft",), self.env._("%s is planned already."))
        for session in self:
            if not session.attendance_ids:
                raise UserError(
                    self.env._(
                        "%s has no trainee. Add at least one before you plan it.",
                        session.name,
                    )
                )
        self._set_state("planned")
        self.attendance_ids._notify(self.env._("Training session"))

    def action_all_present(self):
        """Mark whoever is still only invited as present."""
        self.check_access("write")
        self.attendance_ids.filtered(
            lambda attendance: attendance.state == "invited"
        ).action_present()

    def action_hold(self):
        """Close the sessions that took place.

        :raises UserError: when it is not said of everybody whether they came
        """
        self._check_transition(("planned",), self.env._("%s is not planned."))
        for session in self:
            open_names = session.attendance_ids.filtered(
                lambda attendance: attendance.state == "invited"
            ).mapped("employee_id.display_name")
            if open_names:
                raise UserError(
                    self.env._(
                        "%(session)s: say who came first. Open: %(names)s.",
                        session=session.name,
                        names=", ".join(open_names),
                    )
                )
        self._set_state("held")

    def action_cancel(self):
        """Call the sessions off, and tell the trainees of those that were announced."""
        self._check_transition(
            ("draft", "planned"), self.env._("%s is held or cancelled already.")
        )
        announced = self.filtered(lambda session: session.state == "planned")
        self._set_state("cancelled")
        announced.attendance_ids._notify(self.env._("Called off"))

    def action_reopen(self):
        """Take the sessions back to planned, to correct who came or what was done."""
        self._check_transition(
            ("held", "cancelled"), self.env._("%s is not held or cancelled.")
        )
        self._set_state("planned")

    def action_open_judge(self):
        """Open the screen that judges the practised steps of all who were present.

        :raises UserError: when there is nobody or nothing to judge
        """
        self.ensure_one()
        self.check_access("write")
        steps, _left_out = self._get_steps_to_judge()
        if not steps:
            raise UserError(
                self.env._(
                    "%s: there is no step for you to judge. Mark who was present, "
                    "choose the steps practised, and look whether somebody else signs "
                    "them.",
                    self.name,
                )
            )
        wizard = self.env["training.session.judge"].create({"session_id": self.id})
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_session_judge_action"
            ),
            "res_id": wizard.id,
        }

    def _get_steps_to_judge(self):
        """Return the steps of those present that the user may judge, and the others.

        :return: two ``training.enrolment.step`` recordsets: to judge, and left out
        """
        self.ensure_one()
        present = self.attendance_ids.filtered(
            lambda attendance: attendance.state == "present"
        )
        steps = self.env["training.enrolment.step"].search(
            [
                ("enrolment_id", "in", present.enrolment_id.ids),
                ("step_id", "in", self.step_ids.ids),
            ],
            order="employee_id, enrolment_id, sequence, id",
        )
        judged = steps.filtered(lambda step: step._is_judged_in_session())
        return judged, steps - judged

    # --- private ----------------------------------------------------------------

    def _check_transition(self, states, message):
        """Refuse an action where the user may not, or a session is in another state.

        :param message: sentence with a place for the name of the session
        :raises UserError: for the first refused session
        """
        self.check_access("write")
        for session in self:
            if session.state not in states:
                raise UserError(message % session.name)

    def _set_state(self, state):
        # sudo: the right is checked by the caller, and write() lets nobody else through
        self.sudo().write({"state": state})

    @api.model
    def _next_full_hour(self):
        now = fields.Datetime.now().replace(minute=0, second=0)
        return fields.Datetime.add(now, hours=1)

    def _prepare_invitation(self, subject, tz):
        """Return the words of an invitation, as HTML.

        :param subject: what it is about: an invitation, or that it is called off
        :param tz: the time zone in which the times are written
        """
        self.ensure_one()
        lines = [
            (self.env._("From"), format_datetime(self.env, self.start, tz=tz)),
            (self.env._("To"), format_datetime(self.env, self.stop, tz=tz)),
            (self.env._("Where"), self.location),
            (self.env._("Trainer"), self.trainer_id.name),
        ]
        items = Markup().join(
            Markup("<li>%s: %s</li>") % line for line in lines if line[1]
        )
        return Markup("<p><b>%s: %s</b></p><ul>%s</ul>%s") % (
            subject,
            self.name,
            items,
            self.note or "",
        )
