from odoo import api, fields, models


class ComplianceScope(models.Model):
    """How one company stands to one obligation: who does it, or why it need not."""

    _name = "compliance.scope"
    _description = "Obligation of a company"
    _order = "company_id, obligation_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    obligation_id = fields.Many2one(
        "compliance.obligation",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    applies = fields.Selection(
        [("facts", "By the company's facts"), ("yes", "Yes"), ("no", "No")],
        required=True,
        default="facts",
    )
    reason = fields.Char(help="Why the facts do not decide.")
    preparer_id = fields.Many2one("res.users", check_company=True)
    reviewer_id = fields.Many2one("res.users", check_company=True)
    manager_id = fields.Many2one("res.users", string="Escalates to", check_company=True)
    reminder_days = fields.Integer(
        default=10, help="How many days before the internal date the preparer is told."
    )
    applies_now = fields.Boolean(compute="_compute_applies_now")
    applies_why = fields.Char(string="Why", compute="_compute_applies_now")
    generation_error = fields.Text(
        readonly=True,
        copy=False,
        help="Why no filings could be generated the last time.",
    )

    _unique_scope = models.UniqueIndex(
        "(company_id, obligation_id)", "A company has one line an obligation."
    )
    _two_people = models.Constraint(
        "CHECK (preparer_id IS NULL OR reviewer_id IS NULL "
        "OR preparer_id != reviewer_id)",
        "The preparer and the reviewer of an obligation must be two people.",
    )
    _reason_given = models.Constraint(
        "CHECK (applies = 'facts' OR COALESCE(TRIM(reason), '') != '')",
        "Give the reason why the company's facts do not decide.",
    )
    _reminder_not_negative = models.Constraint(
        "CHECK (reminder_days >= 0)", "The days of the reminder cannot be negative."
    )

    @api.depends("applies", "reason", "obligation_id", "company_id")
    @api.depends_context("lang")
    def _compute_applies_now(self):
        explained = self.obligation_id._explain(self.company_id)
        for scope in self:
            key = (scope.obligation_id._origin, scope.company_id._origin)
            scope.applies_now, scope.applies_why = explained.get(key, (False, False))

    @api.depends("obligation_id.name", "company_id.name")
    def _compute_display_name(self):
        for scope in self:
            scope.display_name = self.env._(
                "%(obligation)s of %(company)s",
                obligation=scope.obligation_id.name or "",
                company=scope.company_id.name or "",
            )
