from odoo.tests import TransactionCase, tagged

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestAuthoring(TrainingFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()

    def test_duplicate_keeps_what_matters(self):
        first = self.programme.copy({"name": "Test first"})
        self.programme.prerequisite_ids = first
        copy = self.programme.with_user(self.manager_user).copy()
        self.assertEqual(copy._content_digest(), self.programme._content_digest())
        self.assertEqual(copy.prerequisite_ids, first)
        self.assertEqual(copy.role_ids, self.role)
        self.assertFalse(copy.version_ids or copy.enrolment_ids)

    def test_dragging_a_step_changes_the_order(self):
        self.programme.action_revise()
        # what the web client sends when the handle is let go
        self.programme.with_user(self.manager_user).web_save(
            {"step_ids": [[1, self.programme.step_ids[0].id, {"sequence": 35}]]}, {}
        )
        self.programme.invalidate_recordset(["step_ids"])
        names = ["Greet a visitor", "Run the desk for an hour", "Read the rules"]
        self.assertEqual(self.programme.step_ids.mapped("name")[:3], names)
        self.programme.action_publish()
        self.assertEqual(self.programme.version, 2)
        enrolment = self._enrol()
        self.assertEqual(enrolment.step_ids.mapped("name")[:3], names)

    def test_preview_shows_the_steps_and_creates_nothing(self):
        models = ("training.enrolment", "training.enrolment.step", "training.step")
        counts = [self.env[model].search_count([]) for model in models]
        action = self.programme.with_user(self.trainer_user).action_preview()
        self.assertEqual(
            action["views"][0][0],
            self.env.ref("front_office_training.training_step_view_kanban_preview").id,
        )
        found = (
            self.env[action["res_model"]]
            .with_user(self.trainer_user)
            .search(action["domain"])
        )
        self.assertEqual(found, self.programme.step_ids)
        view = found.get_view(action["views"][0][0], "kanban")
        for forbidden in ('type="object"', 'create="1"', 'edit="1"'):
            self.assertNotIn(forbidden, view["arch"])
        self.assertEqual([self.env[model].search_count([]) for model in models], counts)
