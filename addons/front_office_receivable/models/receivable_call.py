from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..promise_sql import (
    earlier_promises,
    replace_earlier,
    take_figures,
    update_cases,
)

REASONS = [
    ("not_received", "Invoice not received"),
    ("disputed", "Disputed"),
    ("approval", "Approval pending"),
    ("cash", "Cash shortage"),
    ("bank_data", "Wrong bank data"),
    ("goods", "Goods missing"),
    ("other", "Other"),
]
OUTCOMES = [
    ("reached", "Spoke to somebody"),
    ("message", "Left a message"),
    ("no_answer", "Nobody answered"),
]
# What was said and agreed stays as it was logged.
FROZEN = {
    "amount_due",
    "company_id",
    "date",
    "logged",
    "move_ids",
    "paid_before",
    "partner_id",
    "promise_ids",
    "user_id",
}


class ReceivableCall(models.Model):
    """A call with a customer about invoices that are late, and what came out of it."""

    _name = "receivable.call"
    _description = "Call about Late Money"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "partner_id"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Who Was Called",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    phone = fields.Char(related="contact_id.phone")
    date = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Called By",
        required=True,
        default=lambda self: self.env.user,
        index=True,
    )
    move_ids = fields.Many2many(
        "account.move",
        "receivable_call_move_rel",
        "call_id",
        "move_id",
        string="Invoices",
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('company_id', '=', company_id), ('state', '=', 'posted'),"
        " ('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('payment_state', 'in', ('not_paid', 'partial', 'in_payment'))]",
        check_company=True,
    )
    amount_open = fields.Monetary(
        string="Owed Now",
        compute="_compute_amount_open",
        help="What is open on these invoices now, in the currency of the company.",
    )
    amount_due = fields.Monetary(string="Owed at the Call", readonly=True, copy=False)
    paid_before = fields.Monetary(
        string="Paid before the Call", readonly=True, copy=False
    )
    outcome = fields.Selection(OUTCOMES, required=True, default="reached")
    reason = fields.Selection(REASONS, string="Reason for the Delay", index=True)
    note = fields.Text()
    promise_ids = fields.One2many("receivable.promise", "call_id", string="Promises")
    logged = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whether its figures have been taken from the ledger: nothing is added to "
        "the agreement any more.",
    )
    next_call_date = fields.Date(
        string="Next Call",
        help="Leave it empty where money was promised: a broken promise sets it. "
        "Otherwise it is set some working days ahead.",
    )

    # --- computes ---------------------------------------------------------------------

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for call in self:
            day = call.date and fields.Datetime.context_timestamp(call, call.date)
            call.display_name = " · ".join(
                filter(None, (call.partner_id.name, str(day.date()) if day else ""))
            )

    @api.depends("move_ids.amount_residual_signed")
    def _compute_amount_open(self):
        for call in self:
            # as stored: a screen that is being filled in would compute them anew; the
            # rule of a joint call leaves other people's invoices in memory
            moves = call.move_ids._origin._filtered_access("read")
            call.amount_open = sum(moves.mapped("amount_residual_signed"))

    # --- constraints ------------------------------------------------------------------

    @api.constrains("move_ids", "partner_id", "company_id")
    def _check_moves(self):
        for call in self:
            # what is compared is not shown; sudo reads it of the call's own invoices
            moves = call.sudo().move_ids
            if not moves:
                raise ValidationError(
                    self.env._(
                        "Name the Invoices that the call with “%s” was about.",
                        call.partner_id.display_name,
                    )
                )
            wrong = moves.filtered(
                lambda move, call=call: move.commercial_partner_id != call.partner_id
                or move.state != "posted"
                or move.move_type not in ("out_invoice", "out_receipt")
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "“%(invoice)s” is not a posted invoice of “%(customer)s”. Take "
                        "it out of the Invoices of the call.",
                        invoice=wrong[0].name,
                        customer=call.partner_id.display_name,
                    )
                )

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        """Check who was called: their number is shown, and they get the reminder."""
        for call in self:
            # sudo: a contact whom the caller may not read is refused with this word
            contact = call.sudo().contact_id
            if contact and contact.commercial_partner_id != call.partner_id:
                raise ValidationError(
                    self.env._(
                        "Who Was Called is not a contact of “%s”. Choose one of the "
                        "customer's contacts, or add the person there first.",
                        call.partner_id.display_name,
                    )
                )

    @api.constrains("outcome", "reason", "note")
    def _check_reason(self):
        for call in self:
            if call.outcome == "reached" and not call.reason:
                raise ValidationError(
                    self.env._(
                        "Choose the Reason for the Delay that “%s” gave.",
                        call.partner_id.display_name,
                    )
                )
            if call.reason == "other" and not (call.note or "").strip():
                raise ValidationError(
                    self.env._(
                        "Write in the Note what the other reason of “%s” is.",
                        call.partner_id.display_name,
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        now = fields.Datetime.now()
        for call in self:
            if call.date > now:
                raise ValidationError(
                    self.env._(
                        "The call with “%s” lies in the future. Set When to the time "
                        "at which it was, or plan it as Next Call.",
                        call.partner_id.display_name,
                    )
                )

    def _check_promises(self):
        """Check what was promised against what is owed and against the day of the call.

        :raise ValidationError: where more is promised than is owed, or for the past
        """
        for call in self:
            day = fields.Datetime.context_timestamp(call, call.date).date()
            if any(promise.date < day for promise in call.promise_ids):
                raise ValidationError(
                    self.env._(
                        "A promise of “%s” is for a day before the call. Set Promised "
                        "For to a later day.",
                        call.partner_id.display_name,
                    )
                )
            promised = sum(call.promise_ids.mapped("amount"))
            if call.currency_id.compare_amounts(promised, call.amount_due) > 0:
                raise ValidationError(
                    self.env._(
                        "“%(customer)s” promised %(promised)s and owes only %(due)s on "
                        "the invoices of this call. Lower the Amount of a promise, or "
                        "add the invoices that were meant as well.",
                        customer=call.partner_id.display_name,
                        promised=call.currency_id.format(promised),
                        due=call.currency_id.format(call.amount_due),
                    )
                )

    # --- create and write -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        calls = super(
            ReceivableCall, self.with_context(mail_create_nosubscribe=True)
        ).create(vals_list)
        calls = calls.with_env(self.env)
        # an invoice that somebody may not read is not theirs to call about
        # sudo names them all: whoever may not read one would not see it among them
        calls.sudo().move_ids.with_env(self.env).check_access("read")
        calls._check_caller()
        calls._plan_next_call()
        calls._take_to_ledger()
        calls._check_promises()
        calls._pause_disputed()
        return calls

    def write(self, vals):
        if not self.env.su and FROZEN & vals.keys():
            fields_get = self.fields_get(sorted(FROZEN & vals.keys()), ["string"])
            raise UserError(
                self.env._(
                    "What was agreed in the call “%(call)s” stays (%(fields)s). Log "
                    "another call; its promises replace those of before.",
                    call=self[:1].display_name,
                    fields=", ".join(each["string"] for each in fields_get.values()),
                )
            )
        if {"reason", "next_call_date"} & vals.keys():
            # they change the invoices' cases, and a dispute pauses: sudo names all
            self.sudo().move_ids.with_env(self.env).check_access("read")
        result = super().write(vals)
        if {"reason", "next_call_date"} & vals.keys():
            self._refresh_cases()
        if vals.get("reason") == "disputed":
            self._pause_disputed()
        return result

    def _check_access(self, operation):
        result = super()._check_access(operation)
        self._forget_moves()
        return result

    def _forget_moves(self):
        """Drop the invoices from memory that a record rule has read as superuser.

        Of a joint call they would be taken for what the user may see, and a form that
        names them would fail.
        """
        stored = self.browse(call_id for call_id in self._ids if call_id)
        stored.invalidate_recordset(["move_ids"], flush=False)

    def _check_caller(self):
        """Refuse a call in somebody else's name, but from an administrator.

        :raise AccessError: for the first such call
        """
        if self.env.su or self.env.user.has_group(
            "front_office_receivable.group_receivable_admin"
        ):
            return
        for call in self:
            if call.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "You can log your own calls only. Set Called By of the call "
                        "with “%s” to yourself.",
                        call.partner_id.display_name,
                    )
                )

    def _pause_disputed(self):
        """Pause what customers dispute; the note says why."""
        disputed = self.filtered(lambda call: call.reason == "disputed")
        for note, calls in disputed.grouped("note").items():
            calls.move_ids._pause_receivable(note or self.env._("Disputed"))

    def _plan_next_call(self):
        """Set the next call of those that ended without a promise and without a day."""
        todays = self.env["res.company"]._get_receivable_today()
        open_ended = self.filtered(
            lambda call: not call.promise_ids and not call.next_call_date
        )
        for company, calls in open_ended.grouped("company_id").items():
            # sudo: the company's schedule is not for everybody's eyes
            company = company.sudo()
            today = todays[company.id]
            after = company._get_receivable_days(
                [today], company.receivable_follow_days
            )
            calls.next_call_date = after[today]

    def _take_to_ledger(self):
        """Store what the ledger says at the moment of the call."""
        self.env["receivable.promise"]._flush_ledger()
        self.env.cr.execute(take_figures(self.ids))
        self.invalidate_recordset(["amount_due", "paid_before", "logged"])
        agreed = self.filtered("promise_ids")
        if agreed:
            # what was broken yesterday is broken, though the night has not said so yet
            for state in ("void", "kept", "broken"):
                promises = self.env["receivable.promise"]
                promises._decide(state, earlier_promises(agreed.ids))
            self.env.cr.execute(replace_earlier(agreed.ids))
            self.env["receivable.promise"].invalidate_model(["state"])
        self.env.cr.execute(update_cases(self.ids))
        self.env["receivable.case"].invalidate_model()

    def _refresh_cases(self):
        """Tell the invoices of their last calls the reason and the next call."""
        # cases are written by nobody; sudo, for those of these calls only
        cases = self.env["receivable.case"].sudo().search([("call_id", "in", self.ids)])
        for call, known in cases.grouped("call_id").items():
            known.write({"reason": call.reason, "next_call_date": call.next_call_date})

    # --- actions ----------------------------------------------------------------------

    @api.model
    def _get_screen(self, partner, company, moves):
        """Return the one screen in which a call is logged.

        :param partner: the customer
        :param company: whose invoices
        :param moves: the invoices that the call is about for sure
        """
        overdue = self.env["receivable.item"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("overdue", "=", True),
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Call"),
            "res_model": "receivable.call",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_company_id": company.id,
                "default_partner_id": partner.id,
                "default_contact_id": partner.id,
                "default_move_ids": [Command.set((moves | overdue.move_id).ids)],
            },
        }

    def _get_reminder_moves(self):
        """Return the invoices that a reminder lists: open ones that the sender sees."""
        moves = self.move_ids._filtered_access("read")
        return moves.filtered("amount_residual")

    def action_send_mail(self):
        """Open the reminder to the customer, in the customer's language.

        :raise UserError: while a dispute runs
        """
        self.ensure_one()
        # a dispute about what has been paid since keeps no reminder back
        domain = [
            ("move_id", "in", self.move_ids.ids),
            ("move_id.amount_residual", ">", 0),
            ("paused_on", "!=", False),
        ]
        # sudo: the case of an invoice that was handed over is not the caller's
        paused = self.env["receivable.case"].sudo().search(domain, limit=1)
        if paused:
            raise UserError(
                self.env._(
                    "Reminders of “%(invoice)s” are paused since %(day)s: %(reason)s. "
                    "Settle that first, or send a message without a reminder.",
                    invoice=paused.move_id.name,
                    day=paused.paused_on,
                    reason=paused.pause_reason,
                )
            )
        template = self.env.ref("front_office_receivable.mail_template_call")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send a Reminder"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
            },
        }
