from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError


class TrainingEnrolmentStep(models.Model):
    _inherit = "training.enrolment.step"

    channel_id = fields.Many2one(
        "slide.channel",
        string="Course",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    course_completed = fields.Boolean(
        string="Course completed before",
        compute="_compute_course_completed",
        help="The trainee had completed the course already. It does not count by "
        "itself: they tick the step, and the signer judges it.",
    )
    can_open_course = fields.Boolean(compute="_compute_course_rights")
    can_confirm_course = fields.Boolean(compute="_compute_course_rights")

    @api.depends("kind", "channel_id", "trainee_user_id")
    def _compute_course_completed(self):
        courses = self.filtered(lambda step: step.kind == "course")
        # sudo: who completed a course is for eLearning officers; here it concerns
        # steps that the user may read
        memberships = self.env["slide.channel.partner"].sudo()
        completed = memberships._read_group(
            [
                ("channel_id", "in", courses.channel_id.ids),
                # sudo: the contact of a user is for more people than this reads
                ("partner_id", "in", courses.sudo().trainee_user_id.partner_id.ids),
                ("member_status", "=", "completed"),
            ],
            ["channel_id", "partner_id"],
        )
        pairs = {(channel.id, partner.id) for channel, partner in completed}
        for step in self:
            # sudo: as above
            partner = step.sudo().trainee_user_id.partner_id
            step.course_completed = (
                step in courses and (step.channel_id.id, partner.id) in pairs
            )

    @api.depends("kind", "state", "signer_id", "trainee_user_id", "enrolment_id.state")
    @api.depends_context("uid")
    def _compute_course_rights(self):
        for step in self:
            is_open = step.enrolment_id.state == "running" and not step.is_closed
            step.can_open_course = is_open and step._may_open_course()
            step.can_confirm_course = is_open and step._may_confirm_course()

    # --- rights -----------------------------------------------------------------

    def _may_open_course(self):
        """Whether the user may open the course of this step.

        The trainee does; for a trainee without a login those do who would tick.
        """
        self.ensure_one()
        return self.kind == "course" and self._may_do()

    def _may_tick(self):
        """A course is ticked only where its completion cannot sign the step.

        That is for a trainee without a login, and where the course was completed
        before. The signer then judges it like a step of practice.
        """
        self.ensure_one()
        by_hand = self.kind != "course" or (
            not self.trainee_user_id or self.course_completed
        )
        return by_hand and super()._may_tick()

    def _may_confirm_course(self):
        """Whether the user may say that they went through the course with the trainee.

        The signer may, for a trainee without a login.
        """
        self.ensure_one()
        return self.kind == "course" and not self.trainee_user_id and self._may_sign()

    def _check_right(self, method_name, message):
        """Say of a course why nobody ticks it."""
        self.check_access("read")
        if method_name == "_may_tick":
            for step in self:
                if step._may_open_course() and not step._may_tick():
                    raise AccessError(
                        self.env._(
                            "%s is a course: it is not ticked by hand. Completing the "
                            "course signs it.",
                            step.name,
                        )
                    )
        return super()._check_right(method_name, message)

    # --- actions ----------------------------------------------------------------

    def action_open_course(self):
        """Make the user a member of the course and open it.

        For a trainee without a login the trainer opens it, and they go through it
        together.

        :return: action that opens the page of the course
        :raises AccessError: when it is neither the trainee nor, for somebody without a
            login, the trainer
        :raises UserError: when the step is closed, or the course is
        """
        self.ensure_one()
        self._check_right(
            "_may_open_course",
            self.env._("%s is not yours to follow: the trainee does that."),
        )
        self._check_running()
        self._check_state(
            ("to_do", "failed", "done"), self.env._("%s is closed already.")
        )
        # sudo: the step invites to the course, whoever may invite to it otherwise
        channel = self.sudo().channel_id
        if not channel._is_open_for_training():
            raise UserError(
                self.env._(
                    "%(step)s: the course “%(course)s” is not open. Ask whoever is "
                    "responsible for the programme to publish it.",
                    step=self.name,
                    course=channel.name,
                )
            )
        channel._action_add_members(self.env.user.partner_id)
        return {
            "type": "ir.actions.act_url",
            "url": channel.website_url,
            "target": "self" if self.trainee_user_id else "new",
        }

    def action_confirm_course(self):
        """Sign the course of a trainee without a login, who completed it with the user.

        :raises AccessError: when the user does not sign the step, or the trainee can
            complete the course themselves
        :raises UserError: when the step is closed
        """
        self._check_right(
            "_may_confirm_course",
            self.env._(
                "%s is not yours to confirm: the person named on the step does, for a "
                "trainee without a login."
            ),
        )
        self._check_running()
        self._check_state(
            ("to_do", "failed", "done"), self.env._("%s is closed already.")
        )
        # sudo: the right is checked above, and write() lets nobody else through
        self.sudo().write(
            {"done_on": fields.Datetime.now(), "done_by_id": self.env.uid}
        )
        self._judge(True, self.env._("Completed together with %s.", self.env.user.name))

    def _sign_completed_course(self):
        """Sign the steps whose courses the trainees have just completed.

        :return: the new ``training.attempt`` records
        """
        # OdooBot judges, so that nobody signs for themselves.
        steps = self.with_user(SUPERUSER_ID)
        for trainee, group in steps.grouped("trainee_user_id").items():
            group.write({"done_on": fields.Datetime.now(), "done_by_id": trainee.id})
        return steps._judge(True) if steps else steps.attempt_ids
