from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.receivable_call import DESK

# what is asked for, by the reason that the customer gave
KINDS = {"disputed": "invoice_line", "goods": "complaint", "not_received": "other"}


class ReceivableCallRequest(models.TransientModel):
    _name = "receivable.call.request"
    _description = "Open a Request about a Disputed Invoice"

    call_id = fields.Many2one(
        "receivable.call", required=True, readonly=True, ondelete="cascade"
    )
    available_move_ids = fields.Many2many(
        "account.move", compute="_compute_available_move_ids"
    )
    running_label = fields.Char(compute="_compute_available_move_ids")
    move_ids = fields.Many2many(
        "account.move",
        "receivable_call_request_move_rel",
        string="Invoices",
        compute="_compute_move_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_move_ids)]",
    )
    kind = fields.Selection(
        [
            ("invoice_line", "Question on an invoice line"),
            ("complaint", "Complaint"),
            ("other", "Something else"),
        ],
        string="What It Is",
        compute="_compute_kind",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    invoice_line_id = fields.Many2one(
        "account.move.line",
        compute="_compute_invoice_line_id",
        store=True,
        readonly=False,
        domain="[('move_id', 'in', move_ids), ('display_type', '=', 'product'),"
        " ('move_id.move_type', '=', 'out_invoice')]",
    )
    name = fields.Char(
        string="About",
        compute="_compute_name",
        store=True,
        readonly=False,
    )
    description = fields.Text(
        compute="_compute_description",
        store=True,
        readonly=False,
        help="What the customer wants. The customer reads it.",
    )

    @api.depends("call_id")
    def _compute_available_move_ids(self):
        for wizard in self:
            call = wizard.call_id
            running = call.move_ids._get_running_requests()
            taken = call._get_moves_of(running)
            wizard.available_move_ids = call.move_ids - taken
            wizard.running_label = running._get_short_labels()

    @api.depends("available_move_ids")
    def _compute_move_ids(self):
        for wizard in self:
            wizard.move_ids = wizard.available_move_ids

    @api.depends("call_id")
    def _compute_kind(self):
        for wizard in self:
            wizard.kind = KINDS.get(wizard.call_id.reason, "other")

    @api.depends("move_ids", "kind")
    def _compute_invoice_line_id(self):
        for wizard in self:
            lines = wizard.move_ids._origin.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            chosen = wizard.invoice_line_id & lines
            if not chosen and wizard.kind == "invoice_line" and len(lines) == 1:
                chosen = lines
            wizard.invoice_line_id = chosen

    @api.depends("move_ids")
    def _compute_name(self):
        for wizard in self:
            reasons = wizard.call_id._fields["reason"]
            labels = dict(reasons._description_selection(self.env))
            wizard.name = self.env._(
                "%(reason)s: %(invoices)s",
                reason=labels.get(wizard.call_id.reason, ""),
                invoices=", ".join(wizard.move_ids._origin.mapped("name")),
            )

    @api.depends("call_id")
    def _compute_description(self):
        for wizard in self:
            wizard.description = wizard.call_id.note

    # --- opening it -------------------------------------------------------------------

    def action_open(self):
        """Make the request and link it, or show the one that runs already.

        :raise AccessError: where the call or an invoice is not the user's any more
        :raise UserError: where no invoice, line or team is there
        """
        self.ensure_one()
        call = self.call_id
        call.check_access("write")
        self.move_ids.check_access("read")
        self._check_complete()
        running = self.move_ids._get_running_requests()
        if running:
            call._join_requests(running)
            return call._show_requests(running)
        request = self._create_request()
        # sudo: the program links; linking pauses the reminders
        request.sudo().write(
            {
                "receivable_call_ids": [Command.link(call.id)],
                "disputed_move_ids": [Command.set(self.move_ids.ids)],
            }
        )
        # sudo: the number is for everybody who sees the call
        number = request.sudo().number
        call.message_post(
            body=self.env._("The request %s was opened.", number),
            subtype_xmlid="mail.mt_note",
        )
        return call._show_requests(request)

    def _check_complete(self):
        call = self.call_id
        call._check_disputable()
        if not self.move_ids or self.move_ids - call.move_ids:
            raise UserError(
                self.env._(
                    "Choose Invoices of the call “%s” that the customer disputes.",
                    call.display_name,
                )
            )
        line = self.invoice_line_id
        if self.kind == "invoice_line" and line.move_id not in self.move_ids:
            raise UserError(
                self.env._(
                    "“%s”: choose the Invoice line that the customer asks about.",
                    self.name,
                )
            )

    def _create_request(self):
        """Make the request; for those without the desk it is handed over at once."""
        # sudo: a salesperson may not read the types; the first of the kind is taken
        types = self.env["desk.request.type"].sudo().with_company(self._get_company())
        kind = types.search(
            [
                ("kind", "=", self.kind),
                ("company_id", "in", (False, self._get_company().id)),
            ],
            limit=1,
        )
        values = {
            "name": self.name,
            "type_id": kind.id,
            "partner_id": (self.call_id.contact_id or self.call_id.partner_id).id,
            "company_id": self._get_company().id,
            "description": self.description,
        }
        if self.kind == "invoice_line":
            values["invoice_line_id"] = self.invoice_line_id.id
        if self.env.user.has_group(DESK):
            return self.env["desk.request"].create(values)
        values["front_user_id"] = self._get_front_user(kind).id
        # sudo: who only calls about money has no right on requests; the desk gets this
        # one, and the salesperson does not follow what is written there
        requests = self.env["desk.request"].sudo()
        requests = requests.with_context(mail_create_nosubscribe=True)
        request = requests.create(values)
        request.action_hand_over()
        return request

    def _get_company(self):
        return self.call_id.company_id

    def _get_front_user(self, kind):
        """Return who keeps in touch with the customer for a salesperson.

        :param kind: the type of request, as superuser and for the company
        :raise UserError: where the type has no team, or the team no people
        """
        team = kind.team_id
        people = (team.user_id | team.member_ids).filtered(
            lambda user: user.active and user.has_group(DESK)
        )
        if not people:
            labels = dict(self._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Nobody takes “%(name)s”: the requests of the type %(kind)s have "
                    "no team with people of the desk. Ask a manager of the desk to "
                    "choose the Team of the type.",
                    name=self.name,
                    kind=kind.name or labels[self.kind],
                )
            )
        return people[0]
