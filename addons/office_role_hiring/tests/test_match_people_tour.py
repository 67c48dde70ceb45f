from odoo import Command
from odoo.tests import HttpCase

from .common import HiringCommon


class TestMatchPeopleTour(HiringCommon, HttpCase):
    """HR and Recruitment in one hand, in a real browser."""

    def test_find_people_and_roles(self):
        self._create_user(
            "hire_both", "hr_recruitment.group_hr_recruitment_user,hr.group_hr_user"
        )
        # somebody who holds one of two skills stands on the first page, whoever else
        # is in the database
        requirement = self._requirement(self.juggling, 25)
        self.role_till.write({"skill_ids": [Command.create(requirement)]})
        self._create_applicant("Ada Tour", self.job_desk, [(self.counting, 25)])
        clerk = self._create_employee("Clerk Tour", self.job_desk)
        self._give_skill(clerk, self.counting, 25)
        self._give_skill(clerk, self.juggling, 25)
        self._commit_matches()
        action = self.env.ref("office_role.office_role_action")
        self.start_tour(
            f"/odoo/action-{action.id}/{self.role_till.id}",
            "office_role_hiring_best_people_tour",
            login="hire_both",
        )
