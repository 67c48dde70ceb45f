from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


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
            wizard.activity_count = len(wizard._get_activities())

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

    def _get_activities(self):
        """Return the trainer's reminders about what moves.

        Besides the enrolments that name the trainer, these are the enrolments that the
        trainer signs as the one responsible for a programme.
        """
        Enrolment = self.env["training.enrolment"]
        enrolments = self._get_enrolments() | Enrolment.search(
            Domain("programme_id", "in", self._get_programmes().ids)
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
        activities = self._get_activities()
        # One line in each chatter instead of a tracked value: thousands may move.
        enrolments.with_context(tracking_disable=True).write(
            {"trainer_id": self.to_id.id}
        )
        programmes.write({"responsible_id": self.to_id.id})
        sessions.write({"trainer_id": self.to_id.id})
        self._move_activities(activities)
        self._tell(enrolments, programmes, sessions)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_action"
            ),
            "domain": [("id", "in", enrolments.ids)],
            "context": {},
        }

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

    def _tell(self, enrolments, programmes, sessions):
        """Say in each enrolment's chatter who trains now, and tell the new trainer."""
        body = self.env._(
            "Trainer: %(old)s → %(new)s", old=self.from_id.name, new=self.to_id.name
        )
        enrolments._message_log_batch(dict.fromkeys(enrolments.ids, body))
        self.env["mail.thread"].message_notify(
            partner_ids=self.to_id.partner_id.ids,
            subject=self.env._("Training: you take over from %s", self.from_id.name),
            body=self.env._(
                "Enrolments under way: %(enrolments)s. Programmes: %(programmes)s. "
                "Sessions to come: %(sessions)s.",
                enrolments=len(enrolments),
                programmes=len(programmes),
                sessions=len(sessions),
            ),
        )
