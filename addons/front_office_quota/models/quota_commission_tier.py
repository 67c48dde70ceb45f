import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .quota_commission_plan import percent


def _one_tier_a_threshold(env, diagnostics):
    """Return the sentence that refuses a second tier with the same threshold."""
    found = re.search(r"=\((\d+), ([\d.]+)\)", diagnostics.message_detail or "")
    if not found:
        return env._("A commission plan has one tier a threshold.")
    plan = env["quota.commission.plan"].browse(int(found[1]))
    return env._(
        "Commission plan %(plan)s has two tiers from %(threshold)s. Thresholds have to "
        "rise: change “Threshold” of one of them.",
        plan=plan.sudo().display_name,  # sudo: its name only, in the same company
        threshold=percent(float(found[2])),
    )


class QuotaCommissionTier(models.Model):
    """A threshold of attainment.

    Its *rate* is paid on the part of the credit above the threshold only. Its
    *accelerator* multiplies the whole commission once the threshold is reached.
    """

    _name = "quota.commission.tier"
    _description = "Tier of a commission plan"
    _inherit = ["quota.calculated.mixin"]
    _order = "plan_id, threshold, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "quota.commission.plan",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    threshold = fields.Float(
        required=True, help="Attainment from which the tier begins (1 = 100 %)."
    )
    rate = fields.Float(
        digits=(16, 6),
        help="Rate on the part above the threshold (0.05 = 5 %).",
    )
    accelerator = fields.Float(
        default=1.0,
        help="What the whole commission is multiplied by once the threshold is "
        "reached (1 = not at all).",
    )

    _unique_threshold = models.UniqueIndex(
        "(plan_id, threshold)", _one_tier_a_threshold
    )

    @api.depends("threshold")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = self.env._("from %s", percent(tier.threshold))

    @api.constrains("threshold")
    def _check_threshold(self):
        for tier in self:
            if tier.threshold < 0:
                raise ValidationError(
                    self.env._(
                        "“Threshold” of tier %(tier)s of commission plan %(plan)s is "
                        "negative. Type an attainment, such as 1 for 100 %%.",
                        tier=tier.display_name,
                        plan=tier.plan_id.name,
                    )
                )

    @api.constrains("threshold", "rate", "accelerator")
    def _check_with_the_others(self):
        self.plan_id._check_tiers()
