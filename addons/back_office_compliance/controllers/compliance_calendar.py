from odoo import http
from odoo.http import request

HEADERS = [
    ("Content-Type", "text/calendar; charset=utf-8"),
    # the address is a secret: not for caches, search engines and other sites
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
]


class ComplianceCalendarController(http.Controller):
    """The calendar of filings that calendar programmes read by a secret link."""

    @http.route(
        "/compliance/calendar/<string:token>.ics",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def calendar(self, token, **_kwargs):
        """Send the due dates that the owner of the link may read; 404 otherwise.

        :param str token: the secret of the link
        """
        # sudo: a calendar programme does not log in; the secret names the user, as whom
        # the filings are then read
        user = request.env["res.users"].sudo()._get_by_compliance_token(token)
        if not user:
            raise request.not_found()
        filings = request.env["compliance.filing"].with_user(user)
        return request.make_response(filings._get_calendar(), HEADERS)
