from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged

from .test_certificate import CertificateFixture


@tagged("post_install", "-at_install")
class TestCertificateSecurity(CertificateFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_certificates()
        cls.certificate = cls._certify()
        cls.foreign = cls._certify(cls.colleague)
        cls.elsewhere = cls._manager_elsewhere()
        cls.other_trainer = cls._user(
            "t_other_trainer", "front_office_training.group_training_trainer"
        )

    def _visible(self, user):
        return (
            self.env["training.certificate"]
            .with_user(user)
            .search([("programme_id", "=", self.programme.id)])
        )

    def test_certificates_that_each_sees(self):
        both = self.certificate + self.foreign
        for user, expected in (
            (self.trainee_user, self.certificate),
            (self.colleague_user, self.foreign),
            (self.boss_user, self.certificate),
            (self.trainer_user, both),
            (self.other_trainer, both.browse()),
            (self.manager_user, both),
            (self.hr_user, both),
            (self.elsewhere, both.browse()),
        ):
            self.assertEqual(self._visible(user), expected, user.login)

    def test_holder_reads_everything_of_their_own(self):
        certificate = self.certificate.with_user(self.trainee_user)
        self.assertTrue(certificate.is_intact)
        self.assertIn(certificate.code, certificate.public_url)
        self.assertEqual(
            certificate.action_open_public_page()["url"], certificate.public_url
        )
        self.assertEqual(
            self._rpc(
                self.trainee_user,
                "training.certificate",
                "web_read",
                certificate.ids,
                {"employee_id": {"fields": {"display_name": {}}}, "frozen": {}},
            )[0]["employee_id"]["display_name"],
            "Test trainee",
        )

    def test_nobody_writes_by_any_route(self):
        values = {
            "name": "CERT/1",
            "enrolment_id": self.certificate.enrolment_id.id,
            "employee_id": self.trainee.id,
        }
        for user in (
            self.trainee_user,
            self.trainer_user,
            self.hr_user,
            self.manager_user,
        ):
            for method, *args in (
                ("create", [values]),
                ("copy", self.certificate.ids),
                ("unlink", self.certificate.ids),
                ("write", self.certificate.ids, {"state": "valid"}),
                ("write", self.certificate.ids, {"refresher_enrolment_id": False}),
                ("web_save", self.certificate.ids, {"state": "revoked"}, {}),
            ):
                with (
                    self.subTest(f"{user.login}: {method}"),
                    self.assertRaises(AccessError),
                ):
                    self._rpc(user, "training.certificate", method, *args)
            with self.assertRaises(UserError):
                self._rpc(
                    user,
                    "training.certificate",
                    "write",
                    self.certificate.ids,
                    {"score": 100},
                )
            result = (
                self.env["training.certificate"]
                .with_user(user)
                .load([".id", "score"], [[str(self.certificate.id), "100"]])
            )
            self.assertFalse(result["ids"])
        self.assertEqual(self.certificate.score, 100, "both steps were signed")
        self.assertEqual(self.certificate.state, "valid")

    def test_stranger_reads_exports_groups_and_posts_nothing(self):
        for user in (self.colleague_user, self.elsewhere, self.other_trainer):
            user.group_ids += self.env.ref("base.group_allow_export")
            certificate = self.certificate.with_user(user)
            domain = [("id", "=", certificate.id)]
            with self.assertRaises(AccessError):
                certificate.read(["code"])
            with self.assertRaises(AccessError):
                certificate.export_data(["code", "score"])
            with self.assertRaises(AccessError):
                certificate.message_post(body="Hello")
            with self.assertRaises(AccessError):
                certificate._revoke("x")
            self.assertFalse(certificate._read_group(domain, ["state"], ["__count"]))
            self.assertFalse(certificate.name_search(certificate.sudo().name))

    def test_private_methods_are_no_rpc(self):
        for method in ("_revoke", "_issue", "_expire", "_withdraw_skills"):
            with self.assertRaises(AccessError):
                self._rpc(
                    self.manager_user,
                    "training.certificate",
                    method,
                    self.certificate.ids,
                )

    def test_skill_line_from_a_certificate_is_for_hr(self):
        self._develop()
        self._certify(self.without_login)
        skill = self._skills(self.without_login)
        self.assertTrue(skill.with_user(self.hr_user).certificate_id)
        with self.assertRaises(AccessError):
            skill.with_user(self.trainee_user).read(["certificate_id"])

    def test_print_holds_the_code_and_works_for_the_holder(self):
        report = self.env["ir.actions.report"].with_user(self.trainee_user)
        content, kind = report._render_qweb_html(
            "front_office_training.report_certificate", self.certificate.ids
        )
        self.assertEqual(kind, "html")
        page = html.fromstring(content)
        text = page.text_content()
        for word in (
            "Test trainee",
            "Test programme",
            self.certificate.name,
            self.certificate.digest,
            self.certificate.public_url,
            self.boss_user.name,
        ):
            self.assertIn(word, text)
        codes = page.xpath("//img[starts-with(@src, 'data:image/png;base64,')]")
        self.assertTrue([image for image in codes if "QR" in image.get("alt", "")])
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(
                self.colleague_user
            )._render_qweb_html(
                "front_office_training.report_certificate", self.certificate.ids
            )


@tagged("post_install", "-at_install")
class TestCertificatePage(CertificateFixture, HttpCase):
    """What a stranger without a login sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_certificates()
        cls.programme.validity_months = 0
        cls.trainee.work_email = "secret.address@example.com"
        cls.certificate = cls._complete(cls._enrol())
        cls.env.flush_all()

    def _open(self, code, **kwargs):
        return self.url_open(f"/training/certificate/{code}", **kwargs)

    def _text(self, response):
        return " ".join(html.fromstring(response.content).text_content().split())

    def test_valid_certificate_and_nothing_else(self):
        response = self._open(self.certificate.code)
        self.assertEqual(response.status_code, 200)
        text = self._text(response)
        for word in (
            "Test trainee",
            "Test programme",
            "Valid: this certificate is genuine",
            "Never",
            "Unchanged since it was issued",
            self.certificate.digest,
        ):
            self.assertIn(word, text)
        for word in (
            "secret.address",
            "Greet a visitor",
            "t_boss",
            "t_trainer",
            self.boss_user.name,
            self.certificate.name,
            self.department.name,
            "employee",
            "session_info",
            "csrf_token",
            "<script",
        ):
            self.assertNotIn(word, response.text)
        self.assertNotIn("100", text.replace(self.certificate.digest, ""), "the score")
        self.assertNotRegex(response.text, r'data-oe-|res_id|["/=]id["=]?\d')
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", response.headers["X-Robots-Tag"])

    def test_expired_revoked_and_changed(self):
        certificate = self.certificate
        with patch.object(type(certificate), "_get_status", lambda self: "expired"):
            text = self._text(self._open(certificate.code))
        self.assertIn("Expired: this certificate is genuine", text)
        certificate.with_user(self.manager_user)._revoke("A private reason.")
        response = self._open(certificate.code)
        self.assertIn("Revoked: this certificate was taken back", response.text)
        self.assertNotIn("A private reason", response.text)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE training_certificate SET holder_name = 'Forged' WHERE id = %s",
            (certificate.id,),
        )
        certificate.invalidate_recordset()
        response = self._open(certificate.code)
        self.assertIn("was changed after it was issued", response.text)
        self.assertNotIn("genuine", response.text)

    def test_unknown_codes_look_alike(self):
        pages = set()
        for code in (
            "nobody-has-this-code",
            self.certificate.code[:-1],
            self.certificate.code.swapcase(),
            "%25",
            "_" * 32,
            str(self.certificate.id),
            "x" * 5000,
            "' OR 1=1 --",
        ):
            response = self._open(code)
            self.assertEqual(response.status_code, 404, code)
            pages.add(response.text)
        self.assertEqual(len(pages), 1)
        self.assertIn("There is no certificate with this code", pages.pop())

    def test_form_leads_to_the_page(self):
        response = self.url_open("/training/certificate")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Type the verification code", response.text)
        response = self.url_open(
            f"/training/certificate?code=%20{self.certificate.code}%20"
        )
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.url.endswith(self.certificate.code))
        self.assertIn("Test trainee", response.text)
        response = self.url_open("/training/certificate?code=..%2F..%2Fweb%23x")
        self.assertEqual(response.status_code, 404)
        self.assertIn("/training/certificate?", response.url)

    def test_nobody_posts(self):
        response = self._open(self.certificate.code, data={"code": "x"})
        self.assertEqual(response.status_code, 405)

    def test_same_for_somebody_who_is_logged_in(self):
        self.authenticate("t_colleague", "t_colleague")
        response = self._open(self.certificate.code)
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("Greet a visitor", response.text)

    def test_manager_revokes_in_the_browser(self):
        self.start_tour(
            "/odoo/training-certificates",
            "front_office_training_certificate",
            login="t_manager",
        )
        self.certificate.invalidate_recordset()
        self.assertEqual(self.certificate.state, "revoked")
        self.assertEqual(self.certificate.revoked_reason, "Signed by mistake.")
        self.assertIn("Revoked", self._text(self._open(self.certificate.code)))
