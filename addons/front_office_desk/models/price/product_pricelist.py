from odoo import api, fields, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    is_special_price = fields.Boolean(
        string="Special prices of one customer",
        readonly=True,
        copy=False,
        help="Made of a price profile. Nobody but its customer gets it.",
    )

    @api.model
    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Leave special prices out where Odoo looks for anybody's pricelist.

        Without another pricelist it would take the first that is there.
        """
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ("is_special_price", "=", False)]
