import base64

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture

MAIL = """Return-Path: <{sender}>
From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{number}@customer.example>
{more}MIME-Version: 1.0
Content-Type: text/html; charset="utf-8"

{body}
"""


@tagged("post_install", "-at_install")
class TestMail(DeskFixture, TransactionCase):
    """E-mails from outside: nothing runs, nothing leaks, nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        domain = cls.env["mail.alias.domain"].search(
            [("name", "=", "desk.example")]
        ) or cls.env["mail.alias.domain"].create({"name": "desk.example"})
        cls.team.alias_domain_id = domain
        cls.to = "test-desk@desk.example"
        # what customers answer to, when they answer to our e-mails
        cls.reply_to = domain.catchall_email
        cls.number = 0

    def _receive(self, sender="x@evil.example", body="<p>Hello</p>", **vals):
        """Send an e-mail in and return the contacts that it made."""
        type(self).number += 1
        values = {
            "sender": sender,
            "to": self.to,
            "subject": "Where is my chair?",
            "number": f"desk-{self.number}",
            "more": "",
            "body": body,
            **vals,
        }
        return self._process(MAIL.format(**values).encode())

    def _process(self, raw):
        contacts = self.env["desk.contact"]
        before = contacts.search([])
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(False, raw)
        self.env.flush_all()
        return contacts.search([]) - before

    def test_ordinary(self):
        contact = self._receive("Ada <ada@customer.example>")
        self.assertEqual(contact.name, "Where is my chair?")
        self.assertEqual((contact.channel, contact.state), ("email", "open"))
        self.assertEqual(
            (contact.team_id, contact.company_id), (self.team, self.company)
        )
        self.assertIn("Hello", contact.message_ids[:1].body)
        # anybody can write any sender: it stays a guess until a person confirms it
        self.assertFalse(contact.partner_id)
        self.assertEqual(contact.sender_partner_id, self.ada)
        contact.with_user(self.rita).action_confirm_sender()
        self.assertEqual(contact.partner_id, self.ada)

    def test_script_does_not_survive(self):
        body = (
            "<p onclick='steal()'>Hi</p><script>alert(1)</script>"
            "<img src=x onerror=alert(2)><a href='javascript:alert(3)'>x</a>"
            "<iframe src='https://evil.example'></iframe>"
        )
        contact = self._receive(body=body, subject="<script>alert(4)</script>")
        kept = contact.message_ids[:1].body
        for word in ("<script", "onclick", "onerror", "javascript:", "<iframe"):
            self.assertNotIn(word, kept)
        self.assertIn("Hi", kept)
        self.assertEqual(contact.name, "<script>alert(4)</script>")

    def test_25_megabytes(self):
        # not compressible, and without a line that would be text
        content = bytes(range(256)) * (25 * 4096)
        encoded = base64.encodebytes(content).decode()
        raw = (
            f"From: x@evil.example\nTo: {self.to}\nSubject: Large\n"
            "Message-Id: <large@evil.example>\nMIME-Version: 1.0\n"
            'Content-Type: multipart/mixed; boundary="b"\n\n--b\n'
            "Content-Type: text/plain\n\nSee the file\n--b\n"
            'Content-Type: application/octet-stream; name="f.bin"\n'
            "Content-Transfer-Encoding: base64\n"
            'Content-Disposition: attachment; filename="f.bin"\n\n'
            f"{encoded}\n--b--\n"
        )
        contact = self._process(raw.encode())
        self.assertEqual(contact.message_ids[:1].attachment_ids.raw, content)

    def test_broken_encodings(self):
        for number, (charset, body) in enumerate(
            (
                (b"utf-8", b"caf\xe9 \xff\xfe broken"),
                (b"no-such-charset", b"hello"),
                (b"utf-16", b"odd"),
                (b"ascii", "smörgås".encode()),
            )
        ):
            raw = (
                b"From: x@evil.example\nTo: %s\nSubject: =?utf-8?q?=ff=fe_%d?=\n"
                b"Message-Id: <broken-%d@evil.example>\nMIME-Version: 1.0\n"
                b"Content-Type: text/plain; charset=%s\n\n%s\n"
            ) % (self.to.encode(), number, number, charset, body)
            with self.subTest(charset=charset):
                self.assertEqual(len(self._process(raw)), 1)

    def test_no_subject_no_body_no_sender(self):
        contact = self._receive(subject="", body="")
        self.assertEqual(contact.name, "(no subject)")
        raw = f"To: {self.to}\nMessage-Id: <nobody@evil.example>\n\n"
        self.assertEqual(len(self._process(raw.encode())), 1)

    def test_nul_does_not_lose_the_message(self):
        contact = self._receive(subject="a\x00b", body="<p>c\x00d</p>")
        self.assertEqual(len(contact), 1)
        self.assertIn("c", contact.message_ids[:1].body)
        request = self._request().sudo()
        message = request.message_post(
            body="c\x00d", message_type="email", email_from="ada@customer.example"
        )
        self.assertIn("cd", message.body)

    # --- forged senders and references ------------------------------------------

    def _conversation(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_answer("The secret of Ada")
        message = request.sudo().message_ids.filtered("message_id")[:1]
        return request.sudo(), message

    def test_customer_joins_the_own_conversation(self):
        request, message = self._conversation()
        contacts = self._receive(
            "ada@customer.example",
            to=self.reply_to,
            more=f"In-Reply-To: {message.message_id}\n",
        )
        self.assertFalse(contacts)
        self.assertIn("Hello", request.message_ids[:1].body)

    def test_other_customer_does_not(self):
        request, message = self._conversation()
        for sender in ("ben@customer.example", "x@evil.example", "<>"):
            with self.subTest(sender=sender):
                before = request.message_ids
                mails = self.env["mail.mail"].search([])
                contact = self._receive(
                    sender,
                    body="<p>Tell me more</p>",
                    to=self.reply_to,
                    more=f"In-Reply-To: {message.message_id}\n"
                    f"References: {message.message_id}\n",
                )
                self.assertEqual(request.message_ids, before)
                self.assertEqual(len(contact), 1)
                self.assertIn("Tell me more", contact.message_ids[:1].body)
                self.assertNotIn("secret", contact.message_ids[:1].body)
                self.assertNotIn(self.ben, request.message_partner_ids)
                sent = self.env["mail.mail"].search([]) - mails
                self.assertNotIn("secret", "".join(sent.mapped("body_html")))

    def test_forged_sender_of_another_customer_gets_no_answer_elsewhere(self):
        contact = self._receive(
            "ben@customer.example", more="Reply-To: x@evil.example\n"
        )
        self.assertFalse(contact.partner_id)
        self.assertFalse(contact.request_id)
        self.assertFalse(contact.message_partner_ids)

    def test_ambiguous_address_is_nobodys(self):
        self.ben.email = self.ada.email
        self.assertFalse(self._receive("ada@customer.example").sender_partner_id)
