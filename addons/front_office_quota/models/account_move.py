from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_is_zero, format_list

from ..credit_sql import DOCUMENT_TYPES

# what decides, on an entry, how much it counts, for whom and when
CREDIT_FIELDS = {
    "company_id",
    "currency_id",
    "date",
    "invoice_date",
    "invoice_line_ids",
    "invoice_user_id",
    "journal_id",
    "line_ids",
    "move_type",
    "reversed_entry_id",
    "state",
    "team_id",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    quota_split_ids = fields.One2many(
        "quota.credit.split",
        "move_id",
        string="Credit Split",
        copy=True,
        help="Shares the credit for this invoice between several people; together "
        "100 %. Without it, all credit is the salesperson's.",
    )

    @api.constrains("quota_split_ids")
    def _check_quota_split(self):
        for move in self:
            total = sum(move.quota_split_ids.mapped("percent"))
            if move.quota_split_ids and not float_is_zero(total - 100, 2):
                raise ValidationError(
                    self.env._(
                        "The credit split of %(invoice)s adds up to %(total)s %%. "
                        "Change the percentages so that they make 100 %%.",
                        invoice=move.display_name,
                        total=f"{total:g}",
                    )
                )

    def write(self, vals):
        if CREDIT_FIELDS & vals.keys():
            self.env["quota.credit.delta"]._watch_moves(self.ids)
        return super().write(vals)

    def unlink(self):
        self.env["quota.credit.delta"]._watch_moves(self.ids)
        return super().unlink()

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted.filtered(
            lambda move: move.move_type in DOCUMENT_TYPES
        ).invoice_line_ids._set_quota_cost()
        return posted

    def _get_quota_split_message(self):
        """Return the sentence that tells the chatter who shares the credit now."""
        self.ensure_one()
        if not self.quota_split_ids:
            return self.env._("Credit split removed: all credit is the salesperson's.")
        parts = [
            f"{split.user_id.name} {split.percent:g} %"
            for split in self.quota_split_ids
        ]
        return self.env._("Credit split: %s", format_list(self.env, parts))
