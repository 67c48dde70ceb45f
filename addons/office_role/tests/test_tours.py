from odoo.tests import HttpCase

from .common import LAST_YEAR, OfficeRoleCommon


class TestTours(OfficeRoleCommon, HttpCase):
    """An HR manager at work, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_hr_user("role_manager", "hr.group_hr_manager")

    def test_manager_looks_at_the_receptionist(self):
        self.start_tour("/odoo", "office_role_catalogue_tour", login="role_manager")

    def test_manager_aligns_a_position_with_its_role(self):
        job = self._create_job("Welcome desk")
        past = self._give_job_skill(job, self.juggling, 100)
        self.start_tour("/odoo", "office_role_align_tour", login="role_manager")
        self.assertEqual(job.office_role_id, self.role_desk)
        self.assertEqual(
            job.current_job_skill_ids.skill_id, self.greeting + self.telephone
        )
        self.assertTrue(past.valid_to, "the former skill is in the history")

    def test_manager_opens_the_gaps_of_an_employee(self):
        employee = self._create_employee("Ada Gap", self.job_desk)
        self._give_skill(employee, self.greeting, 75, valid_from=LAST_YEAR)
        self.start_tour("/odoo", "office_role_gap_tour", login="role_manager")
