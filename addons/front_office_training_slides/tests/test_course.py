from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.front_office_training_slides import uninstall_hook

from .common import CourseFixture


class CourseCase(CourseFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_course()


@tagged("post_install", "-at_install")
class TestCourseProgramme(CourseCase):
    def _draft(self, **vals):
        return self.env["training.programme"].create(
            {"name": "Draft", "step_ids": [Command.create({"name": "Step", **vals})]}
        )

    def test_manager_writes_a_course_step(self):
        """A training manager is no eLearning officer, and chooses any course."""
        programme = self._draft()
        Step = self.env["training.step"].with_user(self.manager_user)
        with Form(Step.with_context(default_programme_id=programme.id)) as form:
            form.name = "Course"
            form.kind = "course"
            form.channel_id = self.channel.with_user(self.manager_user)
        self.assertEqual(form.record.channel_id, self.channel)
        found = self.channel.with_user(self.manager_user).name_search("Test course")
        self.assertIn(self.channel.id, dict(found))
        programme.with_user(self.manager_user).action_publish()
        self.assertEqual(programme.state, "published")

    def test_step_without_course_is_refused(self):
        message = "Draft, step “Step”: choose a course in the field Course"
        with self.assertRaisesRegex(ValidationError, message):
            self._draft(kind="course")

    def test_publishing_refuses_a_course_that_nobody_could_follow(self):
        message = "Draft, step “Step”: the course “Bad” is archived, not published"
        for vals in (
            {"active": False},
            {"is_published": False},
            {"slide_ids": []},
        ):
            programme = self._draft(
                kind="course", channel_id=self._channel("Bad", **vals).id
            )
            with self.assertRaisesRegex(ValidationError, message):
                programme.action_publish()
            self.assertEqual(programme.state, "draft")

    def test_another_course_makes_a_new_version(self):
        programme = self.course_programme
        programme.action_revise()
        programme.action_publish()
        self.assertEqual(programme.version, 1)
        programme.action_revise()
        programme.step_ids.channel_id = self._channel("Test course")
        programme.action_publish()
        self.assertEqual(programme.version, 2)

    @mute_logger("odoo.sql_db")
    def test_course_that_is_used_cannot_be_deleted(self):
        step = self._course_step()
        self.assertEqual((step.kind, step.channel_id), ("course", self.channel))
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.channel.unlink()

    def test_uninstalling_leaves_no_unknown_kind(self):
        step = self._course_step()
        other = self._steps(self._enrol())[1]
        uninstall_hook(self.env)
        self.assertEqual((step.kind, other.kind), ("acknowledge", "practice"))
        self.assertTrue(step.with_user(self.trainee_user).can_tick)


@tagged("post_install", "-at_install")
class TestCourse(CourseCase):
    def test_completing_signs_the_step(self):
        step = self._course_step()
        action = step.with_user(self.trainee_user).action_open_course()
        self.assertEqual(
            (action["url"], action["target"]), (self.channel.website_url, "self")
        )
        self.assertEqual(self._membership(self.trainee_user).member_status, "joined")
        self._complete(self.trainee_user, parts=1)
        self.assertEqual((step.state, step.attempts), ("to_do", 0))
        self._complete(self.trainee_user)
        self.assertEqual((step.state, step.score, step.attempts), ("signed", 100, 1))
        self.assertEqual(step.signed_by_id, self.env.ref("base.user_root"))
        self.assertEqual(step.done_by_id, self.trainee_user)
        self.assertEqual(step.enrolment_id.state, "done")
        self.assertEqual(step.attempt_ids.judged_by_id, self.env.ref("base.user_root"))

    def test_opening_twice_keeps_the_membership(self):
        step = self._course_step().with_user(self.trainee_user)
        step.action_open_course()
        self._complete(self.trainee_user, parts=1)
        step.action_open_course()
        membership = self._membership(self.trainee_user)
        self.assertEqual((len(membership), membership.completion), (1, 50))

    def test_only_the_person_who_completed_is_signed(self):
        step = self._course_step()
        other = self._course_step(self.colleague)
        for each, user in ((step, self.trainee_user), (other, self.colleague_user)):
            each.with_user(user).action_open_course()
        self._complete(self.colleague_user)
        self.assertEqual((step.state, other.state), ("to_do", "signed"))

    def test_another_course_signs_nothing(self):
        step = self._course_step()
        step.with_user(self.trainee_user).action_open_course()
        other = self._channel("Other", visibility="public", enroll="public")
        other._action_add_members(self.trainee_user.partner_id)
        other.slide_ids.with_user(self.trainee_user).action_mark_completed()
        self.assertEqual(step.state, "to_do")

    def test_completing_changes_no_closed_step(self):
        step = self._course_step()
        step.with_user(self.trainee_user).action_open_course()
        step.with_user(self.manager_user)._waive("Wrote it")
        self._complete(self.trainee_user)
        self.assertEqual((step.state, step.attempts), ("waived", 0))

    def test_completing_changes_no_cancelled_enrolment(self):
        step = self._course_step()
        step.with_user(self.trainee_user).action_open_course()
        step.enrolment_id._cancel("Left")
        self._complete(self.trainee_user)
        self.assertEqual((step.state, step.attempts), ("to_do", 0))

    def test_completing_before_the_first_day_does_not_count(self):
        tomorrow = fields.Date.today() + timedelta(days=1)
        step = self._course_step(start_date=tomorrow)
        step.with_user(self.trainee_user).action_open_course()
        self._complete(self.trainee_user)
        self.assertEqual((step.state, step.attempts), ("to_do", 0))

    def test_taking_back_a_completion_changes_nothing(self):
        step = self._course_step()
        step.with_user(self.trainee_user).action_open_course()
        self._complete(self.trainee_user)
        self._membership(self.trainee_user)._post_completion_update_hook(False)
        self.assertEqual((step.state, step.attempts), ("signed", 1))

    def test_a_course_that_closed_is_not_opened(self):
        step = self._course_step().with_user(self.trainee_user)
        self.channel.is_published = False
        message = "Follow the course: the course “Test course” is not open"
        with self.assertRaisesRegex(UserError, message):
            step.action_open_course()
        self.assertFalse(self._membership(self.trainee_user))

    def test_renewing_is_judged_by_the_signer(self):
        """The course is completed once and for all; the earlier record stays."""
        with freeze_time(fields.Datetime.now() - timedelta(days=400)):
            first = self._course_step(start_date=fields.Date.today())
            first.with_user(self.trainee_user).action_open_course()
            self._complete(self.trainee_user)
        before = self._record(first)
        second = self._course_step()
        self.assertEqual((second.state, second.course_completed), ("to_do", True))
        mine = second.with_user(self.trainee_user)
        self.assertTrue(mine.can_tick and mine.can_open_course)
        mine.action_done()
        mine.action_request_signoff()
        signer = second.with_user(self.trainer_user)
        signer._fail("Read the second part again.")
        mine.action_done()
        signer.action_sign()
        self.assertEqual((second.state, second.attempts), ("signed", 2))
        self.assertEqual(second.signed_by_id, self.trainer_user)
        self.env.invalidate_all()
        self.assertEqual(self._record(first), before)

    def _record(self, step):
        names = ["state", "score", "attempts", "signed_on", "signed_by_id", "done_on"]
        return step.read(names), step.attempt_ids.read(
            ["number", "result", "score", "judged_on", "judged_by_id", "create_date"]
        )

    def test_completed_before_costs_the_same_for_many(self):
        employees = self.env["hr.employee"]
        for number in range(6):
            user = self._user(f"t_many_{number}")
            employees += self._employee(f"Many {number}", user_id=user.id)
        enrolments = self.course_programme._enrol(employees)
        self.env.invalidate_all()
        steps = self.env["training.enrolment.step"].search(
            [("enrolment_id", "in", enrolments.ids)]
        )
        steps.mapped("kind")
        # the users, their contacts, and who completed
        with self.assertQueryCount(3):
            self.assertEqual(steps.mapped("course_completed"), [False] * 6)


@tagged("post_install", "-at_install")
class TestCourseWithoutLogin(CourseCase):
    def test_trainer_goes_through_it_with_the_trainee(self):
        step = self._course_step(self.without_login)
        signer = step.with_user(self.trainer_user)
        self.assertTrue(signer.can_open_course and signer.can_confirm_course)
        self.assertEqual(signer.action_open_course()["target"], "new")
        self.assertEqual(self._membership(self.trainer_user).member_status, "joined")
        self._complete(self.trainer_user)
        self.assertEqual(step.state, "to_do")
        signer.action_confirm_course()
        self.assertEqual((step.state, step.attempts), ("signed", 1))
        self.assertEqual(step.signed_by_id, self.trainer_user)
        self.assertEqual(step.done_by_id, self.trainer_user)
        self.assertEqual(step.attempt_ids.judged_by_id, self.trainer_user)
        self.assertIn(self.trainer_user.name, step.attempt_ids.feedback)

    def test_confirming_twice_is_refused(self):
        step = self._course_step(self.without_login).with_user(self.trainer_user)
        step.action_confirm_course()
        with self.assertRaisesRegex(UserError, "not under way"):
            step.action_confirm_course()

    def test_ticked_course_is_signed_as_well(self):
        step = self._course_step(self.without_login).with_user(self.trainer_user)
        step.action_done()
        step.action_sign()
        self.assertEqual((step.state, step.attempts), ("signed", 1))

    def test_confirming_is_refused_where_the_trainee_has_a_login(self):
        step = self._course_step()
        for user in (self.trainer_user, self.manager_user, self.trainee_user):
            self.assertFalse(step.with_user(user).can_confirm_course)
            with self.assertRaisesRegex(AccessError, "not yours to confirm"):
                step.with_user(user).action_confirm_course()
