from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .compliance_filing import OPEN_STATES


class ComplianceObligation(models.Model):
    """What the law, or the company itself, demands again and again."""

    _name = "compliance.obligation"
    _description = "Obligation"
    _inherit = ["mail.thread"]
    _order = "authority_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="A short code, such as US-941.")
    active = fields.Boolean(default=True)
    authority_id = fields.Many2one(
        "compliance.authority",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    jurisdiction_id = fields.Many2one(
        related="authority_id.jurisdiction_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("tax_return", "Tax return"),
            ("tax_payment", "Tax payment"),
            ("information", "Information return"),
            ("labour_report", "Labour report"),
            ("posting", "Posting"),
            ("registration", "Registration"),
            ("licence", "Licence"),
        ],
        required=True,
        default="tax_return",
        tracking=True,
    )
    description = fields.Html(translate=True)
    legal_reference = fields.Char(help="The statute, or the form's instructions.")
    legal_url = fields.Char(string="Link to the Law")
    penalty = fields.Text(translate=True)
    valid_from = fields.Date()
    valid_to = fields.Date()
    evidence_required = fields.Boolean(
        help="Filed only with a file that proves it: a receipt, a copy."
    )
    # who must
    headcount_from = fields.Integer(help="From how many employees on. 0: always.")
    turnover_from = fields.Monetary(help="From which yearly turnover on. 0: always.")
    currency_id = fields.Many2one("res.currency", string="Currency of the Turnover")
    industry_ids = fields.Many2many("res.partner.industry", help="Empty: all.")
    needs_employees = fields.Boolean(help="Only for companies with employees.")
    responsible_role = fields.Char(
        translate=True, help="Who does it by profession, such as a payroll accountant."
    )
    rule_ids = fields.One2many("compliance.due.rule", "obligation_id", copy=True)
    return_line_ids = fields.One2many(
        "compliance.return.line", "obligation_id", copy=True
    )
    scope_ids = fields.One2many("compliance.scope", "obligation_id")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by all companies."
    )
    applies = fields.Boolean(
        string="Applies to My Company",
        compute="_compute_applies",
        search="_search_applies",
    )
    applies_why = fields.Char(string="Why", compute="_compute_applies")
    next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_next_due_date",
        help="The earliest date of a filing of your company that is not filed yet.",
    )
    scope_id = fields.Many2one(
        "compliance.scope", string="Who Does It", compute="_compute_scope_id"
    )

    _unique_code = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "The code of an obligation must be unique."
    )
    _validity = models.Constraint(
        "CHECK (valid_to >= valid_from)", "An obligation must not end before it begins."
    )
    _thresholds_not_negative = models.Constraint(
        "CHECK (headcount_from >= 0 AND turnover_from >= 0)",
        "The headcount and the turnover from which an obligation applies cannot be "
        "negative.",
    )
    _turnover_has_currency = models.Constraint(
        "CHECK (COALESCE(turnover_from, 0) = 0 OR currency_id IS NOT NULL)",
        "An obligation that depends on the turnover needs the currency of it.",
    )

    # --- applicability ----------------------------------------------------------

    @api.depends(
        "active",
        "valid_from",
        "valid_to",
        "headcount_from",
        "turnover_from",
        "currency_id",
        "industry_ids",
        "needs_employees",
        "jurisdiction_id",
        "company_id",
        "scope_ids.applies",
        "scope_ids.reason",
    )
    @api.depends_context("company", "lang")
    def _compute_applies(self):
        company = self.env.company
        explained = self._explain(company)
        for obligation in self:
            obligation.applies, obligation.applies_why = explained.get(
                (obligation._origin, company), (False, False)
            )

    def _search_applies(self, operator, value):
        if operator != "in":
            return NotImplemented
        obligations = self.search(Domain.TRUE)
        found = obligations._applies_to(self.env.company)[self.env.company]
        domain = Domain("id", "in", found.ids)
        if True not in value:
            return ~domain
        return Domain.TRUE if False in value else domain

    @api.depends_context("company")
    def _compute_next_due_date(self):
        """Read the first date that is open, of all obligations at once."""
        due = dict(
            self.env["compliance.filing"]._read_group(
                [
                    ("obligation_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", OPEN_STATES),
                ],
                ["obligation_id"],
                ["due_date:min"],
            )
        )
        for obligation in self:
            obligation.next_due_date = due.get(obligation._origin, False)

    @api.depends("scope_ids")
    @api.depends_context("company")
    def _compute_scope_id(self):
        scopes = self._get_scopes(self.env.company)
        for obligation in self:
            obligation.scope_id = scopes.get((obligation._origin, self.env.company))

    def _applies_to(self, companies):
        """Return which of the obligations each company has today.

        Facts and lines of the companies are read for all of them at once.

        :param companies: res.company records
        :return: ``{company: obligations}``, a key for each of the companies
        """
        explained = self._explain(companies)
        found = {company: [] for company in companies}
        for (obligation, company), (applies, _why) in explained.items():
            if applies:
                found[company].append(obligation.id)
        return {company: self.browse(ids) for company, ids in found.items()}

    def _explain(self, companies):
        """Return whether obligations apply to companies, and why.

        :return: ``{(obligation, company): (applies, sentence)}``
        """
        facts = companies._compliance_facts()
        scopes = self._get_scopes(companies)
        thresholds = {}
        return {
            (obligation, company): obligation._explain_one(
                company, facts[company], scopes.get((obligation, company)), thresholds
            )
            for obligation in self._origin
            for company in companies
        }

    def _get_scopes(self, companies):
        """Return ``{(obligation, company): its line}``, with one query."""
        # sudo: a line of the company decides, whoever asks
        scopes = (
            self.env["compliance.scope"]
            .sudo()
            .search(
                Domain("company_id", "in", companies.ids)
                & Domain("obligation_id", "in", self._origin.ids)
            )
        )
        return {
            (
                self.browse(scope.obligation_id.id),
                companies.browse(scope.company_id.id),
            ): (scope.with_env(self.env))
            for scope in scopes
        }

    def _explain_one(self, company, facts, scope, thresholds):
        """Return whether one obligation applies to one company, and why.

        :param facts: what ``_compliance_facts`` says of the company
        :param scope: the company's line, or None
        :param thresholds: turnovers in the companies' currencies, filled here
        :return: ``(applies, sentence)``
        """
        if not self.active:
            return False, self.env._("The obligation is archived.")
        if self.company_id and self.company_id != company:
            return False, self.env._("It belongs to another company.")
        # sudo: a line of the company decides, whoever asks
        scope = scope and scope.sudo()
        if scope and scope.applies != "facts":
            why = scope.reason or ""
            if scope.applies == "yes":
                return True, self.env._("Set to apply: %s", why)
            return False, self.env._("Set not to apply: %s", why)
        why_not = (
            self._explain_place(company, facts)
            or self._explain_size(company, facts, thresholds)
            or self._explain_industry(facts)
        )
        return not why_not, why_not or self.env._("The company's facts meet it.")

    def _explain_place(self, company, facts):
        """Return why the company's address keeps it from the obligation, or ""."""
        # sudo: branches and places are no secret within the company
        if company.sudo().parent_id:
            return self.env._("A branch's obligations are those of the company above.")
        place = self.jurisdiction_id
        if place.country_id != facts["country"]:
            return self.env._("The company is not in %s.", place.country_id.name)
        if place.state_id and place.state_id != facts["state"]:
            return self.env._("The company is not in %s.", place.state_id.name)
        cities = [city.strip().casefold() for city in (place.city or "").split(",")]
        if place.city and facts["city"] not in cities:
            return self.env._("The company is not in %s.", place.city)
        return ""

    def _explain_size(self, company, facts, thresholds):
        """Return why the company's size keeps it from the obligation, or ""."""
        if self.needs_employees and not facts["headcount"]:
            return self.env._("The company has no employees.")
        if facts["headcount"] < self.headcount_from:
            return self.env._(
                "The company has fewer than %s employees.", self.headcount_from
            )
        if self.turnover_from:
            key = (self.currency_id, self.turnover_from, company)
            if key not in thresholds:
                thresholds[key] = self.currency_id._convert(
                    self.turnover_from,
                    company.currency_id,
                    company,
                    fields.Date.context_today(self),
                )
            if (
                company.currency_id.compare_amounts(facts["turnover"], thresholds[key])
                < 0
            ):
                return self.env._(
                    "The turnover is below %s.",
                    self.currency_id.format(self.turnover_from),
                )
        return ""

    def _explain_industry(self, facts):
        """Return why the company's industry keeps it from the obligation, or ""."""
        if self.industry_ids and facts["industry"] not in self.industry_ids:
            return self.env._("The company is in another industry.")
        return ""

    def action_open_scope(self):
        """Open, and first make, how the current company stands to the obligation."""
        self.ensure_one()
        company = self.env.company
        if self.company_id and self.company_id != company:
            raise ValidationError(
                self.env._(
                    "%(obligation)s belongs to %(company)s: switch to that company.",
                    obligation=self.display_name,
                    company=self.company_id.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Does It"),
            "res_model": "compliance.scope",
            "res_id": self.scope_id.id,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_obligation_id": self.id,
                "default_company_id": company.id,
            },
        }
