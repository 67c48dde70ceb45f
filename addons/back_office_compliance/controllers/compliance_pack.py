from odoo import http
from odoo.http import content_disposition, request

from ..evidence_pack import safe_name


class CompliancePackController(http.Controller):
    """The download of an evidence pack."""

    @http.route(
        "/compliance/filing/<int:filing_id>/pack",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def pack(self, filing_id, **_kwargs):
        """Send the pack to those who may have it; 404 for a filing that is not theirs.

        :param int filing_id: the filing
        """
        filing = request.env["compliance.filing"].search([("id", "=", filing_id)])
        if not filing:
            raise request.not_found()
        data = filing._build_pack()
        name = safe_name(filing.name, 0).partition("_")[2]
        return request.make_response(
            data,
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", len(data)),
                ("Content-Disposition", content_disposition(f"{name}.zip")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
