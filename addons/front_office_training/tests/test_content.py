from lxml import html

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestContent(TransactionCase):
    """The programmes that ship can be used as they are."""

    SHIPPED = {
        "receptionist",
        "sales_representative",
        "cashier",
        "customer_service_representative",
        "account_manager",
    }

    def _programmes(self):
        """Return the programmes of the data files by the name of their role."""
        Programme = self.env["training.programme"]
        known = self.env["ir.model.data"].search(
            [
                ("module", "=", "front_office_training"),
                ("model", "=", "training.programme"),
                ("name", "=like", "programme\\_%"),
            ]
        )
        return {
            data.name.removeprefix("programme_"): Programme.browse(data.res_id)
            for data in known
        }

    def test_programmes_are_there(self):
        self.assertLessEqual(self.SHIPPED, set(self._programmes()))

    def test_programmes_are_published_for_their_roles(self):
        for name, programme in self._programmes().items():
            with self.subTest(programme=name):
                self.assertEqual(
                    programme.role_ids, self.env.ref(f"office_role.role_{name}")
                )
                self.assertEqual(programme.state, "published")
                self.assertGreaterEqual(programme.version, 1)
                self.assertTrue(programme.validity_months)
                self.assertTrue(html.fromstring(programme.description).text_content())

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
            "cashier": ["opening", "payment", "refunds", "closing"],
            "customer_service_representative": [
                "complaint",
                "promising",
                "invoices and orders",
                "back office",
            ],
            "account_manager": [
                "account",
                "review meeting",
                "wants more",
                "late payment",
            ],
        }
        programmes = self._programmes()
        for name, words in sections.items():
            found = " | ".join(set(programmes[name].step_ids.mapped("section"))).lower()
            for word in words:
                self.assertIn(word, found)

    def test_every_step_says_what_to_do(self):
        for name, programme in self._programmes().items():
            with self.subTest(programme=name):
                for step in programme.step_ids:
                    text = html.fromstring(step.instructions).text_content()
                    self.assertGreaterEqual(len(text.split()), 60, step.name)
                    self.assertTrue(step.section, step.name)
                    self.assertTrue(step.minutes and step.due_days, step.name)

    def test_some_steps_are_signed_by_each(self):
        for name, programme in self._programmes().items():
            with self.subTest(programme=name):
                steps = programme.step_ids
                self.assertEqual(
                    set(steps.mapped("signoff")), {"none", "trainer", "manager"}
                )
                # at least: other add-ons bring steps of kinds of their own
                self.assertLessEqual(
                    {"acknowledge", "practice"}, set(steps.mapped("kind"))
                )

    def test_practice_is_never_signed_by_nobody(self):
        for name, programme in self._programmes().items():
            with self.subTest(programme=name):
                for step in programme.step_ids:
                    self.assertEqual(
                        step.kind == "practice", step.signoff != "none", step.name
                    )

    def test_a_section_opens_with_reading_and_the_manager_signs_last(self):
        for name, programme in self._programmes().items():
            with self.subTest(programme=name):
                steps = programme.step_ids.sorted(lambda step: (step.sequence, step.id))
                sections = steps.grouped("section").values()
                for first in (section[0] for section in sections):
                    self.assertEqual(first.kind, "acknowledge", first.name)
                self.assertEqual(steps[-1].signoff, "manager", steps[-1].name)
                due = steps.mapped("due_days")
                self.assertEqual(due, sorted(due))
