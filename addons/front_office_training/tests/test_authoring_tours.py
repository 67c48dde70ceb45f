from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestAuthoringTours(HttpCase):
    """The author at the desk, and who closes the gaps of a newcomer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "tour_author",
            "front_office_training.group_training_manager,hr.group_hr_user",
        )
        cls.role = cls.env["office.role"].create(
            {"name": "Tour Author Role", "code": "tour_author_role"}
        )

    def _programme(self, name):
        return self.env["training.programme"].search([("name", "=", name)])

    def test_write_preview_publish_revise_compare(self):
        self.start_tour(
            "/odoo/training-programmes",
            "front_office_training_author",
            login="tour_author",
        )
        programme = self._programme("Tour Till")
        self.assertEqual((programme.state, programme.version), ("published", 2))
        self.assertEqual(programme.version_ids.mapped("version"), [2, 1])

    def test_import_with_a_mistake_then_right(self):
        self.start_tour(
            "/odoo/training-programmes",
            "front_office_training_import",
            login="tour_author",
        )
        programme = self._programme("Tour Imported")
        self.assertEqual((len(programme), programme.state), (1, "draft"))
        self.assertEqual(programme.role_ids, self.role)
        self.assertEqual(programme.step_ids.due_days, 2)

    def test_from_the_gap_to_the_enrolment(self):
        employee = self._newcomer()
        self.start_tour(
            "/odoo/skill-gaps", "front_office_training_suggest", login="tour_author"
        )
        self.assertEqual(
            employee.training_enrolment_ids.programme_id, self._programme("Tour Desk")
        )

    def _newcomer(self):
        """Return somebody with two gaps, one of which a programme closes."""
        skill_type = self.env["hr.skill.type"].create(
            {
                "name": "Tour type",
                "skill_ids": [
                    Command.create({"name": "Tour Greeting"}),
                    Command.create({"name": "Tour Juggling"}),
                ],
                "skill_level_ids": [
                    Command.create({"name": "Tour level", "level_progress": 50})
                ],
            }
        )
        greeting, juggling = skill_type.skill_ids.sorted("name")
        self.role.skill_ids = [
            Command.create({"skill_id": greeting.id, "must_have": True}),
            Command.create({"skill_id": juggling.id}),
        ]
        programme = self.env["training.programme"].create(
            {
                "name": "Tour Desk",
                "step_ids": [Command.create({"name": "Tour Step"})],
                "skill_ids": [Command.create({"skill_id": greeting.id})],
            }
        )
        programme.action_publish()
        job = self.env["hr.job"].create(
            {"name": "Tour Job", "office_role_id": self.role.id}
        )
        return self.env["hr.employee"].create(
            {"name": "Tour Newcomer", "job_id": job.id}
        )
