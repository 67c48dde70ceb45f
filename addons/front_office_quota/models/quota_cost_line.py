import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# what the amount of a line from accounts or wages is calculated from
SOURCE_FIELDS = {
    "period_id",
    "source",
    "account_prefix",
    "account_type",
    "months",
    "uplift",
}


class QuotaCostLine(models.Model):
    """A cost of a period: typed, or taken from the ledger or the contracts.

    What comes from the ledger and the contracts is a total: the lines below it stay
    with those who may read them.
    """

    _name = "quota.cost.line"
    _description = "Cost that a plan has to cover"
    _inherit = ["quota.calculated.mixin"]
    _order = "period_id, sequence, id"
    _check_company_auto = True

    period_id = fields.Many2one(
        "quota.period",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    plan_id = fields.Many2one(related="period_id.plan_id", store=True, index=True)
    plan_state = fields.Selection(related="period_id.plan_id.state")
    company_id = fields.Many2one(
        related="period_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(related="period_id.date_from", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    category = fields.Selection(
        [
            ("rent", "Rent"),
            ("tax", "Taxes"),
            ("salary", "Salaries"),
            ("other", "Other operating costs"),
        ],
        required=True,
        default="other",
    )
    source = fields.Selection(
        [
            ("typed", "Typed"),
            ("accounts", "Average of accounts"),
            ("wages", "Wages of running contracts"),
        ],
        required=True,
        default="typed",
    )
    amount = fields.Monetary(help="The cost of the whole period, positive.")
    account_prefix = fields.Char(
        string="Account Codes",
        help="Beginnings of account codes, separated by commas.",
    )
    account_type = fields.Selection(
        selection=lambda self: self.env["account.account"]
        ._fields["account_type"]
        .selection
    )
    months = fields.Integer(
        default=3, help="How many whole months before the period are averaged."
    )
    uplift = fields.Float(
        string="Employer's Contributions",
        help="What comes on top of the wages (0.31 = 31 %).",
    )

    # --- constraints ------------------------------------------------------------------

    @api.depends("name", "period_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.name or ''} ({line.period_id.name or ''})"

    @api.constrains("amount")
    def _check_amount(self):
        for line in self:
            if line.amount >= 0:
                continue
            if line.source == "accounts":
                message = self.env._(
                    "The Amount of the cost “%(cost)s” of %(period)s must not be "
                    "negative: its accounts average %(amount)s. Choose accounts of "
                    "expenses.",
                    **line._message_values(),
                )
            else:
                message = self.env._(
                    "The Amount of the cost “%(cost)s” of %(period)s must not be "
                    "negative; it is %(amount)s.",
                    **line._message_values(),
                )
            raise ValidationError(message)

    @api.constrains("source", "account_prefix", "account_type", "months")
    def _check_accounts(self):
        for line in self.filtered(lambda line: line.source == "accounts"):
            if not line._get_prefixes() and not line.account_type:
                raise ValidationError(
                    self.env._(
                        "The cost “%(cost)s” of %(period)s is an average of accounts: "
                        "fill in Account Codes or Account Type.",
                        **line._message_values(),
                    )
                )
            if not 1 <= line.months <= 60:
                raise ValidationError(
                    self.env._(
                        "The Months of the cost “%(cost)s” of %(period)s must be "
                        "between 1 and 60.",
                        **line._message_values(),
                    )
                )

    @api.constrains("uplift")
    def _check_uplift(self):
        for line in self:
            if not 0 <= line.uplift <= 10:
                raise ValidationError(
                    self.env._(
                        "The Employer's Contributions of the cost “%(cost)s” of "
                        "%(period)s must not be negative, nor above ten times the "
                        "wages.",
                        **line._message_values(),
                    )
                )

    def _message_values(self):
        return {
            "cost": self.name,
            "period": self.period_id.display_name,
            "amount": self.currency_id.format(self.amount),
        }

    # --- writing ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.period_id.plan_id._check_unlocked(self.env._("the costs"))
        lines._refresh_amounts()
        return lines

    def write(self, vals):
        self.period_id.plan_id._check_unlocked(self.env._("the costs"))
        if "amount" in vals and not self.env.su:
            self._check_amount_is_typed(vals)
        result = super().write(vals)
        if "period_id" in vals:
            self.period_id.plan_id._check_unlocked(self.env._("the costs"))
        if SOURCE_FIELDS & vals.keys():
            self._refresh_amounts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.period_id.plan_id._check_unlocked(self.env._("the costs"))

    def _check_amount_is_typed(self, vals):
        """Refuse an amount that contradicts where it comes from."""
        for line in self:
            source = vals.get("source", line.source)
            # the web client sends back what it has been given
            same = not line.currency_id.compare_amounts(vals["amount"], line.amount)
            if source != "typed" and not same:
                raise UserError(
                    self.env._(
                        "The Amount of the cost “%(cost)s” of %(period)s is "
                        "calculated. Set its Source to Typed to enter another one.",
                        **line._message_values(),
                    )
                )

    # --- where amounts come from ------------------------------------------------------

    def action_refresh(self):
        """Take the amounts from the ledger and the contracts again."""
        self.check_access("write")
        self.period_id.plan_id._check_unlocked(self.env._("the costs"))
        self._refresh_amounts()
        return True

    def _refresh_amounts(self):
        """Write the amounts of the lines that are not typed.

        One statement for all lines from accounts, one for all from wages.
        """
        amounts = {
            **self.filtered(lambda line: line.source == "accounts")._from_accounts(),
            **self.filtered(lambda line: line.source == "wages")._from_wages(),
        }
        for line, amount in amounts.items():
            amount = line.currency_id.round(amount)
            if line.currency_id.compare_amounts(amount, line.amount):
                # sudo: people may not overwrite a calculated amount; this calculates
                # it, on lines that the person has just been allowed to write
                line.sudo().amount = amount

    def _get_prefixes(self):
        """Return the beginnings of account codes as a tuple."""
        parts = (self.account_prefix or "").split(",")
        return tuple(part.strip() for part in parts if part.strip())

    def _get_months(self):
        """Return the first and the last day that the accounts are averaged over."""
        today = fields.Date.context_today(self)
        following = min(self.period_id.date_from, today).replace(day=1)
        first = following - relativedelta(months=self.months)
        return first, following - relativedelta(days=1)

    def _get_question(self):
        """Return what is asked of the ledger; lines may ask the same."""
        return (
            self.company_id,
            *self._get_months(),
            self._get_prefixes(),
            self.account_type or None,
        )

    def _from_accounts(self):
        """Return the monthly average of the accounts of each line.

        Lines that ask the same question (the coming months of a plan do) share one
        answer.

        :return: dict of amounts by line
        """
        if not self:
            return {}
        questions = {line: line._get_question() for line in self}
        sums = self._sum_accounts(dict.fromkeys(questions.values()))
        return {
            line: sums.get(question, 0.0) / line.months
            for line, question in questions.items()
        }

    @api.model
    def _sum_accounts(self, questions):
        """Sum the posted entries that each question is about, in one statement.

        It reads the ledger itself, with the company of each question: who builds a
        plan need not be an accountant, and is told a total.

        :param questions: what :meth:`_get_question` returns
        :return: dict of balances (expenses are positive) by question
        """
        questions = list(questions)
        self.env["account.account"].flush_model(["code_store", "account_type"])
        self.env["account.move.line"].flush_model(
            ["account_id", "balance", "company_id", "date", "parent_state"]
        )
        rows = [
            {
                "key": key,
                "company_id": company.id,
                # codes are kept under the company that heads the branches; sudo: it
                # may be one that the person does not work in
                "root": str(company.sudo().root_id.id),
                "date_from": str(first),
                "date_to": str(last),
                "prefixes": prefixes or None,
                "account_type": account_type,
            }
            for key, (company, first, last, prefixes, account_type) in enumerate(
                questions
            )
        ]
        query = SQL(
            """
            SELECT question.key, SUM(line.balance)
              FROM jsonb_to_recordset(%s::jsonb) AS question(
                       key integer, company_id integer, root text, date_from date,
                       date_to date, prefixes jsonb, account_type text)
              JOIN account_account account
                ON (question.account_type IS NULL
                    OR account.account_type = question.account_type)
               AND (jsonb_typeof(question.prefixes) IS DISTINCT FROM 'array'
                    OR EXISTS (
                        SELECT FROM jsonb_array_elements_text(question.prefixes) prefix
                         WHERE starts_with(account.code_store->>question.root, prefix)))
              JOIN account_move_line line
                ON line.account_id = account.id
               AND line.company_id = question.company_id
               AND line.parent_state = 'posted'
               AND line.date BETWEEN question.date_from AND question.date_to
             GROUP BY question.key
            """,
            json.dumps(rows),
        )
        return {
            questions[key]: float(balance)
            for key, balance in self.env.execute_query(query)
        }

    def _from_wages(self):
        """Return the wages of the contracts that run in the period of each line.

        :return: dict of amounts by line
        """
        if not self:
            return {}
        questions = {
            line: (line.company_id, line.period_id.date_from, line.period_id.date_to)
            for line in self
        }
        sums = self._sum_wages(dict.fromkeys(questions.values()))
        return {
            line: sums.get(question, 0.0) * (1 + line.uplift)
            for line, question in questions.items()
        }

    @api.model
    def _sum_wages(self, questions):
        """Sum the wages by company and period, in one statement.

        A version counts from its date to the day before the employee's next one, as
        far as its contract runs, and for the part of the period's days on which it
        does. It reads all contracts of the company, whoever asks, and returns nothing
        but a total: people without the rights of HR plan with it and learn no wage.

        :param questions: triples of company, first and last day
        :return: dict of totals by question
        """
        questions = list(questions)
        self.env["hr.version"].flush_model()
        self.env["hr.employee"].flush_model(["active"])
        rows = [
            {
                "key": key,
                "company_id": company.id,
                "first": str(first),
                "last": str(last),
            }
            for key, (company, first, last) in enumerate(questions)
        ]
        query = SQL(
            """
            WITH version AS (%s)
            SELECT question.key,
                   SUM(version.wage
                       * (LEAST(version.date_to, question.last)
                          - GREATEST(version.date_from, question.first) + 1)
                       / (question.last - question.first + 1))
              FROM jsonb_to_recordset(%s::jsonb) AS question(
                       key integer, company_id integer, first date, last date)
              JOIN version
                ON version.company_id = question.company_id
               AND version.contract_date_start IS NOT NULL
               AND version.date_from <= question.last
               AND (version.date_to IS NULL
                    OR version.date_to >= GREATEST(
                        question.first, version.date_from))
             GROUP BY question.key
            """,
            self._get_versions_sql(),
            json.dumps(rows),
        )
        return {
            questions[key]: float(wages or 0)
            for key, wages in self.env.execute_query(query)
        }

    @api.model
    def _get_versions_sql(self):
        """Return the versions of contracts with the days on which each is in effect.

        An employee's next version ends one whether it belongs to a contract or not.
        """
        return SQL(
            """
            SELECT version.company_id, version.wage,
                   version.contract_date_start,
                   GREATEST(version.date_version, version.contract_date_start)
                       AS date_from,
                   LEAST(version.contract_date_end,
                         LEAD(version.date_version) OVER (
                             PARTITION BY version.employee_id
                                 ORDER BY version.date_version) - 1)
                       AS date_to
              FROM hr_version version
              JOIN hr_employee employee ON employee.id = version.employee_id
             WHERE version.active
               AND (employee.active OR version.contract_date_end IS NOT NULL)
            """
        )

    # --- repeating --------------------------------------------------------------------

    def action_repeat(self):
        """Repeat the costs in all later periods of their plan."""
        self.check_access("write")
        for line in self:
            later = line.plan_id.period_ids.filtered(
                lambda period, line=line: period.date_from > line.period_id.date_from
            )
            if not later:
                raise UserError(
                    self.env._(
                        "%(period)s is the last period of its plan: there is none "
                        "after it to repeat “%(cost)s” in.",
                        **line._message_values(),
                    )
                )
            line._copy_to(later)
        return True

    def _copy_to(self, periods):
        """Copy the costs to other periods, where they replace those of their name.

        :param periods: records of ``quota.period``
        """
        existing = {
            (line.period_id, line.category, line.name): line
            for line in periods.cost_ids
        }
        missing = []
        for period in periods:
            for line in self:
                vals = line._prepare_copy()
                same = existing.get((period, line.category, line.name))
                if same:
                    same.write(vals)
                else:
                    missing.append({"period_id": period.id, **vals})
        self.create(missing)

    def _prepare_copy(self):
        """Return the values of a copy; what is calculated is calculated again."""
        names = ["sequence", "name", "category", "source", "account_prefix"]
        names += ["account_type", "months", "uplift"]
        names += ["amount"] if self.source == "typed" else []
        return {name: self[name] for name in names}
