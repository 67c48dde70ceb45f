from odoo.tests import HttpCase

from .common import HiringCommon


class TestVersionTour(HiringCommon, HttpCase):
    """HR begins a version, a recruiter leaves it, in a real browser."""

    def test_hr_begins_and_a_recruiter_rescores(self):
        # the roles of the catalogue would fill the page before ours
        self.env["office.role"].search(
            [("id", "not in", (self.role_desk + self.role_till).ids)]
        ).active = False
        self._create_user("version_tour_hr", "hr.group_hr_manager")
        self._create_user(
            "version_tour_recruiter", "hr_recruitment.group_hr_recruitment_user"
        )
        ada = self._create_applicant(
            "Ada Tour", self.job_desk, [(self.greeting, 75), (self.telephone, 50)]
        )
        self.start_tour(
            "/odoo/office-roles",
            "office_role_hiring_version_tour",
            login="version_tour_hr",
        )
        ada.invalidate_recordset()
        self.assertEqual(ada.office_role_version_id.number, 1)
        line = self.role_desk.skill_ids.filtered("must_have")
        line.skill_level_id = self.level[100]
        self._commit_matches()
        self.assertAlmostEqual(ada.office_match_score, 100)
        self.start_tour(
            f"/odoo/hr.applicant/{ada.id}",
            "office_role_hiring_rescore_tour",
            login="version_tour_recruiter",
        )
        ada.invalidate_recordset()
        self.assertFalse(ada.office_role_version_id)
        self.assertAlmostEqual(ada.office_match_score, 87.5)
