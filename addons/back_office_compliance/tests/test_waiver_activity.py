from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common_check import CheckFixture

WAIVER = "back_office_compliance.mail_activity_type_waiver"


@tagged("post_install", "-at_install")
class TestWaiverActivity(CheckFixture):
    """Asking for a waiver gives the decision to somebody; deciding takes it away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contacts = "base.group_partner_manager"
        cls.preparer = cls._make_user("preparer", "preparer", contacts)
        cls.manager = cls._make_user("manager", "manager", contacts)
        cls.second = cls._make_user("second", "manager", contacts)
        cls.company.compliance_manager_id = cls.second
        cls.partner = cls._make_partners()
        cls.Check._run_checks(cls.company, cls.check)
        cls.finding = cls.Finding.search([("check_id", "=", cls.check.id)])

    def _ask(self, user=None, finding=None):
        finding = finding or self.finding
        finding.with_user(user or self.preparer)._ask_waiver("Why", date(2099, 1, 31))
        return self._activities(finding)

    def _activities(self, finding=None):
        finding = finding or self.finding
        finding.invalidate_recordset(["activity_ids"])
        kind = self.env.ref(WAIVER)
        return finding.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def test_the_manager_of_the_company(self):
        activity = self._ask()
        self.assertEqual(activity.user_id, self.second)
        self.assertIn("Why", activity.note)
        self.assertIn("01/31/2099", activity.summary)
        mine = (
            self.env["mail.activity"]
            .with_user(self.second)
            .search([("id", "=", activity.id)])
        )
        self.assertTrue(mine)

    def test_another_one_when_that_manager_asks(self):
        self.assertNotIn(self._ask(self.second).user_id, self.second | self.preparer)

    def test_asked_twice_is_one_activity(self):
        self._ask()
        self.assertEqual(len(self._ask()), 1)

    def test_granted(self):
        self._ask()
        # by another manager than the one who was told
        self.finding.with_user(self.manager).action_grant_waiver()
        self.assertEqual(self.finding.state, "waived")
        self.assertFalse(self._activities())

    def test_refused(self):
        self._ask()
        self.finding.with_user(self.second)._refuse_waiver("No")
        self.assertFalse(self._activities())

    def test_resolved_meanwhile(self):
        self._ask()
        self.partner.ref = "good"
        self._run()
        self.assertEqual(self.finding.state, "resolved")
        self.assertFalse(self._activities())

    def test_found_again_meanwhile(self):
        """A run that finds it again forgets the waiver that was asked for."""
        self.finding.with_user(self.preparer)._mark_fixed("Done")
        self._ask()
        self._run()
        self.assertFalse(self.finding.waiver_asked)
        self.assertFalse(self._activities())

    def test_what_is_about_employees_goes_to_hr(self):
        self.env["hr.employee"].create(
            {"name": "Somebody", "company_id": self.company.id, "barcode": "bad"}
        )
        labour = self._make_check(
            "TEST-LABOUR",
            family="labour",
            model_id=self.env["ir.model"]._get_id("hr.employee"),
            domain="[('barcode', '=', 'bad')]",
            value_fields="",
        )
        self._run(labour)
        finding = self._findings(labour)
        officer = self._make_user("officer", "preparer", "hr.group_hr_user")
        self._make_user("both", "manager", "hr.group_hr_user")
        activity = self._ask(officer, finding)
        self.assertTrue(activity.user_id.has_group("hr.group_hr_user"))
        self.assertNotEqual(activity.user_id, self.second)

    def test_nobody_who_may_decide(self):
        managers = self.env.ref("back_office_compliance.group_compliance_manager")
        others = managers.all_user_ids.filtered(
            lambda user: self.company in user.company_ids
        )
        others.group_ids = [Command.unlink(managers.id)]
        self.assertFalse(self._ask())
        self.assertTrue(self.finding.waiver_asked)
