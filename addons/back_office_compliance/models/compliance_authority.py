from odoo import fields, models


class ComplianceAuthority(models.Model):
    _name = "compliance.authority"
    _description = "Authority"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    jurisdiction_id = fields.Many2one(
        "compliance.jurisdiction",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    kind = fields.Selection(
        [
            ("tax", "Tax office"),
            ("labour", "Labour inspectorate"),
            ("safety", "Safety"),
            ("social", "Social security"),
            ("registry", "Registry"),
            ("other", "Other"),
        ],
        required=True,
        default="tax",
    )
    website = fields.Char()
    partner_id = fields.Many2one("res.partner", string="Contact", check_company=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by all companies."
    )
