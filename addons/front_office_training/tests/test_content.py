from lxml import html

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestContent(TransactionCase):
    """The programmes that ship can be used as they are."""

    def _programme(self, name):
        return self.env.ref(f"front_office_training.programme_{name}")

    def test_programmes_are_published_for_their_roles(self):
        for name in ("receptionist", "sales_representative"):
            programme = self._programme(name)
            self.assertEqual(
                programme.role_ids, self.env.ref(f"office_role.role_{name}")
            )
            self.assertEqual(programme.state, "published")
            self.assertGreaterEqual(programme.version, 1)
            self.assertTrue(programme.validity_months)

    def test_sections_cover_the_work(self):
        sections = {
            "receptionist": [
                "visitor",
                "telephone",
                "appointment",
                "upset",
                "confidential",
            ],
            "sales_representative": [
                "lead",
                "first contact",
                "meeting",
                "repeat customer",
                "request for proposal",
            ],
        }
        for name, words in sections.items():
            found = " | ".join(
                set(self._programme(name).step_ids.mapped("section"))
            ).lower()
            for word in words:
                self.assertIn(word, found)

    def test_every_step_says_what_to_do(self):
        for name in ("receptionist", "sales_representative"):
            for step in self._programme(name).step_ids:
                text = html.fromstring(step.instructions).text_content()
                self.assertGreaterEqual(len(text.split()), 60, step.name)
                self.assertTrue(step.minutes and step.due_days, step.name)

    def test_some_steps_are_signed_by_each(self):
        for name in ("receptionist", "sales_representative"):
            steps = self._programme(name).step_ids
            self.assertEqual(
                set(steps.mapped("signoff")), {"none", "trainer", "manager"}
            )
            self.assertEqual(set(steps.mapped("kind")), {"acknowledge", "practice"})
