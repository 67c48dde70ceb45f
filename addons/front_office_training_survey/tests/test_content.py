from lxml import html

from odoo.tests import TransactionCase, tagged

MODULE = "front_office_training_survey"
ROLES = {
    "receptionist",
    "sales_representative",
    "cashier",
    "customer_service_representative",
    "account_manager",
    "regional_sales_manager",
    "national_sales_manager",
    "front_office_manager",
    "corporate_financial_officer",
}


def words(text):
    """Return the words of an HTML text as a list."""
    return html.fromstring(text).text_content().split()


@tagged("post_install", "-at_install")
class TestContent(TransactionCase):
    """The quizzes that ship can be used as they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        known = cls.env["ir.model.data"].search(
            [
                ("module", "=", MODULE),
                ("model", "=", "survey.survey"),
                ("name", "=like", "survey\\_%"),
            ]
        )
        cls.quizzes = {
            data.name.removeprefix("survey_"): cls.env["survey.survey"].browse(
                data.res_id
            )
            for data in known
        }

    def _each_quiz(self):
        """Yield the quizzes, each in a subtest of its own."""
        for role, quiz in self.quizzes.items():
            with self.subTest(quiz=role):
                yield quiz

    def test_each_front_office_role_has_a_quiz(self):
        self.assertEqual(set(self.quizzes), ROLES)

    def test_each_programme_has_its_quiz_as_a_step(self):
        for role in ROLES:
            with self.subTest(role=role):
                programme = self.env.ref(f"front_office_training.programme_{role}")
                step = self.env.ref(f"{MODULE}.step_quiz_{role}")
                self.assertEqual(step.programme_id, programme)
                self.assertEqual(step.survey_id, self.quizzes[role])
                self.assertEqual(programme.state, "published")

    def test_a_step_comes_after_the_reading_and_before_a_practice(self):
        steps = self.env["training.step"].search(
            [
                ("kind", "=", "quiz"),
                ("survey_id", "in", [quiz.id for quiz in self.quizzes.values()]),
                ("programme_id.role_ids", "!=", False),
            ]
        )
        self.assertTrue(steps)
        for step in steps:
            with self.subTest(step=step.name):
                kinds = [
                    each.kind
                    for each in step.programme_id.step_ids
                    if each.sequence > step.sequence
                ]
                self.assertEqual(set(kinds), {"practice"})

    def test_quizzes_are_certifications_for_invited_people(self):
        for quiz in self._each_quiz():
            self.assertTrue(quiz.certification)
            self.assertEqual(quiz.scoring_success_min, 80)
            self.assertEqual(quiz.scoring_type, "scoring_with_answers")
            self.assertEqual(quiz.access_mode, "token")
            self.assertFalse(quiz.certification_mail_template_id)
            self.assertFalse(quiz.is_time_limited)
            self.assertGreaterEqual(len(words(quiz.description)), 15)
            self.assertTrue(words(quiz.description_done))

    def test_there_are_ten_questions_and_no_other_page(self):
        for quiz in self._each_quiz():
            self.assertGreaterEqual(len(quiz.question_ids), 10)
            self.assertEqual(quiz.question_and_page_ids, quiz.question_ids)
            self.assertEqual(
                set(quiz.question_ids.mapped("question_type")), {"simple_choice"}
            )
            self.assertTrue(all(quiz.question_ids.mapped("constr_mandatory")))

    def test_questions_have_one_right_answer_and_an_explanation(self):
        for quiz in self._each_quiz():
            for question in quiz.question_ids:
                answers = question.suggested_answer_ids
                right = answers.filtered("is_correct")
                self.assertEqual(len(right), 1, question.title)
                self.assertGreaterEqual(len(answers), 3, question.title)
                self.assertEqual(right.answer_score, 1)
                self.assertEqual(set((answers - right).mapped("answer_score")), {0})
                self.assertGreaterEqual(
                    len(words(question.explanation)), 15, question.title
                )

    def test_no_text_comes_twice(self):
        for quiz in self._each_quiz():
            for field in ("title", "explanation"):
                texts = quiz.question_ids.mapped(field)
                self.assertEqual(len(texts), len(set(texts)))
            for question in quiz.question_ids:
                values = question.suggested_answer_ids.mapped("value")
                self.assertEqual(len(values), len(set(values)), question.title)
        titles = [
            question.title
            for quiz in self.quizzes.values()
            for question in quiz.question_ids
        ]
        self.assertEqual(len(titles), len(set(titles)))

    def test_the_right_answer_is_not_always_in_the_same_place(self):
        for quiz in self._each_quiz():
            places = [
                question.suggested_answer_ids.mapped("is_correct").index(True)
                for question in quiz.question_ids
            ]
            self.assertGreaterEqual(len(set(places)), 4)
            most = max(places.count(place) for place in set(places))
            self.assertLessEqual(most, len(places) / 2)

    def test_whoever_always_takes_the_longest_answer_fails(self):
        for quiz in self._each_quiz():
            longest = [
                max(question.suggested_answer_ids, key=lambda each: len(each.value))
                for question in quiz.question_ids
            ]
            right = [answer for answer in longest if answer.is_correct]
            self.assertLessEqual(len(right), len(longest) / 2)
