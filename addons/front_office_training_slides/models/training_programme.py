from odoo import models


class TrainingProgramme(models.Model):
    _inherit = "training.programme"

    def action_publish(self):
        """Publish, unless a course of the programme could not be followed.

        :raises ValidationError: naming the programme, the step and the field
        """
        self.step_ids._check_course_is_open()
        return super().action_publish()
