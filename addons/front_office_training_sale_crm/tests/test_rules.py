from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRules(TransactionCase):
    """What the rule of Sales and CRM counts, and what it leaves out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.trainee_user, cls.colleague_user = (
            new_test_user(cls.env, login, "sales_team.group_sale_salesman", tz="UTC")
            for login in ("sale_crm_trainee", "sale_crm_colleague")
        )
        employee = cls.env["hr.employee"].create(
            {"name": "Test trainee", "user_id": cls.trainee_user.id, "tz": "UTC"}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Test customer"})
        cls.rule = cls.env.ref(
            "front_office_training_sale_crm.evidence_rule_request_answered"
        )
        programme = cls.env["training.programme"].create(
            {
                "name": "Test answering",
                "step_ids": [
                    Command.create(
                        {
                            "name": "Answer requests",
                            "kind": "evidence",
                            "signoff": "none",
                            "evidence_rule_id": cls.rule.id,
                            "evidence_count": 2,
                        }
                    )
                ],
            }
        )
        programme.action_publish()
        cls.step = programme._enrol(
            employee, start_date=fields.Date.subtract(fields.Date.today(), days=3)
        ).step_ids

    def _request(self):
        return self.env["crm.lead"].create(
            {
                "name": "Test request",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.trainee_user.id,
            }
        )

    def _quotation(self, request=None, user=None):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": (user or self.trainee_user).id,
                "opportunity_id": request and request.id,
            }
        )

    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.step.evidence_done

    def test_only_a_quotation_sent_for_a_request_counts(self):
        self._quotation().action_quotation_sent()
        self._quotation(self._request(), self.colleague_user).action_quotation_sent()
        draft = self._quotation(self._request())
        self.assertEqual(self._count(), 0)
        draft.action_quotation_sent()
        self.assertEqual(self._count(), 1)
        draft.action_confirm()
        self.assertEqual(self._count(), 1, "an order was a quotation")
        draft._action_cancel()
        self.assertEqual(self._count(), 0)

    def test_quotations_for_one_request_count_once(self):
        request = self._request()
        (self._quotation(request) + self._quotation(request)).action_quotation_sent()
        self.assertEqual(self._count(), 1)
        self._quotation(self._request()).action_quotation_sent()
        self.assertEqual(self._count(), 2)

    def test_request_of_a_colleague_counts_for_who_answers(self):
        request = self._request()
        request.user_id = self.colleague_user
        self._quotation(request).action_quotation_sent()
        self.assertEqual(self._count(), 1)

    def test_counting_is_one_statement(self):
        quotation = self._quotation(self._request())
        quotation.action_quotation_sent()
        periods = self.step._get_evidence_periods()[self.rule.id]
        self.rule._count_periods(periods)
        self.env.flush_all()
        with self.assertQueryCount(1):
            counted = self.rule._count_periods(periods, with_ids=True)
        self.assertEqual(counted, {self.step.id: (1, [quotation.id])})

    def test_closing_freezes_the_quotations_that_counted(self):
        quotations = self._quotation(self._request()) + self._quotation(self._request())
        quotations.action_quotation_sent()
        self.env.flush_all()
        self.step.with_user(self.trainee_user).action_done()
        self.assertEqual(self.step.state, "done")
        quotations[0]._action_cancel()
        self.assertEqual(self.step.evidence_frozen["ids"], sorted(quotations.ids))

    def test_rule_passes_its_own_check(self):
        self.rule._check_rule()
