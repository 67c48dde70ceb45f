from odoo.tests import HttpCase, tagged

from .common import CourseFixture


class CourseTourCase(CourseFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_course()


@tagged("post_install", "-at_install")
class TestPhoneTours(CourseTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_trainee_completes_the_course(self):
        step = self._course_step()
        self.start_tour(
            "/odoo/my-training",
            "front_office_training_slides_trainee",
            login="t_trainee",
        )
        self.assertEqual((step.state, step.attempts), ("signed", 1))


@tagged("post_install", "-at_install")
class TestDeskTours(CourseTourCase):
    browser_size = "1366x768"

    def test_trainer_confirms_for_somebody_without_a_login(self):
        step = self._course_step(self.without_login)
        self.start_tour(
            f"/odoo/training-enrolments/{step.enrolment_id.id}",
            "front_office_training_slides_trainer",
            login="t_trainer",
        )
        self.assertEqual(step.signed_by_id, self.trainer_user)
