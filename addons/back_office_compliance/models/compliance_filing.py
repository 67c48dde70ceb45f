from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPEN_STATES = ("to_prepare", "review", "ready")
FROZEN_STATES = ("filed", "accepted", "rejected", "amended")
# So many days before the internal date a filing is due soon.
NEAR_DAYS = 7
# Kept by the database as they were when the filing was filed.
FROZEN_FIELDS = (
    "company_id",
    "obligation_id",
    "rule_id",
    "period_start",
    "period_end",
    "event_key",
    "due_date",
    "internal_date",
    "prepared_by_id",
    "reviewed_by_id",
    "filed_by_id",
    "override_by_id",
    "override_reason",
    "amount_computed",
    "amount_declared",
    "receipt_number",
    "filed_on",
    "amends_id",
    "amendment_number",
    "frozen",
    "frozen_hash",
)
# In which states a person may change a field by hand; () is for actions only.
EDITABLE_IN = {
    "company_id": ("to_prepare",),
    "obligation_id": ("to_prepare",),
    "rule_id": ("to_prepare",),
    "period_start": ("to_prepare",),
    "period_end": ("to_prepare",),
    "event_key": ("to_prepare",),
    "due_date": OPEN_STATES,
    "internal_date": OPEN_STATES,
    "preparer_id": ("to_prepare", "review"),
    "reviewer_id": OPEN_STATES,
    "amount_declared": ("to_prepare",),
    "receipt_number": OPEN_STATES,
    "filed_on": OPEN_STATES,
    "evidence_ids": OPEN_STATES,
    "name": (),
    "authority_id": (),
    "jurisdiction_id": (),
    "kind": (),
    "no_longer_due": (),
    "reminder_error": (),
    "state": (),
    "prepared_by_id": (),
    "reviewed_by_id": (),
    "filed_by_id": (),
    "override_by_id": (),
    "override_reason": (),
    "amount_computed": (),
    "accepted_on": (),
    "rejection_reason": (),
    "amends_id": (),
    "amendment_ids": (),
    "amendment_number": (),
    "line_ids": (),
    "frozen": (),
    "frozen_hash": (),
}
# What a due rule gives; on another period a filing would dodge its own findings.
GIVEN_BY_RULE = {
    "company_id",
    "obligation_id",
    "rule_id",
    "period_start",
    "period_end",
    "event_key",
}


