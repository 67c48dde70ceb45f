from odoo import api, fields, models

FEATURE = "product.group_product_pricelist"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    desk_margin_floor = fields.Float(
        related="company_id.desk_margin_floor", readonly=False
    )

    def set_values(self):
        """Give signed prices back when pricelists are switched on again."""
        was_on = self._desk_pricelists_are_on()
        result = super().set_values()
        if not was_on and self._desk_pricelists_are_on():
            # sudo: switching them off has archived the pricelists of all companies
            self.env["desk.price.profile"].sudo()._restore_pricelists()
        return result

    @api.model
    def _desk_pricelists_are_on(self):
        return self.env["res.groups"]._is_feature_enabled(FEATURE)
