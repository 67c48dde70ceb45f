import contextlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    training_enrolment_step_id = fields.Many2one(
        "training.enrolment.step",
        string="Step of training",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The step of somebody's training that these answers count for.",
    )
    training_opened_by_id = fields.Many2one(
        "res.users",
        string="Opened by",
        readonly=True,
        copy=False,
        help="Who opened the quiz for a trainee without a login.",
    )
    training_attempt_ids = fields.One2many(
        "training.attempt", "user_input_id", string="Attempts at the step"
    )

    # --- create, write ----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create sheets; those of a training step are made by its button only."""
        sheets = super().create(vals_list)
        # afterwards, because a context may bring a default
        sheets._check_training_is_untouched()
        return sheets

    def write(self, vals):
        """Write; the sheets of a training step are filled in by the trainee only."""
        self._check_training_is_untouched(vals)
        return super().write(vals)

    def _check_training_is_untouched(self, vals=()):
        """Refuse to make or change the answer sheet of a training step by hand.

        The pages of the quiz work in superuser mode, after the token was checked.

        :param vals: what is to be written
        :raises AccessError: naming the quiz
        """
        if self.env.su:
            return
        names = ("training_enrolment_step_id", "training_opened_by_id")
        attached = any(name in vals for name in names)
        # sudo: whether a sheet belongs to a step does not depend on who may see it
        for sheet in self.sudo():
            if attached or any(sheet[name] for name in names):
                raise AccessError(
                    self.env._(
                        "%s: these answers belong to a step of somebody's training. "
                        "Only the trainee changes them, by taking the quiz.",
                        sheet.survey_id.title,
                    )
                )

    # --- taking the quiz --------------------------------------------------------

    def _check_training_answerer(self, user):
        """Tell whether ``user`` may fill in this sheet of a training step.

        :param user: ``res.users`` record, perhaps the public user
        :return: True, or the key of the error for survey's pages
        """
        self.ensure_one()
        if user._is_public():
            # Where a trainer opened it, the address itself is the key: it may be
            # opened on a device on which nobody is logged in.
            return True if self.training_opened_by_id else "survey_auth"
        if user == self.training_opened_by_id or user.partner_id == self.partner_id:
            return True
        return "answer_wrong_user"

    def _get_training_retry_url(self):
        """Return the address of the next sheet of the same step.

        :return: address; of this sheet where the step is closed or no attempt is left
        """
        self.ensure_one()
        step = self.training_enrolment_step_id
        sheet = self
        if step._is_open_for_quiz():
            with contextlib.suppress(UserError):
                sheet = step._get_quiz_sheet(self.training_opened_by_id)
        return sheet.get_start_url()

    def _mark_done(self):
        result = super()._mark_done()
        # sudo: whoever answers may neither judge a step nor add an attempt
        for sheet in self.sudo().filtered("training_enrolment_step_id"):
            if sheet._counts_for_training():
                sheet.training_enrolment_step_id._judge_quiz(sheet)
        return result

    def _counts_for_training(self):
        """Whether these answers judge their step.

        A sheet counts once. One that comes late, after the step was closed or the
        enrolment ended, changes nothing, nor does the answer to another quiz.
        """
        self.ensure_one()
        step = self.training_enrolment_step_id
        return (
            not self.test_entry
            and not self.training_attempt_ids
            and step.survey_id == self.survey_id
            and step.kind == "quiz"
            and step._is_open_for_quiz()
        )
