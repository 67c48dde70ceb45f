from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.front_office_desk.models.desk_request import (
    DONE,
)
from odoo.addons.front_office_desk.models.desk_request import (
    DeskRequest as Desk,
)

# Linking pauses the reminders of an invoice: only the program does it.
LINKS = {"disputed_move_ids", "receivable_call_ids"}


class DeskRequest(models.Model):
    """Requests in which a customer disputes what is late."""

    _inherit = "desk.request"
    _desk_protected = Desk._desk_protected | LINKS

    receivable_call_ids = fields.Many2many(
        "receivable.call",
        "desk_request_receivable_call_rel",
        "request_id",
        "call_id",
        string="Calls about the Money",
        readonly=True,
        copy=False,
        check_company=True,
        groups="front_office_receivable.group_receivable_user",
    )
    receivable_call_count = fields.Integer(
        compute="_compute_receivable_call_count",
        groups="front_office_receivable.group_receivable_user",
    )
    disputed_move_ids = fields.Many2many(
        "account.move",
        "desk_request_disputed_move_rel",
        "request_id",
        "move_id",
        string="Disputed Invoices",
        readonly=True,
        copy=False,
        check_company=True,
        groups="base.group_user",
        help="Nobody reminds the customer of them until the request is closed.",
    )

    @api.depends("receivable_call_ids")
    def _compute_receivable_call_count(self):
        for request in self:
            request.receivable_call_count = len(request.receivable_call_ids)

    @api.constrains("disputed_move_ids", "partner_id")
    def _check_disputed_moves(self):
        # sudo: whoever changes the customer may not read the invoices
        for request in self.sudo():
            customer = request.partner_id.commercial_partner_id
            for move in request.disputed_move_ids:
                if move.commercial_partner_id != customer:
                    raise ValidationError(
                        self.env._(
                            "%(request)s: “%(invoice)s” is disputed in it and was not "
                            "sent to “%(customer)s”. Choose the Customer of the "
                            "invoice.",
                            request=request.display_name,
                            invoice=move.name,
                            customer=customer.name,
                        )
                    )

    # --- create, write and delete -----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Open requests; those about invoices pause the reminders."""
        requests = super().create(vals_list)
        requests._pause_disputed()
        return requests

    def write(self, vals):
        """Change requests; the last one that ends lets the reminders go on."""
        if not {"active", "state", "disputed_move_ids"} & vals.keys():
            return super().write(vals)
        before = self._get_disputed()
        result = super().write(vals)
        after = self._get_disputed()
        if after - before:
            self._pause_disputed()
        if before - after:
            self._end_disputes(before - after)
        return result

    def _check_write(self, vals):
        if LINKS & vals.keys():
            raise UserError(
                self.env._(
                    "%s: calls and disputed invoices are linked by “Open a Request” "
                    "on the call about the money.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        return super()._check_write(vals)

    def unlink(self):
        """Delete requests; the reminders of their invoices go on."""
        moves = self._get_disputed()
        result = super().unlink()
        moves._resume_receivable()._call_again()
        return result

    # --- the dispute ------------------------------------------------------------------

    def _get_disputed(self):
        """Return the invoices that are disputed in those of self that are running."""
        # sudo: the program pauses and resumes, whoever moves the request
        running = self.sudo().filtered(
            lambda each: each.active and each.state not in DONE
        )
        # sudo: as above; searched, as a field may hold what the user sees only
        moves = self.env["account.move"].sudo()
        return moves.search([("desk_request_ids", "in", running.ids)])

    def _pause_disputed(self):
        """Stop reminding customers of what these requests are about."""
        for request in self:
            moves = request._get_disputed()
            if not moves:
                continue
            moves._pause_receivable(request.display_name)
            # cases are written by nobody; sudo, as what is known now says more than the
            # note of the call, and two who open a request at once meet here
            cases = self.env["receivable.case"].sudo()
            cases.search([("move_id", "in", moves.ids)]).write(
                {"pause_reason": request.display_name}
            )

    def _end_disputes(self, moves):
        """Remind customers again of what is not disputed any more, and tell who calls.

        :param moves: invoices; those with another running request stay paused
        """
        days = moves._resume_receivable()._call_again()
        # sudo: whoever closes the request need not see the calls
        calls = self.env["receivable.call"].sudo()
        for request in self:
            told = moves.browse()
            # a call that came later knows more
            for call in calls.search([("desk_request_ids", "in", request.ids)]):
                call.invalidate_recordset(["move_ids"])
                about = [move for move in call.move_ids - told if move in days]
                if about:
                    call._tell_dispute_ended(request, {m: days[m] for m in about})
                    told |= call.move_ids

    def _merge_texts(self, source):
        """Move the calls and the invoices as well."""
        result = super()._merge_texts(source)
        # sudo: the program keeps the links; both requests were checked
        source = source.sudo()
        calls = self.env["receivable.call"].sudo()
        calls = calls.search([("desk_request_ids", "in", source.ids)])
        # sudo: as above, of the invoices
        moves = self.env["account.move"].sudo()
        moves = moves.search([("desk_request_ids", "in", source.ids)])
        if calls or moves:
            # sudo: as above; the other request goes on before this one ends
            self.sudo().write(
                {
                    "receivable_call_ids": [Command.link(id_) for id_ in calls.ids],
                    "disputed_move_ids": [Command.link(id_) for id_ in moves.ids],
                }
            )
            source.write({name: [Command.clear()] for name in LINKS})
        return result

    # --- what is shown ----------------------------------------------------------------

    def _get_short_labels(self):
        """Return the number and the state of requests, for people to read."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return " · ".join(f"{each.number} {states[each.state]}" for each in self)

    def action_receivable_calls(self):
        """Return an action with the calls about the money."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_receivable.receivable_call_action"
        )
        domain = [("desk_request_ids", "in", self.ids)]
        return {**action, "domain": domain, "context": {}}

    def action_receivable_items(self):
        """Return an action with what is open of the disputed invoices."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Disputed Invoices"),
            "res_model": "receivable.item",
            "view_mode": "list,kanban",
            "domain": [("move_id", "in", self.disputed_move_ids.ids)],
        }
