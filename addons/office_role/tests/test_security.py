from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, users
from odoo.tools import mute_logger

from .common import OfficeRoleCommon


class SecurityCase(OfficeRoleCommon):
    """A boss with a report who has a report, a colleague, and another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_boss = cls._create_user("role_boss")
        cls.user_clerk = cls._create_user("role_clerk")
        cls.user_nobody = cls._create_user("role_nobody")
        cls.user_officer = cls._create_hr_user("role_officer", "hr.group_hr_user")
        cls.user_manager = cls._create_hr_user("role_manager", "hr.group_hr_manager")
        cls.user_abroad = cls._create_user(
            "role_abroad", "hr.group_hr_manager", cls.other_company
        )
        cls.boss = cls._create_employee("Boss", cls.job_desk, user_id=cls.user_boss.id)
        cls.clerk = cls._create_employee(
            "Clerk", cls.job_desk, user_id=cls.user_clerk.id, parent_id=cls.boss.id
        )
        cls.trainee = cls._create_employee(
            "Trainee", cls.job_desk, parent_id=cls.clerk.id
        )
        cls.colleague = cls._create_employee("Colleague", cls.job_desk)
        cls.staff = cls.boss + cls.clerk + cls.trainee + cls.colleague
        cls.role_own = cls._create_role(
            "test_own", [(cls.juggling, 25, True)], company_id=cls.company.id
        )

    def _visible(self):
        """Return the employees of the test whose gaps the user sees."""
        gaps = self.env["office.role.gap"].search(
            [("employee_id", "in", self.staff.ids)]
        )
        return gaps.sudo().employee_id

    def _menu_is_visible(self):
        menu = self.env.ref("office_role.office_role_menu_root")
        return menu.id in self.env["ir.ui.menu"]._visible_menu_ids()

    def _gap_id(self, employee):
        """Return the id of a gap, which the user may not be able to look up."""
        gaps = self.env["office.role.gap"].sudo()
        return gaps.search([("employee_id", "=", employee.id)], limit=1).id

    def _refused_calls(self):
        """Return each way to change something: (model, method, arguments)."""
        role, requirement = self.role_desk.id, self.role_desk.skill_ids[0].id
        new_requirement = self._requirement(self.juggling, 25)
        new_role = {"name": "Mine", "code": "test_mine"}
        give_role = {"extra_office_role_ids": [Command.link(self.role_till.id)]}
        clerk, version = self.clerk.id, self.clerk.version_id.id
        gap = self._gap_id(self.clerk)
        return self._refused_role_calls(role, new_role, new_requirement) + [
            ("office.role.skill", "create", [[{**new_requirement, "role_id": role}]]),
            ("office.role.skill", "write", [[requirement], {"must_have": False}]),
            ("office.role.skill", "unlink", [[requirement]]),
            ("office.role.gap", "create", [[{"employee_id": clerk}]]),
            ("office.role.gap", "write", [[gap], {"shortfall": 0}]),
            ("office.role.gap", "unlink", [[gap]]),
            ("hr.job", "write", [[self.job_desk.id], {"office_role_id": False}]),
            ("hr.job", "action_align_skills_with_role", [[self.job_desk.id]]),
            ("hr.employee", "write", [[clerk], give_role]),
            ("hr.version", "write", [[version], give_role]),
            (
                "res.users",
                "write",
                [
                    [self.user_clerk.id],
                    {"employee_ids": [Command.update(clerk, give_role)]},
                ],
            ),
        ]

    def _refused_role_calls(self, role, new_role, new_requirement):
        return [
            ("office.role", "create", [[new_role]]),
            ("office.role", "name_create", ["Mine"]),
            ("office.role", "web_save", [[], new_role, {}]),
            ("office.role", "web_save", [[role], {"name": "Mine"}, {}]),
            ("office.role", "write", [[role], {"active": False}]),
            (
                "office.role",
                "write",
                [[role], {"skill_ids": [Command.create(new_requirement)]}],
            ),
            ("office.role", "copy", [[role]]),
            ("office.role", "action_archive", [[role]]),
            ("office.role", "unlink", [[role]]),
            ("office.role", "message_post", [[role]]),
        ]


class TestSecurityEmployee(SecurityCase):
    @users("role_clerk", "role_nobody")
    def test_reads_roles_and_requirements(self):
        role = self.role_desk.with_user(self.env.user)
        values = role.read(["name", "side", "skill_count", "job_count"])[0]
        self.assertEqual(values["name"], "Test desk")
        self.assertEqual(values["job_count"], 1)
        requirement = role.skill_ids[0].read(["skill_id", "level_progress"])[0]
        self.assertEqual(requirement["level_progress"], 75)

    @users("role_clerk")
    def test_does_not_read_who_holds_a_role(self):
        with self.assertRaises(AccessError):
            self.role_desk.with_user(self.env.user).read(["employee_count"])
        with self.assertRaises(AccessError):
            self.colleague.version_id.with_user(self.env.user).read(["office_role_ids"])

    @users("role_clerk")
    def test_sees_own_gaps_and_those_of_reports(self):
        self.assertEqual(self._visible(), self.clerk + self.trainee)

    @users("role_boss")
    def test_sees_gaps_of_reports_of_reports(self):
        self.assertEqual(self._visible(), self.boss + self.clerk + self.trainee)

    @users("role_nobody")
    def test_sees_no_gaps_without_an_employee_of_ones_own(self):
        self.assertFalse(self._visible())

    @users("role_clerk")
    def test_lists_own_gaps_with_names(self):
        found = self.env["office.role.gap"].web_search_read(
            [("employee_id", "=", self.clerk.id), ("must_have", "=", True)],
            {
                "employee_id": {"fields": {"display_name": {}}},
                "skill_id": {"fields": {"display_name": {}}},
                "shortfall": {},
            },
        )["records"]
        self.assertEqual(found[0]["employee_id"]["display_name"], "Clerk")
        self.assertEqual(found[0]["skill_id"]["display_name"], "Greeting")
        self.assertEqual(found[0]["shortfall"], 75)

    @users("role_clerk")
    def test_does_not_reach_a_colleagues_gaps(self):
        gap = self.env["office.role.gap"].browse(self._gap_id(self.colleague))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            gap.read(["shortfall"])
        domain = [("employee_id", "=", self.colleague.id)]
        self.assertEqual(gap.search_count(domain), 0)
        self.assertEqual(gap._read_group(domain, [], ["__count"]), [(0,)])

    @users("role_clerk", "role_boss", "role_nobody")
    def test_changes_nothing(self):
        for model, method, arguments in self._refused_calls():
            with (
                self.subTest(model=model, method=method),
                self.assertRaises(AccessError),
            ):
                call_kw(self.env[model], method, arguments, {})

    @users("role_clerk")
    def test_does_not_press_align_even_when_there_is_nothing_to_do(self):
        self.job_desk.action_align_skills_with_role()
        with self.assertRaises(AccessError):
            self.job_desk.with_user(self.env.user).action_align_skills_with_role()

    @users("role_clerk", "role_boss")
    def test_has_no_menu(self):
        self.assertFalse(self._menu_is_visible())

    @users("role_clerk")
    def test_imports_nothing(self):
        result = self.env["office.role"].load(
            ["name", "code"], [["Imported", "test_imported"]]
        )
        self.assertFalse(result["ids"])
        self.assertFalse(
            self.env["office.role"].sudo().search([("code", "=", "test_imported")])
        )

    @users("role_manager")
    def test_private_methods_are_not_called_from_outside(self):
        for method in (
            "_office_roles_gained",
            "_office_roles_changed",
            "_get_office_roles",
            "_cron_update_current_version_id",
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                call_kw(self.env["hr.employee"], method, [self.clerk.ids, {}], {})


class TestSecurityHr(SecurityCase):
    @users("role_officer", "role_manager")
    def test_hr_sees_all_gaps(self):
        self.assertEqual(self._visible(), self.staff)

    @users("role_officer", "role_manager")
    def test_hr_has_the_menu(self):
        self.assertTrue(self._menu_is_visible())

    @users("role_officer")
    def test_officer_gives_roles_and_aligns(self):
        job = self.env["hr.job"].create(
            {"name": "Till clerk", "office_role_id": self.role_till.id}
        )
        job.action_align_skills_with_role()
        self.assertEqual(job.current_job_skill_ids.skill_id, self.counting)
        colleague = self.colleague.with_user(self.env.user)
        colleague.write({"job_id": job.id, "extra_office_role_ids": self.role_desk})
        self.assertEqual(colleague.office_role_ids, self.role_till + self.role_desk)
        self.assertEqual(self.role_till.with_user(self.env.user).employee_count, 1)

    @users("role_officer")
    def test_officer_does_not_change_roles(self):
        calls = self._refused_role_calls(
            self.role_desk.id,
            {"name": "Mine", "code": "test_mine"},
            self._requirement(self.juggling, 25),
        )
        requirement = self.role_desk.skill_ids[0].id
        calls += [
            ("office.role.skill", "write", [[requirement], {"must_have": False}]),
            ("office.role.skill", "unlink", [[requirement]]),
        ]
        for model, method, arguments in calls:
            with (
                self.subTest(model=model, method=method),
                self.assertRaises(AccessError),
            ):
                call_kw(self.env[model], method, arguments, {})

    @users("role_manager")
    def test_manager_defines_changes_and_deletes_roles(self):
        role = self.env["office.role"].create(
            {
                "name": "Mine",
                "code": "test_mine",
                "skill_ids": [Command.create(self._requirement(self.juggling, 25))],
            }
        )
        role.skill_ids.must_have = True
        role.write({"name": "Ours", "active": False})
        self.assertEqual(role.name, "Ours")
        role.skill_ids.unlink()
        role.unlink()
        self.assertFalse(role.exists())

    @users("role_officer", "role_manager")
    def test_nobody_writes_a_gap(self):
        gap = self.env["office.role.gap"].browse(self._gap_id(self.clerk))
        for method, arguments in (
            ("create", [[{"employee_id": self.clerk.id}]]),
            ("write", [gap.ids, {"shortfall": 0}]),
            ("unlink", [gap.ids]),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                call_kw(self.env["office.role.gap"], method, arguments, {})


class TestSecurityCompany(SecurityCase):
    @users("role_abroad")
    def test_shared_roles_are_seen_from_every_company(self):
        role = self.role_desk.with_user(self.env.user)
        self.assertEqual(role.read(["code"])[0]["code"], "test_desk")
        self.assertEqual(role.employee_count, 0, "its people stay out of sight")

    @users("role_abroad")
    def test_role_of_another_company_is_invisible(self):
        self._assert_invisible(self.role_own, {"name": "Mine"})

    @users("role_abroad")
    def test_requirement_of_another_company_is_invisible(self):
        self._assert_invisible(self.role_own.skill_ids, {"must_have": False})

    @users("role_abroad")
    def test_gaps_of_another_company_are_invisible(self):
        self.assertFalse(self._visible())
        gap = self.env["office.role.gap"].browse(self._gap_id(self.clerk))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            gap.read(["shortfall"])
        count = self.env["office.role.gap"]._read_group(
            [("employee_id", "in", self.staff.ids)], [], ["__count"]
        )
        self.assertEqual(count, [(0,)])

    @users("role_manager")
    def test_role_of_the_own_company_is_seen(self):
        role = self.role_own.with_user(self.env.user)
        self.assertEqual(self.env["office.role"].search([("id", "=", role.id)]), role)
        self.assertEqual(role.skill_ids.skill_id, self.juggling)

    @users("role_abroad")
    def test_role_is_not_made_for_another_company(self):
        with self.assertRaises(AccessError):
            self.env["office.role"].create(
                {"name": "Spy", "code": "test_spy", "company_id": self.company.id}
            )

    def _assert_invisible(self, records, values):
        self.env.invalidate_all()
        records = records.with_user(self.env.user)
        self.assertFalse(records.search([("id", "in", records.ids)]))
        self.assertEqual(
            records._read_group([("id", "in", records.ids)], [], ["__count"]), [(0,)]
        )
        with self.assertRaises(AccessError):
            records.read(["display_name"])
        with self.assertRaises(AccessError):
            records.write(values)
        with self.assertRaises(AccessError):
            records.unlink()


class TestSecurityHttp(SecurityCase, HttpCase):
    """The same refusals through the door that a browser uses."""

    def _call_kw(self, model, method, arguments):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": {}},
        )

    def test_employee_reads_roles(self):
        self.authenticate("role_clerk", "role_clerk")
        values = self._call_kw("office.role", "read", [self.role_desk.ids, ["code"]])
        self.assertEqual(values[0]["code"], "test_desk")

    def test_employee_changes_nothing(self):
        calls = self._refused_calls()
        self.authenticate("role_clerk", "role_clerk")
        for model, method, arguments in calls:
            with (
                self.subTest(model=model, method=method),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(JsonRpcException, "AccessError"),
            ):
                self._call_kw(model, method, arguments)
        self.assertTrue(self.role_desk.active)
        self.assertEqual(len(self.role_desk.skill_ids), 2)
        self.assertFalse(self.clerk.extra_office_role_ids)

    def test_nobody_calls_the_hook(self):
        self.authenticate("role_manager", "role_manager")
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "AccessError"),
        ):
            self._call_kw("hr.employee", "_office_roles_gained", [[], {}])

    def test_a_visitor_reads_nothing(self):
        self.authenticate(None, None)
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "SessionExpired"),
        ):
            self._call_kw("office.role", "search_read", [[], ["code"]])
