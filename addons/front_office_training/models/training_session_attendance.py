from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TrainingSessionAttendance(models.Model):
    """A trainee who is invited to a session, and whether they came.

    It changes no step: who was absent keeps theirs as they were.
    """

    _name = "training.session.attendance"
    _description = "Attendance at a Session"
    _order = "session_id, employee_id, id"
    _rec_name = "enrolment_id"
    _check_company_auto = True

    session_id = fields.Many2one(
        "training.session", required=True, index=True, ondelete="cascade"
    )
    enrolment_id = fields.Many2one(
        "training.enrolment",
        string="Trainee",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, index=True, precompute=True
    )
    employee_id = fields.Many2one(
        related="enrolment_id.employee_id",
        string="Employee",
        store=True,
        index=True,
        precompute=True,
    )
    trainee_user_id = fields.Many2one(
        related="enrolment_id.trainee_user_id",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    programme_id = fields.Many2one(related="enrolment_id.programme_id")
    session_state = fields.Selection(
        related="session_id.state", string="State of the session"
    )
    state = fields.Selection(
        [("invited", "Invited"), ("present", "Present"), ("absent", "Absent")],
        string="Attendance",
        required=True,
        default="invited",
        index=True,
    )

    _once = models.UniqueIndex(
        "(session_id, enrolment_id)",
        "This trainee is on the list of the session already.",
    )

    @api.constrains("session_id", "enrolment_id")
    def _check_enrolment(self):
        self.session_id._check_trainer_is_not_trainee()
        for attendance in self:
            programme = attendance.session_id.programme_id
            if programme and attendance.enrolment_id.programme_id != programme:
                raise ValidationError(
                    self.env._(
                        "%(session)s: %(enrolment)s is not an enrolment in “%(name)s”. "
                        "Choose another trainee, or leave the session's programme "
                        "empty.",
                        session=attendance.session_id.name,
                        enrolment=attendance.enrolment_id.display_name,
                        name=programme.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Invite trainees whom the user may see, to sessions that are open.

        :raises AccessError: when the user may not read one of the enrolments
        :raises UserError: when the session is held or cancelled
        """
        attendances = super().create(vals_list)
        attendances._check_may_change()
        attendances.filtered(
            lambda attendance: attendance.session_id.state == "planned"
        )._notify(self.env._("Training session"))
        return attendances

    def write(self, vals):
        """Change an attendance while its session is open.

        :raises AccessError: when the user may not read the enrolment
        :raises UserError: when the session is held or cancelled
        """
        self.check_access("write")
        self._check_may_change()
        result = super().write(vals)
        if not vals.keys().isdisjoint({"session_id", "enrolment_id"}):
            self._check_may_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self._check_may_change()

    def _check_may_change(self):
        """Refuse what the user may not see, and what belongs to a closed session."""
        if self.env.su:
            return
        self.enrolment_id.check_access("read")
        self.session_id._check_open()

    def _notify(self, subject):
        """Tell the trainees when and where, each in their language and time zone.

        :param subject: what it is about: an invitation, a change, that it is called off
        """
        for session, attendances in self.grouped("session_id").items():
            groups = attendances.trainee_user_id.grouped(
                lambda user: (user.lang, user.tz)
            )
            for (lang, tz), users in groups.items():
                session.message_notify(
                    partner_ids=users.partner_id.ids,
                    subject=self.env._(
                        "%(subject)s: %(session)s",
                        subject=subject,
                        session=session.name,
                    ),
                    body=session.with_context(lang=lang)._prepare_invitation(
                        subject, tz
                    ),
                )

    def action_present(self):
        """Say that these trainees came."""
        self.write({"state": "present"})

    def action_absent(self):
        """Say that these trainees did not come; their steps stay as they are."""
        self.write({"state": "absent"})
