from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, users
from odoo.tools import mute_logger

from .common import LAST_YEAR, TODAY, OfficeRoleCommon


class TestOfficeRole(OfficeRoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_hr_user("role_manager", "hr.group_hr_manager")

    # -- code ---------------------------------------------------------------------

    def test_code_of_small_letters_digits_and_underscores(self):
        for code in ("q", "test_front", "r2_d2", "a__b_"):
            with self.subTest(code=code):
                self.assertEqual(self._create_role(code, name="Role").code, code)

    def test_code_of_another_form_is_refused(self):
        for code in ("Front", "2nd", "front desk", "front-desk", "_x", "räka", "a\n"):
            with (
                self.subTest(code=code),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation) as refusal,
            ):
                self._create_role(code, name="Role")
            message = self.env["office.role"]._sql_error_to_message(refusal.exception)
            self.assertIn("for example front_desk", message)

    def test_code_is_unique(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation) as refusal,
        ):
            self._create_role("test_desk")
        message = self.env["office.role"]._sql_error_to_message(refusal.exception)
        self.assertIn("already has this code", message)

    def test_code_of_an_archived_role_stays_taken(self):
        self.role_desk.active = False
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._create_role("test_desk")

    def test_name_is_translated_and_code_is_not(self):
        self.env["res.lang"]._activate_lang("es_ES")
        spanish = self.role_desk.with_context(lang="es_ES")
        spanish.write({"name": "Recepción", "code": "test_recepcion"})
        english = self.role_desk.with_context(lang="en_US")
        self.assertEqual(spanish.name, "Recepción")
        self.assertEqual(english.name, "Test desk")
        self.assertEqual(english.code, "test_recepcion")

    # -- copy ---------------------------------------------------------------------

    @users("role_manager")
    def test_copy_has_a_free_code_and_the_requirements(self):
        role = self.role_desk.with_user(self.env.user)
        first, second = role.copy(), role.copy()
        self.assertEqual(first.code, "test_desk_2")
        self.assertEqual(second.code, "test_desk_3")
        self.assertEqual(first.name, "Test desk (copy)")
        self.assertEqual(first.skill_ids.skill_id, role.skill_ids.skill_id)
        self.assertFalse(first.skill_ids & role.skill_ids)

    def test_copy_of_several_roles_at_once(self):
        copies = (self.role_desk + self.role_till).copy()
        self.assertEqual(copies.mapped("code"), ["test_desk_2", "test_till_2"])

    def test_copy_keeps_a_code_and_name_that_are_given(self):
        copy = self.role_desk.copy({"code": "test_evening", "name": "Evening"})
        self.assertEqual((copy.code, copy.name), ("test_evening", "Evening"))

    def test_copy_passes_over_the_code_of_an_archived_role(self):
        self._create_role("test_desk_2", active=False)
        self.assertEqual(self.role_desk.copy_data()[0]["code"], "test_desk_3")
        self.assertEqual(self.role_desk.copy().code, "test_desk_3")

    @users("role_manager")
    def test_copy_passes_over_the_code_of_a_company_out_of_sight(self):
        self._create_role("test_desk_2", company_id=self.other_company.id)
        copy = self.role_desk.with_user(self.env.user).copy()
        self.assertEqual(copy.code, "test_desk_3")

    def test_copy_has_no_jobs(self):
        self.assertFalse(self.role_desk.copy().job_ids)

    # -- the form -----------------------------------------------------------------

    @users("role_manager")
    def test_manager_defines_a_role_in_the_form(self):
        form = Form(self.env["office.role"])
        form.name = "Night porter"
        form.code = "test_night_porter"
        with form.skill_ids.new() as requirement:
            requirement.skill_id = self.greeting
            requirement.must_have = True
        role = form.save()
        self.assertEqual(role.side, "front")
        self.assertEqual(role.skill_ids.skill_type_id, self.skill_type)
        self.assertEqual(role.skill_ids.skill_level_id, self.level[50])
        self.assertEqual(role.skill_ids.weight, 3)

    @users("role_manager")
    def test_form_needs_a_name_and_a_code(self):
        form = Form(self.env["office.role"])
        form.name = "Night porter"
        with self.assertRaisesRegex(AssertionError, "code is a required field"):
            form.save()

    # -- archived -----------------------------------------------------------------

    def test_archived_role_is_hidden_until_it_is_asked_for(self):
        roles = self.env["office.role"]
        domain = [("code", "=", "test_desk")]
        self.assertEqual(roles.search(domain), self.role_desk)
        self.role_desk.action_archive()
        self.assertFalse(roles.search(domain))
        self.assertEqual(
            roles.with_context(active_test=False).search(domain), self.role_desk
        )

    def test_archived_role_comes_back_to_those_who_had_it(self):
        employee = self._create_employee(
            "Ada", extra_office_role_ids=self.role_desk + self.role_till
        )
        self.role_desk.action_archive()
        self.env.invalidate_all()
        self.assertEqual(employee.office_role_ids, self.role_till)
        third = self._create_role("test_third")
        employee.extra_office_role_ids = [Command.link(third.id)]
        self.env.flush_all()
        self.role_desk.action_unarchive()
        self.env.invalidate_all()
        self.assertEqual(
            employee.office_role_ids, self.role_desk + self.role_till + third
        )

    # -- counts and smart buttons ---------------------------------------------------

    def test_counts_of_a_role_that_nobody_uses(self):
        role = self._create_role("test_unused")
        self.assertEqual(
            (role.skill_count, role.job_count, role.employee_count), (0, 0, 0)
        )

    def test_counts(self):
        self._create_job("Night clerk", self.role_desk)
        self._create_employee("By position", self.job_desk)
        self._create_employee("By extra role", extra_office_role_ids=self.role_desk)
        self._create_employee("Archived", self.job_desk, active=False)
        moved = self._create_employee("Moved on", self.job_desk)
        moved.create_version(
            {"date_version": TODAY.replace(year=2025), "job_id": False}
        )
        self.assertEqual(self.role_desk.skill_count, 2)
        self.assertEqual(self.role_desk.job_count, 2)
        self.assertEqual(self.role_desk.employee_count, 2)

    @users("role_manager")
    def test_smart_buttons_open_what_they_count(self):
        role = self.role_desk.with_user(self.env.user)
        night = self._create_job("Night clerk", self.role_desk)
        employee = self._create_employee("Ada", night)
        stranger = self._create_employee("Bo", extra_office_role_ids=self.role_till)
        jobs = self._records(role.action_view_jobs())
        self.assertEqual(set(jobs), {self.job_desk, night})
        employees = self._records(role.action_view_employees())
        self.assertEqual(employees, employee)
        self.assertNotIn(stranger, employees)
        gaps = self._records(role.action_view_gaps())
        self.assertEqual(gaps.employee_id, employee)
        self.assertEqual(gaps.role_id, role)

    def test_new_position_from_the_smart_button_has_the_role(self):
        action = self.role_desk.action_view_jobs()
        form = Form(self.env["hr.job"].with_context(**action["context"]))
        form.name = "Evening clerk"
        self.assertEqual(form.save().office_role_id, self.role_desk)

    def _records(self, action):
        """Return the records that an action shows to the user of the test."""
        return self.env[action["res_model"]].search(action["domain"])

    # -- company ------------------------------------------------------------------

    def test_role_becomes_one_companys_own(self):
        self._create_employee("Ada", self.job_desk)
        self.job_desk.company_id = self.company
        self.role_desk.company_id = self.company
        self.assertEqual(self.role_desk.skill_ids.company_id, self.company)

    def test_role_that_another_companys_position_uses_stays_shared(self):
        self._create_job("Abroad", self.role_desk, company_id=self.other_company.id)
        with self.assertRaisesRegex(UserError, "Abroad"):
            self.role_desk.company_id = self.company

    def test_role_that_another_companys_employee_has_stays_shared(self):
        self._create_employee(
            "Ada",
            company_id=self.other_company.id,
            date_version=LAST_YEAR,
            extra_office_role_ids=self.role_till,
        )
        with self.assertRaisesRegex(UserError, "Test till"):
            self.role_till.company_id = self.company
