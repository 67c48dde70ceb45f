from lxml import html

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestContent(TransactionCase):
    """The quiz that ships can be used as it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("front_office_training_survey.survey_receptionist")

    def test_quiz_is_a_certification_for_invited_people(self):
        self.assertTrue(self.survey.certification)
        self.assertEqual(self.survey.scoring_success_min, 80)
        self.assertEqual(self.survey.access_mode, "token")
        self.assertFalse(self.survey.certification_mail_template_id)

    def test_questions_have_one_right_answer_and_an_explanation(self):
        questions = self.survey.question_ids
        self.assertGreaterEqual(len(questions), 10)
        for question in questions:
            answers = question.suggested_answer_ids
            right = answers.filtered("is_correct")
            self.assertEqual(len(right), 1, question.title)
            self.assertGreaterEqual(len(answers), 3, question.title)
            self.assertEqual(right.answer_score, 1)
            self.assertEqual(set((answers - right).mapped("answer_score")), {0})
            words = html.fromstring(question.explanation).text_content().split()
            self.assertGreaterEqual(len(words), 15, question.title)

    def test_the_right_answer_is_not_always_in_the_same_place(self):
        places = [
            question.suggested_answer_ids.mapped("is_correct").index(True)
            for question in self.survey.question_ids
        ]
        self.assertGreaterEqual(len(set(places)), 4)
