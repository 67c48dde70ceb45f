import doctest
from datetime import date, timedelta
from unittest import TestCase

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, tagged

from ..report import training_period
from ..report.training_period import PERIODS, period_bounds
from .common import TrainingFixture

TODAY = "2026-05-14 10:00:00"


class TestPeriod(TestCase):
    @given(st.sampled_from(PERIODS[:-1]), st.dates(max_value=date(9998, 12, 31)))
    def test_today_lies_in_the_period(self, period, today):
        first, after = period_bounds(period, today)
        self.assertTrue(first <= today < after)
        self.assertEqual((first.day, after.day), (1, 1))

    @given(st.sampled_from(PERIODS[:-1]), st.dates(max_value=date(9998, 12, 31)))
    def test_periods_follow_one_another(self, period, today):
        first, after = period_bounds(period, today)
        self.assertEqual(period_bounds(period, after)[0], after)
        self.assertEqual(period_bounds(period, after - timedelta(days=1))[0], first)

    def test_examples(self):
        results = doctest.testmod(training_period)
        self.assertGreater(results.attempted, 3)
        self.assertFalse(results.failed)

    def test_unknown_period(self):
        with self.assertRaises(ValueError):
            period_bounds("week", date(2026, 1, 1))


@tagged("post_install", "-at_install")
class TestReport(TrainingFixture, TransactionCase):
    """Nina's steps: one closed, one passed at once; Karl's: one late, one sent back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(TODAY)
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls._set_up_training()
        cls.enrolment = cls._enrol(start_date="2026-05-10")
        cls.second = cls._enrol(cls.colleague, start_date="2026-05-10")
        read, greet, _desk, _visit = cls._steps(cls.enrolment)
        (read + greet).with_user(cls.trainee_user).action_done()
        greet.with_user(cls.trainer_user).action_sign()
        cls.greet = cls._steps(cls.second)[1]
        cls.greet.with_user(cls.colleague_user).action_done()
        cls.greet.with_user(cls.trainer_user)._fail("Once more.")
        cls.greet.with_user(cls.colleague_user).action_done()
        cls.env.flush_all()
        cls.elsewhere = cls._manager_elsewhere()

    def _dashboard(self, user=None, **kwargs):
        self.env.invalidate_all()
        kwargs.setdefault("programme_id", self.programme.id)
        return (
            self.env["training.report"]
            .with_user(user or self.manager_user)
            .get_dashboard(**kwargs)
        )

    def _figures(self, user=None, **kwargs):
        return {
            figure["key"]: figure
            for figure in self._dashboard(user, **kwargs)["figures"]
        }

    def _values(self, user=None, **kwargs):
        figures = self._figures(user, **kwargs)
        return {key: figure["value"] for key, figure in figures.items()}

    # --- the view ---------------------------------------------------------------

    def test_facts_of_the_steps(self):
        rows = self.env["training.report"].search(
            [("programme_id", "=", self.programme.id)]
        )
        self.assertEqual(len(rows), 8)
        by_step = {row.id: row for row in rows}
        read, greet, desk, visit = (
            by_step[step.id] for step in self._steps(self.enrolment)
        )
        self.assertEqual((read.closed, read.completion, read.first_pass), (1, 100, 0))
        self.assertEqual((greet.first_pass, greet.closed), (100, 1))
        self.assertAlmostEqual(read.hours + greet.hours, 0.5)
        self.assertEqual((desk.completion, desk.overdue, desk.hours), (0, 0, 0))
        self.assertFalse(visit.mandatory)
        self.assertEqual(greet.department_id, self.department)
        self.assertEqual(greet.trainer_id, self.trainer_user)
        second = by_step[self.greet.id]
        self.assertEqual(
            (second.overdue, second.waiting, second.first_pass, second.attempts),
            (1, 1, 0, 1),
        )
        self.assertEqual(second.action_view_step()["res_id"], self.greet.id)

    def test_averages_pass_over_what_does_not_apply(self):
        ((completion, first_pass, hours, overdue),) = self.env[
            "training.report"
        ]._read_group(
            [("programme_id", "=", self.programme.id)],
            [],
            ["completion:avg", "first_pass:avg", "hours:sum", "overdue:sum"],
        )
        self.assertAlmostEqual(completion, 100 * 2 / 6)
        self.assertAlmostEqual(first_pass, 50)
        self.assertAlmostEqual(hours, 0.5)
        self.assertEqual(overdue, 2)

    def test_waived_takes_no_time_and_cancelled_is_gone(self):
        desk = self._steps(self.enrolment)[2]
        desk.with_user(self.manager_user)._waive("Knows it.")
        self.second._cancel("Left")
        rows = self.env["training.report"].search(
            [("programme_id", "=", self.programme.id)]
        )
        self.assertEqual(rows.enrolment_id, self.enrolment)
        waived = rows.filtered(lambda row: row.id == desk.id)
        self.assertEqual((waived.closed, waived.hours), (1, 0))

    # --- the dashboard ----------------------------------------------------------

    def test_figures_of_the_month(self):
        values = self._values()
        self.assertEqual(
            (values["running"], values["completed"], values["overdue"]), (2, 0, 1)
        )
        self.assertEqual(values["waiting"], 1)
        self.assertAlmostEqual(values["completion"], 100 * 2 / 6)
        self.assertAlmostEqual(values["first_pass"], 50)
        self.assertAlmostEqual(values["hours"], 0.5)

    def test_completed_counts_in_its_period(self):
        desk = self._steps(self.enrolment)[2]
        desk.with_user(self.trainee_user).action_done()
        desk.with_user(self.boss_user).action_sign()
        self.assertEqual(self.enrolment.state, "done")
        self.assertEqual(self._values()["completed"], 1)
        with freeze_time("2026-06-01 10:00:00"):
            self.assertEqual(self._values()["completed"], 0)
            self.assertIsNone(self._values()["first_pass"] or None)
            self.assertEqual(self._values(period="quarter")["completed"], 1)
        with freeze_time("2027-06-01 10:00:00"):
            self.assertEqual(self._values(period="year")["completed"], 0)
            self.assertEqual(self._values(period="all")["completed"], 1)

    def test_day_begins_where_the_user_is(self):
        self.manager_user.tz = "Asia/Manila"
        report = self.env["training.report"].with_user(self.manager_user)
        report = report.with_context(tz="Asia/Manila")
        self.assertEqual(
            str(report._day_begins(date(2026, 5, 1))), "2026-04-30 16:00:00"
        )

    def test_each_figure_opens_what_it_counts(self):
        for figure in self._figures().values():
            records = (
                self.env[figure["model"]]
                .with_user(self.manager_user)
                .search(figure["domain"])
            )
            if figure["model"] in ("training.enrolment", "training.certificate"):
                self.assertEqual(len(records), figure["value"], figure["key"])
            else:
                self.assertTrue(records, figure["key"])

    def test_bars_open_what_they_count(self):
        bars = self._dashboard()["bars"]
        self.assertEqual(
            [each["field"] for each in bars],
            ["programme_id", "department_id", "trainer_id"],
        )
        for each in bars:
            (row,) = each["rows"]
            self.assertEqual((row["enrolments"], row["steps"]), (2, 8))
            self.assertAlmostEqual(row["completion"], 100 * 2 / 6)
            rows = self.env["training.report"].search(row["domain"])
            self.assertEqual(len(rows), 8)

    def test_programme_narrows_it(self):
        other = self.programme.copy({"name": "Test other"})
        other.action_publish()
        self.env["training.enrolment"].create(
            {"employee_id": self.trainee.id, "programme_id": other.id}
        )
        self.assertEqual(self._values()["running"], 2)
        self.assertEqual(self._values(programme_id=other.id)["running"], 1)
        self.assertIn(
            {"id": other.id, "name": "Test other"}, self._dashboard()["programmes"]
        )

    def test_trainer_counts_their_own_trainees(self):
        employee = self._employee("Test trainer", user_id=self.trainer_user.id)
        programme = self.programme.copy({"responsible_id": self.manager_user.id})
        programme.action_publish()
        own = self.env["training.enrolment"].create(
            {"employee_id": employee.id, "programme_id": programme.id}
        )
        figures = self._figures(self.trainer_user, programme_id=False)
        self.assertEqual(figures["running"]["value"], 2)
        listed = (
            self.env["training.enrolment"]
            .with_user(self.trainer_user)
            .search(figures["running"]["domain"])
        )
        self.assertEqual(listed, self.enrolment + self.second)
        self.assertTrue(own.with_user(self.trainer_user).has_access("read"))

    def test_who_may_see_it(self):
        self.assertEqual(self._values(self.hr_user)["running"], 2)
        self.assertEqual(self._values(self.elsewhere)["running"], 0)
        self.assertTrue(self._dashboard(self.elsewhere, programme_id=False)["is_empty"])
        other = self._user("t_other", "front_office_training.group_training_trainer")
        self.assertEqual(self._values(other)["running"], 0)

    def test_plain_employee_is_refused_by_every_route(self):
        self.trainee_user.group_ids = [
            Command.link(self.env.ref("base.group_allow_export").id)
        ]
        report = self.env["training.report"].with_user(self.trainee_user)
        for method, args in (
            ("get_dashboard", []),
            ("search_read", [[]]),
            ("web_read_group", [[], ["employee_id"]]),
            ("read", [self.greet.ids, ["name"]]),
            ("export_data", [self.greet.ids, ["name"]]),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                call_kw(report, method, args, {})

    def test_unknown_period_is_said(self):
        with self.assertRaisesRegex(UserError, "fortnight is no period"):
            self._dashboard(period="fortnight")

    def test_hook_appends_figures(self):
        Report = type(self.env["training.report"])
        original = Report._get_dashboard_figures

        def extended(report, domain, bounds):
            figure = report._figure("mine", "Mine", 3, "training.enrolment", [])
            return [*original(report, domain, bounds), figure]

        self.patch(Report, "_get_dashboard_figures", extended)
        self.assertEqual(self._values()["mine"], 3)

    def test_queries_do_not_depend_on_the_data(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._dashboard(programme_id=False)
            return self.cr.sql_log_count - before

        def queries():
            return min(count() for _time in range(3))  # the first fills the caches

        few = queries()
        for number in range(10):
            programme = self.programme.copy({"name": f"Test {number}"})
            programme.action_publish()
            programme._enrol(
                self._employee(
                    f"Test {number}",
                    department_id=self.env["hr.department"]
                    .create({"name": f"Test {number}"})
                    .id,
                )
            )
        # growing with the data would take ten more; caches that other tests have
        # filled may cost one or two
        self.assertLess(queries(), few + 5)
