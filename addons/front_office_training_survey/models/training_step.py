from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TrainingStep(models.Model):
    _inherit = "training.step"

    kind = fields.Selection(
        selection_add=[("quiz", "Pass a quiz")], ondelete={"quiz": "set default"}
    )
    survey_id = fields.Many2one(
        "survey.survey",
        string="Quiz",
        domain=[("certification", "=", True)],
        index="btree_not_null",
        ondelete="restrict",
        help="The certification that has to be passed. Passing it signs the step.",
    )

    @api.model
    def _snapshot_fields(self):
        return [*super()._snapshot_fields(), "survey_id"]

    @api.onchange("kind")
    def _onchange_kind(self):
        """Passing a quiz signs it, so nobody is named as its signer."""
        if self.kind == "quiz":
            self.signoff = "none"

    @api.constrains("kind", "survey_id")
    def _check_quiz(self):
        """Refuse a quiz without a certification.

        :raises ValidationError: naming the programme, the step and the field
        """
        # sudo: whoever writes programmes need not be allowed to read every survey
        for step in self.sudo().filtered(lambda step: step.kind == "quiz"):
            if not step.survey_id.certification:
                raise ValidationError(
                    self.env._(
                        "%(programme)s, step “%(step)s”: choose a certification in the "
                        "field Quiz.",
                        programme=step.programme_id.name,
                        step=step.name,
                    )
                )

    def _check_quiz_is_open(self):
        """Refuse to publish a quiz that nobody could take.

        :raises ValidationError: naming the programme, the step and the field
        """
        self._check_quiz()
        # sudo: as in _check_quiz
        for step in self.sudo().filtered(lambda step: step.kind == "quiz"):
            if not step.survey_id.active or not step.survey_id.question_ids:
                raise ValidationError(
                    self.env._(
                        "%(programme)s, step “%(step)s”: the quiz “%(quiz)s” is "
                        "archived or has no question. Change that, or choose another "
                        "one in the field Quiz.",
                        programme=step.programme_id.name,
                        step=step.name,
                        quiz=step.survey_id.title,
                    )
                )
