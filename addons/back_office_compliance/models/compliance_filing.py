from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import NO_ACCESS, Command

from .. import reader_rights

OPEN_STATES = ("to_prepare", "review", "ready")
FROZEN_STATES = ("filed", "accepted", "rejected", "amended")
# So many days before the internal date a filing is due soon.
NEAR_DAYS = 7
# Kept by the database as they were when the filing was filed.
FROZEN_FIELDS = (
    "name",
    "company_id",
    "obligation_id",
    "authority_id",
    "jurisdiction_id",
    "kind",
    "filed_obligation",
    "filed_authority",
    "rule_id",
    "period_start",
    "period_end",
    "event_key",
    "event_salt",
    "due_date",
    "internal_date",
    "prepared_by_id",
    "reviewed_by_id",
    "filed_by_id",
    "override_by_id",
    "override_reason",
    "override_covers",
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
    "filed_obligation": (),
    "filed_authority": (),
    "is_personal": (),
    "recorded_event_id": (),
    "event_salt": (),
    "no_longer_due": (),
    "reminder_error": (),
    "state": (),
    "prepared_by_id": (),
    "contributor_ids": (),
    "reviewed_by_id": (),
    "filed_by_id": (),
    "override_by_id": (),
    "override_reason": (),
    "override_covers": (),
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

    name = fields.Char(compute="_compute_identity", store=True, precompute=True)
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
    # those of the obligation, until it is filed: then they stay as they are
    authority_id = fields.Many2one(
        "compliance.authority",
        compute="_compute_identity",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    jurisdiction_id = fields.Many2one(
        "compliance.jurisdiction",
        compute="_compute_identity",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=lambda self: self.env["compliance.obligation"]
        ._fields["kind"]
        ._description_selection(self.env),
        compute="_compute_identity",
        store=True,
        precompute=True,
    )
    filed_obligation = fields.Char(
        string="Obligation as Filed",
        readonly=True,
        copy=False,
        help="The name of the obligation when it was filed.",
    )
    filed_authority = fields.Char(
        string="Authority as Filed",
        readonly=True,
        copy=False,
        help="The name of the authority when it was filed.",
    )
    obligation_name = fields.Char(
        string="What",
        compute="_compute_shown_names",
        help="The obligation; for what was filed, by the name that it had then.",
    )
    authority_name = fields.Char(
        string="To Whom",
        compute="_compute_shown_names",
        help="The authority; for what was filed, by the name that it had then.",
    )
    period_start = fields.Date(required=True, help="Or the day of the event.")
    period_end = fields.Date(required=True)
    event_key = fields.Char(
        default="",
        required=True,
        copy=False,
        groups=NO_ACCESS,
        help="What happened, such as hr.employee,7; empty for a period. It names a "
        "person: shown as “About” only, to those who may read the record.",
    )
    event_salt = fields.Char(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="Makes the seal of what happened one that nobody can guess.",
    )
    event_name = fields.Char(
        string="About", compute="_compute_event_name", compute_sudo=False
    )
    is_personal = fields.Boolean(
        string="About a Person",
        compute="_compute_is_personal",
        store=True,
        help="For HR officers, auditors and the people named on the filing only.",
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
    contributor_ids = fields.Many2many(
        "res.users",
        "compliance_filing_contributor_rel",
        string="Entered by",
        readonly=True,
        copy=False,
        help="Who typed the declared amount or handed the filing to review: none of "
        "them reviews it or overrides its checks.",
    )
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    filed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    override_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    override_reason = fields.Text(readonly=True, copy=False)
    override_covers = fields.Json(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="The findings, and the checks without an answer, that stood when the "
        "override was written.",
    )
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
    frozen = fields.Json(readonly=True, copy=False, groups=NO_ACCESS)
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

    @api.depends(
        "obligation_id.code",
        "obligation_id.authority_id",
        "obligation_id.jurisdiction_id",
        "obligation_id.kind",
        "period_end",
        "amendment_number",
    )
    def _compute_identity(self):
        """Follow the obligation, until the filing is filed."""
        for filing in self:
            if filing.frozen_hash and filing.name:
                # as filed, whatever has become of the obligation
                for name in ("name", "authority_id", "jurisdiction_id", "kind"):
                    filing[name] = filing[name]
                continue
            obligation = filing.obligation_id
            number = filing.amendment_number
            parts = (
                obligation.code,
                str(filing.period_end or ""),
                f"/{number}" if number else "",
            )
            filing.name = " ".join(part for part in parts if part)
            filing.authority_id = obligation.authority_id
            filing.jurisdiction_id = obligation.jurisdiction_id
            filing.kind = obligation.kind

    @api.depends("obligation_id.name", "authority_id.name", "frozen_hash")
    @api.depends_context("lang")
    def _compute_shown_names(self):
        for filing in self:
            filing.obligation_name = (
                filing.filed_obligation or filing.obligation_id.name
            )
            filing.authority_name = filing.filed_authority or filing.authority_id.name

    @api.depends(
        "event_key",
        "rule_id.trigger",
        "rule_id.event",
        "obligation_id.rule_ids.trigger",
        "obligation_id.rule_ids.event",
    )
    def _compute_is_personal(self):
        """Tell filings about one person; those made by hand by their obligation."""
        for filing in self:
            rules = filing.rule_id or filing.obligation_id.rule_ids
            filing.is_personal = (filing.event_key or "").startswith("hr.") or any(
                rule._is_about_a_person() for rule in rules
            )

    @api.depends("event_key")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_event_name(self):
        """Name the person to who may read the record, and to the auditor."""
        self.event_name = False
        hidden = self.env._("A record that you may not read")
        keys = {}
        # sudo: nobody reads the key; what it names is shown by the reader's rights
        for filing in self.sudo().filtered("event_key"):
            filing.with_env(self.env).event_name = hidden
            model, _comma, number = filing.event_key.partition(",")
            if model in self.env and number.isdigit():
                keys.setdefault(model, {})[filing.id] = int(number)
        for model, numbers in keys.items():
            records = self.env[model].browse(set(numbers.values()))
            names = reader_rights.get_names(records)
            for filing in self.filtered(lambda f, ids=numbers: f.id in ids):
                filing.event_name = names.get(numbers[filing.id], hidden)

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
        filings.filtered("amount_declared")._add_contributor()
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
        # sudo: also the files that the user may not read
        before = self.sudo().evidence_ids if "evidence_ids" in vals else None
        typed = self._filter_typed(vals)
        result = super().write(vals)
        typed._add_contributor()
        if before is not None:
            self._check_evidence(before)
        return result

    def _filter_typed(self, vals):
        """Return the filings to which values give another declared amount."""
        if "amount_declared" not in vals:
            return self.browse()
        amount = vals["amount_declared"] or 0.0
        return self.filtered(
            lambda filing: filing.currency_id.compare_amounts(
                filing.amount_declared, amount
            )
        )

    def _add_contributor(self):
        """Keep who entered figures; as superuser too, but for the machine itself."""
        if self and self.env.uid != SUPERUSER_ID:
            # sudo: nobody writes by hand who entered the figures
            self.sudo().write({"contributor_ids": [Command.link(self.env.uid)]})

    @api.constrains(
        "contributor_ids", "prepared_by_id", "reviewed_by_id", "override_by_id"
    )
    def _check_two_people(self):
        """Refuse a reviewer, or a manager who overrides, who entered the figures.

        :raises ValidationError: names the filing, the person and what to do
        """
        for filing in self:
            judges = filing.reviewed_by_id | filing.override_by_id
            if both := judges & (filing.contributor_ids | filing.prepared_by_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s entered figures of %(filing)s: its review, and an "
                        "override of its checks, take somebody else.",
                        user=both[0].name,
                        filing=filing.name,
                    )
                )

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
        names = {
            "evidence_ids",
            "line_ids",
            "contributor_ids",
            *FROZEN_FIELDS,
        } & vals.keys()
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
