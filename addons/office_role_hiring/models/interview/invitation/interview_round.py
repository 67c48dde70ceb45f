from hashlib import sha256
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, format_time

from ....interview_ics import identify


class InterviewRound(models.Model):
    """The invitation of the applicant: when, where and with whom; nothing else.

    Time, place and video link are those of the meetings in the calendar. Neither the
    kit nor a scorecard is read here.
    """

    _inherit = "interview.round"  # pylint: disable=consider-merging-classes-inherited

    invited_on = fields.Datetime(string="Invitation sent", readonly=True, copy=False)
    invited_count = fields.Integer(
        string="Invitations sent", readonly=True, copy=False, aggregator=None
    )
    # prints of what was told, to see a change; a place or a link is not kept twice
    invited_times = fields.Char(readonly=True, copy=False)
    invited_details = fields.Char(readonly=True, copy=False)
    invitation_state = fields.Selection(
        [
            ("none", "Not invited"),
            ("sent", "Invited"),
            ("failed", "Not delivered"),
            ("moved", "Meeting to be moved"),
            ("time", "Time has changed"),
            ("details", "Place or people have changed"),
        ],
        string="Invitation",
        compute="_compute_invitation_state",
        compute_sudo=True,
    )
    invitation_note = fields.Char(compute="_compute_invitation_note")
    # what the template of the e-mail shows
    invitation_lang = fields.Char(
        compute="_compute_invitation_text",
        compute_sudo=True,
        groups="hr_recruitment.group_hr_recruitment_user",
    )
    invitation_headline = fields.Char(
        compute="_compute_invitation_text",
        compute_sudo=True,
        groups="hr_recruitment.group_hr_recruitment_user",
    )
    invitation_details = fields.Html(
        compute="_compute_invitation_text",
        compute_sudo=True,
        sanitize=False,
        groups="hr_recruitment.group_hr_recruitment_user",
    )

    # --- what was told, and what holds now --------------------------------------------

    @api.depends(
        "start",
        "interviewer_ids",
        "event_ids.start",
        "event_ids.stop",
        "event_ids.location",
        "event_ids.videocall_location",
        "event_ids.partner_ids",
        "invited_on",
        "invited_times",
        "invited_details",
    )
    def _compute_invitation_state(self):
        failed = self._get_failed_invitations()
        for interview in self:
            interview.invitation_state = interview._get_invitation_state(failed)

    def _get_invitation_state(self, failed):
        """Return how the invitation stands; False as long as there is no meeting.

        :param failed: ids of rounds of which an e-mail failed
        """
        self.ensure_one()
        events = self._get_invitation_events()
        if not events:
            return False
        if self.start != events[0].start:
            return "moved"
        if not self.invited_on:
            return "none"
        if self.invited_times != self._get_invitation_times(events):
            return "time"
        if self.invited_details != self._get_invitation_details(events):
            return "details"
        return "failed" if self._origin.id in failed else "sent"

    def _get_failed_invitations(self):
        """Return the ids of those of these rounds of which an e-mail failed."""
        # sudo: nobody reads the queue of e-mails
        failed = self.env["mail.mail"].sudo()
        failed = failed.search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self._origin.ids),
                ("state", "=", "exception"),
            ]
        )
        return set(failed.mapped("res_id"))

    def _get_invitation_events(self):
        """Return the meetings in their order, in superuser mode."""
        # sudo: the meetings are private, and may be another recruiter's
        return self.sudo().event_ids.sorted("start")

    @api.model
    def _get_invitation_times(self, events):
        return ", ".join(
            f"{fields.Datetime.to_string(event.start)} "
            f"{fields.Datetime.to_string(event.stop)}"
            for event in events
        )

    def _get_invitation_details(self, events):
        """Return a print of place, link and people of the meetings."""
        details = [
            (
                event.location or "",
                event.videocall_location or "",
                sorted(self._get_invitation_people(event).ids),
            )
            for event in events
        ]
        return sha256(repr(details).encode()).hexdigest()

    def _get_invitation_people(self, event):
        """Return the interviewers of a meeting, as contacts."""
        # sudo: as in _get_invitation_events
        return self.sudo().interviewer_ids.partner_id & event.partner_ids

    @api.depends("invitation_state")
    @api.depends_context("lang", "tz")
    def _compute_invitation_note(self):
        for interview in self:
            interview.invitation_note = interview._get_invitation_note()

    def _get_invitation_note(self):
        """Return how the invitation stands and what to do, in a sentence."""
        self.ensure_one()
        sent_on = self.invited_on and fields.Datetime.context_timestamp(
            self, self.invited_on
        ).strftime("%Y-%m-%d %H:%M")
        notes = {
            "none": self.env._(
                "The applicant is not invited yet. Place and video link are those of "
                "the meeting in the calendar: add them there first."
            ),
            "sent": self.env._("The applicant was invited on %s.", sent_on),
            "failed": self.env._(
                "The invitation of %s could not be delivered. Check the e-mail address "
                "of the application, and send it again.",
                sent_on,
            ),
            "moved": self.env._(
                "The meeting in the calendar begins at another time than the round. "
                "Press Schedule, or change Begins; then invite the applicant."
            ),
            "time": self.env._(
                "The time has changed since the invitation of %s. Send it again.",
                sent_on,
            ),
            "details": self.env._(
                "Place, video link or interviewers have changed since the invitation "
                "of %s. Send it again.",
                sent_on,
            ),
        }
        return notes.get(self.invitation_state, False)

    # --- the words --------------------------------------------------------------------

    @api.depends("invitation_state")
    @api.depends_context("lang")
    def _compute_invitation_text(self):
        for interview in self:
            company = interview.company_id or self.env.company
            interview.invitation_lang = (
                interview.applicant_id.partner_id.lang
                or company.partner_id.lang
                or self.env.user.lang
            )
            interview.invitation_headline = interview._get_invitation_headline()
            interview.invitation_details = self.env["ir.qweb"]._render(
                "office_role_hiring.interview_applicant_invitation",
                {"meetings": interview._get_invitation_meetings()},
                lang=self.env.lang,
            )

    def _get_invitation_headline(self):
        """Return what is new in the invitation, in the language of the reader."""
        self.ensure_one()
        if not self.invited_on:
            return self.env._("Invitation to an interview")
        if self.invitation_state == "time":
            return self.env._("New time of your interview")
        if self.invitation_state == "details":
            return self.env._("Your interview: something has changed")
        return self.env._("Your interview, once more")

    def _get_invitation_meetings(self):
        """Return the meetings as the applicant is told them.

        :return: list of dicts of texts: ``day``, ``time``, ``zone``, ``place``,
            ``link`` and ``people``
        """
        self.ensure_one()
        zone = self._get_invitation_zone()
        return [
            {
                "day": format_date(
                    self.env,
                    fields.Datetime.context_timestamp(
                        self.with_context(tz=zone), event.start
                    ).date(),
                    lang_code=self.env.lang,
                    date_format="full",
                ),
                "time": " – ".join(
                    format_time(
                        self.env,
                        moment,
                        tz=zone,
                        time_format="short",
                        lang_code=self.env.lang,
                    )
                    for moment in (event.start, event.stop)
                ),
                "zone": zone,
                "place": event.location or "",
                "link": event.videocall_location or "",
                "people": ", ".join(
                    sorted(self._get_invitation_people(event).mapped("name"))
                ),
            }
            for event in self._get_invitation_events()
        ]

    def _get_invitation_zone(self):
        """Return the time zone of the applicant, or else of the company."""
        # sudo: the contact and the calendar of the company, whoever invites
        applicant = self.sudo().applicant_id
        company = applicant.company_id or self.env.company
        return (
            applicant.partner_id.tz
            or company.resource_calendar_id.tz
            or company.partner_id.tz
            or "UTC"
        )

    # --- sending ----------------------------------------------------------------------

    def action_invite_applicant(self):
        """Send the applicants their invitation, and say so on the applications.

        :raises AccessError: for whoever may not change the round
        :raises UserError: if there is no meeting to come, or no e-mail address
        """
        self.check_access("write")
        for interview in self:
            if problem := interview._get_invitation_problem():
                raise UserError(
                    self.env._(
                        "%(round)s: %(problem)s",
                        round=interview.display_name,
                        problem=problem,
                    )
                )
        for interview in self:
            interview._send_invitation()
        return True

    def _get_invitation_problem(self):
        """Return why the applicant cannot be invited and what to do, or nothing."""
        self.ensure_one()
        applicant = self.applicant_id
        events = self._get_invitation_events()
        if self.state == "done" or not applicant.active:
            return self.env._(
                "the round is over, or the application is closed. Begin another round, "
                "or reopen the application."
            )
        if not events:
            return self.env._(
                "there is no meeting yet. Press Schedule, then invite the applicant."
            )
        if self.start != events[0].start:
            return self.env._(
                "the meeting in the calendar begins at another time than the round. "
                "Press Schedule, or change Begins."
            )
        if events[0].start < fields.Datetime.now():
            return self.env._(
                "the interview begins in the past. Change Begins and press Schedule."
            )
        if not (applicant.email_from or "").strip():
            return self.env._(
                "%s has no e-mail address. Add one on the application, or call.",
                applicant.partner_name or applicant.display_name,
            )
        return False

    def _send_invitation(self):
        """Queue the e-mail, note what was told, and log it on the application."""
        self.ensure_one()
        template = self.env.ref("office_role_hiring.mail_template_interview_invitation")
        lang = self.invitation_lang
        # the e-mail goes once it is sent, the message stays on the round
        template.send_mail(
            self.id,
            email_values={
                "attachment_ids": self.with_context(lang=lang)._create_ics_files().ids,
                "is_notification": True,
            },
        )
        when = "; ".join(
            f"{each['day']}, {each['time']} ({each['zone']})"
            for each in self._get_invitation_meetings()
        )
        self.applicant_id._message_log(
            body=self.env._(
                "%(headline)s (%(round)s), sent to %(email)s: %(when)s",
                headline=self.invitation_headline,
                round=self.name,
                email=self.applicant_id.email_from,
                when=when,
            )
        )
        events = self._get_invitation_events()
        # sudo: what was told is written here only, see BUTTON_FIELDS
        self.sudo().write(
            {
                "invited_on": fields.Datetime.now(),
                "invited_count": self.invited_count + 1,
                "invited_times": self._get_invitation_times(events),
                "invited_details": self._get_invitation_details(events),
            }
        )

    def _create_ics_files(self):
        """Return the meetings as files for a calendar, one each.

        They are made of events that are not the interviewers': without description,
        attendees and reminders. Odoo makes none where its library is missing.
        """
        self.ensure_one()
        host = urlsplit(self.get_base_url()).hostname
        company = self.company_id or self.env.company
        values = []
        for number, event in enumerate(self._get_invitation_events(), start=1):
            told = event.with_context(lang=self.env.lang).new(
                {
                    "name": self.env._(
                        "Interview: %(job)s, %(company)s",
                        job=self.job_id.name or self.name,
                        company=company.name,
                    ),
                    "start": event.start,
                    "stop": event.stop,
                    "location": event.location or event.videocall_location,
                    "user_id": self.env.uid,
                    **dict.fromkeys(
                        (
                            "allday",
                            "attendee_ids",
                            "alarm_ids",
                            "description",
                            "partner_ids",
                            "rrule",
                        ),
                        False,
                    ),
                }
            )
            values.extend(
                {
                    "name": "interview.ics"
                    if number == 1
                    else f"interview{number}.ics",
                    "raw": identify(
                        content, f"interview-{event.id}@{host}", self.invited_count
                    ),
                    "mimetype": "text/calendar",
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for content in told._get_ics_file().values()
            )
        return self.env["ir.attachment"].create(values)

    def action_view_meetings(self):
        """Open the meetings of the round in the calendar."""
        self.ensure_one()
        events = self._get_invitation_events()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Meetings"),
            "res_model": "calendar.event",
            "view_mode": "list,form",
            "domain": [("interview_round_id", "=", self.id)],
        }
        if len(events) == 1:
            action |= {"view_mode": "form", "res_id": events.id}
        return action
