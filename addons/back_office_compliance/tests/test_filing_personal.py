import io
import json
import zipfile

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .. import evidence_pack
from .common_filing import GROUP, FilingFixture

SECRET = "Secretary Secret"


class PersonalFixture(FilingFixture):
    """A filing about the hire of somebody, and people who may not know who it is."""

    @classmethod
    def _set_up_personal(cls):
        cls._set_up_filings()
        export = "base.group_allow_export"
        cls.employee = cls.env["hr.employee"].create(
            {"name": SECRET, "company_id": cls.company.id}
        )
        cls.key = f"hr.employee,{cls.employee.id}"
        cls.hire = cls._filing(event_key=cls.key)
        cls.plain = cls._filing(period_start="2026-02-02")
        cls.officer = cls._person(
            "officer", groups=f"{GROUP}reviewer,hr.group_hr_user,{export}"
        )
        cls.accountant = cls._person("accountant", groups=f"{GROUP}manager,{export}")
        people = (cls.auditor, cls.preparer, cls.reviewer, cls.viewer, cls.manager)
        for user in people:
            user.group_ids |= cls.env.ref(export)
        cls.both = cls.hire | cls.plain

    def _model(self, user, name="compliance.filing"):
        return self.env[name].with_user(user)


@tagged("post_install", "-at_install")
class TestFilingPersonal(PersonalFixture, HttpCase):
    """Nobody without the right learns about whom a filing is, by any route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_personal()

    def test_who_sees_a_filing_about_a_person(self):
        domain = [("id", "in", self.both.ids)]
        for user in (self.officer, self.auditor, self.preparer, self.reviewer):
            with self.subTest(user=user.login):
                self.assertEqual(self._model(user).search(domain).ids, self.both.ids)
        for user in (self.viewer, self.accountant, self.manager):
            with self.subTest(user=user.login):
                found = self._model(user).search(domain)
                self.assertEqual(found, self.plain.with_user(user))
                groups = self._model(user).formatted_read_group(
                    domain, ["due_date:month"], ["__count"]
                )
                self.assertEqual([group["__count"] for group in groups], [1])
                with self.assertRaises(AccessError):
                    self.hire.with_user(user).read(["name"])
                with self.assertRaises(AccessError):
                    self.hire.with_user(user).export_data(["name"])
                with self.assertRaises(AccessError):
                    self.hire.with_user(user).message_post(body="Who is it?")

    def test_nobody_reads_the_key(self):
        admin = self.env.ref("base.user_admin")
        for user in (self.officer, self.auditor, self.preparer, admin):
            for name in ("event_key", "event_salt", "frozen", "override_covers"):
                with self.subTest(user=user.login, field=name):
                    filings = self._model(user)
                    hire = self.hire.with_user(user)
                    with self.assertRaises(AccessError):
                        hire.read([name])
                    with self.assertRaises(AccessError):
                        hire.export_data([name])
                    with self.assertRaises(AccessError):
                        filings.search([(name, "!=", False)])
                    with self.assertRaises(AccessError):
                        filings.search([], order=name)
                    with self.assertRaises(AccessError):
                        filings.formatted_read_group([], [name], ["__count"])
                    self.assertNotIn(name, filings.fields_get())
        run = self._model(self.officer, "compliance.run")
        with self.assertRaises(AccessError):
            run.search([("filing_id.event_key", "=", self.key)])

    def test_nobody_writes_the_key(self):
        for user in (self.preparer, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.hire.with_user(user).write({"event_key": "hr.employee,1"})

    def test_the_name_for_who_may_read_the_record(self):
        self.assertEqual(self.hire.with_user(self.officer).event_name, SECRET)
        self.assertEqual(self.hire.with_user(self.auditor).event_name, SECRET)
        self.assertFalse(self.plain.with_user(self.officer).event_name)
        for user in (self.preparer, self.reviewer):
            filing = self.hire.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(filing.event_name, "A record that you may not read")
                self.assertNotIn(SECRET, filing.sudo().event_name)
                names = list(filing.fields_get())
                shown = str((filing.read(names), filing.export_data(names)))
                self.assertNotIn(SECRET, shown)
                self.assertNotIn(self.key, shown)

    def test_a_version_goes_by_the_name_of_the_employee(self):
        filing = self._filing(
            event_key=f"hr.version,{self.employee.version_id.id}",
            period_start="2026-02-03",
        )
        self.assertTrue(filing.is_personal)
        self.assertEqual(filing.with_user(self.officer).event_name, SECRET)
        self.employee.company_id = self.stranger.company_id
        filing.invalidate_recordset()
        for user in (self.officer, self.auditor):
            with self.subTest(user=user.login):
                self.assertNotIn(SECRET, filing.with_user(user).event_name)

    def test_a_filing_by_hand(self):
        """Whoever reports an injury need not be an HR officer; others see nothing."""
        self.env["compliance.due.rule"].create(
            {
                "obligation_id": self.obligation.id,
                "date_from": "2026-01-01",
                "trigger": "event",
                "event": "injury",
            }
        )
        filing = self._model(self.accountant).create(
            {
                "company_id": self.company.id,
                "obligation_id": self.obligation.id,
                "period_start": "2026-03-02",
                "period_end": "2026-03-02",
                "due_date": "2026-03-03",
                "internal_date": "2026-03-02",
            }
        )
        self.assertTrue(filing.is_personal)
        self.assertTrue(filing.search([("id", "=", filing.id)]))
        self.assertFalse(self._model(self.viewer).search([("id", "=", filing.id)]))

    def test_chatter_and_files(self):
        note = self.hire.message_post(body=f"About {SECRET}")
        file = self._evidence(self.hire, raw=SECRET.encode())
        note.with_user(self.officer).read(["body"])
        self.assertEqual(file.with_user(self.officer).raw, SECRET.encode())
        for record, field in ((note, "body"), (file, "raw")):
            with self.subTest(field=field), self.assertRaises(AccessError):
                record.with_user(self.accountant).read([field])

    def test_lines_runs_and_on_time_rate(self):
        self._invoice(1000)
        self._filed(self.hire)
        run = (
            self.env["compliance.run"]
            .sudo()
            ._start(self.company, self.env["compliance.check"], filing=self.hire)
        )
        rows = (
            ("compliance.filing.line", [("filing_id", "=", self.hire.id)]),
            ("compliance.filing.item", [("filing_id", "=", self.hire.id)]),
            ("compliance.run", [("id", "=", run.id)]),
            ("compliance.on.time.report", [("filing_id", "=", self.hire.id)]),
        )
        for name, domain in rows:
            with self.subTest(model=name):
                self.assertFalse(self._model(self.viewer, name).search(domain))
                self.assertTrue(self._model(self.officer, name).search(domain))
                self.assertTrue(self._model(self.auditor, name).search(domain))

    def test_the_pack_names_nobody(self):
        """The reviewer may have the pack, and does not learn who it is."""
        self._filed(self.hire)
        pack = self.hire.with_user(self.reviewer)._build_pack()
        self.assertEqual(evidence_pack.verify(pack), [])
        with zipfile.ZipFile(io.BytesIO(pack)) as archive:
            frozen = json.loads(archive.read("frozen.json"))
            text = b"".join(archive.read(name) for name in archive.namelist())
        self.assertNotIn(self.key.encode(), text)
        self.assertNotIn(SECRET.encode(), text)
        self.assertEqual(len(frozen["filing"]["event_seal"]), 64)
        with self.assertRaises(AccessError):
            self.hire.with_user(self.accountant)._build_pack()

    def test_the_print(self):
        self._filed(self.hire)
        report = "back_office_compliance.compliance_filing_report"
        for user in (self.reviewer, self.officer):
            html, _kind = self._model(user, "ir.actions.report")._render_qweb_html(
                report, self.hire.ids
            )
            self.assertNotIn(self.key, html.decode())
        with self.assertRaises(AccessError):
            self._model(self.accountant, "ir.actions.report")._render_qweb_html(
                report, self.hire.ids
            )

    def test_the_seal_notices_another_event(self):
        self._filed(self.hire)
        self.assertFalse(self.hire._get_changes_of_record())
        self.env.flush_all()
        self.cr.execute("SET LOCAL session_replication_role = replica")
        self.cr.execute(
            "UPDATE compliance_filing SET event_key = 'hr.employee,0' WHERE id = %s",
            [self.hire.id],
        )
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self.env.invalidate_all()
        self.assertEqual(
            self.hire._get_changes_of_record(),
            ["It is about another event than was filed."],
        )

    def test_the_calendar(self):
        # around today, since the calendar begins a year ago
        self.both.due_date = fields.Date.today()
        for user, number in ((self.accountant, 1), (self.officer, 2)):
            calendar = self._model(user)._get_calendar().decode()
            self.assertEqual(calendar.count("BEGIN:VEVENT"), number)
            self.assertNotIn(SECRET, calendar)

    def test_an_amendment_is_about_the_same_event(self):
        self._filed(self.hire)
        action = self.hire.with_user(self.preparer).action_amend()
        amendment = self.env["compliance.filing"].browse(action["res_id"])
        self.assertEqual(amendment.sudo().event_key, self.key)
        self.assertTrue(amendment.is_personal)

    def test_a_manager_is_told_that_it_is_late(self):
        """Without rights in HR: that there is one, but not about whom."""
        late = "back_office_compliance.mail_activity_type_filing_late"
        self.hire._tell(late, self.manager, {})
        activity = self.hire.activity_ids.with_user(self.manager)
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("TEST-ST", activity.summary)
        self.assertNotIn(SECRET, str(activity.read(["summary", "note", "res_name"])))
        self.manager.with_user(self.manager)._get_activity_groups()
        with self.assertRaises(AccessError):
            self.hire.with_user(self.manager).read(["name"])

    def _call(self, method, *args, **kwargs):
        return self.url_open(
            f"/web/dataset/call_kw/compliance.filing/{method}",
            json={
                "params": {
                    "model": "compliance.filing",
                    "method": method,
                    "args": list(args),
                    "kwargs": kwargs,
                }
            },
        ).json()

    def test_rpc(self):
        self.authenticate(self.accountant.login, self.accountant.login)
        found = self._call("search_read", [["id", "in", self.both.ids]], ["name"])
        self.assertEqual([row["id"] for row in found["result"]], self.plain.ids)
        with mute_logger("odoo.http"):
            for method, *args in (
                ("read", self.hire.ids, ["name"]),
                ("read", self.plain.ids, ["event_key"]),
                ("search_read", [["event_key", "=like", "hr.%"]], ["name"]),
                ("export_data", self.plain.ids, ["event_key"]),
                ("formatted_read_group", [], ["event_key"], ["__count"]),
            ):
                with self.subTest(method=method, args=args):
                    self.assertIn("error", self._call(method, *args))
        self.authenticate(self.officer.login, self.officer.login)
        (row,) = self._call("read", self.hire.ids, ["event_name"])["result"]
        self.assertEqual(row["event_name"], SECRET)
