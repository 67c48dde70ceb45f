from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class TrainingReassign(models.TransientModel):
    """Hand everything of one trainer over to another, in one transaction.

    The signer of the open steps follows from the enrolments; what is signed stays
    with who signed it.
    """

    _name = "training.reassign"
    _description = "Reassign a Trainer's Work"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    from_id = fields.Many2one(
        "res.users",
        required=True,
        context={"active_test": False},
        domain="[('share', '=', False)]",
        help="The trainer who leaves; archived users can be chosen, too.",
    )
    to_id = fields.Many2one(
        "res.users",
        required=True,
        check_company=True,
        domain=lambda self: [
            ("share", "=", False),
            (
                "all_group_ids",
                "in",
                self.env.ref("front_office_training.group_training_trainer").ids,
            ),
        ],
    )
    until = fields.Date(
        string="Only what is due until",
        help="For a stand-in: only what is due until this day moves, and the "
        "programmes stay. Leave empty to hand over everything.",
    )
    hand_back_on = fields.Date(
        string="Hand back on",
        compute="_compute_hand_back_on",
        store=True,
        readonly=False,
        help="For a stand-in: on this day what is still open goes back by itself. "
        "Leave empty when it stays.",
    )
    enrolment_count = fields.Integer(
        string="Enrolments under way", compute="_compute_counts"
    )
    programme_count = fields.Integer(string="Programmes", compute="_compute_counts")
    session_count = fields.Integer(string="Sessions to come", compute="_compute_counts")
    activity_count = fields.Integer(string="Open reminders", compute="_compute_counts")

    @api.depends("from_id", "company_id", "until")
    def _compute_counts(self):
        for wizard in self:
            wizard.enrolment_count = len(wizard._get_enrolments())
            wizard.programme_count = len(wizard._get_programmes())
            wizard.session_count = len(wizard._get_sessions())
            wizard.activity_count = len(
                wizard._get_activities(
                    wizard._get_enrolments(), wizard._get_programmes()
                )
            )

    @api.depends("until")
    def _compute_hand_back_on(self):
        for wizard in self:
            if wizard.until and wizard.from_id.active:
                # What is due on the last day is still the stand-in's.
                wizard.hand_back_on = fields.Date.add(wizard.until, days=1)
            else:
                wizard.hand_back_on = wizard.hand_back_on

    # --- what is theirs ---------------------------------------------------------

    def _get_enrolments(self):
        """Return the enrolments under way that name the trainer."""
        domain = Domain("trainer_id", "=", self.from_id.id or 0) & Domain(
            "state", "=", "running"
        )
        if self.until:
            domain &= Domain("next_due_date", "<=", self.until)
        return self.env["training.enrolment"].search(domain & self._company_domain())

    def _get_programmes(self):
        """Return the programmes for which the trainer is responsible."""
        Programme = self.env["training.programme"].with_context(active_test=False)
        if self.until:
            return Programme
        return Programme.search(
            Domain("responsible_id", "=", self.from_id.id or 0)
            & Domain("company_id", "in", [self.company_id.id, False])
        )

    def _get_sessions(self):
        """Return the sessions of the trainer that are still to be held."""
        domain = Domain("trainer_id", "=", self.from_id.id or 0) & Domain(
            "state", "in", ("draft", "planned")
        )
        if self.until:
            domain &= Domain("start", "<", fields.Date.add(self.until, days=1))
        return self.env["training.session"].search(domain & self._company_domain())

    def _get_activities(self, enrolments, programmes):
        """Return the trainer's reminders about the enrolments and programmes that move.

        Besides the enrolments that name the trainer, these are the enrolments that the
        trainer signs as the one responsible for a programme.
        """
        Enrolment = self.env["training.enrolment"]
        enrolments = enrolments | Enrolment.search(
            Domain("programme_id", "in", programmes.ids)
            & Domain("manager_user_id", "=", self.from_id.id or 0)
            & Domain("state", "=", "running")
            & self._company_domain()
        )
        types = [
            Enrolment._get_activity_type(name).id for name in ("due", "late", "signoff")
        ]
        # sudo: the reminders are another user's; the enrolments bound them
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                Domain("res_model", "=", Enrolment._name)
                & Domain("res_id", "in", enrolments.ids)
                & Domain("activity_type_id", "in", types)
                & Domain("user_id", "=", self.from_id.id or 0)
            )
        )

    def _company_domain(self):
        return Domain("company_id", "=", self.company_id.id)

    # --- the hand-over ----------------------------------------------------------

    def action_reassign(self):
        """Hand over, and open the enrolments that moved.

        :raises UserError: when there is nothing to hand over, or the new trainer may
            not take it
        """
        self.ensure_one()
        enrolments = self._get_enrolments()
        programmes = self._get_programmes()
        sessions = self._get_sessions()
        if not (enrolments or programmes or sessions):
            raise UserError(
                self.env._(
                    "%s has nothing to hand over here: no enrolment under way, no "
                    "programme and no session to come.",
                    self.from_id.name or "",
                )
            )
        self._check_new_trainer(enrolments, sessions)
        self._check_hand_back()
        self._transfer(enrolments, programmes, sessions)
        self._keep_stand_in(enrolments, programmes, sessions)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_action"
            ),
            "domain": [("id", "in", enrolments.ids)],
            "context": {},
        }

    def _transfer(self, enrolments, programmes, sessions, returned=False):
        """Give these to the other trainer, with the reminders about them.

        :param returned: whether a stand-in gives back what was somebody's before
        """
        activities = self._get_activities(enrolments, programmes)
        # One line in each chatter instead of a tracked value: thousands may move.
        enrolments.with_context(tracking_disable=True).write(
            {"trainer_id": self.to_id.id}
        )
        programmes.write({"responsible_id": self.to_id.id})
        sessions.write({"trainer_id": self.to_id.id})
        self._move_activities(activities)
        self._tell(enrolments, programmes, sessions, returned)

    def _check_hand_back(self):
        """Refuse a day on which nothing could go back.

        :raises UserError: when the day is over, or the trainer is archived
        """
        if not self.hand_back_on:
            return
        if self.hand_back_on < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "Hand back on: %s lies before today. Choose today or a later day, "
                    "or leave it empty when everything stays.",
                    format_date(self.env, self.hand_back_on),
                )
            )
        if not self.from_id.active:
            raise UserError(
                self.env._(
                    "Hand back on: the user %s is archived, so nothing can go back. "
                    "Leave it empty.",
                    self.from_id.name,
                )
            )

    def _keep_stand_in(self, enrolments, programmes, sessions):
        """Keep what moved until the day on which it goes back, where there is one."""
        if not self.hand_back_on:
            return
        # sudo: a stand-in follows from handing over, which takes a training manager;
        # nobody has the right to make one
        self.env["training.stand.in"].sudo().create(
            {
                "company_id": self.company_id.id,
                "original_id": self.from_id.id,
                "stand_in_id": self.to_id.id,
                "date_from": fields.Date.context_today(self),
                "until": self.hand_back_on,
                "enrolment_ids": [Command.set(enrolments.ids)],
                "programme_ids": [Command.set(programmes.ids)],
                "session_ids": [Command.set(sessions.ids)],
            }
        )

    def _check_new_trainer(self, enrolments, sessions):
        """Refuse a new trainer who cannot train all of it.

        :raises UserError: naming the trainer and what stands in the way
        """
        if self.from_id == self.to_id:
            raise UserError(
                self.env._("%s has it already. Choose somebody else.", self.to_id.name)
            )
        if not self.to_id.has_group("front_office_training.group_training_trainer"):
            raise UserError(
                self.env._(
                    "%s is not a trainer. Give them the training group Trainer first, "
                    "in the settings of users.",
                    self.to_id.name,
                )
            )
        own = [
            *enrolments.filtered(
                lambda enrolment: enrolment.trainee_user_id == self.to_id
            ).mapped("display_name"),
            *sessions.filtered(
                lambda session: self.to_id in session.attendance_ids.trainee_user_id
            ).mapped("name"),
        ]
        if own:
            raise UserError(
                self.env._(
                    "%(trainer)s is the trainee of: %(names)s. Give these to somebody "
                    "else first, or choose another trainer.",
                    trainer=self.to_id.name,
                    names=", ".join(own),
                )
            )

    def _move_activities(self, activities):
        """Move the reminders; one that the new trainer has already is dropped.

        A sign-off that the old trainer still owes, as somebody's manager, stays.
        """
        Enrolment = self.env["training.enrolment"]
        signoff = Enrolment._get_activity_type("signoff")
        owed = set(
            self.env["training.enrolment.step"]
            .search(
                Domain("enrolment_id", "in", activities.mapped("res_id"))
                & Domain("signer_id", "=", self.from_id.id)
                & Domain("state", "=", "done")
            )
            .enrolment_id.ids
        )
        activities = activities.filtered(
            lambda activity: (
                activity.activity_type_id != signoff or activity.res_id not in owed
            )
        )
        # sudo: the reminders are two other users'; the enrolments bound them
        kept = (
            self.env["mail.activity"]
            .sudo()
            .search(
                Domain("res_model", "=", Enrolment._name)
                & Domain("res_id", "in", activities.mapped("res_id"))
                & Domain("activity_type_id", "in", activities.activity_type_id.ids)
                & Domain("user_id", "=", self.to_id.id)
            )
        )
        held = {(activity.res_id, activity.activity_type_id) for activity in kept}
        doubled = activities.filtered(
            lambda activity: (activity.res_id, activity.activity_type_id) in held
        )
        doubled.unlink()
        # quick: one message about all of it, below, instead of one a reminder
        (activities - doubled).with_context(mail_activity_quick_update=True).write(
            {"user_id": self.to_id.id}
        )

    def _tell(self, enrolments, programmes, sessions, returned):
        """Say in each enrolment's chatter who trains now, and tell the new trainer."""
        names = {"old": self.from_id.name, "new": self.to_id.name}
        if returned:
            body = self.env._(
                "Trainer: %(old)s → %(new)s (end of the stand-in)", **names
            )
            subject = self.env._("Training: %s hands back to you", self.from_id.name)
        else:
            body = self.env._("Trainer: %(old)s → %(new)s", **names)
            subject = self.env._("Training: you take over from %s", self.from_id.name)
        enrolments._message_log_batch(dict.fromkeys(enrolments.ids, body))
        self.env["mail.thread"].message_notify(
            partner_ids=self.to_id.partner_id.ids,
            subject=subject,
            body=self.env._(
                "Enrolments under way: %(enrolments)s. Programmes: %(programmes)s. "
                "Sessions to come: %(sessions)s.",
                enrolments=len(enrolments),
                programmes=len(programmes),
                sessions=len(sessions),
            ),
        )
