from odoo import fields, models


class ComplianceDocument(models.Model):
    """A document that an employee handed in, and until when it holds."""

    _name = "compliance.document"
    _description = "Document of an employee"
    _inherit = ["mail.thread"]
    _order = "employee_id, rule_id, expires_on desc, id"
    _rec_name = "rule_id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="employee_id.company_id", store=True, index=True
    )
    rule_id = fields.Many2one(
        "compliance.document.rule",
        string="Document",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    number = fields.Char()
    issued_on = fields.Date()
    expires_on = fields.Date(
        tracking=True, help="The last day on which it holds; empty: for good."
    )
    file = fields.Binary(attachment=True)
    file_name = fields.Char()

    _ends_after_issue = models.Constraint(
        "CHECK (expires_on >= issued_on)",
        "A document must not expire before it was issued: correct the field “Expires "
        "On”.",
    )
