from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, users

from .common import TODAY, TOMORROW, YESTERDAY, OfficeRoleCommon


class HrEmployeeRolesCase(OfficeRoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_hr_user("role_officer", "hr.group_hr_user")
        cls.job_till = cls._create_job("Till clerk", cls.role_till)
        cls.job_plain = cls._create_job("Gardener")
        cls.ada = cls._create_employee("Ada", cls.job_desk)
        cls.bo = cls._create_employee("Bo")


@freeze_time(TODAY)
class TestHrEmployeeRoles(HrEmployeeRolesCase):
    """Which roles an employee holds, and when."""

    def test_role_of_the_job_position(self):
        self.assertEqual(self.ada.office_role_ids, self.role_desk)

    def test_no_role_without_a_position_or_with_one_that_has_none(self):
        self.assertFalse(self.bo.office_role_ids)
        self.bo.job_id = self.job_plain
        self.assertFalse(self.bo.office_role_ids)

    def test_extra_roles_come_on_top(self):
        self.ada.extra_office_role_ids = self.role_till
        self.assertEqual(self.ada.office_role_ids, self.role_desk + self.role_till)
        self.ada.extra_office_role_ids = False
        self.assertEqual(self.ada.office_role_ids, self.role_desk)

    def test_role_held_twice_counts_once(self):
        self.ada.extra_office_role_ids = self.role_desk
        self.assertEqual(self.ada.office_role_ids.ids, self.role_desk.ids)

    def test_roles_follow_the_job_position(self):
        self.ada.job_id = self.job_till
        self.assertEqual(self.ada.office_role_ids, self.role_till)

    def test_roles_follow_the_role_of_the_position(self):
        self.job_desk.office_role_id = self.role_till
        self.assertEqual(self.ada.office_role_ids, self.role_till)

    @users("role_officer")
    def test_officer_gives_an_extra_role_in_the_form(self):
        with Form(self.bo.with_user(self.env.user)) as form:
            form.extra_office_role_ids.add(self.role_till)
        self.assertEqual(self.bo.office_role_ids, self.role_till)

    def test_employees_are_found_by_role(self):
        self.bo.extra_office_role_ids = self.role_till
        employees = self.env["hr.employee"]
        domain = [("id", "in", (self.ada + self.bo).ids)]
        found = employees.search(
            domain + [("office_role_ids", "in", self.role_till.ids)]
        )
        self.assertEqual(found, self.bo)
        counts = dict(employees._read_group(domain, ["office_role_ids"], ["__count"]))
        self.assertEqual(counts, {self.role_desk: 1, self.role_till: 1})

    # -- history --------------------------------------------------------------------

    def test_past_version_keeps_its_extra_roles(self):
        self.ada.extra_office_role_ids = self.role_till
        third = self._create_role("test_third")
        self.ada.create_version(
            {
                "date_version": YESTERDAY,
                "extra_office_role_ids": [Command.set(third.ids)],
            }
        )
        past = self.ada._get_version(date(2025, 6, 1))
        self.assertEqual(past.extra_office_role_ids, self.role_till)
        self.assertEqual(past.office_role_ids, self.role_desk + self.role_till)
        self.assertEqual(self.ada.office_role_ids, self.role_desk + third)
        self.assertEqual(
            self.ada.with_context(version_id=past.id).office_role_ids,
            self.role_desk + self.role_till,
        )

    def test_new_version_takes_the_extra_roles_over(self):
        self.ada.extra_office_role_ids = self.role_till
        version = self.ada.create_version(
            {"date_version": YESTERDAY, "job_id": self.job_plain.id}
        )
        self.assertEqual(version.office_role_ids, self.role_till)

    def test_version_of_the_future_does_not_count_today(self):
        self.ada.create_version({"date_version": TOMORROW, "job_id": self.job_till.id})
        self.assertEqual(self.ada.office_role_ids, self.role_desk)
        with freeze_time(TOMORROW):
            self.env["hr.employee"]._cron_update_current_version_id()
            self.ada.invalidate_recordset()
            self.assertEqual(self.ada.office_role_ids, self.role_till)

    # -- company --------------------------------------------------------------------

    def test_extra_role_of_the_own_company(self):
        own = self._create_role("test_own", company_id=self.company.id)
        self.bo.extra_office_role_ids = own
        self.assertEqual(self.bo.office_role_ids, own)

    def test_extra_role_of_another_company_is_refused(self):
        foreign = self._create_role("test_own", company_id=self.other_company.id)
        with self.assertRaisesRegex(UserError, "Test own"):
            self.bo.extra_office_role_ids = foreign

    # -- the smart button -------------------------------------------------------------

    @users("role_officer")
    def test_smart_button_counts_and_opens_the_gaps(self):
        employee = self.ada.with_user(self.env.user)
        self.assertEqual(employee.office_role_gap_count, 2)
        self._give_skill(self.ada, self.greeting, 75)
        employee.invalidate_recordset()
        self.assertEqual(employee.office_role_gap_count, 1)
        action = employee.action_view_office_role_gaps()
        gaps = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(gaps.skill_id, self.greeting + self.telephone)
        self.assertEqual(gaps.employee_id, employee)
        self.assertEqual(action["name"], "Skills of Ada")

    def test_smart_button_without_a_role(self):
        self.assertEqual(self.bo.office_role_gap_count, 0)


@freeze_time(TODAY)
class TestOfficeRolesGained(HrEmployeeRolesCase):
    """The hook ``_office_roles_gained``: once a change, with everybody in it."""

    def test_job_change(self):
        with self._roles_gained() as calls:
            (self.ada + self.bo).job_id = self.job_till
        self.assertEqual(calls, [{self.role_till: self.ada + self.bo}])

    def test_extra_role(self):
        with self._roles_gained() as calls:
            self.ada.extra_office_role_ids = self.role_till
        self.assertEqual(calls, [{self.role_till: self.ada}])

    def test_several_roles_in_one_change(self):
        with self._roles_gained() as calls:
            self.bo.write(
                {
                    "job_id": self.job_desk.id,
                    "extra_office_role_ids": [Command.set(self.role_till.ids)],
                }
            )
        self.assertEqual(calls, [{self.role_desk: self.bo, self.role_till: self.bo}])

    def test_only_the_employees_who_gain(self):
        with self._roles_gained() as calls:
            (self.ada + self.bo).job_id = self.job_desk
        self.assertEqual(calls, [{self.role_desk: self.bo}])

    def test_nothing_gained_no_call(self):
        self.ada.extra_office_role_ids = self.role_till
        with self._roles_gained() as calls:
            self.ada.job_id = self.job_desk  # the same
            self.ada.extra_office_role_ids = self.role_desk  # held already; one lost
            self.ada.job_id = self.job_plain  # held still by the extra role
            self.ada.extra_office_role_ids = False  # lost
            self.bo.job_id = self.job_plain  # a position without a role
            self.ada.name = "Ada L."  # something else
        self.assertEqual(calls, [])

    def test_new_employees_in_one_call(self):
        with self._roles_gained() as calls:
            employees = self.env["hr.employee"].create(
                [
                    {"name": "Cy", "job_id": self.job_desk.id},
                    {"name": "Di", "job_id": self.job_desk.id},
                    {"name": "Ed", "extra_office_role_ids": self.role_till.ids},
                    {"name": "Flo"},
                ]
            )
        desk, till = employees[:2], employees[2]
        self.assertEqual(calls, [{self.role_desk: desk, self.role_till: till}])

    def test_new_employee_without_a_role_no_call(self):
        with self._roles_gained() as calls:
            self._create_employee("Flo", self.job_plain)
        self.assertEqual(calls, [])

    def test_position_gets_a_role(self):
        (self.ada + self.bo).job_id = self.job_plain
        with self._roles_gained() as calls:
            self.job_plain.office_role_id = self.role_till
        self.assertEqual(len(calls), 1)
        self.assertEqual(calls[0].keys(), {self.role_till})
        self.assertEqual(set(calls[0][self.role_till]), {self.ada, self.bo})

    def test_position_loses_its_role_no_call(self):
        with self._roles_gained() as calls:
            self.job_desk.office_role_id = False
            self.job_desk.name = "Desk"
        self.assertEqual(calls, [])
        self.assertFalse(self.ada.office_role_ids)

    def test_version_that_begins_in_the_past(self):
        with self._roles_gained() as calls:
            self.ada.create_version(
                {"date_version": YESTERDAY, "job_id": self.job_till.id}
            )
        self.assertEqual(calls, [{self.role_till: self.ada}])

    def test_version_of_the_future_is_announced_when_it_takes_effect(self):
        with self._roles_gained() as calls:
            for employee in self.ada + self.bo:
                employee.create_version(
                    {"date_version": TOMORROW, "job_id": self.job_till.id}
                )
        self.assertEqual(calls, [])
        employees = self.env["hr.employee"]
        with freeze_time(TOMORROW), self._roles_gained() as calls:
            employees._cron_update_current_version_id()
            employees._cron_update_current_version_id()
        self.assertEqual(calls, [{self.role_till: self.ada + self.bo}])

    def test_version_moved_into_the_past(self):
        version = self.ada.create_version(
            {"date_version": TOMORROW, "job_id": self.job_till.id}
        )
        with self._roles_gained() as calls:
            version.date_version = YESTERDAY
        self.assertEqual(calls, [{self.role_till: self.ada}])

    def test_version_archived_or_deleted_brings_the_old_role_back(self):
        for end in ("action_archive", "unlink"):
            version = self.ada.create_version(
                {"date_version": YESTERDAY, "job_id": self.job_plain.id}
            )
            self.assertFalse(self.ada.office_role_ids)
            with self.subTest(end=end), self._roles_gained() as calls:
                getattr(version, end)()
                self.assertEqual(calls, [{self.role_desk: self.ada}])

    def test_queries_do_not_grow_with_the_employees(self):
        self._change_role_of_a_position(1)  # fills the caches that stay
        few = self._change_role_of_a_position(10)
        self.assertEqual(self._change_role_of_a_position(100), few)

    def _change_role_of_a_position(self, count):
        """Return the number of queries for a position that ``count`` people have."""
        job = self._create_job("Crowd", self.role_desk)
        employees = self.env["hr.employee"].create(
            [{"name": f"Clerk {number}", "job_id": job.id} for number in range(count)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        with self._roles_gained() as calls:
            job.office_role_id = self.role_till
            self.env.flush_all()
        self.assertEqual(calls, [{self.role_till: employees}])
        return self.cr.sql_log_count - before

    @users("role_officer")
    def test_hook_runs_in_superuser_mode(self):
        with self._roles_gained() as calls:
            self.bo.with_user(self.env.user).job_id = self.job_desk
            self.env["hr.employee"].create({"name": "Cy", "job_id": self.job_desk.id})
            self.job_desk.with_user(self.env.user).office_role_id = self.role_till
        self.assertEqual(len(calls), 3)
        for call in calls:
            for role, employees in call.items():
                self.assertTrue(role.env.su)
                self.assertTrue(employees.env.su)
                self.assertEqual(employees.env.uid, self.officer.id)
