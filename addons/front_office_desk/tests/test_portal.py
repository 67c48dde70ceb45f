from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestPortal(DeskFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.portal = new_test_user(
            cls.env, "d_portal", "base.group_portal", partner_id=cls.ada.id
        )
        cls.mine = cls._request(name="Ada's chair", description="Ada's words")
        cls.foreign = cls._request(
            cls.ben, name="Ben's table", description="Ben's words"
        )
        cls.cause = cls.env["desk.cause"].create({"name": "Internal cause"})
        cls.mine.sudo().write(
            {"cause_id": cls.cause.id, "no_improvement_reason": "Internal reason"}
        )

    def test_own_requests(self):
        self.authenticate("d_portal", "d_portal")
        page = self.url_open("/my/requests").text
        self.assertIn(self.mine.number, page)
        self.assertNotIn(self.foreign.number, page)
        self.assertIn(f'href="/my/requests/{self.mine.id}"', page)
        page = self.url_open(f"/my/requests/{self.mine.id}").text
        self.assertIn("words", page)
        for internal in ("Internal cause", "Internal reason"):
            self.assertNotIn(internal, page)

    def test_colleague_of_the_company_follows_too(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.ada + self.ben).parent_id = firm
        self.authenticate("d_portal", "d_portal")
        self.assertIn(self.foreign.number, self.url_open("/my/requests").text)

    def test_foreign_request_by_every_route(self):
        self.authenticate("d_portal", "d_portal")
        for url in (
            f"/my/requests/{self.foreign.id}",
            f"/my/requests/{self.foreign.id}?access_token=guess",
            f"/my/requests/{self.foreign.id}?access_token=",
            f"/mail/view?model=desk.request&res_id={self.foreign.id}",
            f"/my/requests/{self.foreign.id + 1000000}",
        ):
            with self.subTest(url):
                page = self.url_open(url)
                self.assertNotIn("Ben", page.text)
                self.assertNotIn(self.foreign.number, page.text)

    def test_rpc_is_closed(self):
        self.authenticate("d_portal", "d_portal")
        for method, args in (
            ("read", [[self.mine.id], ["name", "cause_id"]]),
            ("search_read", [[]]),
            ("action_accept", [[self.mine.id]]),
            ("action_close", [[self.mine.id]]),
            ("write", [[self.mine.id], {"name": "x"}]),
        ):
            with self.subTest(method), mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/web/dataset/call_kw/desk.request/{method}",
                    json={
                        "params": {
                            "model": "desk.request",
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        }
                    },
                ).json()
                self.assertIn("error", answer)

    def test_conversation_of_another_customer_is_closed(self):
        foreign = self.foreign.sudo()
        foreign.message_post(
            body="Secret of Ben",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        before = foreign.message_ids
        token = self.mine.sudo()._portal_ensure_token()
        self.authenticate("d_portal", "d_portal")
        thread = {"thread_model": "desk.request", "thread_id": foreign.id}
        for route, params in (
            ("/portal/chatter_init", {}),
            ("/mail/chatter_fetch", {}),
            # with the link of another request
            ("/mail/chatter_fetch", {"token": token}),
            ("/mail/message/post", {"post_data": {"body": "I am Ben"}}),
            ("/mail/message/post", {"post_data": {"body": "x"}, "token": token}),
        ):
            with self.subTest(route=route), mute_logger("odoo.http"):
                answer = self.url_open(route, json={"params": thread | params})
                self.assertNotIn("Secret of Ben", answer.text)
        self.env.invalidate_all()
        self.assertEqual(foreign.message_ids, before)

    def test_link_opens_one_request_without_a_login(self):
        token = self.foreign.sudo()._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f"/my/requests/{self.foreign.id}?access_token={token}")
        self.assertIn("table", page.text)
        page = self.url_open(f"/my/requests/{self.mine.id}?access_token={token}")
        self.assertNotIn(self.mine.number, page.text)

    def test_public_is_refused(self):
        self.authenticate(None, None)
        page = self.url_open(f"/my/requests/{self.mine.id}").text
        self.assertNotIn(self.mine.number, page)
        self.assertNotIn(self.mine.number, self.url_open("/my/requests").text)

    def test_states_in_the_customers_words(self):
        request = self._request()
        self.assertEqual(request._get_customer_state(), "Received")
        request.action_hand_over()
        request.with_user(self.bo).action_accept()
        self.assertEqual(request._get_customer_state(), "We work on it")
        request.with_user(self.bo).action_await_customer()
        self.assertEqual(request._get_customer_state(), "We wait for you")
        request.with_user(self.bo).action_answer("Done")
        self.assertEqual(request._get_customer_state(), "Answered")
        merged = self._request()
        target = self._request()
        merged._merge_into(target)
        self.assertEqual(merged._get_customer_state(), f"Continued as {target.number}")

    def _write_to_us(self, **data):
        """Send the form and return the contacts that it made."""
        contacts = self.env["desk.contact"]
        before = contacts.search([])
        data = {"csrf_token": http.Request.csrf_token(self), **data}
        self.page = self.url_open("/my/requests/new", data=data)
        return contacts.search([]) - before

    def test_web_form(self):
        self.authenticate("d_portal", "d_portal")
        self.assertIn("Write to us", self.url_open("/my/requests/new").text)
        contact = self._write_to_us(
            subject="<script>x</script>",
            text="My chair",
            partner_id=str(self.ben.id),
            outcome="answered",
        )
        self.assertIn("come back to you", self.page.text)
        self.assertEqual((contact.partner_id, contact.channel), (self.ada, "web"))
        self.assertEqual((contact.state, contact.note), ("open", "My chair"))
        self.assertFalse(contact.user_id)

    def test_web_form_without_a_subject(self):
        self.authenticate("d_portal", "d_portal")
        self.assertFalse(self._write_to_us(subject="  ", text="<b>kept</b>"))
        self.assertIn("Say in a few words", self.page.text)
        self.assertIn("&lt;b&gt;kept", self.page.text)

    def test_web_form_is_for_customers_who_log_in(self):
        self.authenticate(None, None)
        self.assertFalse(self._write_to_us(subject="Spam"))
