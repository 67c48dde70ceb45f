from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# every employee may read the company's record; these figures are for whom they concern
READERS = (
    "back_office_compliance.group_compliance_viewer,"
    "back_office_compliance.group_compliance_auditor"
)


class ResCompany(models.Model):
    _inherit = "res.company"

    compliance_industry_id = fields.Many2one("res.partner.industry", string="Industry")
    compliance_turnover = fields.Monetary(
        string="Yearly Turnover",
        groups=READERS,
        help="Decides which obligations apply. Empty: the turnover posted in the last "
        "twelve whole months.",
    )
    compliance_headcount = fields.Integer(
        string="Headcount",
        groups=READERS,
        help="Decides which obligations apply. Empty: the employees of the company.",
    )
    compliance_start = fields.Date(
        string="Filings from",
        default=fields.Date.context_today,
        help="Filings are generated whose statutory date is this day or later.",
    )
    compliance_preparer_id = fields.Many2one(
        "res.users", string="Default Preparer of Filings"
    )
    compliance_reviewer_id = fields.Many2one(
        "res.users", string="Default Reviewer of Filings"
    )
    compliance_manager_id = fields.Many2one(
        "res.users", string="Late Filings Escalate to"
    )
    compliance_reminder_days = fields.Integer(
        string="Reminder of Filings",
        default=10,
        help="How many days before the internal date the preparer is told.",
    )
    compliance_error = fields.Text(
        string="Error of the Last Generation of Filings",
        groups=READERS,
        readonly=True,
        copy=False,
    )

    _compliance_two_people = models.Constraint(
        "CHECK (compliance_preparer_id IS NULL OR compliance_reviewer_id IS NULL "
        "OR compliance_preparer_id != compliance_reviewer_id)",
        "The default preparer and reviewer of filings must be two people.",
    )
    _compliance_facts_not_negative = models.Constraint(
        "CHECK (COALESCE(compliance_headcount, 0) >= 0 "
        "AND COALESCE(compliance_reminder_days, 0) >= 0)",
        "The headcount and the days of the reminder cannot be negative.",
    )

    @api.constrains(
        "compliance_preparer_id", "compliance_reviewer_id", "compliance_manager_id"
    )
    def _check_compliance_people(self):
        for company in self:
            # sudo: who may set up the company need not see every user
            own = company.sudo()
            people = own.compliance_preparer_id | own.compliance_reviewer_id
            people |= own.compliance_manager_id
            if outsiders := people.filtered(
                lambda user, company=company: company not in user.company_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot be responsible for filings of %(company)s: "
                        "give the user access to the company first.",
                        user=outsiders[0].name,
                        company=company.name,
                    )
                )

    # --- facts ------------------------------------------------------------------

    def _compliance_facts(self):
        """Return what decides which obligations a company has.

        Branches count with the companies above them. What is typed wins over what is
        counted; employees of the types contractor and freelancer are not counted.

        :return: ``{company: {"country", "state", "city", "headcount", "turnover",
            "industry"}}``, the turnover in the company's currency
        """
        branches = self._get_branches()
        headcounts = self._count_employees(branches)
        turnovers = self._sum_turnover(branches)
        facts = {}
        # sudo: what follows from the facts is shown, not the facts
        for company in self.sudo():
            own = [company, *branches.get(company, ())]
            facts[company.with_env(self.env)] = {
                "country": company.country_id,
                "state": company.state_id,
                "city": (company.city or "").strip().casefold(),
                "headcount": company.compliance_headcount
                or sum(headcounts.get(each, 0) for each in own),
                "turnover": company.compliance_turnover
                or sum(turnovers.get(each, 0) for each in own),
                "industry": company.compliance_industry_id,
            }
        return facts

    def _get_branches(self):
        """Return ``{company: its branches of every level}``."""
        # sudo: the facts are those of the company, whoever reads what follows from them
        own = self.sudo()
        found = {}
        for branch in own.search(Domain("parent_id", "child_of", self.ids)):
            for part in branch.parent_path.strip("/").split("/")[:-1]:
                company = self.browse(int(part))
                found.setdefault(company, self.browse())
                found[company] |= self.browse(branch.id)
        return found

    def _get_all_with(self, branches):
        return self.union(*branches.values()) if branches else self

    def _count_employees(self, branches):
        """Return ``{company: employees}``, one query for all that are not typed in."""
        # sudo: only whether it is typed in, and then the number
        companies = self.sudo().filtered(lambda each: not each.compliance_headcount)
        domain = [
            ("company_id", "in", companies._get_all_with(branches).ids),
            ("employee_type", "not in", ("contractor", "freelance")),
        ]
        # sudo: only the number is used, not who they are
        employees = self.env["hr.employee"].sudo()
        groups = employees._read_group(domain, ["company_id"], ["__count"])
        return {company.with_env(self.env): count for company, count in groups}

    def _sum_turnover(self, branches):
        """Return ``{company: turnover}`` of the last twelve whole months, one query."""
        # sudo: only whether it is typed in
        companies = self.sudo().filtered(lambda each: not each.compliance_turnover)
        stop = fields.Date.context_today(self).replace(day=1)
        domain = [
            ("company_id", "in", companies._get_all_with(branches).ids),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "income"),
            ("date", ">=", stop - relativedelta(years=1)),
            ("date", "<", stop),
        ]
        # sudo: only whether a threshold is passed is shown, never the sum
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group(domain, ["company_id"], ["balance:sum"])
        return {company.with_env(self.env): -balance for company, balance in groups}

    # --- filings ----------------------------------------------------------------

    def _get_compliance_starts(self):
        """Return ``{company id: earliest statutory date}``; today if none is set."""
        today = fields.Date.context_today(self)
        return {company.id: company.compliance_start or today for company in self}
