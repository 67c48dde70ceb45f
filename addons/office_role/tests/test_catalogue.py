from odoo.tests import tagged

from .common import OfficeRoleCommon

FRONT_ROLES = {
    "receptionist",
    "cashier",
    "sales_representative",
    "customer_service_representative",
    "regional_sales_manager",
    "national_sales_manager",
    "account_manager",
    "front_office_manager",
    "corporate_financial_officer",
}
BACK_ROLES = {
    "data_entry_clerk",
    "claims_processor",
    "accountant",
    "payroll_clerk",
    "hr_executive",
    "legal_counsel",
    "network_administrator",
    "warehouse_clerk",
    "back_office_manager",
}
FRONT_SKILLS = {
    "interpersonal_skills",
    "articulate_speech",
    "active_listening",
    "friendly_manner",
    "patience",
    "questioning_technique",
    "conflict_handling",
    "appointment_scheduling",
    "order_entry",
}
BACK_SKILLS = {
    "oral_communication",
    "written_communication",
    "numeracy",
    "organisation",
    "filing_on_time",
    "word_processing",
    "accounting_systems",
    "payroll_rules",
    "network_administration",
}
SKILL_TYPES = ("interpersonal", "administrative", "computer", "finance")


@tagged("post_install", "-at_install")
class TestCatalogue(OfficeRoleCommon):
    """What the add-on ships."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            code: cls.env.ref(f"office_role.role_{code}")
            for code in FRONT_ROLES | BACK_ROLES
        }

    def _required_level(self, code, skill):
        """Return the progress of ``skill`` that a role requires."""
        return (
            self.roles[code]
            .skill_ids.filtered(
                lambda requirement: requirement.skill_id
                == self.env.ref(f"office_role.skill_{skill}")
            )
            .level_progress
        )

    def test_every_role_of_the_catalogue_and_no_other(self):
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "office_role"), ("model", "=", "office.role")]
        )
        self.assertEqual(
            set(shipped.mapped("name")),
            {f"role_{code}" for code in FRONT_ROLES | BACK_ROLES},
        )
        self.assertEqual(len(shipped), 18)

    def test_roles_by_code_and_side(self):
        for code, role in self.roles.items():
            with self.subTest(role=code):
                self.assertEqual(role.code, code)
                self.assertEqual(role.side, "front" if code in FRONT_ROLES else "back")
                self.assertFalse(role.company_id, "the catalogue is for all companies")
                self.assertTrue(role.description)

    def test_four_types_of_four_levels_in_plain_words(self):
        for name in SKILL_TYPES:
            levels = self.env.ref(f"office_role.skill_type_{name}").skill_level_ids
            with self.subTest(skill_type=name):
                self.assertEqual(
                    sorted(levels.mapped("level_progress")), [25, 50, 75, 100]
                )
                self.assertEqual(len(levels.filtered("default_level")), 1)
                self.assertEqual(len(set(levels.mapped("name"))), 4)
                self.assertEqual(len(set(levels.mapped("description"))), 4)
                for level in levels:
                    self.assertGreater(len(level.description.split()), 15)

    def test_front_and_back_skills_are_used_on_their_side(self):
        for skills, codes in ((FRONT_SKILLS, FRONT_ROLES), (BACK_SKILLS, BACK_ROLES)):
            used = {
                skill for code in codes for skill in self.roles[code].skill_ids.skill_id
            }
            for skill in skills:
                with self.subTest(skill=skill):
                    self.assertIn(self.env.ref(f"office_role.skill_{skill}"), used)

    def test_skills_belong_to_the_four_types(self):
        types = {self.env.ref(f"office_role.skill_type_{name}") for name in SKILL_TYPES}
        for code, role in self.roles.items():
            with self.subTest(role=code):
                self.assertLessEqual(set(role.skill_ids.skill_type_id), types)

    def test_computer_use_from_the_basics_to_advanced(self):
        for code in FRONT_ROLES:
            with self.subTest(role=code):
                self.assertIn(self._required_level(code, "computer_use"), (25, 50))
        self.assertEqual(self._required_level("cashier", "computer_use"), 25)
        self.assertEqual(self._required_level("data_entry_clerk", "computer_use"), 75)
        self.assertEqual(
            self._required_level("network_administrator", "computer_use"), 100
        )

    def test_every_role_has_must_haves_and_other_skills(self):
        for code, role in self.roles.items():
            with self.subTest(role=code):
                must_haves = role.skill_ids.filtered("must_have")
                self.assertTrue(must_haves)
                self.assertTrue(role.skill_ids - must_haves)
                self.assertGreaterEqual(
                    min(must_haves.mapped("weight")),
                    3,
                    "a must-have is never among the least important skills",
                )
