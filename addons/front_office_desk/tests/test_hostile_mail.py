import base64
import os

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..mail_repair import LONGEST_TEXT
from .common import DeskFixture

FILE = b'Content-Type: %s\nContent-Disposition: attachment; filename="%s"\n\nzz'
LOGGERS = (
    "odoo.addons.mail.models.mail_thread",
    "odoo.addons.front_office_desk.models.mail_thread",
)


@tagged("post_install", "-at_install")
class TestHostileMail(DeskFixture, TransactionCase):
    """Raw bytes that Odoo or Python refuse to read are on the board all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        domain = cls.env["mail.alias.domain"].search(
            [("name", "=", "desk.example")]
        ) or cls.env["mail.alias.domain"].create({"name": "desk.example"})
        cls.team.alias_domain_id = domain
        cls.to = b"test-desk@desk.example"
        cls.reply_to = domain.catchall_email.encode()
        cls.number = 0

    def _raw(self, body=b"Hello", kind=b"text/plain; charset=utf-8", **headers):
        type(self).number += 1
        headers = {
            "from": b"Xavier <x@evil.example>",
            "to": self.to,
            "subject": b"Where is my chair?",
            "message_id": b"<hostile-%d@evil.example>" % self.number,
            "mime_version": b"1.0",
            "content_type": kind,
            **headers,
        }
        lines = [
            name.replace("_", "-").title().encode() + b": " + value
            for name, value in headers.items()
            if value is not None
        ]
        return b"\n".join(lines) + b"\n\n" + body + b"\n"

    def _parts(self, *parts, **headers):
        body = b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--"
        return self._raw(body, b'multipart/mixed; boundary="b"', **headers)

    def _process(self, raw):
        contacts = self.env["desk.contact"]
        before = contacts.search([])
        with mute_logger(*LOGGERS):
            self.env["mail.thread"].message_process(False, raw)
        self.env.flush_all()
        return contacts.search([]) - before

    def _assert_read(self, raws, expected="Hello"):
        """Each e-mail makes a contact, and is read rather than kept as a file."""
        for name, raw in raws.items():
            with self.subTest(name):
                contact = self._process(raw)
                self.assertEqual(len(contact), 1)
                message = contact.message_ids[:1]
                self.assertIn(expected, message.body)
                self.assertNotIn("message.eml", message.attachment_ids.mapped("name"))

    def test_broken_identifiers(self):
        self._assert_read(
            {
                str(value[:20]): self._raw(message_id=value)
                for value in (
                    b"<%s@evil>" % os.urandom(6000).hex().encode(),
                    b"<a\x00b@evil>",
                    b"<\xe9\xff@evil>",
                    b"<[abc@evil>",
                    b"<>",
                    b"<@>",
                    b"<abc@",
                    b"<abc@[>",
                )
            }
            | {"none": self._raw(message_id=None)}
            | {
                "references": self._raw(
                    references=b"<a\x00b> <[ <abc@[", in_reply_to=b"<\x00[>"
                )
            }
        )

    def test_long_identifier_is_known_again(self):
        raw = self._raw(message_id=b"<%s@evil>" % os.urandom(6000).hex().encode())
        self.assertTrue(self._process(raw))
        self.assertFalse(self._process(raw))

    def test_broken_addresses(self):
        self._assert_read(
            {
                str(value[:20]): self._raw(**{name: value})
                for name, value in (
                    ("from", b"Jo\x00 <x@evil.example>"),
                    ("from", b"Jo <x\x00@evil.example>"),
                    ("from", b"=?utf-8?q?a=00b?= <x@evil.example>"),
                    ("from", b"<"),
                    ("from", b"x@[1.2.3"),
                    ("from", b"Jos\xe9 <x@evil.example>"),
                    ("from", b"Ada Lovelace"),
                    ("cc", b"a\x00 <b@evil.example>, [<"),
                    ("to", self.to + b", a\x00b@x.example, [<x@"),
                    ("subject", b"=?utf-8?q?a=00b?= caf\xe9"),
                    ("date", b"\x00 Mon, 01 Jan 0000 00:00:00 +9999"),
                )
            }
        )

    def test_sender_of_a_broken_header_is_kept(self):
        contact = self._process(self._raw(**{"from": b"Jo\x00 <x@evil.example>"}))
        self.assertIn("x@evil.example", contact.email_from)

    def test_broken_character_sets(self):
        self._assert_read(
            {
                str(value): self._raw(kind=b"text/html; charset=" + value)
                for value in (
                    b'""',
                    b"\xe9",
                    b"hex",
                    b"base64",
                    b"zlib",
                    b"idna",
                    b"undefined",
                    b'"utf\x00-8"',
                )
            }
            | {"rfc2231": self._raw(kind=b"text/html; charset*=utf-8'en'%ff")}
            | {
                "file": self._parts(
                    b"Content-Type: text/plain\n\nHello",
                    FILE % (b"text/plain; charset=hex", b"a.txt"),
                )
            }
        )

    def test_odd_files(self):
        hello = b"Content-Type: text/plain\n\nHello"
        raws = {
            "type": FILE % (b"model/stl", b"chair.stl"),
            "nul type": FILE % (b"app\x00/x", b"a.txt"),
            "nul": FILE % (b"application/pdf", b"a\x00b.pdf"),
            "encoded nul": b"Content-Type: application/pdf\n"
            b"Content-Disposition: attachment; filename*=utf-8''a%00b.pdf\n\nzz",
            "disposition": b"Content-Type: x/y\nContent-Disposition: ;;;=\xff\n\nzz",
            "path": FILE % (b"application/pdf", b"../../etc/passwd"),
            "e-mail": b'Content-Type: message/rfc822; name="a\x00.eml"\n'
            b"Content-Disposition: attachment\n\n"
            b"From: \xe9 a@b\nMessage-Id: <[\nSubject: \xff\n\n\xff\xfe body",
        }
        self._assert_read(
            {name: self._parts(hello, part) for name, part in raws.items()}
        )
        contact = self._process(self._parts(hello, raws["type"]))
        [file] = contact.message_ids.attachment_ids
        self.assertEqual((file.name, file.raw), ("chair.stl", b"zz"))

    def test_many_files(self):
        parts = [FILE % (b"application/pdf", b"%d.pdf" % each) for each in range(500)]
        contact = self._process(self._parts(*parts))
        self.assertEqual(len(contact.message_ids.attachment_ids), 500)

    def test_text_of_many_megabytes_is_a_file(self):
        body = b"<p>x</p>" * (LONGEST_TEXT // 8 + 1)
        contact = self._process(self._raw(body, b"text/html; charset=utf-8"))
        [file] = contact.message_ids.attachment_ids
        self.assertEqual(file.name, "message.html")
        self.assertEqual(file.raw.strip(), body)

    def test_what_nothing_reads_is_a_file(self):
        def refuse(*_args, **_kwargs):
            raise RecursionError

        raw = self._raw(b"A secret way to break the parser")
        reply_raw = self._raw(
            to=self.reply_to,
            in_reply_to=self._request_message().message_id.encode(),
            **{"from": b"ada@customer.example"},
        )
        threads = self.env.registry["mail.thread"]
        extract = threads._message_parse_extract_payload

        def refuse_once(thread, *args, **kwargs):
            self.patch(threads, "_message_parse_extract_payload", extract)
            refuse()

        self.patch(threads, "_message_parse_extract_payload", refuse_once)
        [file] = self._process(raw).message_ids.attachment_ids
        self.assertEqual((file.name, file.raw), ("message.eml", raw))
        self.patch(threads, "_message_parse_extract_payload", refuse_once)
        self.assertFalse(self._process(reply_raw))
        self.assertIn(reply_raw, self.request.message_ids.attachment_ids.mapped("raw"))

    def test_other_addresses_fail_as_before(self):
        with self.assertRaises(ValueError):
            self._process(self._raw(to=b"nobody@elsewhere.example"))

    def _request_message(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_await_customer("Which colour?")
        self.request = request.sudo()
        return self.request.message_ids.filtered("message_id")[:1]

    def _reply(self, sender=b"ada@customer.example", **headers):
        message = self._request_message()
        raw = self._raw(
            **{
                "from": sender,
                "to": self.reply_to,
                "in_reply_to": message.message_id.encode(),
                **headers,
            }
        )
        return self._process(raw)

    def test_absent_customer_has_not_answered(self):
        self.assertFalse(self._reply(auto_submitted=b"auto-replied (vacation)"))
        self.assertIn("Hello", self.request.message_ids[:1].body)
        self.assertTrue(self.request.is_awaiting)
        self.assertFalse(self._reply(auto_submitted=b"no"))
        self.assertFalse(self.request.is_awaiting)

    def test_company_below_the_customer_is_another_customer(self):
        holding, daughter = self.env["res.partner"].create(
            [
                {"name": "Test Holding", "is_company": True},
                {
                    "name": "Test Daughter",
                    "is_company": True,
                    "email": "daughter@customer.example",
                },
            ]
        )
        daughter.parent_id = holding
        self.ada.parent_id = holding
        contact = self._reply(b"daughter@customer.example")
        self.assertEqual(contact.sender_partner_id, daughter)
        self.assertTrue(self.request.is_awaiting)

    def test_busy_day_is_no_loop(self):
        self.env["desk.contact"].create(
            [
                {"name": "Busy", "channel": "email", "email_from": sender}
                for sender in ["info@evil.example", "Bob <bob@evil.example>"] * 20
            ]
        )
        for sender in (b"Ada Lovelace", b"o@evil.example", b"b_b@evil.example"):
            with self.subTest(sender):
                self.assertTrue(self._process(self._raw(**{"from": sender})))
        # a machine that writes again and again is still stopped
        raw = self._raw(**{"from": b"Bob <BOB@evil.example>"})
        self.assertFalse(self._process(raw))

    def test_html_of_a_file_does_not_run(self):
        part = b'Content-Type: text/html\nContent-Disposition: attachment; filename="'
        script = base64.b64encode(b"<script>alert(1)</script>")
        part += b'a.html"\nContent-Transfer-Encoding: base64\n\n' + script
        contact = self._process(self._parts(part))
        self.assertNotIn("<script", str(contact.message_ids[:1].body))
        self.assertEqual(len(contact.message_ids.attachment_ids), 1)
