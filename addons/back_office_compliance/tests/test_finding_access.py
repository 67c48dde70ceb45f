from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_check import CheckFixture

SECRET = "Secretary Secret"


@tagged("post_install", "-at_install")
class TestFindingAccess(CheckFixture):
    """Who sees which findings, and what of them, by every route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.env["hr.employee"].create(
            {"name": SECRET, "company_id": cls.company.id, "barcode": "bad"}
        )
        cls.labour = cls._make_check(
            "TEST-LABOUR",
            family="labour",
            model_id=cls.env["ir.model"]._get_id("hr.employee"),
            domain="[('barcode', '=', 'bad')]",
            value_fields="name, barcode",
        )
        cls.partner = cls._make_partners(name=SECRET)
        cls.Check._run_checks(cls.company, cls.check | cls.labour)
        cls.finding = cls.Finding.search([("check_id", "=", cls.check.id)])
        cls.hr_finding = cls.Finding.search([("check_id", "=", cls.labour.id)])
        cls.accountant = cls._make_user(
            "accountant",
            "preparer",
            "account.group_account_user",
            "base.group_allow_export",
        )
        cls.officer = cls._make_user(
            "officer", "preparer", "hr.group_hr_user", "base.group_allow_export"
        )
        cls.auditor = cls._make_user("auditor", "auditor", "base.group_allow_export")
        cls.stranger = cls._make_user("stranger", "base.group_user")
        cls.other_manager = cls._make_user(
            "other_manager", "manager", company=cls.stranger_company
        )

    def _visible(self, user):
        return (
            self.Finding.with_user(user).search([]) & (self.finding | self.hr_finding)
        ).sudo()

    def test_search(self):
        both = self.finding | self.hr_finding
        self.assertEqual(self._visible(self.accountant), self.finding)
        self.assertEqual(self._visible(self.officer), both)
        self.assertEqual(self._visible(self.auditor), both)
        self.assertFalse(self._visible(self.other_manager))
        with self.assertRaises(AccessError):
            self._visible(self.stranger)

    def test_read(self):
        for user in (self.accountant, self.other_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.hr_finding.with_user(user).read(["state"])
        self.hr_finding.with_user(self.officer).read(["state"])
        self.hr_finding.with_user(self.auditor).read(["state"])

    def test_group_by(self):
        def families(user):
            groups = self.Finding.with_user(user).formatted_read_group(
                [("check_id", "in", (self.check | self.labour).ids)],
                ["family"],
                ["__count"],
            )
            return sorted(group["family"] for group in groups)

        self.assertEqual(families(self.accountant), ["other"])
        self.assertEqual(families(self.officer), ["labour", "other"])

    def test_nobody_reads_the_raw_figures(self):
        admin = self.env.ref("base.user_admin")
        for user in (self.accountant, self.officer, self.auditor, admin):
            findings = self.finding.with_user(user)
            with self.subTest(user=user.login):
                for name in ("values", "key"):
                    with self.assertRaises(AccessError):
                        findings.read([name])
                with self.assertRaises(AccessError):
                    findings.export_data(["values"])
                with self.assertRaises(AccessError):
                    self.Finding.with_user(user).search([("values", "!=", False)])
                with self.assertRaises(AccessError):
                    self.Finding.with_user(user).search([], order="values")
                with self.assertRaises(AccessError):
                    self.Finding.with_user(user).formatted_read_group(
                        [], ["values"], ["__count"]
                    )
                with self.assertRaises(AccessError):
                    self.Check.with_user(user).search(
                        [("finding_ids.values", "!=", False)]
                    )
                self.assertNotIn("values", findings.fields_get())

    def test_details_for_who_may_read_the_record(self):
        finding = self.finding.with_user(self.accountant)
        self.assertEqual(finding.record_name, SECRET)
        self.assertIn(SECRET, finding.details)
        action = finding.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.partner.id)
        )
        hr_finding = self.hr_finding.with_user(self.officer)
        self.assertIn(SECRET, hr_finding.record_name)
        self.assertIn("bad", hr_finding.details)

    def test_the_auditor_reads_findings_without_rights_on_the_record(self):
        """Names and figures of findings of the company; the employee stays closed."""
        finding = self.hr_finding.with_user(self.auditor)
        self.assertEqual(finding.record_name, SECRET)
        self.assertIn("bad", finding.details)
        rows = finding.export_data(["display_name", "record_name", "details"])
        self.assertIn(SECRET, str(rows))
        with self.assertRaises(AccessError):
            finding.action_open_record()
        with self.assertRaises(AccessError):
            self.employee.with_user(self.auditor).read(["barcode"])

    def test_the_auditor_of_another_company(self):
        foreign = self._make_user("foreign", "auditor", company=self.stranger_company)
        # even where a finding was read with more rights
        finding = self.hr_finding.with_user(foreign).sudo()
        self.assertNotIn(SECRET, finding.record_name)
        self.assertFalse(finding.details)
        # the finding is of the own company, the employee is so no longer
        self.employee.company_id = self.stranger_company
        self.env.invalidate_all()
        finding = self.hr_finding.with_user(self.auditor)
        self.assertNotIn(SECRET, finding.record_name)
        self.assertFalse(finding.details)

    def test_the_auditor_writes_nothing(self):
        finding = self.hr_finding.with_user(self.auditor)
        for change in (
            finding.action_acknowledge,
            lambda: finding.write({"owner_id": self.auditor.id}),
            lambda: finding.sudo(False).unlink(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_documents_of_employees(self):
        rule = self.env["compliance.document.rule"].create(
            {"name": "Food card", "company_id": self.company.id}
        )
        document = self.env["compliance.document"].create(
            {"employee_id": self.employee.id, "rule_id": rule.id, "number": "4711"}
        )
        as_auditor = document.with_user(self.auditor)
        self.assertEqual(as_auditor.read(["number"])[0]["number"], "4711")
        (row,) = as_auditor.web_read(
            {"employee_id": {"fields": {"display_name": {}}}, "number": {}}
        )
        self.assertEqual(row["employee_id"]["display_name"], SECRET)
        with self.assertRaises(AccessError):
            as_auditor.write({"number": "1"})
        with self.assertRaises(AccessError):
            as_auditor.unlink()
        for user in (self.accountant, self.other_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                document.with_user(user).read(["number"])
        foreign = self._make_user("foreign", "auditor", company=self.stranger_company)
        with self.assertRaises(AccessError):
            document.with_user(foreign).read(["number"])

    def test_no_details_in_sudo(self):
        """More rights for a moment show the reader nothing more."""
        finding = self.hr_finding.with_user(self.accountant).sudo()
        self.assertNotIn(SECRET, finding.record_name)
        self.assertFalse(finding.details)

    def test_no_details_by_record_rule(self):
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        finding = self.finding.with_user(self.accountant)
        self.assertNotIn(SECRET, finding.record_name)
        self.assertFalse(finding.details)

    def test_no_field_that_the_reader_may_not_read(self):
        """An officer reads employees, but not their wages."""
        self.hr_finding.sudo().values = {"barcode": "bad", "wage": 1234.0}
        self.assertTrue(self.env["hr.employee"]._fields["wage"].groups)
        details = self.hr_finding.with_user(self.officer).details
        self.assertIn("bad", details)
        self.assertNotIn("234", details)

    def test_groups_of_a_hidden_model(self):
        """A finding about a group names it to who may read the grouped records."""
        check = self._make_check(
            "TEST-GROUP",
            model_id=self.env["ir.model"]._get_id("account.move"),
            kind="aggregate",
            domain="[('ref', '=', 'bad')]",
            group_by="ref",
            aggregate="__count",
        )
        self.env["account.move"].with_company(self.company).create(
            {
                "ref": "bad",
                "journal_id": self.env["account.journal"]
                .create(
                    {
                        "name": "Test",
                        "code": "TST",
                        "type": "general",
                        "company_id": self.company.id,
                    }
                )
                .id,
            }
        )
        self._run(check)
        finding = self._findings(check)
        self.assertEqual(finding.with_user(self.accountant).record_name, "bad")
        as_officer = finding.with_user(self.officer)
        self.assertEqual(as_officer.record_name, "A record that you may not read")
        self.assertFalse(as_officer.details)

    def test_deleted_record(self):
        self.partner.unlink()
        finding = self.finding.with_user(self.accountant)
        self.assertEqual(finding.record_name, "A record that was deleted")
        with self.assertRaisesRegex(UserError, "no record to open"):
            finding.action_open_record()

    def test_chatter(self):
        self.hr_finding.message_post(body="Talk about it")
        message = self.hr_finding.message_ids.filtered("body")[:1]
        message.with_user(self.officer).read(["body"])
        with self.assertRaises(AccessError):
            message.with_user(self.accountant).read(["body"])
        with self.assertRaises(AccessError):
            self.hr_finding.with_user(self.auditor).message_post(body="I write")

    def test_writing(self):
        self.hr_finding.with_user(self.officer).action_acknowledge()
        for user in (self.accountant, self.auditor, self.stranger, self.other_manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.hr_finding.with_user(user).owner_id = user
                with self.assertRaises(AccessError):
                    self.hr_finding.with_user(user).action_retest()
                with self.assertRaises(AccessError):
                    self.hr_finding.with_user(user)._mark_fixed("Fixed")

    def test_running(self):
        for user in (self.auditor, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.check.with_user(user).action_run_now()
        with self.assertRaises(AccessError):
            self.check.with_user(self.accountant).domain = "[]"

    def test_run_lines(self):
        run = self.env["compliance.run"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        checks = run.line_ids.check_id
        self.assertEqual(checks, self.check | self.labour)
        self.env.invalidate_all()  # one2many values are cached for all users
        as_accountant = run.with_user(self.accountant)
        self.assertEqual(as_accountant.line_ids.check_id.ids, self.check.ids)
        self.assertEqual(as_accountant.finding_count, 1)
        self.env.invalidate_all()
        self.assertEqual(run.with_user(self.officer).finding_count, 2)
        self.assertEqual(run.with_user(self.auditor).finding_count, 2)
        labour = self.labour.with_user(self.accountant)
        self.assertFalse(labour.last_result)
        self.assertFalse(labour.finding_count)

    def test_checks_of_employees_are_of_their_families(self):
        with self.assertRaisesRegex(ValidationError, "HR officers only"):
            self.labour.family = "other"

    def test_methods_about_employees_are_of_their_families(self):
        """Another model does not make a labour check one for accountants."""
        shipped = self.env.ref("back_office_compliance.compliance_check_labour_ending")
        manager = self._make_user("model_changer", "manager")
        with self.assertRaisesRegex(ValidationError, "HR officers only"):
            shipped.with_user(manager).write(
                {
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                    "family": "ledger",
                }
            )

    def test_questions_ask_what_their_author_may_read(self):
        """The engine reads everything, but not for a manager without HR rights."""
        manager = self._make_user("asker", "manager", "base.group_partner_manager")
        users = self.env["ir.model"]._get_id("res.users")
        questions = [
            {"model_id": users, "domain": "[('employee_ids.wage', '>', 1)]"},
            {"model_id": users, "domain": "[('employee_ids.barcode', '=', 'bad')]"},
            {"domain": "[('employee_ids.barcode', '=', 'bad')]"},
            {
                "model_id": self.labour.model_id.id,
                "family": "labour",
                "domain": "[('barcode', '=', 'bad')]",
            },
            {
                "model_id": self.labour.model_id.id,
                "family": "labour",
                "domain": "[]",
                "value_fields": "wage",
            },
        ]
        for values in questions:
            with self.subTest(values=values):
                with self.assertRaises(UserError):
                    self.check.with_user(manager).write(values)
        self.check.with_user(manager).domain = "[('ref', '=', 'worse')]"


@tagged("post_install", "-at_install")
class TestFindingRpc(HttpCase, CheckFixture):
    """The same over the wire, logged in as a real user."""

    def test_rpc(self):
        partner = self._make_partners(name=SECRET)
        self._run()
        finding = self._findings()
        self._make_user("auditor", "auditor")
        self.authenticate("auditor", "auditor")

        def call(method, *args):
            return self.url_open(
                f"/web/dataset/call_kw/compliance.finding/{method}",
                json={
                    "params": {
                        "model": "compliance.finding",
                        "method": method,
                        "args": list(args),
                        "kwargs": {},
                    }
                },
            ).json()

        (read,) = call("read", finding.ids, ["state"])["result"]
        self.assertEqual(read["state"], "open")
        refused = [
            ("read", finding.ids, ["values"]),
            ("write", finding.ids, {"state": "resolved"}),
            ("export_data", finding.ids, ["values"]),
            ("action_acknowledge", finding.ids),
            ("_mark_fixed", finding.ids, "By me"),
        ]
        for method, *args in refused:
            with self.subTest(method=method), mute_logger("odoo.http"):
                self.assertIn("error", call(method, *args))
        self.assertEqual(finding.state, "open")
        self.assertTrue(partner.exists())
