from odoo import Command
from odoo.tests import TransactionCase, tagged

from .common import TrainingFixture

SPECIFICATION = {
    "name": {},
    "section": {},
    "state": {},
    "minutes": {},
    "due_date": {},
    "late": {},
    "can_tick": {},
    "can_sign": {},
    "can_waive": {},
    "instructions": {},
    "attempts": {},
    "enrolment_state": {},
    "employee_id": {"fields": {"display_name": {}}},
    "signer_id": {"fields": {"display_name": {}}},
    "signed_by_id": {"fields": {"display_name": {}}},
    "attachment_ids": {"fields": {"name": {}}},
}


@tagged("post_install", "-at_install")
class TestQueries(TrainingFixture, TransactionCase):
    """*My training* and *To sign off* cost the same for 10 steps and for 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.few, cls.many = (cls._pile(count) for count in (10, 100))
        cls.env.flush_all()

    @classmethod
    def _pile(cls, count):
        """Return an enrolment of so many steps, all done, each with a file."""
        programme = cls.env["training.programme"].create(
            {
                "name": f"Test {count}",
                "responsible_id": cls.trainer_user.id,
                "step_ids": [
                    Command.create({"name": f"Step {number}", "minutes": 5})
                    for number in range(count)
                ],
            }
        )
        programme.action_publish()
        enrolment = cls.env["training.enrolment"].create(
            {"employee_id": cls.trainee.id, "programme_id": programme.id}
        )
        enrolment.step_ids.with_user(cls.trainee_user).action_done()
        cls.env["ir.attachment"].create(
            [
                {"name": "photo.txt", "res_model": step._name, "res_id": step.id}
                for step in enrolment.step_ids
            ]
        )
        return enrolment

    def _count(self, user, enrolment, call):
        Step = self.env["training.enrolment.step"].with_user(user)
        domain = [("enrolment_id", "=", enrolment.id), ("state", "=", "done")]
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        result = call(Step, domain)
        return self.cr.sql_log_count - before, result

    def _assert_same(self, user, call):
        self._count(user, self.few, call)  # warm: rules, groups and fields are cached
        few, result_few = self._count(user, self.few, call)
        many, result_many = self._count(user, self.many, call)
        self.assertEqual(many, few)
        return result_few, result_many

    def _read(self, Step, domain):
        return Step.web_search_read(domain, SPECIFICATION, limit=200)["length"]

    def _grouped(self, groupby):
        def call(Step, domain):
            result = Step.web_read_group(
                domain,
                [groupby],
                [],
                auto_unfold=True,
                unfold_read_specification=SPECIFICATION,
                unfold_read_default_limit=200,
            )
            return sum(len(group["__records"]) for group in result["groups"])

        return call

    def test_my_training(self):
        for call in (self._read, self._grouped("enrolment_id")):
            self.assertEqual(self._assert_same(self.trainee_user, call), (10, 100))

    def test_to_sign_off(self):
        for user in (self.trainer_user, self.manager_user):
            for call in (self._read, self._grouped("employee_id")):
                self.assertEqual(self._assert_same(user, call), (10, 100))

    def test_to_sign_off_is_grouped_by_trainee(self):
        kanban = self.env.ref(
            "front_office_training.training_enrolment_step_view_kanban_sign"
        )
        lists = self.env.ref(
            "front_office_training.training_enrolment_step_view_list_sign"
        )
        for view in (kanban, lists):
            arch = self.env["training.enrolment.step"].get_view(view.id)["arch"]
            self.assertIn('default_group_by="employee_id"', arch)
            self.assertIn("training_evidence", arch)
