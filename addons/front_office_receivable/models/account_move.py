from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..promise_sql import extend_deadlines, pause, promises_of

CUSTOMER_TYPES = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    _inherit = "account.move"

    receivable_call_count = fields.Integer(
        string="Calls",
        compute="_compute_receivable_call_count",
        groups="front_office_receivable.group_receivable_user",
    )

    def _compute_receivable_call_count(self):
        groups = self.env["receivable.call"]._read_group(
            [("move_ids", "in", self.ids)], ["move_ids"], ["__count"]
        )
        count = {move.id: number for move, number in groups}
        for move in self:
            move.receivable_call_count = count.get(move._origin.id, 0)

    # --- actions ----------------------------------------------------------------------

    def action_receivable_calls(self):
        """Return an action with the calls about these invoices."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_receivable.receivable_call_action"
        )
        return {**action, "domain": [("move_ids", "in", self.ids)], "context": {}}

    def action_receivable_log_call(self):
        """Return the screen in which a call about this invoice is logged.

        All that is overdue of the same customer is on it.

        :raise UserError: for what no customer owes
        """
        self.ensure_one()
        if self.state != "posted" or self.move_type not in CUSTOMER_TYPES:
            raise UserError(
                self.env._(
                    "“%s” is not a posted customer invoice. Post it before you call "
                    "about it.",
                    self.display_name,
                )
            )
        return self.env["receivable.call"]._get_screen(
            self.commercial_partner_id, self.company_id, self
        )

    # --- pauses: what a dispute elsewhere calls ---------------------------------------

    def _pause_receivable(self, reason):
        """Stop reminding customers of these invoices, and breaking their promises.

        An invoice that is paused already keeps its date and its reason.

        :param str reason: why, for people to read
        """
        promises = self.env["receivable.promise"]
        # what was broken yesterday is broken, though the night has not said so yet
        for state in ("void", "kept", "broken"):
            promises._decide(state, promises_of(self.ids))
        today = self.env["res.company"]._receivable_today(SQL("company_id"))
        self.env.cr.execute(pause(self.ids, today, reason))
        self.env["receivable.case"].invalidate_model()

    def _resume_receivable(self):
        """Go on with these invoices; open promises get the days of grace anew.

        Those that ``_get_receivable_disputes`` names stay paused.

        :return: the invoices that go on
        """
        going_on = self - self._get_receivable_disputes()
        # cases are written by nobody; sudo, for the invoices of self only
        cases = (
            self.env["receivable.case"]
            .sudo()
            .search([("move_id", "in", going_on.ids), ("paused_on", "!=", False)])
        )
        cases.write({"paused_on": False, "pause_reason": False})
        self.env["receivable.promise"]._flush_ledger()
        todays = self.env["res.company"]._get_receivable_today()
        for company, paused in cases.grouped("company_id").items():
            today = todays[company.id]
            after = company._get_receivable_days([today], company.receivable_grace_days)
            self.env.cr.execute(
                extend_deadlines(company.id, paused.move_id.ids, after[today])
            )
        self.env["receivable.promise"].invalidate_model(["deadline"])
        return cases.move_id.with_env(self.env)

    def _get_receivable_disputes(self):
        """Return those of these invoices about which a dispute is running.

        A hook: an add-on that handles disputes adds the invoices of its own.
        """
        return self.browse()
