from datetime import date

from odoo.exceptions import AccessError, UserError

from .test_version import LATER, VersionCommon


class TestVersionComparison(VersionCommon):
    """Two earlier versions of a role are compared with each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._begin(cls)
        cls._ask_for_more(cls)
        cls.second = cls._begin(cls, LATER)
        # what is in force differs from both
        cls.role_desk.skill_ids.filtered(
            lambda line: line.skill_id == cls.telephone
        ).unlink()

    def _compare(self, versions, user=None):
        """Compare as somebody would in the list; return what the form shows."""
        action = versions.with_user(user or self.recruiter).action_compare()
        self.assertEqual(action["res_model"], "office.role.version")
        version = (
            self.env[action["res_model"]]
            .with_user(user or self.recruiter)
            .with_context(**action["context"])
            .browse(action["res_id"])
        )
        return version.difference_title, str(version.difference or "")

    def test_two_earlier_versions(self):
        # the newest comes first in the list
        title, difference = self._compare(self.second + self.first)
        self.assertEqual(title, "What changed from version 1 to version 2:")
        self.assertIn("Greeting", difference)
        self.assertEqual(difference.count("<li>"), 1)
        self.assertNotIn("Telephone", difference, "that changed after both")

    def test_seen_from_the_later_one(self):
        later = self.second.with_context(office_compare_version_id=self.first.id)
        title, difference = self._compare(self.first + self.second)
        self.assertEqual(later.difference_title, title)
        self.assertEqual(later.difference, difference)

    def test_one_is_compared_with_the_present(self):
        title, difference = self._compare(self.second)
        self.assertIn("up to the requirements in force", title)
        self.assertIn("Telephone", difference)
        self.assertNotIn("Greeting", difference)
        self.assertEqual(self.second.difference, difference, "as without comparing")

    def test_versions_that_ask_for_the_same(self):
        same = self.env["office.role.version"].create(
            [{**self.role_desk._get_version_vals(date(2026, 6, 1)), "number": 3}]
        )
        again = self.env["office.role.version"].create(
            [{**self.role_desk._get_version_vals(date(2026, 7, 1)), "number": 4}]
        )
        title, difference = self._compare(same + again)
        self.assertEqual(title, "Version 3 and version 4 ask for the same.")
        self.assertFalse(difference)
        self.assertIn("Nothing has changed since", again.difference_title)

    def test_what_cannot_be_compared_is_said(self):
        till = self._begin(role=self.role_till)
        for versions in (
            self.first + till,
            self.first + self.second + till,
            self.first.browse(),
        ):
            with self.assertRaisesRegex(UserError, "two versions of the same role"):
                versions.with_user(self.recruiter).action_compare()

    def test_a_version_in_the_context_must_be_readable(self):
        till = self._begin(role=self.role_till)
        present = self.first.difference
        for value in (till.id, self.first.id, -1, "1 OR 1=1", None):
            version = self.first.with_context(office_compare_version_id=value)
            with self.subTest(value):
                self.assertEqual(version.difference, present)

    def test_who_may_compare(self):
        for user in (self.manager, self.recruiter, self.interviewer):
            self.assertIn("Greeting", self._compare(self.first + self.second, user)[1])
        employee = self._create_user("version_employee")
        with self.assertRaises(AccessError):
            self._compare(self.first + self.second, employee)
        self.role_desk.company_id = self.company
        abroad = self._create_user("version_elsewhere", "hr.group_hr_manager")
        abroad.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._compare(self.first + self.second, abroad)
