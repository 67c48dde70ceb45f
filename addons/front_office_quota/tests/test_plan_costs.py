from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, freeze_time, tagged

from .quota_plan_common import QuotaPlanFixture


class CostCase(QuotaPlanFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.months = cls.plan.period_ids.sorted("date_from")


@tagged("post_install", "-at_install")
class TestPlanCosts(CostCase):
    """Typed costs, and what every cost keeps to."""

    def test_a_cost_is_never_negative(self):
        with self.assertRaisesRegex(
            ValidationError, r"Amount of the cost “Rent” of 2027-01 .*negative"
        ):
            self._cost(self.months[0], -1)
        cost = self._cost(self.months[0], 0)
        with self.assertRaisesRegex(ValidationError, "must not be negative"):
            cost.amount = -0.01

    def test_repeat_in_all_later_periods(self):
        cost = self._cost(self.months[2], 100)
        later = self._cost(self.months[4], 7)
        before = self._cost(self.months[1], 50)
        cost.action_repeat()
        self.assertEqual(before.amount, 50)
        self.assertEqual(later.amount, 100)
        self.assertEqual(self.months.mapped("cost_total"), [0, 50, 100] + [100] * 9)
        cost.amount = 120
        cost.action_repeat()
        self.assertEqual(self.months[11].cost_total, 120)
        last = self._cost(self.months[11], 10, name="Last")
        with self.assertRaisesRegex(UserError, "2027-12 .* last period"):
            last.action_repeat()

    def test_a_calculated_amount_is_not_typed_over(self):
        cost = self._cost(
            self.months[0], source="accounts", account_prefix="6", months=3
        )
        self.assertEqual(cost.amount, 0)
        with self.assertRaisesRegex(UserError, "“Rent” of 2027-01 .* is calculated"):
            cost.amount = 5
        cost.write({"source": "typed", "amount": 5})
        self.assertEqual(cost.amount, 5)
        with self.assertRaises(UserError):
            cost.write({"source": "accounts", "amount": 7})

    def test_accounts_and_months_and_uplift_are_checked(self):
        with self.assertRaisesRegex(ValidationError, "Account Codes or Account Type"):
            self._cost(self.months[0], source="accounts", account_prefix=" , ")
        with self.assertRaisesRegex(ValidationError, "Months of .* between 1 and 60"):
            self._cost(self.months[0], source="accounts", account_prefix="6", months=0)
        with self.assertRaisesRegex(ValidationError, "Employer's Contributions"):
            self._cost(self.months[0], source="wages", uplift=-0.1)

    def test_the_form(self):
        with Form(self.months[0]) as form:
            with form.cost_ids.new() as line:
                line.name = "Tax"
                line.category = "tax"
                line.amount = 400
            self.assertEqual(form.required, 1000)
        self.assertEqual(self.plan.required, 1000)


@tagged("post_install", "-at_install")
class TestPlanCostAccounts(CostCase):
    """Averages of the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rent = cls._account("621000", "expense")
        cls.phone = cls._account("622000", "expense")
        cls.depreciation = cls._account("681000", "expense_depreciation")
        cls.bank = cls._account("512000", "asset_current")
        cls.journal = cls._journal(cls.company)

    @classmethod
    def _account(cls, code, kind, company=None):
        company = company or cls.company
        return (
            cls.env["account.account"]
            .with_company(company)
            .create(
                {
                    "name": code,
                    "code": code,
                    "account_type": kind,
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        )

    @classmethod
    def _journal(cls, company):
        return cls.env["account.journal"].create(
            {
                "name": "Plan Journal",
                "code": "PLAN",
                "type": "general",
                "company_id": company.id,
            }
        )

    def _entry(self, date, amount, account, post=True, journal=None, against=None):
        move = self.env["account.move"].create(
            {
                "journal_id": (journal or self.journal).id,
                "date": date,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": amount}),
                    (
                        0,
                        0,
                        {"account_id": (against or self.bank).id, "balance": -amount},
                    ),
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def _average(self, month=0, **vals):
        cost = self._cost(self.months[month], source="accounts", months=3, **vals)
        return cost.amount

    @freeze_time("2027-06-15")
    def test_whole_months_before_the_period(self):
        self._entry("2026-09-30", 5000, self.rent)
        self._entry("2026-10-01", 100, self.rent)
        self._entry("2026-12-31", 200, self.rent)
        self._entry("2027-01-01", 7000, self.rent)
        self.assertEqual(self._average(account_prefix="621"), 100)

    @freeze_time("2026-11-15")
    def test_before_this_month_for_periods_to_come(self):
        self._entry("2026-07-31", 9000, self.rent)
        self._entry("2026-08-01", 100, self.rent)
        self._entry("2026-10-31", 200, self.rent)
        self._entry("2026-11-02", 7000, self.rent)
        self.assertEqual(self._average(month=5, account_prefix="621"), 100)

    @freeze_time("2027-06-15")
    def test_posted_entries_of_the_accounts_only(self):
        self._entry("2026-11-01", 300, self.rent)
        self._entry("2026-11-02", 60, self.phone)
        self._entry("2026-11-03", 30, self.depreciation)
        self._entry("2026-11-04", 5000, self.rent, post=False)
        self.assertEqual(self._average(account_prefix="621"), 100)
        self.assertEqual(self._average(account_prefix="621, 622", name="Two"), 120)
        self.assertEqual(self._average(account_prefix="6", name="All"), 130)
        self.assertEqual(self._average(account_type="expense", name="Type"), 120)
        self.assertEqual(
            self._average(account_prefix="68,621", account_type="expense", name="Both"),
            100,
        )
        self.assertEqual(self._average(account_prefix="%", name="No pattern"), 0)

    @freeze_time("2027-06-15")
    def test_another_company_is_not_read(self):
        account = self._account("621000", "expense", self.other_company)
        bank = self._account("512000", "asset_current", self.other_company)
        self._entry(
            "2026-11-01",
            900,
            account,
            journal=self._journal(self.other_company),
            against=bank,
        )
        self.assertEqual(self._average(account_prefix="621"), 0)

    @freeze_time("2027-06-15")
    def test_accounts_that_earn_are_refused(self):
        self._entry("2026-11-01", -300, self.rent)
        with self.assertRaisesRegex(
            ValidationError, "“Rent” of 2027-01 .* accounts average .*100.00"
        ):
            self._average(account_prefix="621")

    @freeze_time("2027-06-15")
    def test_refresh(self):
        self._entry("2026-11-01", 300, self.rent)
        cost = self._cost(
            self.months[0], source="accounts", account_prefix="621", months=3
        )
        self._entry("2026-12-01", 300, self.rent)
        self.assertEqual(cost.amount, 100)
        self.plan.action_refresh_costs()
        self.assertEqual(cost.amount, 200)
        self._entry("2026-12-02", 300, self.rent)
        self.months[0].action_refresh_costs()
        self.assertEqual(cost.amount, 300)
        cost.months = 1
        self.assertEqual(cost.amount, 600)

    @freeze_time("2027-06-15")
    def test_one_statement_for_all_lines(self):
        self._entry("2026-11-01", 300, self.rent)
        for number in range(3):
            self._cost(
                self.months[0],
                source="accounts",
                account_prefix=f"62{number}",
                months=2,
                name=f"Cost {number}",
            )
        self._cost(self.months[0], source="wages", name="Wages").action_repeat()
        self.plan.cost_ids.filtered(lambda c: c.source == "accounts").action_repeat()
        self.assertEqual(len(self.plan.cost_ids), 48)
        self.env.flush_all()
        self.plan.action_refresh_costs()
        with self.assertQueryCount(4):
            self.plan.cost_ids._refresh_amounts()


@tagged("post_install", "-at_install")
class TestPlanCostWages(CostCase):
    """Wages: the right total, and no way to a single one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._employee("Ann", 3000, "2026-01-01")

    @classmethod
    def _employee(cls, name, wage, start, end=False, company=None):
        employee = cls.env["hr.employee"].create(
            {
                "name": name,
                "company_id": (company or cls.company).id,
                "date_version": start,
                "contract_date_start": start,
                "contract_date_end": end,
                "wage": wage,
            }
        )
        return employee

    def _wages(self, month=0, **vals):
        name = f"Wages {month} {len(self.months[month].cost_ids)}"
        cost = self._cost(
            self.months[month], source="wages", category="salary", name=name, **vals
        )
        return cost.amount

    def test_running_contracts(self):
        self._employee("Gone", 9000, "2025-01-01", "2026-12-31")
        self._employee("To come", 9000, "2027-02-01")
        self.assertEqual(self._wages(), 3000)
        self.assertEqual(self._wages(month=1), 12_000)
        self.assertEqual(self._wages(uplift=0.31), 3930)

    def test_without_a_contract_nothing_is_paid(self):
        self.env["hr.employee"].create(
            {
                "name": "Volunteer",
                "company_id": self.company.id,
                "date_version": "2026-01-01",
                "wage": 500,
            }
        )
        self.assertEqual(self._wages(), 3000)

    def test_prorated_by_days(self):
        self._employee("Half", 3100, "2027-01-17", "2027-06-15")
        self.assertEqual(self._wages(), 3000 + 1500)
        self.assertEqual(self._wages(month=5), 3000 + 1550)

    def test_a_new_version_takes_over_on_its_day(self):
        self.employee.create_version({"date_version": "2027-04-16", "wage": 3600})
        self.assertEqual(self._wages(month=2), 3000)
        self.assertEqual(self._wages(month=3), 3300)
        self.assertEqual(self._wages(month=4), 3600)

    def test_who_has_left_is_not_paid(self):
        self._employee("Archived", 500, "2026-01-01").active = False
        self._employee("Until March", 800, "2026-01-01", "2027-03-31").active = False
        self.assertEqual(self._wages(), 3800)
        self.assertEqual(self._wages(month=3), 3000)

    def test_of_the_company_only(self):
        self._employee("Foreign", 777, "2026-01-01", company=self.other_company)
        self.assertEqual(self._wages(), 3000)

    def test_people_without_hr_rights_see_the_total_and_no_wage(self):
        self._employee("Bob", 4321, "2026-01-01")
        self.assertEqual(self._wages(), 7321)
        cost = self.months[0].cost_ids
        for user in (self.proposer, self.manager):
            self.assertFalse(user.has_group("hr.group_hr_user"))
            as_user = cost.with_user(user)
            self.assertEqual(as_user.read(["amount"])[0]["amount"], 7321)
            self.assertEqual(as_user.export_data(["amount"])["datas"], [[7321.0]])
            self._assert_no_wages(user)

    def _assert_no_wages(self, user):
        versions = self.env["hr.version"].with_user(user)
        employees = self.env["hr.employee"].with_user(user)
        version = self.employee.sudo().version_id.with_user(user)
        for route in (
            lambda: version.read(["wage"]),
            lambda: version.export_data(["wage"]),
            lambda: versions.search_read([], ["wage"]),
            lambda: versions.search([("wage", ">", 4000)]),
            lambda: versions.formatted_read_group([], ["employee_id"], ["wage:sum"]),
            lambda: versions.formatted_read_group([], ["wage"], ["__count"]),
            lambda: employees.search([("wage", ">", 4000)]),
            lambda: employees.search_read([], ["wage"]),
            lambda: employees.formatted_read_group([], [], ["wage:sum"]),
            lambda: self.env["hr.employee.public"]
            .with_user(user)
            .search([("employee_id.wage", ">", 1)]),
            lambda: self.env["quota.target"]
            .with_user(user)
            .search([("user_id.employee_ids.version_ids.wage", ">", 4000)]),
            lambda: self.env["quota.plan"]
            .with_user(user)
            .search([("company_id.user_ids.employee_ids.wage", ">", 4000)]),
        ):
            try:
                found = route()
            # to somebody without the rights, some of these fields are not there at all
            except (AccessError, ValueError):
                continue
            self.fail(f"{user.login} learnt {found!r}")

    def test_no_route_leads_from_the_cost_to_a_contract(self):
        relations = {
            field.comodel_name
            for model in ("quota.cost.line", "quota.period", "quota.plan")
            for field in self.env[model]._fields.values()
            if field.relational
        }
        self.assertFalse(relations & {"hr.version", "hr.employee", "account.move.line"})
