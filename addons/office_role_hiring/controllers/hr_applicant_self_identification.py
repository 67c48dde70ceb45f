from odoo import http
from odoo.http import request
from odoo.tools import consteq

HEADERS = {
    # The address is the key: it is for whoever was given it, not for a cache on the
    # way, a search engine, or the next site that is visited.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class HrApplicantSelfIdentificationController(http.Controller):
    """The page on which an applicant answers the voluntary questions.

    Answers that were given before are not shown: whoever gets hold of the link learns
    nothing.
    """

    @http.route(
        "/hiring/about-you/<int:applicant_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def about_you(self, applicant_id, token, **answers):
        """Show the questions, and keep what is answered; 404 for a wrong link."""
        # sudo: the applicant has no login; the signed link is the key
        applicant = request.env["hr.applicant"].sudo().browse(applicant_id).exists()
        expected = applicant._get_identification_token() if applicant else ""
        if not expected or not consteq(expected, token):
            return self._render({"dimensions": None}, 404)
        dimensions = applicant._get_identification_dimensions()
        posted = request.httprequest.method == "POST"
        if posted:
            request.env["hr.applicant.self.identification"]._record(
                applicant, self._read_answers(dimensions, answers)
            )
        return self._render(
            {
                "dimensions": dimensions,
                "company": applicant.company_id.name,
                "posted": posted,
            }
        )

    def _read_answers(self, dimensions, answers):
        """Return the groups that were chosen; what was not offered is passed over.

        :return: dict of dimension to group, empty where the applicant prefers not to
            say; a question that was not posted keeps its answer
        """
        chosen = {}
        for dimension in dimensions:
            value = answers.get(f"dimension_{dimension.id}")
            if value is None:
                continue
            chosen[dimension] = dimension.group_ids.filtered(
                lambda group, value=value: str(group.id) == value
            )
        return chosen

    def _render(self, values, status=200):
        response = request.render(
            "office_role_hiring.self_identification_page", values, status=status
        )
        response.headers.update(HEADERS)
        return response
