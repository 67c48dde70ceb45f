import json

from odoo import Command
from odoo.tests import TransactionCase, tagged

from .common import QuizFixture


@tagged("post_install", "-at_install")
class TestQuizFile(QuizFixture, TransactionCase):
    """The quiz of a step travels in the file of its programme."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_quiz()
        cls.File = cls.env["training.programme.file"].with_user(cls.manager_user)

    def _content(self):
        programme = self.quiz_programme.with_user(self.manager_user)
        return json.loads(self.File._export(programme))

    def _read(self, quiz, **step):
        content = self._content()
        content["steps"][0].update(quiz=quiz, **step)
        return self.File._read(json.dumps(content).encode())

    def _assert_refused(self, sentence, quiz, **step):
        parts, sentences = self._read(quiz, **step)
        self.assertIsNone(parts)
        self.assertEqual(len(sentences), 1, sentences)
        self.assertRegex(sentences[0], f"^step 1, field quiz: {sentence}")

    def _assert_round_trip(self, reference):
        content = self._content()
        self.assertEqual(content["steps"][0]["quiz"], reference)
        parts, sentences = self.File._read(json.dumps(content).encode())
        self.assertEqual(sentences, [])
        copy = self.File._import(parts)
        self.assertEqual(copy.step_ids.survey_id, self.survey)
        self.assertEqual(copy._content_digest(), self.quiz_programme._content_digest())
        self.assertEqual(json.loads(self.File._export(copy)), content)

    def test_by_title(self):
        self._assert_round_trip("Test quiz")

    def test_by_title_in_the_source_language(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.survey.with_context(lang="sv_SE").title = "Provquiz"
        self.manager_user.lang = "sv_SE"
        self.File = self.File.with_context(lang="sv_SE")
        self._assert_round_trip("Test quiz")

    def _name(self, module, name):
        self.env["ir.model.data"].create(
            {
                "module": module,
                "name": name,
                "model": "survey.survey",
                "res_id": self.survey.id,
            }
        )

    def test_by_external_id(self):
        self._name("test_quiz", "survey_desk")
        self._survey("Test quiz")
        self._assert_round_trip("test_quiz.survey_desk")

    def test_external_id_of_an_export_names_nothing_elsewhere(self):
        self._name("__export__", "survey_1")
        self._assert_round_trip("Test quiz")

    def test_title_that_looks_like_an_external_id(self):
        self.survey.title = "desk.quiz"
        self._assert_round_trip("desk.quiz")

    def test_unknown_ones_are_refused(self):
        self._survey("Test opinion", certification=False)
        self._survey("Test archived", active=False)
        stranger = self._survey(
            "Test locked", restrict_user_ids=[Command.set(self.env.user.ids)]
        )
        self.assertTrue(stranger)
        for quiz in (
            "test quiz",
            "Test opinion",
            "Test archived",
            "Test locked",
            "base.main_company",
            "base.nothing",
        ):
            self._assert_refused(f"there is no record “{quiz}”", quiz)

    def test_ambiguous_one_is_refused(self):
        self._survey("Test quiz")
        self._assert_refused("there are several records “Test quiz”", "Test quiz")

    def test_no_text_is_refused(self):
        for quiz in (5, ["Test quiz"], "Test\x00quiz"):
            self._assert_refused("must be a text", quiz)

    def test_step_without_its_quiz_is_refused(self):
        self._assert_refused("is missing", None)
        parts, sentences = self._read(None, kind="practice")
        self.assertEqual(sentences, [])
        self.assertFalse(self.File._import(parts).step_ids.survey_id)

    def test_version_shows_another_quiz(self):
        self.quiz_programme.action_revise()
        self.quiz_programme.step_ids.survey_id = self._survey("Test other quiz")
        self.quiz_programme.action_publish()
        newest, older = self.quiz_programme.version_ids[:2]
        self.assertIn("Test other quiz", newest.content)
        self.assertNotIn("Test other quiz", older.content)
