from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ComplianceReturnLine(models.Model):
    """A figure of a return, and which journal items make it."""

    _name = "compliance.return.line"
    _description = "Line of a return"
    _order = "obligation_id, sequence, id"
    _check_company_auto = True

    obligation_id = fields.Many2one(
        "compliance.obligation",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="obligation_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    source = fields.Selection(
        [
            ("tax_group", "Tax of a tax group"),
            ("tax_base", "Base of a tax group"),
            ("tag", "Tax tag"),
            ("account", "Accounts by code"),
        ],
        required=True,
        default="tax_group",
    )
    tax_group_ids = fields.Many2many(
        "account.tax.group", help="Empty: every tax group."
    )
    tax_use = fields.Selection(
        [("sale", "Sales taxes"), ("purchase", "Purchase taxes")],
        string="Taxes on",
        help="Empty: both.",
    )
    tag_ids = fields.Many2many("account.account.tag")
    account_prefix = fields.Char(help="Beginnings of account codes, by commas.")
    sign = fields.Selection(
        [("1", "Debit is positive"), ("-1", "Credit is positive")],
        required=True,
        default="-1",
    )
    in_total = fields.Boolean(default=True, help="Part of the amount to declare.")

    _unique_code = models.UniqueIndex(
        "(obligation_id, code)", "The code of a line must be unique in its return."
    )

    @api.constrains("source", "tag_ids", "account_prefix")
    def _check_source(self):
        for line in self:
            missing = {
                "tag": not line.tag_ids and "tag_ids",
                "account": not (line.account_prefix or "").strip(", ")
                and "account_prefix",
            }.get(line.source)
            if missing:
                raise ValidationError(
                    self.env._(
                        "Line %(code)s of %(obligation)s takes no journal item: fill "
                        "in %(field)s.",
                        code=line.code,
                        obligation=line.obligation_id.name,
                        field=line.fields_get([missing], ["string"])[missing]["string"],
                    )
                )
