from odoo.http import request, route

from odoo.addons.survey.controllers.main import Survey


class TrainingSurvey(Survey):
    """Who may fill in an answer sheet that belongs to a step of somebody's training."""

    def _check_validity(
        self,
        survey_sudo,
        answer_sudo,
        answer_token,
        ensure_token=True,
        check_partner=True,
    ):
        """Let the trainee answer, or who opened the quiz for a trainee without a login.

        Odoo lets whoever is not logged in and holds the token answer, and refuses the
        trainer who opened the quiz for somebody else.
        """
        training = check_partner and answer_sudo.training_enrolment_step_id
        validity = super()._check_validity(
            survey_sudo,
            answer_sudo,
            answer_token,
            ensure_token=ensure_token,
            check_partner=check_partner and not training,
        )
        if training and validity is True:
            return answer_sudo._check_training_answerer(request.env.user)
        return validity

    @route()
    def survey_retry(self, survey_token, answer_token, **post):
        """Open the next sheet of the same step for the same person.

        Odoo would make it out to the user who is logged in: in a quiz that a trainer
        opened for somebody else, to the trainer.
        """
        access_data = self._get_access_data(survey_token, answer_token)
        answer_sudo = access_data["answer_sudo"]
        if (
            access_data["validity_code"] is True
            and answer_sudo.training_enrolment_step_id
        ):
            return request.redirect(answer_sudo._get_training_retry_url())
        return super().survey_retry(survey_token, answer_token, **post)

    @route()
    def survey_print(self, survey_token, review=False, answer_token=None, **post):
        """Show the corrections of a training quiz only after it was handed in."""
        _survey_sudo, answer_sudo = self._fetch_from_access_token(
            survey_token, answer_token
        )
        if answer_sudo.training_enrolment_step_id and answer_sudo.state != "done":
            return request.redirect(answer_sudo.get_start_url())
        return super().survey_print(
            survey_token, review=review, answer_token=answer_token, **post
        )
