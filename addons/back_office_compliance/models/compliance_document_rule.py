from odoo import fields, models


class ComplianceDocumentRule(models.Model):
    """A document that everybody, or everybody in a role, has to hand in."""

    _name = "compliance.document.rule"
    _description = "Document to hand in"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(
        string="Document", required=True, help="Such as Food handler card."
    )
    active = fields.Boolean(default=True)
    job_ids = fields.Many2many(
        "hr.job",
        "compliance_document_rule_job_rel",
        "rule_id",
        "job_id",
        string="Job Positions",
        check_company=True,
        help="Who has to hand it in. No job position and no department: everybody.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        "compliance_document_rule_department_rel",
        "rule_id",
        "department_id",
        string="Departments",
        check_company=True,
        help="With the departments below them.",
    )
    note = fields.Text(help="Where to get it, and what to look at.")
    document_ids = fields.One2many("compliance.document", "rule_id", string="Handed In")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: shared by all companies.",
    )
