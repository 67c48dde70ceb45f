from ast import literal_eval

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file, file_open

from odoo.addons.front_office_training_survey import uninstall_hook

from .common import QuizFixture

MODULE = "front_office_training_survey"
ROWS = "front_office_training_survey/data/training_step_quiz.xml"


class ShippedQuizCase(QuizFixture, TransactionCase):
    """A programme and a quiz with external ids, as if both had come with add-ons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_quiz()
        cls.after = cls.programme.step_ids.filtered(
            lambda step: step.name == "Read the rules"
        )
        cls._name("t_survey", cls.survey)
        cls._name("t_after", cls.after)
        cls.row = (
            f"{MODULE}.t_step_quiz",
            f"{MODULE}.t_survey",
            f"{MODULE}.t_after",
            "Pass the test quiz",
        )

    @classmethod
    def _name(cls, name, record):
        cls.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{MODULE}.{name}", "record": record, "noupdate": True}]
        )

    def _add(self, *rows):
        """Do what the data file does, with the row of the test by default."""
        return self.env["training.programme"]._add_shipped_quizzes(
            rows or [self.row], "<p>Take your time.</p>"
        )

    def _quizzes(self):
        return self.programme.step_ids.filtered(lambda step: step.kind == "quiz")

    def _assert_left_alone(self, state="published", version=1):
        self.assertFalse(self._add())
        self.assertFalse(self._quizzes())
        self.assertEqual(
            (self.programme.state, self.programme.version), (state, version)
        )


@tagged("post_install", "-at_install")
class TestAddShippedQuizzes(ShippedQuizCase):
    def test_programme_as_it_came_gets_its_quiz(self):
        step = self._add()
        self.assertEqual(step, self.env.ref(f"{MODULE}.t_step_quiz"))
        self.assertEqual(step.programme_id, self.programme)
        self.assertEqual((step.kind, step.survey_id), ("quiz", self.survey))
        self.assertEqual(step.name, "Pass the test quiz")
        self.assertEqual(step.signoff, "none")
        self.assertTrue(step.mandatory)
        self.assertEqual(
            (self.programme.state, self.programme.version), ("published", 2)
        )
        self.assertEqual(self.programme.version_ids.mapped("version"), [2, 1])

    def test_quiz_stands_between_the_reading_and_the_practice(self):
        step = self._add()
        names = self.programme.step_ids.sorted(lambda s: (s.sequence, s.id))
        self.assertEqual(
            names.mapped("name")[:3],
            ["Read the rules", "Pass the test quiz", "Greet a visitor"],
        )
        self.assertEqual(step.section, self.after.section)
        self.assertEqual(step.due_days, names[2].due_days)

    def test_quiz_after_the_last_step_is_due_with_it(self):
        last = self.programme.step_ids.sorted("sequence")[-1]
        self._name("t_after", last)
        step = self._add()
        self.assertEqual(self.programme.step_ids.sorted("sequence")[-1], step)
        self.assertEqual(step.due_days, last.due_days)

    def test_chatter_says_where_the_step_comes_from(self):
        self._add()
        body = self.programme.message_ids[0].body
        self.assertIn("The quiz “Test quiz” came with the add-on", body)
        self.assertIn("from version 2 on", body)

    def test_second_call_changes_nothing(self):
        step = self._add()
        self.assertFalse(self._add())
        self.assertEqual(self._quizzes(), step)
        self.assertEqual(self.programme.version, 2)

    def test_who_is_enrolled_keeps_the_first_version(self):
        early = self._enrol()
        self._add()
        late = self._enrol(self.colleague)
        self.assertNotIn("quiz", early.step_ids.mapped("kind"))
        self.assertEqual(
            late.step_ids.filtered(lambda step: step.kind == "quiz").survey_id,
            self.survey,
        )
        self.assertEqual((early.state, late.state), ("running", "running"))

    def test_source_terms_are_copied_whatever_the_language(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.programme.action_revise()
        self.after.with_context(lang="sv_SE").section = "Receptionen"
        self.programme.action_publish()
        programmes = self.env["training.programme"].with_context(lang="sv_SE")
        step = programmes._add_shipped_quizzes([self.row], "<p>Take your time.</p>")
        self.assertEqual(step.with_context(lang="en_US").section, "Desk")

    # --- left alone -------------------------------------------------------------

    def test_changed_programme_is_left_alone(self):
        self.programme.action_revise()
        self.after.name = "Read our own rules"
        self.programme.action_publish()
        self._assert_left_alone(version=2)

    def test_programme_that_was_changed_back_gets_its_quiz(self):
        name = self.after.name
        for text in ("Read our own rules", name):
            self.programme.action_revise()
            self.after.name = text
            self.programme.action_publish()
        self.assertTrue(self._add())
        self.assertEqual(self.programme.version, 4)

    def test_draft_is_left_alone(self):
        self.programme.action_revise()
        self._assert_left_alone(state="draft")

    def test_retired_programme_is_left_alone(self):
        self.programme.action_retire()
        self._assert_left_alone(state="retired")

    def test_archived_programme_is_left_alone(self):
        self.programme.action_archive()
        self._assert_left_alone()

    def test_programme_without_its_first_version_is_left_alone(self):
        self.env.cr.execute(
            "DELETE FROM training_programme_version WHERE programme_id = %s",
            [self.programme.id],
        )
        self.env.invalidate_all()
        self._assert_left_alone()

    def test_author_who_took_the_quiz_out_is_not_overruled_by_an_update(self):
        step = self.env.ref(f"{MODULE}.step_quiz_receptionist")
        programme = step.programme_id
        programme.action_revise()
        step.unlink()
        programme.action_publish()
        version = programme.version
        convert_file(self.env, MODULE, "data/training_step_quiz.xml", {}, mode="update")
        self.assertNotIn("quiz", programme.step_ids.mapped("kind"))
        self.assertEqual(programme.version, version)

    def test_deleted_step_before_it_is_passed_over(self):
        self.programme.action_revise()
        self.after.unlink()
        self.programme.action_publish()
        self._assert_left_alone(version=2)

    def test_missing_programme_does_not_stop_the_others(self):
        missing = (
            f"{MODULE}.t_missing",
            f"{MODULE}.t_survey",
            f"{MODULE}.t_step_of_a_deleted_programme",
            "Nobody sees this",
        )
        self.assertEqual(self._add(missing, self.row).mapped("name"), [self.row[3]])

    def test_missing_quiz_is_passed_over(self):
        self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("name", "=", "t_survey")]
        ).unlink()
        self._assert_left_alone()

    def test_quiz_that_nobody_could_take_is_passed_over(self):
        for vals in (
            {"active": False},
            {"active": True, "certification": False},
            {"certification": True, "question_and_page_ids": [(5, 0, 0)]},
        ):
            with self.subTest(vals=vals):
                self.survey.write(vals)
                self._assert_left_alone()

    # --- the data file ----------------------------------------------------------

    def test_installing_again_finds_everything_in_place(self):
        step = self.env.ref(f"{MODULE}.step_quiz_receptionist")
        version = step.programme_id.version
        convert_file(self.env, MODULE, "data/training_step_quiz.xml", {}, mode="init")
        self.assertEqual(
            step.programme_id.step_ids.filtered(lambda each: each.kind == "quiz"), step
        )
        self.assertEqual(step.programme_id.version, version)

    def test_rows_name_what_ships(self):
        """What the rows name is there, up to the programmes that are not."""
        with file_open(ROWS) as file:
            root = etree.parse(file).getroot()
        self.assertEqual(root.get("noupdate"), "1")
        rows = literal_eval(root.find(".//value[@eval]").get("eval").strip())
        self.assertEqual(len(rows), 9)
        for step, quiz, after, name in rows:
            with self.subTest(step=step):
                role = quiz.removeprefix(f"{MODULE}.survey_")
                self.assertEqual(step, f"{MODULE}.step_quiz_{role}")
                programme = self.env.ref(after).programme_id
                shipped = f"front_office_training.programme_{role}"
                self.assertEqual(programme, self.env.ref(shipped))
                self.assertEqual(self.env.ref(after).kind, "acknowledge")
                self.assertTrue(name.startswith("Pass the quiz on "))


@tagged("post_install", "-at_install")
class TestRemoveQuizzes(ShippedQuizCase):
    def test_shipped_step_goes_and_the_programme_is_published_as_it_came(self):
        self._add()
        first = self.programme.version_ids[-1]
        uninstall_hook(self.env)
        self.assertFalse(self._quizzes())
        self.assertEqual(
            (self.programme.state, self.programme.version), ("published", 3)
        )
        self.assertEqual(self.programme.published_digest, first.digest)
        self.assertFalse(
            self.env.ref(f"{MODULE}.t_step_quiz", raise_if_not_found=False)
        )
        self.assertNotIn("quiz", self._enrol().step_ids.mapped("kind"))

    def test_installing_after_that_adds_the_step_again(self):
        self._add()
        uninstall_hook(self.env)
        self.assertTrue(self._add())
        self.assertEqual(self.programme.version, 4)

    def test_checklists_keep_the_step_to_be_ticked(self):
        self._add()
        step = self._enrol().step_ids.filtered(lambda each: each.kind == "quiz")
        uninstall_hook(self.env)
        self.assertEqual(step.kind, "acknowledge")
        self.assertTrue(step.with_user(self.trainee_user).can_tick)

    def test_step_of_an_author_is_acknowledged_from_now_on(self):
        step = self.quiz_programme.step_ids
        uninstall_hook(self.env)
        self.assertEqual((step.kind, step.survey_id.id), ("acknowledge", False))
        self.assertEqual(self.quiz_programme.state, "published")
        self.assertEqual(self.quiz_programme.version, 2)

    def test_archived_quiz_does_not_stop_it(self):
        self.survey.action_archive()
        uninstall_hook(self.env)
        self.assertEqual(self.quiz_programme.state, "published")

    def test_draft_and_retired_programmes_stay_so(self):
        self._add()
        self.programme.action_revise()
        self.quiz_programme.action_retire()
        uninstall_hook(self.env)
        self.assertEqual(self.programme.state, "draft")
        self.assertEqual(self.quiz_programme.state, "retired")
        self.assertFalse(self._quizzes())
        self.assertEqual(self.quiz_programme.step_ids.kind, "acknowledge")

    def test_programme_of_shipped_steps_only_becomes_a_draft(self):
        self._name("t_only_step", self.quiz_programme.step_ids)
        uninstall_hook(self.env)
        self.assertEqual(self.quiz_programme.state, "draft")
        self.assertFalse(self.quiz_programme.step_ids)

    def test_archived_programme_is_put_right_as_well(self):
        self._add()
        self.programme.action_archive()
        uninstall_hook(self.env)
        self.assertFalse(self._quizzes())
        self.assertFalse(self.programme.active)
