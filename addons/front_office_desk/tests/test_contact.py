from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestContact(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()

    def _contact(self, user=None, **vals):
        return (
            self.env["desk.contact"]
            .with_user(user or self.rita)
            .create({"name": "Where is my chair?", **vals})
        )

    def test_customer_is_found_by_telephone(self):
        partners = self.env["res.partner"].with_user(self.rita)
        found = partners.with_context(desk_search_phone=True).name_search("600111222")
        self.assertEqual([each[0] for each in found], self.ada.ids)
        found = partners.with_context(desk_search_phone=True).name_search("600 111")
        self.assertIn(self.ada.id, [each[0] for each in found])
        self.assertFalse(partners.name_search("600111222"))
        found = partners.with_context(desk_search_phone=True).name_search("ada@cust")
        self.assertEqual([each[0] for each in found], self.ada.ids)

    def test_new_customer_with_two_fields(self):
        contact = self._contact(new_name="Test Cleo", new_reach="cleo@new.example")
        self.assertEqual(contact.partner_id.email, "cleo@new.example")
        contact = self._contact(new_name="Test Dan", new_reach="555 123")
        self.assertEqual(contact.partner_id.phone, "555 123")
        with self.assertRaisesRegex(ValidationError, "how Test Eve is reached"):
            self._contact(new_name="Test Eve")

    def test_quick_screen(self):
        form = Form(
            self.env["desk.contact"].with_user(self.rita),
            "front_office_desk.desk_contact_view_log",
        )
        form.name = "Broken"
        form.new_name = "Test Fay"
        form.new_reach = "555 321"
        form.outcome = "message"
        contact = form.save()
        self.assertEqual(contact.partner_id.name, "Test Fay")
        self.assertEqual((contact.state, contact.user_id), ("open", self.rita))

    def test_answer_is_stamped_and_taken_back(self):
        contact = self._contact(partner_id=self.ada.id)
        self.assertEqual(contact.state, "open")
        with freeze_time("2026-03-02 10:00:00"):
            contact.with_user(self.other_front).action_settle()
        self.assertEqual(contact.answered_by_id, self.other_front)
        self.assertEqual(contact.answered_on, datetime(2026, 3, 2, 10))
        contact.outcome = "unreached"
        self.assertFalse(contact.answered_by_id)
        with self.assertRaisesRegex(UserError, "noted by itself"):
            contact.answered_by_id = self.rita

    def test_unanswered_first(self):
        settled = self._contact(outcome="answered")
        later = self._contact(received_on="2026-03-02 10:00:00")
        earlier = self._contact(received_on="2026-03-02 09:00:00")
        view = self.env.ref("front_office_desk.desk_contact_view_list")
        self.assertIn('default_order="state, received_on"', view.arch)
        found = self.env["desk.contact"].search(
            [("id", "in", (settled + later + earlier).ids)],
            order="state, received_on",
        )
        self.assertEqual(found, earlier + later + settled)

    def test_visit(self):
        form = Form(self.env["desk.contact"].with_user(self.rita))
        form.name = "Meeting"
        form.channel = "visit"
        contact = form.save()
        self.assertTrue(contact.arrived_on)
        contact.action_leave()
        self.assertGreaterEqual(contact.left_on, contact.arrived_on)
        with self.assertRaisesRegex(UserError, "is no visit"):
            contact.action_leave()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            contact.left_on = "2020-01-01 00:00:00"
            contact.flush_recordset()

    def test_request_from_a_contact(self):
        contact = self._contact()
        with self.assertRaisesRegex(UserError, "choose who it is"):
            contact.action_make_request()
        contact.partner_id = self.ada
        context = contact.action_make_request()["context"]
        form = Form(
            self.env["desk.request"].with_user(self.rita).with_context(**context)
        )
        form.type_id = self.complaint
        request = form.save()
        self.assertEqual(contact.request_id, request)
        self.assertEqual((contact.state, contact.outcome), ("settled", "handed"))
        self.assertEqual(contact.action_make_request()["res_id"], request.id)

    def test_appointment(self):
        contact = self._contact(partner_id=self.ada.id)
        context = contact.action_make_appointment()["context"]
        event = (
            self.env["calendar.event"]
            .with_user(self.rita)
            .with_context(**context)
            .create({"start": "2026-03-02 10:00:00", "stop": "2026-03-02 11:00:00"})
        )
        self.assertIn(self.ada, event.partner_ids)
        self.assertEqual(contact.event_id, event)
        self.assertEqual((contact.state, contact.outcome), ("settled", "appointment"))
        self.assertEqual(contact.action_make_appointment()["res_id"], event.id)

    def test_counts_on_the_customer(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.ada.parent_id = firm
        self._contact(partner_id=self.ada.id)
        self._contact(partner_id=firm.id)
        self._request()
        partners = (firm + self.ada + self.ben).with_user(self.rita)
        self.assertEqual(partners.mapped("desk_contact_count"), [2, 1, 0])
        self.assertEqual(partners.mapped("desk_request_count"), [1, 1, 0])
        for action in (firm.action_desk_requests(), firm.action_desk_contacts()):
            model = self.env[action["res_model"]].with_user(self.rita)
            self.assertTrue(model.search_count(action["domain"]))
        with self.assertRaises(AccessError):
            firm.with_user(self.plain).read(["desk_request_count"])
