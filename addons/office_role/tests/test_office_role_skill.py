from psycopg2 import IntegrityError
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import OfficeRoleCommon


class TestOfficeRoleSkill(OfficeRoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.language_type = cls._create_skill_type("Language", ["Spanish"])
        cls.spanish = cls.language_type.skill_ids
        cls.requirement = cls.role_till.skill_ids

    def _create(self, skill, **values):
        return self.env["office.role.skill"].create(
            {"role_id": self.role_till.id, "skill_id": skill.id, **values}
        )

    # -- weight -------------------------------------------------------------------

    def test_weight_from_one_to_five(self):
        for weight in (1, 5):
            with self.subTest(weight=weight):
                self.requirement.weight = weight
                self.env.flush_all()
                self.assertEqual(self.requirement.weight, weight)

    def test_weight_out_of_range_is_refused(self):
        for weight in (-1, 0, 6):
            with (
                self.subTest(weight=weight),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation) as refusal,
            ):
                self.requirement.weight = weight
                self.env.flush_all()
            message = self.requirement._sql_error_to_message(refusal.exception)
            self.assertIn("between 1 and 5", message)

    # -- once a role ----------------------------------------------------------------

    def test_two_roles_ask_for_the_same_skill(self):
        self._create(self.greeting)
        self.assertIn(self.greeting, self.role_till.skill_ids.skill_id)
        self.assertIn(self.greeting, self.role_desk.skill_ids.skill_id)

    def test_a_role_asks_for_a_skill_only_once(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation) as refusal,
        ):
            self._create(self.counting, skill_level_id=self.level[100].id)
        message = self.requirement._sql_error_to_message(refusal.exception)
        self.assertIn("only once", message)

    # -- type and level -------------------------------------------------------------

    def test_type_and_default_level_follow_from_the_skill(self):
        requirement = self._create(self.spanish)
        self.assertEqual(requirement.skill_type_id, self.language_type)
        self.assertEqual(requirement.skill_level_id.level_progress, 50)

    def test_lowest_level_without_a_default_level(self):
        self.language_type.skill_level_ids.default_level = False
        requirement = self._create(self.spanish)
        self.assertEqual(requirement.level_progress, 25)

    def test_level_of_another_type_is_refused(self):
        with self.assertRaises(ValidationError) as refusal:
            self._create(
                self.greeting,
                skill_level_id=self._levels(self.language_type)[50].id,
            )
        message = str(refusal.exception)
        for name in ("Test till", "Language 50", "Greeting", "Desk"):
            self.assertIn(name, message)

    def test_type_that_is_not_the_skills_is_refused(self):
        with self.assertRaises(ValidationError):
            self._create(
                self.greeting,
                skill_type_id=self.language_type.id,
                skill_level_id=self._levels(self.language_type)[50].id,
            )

    def test_changing_the_skill_in_the_form_changes_type_and_level(self):
        with Form(self.role_till) as form, form.skill_ids.edit(0) as line:
            line.skill_id = self.spanish
        self.assertEqual(self.requirement.skill_type_id, self.language_type)
        self.assertEqual(self.requirement.skill_level_id.name, "Language 50")

    def test_changing_the_skill_within_a_type_keeps_the_level(self):
        with Form(self.role_till) as form, form.skill_ids.edit(0) as line:
            line.skill_id = self.telephone
        self.assertEqual(self.requirement.skill_id, self.telephone)
        self.assertEqual(self.requirement.skill_level_id, self.level[25])

    # -- deletion -------------------------------------------------------------------

    def test_level_that_a_role_requires_is_not_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.level[25].unlink()

    def test_level_that_no_role_requires_is_deleted(self):
        self.level[100].unlink()
        self.assertEqual(len(self.skill_type.skill_level_ids), 3)

    def test_requirements_go_with_their_role_and_their_skill(self):
        role = self._create_role("test_short_lived", [(self.greeting, 25, False)])
        requirement = role.skill_ids
        role.unlink()
        self.assertFalse(requirement.exists())
        self.counting.unlink()
        self.assertFalse(self.requirement.exists())

    def test_company_is_the_roles(self):
        role = self._create_role(
            "test_own",
            [(self.greeting, 25, False)],
            company_id=self.other_company.id,
        )
        self.assertEqual(role.skill_ids.company_id, self.other_company)
        self.assertFalse(self.requirement.company_id)
        role.skill_ids = [Command.create(self._requirement(self.telephone, 25))]
        self.assertEqual(role.skill_ids.company_id, self.other_company)
