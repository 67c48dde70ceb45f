from odoo.tests import HttpCase

from .common_interview import InterviewCommon


class TestInterviewTour(InterviewCommon, HttpCase):
    """Two interviewers, blind and then consolidated, in a real browser."""

    def test_blind_then_consolidated(self):
        ada = self._create_applicant("Ada Tour", self.job_desk)
        interview = self._create_round(applicant=ada, opened=True)
        self._submit(interview, self.ian, rating=4, note="Sang at the door")
        application = f"/odoo/hr.applicant/{ada.id}"
        self.start_tour(
            application, "office_role_hiring_blind_tour", login=self.ivy.login
        )
        self.start_tour(
            "/odoo/my-interviews",
            "office_role_hiring_scorecard_tour",
            login=self.ivy.login,
        )
        self.env.invalidate_all()
        self.assertEqual(interview.state, "done")
        card = self._card(interview, self.ivy)
        self.assertEqual(card.line_ids.mapped("rating"), [1, 3])
        self.assertEqual(card.line_ids[0].note, "Looked away")
        for user, tour in (
            (self.ian, "office_role_hiring_consolidated_interviewer_tour"),
            (self.rob, "office_role_hiring_consolidated_tour"),
        ):
            self.start_tour(application, tour, login=user.login)
        self.env.invalidate_all()
        telephone = ada.current_applicant_skill_ids.filtered(
            lambda skill: skill.skill_id == self.telephone
        )
        self.assertEqual(telephone.skill_level_id, self.level[75])
