from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import warmup

from .common import TODAY
from .fairness_common import FairnessCommon


@freeze_time(TODAY)
class FairnessImpactCommon(FairnessCommon):
    """Of ten of group A five are hired, of ten of group B two; C has three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()
        cls.dimension = cls.env["hr.applicant.group.dimension"].create(
            {
                "name": "Test group",
                "company_id": cls.company.id,
                "group_ids": [(0, 0, {"name": name}) for name in "ABCD"],
            }
        )
        cls.groups = dict(zip("ABCD", cls.dimension.group_ids, strict=True))
        cls.people = {
            name: cls._crowd(name, hired, refused)
            for name, hired, refused in (("A", 5, 5), ("B", 2, 8), ("C", 1, 2))
        }

    @classmethod
    def _crowd(cls, name, hired, refused, job=None):
        """Create decided applications of one group."""
        applicants = cls.env["hr.applicant"].create(
            [
                {
                    "partner_name": f"{name}{number}",
                    "job_id": (job or cls.job_desk).id,
                    "stage_id": cls.stage_new.id,
                }
                for number in range(hired + refused)
            ]
        )
        cls._identify(applicants, name)
        applicants[:hired].stage_id = cls.stage_signed
        applicants[hired:].write(
            {"refuse_reason_id": cls.reason_degree.id, "active": False}
        )
        cls._dated(applicants, TODAY)
        return applicants

    @classmethod
    def _identify(cls, applicants, name):
        cls.env["hr.applicant.self.identification"].create(
            [
                {"applicant_id": applicant.id, "group_id": cls.groups[name].id}
                for applicant in applicants
            ]
        )

    @classmethod
    def _dated(cls, applicants, day):
        """Have applications made on a day: the clock of the database is real."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE hr_applicant SET create_date = %s WHERE id = ANY(%s)",
            (day, applicants.ids),
        )
        applicants.invalidate_recordset(["create_date"])

    def _report(self, user=None, **values):
        report = (
            self.env["hr.applicant.adverse.impact"]
            .with_user(user or self.fair)
            .create({"dimension_id": self.dimension.id, **values})
        )
        report.action_report()
        return report

    def _forget(self):
        """Have no report been shown before."""
        self.env["hr.applicant.adverse.impact.release"].search([]).unlink()

    def _shown(self, report):
        return {
            line.group_id.name: (line.considered, line.selected, line.outcome)
            for line in report.line_ids.sudo()
        }


@freeze_time(TODAY)
class TestFairnessImpact(FairnessImpactCommon):
    """Rates and ratios by group; small groups are hidden."""

    def test_rates_ratios_and_who_is_hidden(self):
        report = self._report()
        self.assertEqual(
            self._shown(report),
            {
                "A": (10, 5, "highest"),
                "B": (10, 2, "below"),
                "C": (0, 0, "hidden"),
                "D": (0, 0, "hidden"),
            },
        )
        line = report.line_ids.filtered(lambda line: line.outcome == "below")
        self.assertAlmostEqual(line.rate, 20)
        self.assertAlmostEqual(line.ratio, 0.4)
        # 2 of 10 beside 5 of 10 is chance seven times in twenty
        self.assertTrue(line.is_small)
        self.assertIn("too small", line.note)
        hidden = report.line_ids.filtered(lambda line: line.outcome == "hidden")
        self.assertIn("worked", hidden[0].note)
        self.assertFalse(any(hidden.mapped("rate")))

    def test_the_only_hidden_group_hides_another_one(self):
        self.groups["D"].unlink()
        shown = self._shown(self._report())
        self.assertEqual(shown["C"][2], "hidden")
        self.assertEqual([row[2] for row in shown.values()].count("hidden"), 2)

    def test_the_minimum_of_the_company(self):
        self.company.hiring_group_minimum = 3
        shown = self._shown(self._report())
        self.assertEqual(shown["C"], (0, 0, "hidden"), "hidden with D, which is 0")
        self.groups["D"].unlink()
        self._forget()
        self.assertEqual(self._shown(self._report())["C"], (3, 1, "below"))

    def test_large_numbers_are_said(self):
        self._crowd("A", 10, 10)
        self._crowd("B", 2, 18)
        line = self._report().line_ids.filtered(lambda line: line.group_id.name == "B")
        # 4 of 30 beside 15 of 30
        self.assertEqual((line.outcome, line.is_small), ("below", False))
        self.assertIn("needed for the job", line.note)

    def test_nobody_selected(self):
        (self.people["A"][:5] + self.people["B"][:2]).write(
            {"stage_id": self.stage_new.id, "active": False}
        )
        shown = self._shown(self._report())
        self.assertEqual(shown["A"], (10, 0, "none"))
        self.assertEqual(shown["B"], (10, 0, "none"))

    def test_who_counts(self):
        withdrawn = self.people["A"][9]
        withdrawn.refuse_reason_id = self.reason_withdrew
        still_open = self._apply("Open")
        self._identify(still_open, "A")
        silent = self._apply("Silent", stage_id=self.stage_signed.id)
        self._dated(still_open + silent, TODAY)
        self.assertEqual(self._shown(self._report())["A"], (9, 5, "highest"))

    def test_a_stage_that_was_reached_counts_for_ever(self):
        refused = self.people["B"][2:6]
        refused.write({"active": True, "refuse_reason_id": False})
        refused.stage_id = self.stage_interview
        refused.stage_id = self.stage_new
        refused.write({"refuse_reason_id": self.reason_degree.id, "active": False})
        shown = self._shown(self._report(stage_id=self.stage_interview.id))
        self.assertEqual(shown["B"], (10, 6, "highest"))
        self.assertEqual(shown["A"], (10, 5, "met"))

    def test_filters(self):
        till = self._create_job("Till", self.role_till)
        self._crowd("A", 5, 1, till)
        for values in ({"job_ids": till.ids}, {"role_id": self.role_till.id}):
            self.assertEqual(self._shown(self._report(**values))["A"][:2], (6, 5))
        self.assertEqual(self._shown(self._report())["A"][:2], (16, 10))

    def test_whole_months(self):
        self._dated(self.people["A"][:5], date(2026, 1, 31))
        self._dated(self.people["A"][5:], date(2026, 2, 1))
        report = self._report(date_from="2026-02-11", date_to="2026-02-11")
        self.assertEqual(report.date_from, date(2026, 2, 1))
        self.assertEqual(report.date_to, date(2026, 2, 28))
        self.assertEqual(self._shown(report)["A"], (5, 0, "none"))
        with self.assertRaisesRegex(UserError, "ends before"):
            self._report(date_from="2026-03-01", date_to="2026-02-11")

    @warmup
    def test_one_query_counts(self):
        report = self._report()
        self.env.flush_all()
        with self.assertQueryCount(1):
            report._get_groups()

    def test_who_may_not(self):
        for user in (self.recruiter, self.manager, self.interviewer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._report(user)
        with self.assertRaises(AccessError):
            self._report(self.abroad)
        report = self._report()
        with self.assertRaises(AccessError):
            report.with_user(self.abroad).read(["line_ids"])
        # not by naming the company either
        with self.assertRaises(AccessError):
            self._report(self.abroad, company_id=self.company.id)
        menus = self.env["ir.ui.menu"]
        for name in (
            "hr_applicant_adverse_impact_menu",
            "hr_applicant_group_dimension_menu",
            "hr_applicant_menu_due",
        ):
            menu = self.env.ref(f"office_role_hiring.{name}")
            self.assertIn(menu.id, menus.with_user(self.fair)._visible_menu_ids())
            self.assertNotIn(menu.id, menus.with_user(self.manager)._visible_menu_ids())
