from odoo.tests import HttpCase

from .common import HiringCommon


class TestMatchTour(HiringCommon, HttpCase):
    """A recruiter at work, in a real browser."""

    def test_recruiter_ranks_applicants(self):
        self._create_user("hire_recruiter", "hr_recruitment.group_hr_recruitment_user")
        self._create_applicant(
            "Ada Tour", self.job_desk, [(self.greeting, 75), (self.telephone, 50)]
        )
        self._create_applicant("Bo Tour", self.job_desk, [(self.greeting, 50)])
        self.start_tour(
            "/odoo/applicant-ranking",
            "office_role_hiring_ranking_tour",
            login="hire_recruiter",
        )
