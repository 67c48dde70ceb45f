from odoo import api, fields, models
from odoo.exceptions import UserError

from ...price_margin import discounted, highest_discount, margin

FINANCE = "front_office_desk.group_desk_finance"


class DeskPriceProfileLine(models.Model):
    _name = "desk.price.profile.line"
    _description = "Discount of a price profile"
    _inherit = ["desk.protected"]
    _order = "profile_id, id"
    _check_company_auto = True
    _desk_protected = frozenset(("counter_discount", "signed_margin"))

    profile_id = fields.Many2one(
        "desk.price.profile", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True, precompute=True
    )
    state = fields.Selection(related="profile_id.state")
    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Or category",
        index="btree_not_null",
        ondelete="restrict",
    )
    discount = fields.Float(string="Discount (%)", required=True)
    counter_discount = fields.Float(
        string="Finance offers (%)", help="Written by finance, to counter."
    )
    # what things cost is for finance only
    past_revenue = fields.Float(
        string="Sold in 12 months", compute="_compute_margins", groups=FINANCE
    )
    past_margin = fields.Float(
        string="Margin so far", compute="_compute_margins", groups=FINANCE
    )
    margin = fields.Float(
        string="Margin with the discount", compute="_compute_margins", groups=FINANCE
    )
    highest_discount = fields.Float(
        string="Most (%)",
        compute="_compute_margins",
        groups=FINANCE,
        help="The highest discount that keeps the least margin of the settings.",
    )
    signed_margin = fields.Float(
        string="Margin when signed", readonly=True, copy=False, groups=FINANCE
    )

    _one_of_both = models.Constraint(
        "CHECK ((product_tmpl_id IS NULL) != (categ_id IS NULL))",
        "A line of a price profile is for a product or for a category, not for both.",
    )
    _discount_range = models.Constraint(
        "CHECK (discount > 0 AND discount < 100"
        " AND counter_discount >= 0 AND counter_discount < 100)",
        "A discount is more than 0 and less than 100 %.",
    )
    _product_once = models.UniqueIndex(
        "(profile_id, product_tmpl_id) WHERE product_tmpl_id IS NOT NULL",
        "This product is in the price profile already.",
    )
    _category_once = models.UniqueIndex(
        "(profile_id, categ_id) WHERE categ_id IS NOT NULL",
        "This category is in the price profile already.",
    )

    @api.depends(
        "product_tmpl_id",
        "categ_id",
        "discount",
        "counter_discount",
        "profile_id.partner_id",
        "profile_id.is_countered",
    )
    def _compute_margins(self):
        for profile, lines in self.grouped("profile_id").items():
            # sudo: sales and costs of all products, for finance only
            figures = profile.sudo()._get_figures(lines)
            for line in lines:
                revenue, past_cost, price, cost = figures[line]
                floor = profile.company_id.desk_margin_floor
                line.past_revenue = revenue
                line.past_margin = margin(revenue, past_cost)
                line.margin = margin(discounted(price, line._get_discount()), cost)
                line.highest_discount = highest_discount(price, cost, floor)

    def _get_discount(self):
        """Return the discount that the next signature stands for."""
        self.ensure_one()
        is_countered = self.profile_id.is_countered
        return self.counter_discount if is_countered else self.discount

    @api.model_create_multi
    def create(self, vals_list):
        """Add discounts, as long as sales has the profile."""
        lines = super().create(vals_list)
        if not self.env.su:
            lines.profile_id._check_turn("sales")
            lines.profile_id._take_back()
        return lines

    def write(self, vals):
        """Change discounts: sales its own, finance what it offers.

        :raise UserError: when the other side has the profile, or both have signed
        """
        if not self.env.su:
            if {"signed_margin", "profile_id"} & vals.keys():
                raise UserError(
                    self.env._("What was signed stays, and a line stays where it is.")
                )
            if "counter_discount" in vals:
                self.profile_id._check_turn("finance")
            if vals.keys() - {"counter_discount"}:
                self.profile_id._check_turn("sales")
                self.profile_id._take_back()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        if not self.env.su:
            self.profile_id._check_turn("sales")
            self.profile_id._take_back()
