from odoo.tests import HttpCase

from .fairness_common import FairnessCommon


class TestFairnessTours(FairnessCommon, HttpCase):
    """A refusal that says why, and the groups compared, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()

    def test_recruiter_refuses_and_sees_the_log(self):
        applicant = self._apply(
            "Ada Tour",
            [(self.greeting, 50), (self.telephone, 50)],
            email_from="ada@example.com",
        )
        self.start_tour(
            f"/odoo/recruitment-applications/{applicant.id}",
            "office_role_hiring_refuse_tour",
            login="fair_recruiter",
        )
        self.assertEqual(applicant.office_refuse_skill_ids, self.greeting)

    def test_hr_manager_compares_groups(self):
        dimension = self.env["hr.applicant.group.dimension"].create(
            {
                "name": "Tour question",
                "company_id": self.company.id,
                "sequence": -1,
                "group_ids": [
                    (0, 0, {"name": f"Tour {name}"}) for name in ("A", "B", "C", "D")
                ],
            }
        )
        for group, hired, refused in zip(
            dimension.group_ids, (5, 2, 1, 0), (5, 8, 0, 0), strict=True
        ):
            for number in range(hired + refused):
                applicant = self._apply(f"{group.name}{number}")
                self.env["hr.applicant.self.identification"]._record(
                    applicant, {dimension: group}
                )
                if number < hired:
                    applicant.stage_id = self.stage_signed
                else:
                    applicant.action_archive()
        self.start_tour(
            "/odoo/recruitment-applications",
            "office_role_hiring_impact_tour",
            login="fair_hr_manager",
        )
