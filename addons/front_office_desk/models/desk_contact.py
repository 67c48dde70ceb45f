import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

OUTCOMES = [
    ("answered", "Answered"),
    ("message", "Message taken"),
    ("handed", "Handed over"),
    ("appointment", "Appointment made"),
    ("unreached", "Not reached"),
    ("none", "Needs no answer"),
]
# with these nobody waits for us any more
SETTLED = ("answered", "handed", "appointment", "none")
# what the program says about who dealt with a contact
PROTECTED = {"answered_on", "answered_by_id", "state", "sender_partner_id"}


class DeskContact(models.Model):
    _name = "desk.contact"
    _description = "Contact with a customer"
    _inherit = [
        "desk.protected",
        "desk.mail.guard",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "received_on desc, id desc"
    _primary_email = "email_from"
    _check_company_auto = True
    _desk_protected = frozenset(PROTECTED)

    name = fields.Char(string="About", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer")],
        required=True,
        default="in",
    )
    channel = fields.Selection(
        [
            ("call", "Call"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("visit", "Visit"),
            ("web", "Web form"),
        ],
        required=True,
        default="call",
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Who",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="Type a name, a telephone number or an e-mail address.",
    )
    new_name = fields.Char(
        string="New customer", help="Somebody whom the customers don't know yet."
    )
    new_reach = fields.Char(
        string="Telephone or e-mail", help="How the new customer is reached."
    )
    email_from = fields.Char(
        string="Sender",
        readonly=True,
        help="As the e-mail says; anybody can write anything there.",
    )
    sender_partner_id = fields.Many2one(
        "res.partner",
        string="Perhaps",
        readonly=True,
        index="btree_not_null",
        help="The customer with the sender's address. Confirm it after reading.",
    )
    phone = fields.Char(related="partner_id.phone", string="Telephone")
    email = fields.Char(related="partner_id.email", string="E-mail address")
    note = fields.Text(help="What the customer said, in a few words.")
    received_on = fields.Datetime(
        string="Received", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Taken by",
        index="btree_not_null",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one("desk.team", index="btree_not_null", check_company=True)
    outcome = fields.Selection(OUTCOMES, tracking=True)
    state = fields.Selection(
        [("open", "Waits for an answer"), ("settled", "Settled")],
        compute="_compute_state",
        store=True,
        index=True,
        precompute=True,
    )
    answered_on = fields.Datetime(string="Answered", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, copy=False
    )
    arrived_on = fields.Datetime(string="Arrived", copy=False)
    left_on = fields.Datetime(string="Left", copy=False)
    request_id = fields.Many2one(
        "desk.request", index="btree_not_null", check_company=True, copy=False
    )
    event_id = fields.Many2one(
        "calendar.event", string="Appointment", index="btree_not_null", copy=False
    )

    _visit_forward = models.Constraint(
        "CHECK (left_on IS NULL OR arrived_on IS NOT NULL AND left_on >= arrived_on)",
        "A visitor leaves after having arrived: correct Arrived or Left.",
    )
    _board = models.Index("(company_id, state, received_on DESC) WHERE active")

    # --- computes ---------------------------------------------------------------

    @api.depends("outcome")
    def _compute_state(self):
        for contact in self:
            contact.state = "settled" if contact.outcome in SETTLED else "open"

    @api.onchange("channel")
    def _onchange_channel(self):
        if self.channel == "visit" and not self.arrived_on:
            self.arrived_on = self.received_on or fields.Datetime.now()

    @api.constrains("new_name", "new_reach", "partner_id")
    def _check_new_customer(self):
        for contact in self:
            if contact.new_name and not contact.partner_id and not contact.new_reach:
                raise ValidationError(
                    self.env._(
                        "%(contact)s: say how %(name)s is reached, by telephone or "
                        "e-mail.",
                        contact=contact.name,
                        name=contact.new_name,
                    )
                )

    # --- create and write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Log contacts; a new customer is made from the two fields."""
        contacts = super().create(vals_list)
        contacts._make_new_customers()
        contacts._stamp_answers()
        return contacts

    def write(self, vals):
        """Change contacts and remember who settled them.

        :raise UserError: when somebody writes what the program notes
        """
        if not self.env.su and PROTECTED & vals.keys():
            raise UserError(
                self.env._(
                    "%s: who answered and when is noted by itself. Choose an outcome.",
                    ", ".join(self.mapped("name")),
                )
            )
        result = super().write(vals)
        if {"new_name", "new_reach", "is_somebody_new"} & vals.keys():
            self._make_new_customers()
        if "outcome" in vals:
            self._stamp_answers()
        return result

    def _stamp_answers(self):
        """Note who settled contacts, and forget it where one is open again."""
        settled = self.filtered(lambda each: each.state == "settled")
        # sudo: these fields are noted by the program only
        settled.filtered(lambda each: not each.answered_on).sudo().write(
            {"answered_on": fields.Datetime.now(), "answered_by_id": self.env.uid}
        )
        again = (self - settled).filtered("answered_on")
        # sudo: as above
        again.sudo().write({"answered_on": False, "answered_by_id": False})

    # --- actions ----------------------------------------------------------------

    def action_settle(self):
        """Say that the customer got the answer."""
        self.write({"outcome": "answered"})
        return True

    def action_leave(self):
        """Note that the visitors leave now.

        :raise UserError: when somebody is no visitor who is here
        """
        for contact in self:
            if not contact.arrived_on or contact.left_on:
                raise UserError(
                    self.env._("%s is no visit of somebody who is here.", contact.name)
                )
        return self.write({"left_on": fields.Datetime.now()})

    def action_confirm_sender(self):
        """Say that an e-mail is really from the customer whose address it has."""
        for contact in self.filtered("sender_partner_id"):
            contact.partner_id = contact.sender_partner_id
        return True

    def action_make_request(self):
        """Open a new request about what the customer said.

        :raise UserError: when it is not known who the customer is
        """
        self.ensure_one()
        if self.request_id:
            return self._open(self.request_id)
        if not self.partner_id:
            raise UserError(
                self.env._("%s: choose who it is before you make a request.", self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Request"),
            "res_model": "desk.request",
            "view_mode": "form",
            "context": {
                "default_contact_ids": [fields.Command.link(self.id)],
                "default_name": self.name,
                "default_partner_id": self.partner_id.id,
                "default_description": self.note,
                "default_company_id": self.company_id.id,
            },
        }

    def action_make_appointment(self):
        """Open a new meeting with the customer in the calendar."""
        self.ensure_one()
        if self.event_id:
            return self._open(self.event_id)
        partners = self.partner_id | self.env.user.partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Appointment"),
            "res_model": "calendar.event",
            "view_mode": "form",
            "context": {
                "default_name": self.name,
                "default_partner_ids": [fields.Command.set(partners.ids)],
                "default_desk_contact_ids": [fields.Command.link(self.id)],
            },
        }

    def _open(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    # --- e-mails ----------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Put an e-mail on the board; who it is from is only a guess."""
        vals = dict(custom_values or {})
        sender = msg_dict.get("email_from") or ""
        subject = (msg_dict.get("subject") or "").replace("\x00", "").strip()
        company = self.env["res.company"].browse(vals.get("company_id"))
        vals.update(
            name=subject or self.env._("(no subject)"),
            channel="email",
            direction="in",
            email_from=sender or self.env._("unknown"),
            user_id=False,
            sender_partner_id=self._guess_sender(sender, company).id,
        )
        return super().message_new(msg_dict, vals)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Return the domain of the contacts that one address has made.

        Odoo would count all of today for a sender without an address, and those of
        info@… for o@…, and send what comes after the twentieth back.
        """
        if not email_from_normalized:
            return None
        address = re.sub(r"([\\%_])", r"\\\1", email_from_normalized)
        return Domain("email_from", "=ilike", address) | Domain(
            "email_from", "=ilike", f"%<{address}>"
        )

    @api.model
    def _guess_sender(self, sender, company):
        """Return the customer with an address, none where it is not clear who."""
        address = email_normalize(sender, strict=False)
        partners = self.env["res.partner"]
        if not address:
            return partners
        domain = Domain("email_normalized", "=", address)
        domain &= Domain("company_id", "in", [False, *company.ids])
        partners = partners.search(domain, limit=2)
        return partners if len(partners) == 1 else partners.browse()

    def _is_stranger(self, email_from):
        # the first e-mail makes the contact, and has nothing to be compared with
        return bool(self.message_ids) and super()._is_stranger(email_from)
