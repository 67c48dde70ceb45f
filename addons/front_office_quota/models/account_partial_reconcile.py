from odoo import api, models
from odoo.tools import SQL

CREDIT_FIELDS = {
    "amount",
    "company_id",
    "credit_move_id",
    "debit_move_id",
    "exchange_move_id",
    "max_date",
}


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        self._watch_quota_credit(
            [
                line_id
                for vals in vals_list
                for line_id in (vals.get("debit_move_id"), vals.get("credit_move_id"))
            ],
            [vals.get("exchange_move_id") for vals in vals_list],
        )
        return super().create(vals_list)

    def write(self, vals):
        if CREDIT_FIELDS & vals.keys():
            lines = self.debit_move_id + self.credit_move_id
            self._watch_quota_credit(
                [*lines.ids, vals.get("debit_move_id"), vals.get("credit_move_id")],
                [*self.exchange_move_id.ids, vals.get("exchange_move_id")],
            )
        return super().write(vals)

    def unlink(self):
        lines = self.debit_move_id + self.credit_move_id
        self._watch_quota_credit(lines.ids, self.exchange_move_id.ids)
        return super().unlink()

    def _watch_quota_credit(self, line_ids, exchange_move_ids):
        """Remember the credit of the documents that a matching is about to change.

        :param line_ids: ids of the matched journal items, some perhaps None or False
        :param exchange_move_ids: ids of entries that are, or become, or stop being the
            exchange difference of a matching; those do not count
        """
        delta = self.env["quota.credit.delta"]
        line_ids = [line_id for line_id in line_ids if line_id]
        exchange_move_ids = [move_id for move_id in exchange_move_ids if move_id]
        if exchange_move_ids:
            delta._watch_moves(exchange_move_ids)
        if not line_ids or not delta._get_watched()["bases"]:
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT move_id FROM account_move_line WHERE id = ANY(%s)",
                line_ids,
            )
        )
        delta._watch([move_id for (move_id,) in rows])
