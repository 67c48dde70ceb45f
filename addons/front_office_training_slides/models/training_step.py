from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TrainingStep(models.Model):
    _inherit = "training.step"

    kind = fields.Selection(
        selection_add=[("course", "Follow a course")],
        ondelete={"course": "set default"},
    )
    channel_id = fields.Many2one(
        "slide.channel",
        string="Course",
        domain=[("channel_type", "=", "training")],
        index="btree_not_null",
        ondelete="restrict",
        help="The course that has to be completed. Completing it signs the step.",
    )

    @api.model
    def _snapshot_fields(self):
        return [*super()._snapshot_fields(), "channel_id"]

    @api.constrains("kind", "channel_id")
    def _check_course(self):
        """Refuse a course step without a course.

        :raises ValidationError: naming the programme, the step and the field
        """
        for step in self:
            if step.kind == "course" and not step.channel_id:
                raise ValidationError(
                    self.env._(
                        "%(programme)s, step “%(step)s”: choose a course in the field "
                        "Course.",
                        programme=step.programme_id.name,
                        step=step.name,
                    )
                )

    def _check_course_is_open(self):
        """Refuse to publish a course that nobody could follow.

        :raises ValidationError: naming the programme, the step and the field
        """
        self._check_course()
        # sudo: whether a course is open does not depend on who may see it
        for step in self.sudo().filtered(lambda step: step.kind == "course"):
            if not step.channel_id._is_open_for_training():
                raise ValidationError(
                    self.env._(
                        "%(programme)s, step “%(step)s”: the course “%(course)s” is "
                        "archived, not published or empty. Change that, or choose "
                        "another one in the field Course.",
                        programme=step.programme_id.name,
                        step=step.name,
                        course=step.channel_id.name,
                    )
                )
