from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestMerge(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()

    def _merge(self, source, target, user=None):
        wizard = (
            self.env["desk.request.merge"]
            .with_user(user or self.rita)
            .create(
                {
                    "request_ids": [Command.set(source.ids)],
                    "target_id": target.id,
                }
            )
        )
        return wizard.action_merge()

    def test_nothing_is_lost(self):
        target = self._request(description="First words")
        source = self._request(name="Again", description="More words")
        contact = self.env["desk.contact"].create(
            {"name": "Call", "request_id": source.id}
        )
        improvement = self.env["desk.improvement"].create(
            {
                "name": "Better box",
                "request_id": source.id,
                "date_due": fields.Date.today(),
            }
        )
        message = source.message_post(
            body="Said before", attachments=[("photo.txt", b"a picture")]
        )
        file = self.env["ir.attachment"].create(
            {"name": "loose", "res_model": source._name, "res_id": source.id}
        )
        source.message_subscribe(self.ada.ids)
        source.activity_schedule("mail.mail_activity_data_todo", user_id=self.rita.id)
        activity = source.activity_ids
        action = self._merge(source, target)
        self.assertEqual(action["res_id"], target.id)
        self.assertEqual((source.state, source.active), ("merged", False))
        self.assertEqual(source.merged_into_id, target)
        self.assertEqual(contact.request_id, target)
        self.assertEqual(improvement.request_id, target)
        self.assertEqual(message.res_id, target.id)
        self.assertEqual(message.attachment_ids.res_id, target.id)
        self.assertEqual(file.res_id, target.id)
        self.assertEqual(activity.res_id, target.id)
        self.assertIn(self.ada, target.message_partner_ids)
        self.assertEqual(
            target.description, f"First words\n{source.number}: Again\nMore words"
        )

    def test_other_customers_request_is_refused(self):
        target, source = self._request(), self._request(self.ben)
        with self.assertRaisesRegex(UserError, "not of the same customer"):
            self._merge(source, target)
        self.assertEqual(source.state, "new")

    def test_one_alone_is_not_merged(self):
        request = self._request()
        with self.assertRaisesRegex(UserError, "choose another request"):
            self._merge(request, request)

    def test_closed_one_is_refused(self):
        target = self._answered(type_id=self.other_type.id)
        target.action_close()
        with self.assertRaisesRegex(UserError, "is done and can't be merged"):
            self._merge(self._request(), target)

    def test_somebody_elses_is_refused(self):
        mine, foreign = self._request(user=self.other_front), self._request()
        with self.assertRaises(AccessError):
            self._merge(foreign, mine, self.other_front)

    def test_clock_stops_with_the_merged_one(self):
        target, source = self._request(), self._handed()
        source.with_user(self.bo).action_accept()
        source.with_user(self.bo).action_await_customer()
        self._merge(source, target)
        self.assertTrue(all(source.pause_ids.mapped("date_stop")))

    def test_merged_says_where(self):
        request = self._request().sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            request.state = "merged"
            request.flush_recordset()
