from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRules(TransactionCase):
    """What each rule of Sales counts, and what it leaves out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.trainee_user, cls.colleague_user = (
            new_test_user(cls.env, login, "sales_team.group_sale_salesman", tz="UTC")
            for login in ("sale_trainee", "sale_colleague")
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Test trainee", "user_id": cls.trainee_user.id, "tz": "UTC"}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Test customer"})
        programme = cls.env["training.programme"].create(
            {
                "name": "Test selling",
                "step_ids": [
                    Command.create(
                        {
                            "name": rule,
                            "sequence": number,
                            "kind": "evidence",
                            "evidence_rule_id": cls.env.ref(
                                f"front_office_training_sale.evidence_rule_{rule}"
                            ).id,
                            "evidence_count": 2,
                        }
                    )
                    for number, rule in enumerate(("quotation_sent", "order_confirmed"))
                ],
            }
        )
        programme.action_publish()
        cls.enrolment = programme._enrol(
            cls.employee,
            start_date=fields.Date.subtract(fields.Date.today(), days=3),
        )

    def _order(self, user=None, **vals):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": (user or self.trainee_user).id,
                **vals,
            }
        )

    def _counts(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.enrolment.step_ids.sorted("sequence").mapped("evidence_done")

    def test_quotations_and_orders(self):
        orders = self._order() + self._order() + self._order()
        self._order(self.colleague_user).action_quotation_sent()
        self.assertEqual(self._counts(), [0, 0])
        orders.action_quotation_sent()
        self.assertEqual(self._counts(), [3, 0])
        (orders[0] + orders[1]).action_confirm()
        self.assertEqual(self._counts(), [3, 1], "one customer")
        orders[2].partner_id = self.customer.copy()
        orders[2].action_confirm()
        self.assertEqual(self._counts(), [3, 2])
        orders[2]._action_cancel()
        self.assertEqual(self._counts(), [2, 1])

    def test_an_order_from_before_the_training(self):
        order = self._order()
        order.action_quotation_sent()
        order.action_confirm()
        order.date_order = fields.Datetime.subtract(fields.Datetime.now(), days=9)
        self.assertEqual(self._counts(), [1, 0])

    def test_rules_pass_their_own_check(self):
        rules = self.env["training.evidence.rule"].search(
            [("code", "=like", r"sale\_%")]
        )
        self.assertEqual(len(rules), 2)
        rules._check_rule()
