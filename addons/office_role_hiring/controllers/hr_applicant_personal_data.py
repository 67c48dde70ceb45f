from odoo import http
from odoo.http import content_disposition, request


class HrApplicantPersonalDataController(http.Controller):
    """The download of what is held on an applicant."""

    @http.route(
        "/hiring/personal-data/<int:applicant_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def personal_data(self, applicant_id, **_kwargs):
        """Send the archive; whoever may not have it is refused like any reader."""
        applicant = request.env["hr.applicant"].browse(applicant_id)
        content = applicant._get_personal_data_archive()
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", len(content)),
                ("Cache-Control", "no-store"),
                (
                    "Content-Disposition",
                    content_disposition(f"application-{applicant_id}.zip"),
                ),
            ],
        )
