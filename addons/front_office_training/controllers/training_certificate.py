import re

from odoo import http
from odoo.http import request

HEADERS = {
    # The address holds the code: it is for whoever was given it, not for a search
    # engine, a cache on the way, or the next site that is visited.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
# the letters of the codes that training.certificate makes
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class TrainingCertificateController(http.Controller):
    """The page on which a stranger checks a certificate, and learns nothing else."""

    @http.route(
        "/training/certificate",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def certificate_form(self, code="", **_kwargs):
        """Ask for a code, and go to its certificate."""
        code = code.strip()
        if CODE.fullmatch(code):
            return request.redirect(f"/training/certificate/{code}")
        return self._render(
            {"asked": bool(code), "certificate": None}, 404 if code else 200
        )

    @http.route(
        "/training/certificate/<string:code>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def certificate(self, code, **_kwargs):
        """Say whether a certificate is real and holds; 404 for an unknown code."""
        # sudo: a stranger reads nothing; the code is the key, and only what
        # _get_public_values returns reaches the page
        certificate = (
            request.env["training.certificate"].sudo().search([("code", "=", code)])
            if CODE.fullmatch(code)
            else None
        )
        values = certificate._get_public_values() if certificate else None
        return self._render(
            {"asked": True, "certificate": values}, 200 if values else 404
        )

    def _render(self, values, status=200):
        response = request.render(
            "front_office_training.certificate_public_page", values, status=status
        )
        response.headers.update(HEADERS)
        return response
