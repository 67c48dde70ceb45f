import base64
import io
import zipfile
from unittest.mock import patch

import vobject

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .. import evidence_pack
from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestFilingHttp(FilingFixture, HttpCase):
    """The download of a pack, its verification, and the calendar's secret link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls._invoice(1000)
        cls.filing = cls._filing()
        cls._evidence(cls.filing, "../Beleg: März.pdf")
        cls._evidence(cls.filing, "../Beleg: März.pdf", b"another")
        cls._filed(cls.filing)
        cls.url = f"/compliance/filing/{cls.filing.id}/pack"

    def _log_in(self, user):
        self.authenticate(user.login, user.login)

    def _download(self, user):
        self._log_in(user)
        return self.url_open(self.url)

    def _verify(self, user, data):
        return (
            self.env["compliance.pack.verify"]
            .with_user(user)
            .create({"pack": base64.b64encode(data)})
        )

    def test_auditor_downloads_and_verifies(self):
        response = self._download(self.auditor)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        self.assertIn(
            "TEST-ST%202026-02-28.zip", response.headers["Content-Disposition"]
        )
        data = response.content
        self.assertEqual(evidence_pack.verify(data, self.filing.frozen_hash), [])
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.assertEqual(
                archive.namelist(),
                [
                    "manifest.xml",
                    "evidence/01_Beleg_ März.pdf",
                    "evidence/02_Beleg_ März.pdf",
                    "filing.html",
                    "frozen.json",
                    "items.csv",
                    "lines.csv",
                ],
            )
            self.assertIn(b"TAX,Tax due,yes,100.00,1", archive.read("lines.csv"))
        wizard = self._verify(self.auditor, data)
        self.assertEqual(wizard.result, "unaltered")
        self.assertEqual(wizard.filing_id, self.filing)
        self.assertFalse(wizard.problems)
        self.assertEqual(self._verify(self.stranger, data).result, "unknown")
        altered = self._verify(self.auditor, data.replace(b"100.00", b"900.00"))
        self.assertEqual(altered.result, "altered")
        self.assertIn("was altered", altered.problems)

    def test_no_pack_is_no_result(self):
        wizard = self.env["compliance.pack.verify"].create({})
        self.assertFalse(wizard.result)
        self.assertEqual(self._verify(self.auditor, b"no zip").result, "altered")

    @mute_logger("odoo.http")
    def test_who_gets_no_pack(self):
        self.assertEqual(self._download(self.stranger).status_code, 404)
        self.assertEqual(self._download(self.viewer).status_code, 403)
        self.assertEqual(self._download(self.preparer).status_code, 403)
        self.authenticate(None, None)
        response = self.url_open(self.url, allow_redirects=False)
        self.assertNotEqual(response.headers.get("Content-Type"), "application/zip")

    def test_real_print_is_the_same_twice(self):
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() in ("install", "broken"):
            self.skipTest("wkhtmltopdf is not installed")
        filing = self.filing.with_user(self.auditor).with_context(
            force_report_rendering=True
        )
        packs = [filing._build_pack() for _time in range(2)]
        self.assertEqual(packs[0], packs[1])
        self.assertEqual(evidence_pack.verify(packs[0]), [])
        with zipfile.ZipFile(io.BytesIO(packs[0])) as archive:
            self.assertTrue(archive.read("filing.pdf").startswith(b"%PDF"))

    def test_without_a_printer_the_print_is_html(self):
        cls = type(self.env["ir.actions.report"])
        with patch.object(cls, "get_wkhtmltopdf_state", lambda _self: "install"):
            data = self.filing._build_pack()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            html = archive.read("filing.html").decode()
        self.assertIn(self.filing.frozen_hash, html)
        self.assertIn("Test Act 1", html)

    def test_an_open_filing_prints_as_a_draft(self):
        filing = self._filing(event_key="draft")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "back_office_compliance.compliance_filing_report", filing.ids
        )
        self.assertIn("not filed yet", html.decode())

    # --- the calendar -----------------------------------------------------------------

    def _link(self, user):
        wizard = self.env["compliance.calendar.feed"].with_user(user).create({})
        action = wizard.action_make()
        url = action["context"]["compliance_calendar_url"]
        shown = wizard.with_context(compliance_calendar_url=url)
        self.assertEqual(shown.url, url)
        self.assertTrue(shown.made_on)
        return "/compliance/calendar/" + url.rpartition("/")[2]

    def _events(self, link):
        self.authenticate(None, None)
        response = self.url_open(link)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        calendar = vobject.readOne(response.text)
        return {event.summary.value: event for event in calendar.contents["vevent"]}

    def test_calendar_of_what_the_owner_reads(self):
        # around today, since the calendar begins a year ago
        due = fields.Date.add(fields.Date.today(), months=1)
        self._filing(event_key="open", due_date=due)
        self._filing(event_key="old", due_date="2020-01-01")
        events = self._events(self._link(self.viewer))
        self.assertEqual(
            set(events),
            {
                "✓ TEST-ST 2026-02-28: Sales tax return",
                "TEST-ST 2026-02-28: Sales tax return",
            },
        )
        event = events["TEST-ST 2026-02-28: Sales tax return"]
        self.assertEqual(event.dtstart.value, due)
        self.assertIn("Test Revenue", event.description.value)

    def test_calendar_of_a_stranger_is_empty(self):
        self.authenticate(None, None)
        response = self.url_open(self._link(self.stranger))
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("TEST-ST", response.text)

    def test_a_new_link_ends_the_old_one(self):
        old, new = self._link(self.viewer), self._link(self.viewer)
        self.assertEqual(self.url_open(old).status_code, 404)
        self.assertEqual(self.url_open(new).status_code, 200)
        wizard = self.env["compliance.calendar.feed"].with_user(self.viewer).create({})
        wizard.action_revoke()
        self.assertFalse(wizard.made_on)
        self.assertEqual(self.url_open(new).status_code, 404)

    def test_a_link_ends_with_its_owner(self):
        link = self._link(self.viewer)
        self.viewer.active = False
        self.assertEqual(self.url_open(link).status_code, 404)
        self.viewer.active = True
        self.assertEqual(self.url_open(link).status_code, 404, "not even then again")

    def test_a_link_ends_with_the_right_to_read(self):
        link = self._link(self.viewer)
        self.viewer.group_ids -= self.env.ref(
            "back_office_compliance.group_compliance_viewer"
        )
        self.assertEqual(self.url_open(link).status_code, 404)

    def test_guesses(self):
        for token in ("x", "A" * 43, "%00", "A" * 5000):
            self.assertEqual(
                self.url_open(f"/compliance/calendar/{token}.ics").status_code, 404
            )

    def test_the_secret_is_not_stored(self):
        link = self._link(self.viewer)
        secret = link.rpartition("/")[2].removesuffix(".ics")
        self.env.flush_all()
        self.cr.execute(
            "SELECT compliance_token_hash FROM res_users WHERE id = %s",
            [self.viewer.id],
        )
        stored = self.cr.fetchone()[0]
        self.assertNotIn(secret, stored)
        with self.assertRaises(AccessError):
            self.viewer.with_user(self.manager).read(["compliance_token_hash"])
