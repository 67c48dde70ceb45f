from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .common import TODAY
from .test_fairness_impact import FairnessImpactCommon


@freeze_time(TODAY)
class TestFairnessRelease(FairnessImpactCommon):
    """Of A five of ten are hired, of B two of ten; nobody subtracts two reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.releases = cls.env["hr.applicant.adverse.impact.release"]
        cls.first = {
            "A": (10, 5, "highest"),
            "B": (10, 2, "below"),
            "C": (0, 0, "hidden"),
            "D": (0, 0, "hidden"),
        }

    def test_one_more_applicant_does_not_show(self):
        before = self._report()
        self.assertEqual(self._shown(before), self.first)
        self.assertFalse(before.shown_before_on)
        self._crowd("B", 1, 0)
        after = self._report()
        self.assertEqual(self._shown(after), self.first, "as shown before")
        self.assertTrue(after.shown_before_on)
        self.assertEqual(len(self.releases.search([])), 1)

    def test_enough_more_show(self):
        self._report()
        self._crowd("A", 0, 2)
        self._crowd("B", 0, 2)
        self.assertEqual(self._shown(self._report()), self.first)
        self._crowd("B", 0, 1)
        after = self._report()
        self.assertEqual(self._shown(after)["A"], (12, 5, "highest"))
        self.assertEqual(self._shown(after)["B"], (13, 2, "below"))
        self.assertFalse(after.shown_before_on)

    def test_one_more_selection_does_not_show(self):
        self._report()
        self.people["B"][9].write({"active": True, "refuse_reason_id": False})
        self.people["B"][9].stage_id = self.stage_signed
        self.assertEqual(self._shown(self._report()), self.first)

    def test_an_answer_that_is_changed_does_not_show(self):
        self._report()
        self.env["hr.applicant.self.identification"]._record(
            self.people["A"][9], {self.dimension: self.groups["B"]}
        )
        self.assertEqual(self._shown(self._report()), self.first)

    def test_nobody_is_left_out_by_a_filter(self):
        till = self._create_job("Till", self.role_till)
        self._crowd("B", 1, 0, till)
        self._report(job_ids=self.job_desk.ids)
        with self.assertRaises(UserError) as caught:
            self._report()
        self.assertIn("fewer than 5 people", str(caught.exception))
        self.assertIn("wait until more", str(caught.exception))
        # the other way round as well
        self._forget()
        self._report()
        with self.assertRaisesRegex(UserError, "fewer than 5 people"):
            self._report(job_ids=self.job_desk.ids)

    def test_nor_by_a_stage(self):
        nearly = self.people["B"][9]
        nearly.write({"active": True, "refuse_reason_id": False})
        nearly.stage_id = self.stage_interview
        nearly.write({"refuse_reason_id": self.reason_degree.id, "active": False})
        self._report(stage_id=self.stage_signed.id)
        # one more came to the interview than was hired
        with self.assertRaisesRegex(UserError, "fewer than 5 people"):
            self._report(stage_id=self.stage_interview.id)

    def test_other_people_altogether_are_no_difference(self):
        self._report()
        till = self._create_job("Till", self.role_till)
        self._crowd("A", 3, 3, till)
        self._crowd("B", 3, 3, till)
        shown = self._shown(self._report(job_ids=till.ids))
        self.assertEqual((shown["A"][0], shown["B"][0]), (6, 6))

    def test_the_same_report_again(self):
        self._report()
        again = self._report()
        self.assertEqual(self._shown(again), self.first)
        self.assertFalse(again.shown_before_on)
        self.assertEqual(len(self.releases.search([])), 1)

    def test_what_showed_nothing_is_not_kept(self):
        self.company.hiring_group_minimum = 100
        self._report()
        self.assertFalse(self.releases.search([]))

    def test_another_question_is_another_report(self):
        self._report()
        other = self.dimension.copy({"name": "Other question"})
        other.group_ids = [(0, 0, {"name": "X"}), (0, 0, {"name": "Y"})]
        people = (self.people["A"] + self.people["B"])[:19]
        self.env["hr.applicant.self.identification"].create(
            [
                {
                    "applicant_id": applicant.id,
                    "group_id": other.group_ids[number % 2].id,
                }
                for number, applicant in enumerate(people)
            ]
        )
        report = self._report(dimension_id=other.id)
        self.assertEqual(sum(report.line_ids.mapped("considered")), 19)

    def test_old_figures_do_not_stand_beside_new_filters(self):
        report = self._report()
        self.assertTrue(report.is_done)
        report.role_id = self.role_till
        self.assertFalse(report.is_done)

    def test_a_group_that_is_deleted_meanwhile(self):
        self._report()
        self._crowd("B", 1, 0)
        self.groups["A"].unlink()
        # what is left of the former report is shown, or nothing
        self.assertNotIn("A", self._shown(self._report()))

    def test_nobody_reads_what_was_shown(self):
        self._report()
        release = self.releases.search([])
        self.assertEqual(len(release.considered), 20)
        ids = {str(applicant.id) for applicant in self.people["A"]}
        self.assertFalse(ids & set(release.considered), "hashes, not people")
        for user in (self.fair, self.manager, self.recruiter, self.abroad):
            for operation in ("read", "write", "unlink"):
                with self.subTest(user=user.login, operation=operation):
                    with self.assertRaises(AccessError):
                        release.with_user(user).check_access(operation)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                release.with_user(user).create(
                    {
                        "company_id": self.company.id,
                        "dimension_id": self.dimension.id,
                        "filters": "()",
                    }
                )
