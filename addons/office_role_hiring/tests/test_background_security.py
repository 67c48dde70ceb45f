import json

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, freeze_time
from odoo.tools import mute_logger

from .background_common import GROUP, INTERVIEWER, MONDAY, RECRUITER, BackgroundCommon

MANAGERS = (
    "hr_recruitment.group_hr_recruitment_manager,hr.group_hr_manager,base.group_system"
)


@freeze_time(MONDAY)
class TestBackgroundSecurity(BackgroundCommon, HttpCase):
    """Results are for the group, in their company; the rest see what is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("background_manager", MANAGERS)
        cls.employee = cls._create_user("background_employee")
        cls.interviewer = cls._create_user("background_interviewer", INTERVIEWER)
        cls.abroad = cls._create_user(
            "background_abroad", f"{GROUP},{RECRUITER}", cls.other_company
        )
        cls.ada.interviewer_ids = cls.interviewer
        with freeze_time(MONDAY):
            cls.check = cls._adverse(note="Two convictions").sudo()
            cls.check.with_user(cls.officer).action_pre_adverse_notice()
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": cls.check._name,
                "res_id": cls.check.id,
            }
        )
        cls.check.with_user(cls.officer).message_post(body="Two convictions")
        cls.strangers = (cls.manager, cls.recruiter, cls.interviewer, cls.employee)
        cls._allow_export(*cls.strangers, cls.officer)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()

    def test_the_model_is_closed(self):
        for user in self.strangers:
            checks = self.env["hr.background.check"].with_user(user)
            check = self.check.with_user(user)
            values = {"applicant_id": self.ada.id, "type_id": self.identity.id}
            for name, act in (
                ("search", lambda c=checks: c.search([])),
                ("count", lambda c=checks: c.search_count([("result", "=", "clear")])),
                ("read", lambda c=check: c.read(["result"])),
                ("web_read", lambda c=check: c.web_read({"result": {}})),
                ("export", lambda c=check: c.export_data(["result"])),
                (
                    "group",
                    lambda c=checks: c.formatted_read_group(
                        [], ["result"], ["__count"]
                    ),
                ),
                ("name_search", lambda c=checks: c.name_search("Ada")),
                ("write", lambda c=check: c.write({"note": "x"})),
                ("hold", lambda c=check: c.write({"legal_hold": True})),
                ("create", lambda c=checks, v=values: c.create(v)),
                ("unlink", lambda c=check: c.unlink()),
                ("order", lambda c=check: c.action_order()),
                ("hire", lambda c=check: c.action_hire_anyway()),
                ("final", lambda c=check: c.action_final_notice()),
                ("load", lambda c=checks: self._load(c)),
                ("subscribe", lambda c=check: c.message_subscribe(self._partner(c))),
                ("post", lambda c=check: c.message_post(body="x")),
            ):
                with self.subTest(user=user.login, route=name):
                    if name == "subscribe":
                        act()
                        self.assertNotIn(
                            user.partner_id, self.check.message_partner_ids
                        )
                        continue
                    with self.assertRaises(AccessError):
                        act()

    def _partner(self, checks):
        return checks.env.user.partner_id.ids

    def _load(self, checks):
        result = checks.load(["type_id/.id"], [[str(self.identity.id)]])
        if not result["ids"]:
            raise AccessError(result["messages"][0]["message"])

    def test_not_through_other_models(self):
        for user in self.strangers[:3]:
            applicants = self.env["hr.applicant"].with_user(user)
            for domain in (
                [("background_check_ids.result", "=", "adverse")],
                [("background_check_ids", "any", [("result", "=", "adverse")])],
                [("background_check_count", ">", 0)],
            ):
                with self.subTest(user=user.login, domain=domain):
                    with self.assertRaises(AccessError):
                        applicants.search(domain)
            ada = self.ada.with_user(user)
            for name in ("background_check_ids", "background_check_count"):
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        ada.read([name])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                applicants.formatted_read_group(
                    [], ["background_check_ids"], ["__count"]
                )
            self.assertNotIn("background_check_ids", applicants.fields_get())
            self.assertNotIn("background_check_ids", ada.read()[0])
        employees = self.env["hr.employee"].with_user(self.manager)
        with self.assertRaises(AccessError):
            employees.search([("background_check_ids.result", "=", "adverse")])
        self.assertNotIn("background_check_ids", employees.fields_get())

    def test_not_by_export_of_applicants(self):
        ada = self.ada.with_user(self.recruiter)
        with self.assertRaises(AccessError):
            ada.export_data(["background_check_ids/result"])
        self.assertEqual(
            ada.export_data(["background_missing_names"])["datas"],
            [["Test identity, Test criminal record"]],
        )

    def test_not_by_files(self):
        everything = [("res_model", "=", self.check._name), ("id", "!=", False)]
        owned = self.env["ir.attachment"].search(everything)
        self.assertGreaterEqual(len(owned), 5)
        for user in self.strangers:
            files = self.env["ir.attachment"].with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    files.search(everything)
                self.assertFalse(files.search([("id", "in", owned.ids)]))
                for file in owned:
                    with self.assertRaises(AccessError):
                        file.with_user(user).read(["name", "raw"])
                with self.assertRaises(AccessError):
                    files.create(
                        {
                            "name": "x",
                            "res_model": self.check._name,
                            "res_id": self.check.id,
                        }
                    )
        self.assertEqual(
            self.env["ir.attachment"].with_user(self.officer).search(everything), owned
        )

    def test_not_by_web_content(self):
        urls = (
            f"/web/content/{self.file.id}",
            f"/web/content/hr.background.check/{self.check.id}/report_file",
            f"/web/content/hr.background.check/{self.check.id}/consent_document",
        )
        self.authenticate("background_recruiter", "background_recruiter")
        for url in urls:
            with self.subTest(url):
                self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("background_officer", "background_officer")
        for url in urls:
            with self.subTest(url):
                self.assertEqual(self.url_open(url).status_code, 200)

    def test_not_by_rpc(self):
        self.authenticate("background_recruiter", "background_recruiter")
        for method, args in (
            ("web_search_read", [[], {"result": {}}]),
            ("read", [self.check.ids, ["result"]]),
            ("action_result_clear", [self.check.ids]),
        ):
            with self.subTest(method):
                answer = self._call(method, args)
                self.assertIn("error", answer)
                self.assertIn("AccessError", answer["error"]["data"]["name"])
        for method in (
            "_set",
            "_erase",
            "_record_result",
            "_prepare_background_checks",
        ):
            with self.subTest(method):
                self.assertIn("error", self._call(method, [self.check.ids]))
        self.authenticate("background_officer", "background_officer")
        answer = self._call("read", [self.check.ids, ["result"]])
        self.assertEqual(answer["result"][0]["result"], "adverse")
        answer = self._call("_erase", [self.check.ids])
        self.assertIn("error", answer)

    def _call(self, method, args):
        payload = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {
                "model": "hr.background.check",
                "method": method,
                "args": args,
                "kwargs": {},
            },
        }
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/web/dataset/call_kw/hr.background.check/{method}",
                data=json.dumps(payload),
                headers={"Content-Type": "application/json"},
            ).json()

    def test_not_by_messages(self):
        domain = Domain("model", "=", self.check._name) & Domain(
            "res_id", "=", self.check.id
        )
        messages = self.env["mail.message"].search(domain)
        self.assertGreaterEqual(len(messages), 2)
        for user in self.strangers:
            with self.subTest(user.login):
                found = self.env["mail.message"].with_user(user).search(domain)
                self.assertFalse(found)
                with self.assertRaises(AccessError):
                    messages.with_user(user).read(["body"])
        self.assertEqual(
            self.env["mail.message"].with_user(self.officer).search(domain), messages
        )

    def test_not_by_the_queue_of_emails(self):
        mail = self._get_notices(self.check)
        self.assertTrue(mail)
        mails = self.env["mail.mail"].with_user(self.manager)
        self.assertFalse(mails.search([("id", "in", mail.ids)]))
        with self.assertRaises(AccessError):
            mail.with_user(self.manager).read(["body_html"])
        other = self.env["mail.mail"].create({"body_html": "Lunch"})
        self.assertEqual(mails.search([("id", "in", other.ids)]), other)

    def test_the_notices_are_not_in_the_chatter_of_the_applicant(self):
        self.assertNotIn("convictions", str(self.ada.message_ids.mapped("body")))
        self.assertFalse(self.ada.with_user(self.recruiter).attachment_ids & self.file)

    def test_nobody_else_is_told(self):
        check = self.check.with_user(self.officer)
        check.message_subscribe(self.recruiter.partner_id.ids)
        self.assertNotIn(self.recruiter.partner_id, self.check.message_partner_ids)
        with self._refused("background_recruiter.* may not be told of Test criminal"):
            check.message_post(body="Look", partner_ids=self.recruiter.partner_id.ids)
        message = check.message_post(body="Ours", partner_ids=self.ada.partner_id.ids)
        self.assertEqual(message.notified_partner_ids, self.ada.partner_id)
        message = check.message_notify(
            body="Look", partner_ids=self.recruiter.partner_id.ids
        )
        self.assertFalse(message.partner_ids)
        self.assertFalse(message.notified_partner_ids)
        other = self._create_user("background_colleague", GROUP)
        check.message_subscribe(other.partner_id.ids)
        message = check.message_post(body="Look", subtype_xmlid="mail.mt_comment")
        self.assertIn(other.partner_id, message.notified_partner_ids)
        other.group_ids -= self.env.ref(GROUP)
        message = check.message_post(body="Look", subtype_xmlid="mail.mt_comment")
        self.assertNotIn(other.partner_id, message.notified_partner_ids)

    def test_not_by_activities(self):
        activities = self.env["mail.activity"].search(
            [("res_model", "=", self.check._name), ("res_id", "=", self.check.id)]
        )
        self.assertTrue(activities)
        self.assertNotIn("dverse", str(activities.mapped("summary")))
        for user in self.strangers:
            with self.subTest(user.login):
                found = (
                    self.env["mail.activity"]
                    .with_user(user)
                    .search([("res_model", "=", self.check._name)])
                )
                self.assertFalse(found)

    def test_recruiters_see_what_is_missing(self):
        for user in (self.recruiter, self.interviewer, self.manager):
            ada = self.ada.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(ada.background_status, "missing")
                self.assertEqual(ada.background_missing_count, 2)
                self.assertEqual(
                    ada.background_missing_names, "Test identity, Test criminal record"
                )
        with self.assertRaises(AccessError):
            self.ada.with_user(self.employee).read(["background_status"])

    def test_the_group_alone_is_enough(self):
        """An officer without any right of Recruitment."""
        only = self._create_user("background_only", GROUP)
        check = self._ordered(check_type=self.identity).with_user(only)
        self.env.invalidate_all()
        values = check.web_read(
            {
                "applicant_id": {"fields": {"display_name": {}}},
                "type_id": {"fields": {"display_name": {}}},
                "state": {},
                "notice_email": {},
            }
        )[0]
        self.assertEqual(values["applicant_id"]["display_name"], "Ada")
        self.assertEqual(values["notice_email"], "ada@example.com")
        check.action_result_clear()
        self.assertEqual(check.state, "done")
        views = check.get_views([(False, "form"), (False, "list"), (False, "kanban")])
        self.assertIn("form", views["views"])
        adverse = self.check.with_user(only)
        adverse.decision_reason = "Long ago"
        adverse.action_hire_anyway()
        self.assertEqual(adverse.decided_by_id, only)

    def test_only_the_group_prepares(self):
        for user in (self.recruiter, self.manager, self.interviewer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.ada.with_user(user).action_prepare_background_checks()

    def test_another_company(self):
        checks = self.env["hr.background.check"].with_user(self.abroad)
        self.assertFalse(checks.search([]))
        for act in (
            lambda: self.check.with_user(self.abroad).read(["result"]),
            lambda: self.check.with_user(self.abroad).write({"note": "x"}),
            lambda: self.check.with_user(self.abroad).action_hire_anyway(),
            lambda: self.file.with_user(self.abroad).read(["raw"]),
        ):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            checks.create({"applicant_id": self.ada.id, "type_id": self.identity.id})

    def test_no_other_group_implies_it(self):
        group = self.env.ref(GROUP)
        implying = group.implied_by_ids
        self.assertFalse(implying)
        for user in self.strangers:
            self.assertNotIn(group, user.all_group_ids)

    def test_types(self):
        identity = self.identity.with_user(self.employee)
        self.assertEqual(identity.read(["name"])[0]["name"], "Test identity")
        for user in (self.employee, self.recruiter, self.officer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.identity.with_user(user).name = "x"
        self.identity.with_user(self.manager).name = "Changed"
        self.assertEqual(self.identity.name, "Changed")
        with self.assertRaises(AccessError):
            self.role_desk.with_user(self.recruiter).background_type_ids = False
