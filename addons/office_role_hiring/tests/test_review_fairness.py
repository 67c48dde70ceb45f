from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .fairness_common import FairnessCommon


@tagged("post_install", "-at_install")
class TestReviewFairness(FairnessCommon):
    """Nobody learns of one person what the report says of groups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()
        cls.company.hiring_group_minimum = 3
        cls.dimension = cls.env["hr.applicant.group.dimension"].create(
            {
                "name": "Colour",
                "company_id": cls.company.id,
                "group_ids": [(0, 0, {"name": name}) for name in ("Red", "Blue")],
            }
        )
        cls.people = cls._apply("P0")
        for number in range(1, 8):
            cls.people |= cls._apply(f"P{number}")
        cls.answers = cls.env["hr.applicant.self.identification"]
        for number, applicant in enumerate(cls.people):
            group = cls.dimension.group_ids[number % 2]
            cls.answers._record(applicant, {cls.dimension: group})

    def _outcomes(self):
        report = (
            self.env["hr.applicant.adverse.impact"]
            .with_user(self.fair)
            .create({"dimension_id": self.dimension.id})
        )
        report.action_report()
        return report.line_ids.mapped("outcome")

    def test_the_only_one_who_was_hired_is_no_group(self):
        rest = self.people[1:]
        rest.write({"refuse_reason_id": self.reason_degree.id, "active": False})
        self.assertEqual(self._outcomes(), ["none", "none"])
        self.people[0].stage_id = self.stage_signed
        self.assertEqual(self._outcomes(), ["hidden", "hidden"])
        rest[:2].write({"refuse_reason_id": False, "active": True})
        rest[:2].stage_id = self.stage_signed
        self.assertNotIn("hidden", self._outcomes())

    def test_nobody_tries_out_who_has_answered(self):
        group = self.dimension.group_ids[0]
        with self.assertRaises(AccessError):
            self.answers.with_user(self.fair).create(
                {"applicant_id": self.people[0].id, "group_id": group.id}
            )

    def test_the_log_by_other_routes(self):
        ada = self.people[0].with_user(self.manager)
        ada.stage_id = self.stage_interview
        decision = ada.office_decision_ids
        self.assertEqual(len(decision), 1)
        for values in (
            {"office_decision_ids": [(1, decision.id, {"note": "x"})]},
            {"office_decision_ids": [(2, decision.id)]},
            {"office_decision_ids": [(5,)]},
            {"office_decision_ids": [(3, decision.id)]},
            {"office_decision_ids": [(0, 0, {"kind": "hire"})]},
        ):
            for user in (self.manager, self.fair):
                with (
                    self.subTest(values=values, user=user.login),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    ada.with_user(user).write(values)
                self.env.invalidate_all()
        result = decision.with_user(self.manager).load(
            [".id", "note"], [[str(decision.id), "x"]]
        )
        self.assertFalse(result["ids"])
        self.assertEqual(self._log(ada), decision.sudo(False).with_env(self.env))
