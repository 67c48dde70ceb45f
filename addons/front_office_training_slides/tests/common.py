from odoo import Command

from odoo.addons.front_office_training.tests.common import TrainingFixture


class CourseFixture(TrainingFixture):
    """A course of two articles as the only step of a programme."""

    @classmethod
    def _set_up_course(cls):
        cls._set_up_training()
        cls.channel = cls._channel("Test course")
        cls.course_programme = cls.env["training.programme"].create(
            {
                "name": "Test course programme",
                "responsible_id": cls.trainer_user.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Follow the course",
                            "kind": "course",
                            "channel_id": cls.channel.id,
                            "signoff": "trainer",
                        }
                    )
                ],
            }
        )
        cls.course_programme.action_publish()

    @classmethod
    def _channel(cls, name, **vals):
        return cls.env["slide.channel"].create(
            {
                "name": name,
                "channel_type": "training",
                # nobody gets in without the step
                "visibility": "members",
                "enroll": "invite",
                "is_published": True,
                "completed_template_id": False,
                "slide_ids": [
                    Command.create(
                        {
                            "name": f"{name}: part {number}",
                            "slide_category": "article",
                            "is_published": True,
                            "html_content": f"<p>Part {number}.</p>",
                        }
                    )
                    for number in (1, 2)
                ],
                **vals,
            }
        )

    @classmethod
    def _course_step(cls, employee=None, **vals):
        """Enrol somebody and return the step with the course."""
        return cls._enrol(
            employee, programme_id=cls.course_programme.id, **vals
        ).step_ids.with_env(cls.env)

    def _complete(self, user, parts=2):
        """Complete the first parts of the course as ``user`` does."""
        slides = self.channel.slide_ids.filtered(lambda slide: not slide.is_category)
        slides[:parts].with_user(user).action_mark_completed()
        self.env.invalidate_all()

    def _membership(self, user):
        return self.env["slide.channel.partner"].search(
            [
                ("channel_id", "=", self.channel.id),
                ("partner_id", "=", user.partner_id.id),
            ]
        )
