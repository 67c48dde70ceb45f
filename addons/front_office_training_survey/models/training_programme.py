from odoo import models


class TrainingProgramme(models.Model):
    _inherit = "training.programme"

    def action_publish(self):
        """Publish, unless a quiz of the programme could not be taken.

        :raises ValidationError: naming the programme, the step and the field
        """
        self.step_ids._check_quiz_is_open()
        return super().action_publish()
