from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ... import commission, payroll_csv
from ...payroll_csv import Money

ACCRUAL_SETTINGS = (
    "quota_accrual_journal_id",
    "quota_expense_account_id",
    "quota_liability_account_id",
)


class QuotaStatement(models.Model):
    """What is made from a statement: its explanation, its entry, its payroll row."""

    _inherit = "quota.statement"

    explanation = fields.Html(
        string="How this was calculated",
        compute="_compute_explanation",
        sanitize=False,
    )

    @api.depends("terms", "commission", "adjustment", "total", "own_line_ids.amount")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for statement in self:
            statement.explanation = self.env["ir.qweb"]._render(
                "front_office_quota.quota_statement_explanation",
                {"doc": statement, "explanation": statement._get_explanation()},
            )

    def _get_explanation(self):
        """Return the calculation in plain words, in steps that add up.

        :return: dict of ``intro`` (sentences) and ``steps`` (dicts of ``label``,
            ``calculation`` and ``result``, all text); both empty without terms
        """
        self.ensure_one()
        if not self.terms:
            return {"intro": [], "steps": []}
        terms = commission.from_json(self.terms)
        credited = self._get_credited_by_rate()
        steps = commission.explain(terms, credited)
        names = self._get_category_names()
        return {
            "intro": self._explain_target(terms, sum(credited.values(), Decimal(0))),
            "steps": [
                {
                    "label": self._explain_step(step, terms, names),
                    "calculation": f"{self._money(step.amount)} × "
                    f"{self._percent(step.rate)}"
                    if step.rate is not None
                    else "",
                    "result": self._money(step.result),
                }
                for step in steps
            ],
        }

    def _get_credited_by_rate(self):
        """Return what is credited by the key of its rate, as ``commission`` takes it.

        :return: dict of the id of a category's rate, None for the base rate, to Decimal
        """
        digits = self.currency_id.decimal_places
        credited = defaultdict(Decimal)
        for line in self.own_line_ids:
            amount = Decimal(f"{line.amount:.{digits}f}")
            credited[line.rate_id.id or None] += amount
        return dict(credited) or {None: Decimal(0)}

    def _get_category_names(self):
        """Return the names of product categories, as frozen, by the id of the rate."""
        return {row["id"]: row.get("name") for row in self.terms["categories"]}

    def _explain_target(self, terms, amount):
        """Return the sentences on target and attainment."""
        credited = self._money(amount)
        if not terms.target:
            return [
                self.env._(
                    "Credited: %s. There was no target, so no tier is reached.",
                    credited,
                )
            ]
        return [
            self.env._(
                "Credited: %(amount)s of a target of %(target)s. That is an attainment "
                "of %(attainment)s.",
                amount=credited,
                target=self._money(terms.target),
                attainment=self._percent(commission.attainment(terms, amount), 2),
            )
        ]

    def _explain_step(self, step, terms, names):
        """Return one step of the calculation as a sentence."""
        texts = {
            "base": lambda: self.env._("Base rate on what was credited"),
            "category": lambda: self.env._(
                "Rate of the product category %s", names.get(step.key) or step.key
            ),
            "tier": lambda: self.env._(
                "Tier: on the part above %(threshold)s of the target (%(amount)s) the "
                "rate is higher by",
                threshold=self._percent(step.key),
                amount=self._money(step.key * terms.target),
            ),
            "accelerator": lambda: self.env._(
                "Accelerator: the sum of the lines above is multiplied by %(factor)s, "
                "which adds",
                factor=self._number(step.rate + 1),
            ),
            "minimum": lambda: self.env._(
                "Minimum: a commission is paid from an attainment of %s, and never "
                "less than nothing",
                self._percent(step.key),
            ),
            "cap": lambda: self.env._(
                "Cap: a period pays at most %s", self._money(step.key)
            ),
            "rounding": lambda: self.env._("Rounding of the steps above"),
        }
        return texts[step.kind]()

    def _money(self, amount):
        """Return an amount with the sign of its currency, as the language writes it."""
        return self.currency_id.format(float(amount))

    def _percent(self, rate, digits=4):
        return f"{self._number(rate * 100, digits)} %"

    def _number(self, number, digits=4):
        """Return a number with as many decimals as it needs, at most ``digits``."""
        number = round(Decimal(number), digits).normalize()
        needed = max(0, -number.as_tuple().exponent)
        return formatLang(self.env, float(number), digits=needed)

    # --- the accrual ------------------------------------------------------------

    def action_view_accrual(self):
        """Open the entry that the approval booked."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.accrual_move_id.id,
            "view_mode": "form",
        }

    def _book_accrual(self):
        """Book what the company owes for approved statements, and say where.

        Nothing is booked in a company without settings, nor for a total of zero. A
        locked period end becomes the next open date, as it does for any entry.

        :raise UserError: when a company's settings are incomplete
        """
        due = self.filtered(
            lambda statement: statement._has_accrual_settings()
            and not statement.currency_id.is_zero(statement.total)
        )
        for company, statements in due.grouped("company_id").items():
            # the company decides on sequence, lock dates and currency
            moves = (
                self.env["account.move"]
                .with_company(company)
                .create([each._prepare_accrual() for each in statements])
            )
            for statement, move in zip(statements, moves, strict=True):
                statement.accrual_move_id = move
            moves.action_post()
            for statement in statements:
                statement._log_accrual()

    def _has_accrual_settings(self):
        """Whether the company books accruals.

        :raise UserError: when only some of the settings are there
        """
        company = self.company_id
        missing = [name for name in ACCRUAL_SETTINGS if not company[name]]
        if missing and len(missing) < len(ACCRUAL_SETTINGS):
            raise UserError(
                self.env._(
                    "%(statement)s cannot be booked: %(company)s has no %(missing)s. "
                    "Complete the Quota section of the settings, or empty it to book "
                    "nothing.",
                    statement=self.display_name,
                    company=company.name,
                    missing=", ".join(
                        company._fields[name]._description_string(self.env)
                        for name in missing
                    ),
                )
            )
        return not missing

    def _prepare_accrual(self):
        """Return the values of the entry; a negative total swaps the sides."""
        self.ensure_one()
        company = self.company_id
        name = self.env._("Commission %s", self.display_name)
        partner = self.user_id.partner_id
        sides = (
            (company.quota_expense_account_id, self.total),
            (company.quota_liability_account_id, -self.total),
        )
        return {
            "move_type": "entry",
            "journal_id": company.quota_accrual_journal_id.id,
            "company_id": company.id,
            "date": self.date_to,
            "ref": name,
            "line_ids": [
                Command.create(
                    {
                        "name": name,
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "balance": balance,
                        "tax_ids": [Command.clear()],
                    }
                )
                for account, balance in sides
            ],
        }

    def _log_accrual(self):
        """Say in the chatter what was booked, and why on another day than planned."""
        move = self.accrual_move_id
        values = {
            "entry": move.name,
            "date": fields.Date.to_string(move.date),
            "end": fields.Date.to_string(self.date_to),
        }
        if move.date == self.date_to:
            body = self.env._("Booked as %(entry)s on %(date)s.", **values)
        else:
            body = self.env._(
                "Booked as %(entry)s on %(date)s: %(end)s is locked, and this is the "
                "next open date.",
                **values,
            )
        self.message_post(body=body)

    # --- payroll ----------------------------------------------------------------

    def action_payroll_csv(self):
        """Download the payroll file of approved statements.

        :raise AccessError: when the user is no administrator
        :raise UserError: naming those that are not approved
        """
        self._check_payroll()
        ids = ",".join(str(each) for each in self.ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/quota/payroll.csv?ids={ids}",
            "target": "download",
        }

    def _check_payroll(self):
        self._check_admin()
        for statement in self:
            if statement.state != "approved":
                statement._raise_refused(
                    self.env._(
                        "it is %s, and payroll takes approved statements only",
                        statement._get_state_label().lower(),
                    )
                )

    def _get_payroll_csv(self):
        """Return the payroll file of approved statements as a text.

        :raise AccessError: when the user is no administrator
        :raise UserError: naming those that are not approved
        """
        self._check_payroll()
        header = [
            self.env._("Employee ID"),
            self.env._("Badge ID"),
            self.env._("Name"),
            self.env._("E-mail"),
            self.env._("Period"),
            self.env._("Commission"),
            self.env._("Adjustments"),
            self.env._("Total"),
            self.env._("Currency"),
        ]
        ordered = self.sorted(lambda each: (each.user_id.name, each.date_from, each.id))
        return payroll_csv.render([header, *(each._payroll_row() for each in ordered)])

    def _payroll_row(self):
        self.ensure_one()
        # sudo: payroll needs the number of the employee, which HR officers see only
        employee = self.sudo().user_id.employee_ids.filtered(
            lambda each: each.company_id == self.company_id
        )[:1]
        digits = self.currency_id.decimal_places
        amounts = (self.commission, self.adjustment, self.total)
        return [
            Money(employee.id or ""),
            employee.barcode,
            self.user_id.name,
            self.user_id.email,
            self.period_id.name,
            *(Money(payroll_csv.money(amount, digits)) for amount in amounts),
            self.currency_id.name,
        ]
