import random
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.back_office_compliance.tests.common_labour import TODAY, LabourFixture

CHECK = "back_office_compliance_attendance.compliance_check_hours_"
HERE = ZoneInfo("Europe/Stockholm")
UTC = ZoneInfo("UTC")
# the clocks go forward on Sunday, 2026-03-29, and back on Sunday, 2025-10-26


class HoursFixture(LabourFixture):
    """Somebody in Stockholm, and attendances in local time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company in (cls.company, cls.other_company):
            company.resource_calendar_id.tz = HERE.key
        cls.employee = cls._make_employee("Worker")

    @classmethod
    def _to_utc(cls, local):
        day = datetime.fromisoformat(local).replace(tzinfo=HERE)
        return day.astimezone(UTC).replace(tzinfo=None)

    @classmethod
    def _attend(cls, *spans, employee=None):
        """Record attendances, as pairs of local times."""
        return cls.env["hr.attendance"].create(
            [
                {
                    "employee_id": (employee or cls.employee).id,
                    "check_in": cls._to_utc(start),
                    "check_out": stop and cls._to_utc(stop),
                }
                for start, stop in spans
            ]
        )

    def _keys(self, name):
        return sorted(key for _res_id, key in self._run(f"{CHECK}{name}"))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCheckHours(HoursFixture):
    """What each check of working hours names, and what it leaves alone."""

    def test_nothing_about_a_good_week(self):
        self._attend(
            *[(f"2026-06-0{day} 08:00", f"2026-06-0{day} 17:00") for day in range(1, 6)]
        )
        checks = self.env["compliance.check"].search([("family", "=", "hours")])
        self.assertEqual(len(checks), 7)
        run = self.env["compliance.check"]._run_checks(self.company, checks)
        self.assertEqual(set(run.line_ids.mapped("result")), {"pass"})
        for check in checks:
            self.assertGreater(len(check.description), 80)

    # --- weeks --------------------------------------------------------------------

    def test_week(self):
        self._attend(
            *[(f"2026-06-0{day} 13:00", f"2026-06-0{day} 23:00") for day in range(1, 7)]
        )
        self.assertEqual(self._keys("week"), [])
        self._attend(("2026-06-07 23:00", "2026-06-07 23:30"))
        found = self._run(f"{CHECK}week")
        self.assertEqual(list(found), [(self.employee.id, "2026-06-01")])
        finding = found[self.employee.id, "2026-06-01"]
        self.assertEqual(str(finding.date), "2026-06-07")
        self.assertEqual(finding.sudo().values, {"hours": 60.5})

    def test_week_ends_at_local_midnight(self):
        """Two hours on Sunday, six on Monday."""
        self._attend(("2026-06-07 22:00", "2026-06-08 06:00"))
        self._set_parameter(f"{CHECK}week", "hours", 1)
        found = self._run(f"{CHECK}week")
        self.assertEqual(
            {
                key: finding.sudo().values["hours"]
                for (_id, key), finding in found.items()
            },
            {"2026-06-01": 2, "2026-06-08": 6},
        )

    def test_an_attendance_over_weeks(self):
        self._attend(("2026-05-24 23:00", "2026-06-01 01:00"))
        self._set_parameter(f"{CHECK}week", "hours", 0.5)
        self.assertEqual(self._keys("week"), ["2026-05-18", "2026-05-25", "2026-06-01"])

    def test_week_when_clocks_change(self):
        """From 20:00 to 06:00 are nine hours in spring, and eleven in autumn."""
        self._set_parameter(f"{CHECK}week", "hours", 1)
        self._attend(
            ("2026-03-28 20:00", "2026-03-29 06:00"),
            ("2025-10-25 20:00", "2025-10-26 06:00"),
        )
        found = self._run(f"{CHECK}week")
        self.assertEqual(
            {
                key: finding.sudo().values["hours"]
                for (_id, key), finding in found.items()
            },
            {"2026-03-23": 9, "2025-10-20": 11},
        )

    def test_week_begins_in_the_zone_of_the_employee(self):
        """Half past midnight on Monday is Sunday still in UTC, in summer and winter."""
        self._set_parameter(f"{CHECK}week", "hours", 0.1)
        self._attend(
            ("2026-01-05 00:10", "2026-01-05 00:40"),
            ("2026-03-30 00:10", "2026-03-30 00:40"),
        )
        self.assertEqual(self._keys("week"), ["2026-01-05", "2026-03-30"])

    def test_average(self):
        self._set_parameter(f"{CHECK}average", "weeks", 2)
        self._set_parameter(f"{CHECK}average", "hours", 10)
        self._attend(
            ("2026-05-04 13:00", "2026-05-04 23:00"),
            ("2026-05-11 13:00", "2026-05-11 23:00"),
            ("2026-05-12 13:00", "2026-05-12 13:30"),
            ("2026-05-18 13:00", "2026-05-18 22:00"),
        )
        found = self._run(f"{CHECK}average")
        self.assertEqual(
            {
                key: finding.sudo().values["average_hours"]
                for (_id, key), finding in found.items()
            },
            {"2026-05-11": 10.25},
        )

    def test_average_without_work_between(self):
        """Weeks without work count as weeks of no hours."""
        self._set_parameter(f"{CHECK}average", "weeks", 2)
        self._set_parameter(f"{CHECK}average", "hours", 9)
        self._attend(
            ("2026-05-04 13:00", "2026-05-04 23:00"),
            ("2026-05-18 13:00", "2026-05-18 23:00"),
        )
        self.assertEqual(self._keys("average"), [])

    # --- rests --------------------------------------------------------------------

    def test_daily_rest(self):
        self._attend(
            ("2026-06-01 14:00", "2026-06-01 22:00"),
            ("2026-06-02 08:59", "2026-06-02 12:00"),
            ("2026-06-04 14:00", "2026-06-04 22:00"),
            ("2026-06-05 09:00", "2026-06-05 12:00"),
        )
        found = self._run(f"{CHECK}daily_rest")
        self.assertEqual(list(found), [(self.employee.id, "2026-06-01 14:00")])
        self.assertEqual(
            str(found[self.employee.id, "2026-06-01 14:00"].date), "2026-06-01"
        )

    def test_daily_rest_after_a_divided_day(self):
        """A gap within the day is no rest, and thirteen hours leave room for one."""
        self._attend(
            ("2026-06-01 08:00", "2026-06-01 12:00"),
            ("2026-06-01 17:00", "2026-06-01 21:00"),
        )
        self.assertEqual(self._keys("daily_rest"), [])
        self._attend(("2026-06-01 21:30", "2026-06-01 21:45"))
        self.assertEqual(self._keys("daily_rest"), ["2026-06-01 08:00"])

    def test_daily_rest_when_clocks_go_forward(self):
        """From 22:00 to 09:00 are ten hours in that night."""
        spans = ("{} 14:00", "{} 22:00"), ("{} 09:00", "{} 13:00")
        for days in (("2026-03-21", "2026-03-22"), ("2026-03-28", "2026-03-29")):
            self._attend(
                *[
                    (start.format(day), stop.format(day))
                    for day, (start, stop) in zip(days, spans, strict=True)
                ]
            )
        self.assertEqual(self._keys("daily_rest"), ["2026-03-28 14:00"])

    def test_daily_rest_when_clocks_go_back(self):
        """From 22:00 to 08:00 are eleven hours in that night."""
        self._attend(
            ("2025-10-18 14:00", "2025-10-18 22:00"),
            ("2025-10-19 08:00", "2025-10-19 12:00"),
            ("2025-10-25 14:00", "2025-10-25 22:00"),
            ("2025-10-26 08:00", "2025-10-26 12:00"),
        )
        self.assertEqual(self._keys("daily_rest"), ["2025-10-18 14:00"])

    def test_weekly_rest(self):
        days = [f"2026-06-0{day}" for day in range(1, 7)]
        self._attend(*[(f"{day} 09:00", f"{day} 17:00") for day in days])
        self.assertEqual(self._keys("weekly_rest"), [])
        self._attend(("2026-06-07 09:00", "2026-06-07 10:00"))
        self.assertEqual(self._keys("weekly_rest"), ["2026-06-01 09:00"])

    def test_break(self):
        self._attend(
            ("2026-06-01 13:00", "2026-06-01 19:00"),
            ("2026-06-02 13:00", "2026-06-02 19:15"),
            ("2026-06-03 13:00", "2026-06-03 16:00"),
            ("2026-06-03 16:29", "2026-06-03 20:00"),
            ("2026-06-04 13:00", "2026-06-04 16:00"),
            ("2026-06-04 16:30", "2026-06-04 20:00"),
        )
        self.assertEqual(self._keys("break"), ["2026-06-02 13:00", "2026-06-03 13:00"])

    def test_lunch_of_the_schedule_is_a_break(self):
        """Odoo deducts it from Monday to Friday."""
        attendances = self._attend(
            ("2026-06-05 08:00", "2026-06-05 17:00"),
            ("2026-06-06 08:00", "2026-06-06 17:00"),
        )
        self.assertEqual(attendances.mapped("worked_hours"), [8, 9])
        self.assertEqual(self._keys("break"), ["2026-06-06 08:00"])

    # --- loose ends ---------------------------------------------------------------

    def test_no_check_out(self):
        """It is two o'clock in the night in Stockholm."""
        late = self._make_employee("Late")
        (old,) = self._attend(("2026-06-14 09:59", False))
        self._attend(("2026-06-14 10:01", False), employee=late)
        found = self._run(f"{CHECK}open")
        self.assertEqual(list(found), [(self.employee.id, str(old.id))])
        old.check_out = "2026-06-14 16:00"
        self.assertEqual(self._run(f"{CHECK}open"), {})

    def test_overtime(self):
        values = {"employee_id": self.employee.id, "status": "to_approve"}
        line, other = self.env["hr.attendance.overtime.line"].create(
            [
                {**values, "date": "2026-05-31", "duration": 2},
                {**values, "date": "2026-05-31", "duration": 1},
            ]
        )
        self.env["hr.attendance.overtime.line"].create(
            [
                {**values, "date": "2026-06-01", "duration": 2},
                {**values, "date": "2026-05-01", "duration": 0},
            ]
        )
        found = self._run(f"{CHECK}overtime")
        self.assertEqual(list(found), [(self.employee.id, "2026-05-31")])
        (finding,) = found.values()
        self.assertEqual(finding.sudo().values, {"overtime_hours": 3})
        line.action_approve()
        other.action_refuse()
        self.assertEqual(self._run(f"{CHECK}overtime"), {})

    # --- all ----------------------------------------------------------------------

    def test_another_company(self):
        stranger = self._make_employee("Stranger", self.other_company)
        self._attend(
            ("2026-06-01 00:00", "2026-06-04 12:00"),
            ("2026-06-04 13:00", "2026-06-13 12:00"),
            ("2026-06-13 12:10", False),
            employee=stranger,
        )
        names = ("week", "average", "daily_rest", "weekly_rest", "break", "open")
        for name in names:
            with self.subTest(check=name):
                self.assertEqual(self._keys(name), [])
                if name != "average":
                    named = self._named(f"{CHECK}{name}", self.other_company)
                    self.assertEqual(named, stranger.ids)

    def test_days_looked_back(self):
        self._attend(("2026-05-31 08:00", "2026-06-01 23:00"))
        for name in ("daily_rest", "break"):
            self._set_parameter(f"{CHECK}{name}", "days", 15)
            self.assertEqual(self._keys(name), ["2026-05-31 08:00"])
            self._set_parameter(f"{CHECK}{name}", "days", 14)
            self.assertEqual(self._keys(name), [])

    def test_rests_as_a_loop_finds_them(self):
        """Compare with plain Python on attendances at random."""
        chance = random.Random(19)  # noqa: S311  nothing secret
        clock, spans = datetime(2026, 3, 20), []
        for _number in range(300):
            start = clock + timedelta(minutes=chance.choice((10, 45, 300, 660, 700)))
            clock = start + timedelta(minutes=chance.choice((15, 120, 240, 400)))
            spans.append((start, clock))
        for start, stop in spans:
            # past the ORM: the overtime of each would be computed
            self.env.cr.execute(
                SQL(
                    "INSERT INTO hr_attendance (employee_id, check_in, check_out, date,"
                    " worked_hours) VALUES (%s, %s, %s, %s, %s)",
                    self.employee.id,
                    start,
                    stop,
                    start.date(),
                    (stop - start).total_seconds() / 3600,
                )
            )
        for name, pause, most in (
            ("daily_rest", 11, 13),
            ("weekly_rest", 35, 133),
            ("break", 0.5, 6),
        ):
            with self.subTest(check=name):
                self.assertEqual(self._keys(name), self._expect(spans, pause, most))

    def _expect(self, spans, pause, most):
        """Return the keys of stretches without a pause that last longer than most."""
        hour = timedelta(hours=1)
        begins = [spans[0][0]]
        begins += [
            after[0]
            for before, after in pairwise(spans)
            if after[0] - before[1] >= pause * hour
        ]
        keys = []
        for begin, following in zip(begins, [*begins[1:], datetime.max], strict=True):
            end = max(stop for start, stop in spans if begin <= start < following)
            if round((end - begin) / hour, 2) > most:
                local = begin.replace(tzinfo=UTC).astimezone(HERE)
                keys.append(local.strftime("%Y-%m-%d %H:%M"))
        return sorted(keys)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestHoursAccess(HoursFixture):
    """Hours are for HR officers, not for accountants."""

    def test_findings(self):
        self._attend(("2026-06-01 08:00", "2026-06-02 08:00"))
        (finding,) = self._run(f"{CHECK}daily_rest").values()
        group = "back_office_compliance.group_compliance_"
        accountant = self._make_user(
            "hours_accountant", f"{group}manager", "account.group_account_manager"
        )
        officer = self._make_user(
            "hours_officer", f"{group}preparer", "hr.group_hr_user"
        )
        Finding = self.Finding.with_user(accountant)
        self.assertNotIn(finding, Finding.search([]))
        families = Finding.formatted_read_group([], ["family"], ["__count"])
        self.assertNotIn("hours", [group["family"] for group in families])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            finding.with_user(accountant).read(["key"])
        self.assertIn("Worker", finding.with_user(officer).record_name)
        self.assertIn("24", finding.with_user(officer).details)
