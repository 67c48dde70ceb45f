from odoo.tests import HttpCase, new_test_user, tagged

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestTours(DeskFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.complaint.sequence = 1
        cls.env["desk.cause"].create({"name": "Test thin box"})

    def test_log_a_call_with_the_keyboard(self):
        before = self.env["desk.contact"].search([])
        self.start_tour("/odoo/desk-board", "front_office_desk_log", login="d_rita")
        contact = self.env["desk.contact"].search([]) - before
        self.assertEqual(contact.partner_id, self.ada)
        self.assertEqual((contact.name, contact.channel), ("Broken chair", "call"))

    def test_complaint_from_the_phone_to_closed(self):
        contact = (
            self.env["desk.contact"]
            .with_user(self.rita)
            .create({"name": "Chair arrived broken", "partner_id": self.ada.id})
        )
        self.start_tour(
            f"/odoo/desk-contacts/{contact.id}",
            "front_office_desk_complaint_front",
            login="d_rita",
        )
        request = contact.request_id
        self.assertEqual(request.state, "handed")
        url = f"/odoo/desk-requests/{request.id}"
        self.start_tour(url, "front_office_desk_complaint_back", login="d_bo")
        self.env.invalidate_all()
        self.assertEqual((request.state, request.user_id), ("answered", self.bo))
        self.start_tour(url, "front_office_desk_complaint_close", login="d_rita")
        self.env.invalidate_all()
        self.assertEqual(request.state, "closed")
        self.assertEqual(request.improvement_ids.name, "Thicker box")

    def test_customer_on_the_portal(self):
        new_test_user(self.env, "d_portal", "base.group_portal", partner_id=self.ada.id)
        request = self._handed(name="Ada's chair")
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_await_customer("Which one?")
        self.start_tour("/my", "front_office_desk_portal", login="d_portal")
        self.env.invalidate_all()
        written = request.message_ids.filtered(lambda each: each.author_id == self.ada)
        self.assertIn("The red one", "".join(written.mapped("body")))
        self.assertFalse(request.is_awaiting)
