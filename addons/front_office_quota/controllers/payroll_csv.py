from odoo import http
from odoo.http import content_disposition, request


class PayrollCsvController(http.Controller):
    @http.route(
        "/quota/payroll.csv", type="http", auth="user", methods=["GET"], readonly=True
    )
    def payroll_csv(self, ids="", **_kwargs):
        """Download the payroll file of the statements whose ids are given."""
        # longer numbers are none of PostgreSQL's ids
        numbers = [
            int(number)
            for number in dict.fromkeys(ids.split(","))
            if number.isdecimal() and len(number) < 10
        ]
        statements = request.env["quota.statement"].browse(numbers)
        content = statements._get_payroll_csv()
        return request.make_response(
            content.encode("utf-8"),
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition("payroll.csv")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
