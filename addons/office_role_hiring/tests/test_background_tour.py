from odoo import fields
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .background_common import SIGNED, BackgroundCommon


class TestBackgroundTour(BackgroundCommon, HttpCase):
    """A recruiter is stopped, an officer records the result, the recruiter goes on."""

    def test_a_check_blocks_then_frees(self):
        # the stages of the story only
        self.env["hr.recruitment.stage"].search(
            [("job_ids", "=", False)]
        ).job_ids = self._create_job("Other")
        self.role_desk.background_type_ids = self.criminal
        check = self._prepare()
        check.write(
            {
                "consent_date": fields.Date.context_today(check),
                "consent_document": SIGNED,
            }
        )
        check.action_record_consent()
        url = f"/odoo/hr.applicant/{self.ada.id}"
        # the refusal is what we look for, not a warning
        with mute_logger("odoo.http"):
            self.start_tour(
                url,
                "office_role_hiring_background_blocks_tour",
                login="background_recruiter",
            )
        self.assertEqual(self.ada.stage_id, self.first)
        self.start_tour(
            "/odoo/background-checks",
            "office_role_hiring_background_result_tour",
            login="background_officer",
        )
        self.assertEqual(check.result, "clear")
        self.start_tour(
            url,
            "office_role_hiring_background_frees_tour",
            login="background_recruiter",
        )
        self.assertEqual(self.ada.stage_id, self.contract)
