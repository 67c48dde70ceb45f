from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ... import interview_plan

# part of the plan, which is fixed once the scorecards are handed out
PLAN_FIELDS = {
    "interviewer_ids",
    "line_ids",
    "style",
    "minutes",
    "welcome_minutes",
    "closing_minutes",
}
# written by the buttons only
BUTTON_FIELDS = {
    "state",
    "role_id",
    "scorecard_ids",
    "event_ids",
    "kit_attachment_id",
    "last_submitted_on",
    "invited_on",
    "invited_count",
    "invited_times",
    "invited_details",
}


class InterviewRound(models.Model):
    """An interview of an applicant: who asks what, for how long, and the scorecards.

    The plan is made from the role of the job and may be edited until the scorecards
    are handed out. From then on it is fixed: everybody is rated on what was planned,
    and nobody joins who may have seen a rating.
    """

    _name = "interview.round"
    _description = "Interview Round"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, default=lambda self: self.env._("First interview")
    )
    applicant_id = fields.Many2one(
        "hr.applicant", required=True, index=True, ondelete="cascade"
    )
    job_id = fields.Many2one(
        related="applicant_id.job_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="applicant_id.company_id", store=True, index="btree_not_null"
    )
    role_id = fields.Many2one(
        "office.role",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The role that the plan was made from.",
    )
    interviewer_ids = fields.Many2many(
        "res.users",
        "interview_round_interviewer_rel",
        "round_id",
        "user_id",
        string="Interviewers",
        compute="_compute_interviewer_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Two or more, so that two people hear every must-have.",
    )
    style = fields.Selection(
        [("panel", "Together, in one meeting"), ("separate", "One after another")],
        string="Meeting",
        required=True,
        default="panel",
    )
    minutes = fields.Integer(
        string="Minutes in all",
        required=True,
        default=60,
        help="How long one meeting takes.",
    )
    welcome_minutes = fields.Integer(
        string="… for the welcome", required=True, default=5
    )
    closing_minutes = fields.Integer(
        string="… for their questions",
        required=True,
        default=5,
        help="Minutes at the end for what the applicant wants to know.",
    )
    start = fields.Datetime(string="Begins", tracking=True)
    state = fields.Selection(
        [("draft", "Plan"), ("open", "Scorecards handed out"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    last_submitted_on = fields.Datetime(
        string="Last scorecard", readonly=True, copy=False
    )
    line_ids = fields.One2many(
        "interview.round.line", "round_id", string="Who asks what", copy=True
    )
    scorecard_ids = fields.One2many(
        "interview.scorecard", "round_id", string="Scorecards", readonly=True
    )
    scorecard_count = fields.Integer(
        string="Scorecards handed out", compute="_compute_scorecard_count"
    )
    submitted_count = fields.Integer(
        string="Scorecards submitted", compute="_compute_scorecard_count"
    )
    my_scorecard_id = fields.Many2one(
        "interview.scorecard", compute="_compute_my_scorecard_id"
    )
    plan_note = fields.Text(compute="_compute_plan_note")
    event_ids = fields.One2many(
        "calendar.event", "interview_round_id", string="Meetings", readonly=True
    )
    kit_attachment_id = fields.Many2one(
        "ir.attachment", string="Kit", readonly=True, copy=False, index="btree_not_null"
    )

    _minutes_range = models.Constraint(
        "CHECK (minutes BETWEEN 1 AND 600 AND welcome_minutes >= 0"
        " AND closing_minutes >= 0)",
        "A meeting takes 1 to 600 minutes, of which the welcome and the applicant's "
        "questions take none or more.",
    )

    @api.depends("applicant_id")
    def _compute_interviewer_ids(self):
        """Suggest those whom the application or the job position names."""
        for interview in self:
            applicant = interview.applicant_id
            interview.interviewer_ids = (
                interview.interviewer_ids
                or applicant.interviewer_ids
                or applicant.job_id.interviewer_ids
            )

    @api.depends("name", "applicant_id")
    def _compute_display_name(self):
        for interview in self:
            interview.display_name = interview.name
            if applicant := interview.applicant_id:
                interview.display_name = self.env._(
                    "%(applicant)s: %(round)s",
                    applicant=applicant.partner_name or "",
                    round=interview.name or "",
                )

    @api.depends("scorecard_ids.state")
    def _compute_scorecard_count(self):
        # sudo: how many there are says nothing about what stands in them
        groups = (
            self.env["interview.scorecard"]
            .sudo()
            ._read_group(
                [("round_id", "in", self.ids)], ["round_id", "state"], ["__count"]
            )
        )
        counts = {(interview.id, state): count for interview, state, count in groups}
        for interview in self:
            draft = counts.get((interview._origin.id, "draft"), 0)
            submitted = counts.get((interview._origin.id, "submitted"), 0)
            interview.submitted_count = submitted
            interview.scorecard_count = draft + submitted

    @api.depends_context("uid")
    @api.depends("scorecard_ids.interviewer_id")
    def _compute_my_scorecard_id(self):
        cards = self.env["interview.scorecard"].search(
            [("round_id", "in", self.ids), ("interviewer_id", "=", self.env.uid)]
        )
        by_round = cards.grouped("round_id")
        for interview in self:
            interview.my_scorecard_id = by_round.get(interview._origin, False)

    @api.depends(
        "interviewer_ids",
        "line_ids.skill_id",
        "line_ids.must_have",
        "line_ids.interviewer_id",
        "line_ids.minutes",
        "line_ids.question",
        "minutes",
        "welcome_minutes",
        "closing_minutes",
        "style",
    )
    def _compute_plan_note(self):
        for interview in self:
            interview.plan_note = "\n".join(interview._get_plan_notes()) or False

    def _get_plan_notes(self):
        """Return sentences on what the plan leaves open; an empty list if nothing."""
        self.ensure_one()
        if not self.line_ids:
            return []
        notes = []
        if len(self.interviewer_ids) == 1:
            notes.append(
                self.env._(
                    "There is one interviewer: every must-have is heard once, not "
                    "twice. Choose a second interviewer and make the plan again."
                )
            )
        elif once := self._get_must_haves_heard_once():
            notes.append(
                self.env._(
                    "Only one interviewer asks about these must-haves: %s.",
                    ", ".join(once.mapped("name")),
                )
            )
        silent = self.line_ids.filtered(lambda line: not line.question).skill_id
        if silent:
            notes.append(
                self.env._(
                    "No question yet for: %s. Write one here, or in Recruitment "
                    "→ Configuration → Questions.",
                    ", ".join(silent.mapped("name")),
                )
            )
        return notes + self._get_time_notes()

    def _get_must_haves_heard_once(self):
        """Return the must-haves that fewer than two people ask about."""
        must_haves = self.line_ids.filtered("must_have")
        askers = {
            skill: lines.interviewer_id
            for skill, lines in must_haves.grouped("skill_id").items()
        }
        return must_haves.skill_id.filtered(
            lambda skill: len(askers[skill]) < interview_plan.ASKERS_OF_A_MUST_HAVE
        )

    def _get_time_notes(self):
        """Return a sentence for each meeting whose minutes do not add up."""
        return [
            self.env._(
                "%(who)s: the questions, the welcome and the applicant's questions "
                "take %(planned)s minutes, the meeting %(minutes)s. Change the "
                "minutes, or make the plan again.",
                who=", ".join(users.mapped("name")),
                planned=planned,
                minutes=self.minutes,
            )
            for users, lines in self._get_meetings()
            if lines and (planned := self._get_planned_minutes(lines)) != self.minutes
        ]

    def _get_meetings(self):
        """Return the meetings: who interviews in each, and which lines belong to it."""
        self.ensure_one()
        if self.style == "panel":
            return [(self.interviewer_ids, self.line_ids)]
        by_user = self.line_ids.grouped("interviewer_id")
        return [
            (user, by_user.get(user._origin, self.line_ids.browse()))
            for user in self._get_askers()
        ]

    def _get_askers(self):
        """Return the interviewers in the order in which they take their turns."""
        return self.interviewer_ids.sorted(lambda user: user._origin.id)

    def _get_planned_minutes(self, lines):
        return sum(lines.mapped("minutes"), self.welcome_minutes + self.closing_minutes)

    # --- the plan ---------------------------------------------------------------------

    def action_plan(self):
        """Make the plan from the role of the job, in place of the one that is there.

        :raises UserError: if the round is not a plan any more, has no interviewers,
            or the job position has no role with skills
        """
        self.check_access("write")
        for interview in self:
            interview._check_is_plan()
            role, requirements = interview._get_requirements()
            interview.write(
                {
                    "line_ids": [
                        Command.clear(),
                        *map(Command.create, interview._plan(requirements)),
                    ]
                }
            )
            # sudo: the role is written here only, see BUTTON_FIELDS
            interview.sudo().role_id = role

    def _get_requirements(self):
        """Return the role of the job, and the requirements that the interview is on.

        :raises UserError: if something is missing
        """
        self.ensure_one()
        applicant = self.applicant_id
        role = applicant.job_id.office_role_id
        if not self.interviewer_ids:
            raise UserError(
                self.env._(
                    "%s: nobody interviews. Choose the interviewers first.",
                    self.display_name,
                )
            )
        if not role:
            raise UserError(
                self.env._(
                    "%s: the plan is made from the role of the job. Give the "
                    "application a job position that has a role.",
                    self.display_name,
                )
            )
        requirements = applicant.office_role_version_id.skill_ids or role.skill_ids
        if not requirements:
            raise UserError(
                self.env._(
                    "%(round)s: the role %(role)s asks for no skills. Add skills to "
                    "the role.",
                    round=self.display_name,
                    role=role.name,
                )
            )
        return role, requirements

    def _plan(self, requirements):
        """Return the values of the lines: who asks what, and for how long."""
        self.ensure_one()
        skills = requirements.skill_id
        users = self._get_askers()
        questions = self.env["interview.question"]._get_by_skill(
            skills, self.company_id
        )
        anchors = self.env["interview.skill.guide"]._get_anchors(
            skills, self.company_id
        )
        askers = interview_plan.assign(
            [
                interview_plan.Topic(line.id, line.must_have, line.weight)
                for line in requirements
            ],
            len(users),
        )
        lines = []
        for requirement, numbers in zip(requirements, askers, strict=True):
            skill = requirement.skill_id
            known = questions.get(skill)
            for place, number in enumerate(numbers):
                lines.append(
                    {
                        "sequence": len(lines) + 1,
                        "skill_id": skill.id,
                        "must_have": requirement.must_have,
                        "weight": requirement.weight,
                        "interviewer_id": users[number].id,
                        # two who ask about the same skill ask something else
                        "question": known and known[place % len(known)].name,
                        **anchors.get(skill, {}),
                    }
                )
        self._share_minutes(lines)
        return lines

    def _share_minutes(self, lines):
        """Put minutes into the values of lines; in a meeting they fill its time.

        :raises UserError: if there is less than a minute for a question
        """
        spare = self.minutes - self.welcome_minutes - self.closing_minutes
        meetings = [lines]
        if self.style == "separate":
            meetings = [
                [line for line in lines if line["interviewer_id"] == user.id]
                for user in self._get_askers()
            ]
        for meeting in meetings:
            if spare < len(meeting):
                raise UserError(
                    self.env._(
                        "%(round)s: %(minutes)s minutes are too few for %(questions)s "
                        "questions, a welcome of %(welcome)s and %(closing)s minutes "
                        "for the applicant. Make the meeting longer.",
                        round=self.display_name,
                        minutes=self.minutes,
                        questions=len(meeting),
                        welcome=self.welcome_minutes,
                        closing=self.closing_minutes,
                    )
                )
            weights = [line["weight"] for line in meeting]
            shares = interview_plan.share_minutes(weights, spare)
            for line, share in zip(meeting, shares, strict=True):
                line["minutes"] = share

    def _check_is_plan(self):
        for interview in self:
            if interview.state != "draft":
                raise UserError(
                    self.env._(
                        "%s: the scorecards are handed out, so the plan is fixed. Take "
                        "them back first, or begin another round.",
                        interview.display_name,
                    )
                )

    # --- the scorecards ---------------------------------------------------------------

    def action_open(self):
        """Fix the plan and hand a scorecard to each interviewer who asks something.

        :raises UserError: if the plan is empty or does not add up
        """
        self.check_access("write")
        self._check_is_plan()
        for interview in self:
            interview._check_plan()
            # as the recruiter: Odoo gives the interviewers the right to see this
            # candidate, and tells them
            missing = interview.interviewer_ids - interview.applicant_id.interviewer_ids
            if missing:
                interview.applicant_id.write(
                    {"interviewer_ids": [Command.link(user.id) for user in missing]}
                )
        # sudo: scorecards come into being here only; the right was checked above
        self.sudo()._hand_out()

    def _check_plan(self):
        self.ensure_one()
        strangers = self.line_ids.interviewer_id - self.interviewer_ids
        idle = self.interviewer_ids - self.line_ids.interviewer_id
        problem = False
        if not self.line_ids:
            problem = self.env._("there is no plan yet. Make the plan first.")
        elif strangers or idle:
            problem = self.env._(
                "the plan does not agree with the interviewers: %s. Make the plan "
                "again, or change who asks what.",
                ", ".join((strangers | idle).mapped("name")),
            )
        elif notes := self._get_time_notes():
            problem = "\n".join(notes)
        if problem:
            raise UserError(
                self.env._(
                    "%(round)s: %(problem)s", round=self.display_name, problem=problem
                )
            )

    def _hand_out(self):
        """Create the scorecards and the activities."""
        self.env["interview.scorecard"].create(
            [
                {
                    "round_id": interview.id,
                    "interviewer_id": user.id,
                    "line_ids": [
                        Command.create({"round_line_id": line.id})
                        for line in lines.sorted(
                            lambda line: (not line.must_have, line.sequence, line.id)
                        )
                    ],
                }
                for interview in self
                for user, lines in interview.line_ids.grouped("interviewer_id").items()
            ]
        )
        self.write({"state": "open"})
        for interview in self:
            for user in interview.line_ids.interviewer_id:
                interview.activity_schedule(
                    "office_role_hiring.mail_activity_type_scorecard",
                    date_deadline=(interview.start or fields.Datetime.now()).date(),
                    user_id=user.id,
                )

    def action_take_back(self):
        """Take the scorecards back, to change the plan; nothing may stand in them.

        :raises UserError: if somebody has begun
        """
        self.check_access("write")
        # sudo: whether something stands in a scorecard; nothing of it is shown
        rounds = self.sudo()
        for interview in rounds:
            cards = interview.scorecard_ids
            if any(card._is_begun() for card in cards):
                raise UserError(
                    self.env._(
                        "%s: a scorecard has been begun or submitted, so the plan "
                        "stays. Begin another round.",
                        interview.display_name,
                    )
                )
        rounds.scorecard_ids.unlink()
        rounds._unlink_scorecard_activities()
        rounds.write({"state": "draft"})

    def action_close(self):
        """End the round although scorecards are missing; those are taken back.

        :raises UserError: if the user owes a scorecard: closing would show the others'
        """
        self.check_access("write")
        for interview in self:
            if interview.my_scorecard_id.state == "draft":
                raise UserError(
                    self.env._(
                        "%s: submit your own scorecard first, or let another recruiter "
                        "end the round: you would see the ratings of the others.",
                        interview.display_name,
                    )
                )
            if not interview.submitted_count:
                raise UserError(
                    self.env._(
                        "%s: no scorecard has been submitted. Take the scorecards back "
                        "instead.",
                        interview.display_name,
                    )
                )
        # sudo: the scorecards of others, which the recruiter does not see
        rounds = self.sudo()
        rounds.scorecard_ids.filtered(lambda card: card.state == "draft").unlink()
        rounds._unlink_scorecard_activities()
        rounds.write({"state": "done"})

    def _scorecard_submitted(self, user):
        """Close the activity of somebody who has submitted, and the round if all have.

        Called in sudo mode by ``interview.scorecard.action_submit``.
        """
        self.ensure_one()
        self.activity_feedback(
            ["office_role_hiring.mail_activity_type_scorecard"], user_id=user.id
        )
        # written each time: of two who submit at once, the second waits, is tried again
        # and sees that nobody is missing
        self.write({"last_submitted_on": fields.Datetime.now()})
        if all(card.state == "submitted" for card in self.scorecard_ids):
            self.write({"state": "done"})

    def _unlink_scorecard_activities(self):
        self.activity_unlink(["office_role_hiring.mail_activity_type_scorecard"])

    def action_my_scorecard(self):
        """Open the scorecard of whoever asks."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My scorecard"),
            "res_model": "interview.scorecard",
            "view_mode": "form",
            "res_id": self.my_scorecard_id.id,
        }

    # --- the calendar -----------------------------------------------------------------

    def action_schedule(self):
        """Put the meetings into the interviewers' calendars, with the kit linked.

        The kit is attached to the round, not to the meeting: whoever may see the
        calendar need not see the questions. The applicant is not invited with it.

        :raises UserError: if the round has no beginning or is a plan only
        """
        self.ensure_one()
        self.check_access("write")
        if not self.start or self.state == "draft":
            raise UserError(
                self.env._(
                    "%s: say when the interview begins and hand out the scorecards, "
                    "then schedule it.",
                    self.display_name,
                )
            )
        self._attach_kit()
        values = self._get_event_values()
        # sudo: the meetings are private, and may be another recruiter's
        events = self.sudo().event_ids.sorted("start")
        if len(events) == len(values):
            for event, vals in zip(events, values, strict=True):
                event.write(vals)
        else:
            events.unlink()
            self.env["calendar.event"].create(values)

    def _get_event_values(self):
        """Return the values of the meetings, one after another if they are separate."""
        self.ensure_one()
        link = f"/web/content/{self.kit_attachment_id.id}?download=true"
        return [
            {
                "name": self.env._("Interview: %s", self.applicant_id.partner_name),
                "start": self.start + timedelta(minutes=number * self.minutes),
                "stop": self.start + timedelta(minutes=(number + 1) * self.minutes),
                "user_id": self.env.uid,
                "partner_ids": [Command.set(users.partner_id.ids)],
                "applicant_id": self.applicant_id.id,
                "interview_round_id": self.id,
                # a colleague sees that somebody is busy, not who applies
                "privacy": "private",
                "description": self.env["ir.qweb"]._render(
                    "office_role_hiring.interview_invitation",
                    {"interview": self, "link": link},
                ),
            }
            for number, (users, _lines) in enumerate(self._get_meetings())
        ]

    def _attach_kit(self):
        """Print the kit and keep it on the round, in place of an earlier print."""
        self.ensure_one()
        report = self.env["ir.actions.report"]
        name = "office_role_hiring.interview_round_report"
        if report.get_wkhtmltopdf_state() in ("install", "broken"):
            content, extension = report._render_qweb_html(name, self.ids)
        else:
            content, extension = report._render_qweb_pdf(name, self.ids)
        vals = {
            "name": f"{self.display_name}.{extension}".replace("/", "-"),
            "raw": content,
            "res_model": self._name,
            "res_id": self.id,
        }
        # sudo: which attachment is the kit is written here only
        interview = self.sudo()
        if interview.kit_attachment_id:
            interview.kit_attachment_id.write(vals)
        else:
            interview.kit_attachment_id = self.env["ir.attachment"].create(vals)

    # --- guards -----------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Take no default from the context for what only the buttons write."""
        values = super().default_get(
            [name for name in fields if name not in BUTTON_FIELDS]
        )
        return values | ({"state": "draft"} if "state" in fields else {})

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_button_fields(
                    name
                    for name, value in vals.items()
                    if value and (name, value) != ("state", "draft")
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_button_fields(vals)
            if "applicant_id" in vals:
                self._check_same_applicant(vals["applicant_id"])
            if PLAN_FIELDS & vals.keys():
                self._check_is_plan()
        return super().write(vals)

    def unlink(self):
        # sudo: the meetings are private, and may be another recruiter's
        events = self.sudo().event_ids
        result = super().unlink()
        events.unlink()
        return result

    def _check_button_fields(self, names):
        """Refuse what only the buttons write.

        :raises AccessError: naming the fields
        """
        if forbidden := BUTTON_FIELDS & set(names):
            raise AccessError(
                self.env._(
                    "Interview round: %s cannot be set by hand. Use the buttons of the "
                    "round.",
                    ", ".join(self._fields[name].string for name in sorted(forbidden)),
                )
            )

    def _check_same_applicant(self, applicant_id):
        for interview in self:
            if interview.applicant_id.id != applicant_id:
                raise UserError(
                    self.env._(
                        "%s: a round stays with its applicant. Begin another round for "
                        "somebody else.",
                        interview.display_name,
                    )
                )

    @api.constrains("interviewer_ids", "company_id")
    def _check_interviewers(self):
        for interview in self:
            # sudo: an interviewer's companies, whatever the recruiter may see of users
            users = interview.sudo().interviewer_ids
            strangers = users.filtered(
                lambda user, company=interview.company_id: (
                    user.share or (company and company not in user.company_ids)
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(round)s: %(users)s cannot interview here. Interviewers are "
                        "internal users who may work in %(company)s.",
                        round=interview.display_name,
                        users=", ".join(strangers.mapped("name")),
                        company=interview.company_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_without_ratings(self):
        # sudo: whether something stands in a scorecard; nothing of it is shown
        for interview in self.sudo():
            if any(card._is_begun() for card in interview.scorecard_ids):
                raise UserError(
                    self.env._(
                        "%s: a scorecard has been begun or submitted, so the round "
                        "stays with the application.",
                        interview.display_name,
                    )
                )
