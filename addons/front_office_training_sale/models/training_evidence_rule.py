from odoo import api, models


class TrainingEvidenceRule(models.Model):
    _inherit = "training.evidence.rule"

    @api.model
    def _is_countable(self, field):
        return (field.model_name, field.name) == (
            "sale.order",
            "is_repeat_order",
        ) or super()._is_countable(field)
