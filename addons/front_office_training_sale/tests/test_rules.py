from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRules(TransactionCase):
    """What each rule of Sales counts, and what it leaves out."""

    RULES = ("quotation_sent", "order_confirmed", "repeat_customer")

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
                            "signoff": "none",
                            "evidence_rule_id": cls.env.ref(
                                f"front_office_training_sale.evidence_rule_{rule}"
                            ).id,
                            "evidence_count": 2,
                        }
                    )
                    for number, rule in enumerate(cls.RULES)
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
        self.assertEqual(self._counts(), [0, 0, 0])
        orders.action_quotation_sent()
        self.assertEqual(self._counts(), [3, 0, 0])
        (orders[0] + orders[1]).action_confirm()
        self.assertEqual(self._counts(), [3, 1, 1], "one customer")
        orders[2].partner_id = self.customer.copy()
        orders[2].action_confirm()
        self.assertEqual(self._counts(), [3, 2, 1])
        orders[2]._action_cancel()
        self.assertEqual(self._counts(), [2, 1, 1])

    def test_an_order_from_before_the_training(self):
        order = self._order()
        order.action_quotation_sent()
        order.action_confirm()
        order.date_order = fields.Datetime.subtract(fields.Datetime.now(), days=9)
        self.assertEqual(self._counts(), [1, 0, 0])

    def _confirm(self, user=None, days=0, **vals):
        order = self._order(user, **vals)
        order.action_confirm()
        order.date_order = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        return order

    def _repeats(self):
        return self._counts()[2]

    def test_first_order_of_a_customer_is_no_repeat(self):
        self._confirm()
        self.assertEqual(self._repeats(), 0)

    def test_customer_whom_a_colleague_served_before(self):
        earlier = self._confirm(self.colleague_user, days=400)
        self._confirm()
        self._confirm()
        self.assertEqual(self._repeats(), 1, "one customer")
        earlier._action_cancel()
        self.assertEqual(self._repeats(), 1, "the first of the two is the earlier one")

    def test_cancelled_and_open_orders_make_no_repeat(self):
        self._confirm(self.colleague_user, days=9)._action_cancel()
        self._order(self.colleague_user).action_quotation_sent()
        self._confirm(days=1)
        self._order().action_quotation_sent()
        self.assertEqual(self._repeats(), 0)

    def test_later_order_makes_no_repeat_of_the_first(self):
        first = self._confirm(days=2)
        later = self._confirm(self.colleague_user)
        self.assertEqual(self._repeats(), 0)
        self.assertEqual((first.is_repeat_order, later.is_repeat_order), (False, True))

    def test_second_contact_of_one_company_is_a_repeat(self):
        contact = self.env["res.partner"].create(
            {"name": "Test contact", "parent_id": self.customer.id}
        )
        self._confirm(self.colleague_user, days=9, partner_id=contact.id)
        self._confirm()
        self.assertEqual(self._repeats(), 1)
        contact.parent_id = False
        self.assertEqual(self._repeats(), 0)

    def test_order_with_another_company_makes_no_repeat(self):
        elsewhere = self.env["res.company"].create({"name": "Test elsewhere"})
        self._confirm(self.env.user, days=9, company_id=elsewhere.id)
        self._confirm()
        self.assertEqual(self._repeats(), 0)

    def test_repeats_are_searched_both_ways(self):
        first, second, sent = self._confirm(days=5), self._confirm(), self._order()
        orders = first + second + sent
        mine = [("id", "in", orders.ids)]
        for condition, expected in (
            (("is_repeat_order", "=", True), second),
            (("is_repeat_order", "!=", False), second),
            (("is_repeat_order", "=", False), first + sent),
            (("is_repeat_order", "in", [True, False]), orders),
        ):
            found = self.env["sale.order"].search([*mine, condition])
            self.assertEqual(found.sorted("id"), expected.sorted("id"), condition)
            self.assertEqual(orders.filtered_domain([condition]), expected, condition)
        self.assertFalse(self.env["sale.order"].new({}).is_repeat_order)

    def test_salesman_learns_no_more_than_that(self):
        """The trainee sees that the customer came back, and not the earlier order."""
        earlier = self._confirm(self.colleague_user, days=9)
        order = self._confirm()
        self.env.invalidate_all()
        seen = self.env["sale.order"].with_user(self.trainee_user)
        self.assertTrue(seen.browse(order.id).is_repeat_order)
        self.assertNotIn(earlier, seen.search([("is_repeat_order", "=", False)]))

    def test_counting_is_one_statement(self):
        rule = self.env.ref("front_office_training_sale.evidence_rule_repeat_customer")
        step = self.enrolment.step_ids.filtered(
            lambda step: step.evidence_rule_id == rule
        )
        self._confirm(self.colleague_user, days=9)
        order = self._confirm()
        periods = step._get_evidence_periods()[rule.id]
        rule._count_periods(periods)
        self.env.flush_all()
        with self.assertQueryCount(1):
            counted = rule._count_periods(periods, with_ids=True)
        self.assertEqual(counted, {step.id: (1, [order.id])})

    def test_signature_freezes_the_orders_that_counted(self):
        earlier = self._confirm(self.colleague_user, days=9)
        first = self._confirm()
        other = self.customer.copy()
        self._confirm(self.colleague_user, days=9, partner_id=other.id)
        second = self._confirm(partner_id=other.id)
        step = self.enrolment.step_ids.sorted("sequence")[2]
        self.env.flush_all()
        step.with_user(self.trainee_user).action_done()
        self.assertEqual(step.state, "done")
        (earlier + first)._action_cancel()
        self.assertEqual(step.evidence_frozen["ids"], [first.id, second.id])
        self.assertEqual(self._repeats(), 2)

    def test_rules_pass_their_own_check(self):
        rules = self.enrolment.step_ids.evidence_rule_id
        self.assertEqual(len(rules), 3)
        rules._check_rule()

    def test_other_fields_without_a_column_are_still_refused(self):
        rule = self.env.ref("front_office_training_sale.evidence_rule_repeat_customer")
        with self.assertRaisesRegex(ValidationError, "is not stored"):
            rule.domain = "[('is_expired', '=', True)]"
