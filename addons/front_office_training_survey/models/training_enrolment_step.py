from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError


class TrainingEnrolmentStep(models.Model):
    _inherit = "training.enrolment.step"

    survey_id = fields.Many2one(
        "survey.survey",
        string="Quiz",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    can_start_quiz = fields.Boolean(compute="_compute_can_start_quiz")

    @api.depends("kind", "state", "signer_id", "trainee_user_id", "enrolment_id.state")
    @api.depends_context("uid")
    def _compute_can_start_quiz(self):
        for step in self:
            step.can_start_quiz = step._is_open_for_quiz() and step._may_take_quiz()

    def _is_open_for_quiz(self):
        """Whether an answer to the quiz of this step would count now."""
        self.ensure_one()
        return self.enrolment_id.state == "running" and self.state in (
            "to_do",
            "failed",
        )

    # --- rights -----------------------------------------------------------------

    def _may_take_quiz(self):
        """Whether the user may open the quiz of this step.

        The trainee does; for a trainee without a login those do who would tick.
        """
        self.ensure_one()
        return self.kind == "quiz" and self._may_do()

    def _may_tick(self):
        self.ensure_one()
        return self.kind != "quiz" and super()._may_tick()

    def _may_sign(self):
        self.ensure_one()
        return self.kind != "quiz" and super()._may_sign()

    def _check_right(self, method_name, message):
        """Say of a quiz why nobody ticks or signs it."""
        self.check_access("read")
        if method_name in ("_may_tick", "_may_sign"):
            for step in self.filtered(lambda step: step.kind == "quiz"):
                raise AccessError(
                    self.env._(
                        "%s is a quiz: it is neither ticked nor signed by hand. "
                        "Passing the quiz signs it.",
                        step.name,
                    )
                )
        return super()._check_right(method_name, message)

    # --- actions ----------------------------------------------------------------

    def action_start_quiz(self):
        """Open the quiz for the trainee of this step.

        For a trainee without a login the trainer opens it, on a page that the trainee
        answers beside them.

        :return: action that opens the page of the quiz
        :raises AccessError: when it is neither the trainee nor, for somebody without a
            login, the trainer
        :raises UserError: when the step is closed, or the quiz cannot be taken
        """
        self.ensure_one()
        self._check_right(
            "_may_take_quiz",
            self.env._("%s is not yours to answer: the trainee does that."),
        )
        self._check_running()
        self._check_state(("to_do", "failed"), self.env._("%s is closed already."))
        # sudo: the right is checked above; answer sheets are for survey officers
        sheet = self.sudo()._get_quiz_sheet(
            self.env["res.users"] if self.trainee_user_id else self.env.user
        )
        return {
            "type": "ir.actions.act_url",
            "url": sheet.get_start_url(),
            "target": "new" if sheet.training_opened_by_id else "self",
        }

    def action_view_answers(self):
        """Open the answers of the last attempt.

        :return: action that opens the page with the corrected answers
        :raises UserError: when the quiz was not handed in yet
        """
        self.ensure_one()
        attempts = self.attempt_ids.filtered("user_input_id")
        if not attempts:
            raise UserError(
                self.env._("%s: the quiz was not handed in yet.", self.name)
            )
        return attempts.sorted("number")[-1].action_view_answers()

    def _get_quiz_sheet(self, opener):
        """Return the answer sheet that is to be filled in: the one begun, or a new one.

        :param opener: who opens it for a trainee without a login, else no user
        :return: ``survey.user_input`` record
        :raises UserError: when the quiz is archived, or no attempt is left
        """
        self.ensure_one()
        if not self.survey_id.active:
            raise UserError(
                self.env._(
                    "%(step)s: the quiz “%(quiz)s” is archived. Ask whoever is "
                    "responsible for the programme to open it again.",
                    step=self.name,
                    quiz=self.survey_id.title,
                )
            )
        sheets = self.env["survey.user_input"].search(
            [("training_enrolment_step_id", "=", self.id)]
        )
        sheet = sheets.filtered(lambda sheet: sheet.state != "done")[:1]
        if not sheet:
            sheet = self._create_quiz_sheet(sheets[:1].invite_token)
        sheet.training_opened_by_id = opener
        return sheet

    def _create_quiz_sheet(self, invite_token):
        """Create an answer sheet of the trainee for this step.

        All sheets of a step share a token, so that a limit of attempts holds for the
        step, and a renewal begins with all of them.

        :param invite_token: that of the earlier sheets; False for the first
        :return: ``survey.user_input`` record
        :raises UserError: when no attempt is left
        """
        invite_token = (
            invite_token or self.env["survey.user_input"]._generate_invite_token()
        )
        employee = self.employee_id
        contact = self.trainee_user_id.partner_id or employee.work_contact_id
        email = contact.email or employee.work_email
        if not self.survey_id._has_attempts_left(contact, email, invite_token):
            raise UserError(
                self.env._(
                    "%(step)s: no attempt is left at the quiz “%(quiz)s”. A training "
                    "manager decides how to go on.",
                    step=self.name,
                    quiz=self.survey_id.title,
                )
            )
        return self.survey_id._create_answer(
            user=self.trainee_user_id,
            partner=contact,
            email=email,
            nickname=employee.name,
            invite_token=invite_token,
            check_attempts=False,
            training_enrolment_step_id=self.id,
        )

    # --- result -----------------------------------------------------------------

    def _judge_quiz(self, sheet):
        """Carry out the result of an answer sheet that was handed in.

        :param sheet: ``survey.user_input`` record that belongs to this step
        :return: the new ``training.attempt`` record
        """
        self.ensure_one()
        # OdooBot judges: neither the trainee nor whoever held the device signs.
        step = self.with_user(SUPERUSER_ID).with_context(
            lang=self.trainee_user_id.lang or self.env.lang,
            training_user_input_id=sheet.id,
        )
        opener = sheet.training_opened_by_id or self.trainee_user_id
        step.write({"done_on": fields.Datetime.now(), "done_by_id": opener.id})
        feedback = not sheet.scoring_success and step.env._(
            "%(score)d %% of the points; %(wanted)d %% are needed. Review your "
            "answers, then start the quiz again.",
            score=sheet.scoring_percentage,
            wanted=self.survey_id.scoring_success_min,
        )
        return step._judge(
            sheet.scoring_success,
            feedback=feedback,
            score=min(max(sheet.scoring_percentage, 0.0), 100.0),
        )

    def _prepare_attempt(self, passed, feedback, score, judge, now):
        values = super()._prepare_attempt(passed, feedback, score, judge, now)
        sheet = self.env["survey.user_input"].browse(
            self.env.context.get("training_user_input_id")
        )
        # A context may come from outside: only a sheet of this very step counts.
        if self.kind == "quiz" and sheet.training_enrolment_step_id == self:
            values["user_input_id"] = sheet.id
        return values
