from odoo.tests import HttpCase

from .common import HireTrainingCommon


class TestHireTrainingTour(HireTrainingCommon, HttpCase):
    """From the application to the first day, in a real browser."""

    def test_hire_and_see_training(self):
        self.start_tour(
            f"/odoo/recruitment-applications/{self.ada.id}",
            "office_role_hiring_training_tour",
            login="hire_hr",
        )
        employee = self.ada.employee_id
        self.assertEqual(employee.name, "Ada Hire")
        self.assertEqual(
            employee.training_enrolment_ids.programme_id, self.desk + self.phone
        )
