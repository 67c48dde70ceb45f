import base64

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from ..role_file import HEADINGS
from .common import OfficeRoleCommon

HEAD = ",".join(HEADINGS)


class RoleFileCommon(OfficeRoleCommon):
    """Somebody who may change roles, and the file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("file_manager", "hr.group_hr_manager")
        cls.officer = cls._create_user("file_officer", "hr.group_hr_user")
        cls.plain = cls._create_user("file_plain")

    def _wizard(self, *lines, user=None, **values):
        data = lines[0] if isinstance(lines[0], bytes) else "\n".join((HEAD, *lines))
        data = data if isinstance(data, bytes) else data.encode()
        return (
            self.env["office.role.import"]
            .with_user(user or self.manager)
            .create({"file": base64.b64encode(data), **values})
        )

    def _terms(self, role):
        return {
            line.skill_id: (line.level_progress, line.must_have, line.weight)
            for line in role.skill_ids
        }


class TestRoleImport(RoleFileCommon):
    """Roles come from a file, or nothing does and it says why."""

    def test_a_new_role(self):
        wizard = self._wizard(
            "test_post,Post room,back,Desk,Counting,Desk 75,yes,5",
            "test_post,,,Desk,telephone,DESK 50,,",
        )
        self.assertFalse(wizard.problems)
        self.assertEqual(wizard.preview, "New: Post room (test_post), skills: 2")
        self.assertFalse(self.env["office.role"].search([("code", "=", "test_post")]))
        action = wizard.action_import()
        role = self.env["office.role"].search(action["domain"])
        self.assertEqual(
            (role.code, role.name, role.side), ("test_post", "Post room", "back")
        )
        self.assertFalse(role.company_id)
        self.assertEqual(
            self._terms(role),
            {self.counting: (75, True, 5), self.telephone: (50, False, 3)},
        )

    def test_a_new_role_of_one_company(self):
        wizard = self._wizard("test_post,Post,back", company_id=self.company.id)
        role = self.env["office.role"].search(wizard.action_import()["domain"])
        self.assertEqual(role.company_id, self.company)

    def test_a_role_that_exists(self):
        wizard = self._wizard(
            "test_desk,Front desk,back,Desk,Greeting,Desk 50,no,4",
            "test_desk,,,Desk,Juggling,Desk 25,yes,1",
            "test_till,,,Desk,Counting,Desk 25,no,3",
        )
        self.assertEqual(
            wizard.preview.splitlines(),
            [
                "Updated: Test desk",
                "  – Name becomes “Front desk”",
                "  – Side becomes “Back office”",
                "  – Juggling (Desk 25, must-have, weight 1): added",
                "  – Telephone (Desk 50, not a must-have, weight 3): removed",
                "  – Greeting: level Desk 75 → Desk 50, is no longer a must-have, "
                "weight 3 → 4",
                "Unchanged: Test till",
            ],
        )
        greeting = self.role_desk.skill_ids.filtered(
            lambda line: line.skill_id == self.greeting
        )
        wizard.action_import()
        self.assertEqual(
            (self.role_desk.name, self.role_desk.side), ("Front desk", "back")
        )
        self.assertEqual(
            self._terms(self.role_desk),
            {self.greeting: (50, False, 4), self.juggling: (25, True, 1)},
        )
        self.assertTrue(greeting.exists(), "a requirement that changes is not replaced")

    def test_a_must_have_begins(self):
        wizard = self._wizard("test_till,,,Desk,Counting,Desk 25,yes,3")
        self.assertIn("Counting: becomes a must-have", wizard.preview)

    def test_what_is_exported_changes_nothing(self):
        roles = self.role_desk + self.role_till + self._create_role("test_empty")
        data = self.env["office.role.file"]._export(roles)
        wizard = self._wizard(data)
        self.assertFalse(wizard.problems)
        self.assertEqual(
            wizard.preview.splitlines(), [f"Unchanged: {role.name}" for role in roles]
        )

    def test_what_is_exported_makes_the_role_anew(self):
        before = self._terms(self.role_desk)
        data = self.env["office.role.file"]._export(self.role_desk)
        copy = data.replace(b"test_desk", b"test_desk_again")
        role = self.env["office.role"].search(
            self._wizard(copy).action_import()["domain"]
        )
        self.assertEqual(role.code, "test_desk_again")
        self.assertEqual(self._terms(role), before)

    def test_names_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.skill_type.with_context(lang="sv_SE").name = "Disken"
        self.juggling.with_context(lang="sv_SE").name = "Jonglering"
        self.manager.lang = "sv_SE"
        wizard = self._wizard(
            "test_till,Kassa,,Disken,Jonglering,Desk 25,no,3",
            "test_till,,,Desk,Juggling,Desk 25,no,3",
        ).with_context(lang="sv_SE")
        self.assertRegex(wizard.problems, "3.*Jonglering")
        wizard = self._wizard("test_till,,,Disken,Jonglering,Desk 25,no,3")
        wizard = wizard.with_context(lang="sv_SE")
        self.assertFalse(wizard.problems)
        wizard.action_import()
        self.assertEqual(self.role_till.skill_ids.skill_id, self.juggling)

    def test_each_error_has_its_line_and_column(self):
        self._create_skill_type("Stage", ["Mime"])
        wizard = self._wizard(
            "test_desk,,,Disk,Greeting,Desk 75,no,3",
            "test_desk,,,Desk,Greting,Desk 75,no,3",
            "test_desk,,,Desk,Telephone,Stage 75,no,3",
            "test_desk,,,Stage,Mime,Stage 75,no,9",
            "test_new,,,Stage,Mime,Stage 75,no,1",
        )
        self.assertFalse(wizard.preview)
        problems = wizard.problems.splitlines()
        self.assertEqual(len(problems), 6, problems)
        for sentence, expected in zip(
            problems,
            [
                "Line 2, column skill_type: There is no skill type “Disk”. Do you "
                "mean “Desk”?",
                "Line 3, column skill: The skill type “Desk” has no skill “Greting”. "
                "Do you mean “Greeting”?",
                "Line 4, column level: “Stage 75” is no level of Desk. Choose one of: ",
                "Line 5, column weight: “9” is no weight. Write a whole number from 1 "
                "to 5.",
                "Line 6, column role_name: The role test_new is new and needs this",
                "Line 6, column side: The role test_new is new and needs this column.",
            ],
            strict=True,
        ):
            self.assertIn(expected, sentence)
        before = self._terms(self.role_desk)
        with self.assertRaisesRegex(UserError, "Line 3, column skill"):
            wizard.action_import()
        self.assertEqual(self._terms(self.role_desk), before)

    def test_names_that_are_not_unique(self):
        self._create_skill_type("Desk", ["Nodding"])
        wizard = self._wizard("test_desk,,,Desk,Greeting,Desk 75,no,3")
        self.assertIn("several with the name “Desk”", wizard.problems)

    def test_a_role_that_is_archived_or_of_another_company(self):
        self.role_till.active = False
        self._create_role("test_abroad", company_id=self.other_company.id)
        wizard = self._wizard("test_till,,,,,", "test_abroad,Abroad,front")
        self.assertRegex(wizard.problems, "(?s)2.*is archived.*3.*cannot see")
        self.assertNotIn("Test abroad", wizard.problems)

    def test_all_or_nothing(self):
        """The database refuses the second role: the first stays away too."""
        wizard = self._wizard(
            "test_one,One,front,Desk,Greeting,Desk 75,no,3", "test_two,Two,back"
        )
        plans, problems = wizard._read()
        self.assertFalse(problems)
        plans[1].vals["code"] = "Not A Code"
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            wizard.env["office.role.file"]._apply(plans)
        self.assertFalse(
            self.env["office.role"].search([("code", "in", ["test_one", "test_two"])])
        )

    def test_a_file_that_did_not_arrive(self):
        wizard = self._wizard("test_desk")
        wizard.file = b"not base64!"
        self.assertIn("Choose it again", wizard.problems)

    def test_no_file_no_preview(self):
        wizard = self.env["office.role.import"].new({})
        self.assertFalse(wizard.preview or wizard.problems)

    def test_who_may_import(self):
        for user in (self.officer, self.plain):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._wizard("test_post,Post,back", user=user)
        wizard = self._wizard("test_post,Post,back")
        with self.assertRaises(AccessError):
            wizard.with_user(self.officer).action_import()
        menu = self.env.ref("office_role.office_role_menu_import")
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu.id, menus.with_user(self.manager)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(self.officer)._visible_menu_ids())


class TestSkillTwice(RoleFileCommon):
    """A skill that a role asks for twice is refused, by whatever route."""

    @mute_logger("odoo.sql_db")
    def test_odoo_import_names_the_role_and_the_skill(self):
        names = ["role_id/.id", "skill_type_id/.id", "skill_id/.id"]
        row = [self.role_desk, self.skill_type, self.greeting]
        result = (
            self.env["office.role.skill"]
            .with_user(self.manager)
            .load(names, [[str(record.id) for record in row]])
        )
        self.assertFalse(result["ids"])
        self.assertIn(
            "Test desk asks for Greeting twice.", result["messages"][0]["message"]
        )

    def test_the_database_says_so(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            self.role_till.skill_ids = [
                Command.create(self._requirement(self.counting, 50)),
            ]
        self.assertIn(
            "Test till asks for Counting twice.",
            self.env["office.role.skill"]._sql_error_to_message(caught.exception),
        )


class TestRoleExport(RoleFileCommon, HttpCase):
    """The file is downloaded by whom it is for."""

    def test_an_officer_downloads_roles(self):
        roles = (self.role_desk + self.role_till).with_user(self.officer)
        action = roles.action_export_profiles()
        self.authenticate("file_officer", "file_officer")
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn("roles.csv", response.headers["Content-Disposition"])
        self.assertEqual(
            response.content.decode("utf-8-sig").splitlines(),
            [
                HEAD,
                "test_desk,Test desk,front,Desk,Greeting,Desk 75,yes,3",
                "test_desk,Test desk,front,Desk,Telephone,Desk 50,no,3",
                "test_till,Test till,front,Desk,Counting,Desk 25,no,3",
            ],
        )

    def test_nobody_else_downloads_the_file(self):
        action = self.role_desk.with_user(self.officer).action_export_profiles()
        self.authenticate("file_plain", "file_plain")
        response = self.url_open(action["url"])
        self.assertNotIn(b"Greeting", response.content)

    def test_a_plain_employee_exports_nothing(self):
        with self.assertRaises(AccessError):
            self.role_desk.with_user(self.plain).action_export_profiles()

    def test_roles_of_another_company_are_refused(self):
        foreign = self._create_role("test_abroad", company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.officer).action_export_profiles()


class TestRoleCopy(OfficeRoleCommon):
    """A duplicate has the same profile under its own code."""

    def test_the_requirements_are_copied(self):
        self.role_desk.skill_ids[0].weight = 5
        copy = self.role_desk.copy()
        self.assertEqual(
            copy._get_requirement_terms(), self.role_desk._get_requirement_terms()
        )
        self.assertFalse(copy.skill_ids & self.role_desk.skill_ids)
        self.assertFalse(
            copy._describe_differences(
                self.role_desk._get_requirement_terms(), copy._get_requirement_terms()
            )
        )

    def test_a_change_of_the_copy_leaves_the_original(self):
        copy = self.role_desk.copy()
        copy.skill_ids = [Command.clear()]
        self.assertEqual(len(self.role_desk.skill_ids), 2)
