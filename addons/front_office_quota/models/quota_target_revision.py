from odoo import fields, models


class QuotaTargetRevision(models.Model):
    """One change of a target: append-only."""

    _name = "quota.target.revision"
    _description = "Change of a target"
    _order = "id desc"
    _check_company_auto = True

    target_id = fields.Many2one(
        "quota.target",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        related="target_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Changed by", readonly=True)
    before = fields.Monetary(readonly=True)
    after = fields.Monetary(readonly=True)
    reason = fields.Char(readonly=True)
