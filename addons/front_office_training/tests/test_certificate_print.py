import base64
import io

from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import OdooPdfFileReader

from .test_certificate import CertificateFixture

REPORT = "front_office_training.report_certificate"
# A4 across, in points of 1/72 inch
LANDSCAPE = (842, 595)


@tagged("post_install", "-at_install")
class TestCertificatePrint(CertificateFixture, HttpCase):
    """The paper itself, made by wkhtmltopdf, which fetches the styles over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_certificates()

    def _print(self, certificate, user=None):
        """Return the PDF of certificates, read back."""
        self.env.flush_all()
        report = self.env["ir.actions.report"].with_user(user or self.trainee_user)
        content, kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(REPORT, certificate.ids)
        self.assertEqual(kind, "pdf")
        return OdooPdfFileReader(io.BytesIO(content))

    def _long_names(self):
        self.trainee.name = "Maximiliana Konstantinopolitanska " * 3
        self.programme.action_revise()
        self.programme.name = "Receiving Visitors, Calls and Letters Kindly " * 3
        self.programme.action_publish()

    def _logo(self):
        """Return a high picture, in base64."""
        stream = io.BytesIO()
        Image.new("RGB", (120, 200), "#34506b").save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def _text(self, page):
        """Return what a page says, however its lines are broken."""
        return " ".join(page.extract_text().split())

    def _assert_one_sheet(self, pdf):
        self.assertEqual(len(pdf.pages), 1)
        box = pdf.pages[0].mediabox
        for side, expected in zip((box.width, box.height), LANDSCAPE, strict=True):
            self.assertAlmostEqual(float(side), expected, delta=2)

    def _images(self, page):
        """Return the width and height, in pixels, of the pictures of a page."""
        objects = page["/Resources"]["/XObject"].get_object().values()
        return [
            (each["/Width"], each["/Height"])
            for each in map(lambda each: each.get_object(), objects)
            if each["/Subtype"] == "/Image"
        ]

    def test_holder_prints_one_sheet_that_says_it_all(self):
        certificate = self._certify()
        pdf = self._print(certificate)
        self._assert_one_sheet(pdf)
        text = self._text(pdf.pages[0])
        for words in (
            "Certificate",
            "Test trainee",
            "Test programme",
            certificate.name,
            certificate.code,
            certificate.public_url,
            self.boss_user.name,
            "03/10/2026",
            "03/10/2027",
        ):
            self.assertIn(words, text)
        self.assertIn(certificate.digest, text.replace(" ", ""))
        self.assertNotIn("REVOKED", text)
        self.assertIn((150, 150), self._images(pdf.pages[0]), "the QR code")

    def test_long_names_stay_on_one_sheet(self):
        self._long_names()
        certificate = self._certify()
        pdf = self._print(certificate)
        self._assert_one_sheet(pdf)
        text = self._text(pdf.pages[0])
        self.assertIn(self.trainee.name.strip(), text)
        self.assertIn(self.programme.name.strip(), text)
        self.assertIn(certificate.digest, text.replace(" ", ""))

    def test_several_are_printed_each_on_a_sheet_of_its_own(self):
        certificates = self._certify() + self._certify(self.colleague)
        pdf = self._print(certificates, self.manager_user)
        self.assertEqual(len(pdf.pages), 2)
        for certificate, page in zip(certificates, pdf.pages, strict=True):
            self.assertIn(certificate.code, self._text(page))

    def test_paper_says_that_it_was_revoked(self):
        # the fullest paper: a logo, long names, and a line more
        self._long_names()
        self.company.logo = self._logo()
        certificate = self._certify()
        certificate.with_user(self.manager_user)._revoke("Copied")
        pdf = self._print(certificate)
        self._assert_one_sheet(pdf)
        text = self._text(pdf.pages[0])
        self.assertIn("REVOKED", text)
        self.assertNotIn("Copied", text, "the reason is nobody else's affair")

    def test_colleague_prints_nothing(self):
        certificate = self._certify()
        with self.assertRaises(AccessError):
            self._print(certificate, self.colleague_user)
