import io

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskFixture

QUIET = ("odoo.http", "odoo.addons.rating.controllers.main")


@tagged("post_install", "-at_install")
class TestHostilePortal(DeskFixture, HttpCase):
    """Two customers, a company with another one below it, and somebody unknown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        for name, partner in (("ada", cls.ada), ("ben", cls.ben)):
            new_test_user(
                cls.env, f"p_{name}", "base.group_portal", partner_id=partner.id
            )
        cls.request = cls._answered(
            cls.ben, name="Ben's sideboard", type_id=cls.other_type.id
        )
        cls.mine = cls._request(name="Ada's chair", type_id=cls.other_type.id)
        cls.internal = cls.request.sudo().message_post(
            body="Ben is difficult", attachments=[("margin.txt", b"internal margin")]
        )
        cls.told = cls.request.sudo().message_post(
            body="For Ben",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("plan.txt", b"plan of the table")],
        )

    def _json(self, route, **params):
        with mute_logger(*QUIET):
            return self.url_open(route, json={"params": params})

    # --- lists and pages --------------------------------------------------------

    def test_company_below_is_a_customer_of_its_own(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        daughter = self.env["res.partner"].create(
            {"name": "Daughter", "is_company": True, "parent_id": firm.id}
        )
        self.ada.parent_id = firm
        request = self._request(daughter, name="A matter of the daughter")
        self.authenticate("p_ada", "p_ada")
        for url in ("/my/requests", f"/my/requests/{request.id}", "/my"):
            self.assertNotIn("matter of the daughter", self.url_open(url).text)
        counters = self._json("/my/counters", counters=["desk_request_count"]).json()
        self.assertEqual(counters["result"]["desk_request_count"], 1)

    def test_odd_addresses(self):
        self.authenticate("p_ada", "p_ada")
        for url in (
            "/my/requests/page/999999999999",
            "/my/requests/page/0",
            "/my/requests?page=x&sortby=partner_id&filterby=all&search=%00"
            "&search_in=all&domain=[]&groupby=user_id&is_sent=%3Cscript%3E",
            f"/my/requests/{self.request.id}?access_token=%C3%A9",
            f"/my/requests/{self.request.id}?access_token=%00",
            f"/my/requests/{self.request.id}?access_token=x&access_token=y&pid=1"
            "&hash=x&report_type=pdf&download=1",
            "/my/requests/99999999999999999999",
        ):
            with self.subTest(url), mute_logger("odoo.http"):
                page = self.url_open(url)
                self.assertLess(page.status_code, 500)
                self.assertNotIn("sideboard", page.text)
                self.assertNotIn("<script>&", page.text)

    def test_link_of_a_merged_request_shows_that_one_only(self):
        source = self._request(name="First words", type_id=self.other_type.id)
        token = source.sudo()._portal_ensure_token()
        source._merge_into(self.mine)
        self.authenticate(None, None)
        page = self.url_open(f"/my/requests/{source.id}?access_token={token}").text
        self.assertIn(f"Continued as {self.mine.number}", page)
        page = self.url_open(f"/my/requests/{self.mine.id}?access_token={token}").text
        self.assertNotIn("chair", page)

    # --- conversations and files ------------------------------------------------

    def test_messages_of_others_are_not_touched(self):
        message, thread = (
            self.told,
            {
                "thread_model": "desk.request",
                "thread_id": self.request.id,
            },
        )
        token = self.mine.sudo()._portal_ensure_token()
        for login in ("p_ada", None):
            self.authenticate(login, login)
            for extra in ({}, {"token": token}, {"token": "é"}, {"token": None}):
                for route, params in (
                    ("/mail/thread/data", {**thread, "request_list": ["attachments"]}),
                    ("/mail/thread/messages", thread),
                    ("/mail/chatter_fetch", thread),
                    ("/portal/chatter_init", thread),
                    (
                        "/mail/message/update_content",
                        {"message_id": message.id, "update_data": {"body": "x"}},
                    ),
                    (
                        "/mail/message/reaction",
                        {"message_id": message.id, "content": "x", "action": "add"},
                    ),
                    (
                        "/mail/attachment/delete",
                        {"attachment_id": message.attachment_ids.id},
                    ),
                    ("/mail/message/post", {**thread, "post_data": {"body": "x"}}),
                ):
                    with self.subTest(route, login=login, extra=extra):
                        answer = self._json(route, **params, **extra).text
                        self.assertNotIn("For Ben", answer)
                        self.assertNotIn("difficult", answer)
                        self.assertNotIn("plan.txt", answer)
        self.env.invalidate_all()
        self.assertIn("For Ben", message.body)
        self.assertTrue(message.attachment_ids)
        self.assertFalse(message.reaction_ids)
        self.assertEqual(self.request.sudo().message_ids[0], message)

    def test_customer_reads_what_was_told_and_no_more(self):
        self.authenticate("p_ben", "p_ben")
        token = self.request.sudo()._portal_ensure_token()
        answer = self._json(
            "/mail/chatter_fetch",
            thread_model="desk.request",
            thread_id=self.request.id,
            token=token,
        ).text
        self.assertIn("For Ben", answer)
        self.assertNotIn("difficult", answer)
        self.assertNotIn("margin.txt", answer)

    def test_files(self):
        told, internal = self.told.attachment_ids, self.internal.attachment_ids
        token = self.mine.sudo()._portal_ensure_token()
        for login in ("p_ada", "p_ben", None):
            self.authenticate(login, login)
            for file in (told, internal):
                for url in (
                    f"/web/content/{file.id}",
                    f"/web/content/{file.id}?access_token={token}",
                    f"/web/content/ir.attachment/{file.id}/datas",
                    f"/web/image/{file.id}?access_token={token}",
                ):
                    if login == "p_ben" and file == told:
                        continue
                    with self.subTest(url, login=login), mute_logger("odoo.http"):
                        content = self.url_open(url).content
                        self.assertNotIn(b"internal margin", content)
                        self.assertNotIn(b"plan of the table", content)

    # --- ratings ----------------------------------------------------------------

    def test_no_rating_before_the_request_is_closed(self):
        self.authenticate("p_ben", "p_ben")
        token = self.request.sudo()._portal_ensure_token()
        self._json(
            "/mail/message/post",
            thread_model="desk.request",
            thread_id=self.request.id,
            token=token,
            post_data={"body": "Bad", "rating_value": 1, "message_type": "comment"},
        )
        ratings = self.env["rating.rating"].search(
            [("res_model", "=", "desk.request"), ("consumed", "=", True)]
        )
        self.assertNotIn(self.request.id, ratings.mapped("res_id"))
        with mute_logger(*QUIET):
            for guess in ("x", str(self.request.id), token):
                self.assertGreaterEqual(
                    self.url_open(f"/rate/{guess}/5").status_code, 400
                )

    def test_one_rates_the_own_request_once(self):
        self.request.action_close()
        rating = self.request.sudo().rating_ids
        self.assertEqual(len(rating), 1)
        url = f"/rate/{rating.access_token}"
        self.authenticate("p_ada", "p_ada")
        self.url_open(f"{url}/5")
        self._rate(url, 1)
        self.assertFalse(rating.consumed)
        self.authenticate("p_ben", "p_ben")
        self._rate(url, 5)
        self.assertEqual((rating.consumed, rating.rating), (True, 5))
        # the link is in an e-mail that others may read later
        self.authenticate(None, None)
        self._rate(url, 1, feedback="I am Ben")
        self.assertEqual(rating.rating, 5)
        self.assertEqual(rating.feedback or "", "")

    def _rate(self, url, rate, **data):
        data |= {"rate": rate, "csrf_token": http.Request.csrf_token(self)}
        with mute_logger(*QUIET):
            self.url_open(f"{url}/submit_feedback", data=data)
        self.env.invalidate_all()

    # --- write to us ------------------------------------------------------------

    def _write_to_us(self, files=None, **data):
        before = self.env["desk.contact"].search([])
        data = {"csrf_token": http.Request.csrf_token(self)} | data
        data = {name: value for name, value in data.items() if value is not None}
        with mute_logger("odoo.http"):
            self.page = self.url_open("/my/requests/new", data=data, files=files)
        self.env.invalidate_all()
        return self.env["desk.contact"].search([]) - before

    def test_form_without_its_token(self):
        self.authenticate("p_ada", "p_ada")
        self.assertFalse(self._write_to_us(csrf_token=None, subject="Forged"))
        self.assertEqual(self.page.status_code, 400)

    def test_form_with_odd_content(self):
        self.authenticate("p_ada", "p_ada")
        contact = self._write_to_us(
            subject="a\x00b",
            text="<img src=x onerror=alert(1)>\x00",
            company_id=str(self.elsewhere_company.id),
            state="settled",
            user_id=str(self.rita.id),
        )
        self.assertEqual(contact.name, "ab")
        self.assertEqual(contact.company_id, self.company)
        self.assertEqual(contact.note, "<img src=x onerror=alert(1)>")
        self.assertEqual((contact.state, contact.partner_id), ("open", self.ada))
        contact = self._write_to_us(subject="S" * 100000, text="x" * 1000000)
        self.assertEqual(len(contact.name), 200)

    def test_form_with_files(self):
        self.authenticate("p_ada", "p_ada")
        evil = ("evil.html", io.BytesIO(b"<script>"), "text/html")
        self.assertFalse(self._write_to_us(files={"subject": evil}))
        self.assertEqual(self.page.status_code, 200)
        contact = self._write_to_us(subject="Chair", files={"text": evil, "x": evil})
        self.assertFalse(contact.note)
        self.assertFalse(contact.message_attachment_count)
