import doctest
import unittest
from email import message_from_bytes
from email.policy import SMTP

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import mail_repair

NAMES = (
    "From",
    "To",
    "Cc",
    "Subject",
    "Message-Id",
    "References",
    "In-Reply-To",
    "Date",
    "Content-Type",
    "Content-Disposition",
    "Content-Transfer-Encoding",
    "X-Odd",
)
VALUES = st.one_of(
    st.binary(max_size=40),
    st.text("<>[]@\"\\;:,=?*' ab.\x00é%0", max_size=30).map(str.encode),
)


@tagged("post_install", "-at_install")
class TestMailRepair(BaseCase):
    def test_doctests(self):
        result = unittest.TestResult()
        doctest.DocTestSuite(mail_repair).run(result)
        self.assertGreater(result.testsRun, 0)
        self.assertFalse(result.failures + result.errors, result.failures)

    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6))
    @example([("Message-Id", b"<[a@b>")])
    @example([("From", b"<")])
    @example([("Content-Type", b"text/plain; charset*=utf-8'en'%ff")])
    @example([("Content-Type", b"x/y; charset=hex"), ("Subject", b"=?utf-8?q?=00?=")])
    def test_everything_is_read_afterwards(self, headers):
        raw = b"".join(
            name.encode()
            + b": "
            + value.replace(b"\n", b"").replace(b"\r", b"")
            + b"\n"
            for name, value in headers
        )
        for each in (raw + b"\nHello", mail_repair.wrap(raw + b"\nHello")):
            message = mail_repair.repair(message_from_bytes(each, policy=SMTP))
            for part in message.walk():
                for name, value in part.items():
                    self.assertNotIn("\x00", str(value), name)
                if not part.is_multipart():
                    part.get_content()
                    self.assertNotIn("\x00", part.get_filename() or "")

    def test_ordinary_message_stays(self):
        raw = (
            b"From: =?utf-8?q?Jos=C3=A9?= <x@y.example>\r\n"
            b"Received: by a\r\nReceived: by b\r\n"
            b"Message-Id: <1@y.example>\r\n"
            b'Content-Type: text/plain; charset="iso-8859-1"\r\n\r\ncaf\xe9\r\n'
        )
        message = mail_repair.repair(message_from_bytes(raw, policy=SMTP))
        self.assertEqual(message.as_bytes(), raw)
