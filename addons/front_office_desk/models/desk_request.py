from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

STATES = [
    ("new", "New"),
    ("handed", "Handed over"),
    ("accepted", "Accepted"),
    ("work", "In work"),
    ("answered", "Answered"),
    ("closed", "Closed"),
    ("returned", "Returned"),
    ("merged", "Merged"),
]
# the back office has it
BACK = ("accepted", "work")
# nobody does anything with it any more
DONE = ("closed", "merged")
# what only the buttons change
PROTECTED = {
    "active",
    "number",
    "state",
    "user_id",
    "handed_on",
    "handed_by_id",
    "accepted_on",
    "answered_on",
    "answer",
    "closed_on",
    "closed_by_id",
    "return_reason",
    "accept_due",
    "accept_warn",
    "answer_due",
    "answer_warn",
    "alarm",
    "is_awaiting",
    "pause_ids",
    "merged_into_id",
    "access_token",
}
BACK_GROUP = "front_office_desk.group_desk_back"


class DeskRequest(models.Model):
    _name = "desk.request"
    _description = "Request of a customer"
    _inherit = [
        "desk.protected",
        "desk.mail.guard",
        "portal.mixin",
        "rating.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "name", "partner_id"]
    _primary_email = "email_from"
    _mail_post_access = "read"
    _check_company_auto = True
    # the number is given in create
    _desk_protected = frozenset(PROTECTED - {"number"})

    number = fields.Char(readonly=True, copy=False, index="trigram", default="/")
    name = fields.Char(string="About", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    type_id = fields.Many2one(
        "desk.request.type",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    kind = fields.Selection(related="type_id.kind", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    email_from = fields.Char(related="partner_id.email", string="E-mail address")
    description = fields.Text(help="What the customer wants. The customer reads it.")
    contact_ids = fields.One2many("desk.contact", "request_id", string="Contacts")
    team_id = fields.Many2one(
        "desk.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    front_user_id = fields.Many2one(
        "res.users",
        string="Front office",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Keeps in touch with the customer.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Back office",
        readonly=True,
        index="btree_not_null",
        copy=False,
        tracking=True,
        help="Who accepted the request.",
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="new",
        index=True,
        copy=False,
        tracking=True,
    )
    handed_on = fields.Datetime(string="Handed over", readonly=True, copy=False)
    handed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    accepted_on = fields.Datetime(string="Accepted", readonly=True, copy=False)
    answered_on = fields.Datetime(string="Answered", readonly=True, copy=False)
    answer = fields.Text(readonly=True, copy=False, help="The customer reads it.")
    closed_on = fields.Datetime(string="Closed", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    return_reason = fields.Text(readonly=True, copy=False)
    merged_into_id = fields.Many2one(
        "desk.request", readonly=True, index="btree_not_null", copy=False
    )
    merged_ids = fields.One2many(
        "desk.request",
        "merged_into_id",
        string="Merged into this",
        context={"active_test": False},
    )
    # the clocks
    accept_due = fields.Datetime(
        string="Accept by", readonly=True, copy=False, index="btree_not_null"
    )
    accept_warn = fields.Datetime(readonly=True, copy=False)
    answer_due = fields.Datetime(
        string="Answer by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Empty while the customer is awaited.",
    )
    answer_warn = fields.Datetime(readonly=True, copy=False)
    alarm = fields.Selection(
        [
            ("1_accept", "Accept soon"),
            ("2_accept", "Accepted too late"),
            ("3_answer", "Answer soon"),
            ("4_answer", "Answered too late"),
        ],
        readonly=True,
        copy=False,
        help="The last warning that was sent.",
    )
    pause_ids = fields.One2many(
        "desk.request.pause", "request_id", string="Times of waiting", readonly=True
    )
    is_awaiting = fields.Boolean(
        string="Customer awaited", readonly=True, copy=False, tracking=True
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    can_accept = fields.Boolean(compute="_compute_can_accept")
    # a question on an invoice
    invoice_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice line",
        index="btree_not_null",
        check_company=True,
        groups="base.group_user",
        domain="[('parent_state', '=', 'posted'),"
        " ('move_id.move_type', 'in', ('out_invoice', 'out_refund')),"
        " ('display_type', '=', 'product'),"
        " ('move_id.commercial_partner_id', 'parent_of', partner_id)]",
    )
    invoice_id = fields.Many2one(
        related="invoice_line_id.move_id",
        groups="base.group_user",
    )
    line_quantity = fields.Float(
        related="invoice_line_id.quantity",
        string="Invoiced quantity",
        groups="base.group_user",
    )
    line_price = fields.Float(
        related="invoice_line_id.price_unit",
        string="Invoiced price",
        groups="base.group_user",
    )
    line_discount = fields.Float(
        related="invoice_line_id.discount",
        string="Invoiced discount (%)",
        groups="base.group_user",
    )
    line_list_price = fields.Float(
        related="invoice_line_id.product_id.lst_price",
        string="Sales price now",
        groups="base.group_user",
    )
    # the improvement loop
    cause_id = fields.Many2one(
        "desk.cause",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="Why there was something to complain about.",
    )
    improvement_ids = fields.One2many(
        "desk.improvement",
        "request_id",
        string="Improvements",
        groups="base.group_user",
    )
    no_improvement_reason = fields.Text(
        string="Why nothing is improved",
        groups="base.group_user",
        tracking=True,
        copy=False,
        help="Written where a complaint needs no improvement.",
    )
    refund_ids = fields.Many2many(
        "account.move",
        string="Refunds",
        check_company=True,
        copy=False,
        groups="base.group_user",
        domain="[('move_type', '=', 'out_refund'), ('state', '=', 'posted'),"
        " ('commercial_partner_id', 'parent_of', partner_id)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        string="Cost of the complaint",
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        groups="base.group_user",
        help="The linked refunds without taxes, in the company's currency.",
    )

    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number != '/'",
        "This number is given to another request already.",
    )
    _merged_says_where = models.Constraint(
        "CHECK ((state = 'merged') = (merged_into_id IS NOT NULL))",
        "A merged request says into which one. Use the action Merge.",
    )
    _not_into_itself = models.Constraint(
        "CHECK (merged_into_id IS NULL OR merged_into_id != id)",
        "A request can't be merged into itself.",
    )
    _has_acceptor = models.Constraint(
        "CHECK (state NOT IN ('accepted', 'work') OR user_id IS NOT NULL)",
        "Somebody of the back office has to accept a request first. "
        "Use the button Accept.",
    )
    _alarms = models.Index(
        "(state, accept_warn, answer_warn) WHERE active"
        " AND state IN ('handed', 'accepted', 'work')"
    )

    # --- computes ---------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for request in self:
            number = request.number if request.number != "/" else ""
            request.display_name = " ".join(filter(None, (number, request.name)))

    @api.depends("type_id", "company_id")
    def _compute_team_id(self):
        for request in self:
            kind = request.type_id.with_company(request.company_id)
            request.team_id = kind.team_id or request.team_id

    def _compute_access_url(self):
        for request in self:
            request.access_url = f"/my/requests/{request.id}"

    @api.depends("state", "accept_due", "answer_due")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for request in self:
            late_accept = request.state == "handed" and (request.accept_due or now)
            late_answer = request.state in ("handed", *BACK) and request.answer_due
            request.is_late = bool(
                (late_accept and late_accept < now)
                or (late_answer and late_answer < now)
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        late = Domain("state", "=", "handed") & Domain("accept_due", "<", now)
        late |= Domain("state", "in", ("handed", *BACK)) & Domain(
            "answer_due", "<", now
        )
        return late if True in value else ~late

    @api.depends("state", "team_id")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        is_back = self.env.user.has_group(BACK_GROUP)
        for request in self:
            request.can_accept = (
                is_back and request.state == "handed" and request._is_colleague()
            )

    @api.depends("refund_ids.amount_untaxed_signed", "refund_ids.state")
    def _compute_cost(self):
        for request in self:
            posted = request.refund_ids.filtered(lambda move: move.state == "posted")
            cost = -sum(posted.mapped("amount_untaxed_signed"))
            request.cost = request.currency_id.round(cost) if posted else 0

    # --- constraints ------------------------------------------------------------

    @api.constrains("invoice_line_id", "partner_id")
    def _check_invoice_line(self):
        # sudo: whoever chose the line may not read all of its invoice; who it was
        # sent to has to fit all the same
        for request in self.sudo().filtered("invoice_line_id"):
            move = request.invoice_line_id.move_id
            if (
                move.state != "posted"
                or not move.is_sale_document()
                or move.commercial_partner_id
                != request.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%s: choose a line of a posted invoice of this customer.",
                        request.display_name,
                    )
                )

    @api.constrains("refund_ids", "partner_id")
    def _check_refunds(self):
        # sudo: as above
        for request in self.sudo():
            commercial = request.partner_id.commercial_partner_id
            for move in request.refund_ids:
                if (
                    move.move_type != "out_refund"
                    or move.commercial_partner_id != commercial
                    or move.company_id != request.company_id
                ):
                    raise ValidationError(
                        self.env._(
                            "%(request)s: %(move)s is no refund of this customer.",
                            request=request.display_name,
                            move=move.display_name,
                        )
                    )

    # --- create and write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Open requests and give them their numbers."""
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            # sudo: whoever opens a request takes the next number, and nothing else
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            vals["number"] = sequence.next_by_code("desk.request") or "/"
        requests = super().create(vals_list)
        requests._settle_contacts()
        return requests

    def write(self, vals):
        """Change what people may change; states and clocks have their buttons.

        :raise UserError: when a field of a button is written, or the request is done
        """
        if not self.env.su:
            self._check_write(vals)
        result = super().write(vals)
        if "contact_ids" in vals:
            self._settle_contacts()
        return result

    def _check_write(self, vals):
        if refused := sorted(PROTECTED & vals.keys()):
            labels = [self._fields[name].string for name in refused]
            raise UserError(
                self.env._(
                    "%(request)s: %(fields)s can't be written. Use the buttons.",
                    request=", ".join(self.mapped("display_name")),
                    fields=", ".join(labels),
                )
            )
        if {"type_id", "team_id", "company_id", "partner_id"} & vals.keys():
            for request in self:
                if request.state not in ("new", "returned"):
                    raise UserError(
                        self.env._(
                            "%s is handed over: its customer, type and team stay. "
                            "Return it to the front office first.",
                            request.display_name,
                        )
                    )
        if "partner_id" in vals:
            self._check_other_customer(vals["partner_id"])
        if {"cause_id", "no_improvement_reason", "description"} & vals.keys():
            for request in self:
                if request.state in DONE:
                    raise UserError(
                        self.env._("%s is closed and stays.", request.display_name)
                    )

    def _check_other_customer(self, partner_id):
        """Keep from customers what another one was told or has told.

        :param partner_id: the id of the new customer
        :raise UserError: when the former one follows the request already
        """
        commercial = self.env["res.partner"].browse(partner_id).commercial_partner_id
        for request in self:
            former = request.partner_id.commercial_partner_id
            # sudo: messages and links count, whoever wrote them
            known = request.sudo()
            if former != commercial and (
                known.access_token
                or known.message_ids.filtered(
                    lambda each: (
                        each.message_type in ("comment", "email")
                        and not each.is_internal
                        and not each.subtype_id.internal
                    )
                )
                or known.message_partner_ids & known._get_partner_family()
            ):
                raise UserError(
                    self.env._(
                        "%(request)s: %(customer)s follows it already, and each "
                        "customer reads only their own. Open another request.",
                        request=request.display_name,
                        customer=request.partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        for request in self:
            if request.state != "new":
                raise UserError(
                    self.env._(
                        "%s was handed over and is kept. Close or merge it.",
                        request.display_name,
                    )
                )
        # sudo: what customers said waits for an answer again, whoever took it
        contacts = self.sudo().contact_ids
        contacts.filtered(lambda each: each.outcome == "handed").outcome = False

    def _settle_contacts(self):
        """Say of contacts that wait for nothing else that they were handed over."""
        self.contact_ids.filtered(lambda each: not each.outcome).outcome = "handed"
