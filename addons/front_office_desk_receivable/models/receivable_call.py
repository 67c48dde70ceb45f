from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.front_office_desk.models.desk_request import DONE

DESK = "front_office_desk.group_desk_user"
# the reasons that somebody at home has to do something about
DISPUTABLE = ("disputed", "goods", "not_received")


class ReceivableCall(models.Model):
    """Calls of which a request was made."""

    _inherit = "receivable.call"

    desk_request_ids = fields.Many2many(
        "desk.request",
        "desk_request_receivable_call_rel",
        "call_id",
        "request_id",
        string="Requests",
        readonly=True,
        copy=False,
        groups=DESK,
    )
    desk_request_label = fields.Char(
        string="Request",
        compute="_compute_desk_request_label",
        help="The requests of this call, and those that are running about its "
        "invoices.",
    )
    desk_refund_ids = fields.Many2many(
        "account.move",
        string="Refunds",
        compute="_compute_desk_refund_ids",
        help="The refunds that are linked to the requests of this call.",
    )

    @api.depends("move_ids")
    def _compute_desk_request_label(self):
        moves = self.move_ids._origin
        running = Domain("state", "not in", DONE)
        # sudo: a salesperson may not read requests; number and state say how it is
        requests = self.env["desk.request"].sudo()
        linked = dict(
            requests._read_group(
                [("receivable_call_ids", "in", self._origin.ids)],
                ["receivable_call_ids"],
                ["id:recordset"],
            )
        )
        disputed = dict(
            requests._read_group(
                running & Domain("disputed_move_ids", "in", moves.ids),
                ["disputed_move_ids"],
                ["id:recordset"],
            )
        )
        linked = {call.id: found for call, found in linked.items()}
        disputed = {move.id: found for move, found in disputed.items()}
        for call in self:
            found = linked.get(call._origin.id, requests)
            for move in call.move_ids._origin:
                found |= disputed.get(move.id, requests)
            call.desk_request_label = found.sorted("id")._get_short_labels()

    def _compute_desk_refund_ids(self):
        for call in self:
            # sudo: a salesperson may not read requests; of the refunds they get what
            # is theirs
            requests = self.env["desk.request"].sudo()
            requests = requests.search(
                [("receivable_call_ids", "in", call._origin.ids)]
            )
            refunds = requests.refund_ids.with_env(self.env)
            call.desk_refund_ids = refunds._filtered_access("read")

    # --- opening a request ------------------------------------------------------------

    def action_open_request(self):
        """Return the screen that makes a request of the call.

        Where one is running about all of its invoices, that one is shown.

        :raise UserError: where the customer disputes nothing
        """
        self.ensure_one()
        self.check_access("write")
        self._check_disputable()
        running = self.move_ids._get_running_requests()
        if running and self.move_ids <= self._get_moves_of(running):
            self._join_requests(running)
            return self._show_requests(running)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open a Request"),
            "res_model": "receivable.call.request",
            "view_mode": "form",
            "target": "new",
            "context": {"default_call_id": self.id},
        }

    def action_show_requests(self):
        """Show the requests of the call, and those that run about its invoices."""
        self.ensure_one()
        # sudo: a salesperson reads number and state of them
        linked = self.sudo().desk_request_ids
        return self._show_requests(linked | self.move_ids._get_running_requests())

    def _check_disputable(self):
        """Refuse what nobody at home can do anything about.

        :raise UserError: naming the customer and the reasons
        """
        if self.reason in DISPUTABLE:
            return
        labels = dict(self._fields["reason"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "“%(customer)s” gave another Reason for the Delay. A request is opened "
                "for: %(reasons)s.",
                customer=self.partner_id.display_name,
                reasons=", ".join(labels[reason] for reason in DISPUTABLE),
            )
        )

    def _get_moves_of(self, requests):
        """Return the invoices that requests are about, of this call."""
        # sudo: a salesperson may not read requests
        moves = requests.sudo().disputed_move_ids | requests.invoice_line_id.move_id
        return self.move_ids.browse(moves.ids) & self.move_ids

    def _join_requests(self, requests):
        """Link the call to requests that are running about its invoices.

        :param requests: as superuser
        """
        for request in requests:
            about = self._get_moves_of(request)
            # sudo: the program links; whoever called may see the call and its invoices
            request.sudo().write(
                {
                    "receivable_call_ids": [Command.link(self.id)],
                    "disputed_move_ids": [Command.link(id_) for id_ in about.ids],
                }
            )

    def _show_requests(self, requests):
        """Return an action with requests; for those without the desk, what they are.

        :param requests: records of the model ``desk.request``
        """
        if not self.env.user.has_group(DESK):
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "title": self.env._("The desk has it"),
                    # sudo: number and state only
                    "message": requests.sudo()._get_short_labels(),
                    "type": "success",
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_desk.desk_request_action"
        )
        action |= {"domain": [("id", "in", requests.ids)], "context": {}}
        if len(requests) == 1:
            action |= {"res_id": requests.id, "views": [(False, "form")]}
        return action

    # --- when it is settled -----------------------------------------------------------

    def _tell_dispute_ended(self, request, days):
        """Tell who calls the customer that the dispute is settled.

        :param request: what was closed
        :param days: dict from the invoices of the call on which something is owed to
            the day of the next call
        """
        self.ensure_one()
        moves = self.env["account.move"].union(*days)
        self.message_post(
            body=self._get_ended_text(request, moves), subtype_xmlid="mail.mt_note"
        )
        for user in moves.invoice_user_id or self.user_id:
            call = self.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids, lang=user.lang
            )
            if not user.active or not call.has_access("read"):
                continue
            # sudo: whoever closed the request need not see the call
            call.sudo().activity_schedule(
                "mail.mail_activity_data_call",
                min(days.values()),
                summary=call.env._("Settled: call again"),
                note=call._get_ended_text(request, moves),
                user_id=user.id,
            )

    def _get_ended_text(self, request, moves):
        """Return what the customer was answered, for who calls again."""
        return self.env._(
            "%(request)s about %(invoices)s is done. The customer read: %(answer)s",
            request=request.display_name,
            invoices=", ".join(moves.mapped("name")),
            answer=request.answer or "–",
        )
