from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class QuotaCommissionCategory(models.Model):
    """A rate that replaces the base rate for a product category and those below it."""

    _name = "quota.commission.category"
    _description = "Rate of a product category"
    _inherit = ["quota.calculated.mixin"]
    _order = "plan_id, id"
    _rec_name = "category_id"
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
    category_id = fields.Many2one(
        "product.category", required=True, index=True, ondelete="cascade"
    )
    rate = fields.Float(digits=(16, 6), help="0.03 = 3 %.")

    _unique_category = models.UniqueIndex(
        "(plan_id, category_id)", "A commission plan has one rate a product category."
    )

    @api.constrains("rate")
    def _check_rate(self):
        for row in self:
            if row.rate < 0:
                raise ValidationError(
                    self.env._(
                        "“Rate” of category %(category)s of commission plan %(plan)s "
                        "is negative. Type 0 or more.",
                        category=row.category_id.display_name,
                        plan=row.plan_id.name,
                    )
                )

    def write(self, vals):
        if "category_id" in vals:
            self.filtered(
                lambda row: row.category_id.id != vals["category_id"]
            )._refuse_if_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_if_used()

    def _refuse_if_used(self):
        """Keep what statements point at, now or by a later adjustment.

        :raises UserError: a line was paid by this rate, or the frozen terms have it
        """
        self.env.flush_all()
        used = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM quota_commission_category c
                 WHERE c.id = ANY(%s)
                   AND (EXISTS (SELECT FROM quota_statement_line l
                                 WHERE l.rate_id = c.id)
                        OR EXISTS (SELECT FROM quota_statement s
                                    WHERE s.commission_plan_id = c.plan_id
                                      AND s.state != 'computed'
                                      AND s.terms->'categories'
                                          @> jsonb_build_array(
                                              jsonb_build_object('id', c.id))))
                """,
                self.ids,
            )
        )
        for row in self.browse(number for (number,) in used):
            raise UserError(
                self.env._(
                    "Statements were calculated with the rate of category "
                    "%(category)s of commission plan %(plan)s, so it stays. From "
                    "now on set “Rate” to the base rate, or begin a new plan.",
                    category=row.category_id.display_name,
                    plan=row.plan_id.name,
                )
            )
