from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestEvidenceTours(HttpCase):
    """From one lead of two to the signature, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trainee = new_test_user(
            cls.env, "tour_crm_trainee", "sales_team.group_sale_salesman"
        )
        cls.trainer = new_test_user(
            cls.env,
            "tour_crm_trainer",
            "front_office_training.group_training_trainer,"
            "sales_team.group_sale_salesman_all_leads",
        )
        employee = cls.env["hr.employee"].create(
            {"name": "Tour Seller", "user_id": cls.trainee.id}
        )
        rule = cls.env.ref("front_office_training_crm.evidence_rule_lead_qualified")
        programme = cls.env["training.programme"].create(
            {
                "name": "Tour Selling",
                "responsible_id": cls.trainer.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Tour Qualify",
                            "kind": "evidence",
                            "evidence_rule_id": rule.id,
                            "evidence_count": 2,
                        }
                    )
                ],
            }
        )
        programme.action_publish()
        cls.step = programme._enrol(employee).step_ids
        cls.leads = cls.env["crm.lead"].create(
            [
                {"name": name, "type": "lead", "user_id": cls.trainee.id}
                for name in ("Tour Bakery", "Tour School")
            ]
        )

    def test_trainee_shows_real_work_and_trainer_signs(self):
        first, second = self.leads
        first.convert_opportunity(False)
        # the tick that comes too early is refused, and the refusal logged
        with mute_logger("odoo.http"):
            self._tour("my-training", "one_of_two", self.trainee)
        self.assertEqual(self.step.state, "to_do")
        second.convert_opportunity(False)
        self._tour("my-training", "two_of_two", self.trainee)
        self._tour("training-to-sign", "trainer", self.trainer)
        self.step.invalidate_recordset()
        self.assertEqual(self.step.signed_by_id, self.trainer)
        self.assertEqual(self.step.evidence_frozen["ids"], self.leads.ids)

    def _tour(self, path, name, user):
        self.start_tour(
            f"/odoo/{path}", f"front_office_training_crm_{name}", login=user.login
        )
