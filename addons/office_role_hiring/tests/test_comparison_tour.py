from odoo.tests import HttpCase

from .common import HiringCommon


class TestComparisonTour(HiringCommon, HttpCase):
    """A recruiter ranks and compares, in a real browser."""

    def test_recruiter_compares_three(self):
        self._create_user("compare_tour", "hr_recruitment.group_hr_recruitment_user")
        self._create_applicant(
            "Ada Tour", self.job_desk, [(self.greeting, 75), (self.telephone, 50)]
        )
        self._create_applicant("Bo Tour", self.job_desk, [(self.greeting, 50)])
        self._create_applicant("Cy Tour", self.job_desk)
        self.start_tour(
            "/odoo/applicant-ranking",
            "office_role_hiring_compare_tour",
            login="compare_tour",
        )
