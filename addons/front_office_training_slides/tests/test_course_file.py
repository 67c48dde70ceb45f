import json

from odoo.tests import TransactionCase, tagged

from .common import CourseFixture


@tagged("post_install", "-at_install")
class TestCourseFile(CourseFixture, TransactionCase):
    """The course of a step travels in the file of its programme."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_course()
        cls.File = cls.env["training.programme.file"].with_user(cls.manager_user)

    def _content(self):
        programme = self.course_programme.with_user(self.manager_user)
        return json.loads(self.File._export(programme))

    def _assert_refused(self, sentence, course):
        content = self._content()
        content["steps"][0]["course"] = course
        parts, sentences = self.File._read(json.dumps(content).encode())
        self.assertIsNone(parts)
        self.assertEqual(len(sentences), 1, sentences)
        self.assertRegex(sentences[0], f"^step 1, field course: {sentence}")

    def _assert_round_trip(self, reference):
        content = self._content()
        self.assertEqual(content["steps"][0]["course"], reference)
        parts, sentences = self.File._read(json.dumps(content).encode())
        self.assertEqual(sentences, [])
        copy = self.File._import(parts)
        self.assertEqual(copy.step_ids.channel_id, self.channel)
        self.assertEqual(json.loads(self.File._export(copy)), content)

    def test_by_name(self):
        self._assert_round_trip("Test course")

    def test_by_external_id(self):
        self.env["ir.model.data"].create(
            {
                "module": "test_course",
                "name": "channel_desk",
                "model": "slide.channel",
                "res_id": self.channel.id,
            }
        )
        self._channel("Test course")
        self._assert_round_trip("test_course.channel_desk")

    def test_unknown_ones_are_refused(self):
        self._channel("Test papers", channel_type="documentation")
        for course in ("Another", "Test papers", "base.main_company"):
            self._assert_refused(f"there is no record “{course}”", course)

    def test_ambiguous_one_is_refused(self):
        self._channel("Test course")
        self._assert_refused("there are several records “Test course”", "Test course")

    def test_no_text_is_refused(self):
        self._assert_refused("must be a text", 5)

    def test_step_without_its_course_is_refused(self):
        self._assert_refused("is missing", None)