class ComplianceFiling(models.Model):
    """One obligation for one period (or event) of one company."""

    _name = "compliance.filing"
    _description = "Filing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "due_date, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    obligation_id = fields.Many2one(
        "compliance.obligation",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    rule_id = fields.Many2one(
        "compliance.due.rule", ondelete="restrict", check_company=True
    )
    authority_id = fields.Many2one(
        related="obligation_id.authority_id", store=True, index=True
    )
    jurisdiction_id = fields.Many2one(
        related="obligation_id.jurisdiction_id", store=True, index=True
    )
    kind = fields.Selection(related="obligation_id.kind", store=True)
    period_start = fields.Date(required=True, help="Or the day of the event.")
    period_end = fields.Date(required=True)
    event_key = fields.Char(
        default="",
        required=True,
        help="What happened, such as hr.employee,7; empty for a period.",
    )
    due_date = fields.Date(
        string="Statutory Due Date", required=True, index=True, tracking=True
    )
    internal_date = fields.Date(string="Internal Due Date", required=True, index=True)
    state = fields.Selection(
        [
            ("to_prepare", "To prepare"),
            ("review", "In review"),
            ("ready", "Ready"),
            ("filed", "Filed"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("amended", "Amended"),
        ],
        required=True,
        default="to_prepare",
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    urgency = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("near", "Due soon"),
            ("later", "Later"),
            ("done", "Filed"),
        ],
        compute="_compute_urgency",
    )
    preparer_id = fields.Many2one(
        "res.users", index=True, check_company=True, tracking=True
    )
    reviewer_id = fields.Many2one(
        "res.users", index=True, check_company=True, tracking=True
    )
    prepared_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    filed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    override_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    override_reason = fields.Text(readonly=True, copy=False)
    amount_computed = fields.Monetary(readonly=True, copy=False)
    amount_declared = fields.Monetary(copy=False, tracking=True)
    receipt_number = fields.Char(copy=False, tracking=True)
    filed_on = fields.Date(copy=False, tracking=True)
    accepted_on = fields.Date(copy=False)
    rejection_reason = fields.Text(copy=False)
    amends_id = fields.Many2one(
        "compliance.filing", readonly=True, index="btree_not_null", check_company=True
    )
    amendment_ids = fields.One2many("compliance.filing", "amends_id", readonly=True)
    amendment_number = fields.Integer(default=0, readonly=True, copy=False)
    evidence_ids = fields.Many2many("ir.attachment", copy=False)
    line_ids = fields.One2many("compliance.filing.line", "filing_id", copy=False)
    frozen = fields.Json(readonly=True, copy=False)
    frozen_hash = fields.Char(
        readonly=True, copy=False, help="SHA-256 of what was filed."
    )

    _unique_filing = models.UniqueIndex(
        "(company_id, obligation_id, period_start, event_key, amendment_number)",
        "There is one filing an obligation, period and company.",
    )
    _review_by_another = models.Constraint(
        "CHECK (reviewed_by_id IS NULL OR reviewed_by_id != prepared_by_id)",
        "Somebody else than the preparer has to review a filing.",
    )
    _override_by_another = models.Constraint(
        "CHECK (override_by_id IS NULL OR ("
        "override_by_id IS DISTINCT FROM prepared_by_id "
        "AND override_by_id IS DISTINCT FROM reviewed_by_id))",
        "An override takes a manager who neither prepared nor reviewed the filing.",
    )
    _filed_is_frozen = models.Constraint(
        "CHECK (state IN ('to_prepare', 'review', 'ready') OR "
        "(frozen_hash IS NOT NULL AND filed_on IS NOT NULL))",
        "A filing is filed with the button, which freezes what was filed.",
    )
    _period_order = models.Constraint(
        "CHECK (period_end >= period_start)",
        "The period of a filing must not end before it begins.",
    )

    @api.depends("obligation_id.code", "period_end", "event_key", "amendment_number")
    def _compute_name(self):
        for filing in self:
            number = filing.amendment_number
            parts = (
                filing.obligation_id.code,
                str(filing.period_end or ""),
                f"/{number}" if number else "",
            )
            filing.name = " ".join(part for part in parts if part)

    @api.depends("state", "due_date", "internal_date")
    @api.depends_context("tz")
    def _compute_urgency(self):
        today = fields.Date.context_today(self)
        soon = fields.Date.add(today, days=NEAR_DAYS)
        for filing in self:
            if filing.state not in OPEN_STATES:
                filing.urgency = "done"
            elif filing.due_date and filing.due_date < today:
                filing.urgency = "overdue"
            elif filing.internal_date and filing.internal_date <= soon:
                filing.urgency = "near"
            else:
                filing.urgency = "later"

    @api.model_create_multi
    def create(self, vals_list):
        """Create filings that are to be prepared; what actions write stays empty.

        :raises UserError: when a plain user gives what only actions write
        """
        if not self.env.su:
            for vals in vals_list:
                self._check_new_values(vals)
        filings = super().create(vals_list)
        filings._check_evidence(self.env["ir.attachment"])
        return filings

    def write(self, vals):
        """Write what the state of the filing leaves open.

        :raises UserError: for a field that is frozen, or that only actions write
        """
        # before any refusal, which names the filing
        self.check_access("write")
        self._check_frozen_values(vals)
        if not self.env.su:
            self._check_open_values(vals)
        if "evidence_ids" not in vals:
            return super().write(vals)
        # sudo: also the files that the user may not read
        before = self.sudo().evidence_ids
        result = super().write(vals)
        self._check_evidence(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for filing in self:
            if filing.state != "to_prepare":
                raise UserError(
                    self.env._(
                        "%(filing)s is %(state)s and cannot be deleted. Only a filing "
                        "that is still to be prepared can.",
                        filing=filing.name,
                        state=filing._get_state_label(),
                    )
                )

    def _get_state_label(self):
        """Return the state in the words of the screen, in lower case."""
        self.ensure_one()
        selection = dict(self._fields["state"]._description_selection(self.env))
        return selection[self.state].lower()

    def _get_labels(self, names):
        """Return the labels of fields for a message, by commas."""
        described = self.fields_get(names, ["string"])
        return ", ".join(described.get(n, {}).get("string", n) for n in sorted(names))

    def _check_new_values(self, vals):
        given = {name for name, states in EDITABLE_IN.items() if not states} & {
            name for name, value in vals.items() if value
        }
        if vals.get("state") == "to_prepare":
            given.discard("state")
        if given:
            raise UserError(
                self.env._(
                    "A new filing is to be prepared: leave out %(fields)s, which the "
                    "buttons of the filing write.",
                    fields=self._get_labels(given),
                )
            )

    def _check_frozen_values(self, vals):
        """Refuse, also as superuser, what would change a filed filing."""
        names = {"evidence_ids", "line_ids", *FROZEN_FIELDS} & vals.keys()
        thaws = vals.get("state", "filed") not in FROZEN_STATES
        if not names and not thaws:
            return
        # sudo: whether it is frozen does not depend on who asks
        for filing in self.sudo():
            if filing.frozen_hash:
                raise UserError(
                    self.env._(
                        "%(filing)s was filed on %(date)s and is frozen: %(fields)s "
                        "cannot change any more. Start an amendment instead.",
                        filing=filing.name,
                        date=filing.filed_on,
                        fields=self._get_labels(names or {"state"}),
                    )
                )

    def _check_evidence(self, before):
        """Check that whoever adds a file may read it: the pack would give it away.

        :param before: the files that were there already
        :raises AccessError: for a file that the user may not read
        """
        if not self.env.su:
            # sudo: also the files that the user may not read, to refuse them
            added = self.sudo().evidence_ids - before
            added.with_env(self.env).check_access("read")

    def _check_open_values(self, vals):
        """Refuse what the state does not leave to people."""
        guarded = vals.keys() & EDITABLE_IN.keys()
        for filing in self:
            closed = {n for n in guarded if filing.state not in EDITABLE_IN[n]}
            if closed:
                raise UserError(
                    self.env._(
                        "%(filing)s is %(state)s: %(fields)s cannot be changed by hand "
                        "now. Use the buttons of the filing, or send it back.",
                        filing=filing.name,
                        state=filing._get_state_label(),
                        fields=self._get_labels(closed),
                    )
                )
        self._check_rule_values(vals)
        is_manager = self.env.user.has_group(
            "back_office_compliance.group_compliance_manager"
        )
        if "due_date" in vals and not is_manager:
            raise AccessError(
                self.env._(
                    "The statutory due date of %(filing)s is the law's: only a manager "
                    "of compliance corrects it.",
                    filing=", ".join(self.mapped("name")),
                )
            )

    def _check_rule_values(self, vals):
        """Refuse another obligation or period for what a rule has generated.

        :raises UserError: names the filing, the fields and what to do
        """
        names = GIVEN_BY_RULE & vals.keys()
        for filing in self.filtered("rule_id") if names else ():
            raise UserError(
                self.env._(
                    "%(filing)s comes from a due rule, which gives %(fields)s. Correct "
                    "the rule of the obligation instead.",
                    filing=filing.name,
                    fields=self._get_labels(names),
                )
            )
