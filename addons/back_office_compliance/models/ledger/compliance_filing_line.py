from odoo import models
from odoo.tools import SQL

from ... import ledger_sql


class ComplianceFilingLine(models.Model):
    """From a line down to the journal items behind it."""

    _inherit = "compliance.filing.line"

    def _get_item_ids(self):
        """Return the ids of the journal items that make the line in today's ledger.

        :rtype: list[int]
        """
        self.ensure_one()
        self.filing_id._flush_ledger()
        rows = self.env.execute_query(
            SQL(
                "SELECT item_id FROM (%s) AS item WHERE return_line_id = %s",
                ledger_sql.items_sql(SQL("f.id = %s", self.filing_id.id)),
                self.return_line_id.id,
            )
        )
        return [item_id for (item_id,) in rows]

    def action_open_items(self):
        """Open the journal items in the ledger, as the reader may see them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(line)s: journal items", line=self.name),
            "res_model": "account.move.line",
            "view_mode": "list,pivot,graph,form",
            "domain": [("id", "in", self._get_item_ids())],
            "context": {"create": False, "edit": False},
        }

    def action_open_frozen_items(self):
        """Open the journal items as they were when the filing was filed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(line)s: items as filed", line=self.name),
            "res_model": "compliance.filing.item",
            "view_mode": "list,pivot",
            "domain": [("line_id", "=", self.id)],
        }
