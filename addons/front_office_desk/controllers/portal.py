from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

PER_PAGE = 20
SUBJECT_LENGTH = 200
TEXT_LENGTH = 20000


class DeskPortal(CustomerPortal):
    """The page on which customers follow their requests.

    Customers have no right on the model: what they see is read here, and only fields
    that are meant for them.
    """

    def _desk_domain(self):
        commercial = request.env.user.partner_id.commercial_partner_id
        # companies below it are customers of their own
        return [("partner_id.commercial_partner_id", "=", commercial.id)]

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "desk_request_count" in counters:
            # sudo: customers have no right on requests; the domain names theirs
            requests = request.env["desk.request"].sudo()
            values["desk_request_count"] = requests.search_count(self._desk_domain())
        return values

    @route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_requests(self, page=1, is_sent=None, **_kwargs):
        """Show the customer's requests, the newest first."""
        # sudo: customers have no right on requests; the domain names theirs
        requests = request.env["desk.request"].sudo()
        domain = self._desk_domain()
        pages = pager(
            url="/my/requests",
            total=requests.search_count(domain),
            page=page,
            step=PER_PAGE,
        )
        values = self._prepare_portal_layout_values() | {
            "requests": requests.search(
                domain, limit=PER_PAGE, offset=pages["offset"], order="id desc"
            ),
            "page_name": "desk_request",
            "pager": pages,
            "default_url": "/my/requests",
            "is_sent": bool(is_sent),
        }
        return request.render("front_office_desk.portal_my_requests", values)

    @route("/my/requests/new", type="http", auth="user", website=True)
    def portal_new_request(self, subject="", text="", **_kwargs):
        """Let customers write what they want; the desk reads it on its board."""
        subject = self._desk_plain(subject)[:SUBJECT_LENGTH]
        text = self._desk_plain(text)[:TEXT_LENGTH]
        is_post = request.httprequest.method == "POST"
        if not is_post or not subject:
            values = self._prepare_portal_layout_values() | {
                "page_name": "desk_request",
                "subject": subject,
                "text": text,
                "is_incomplete": is_post,
            }
            return request.render("front_office_desk.portal_new_request", values)
        partner = request.env.user.partner_id
        company = partner.company_id or request.env.company
        # sudo: customers may not read which team there is
        team = company.sudo()._desk_get_web_team()
        # sudo: customers have no right on contacts; this one is about themselves
        contacts = request.env["desk.contact"].sudo()
        contacts.with_context(mail_create_nosubscribe=True).create(
            {
                "name": subject,
                "note": text,
                "channel": "web",
                "partner_id": partner.id,
                "company_id": company.id,
                "team_id": team.id,
                "user_id": False,
            }
        )
        return request.redirect("/my/requests?is_sent=1")

    @staticmethod
    def _desk_plain(value):
        """Return what was typed in a field, without what no database keeps.

        :param value: a text; a form that was tampered with may bring a file
        """
        return value.replace("\x00", "").strip() if isinstance(value, str) else ""

    @route("/my/requests/<int:request_id>", type="http", auth="public", website=True)
    def portal_my_request(self, request_id, access_token=None, **kwargs):
        """Show one request to its customer, or to whoever has its link."""
        try:
            desk_request = self._desk_check_access(request_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = self._get_page_view_values(
            desk_request,
            # the conversation below the page is opened by it
            desk_request._portal_ensure_token(),
            {"desk_request": desk_request, "page_name": "desk_request"},
            "my_desk_requests_history",
            False,
            **kwargs,
        )
        return request.render("front_office_desk.portal_my_request", values)

    def _desk_check_access(self, request_id, access_token):
        """Return the request, if the customer may follow it.

        :raise AccessError: when it is somebody else's and the link is not its own
        :raise MissingError: when there is none
        """
        # sudo: customers have no right on requests; whose it is, is checked next
        desk_request = request.env["desk.request"].sudo().browse(request_id).exists()
        user = request.env.user
        if (
            desk_request
            and user.has_group("base.group_portal")
            and desk_request._is_of_customer(user.partner_id)
        ):
            return desk_request
        # Odoo can compare ASCII only, and no link of ours has anything else
        token = access_token if (access_token or "").isascii() else None
        return self._document_check_access("desk.request", request_id, token)
