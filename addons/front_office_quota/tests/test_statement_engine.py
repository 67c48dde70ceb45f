from odoo import Command
from odoo.tests import tagged

from .statement_common import StatementFixture


@tagged("post_install", "-at_install")
class TestStatementEngine(StatementFixture):
    def test_line_for_each_invoice_and_refund(self):
        first = self._invoice(800, "2026-01-10")
        second = self._invoice(500, "2026-01-20")
        self._invoice(-100, "2026-01-31")
        self._invoice(999, "2026-02-01")
        self._invoice(50, "2026-01-15", self.bob)
        self._compute(self.january)
        statement = self._statement(self.january)
        self.assertEqual(self._figures(self.january), (1200, 140, 0))
        self.assertEqual(statement.total, 140)
        self.assertAlmostEqual(statement.attainment, 1.2)
        self.assertEqual(statement.target_amount, 1000)
        self.assertEqual(statement.target_id.user_id, self.ann)
        self.assertEqual(statement.basis, "invoiced")
        # 1,200 pay 140, each of them the same: 800, 500 and −100
        self.assertEqual(
            statement.line_ids.mapped("commission"), [93.33, 58.34, -11.67]
        )
        self.assertEqual(statement.line_ids.move_id[:2], first + second)
        self.assertEqual(statement.line_ids[0].move_name, first.name)
        self.assertEqual(statement.line_ids[0].partner_id, self.partner_a)
        self.assertEqual(statement.line_ids[0].rate, 0.1)
        self.assertEqual(self._figures(self.january, self.bob), (50, 5, 0))
        self.assertFalse(self._statement(self.february))

    def test_twice_changes_nothing(self):
        self._invoice(800, "2026-01-10")
        self._invoice(70, "2026-01-10", self.bob)
        fields = ["id", "credited", "commission", "adjustment", "total", "terms"]
        keys = ["move_id", "amount", "rate", "commission", "date"]
        first = self._compute(self.january)
        headers, lines = first.read(fields), first.line_ids.read(keys)
        again = self._compute(self.january)
        self.assertEqual(again.read(fields), headers)
        for line in (after := again.line_ids.read(keys)) + lines:
            line.pop("id")
        self.assertEqual(after, lines)

    def test_only_one_person(self):
        self._invoice(800, "2026-01-10")
        self._invoice(70, "2026-01-10", self.bob)
        self._compute(self.january)
        self._invoice(100, "2026-01-11")
        self._invoice(100, "2026-01-11", self.bob)
        self.assertEqual(
            self._compute(self.january, users=self.bob),
            self._statement(self.january, self.bob),
        )
        self.assertEqual(self._statement(self.january).credited, 800)
        self.assertEqual(self._statement(self.january, self.bob).credited, 170)

    def test_plan_that_is_not_approved_has_no_statements(self):
        self.env.cr.execute(
            "UPDATE quota_plan SET state = 'draft' WHERE id = %s", [self.plan.id]
        )
        self.env.invalidate_all()
        self.assertFalse(self._compute(self.january))

    def test_person_off_the_commission_plan_loses_an_open_statement(self):
        self._invoice(800, "2026-01-10")
        self._compute(self.january)
        self.assertTrue(self._statement(self.january))
        self.commission_plan.assignment_ids.filtered(
            lambda row: row.user_id == self.ann
        ).date_to = "2026-01-30"
        self._compute(self.january)
        self.assertFalse(self._statement(self.january))
        self.assertTrue(self._statement(self.january, self.bob))

    def test_somebody_who_left_earns_by_the_plan_of_their_last_day(self):
        self.commission_plan.assignment_ids.filtered(
            lambda row: row.user_id == self.ann
        ).date_to = "2026-01-15"
        self._invoice(800, "2026-01-10")
        target = self.january.target_ids.filtered(lambda row: row.user_id == self.ann)
        target.sudo().end_date = "2026-01-15"
        self._compute(self.january)
        self.assertEqual(self._statement(self.january).credited, 800)

    def test_split_between_two(self):
        self._invoice(
            1000,
            "2026-01-10",
            quota_split_ids=[
                Command.create({"user_id": user.id, "percent": percent})
                for user, percent in ((self.ann, 70), (self.bob, 30))
            ],
        )
        self._compute(self.january)
        self.assertEqual(self._statement(self.january).credited, 700)
        self.assertEqual(self._statement(self.january, self.bob).credited, 300)

    def test_terms_are_frozen_and_future_ones_are_not(self):
        self._invoice(800, "2026-01-10")
        self._invoice(800, "2026-02-10")
        self._compute(self.january, self.february)
        self._freeze(self._statement(self.january))
        self.commission_plan.base_rate = 0.15
        self.commission_plan.tier_ids.rate = 0.3
        self._invoice(100, "2026-01-20")
        self._compute(self.january, self.february)
        january = self._statement(self.january)
        self.assertEqual((january.commission, january.credited), (80, 800))
        self.assertEqual(january.terms["base_rate"], "0.1")
        self.assertEqual(january.terms["plan"], "Sales")
        self.assertEqual(self._figures(self.february), (800, 120, 10))

    def test_currencies_without_and_with_three_decimals(self):
        for rounding, amounts, parts in (
            (1.0, (333, 333, 335), [33, 34, 33]),
            (0.001, (33.333, 33.333, 33.335), [3.333, 3.333, 3.334]),
        ):
            with self.subTest(rounding=rounding), self.env.cr.savepoint() as savepoint:
                # straight to the table: Odoo refuses it for a currency that is in use
                self.env.cr.execute(
                    "UPDATE res_currency SET rounding = %s WHERE id = %s",
                    [rounding, self.company.currency_id.id],
                )
                self.env.invalidate_all()
                for amount in amounts:
                    self._invoice(amount, "2026-01-10")
                self._compute(self.january)
                statement = self._statement(self.january)
                lines = statement.line_ids.sorted("id")
                self.assertEqual(lines.mapped("commission"), parts)
                self.assertAlmostEqual(statement.commission, sum(parts), 3)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_number_of_queries_does_not_grow(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._compute(self.january)
            return self.env.cr.sql_log_count - before

        self._invoice(10, "2026-01-02")
        count()
        few = count()
        for day in range(1, 6):
            self._invoice(10, f"2026-01-{day:02}")
            self._invoice(10, f"2026-01-{day:02}", self.bob)
        self.assertEqual(count(), few)


@tagged("post_install", "-at_install")
class TestCategoryRates(StatementFixture):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.above, cls.other = cls.env["product.category"].create(
            [{"name": "Above"}, {"name": "Other"}]
        )
        cls.below = cls.env["product.category"].create(
            {"name": "Below", "parent_id": cls.above.id}
        )
        cls.products = cls.env["product.product"].create(
            [
                {"name": category.name, "categ_id": category.id}
                for category in (cls.above, cls.below, cls.other)
            ]
        )
        cls.commission_plan.category_ids = [
            Command.create({"category_id": cls.above.id, "rate": 0.3})
        ]
        cls.rate = cls.commission_plan.category_ids

    def _invoice_three(self):
        return self._invoice(
            300, "2026-01-10", lines=[(product, 100) for product in self.products]
        )

    def test_line_for_each_rate(self):
        self._invoice_three()
        self._compute(self.january)
        statement = self._statement(self.january)
        self.assertEqual(statement.commission, 70)
        self.assertEqual(
            statement.line_ids.mapped(lambda line: (line.rate_id, line.amount)),
            [(self.rate.browse(), 100), (self.rate, 200)],
        )
        self.assertEqual(statement.line_ids.mapped("rate"), [0.1, 0.3])

    def test_nearest_category_counts(self):
        self.commission_plan.category_ids = [
            Command.create({"category_id": self.below.id, "rate": 0.5})
        ]
        self._invoice_three()
        self._compute(self.january)
        self.assertEqual(self._statement(self.january).commission, 90)

    def test_shares_sum_to_the_invoice(self):
        self._invoice(
            100.01,
            "2026-01-10",
            lines=[(product, 100.01 / 3) for product in self.products],
            quota_split_ids=[
                Command.create({"user_id": user.id, "percent": percent})
                for user, percent in ((self.ann, 33.33), (self.bob, 66.67))
            ],
        )
        self._compute(self.january)
        both = self._statement(self.january) + self._statement(self.january, self.bob)
        self.assertAlmostEqual(sum(both.line_ids.mapped("amount")), 100.01, 2)
        self.assertEqual(len(both.line_ids), 4)

    def test_refund_after_freezing_is_adjusted_by_rate(self):
        invoice = self._invoice_three()
        self._compute(self.january)
        self._freeze(self._statement(self.january))
        refund = invoice._reverse_moves(
            [
                {
                    "invoice_date": "2026-01-31",
                    "date": "2026-01-31",
                    "invoice_user_id": self.ann.id,
                }
            ]
        )
        refund.action_post()
        self._compute(self.february)
        lines = self._statement(self.february).line_ids
        self.assertEqual(self._figures(self.february), (0, 0, -70))
        self.assertEqual(lines.move_id, refund)
        self.assertEqual(sorted(lines.mapped("amount")), [-200, -100])
        self.assertEqual(lines.rate_id, self.rate)


@tagged("post_install", "-at_install")
class TestAdjustments(StatementFixture):
    def _january(self, *amounts):
        """Freeze a January of both with these invoices of Ann's; return those."""
        invoices = [self._invoice(amount, "2026-01-10") for amount in amounts]
        self._compute(self.january)
        self._freeze(
            self._statement(self.january), self._statement(self.january, self.bob)
        )
        return invoices

    def test_refund_in_an_open_month_adjusts_nothing(self):
        self._invoice(800, "2026-01-10")
        self._compute(self.january)
        self._invoice(-300, "2026-01-20")
        self._compute(self.january, self.february)
        self.assertEqual(self._figures(self.january), (500, 50, 0))
        self.assertEqual(self._figures(self.february), (0, 0, 0))

    def test_late_refund_in_a_frozen_month(self):
        self._january(800)
        refund = self._invoice(-300, "2026-01-20")
        self._compute(self.january, self.february)
        self.assertEqual(self._figures(self.january), (800, 80, 0))
        self.assertEqual(self._figures(self.february), (0, 0, -30))
        february = self._statement(self.february)
        self.assertEqual(february.total, -30)
        self.assertEqual(february.line_ids.move_id, refund)
        self.assertEqual(february.line_ids.origin_statement_id.period_id, self.january)

    def test_adjustment_is_not_doubled_and_goes_when_its_reason_goes(self):
        self._january(800)
        refund = self._invoice(-300, "2026-01-20")
        for _time in range(2):
            self._compute(self.february)
            self.assertEqual(self._figures(self.february), (0, 0, -30))
        refund.button_draft()
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, 0))
        self.assertFalse(self._statement(self.february).line_ids)

    def test_adjustment_of_an_adjusted_period(self):
        self._january(800)
        refund = self._invoice(-300, "2026-01-20")
        self._compute(self.february)
        self._freeze(self._statement(self.february))
        self._compute(self.march)
        self.assertEqual(self._figures(self.march), (0, 0, 0))
        self._invoice(-100, "2026-01-21")
        self._compute(self.march)
        self.assertEqual(self._figures(self.february), (0, 0, -30))
        self.assertEqual(self._figures(self.march), (0, 0, -10))
        refund.button_draft()
        self._compute(self.march)
        self.assertEqual(self._figures(self.march), (0, 0, 20))

    def test_two_frozen_periods_adjust_one_open(self):
        self._january(800)
        self._invoice(1500, "2026-02-10")
        self._compute(self.february)
        self._freeze(self._statement(self.february))
        self._invoice(-300, "2026-01-20")
        self._invoice(-300, "2026-02-20")
        self._compute(self.march)
        self.assertEqual(self._figures(self.march), (0, 0, -90))
        march = self._statement(self.march)
        self.assertEqual(
            {
                line.origin_statement_id.period_id: line.commission
                for line in march.line_ids
            },
            {self.january: -30, self.february: -60},
        )

    def test_earliest_open_statement_takes_it(self):
        self._january(800)
        self._compute(self.february, self.march)
        self._invoice(-300, "2026-01-20")
        self._compute(self.march)
        self.assertEqual(self._figures(self.february), (0, 0, -30))
        self.assertEqual(self._figures(self.march), (0, 0, 0))

    def test_moved_into_another_period(self):
        (invoice,) = self._january(800)
        invoice.button_draft()
        invoice.invoice_date = invoice.date = "2026-02-05"
        invoice.action_post()
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (800, 80, -80))

    def test_moved_within_the_period(self):
        (invoice,) = self._january(800)
        invoice.button_draft()
        invoice.invoice_date = invoice.date = "2026-01-25"
        invoice.action_post()
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, 0))

    def test_split_changed_after_freezing(self):
        (invoice,) = self._january(800)
        invoice.quota_split_ids = [
            Command.create({"user_id": user.id, "percent": 50})
            for user in (self.ann, self.bob)
        ]
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, -40))
        self.assertEqual(self._figures(self.february, self.bob), (0, 0, 40))

    def test_deleted_invoice(self):
        (invoice, _other) = self._january(800, 100)
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self._compute(self.february)
        line = self._statement(self.february).line_ids
        self.assertEqual((line.amount, line.commission), (-800, -80))
        self.assertFalse(line.move_id)
        self._freeze(self._statement(self.february))
        self._compute(self.march)
        self.assertEqual(self._figures(self.march), (0, 0, 0))

    def test_cap_reached_then_refunded(self):
        self.commission_plan.cap = 100
        self._january(2000)
        self.assertEqual(self._statement(self.january).commission, 100)
        self._invoice(-500, "2026-01-20")
        self._compute(self.february)
        # 1,500 would pay 200: still the cap
        self.assertEqual(self._figures(self.february), (0, 0, 0))
        self.assertEqual(self._statement(self.february).line_ids.amount, -500)
        self._invoice(-1000, "2026-01-20")
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, -50))

    def test_minimum_attainment_crossed_by_an_adjustment(self):
        self.commission_plan.minimum_attainment = 0.5
        self._january(400)
        self.assertEqual(self._statement(self.january).commission, 0)
        self._invoice(200, "2026-01-20")
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, 60))
        self._freeze(self._statement(self.february))
        self._invoice(-300, "2026-01-20")
        self._compute(self.march)
        self.assertEqual(self._figures(self.march), (0, 0, -60))

    def test_lines_of_an_adjustment_sum_to_it(self):
        self._january(990)
        for amount in (3.33, 33.33, -7.77, 50.01):
            self._invoice(amount, "2026-01-20")
        self._compute(self.february)
        adjustment = self._statement(self.february).adjustment
        self.assertEqual(adjustment, 14.78)  # 113.78 − 99.00
        lines = self._statement(self.february).line_ids
        self.assertAlmostEqual(sum(lines.mapped("commission")), adjustment, 2)
        self.assertEqual(len(lines), 4)

    def test_person_left_gets_a_statement_without_a_target(self):
        self._january(800)
        self._invoice(-300, "2026-01-20")
        self.env["quota.target"].sudo().search(
            [("user_id", "=", self.ann.id), ("period_id", "!=", self.january.id)]
        ).sudo().unlink()
        self._compute(self.february)
        statement = self._statement(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, -30))
        self.assertFalse(statement.target_id)
        self.assertFalse(statement.terms)
        self._compute(self.february, self.march)
        self.assertEqual(self._statement(self.february), statement)
        self.assertEqual(statement.total, -30)
        self.assertFalse(self._statement(self.march))

    def test_statement_without_a_target_goes_when_its_reason_goes(self):
        self._january(800)
        refund = self._invoice(-300, "2026-01-20")
        self.env["quota.target"].sudo().search(
            [("user_id", "=", self.ann.id), ("period_id", "!=", self.january.id)]
        ).sudo().unlink()
        self._compute(self.february)
        refund.button_draft()
        self._compute(self.february)
        self.assertFalse(self._statement(self.february))

    def test_waits_for_a_statement_to_come(self):
        self._january(800)
        self._invoice(-300, "2026-01-20")
        self._compute(self.january)
        statements = self.env["quota.statement"].search(
            [("plan_id", "=", self.plan.id)]
        )
        self.assertEqual(statements.period_id, self.january)
        self._compute(self.march)
        self.assertEqual(self._figures(self.march), (0, 0, -30))
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, -30))
        self.assertEqual(self._figures(self.march), (0, 0, 0))

    def _plan_of_2027(self, basis):
        """Make an approved plan of the next year; return its first two months."""
        plan = self.env["quota.plan"].create(
            {"name": f"2027 {basis}", "year": 2027, "basis": basis}
        )
        months = plan.period_ids.sorted("date_from")[:2]
        self.env["quota.target"].create(
            [
                {
                    "plan_id": plan.id,
                    "period_id": month.id,
                    "user_id": self.ann.id,
                    "full_amount": 1000,
                }
                for month in months
            ]
        )
        plan.sudo().state = "approved"
        return months

    def _freeze_all(self):
        self._compute()
        self._freeze(
            *self.env["quota.statement"].search([("plan_id", "=", self.plan.id)])
        )

    def test_next_years_plan_takes_the_adjustment(self):
        for basis in ("invoiced", "collected"):
            with self.subTest(basis=basis), self.env.cr.savepoint() as savepoint:
                self._invoice(800, "2026-04-10")
                self._freeze_all()
                first, second = self._plan_of_2027(basis)
                self._invoice(-300, "2026-04-20")
                self._compute(first, second)
                self.assertEqual(self._figures(first), (0, 0, -30))
                self._compute(second)
                self._compute(first)
                self.assertEqual(self._figures(first), (0, 0, -30))
                self.assertEqual(self._figures(second), (0, 0, 0))
                self._freeze(self._statement(first))
                self._compute(second)
                self.assertEqual(self._figures(second), (0, 0, 0))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_adjustment_prefers_a_statement_of_its_basis(self):
        self._january(800)
        other = self._make_plan("collected").period_ids.sorted("date_from")[1]
        self._invoice(-300, "2026-01-20")
        self._compute(other)
        self.assertEqual(self._figures(other), (0, 0, 0))
        self._compute(self.march)
        self.assertEqual(self._figures(self.march), (0, 0, -30))
        self.assertEqual(self._figures(other), (0, 0, 0))

    def test_late_invoice_of_another_company_adjusts_nothing(self):
        self._january(800)
        other = self.setup_other_company()
        self.env["account.move"].with_company(other["company"]).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-01-20",
                "invoice_user_id": self.ann.id,
                "journal_id": other["default_journal_sale"].id,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 100})
                ],
            }
        ).action_post()
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, 0))


@tagged("post_install", "-at_install")
class TestCollectedStatements(StatementFixture):
    basis = "collected"

    def test_line_for_each_payment(self):
        invoice = self._invoice(800, "2026-01-10")
        self._pay(invoice, 300, "2026-01-20")
        self._pay(invoice, 100, "2026-01-25")
        self._pay(invoice, 400, "2026-02-03")
        self._compute(self.january, self.february)
        self.assertEqual(self._figures(self.january), (400, 40, 0))
        self.assertEqual(self._figures(self.february), (400, 40, 0))
        lines = self._statement(self.january).line_ids
        self.assertEqual(lines.mapped("amount"), [300, 100])
        self.assertEqual(len(set(lines.mapped("partial_id"))), 2)

    def test_unreconciled_after_freezing(self):
        invoice = self._invoice(800, "2026-01-10")
        entry = self._pay(invoice, 300, "2026-01-20")
        self._compute(self.january)
        self._freeze(self._statement(self.january))
        self._receivable(entry).remove_move_reconcile()
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, -30))
        # matched again: the payment is in January as before, by another key
        (self._receivable(invoice) + self._receivable(entry)).reconcile()
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, 0))
        self.assertEqual(
            sorted(self._statement(self.february).line_ids.mapped("amount")),
            [-300, 300],
        )

    def _redate(self, invoice, entry, day):
        self._receivable(entry).remove_move_reconcile()
        entry.button_draft()
        entry.name = False
        entry.date = day
        entry.action_post()
        (self._receivable(invoice) + self._receivable(entry)).reconcile()

    def test_payment_dated_anew_within_and_across_periods(self):
        invoice = self._invoice(800, "2026-01-10")
        entry = self._pay(invoice, 300, "2026-01-20")
        self._compute(self.january)
        self._freeze(self._statement(self.january))
        self._redate(invoice, entry, "2026-01-30")
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (0, 0, 0))
        self._redate(invoice, entry, "2026-02-02")
        self._compute(self.february)
        self.assertEqual(self._figures(self.february), (300, 30, -30))


@tagged("post_install", "-at_install")
class TestMarginStatements(StatementFixture):
    basis = "margin"

    def test_cost_is_taken_off(self):
        invoice = self._invoice(800, "2026-01-10")
        invoice.invoice_line_ids.sudo().quota_cost = 500
        self._compute(self.january)
        self.assertEqual(self._figures(self.january), (300, 30, 0))

    def test_shared_by_the_margin_of_the_lines(self):
        category = self.env["product.category"].create({"name": "Dear"})
        product = self.env["product.product"].create(
            {"name": "Dear", "categ_id": category.id}
        )
        self.commission_plan.category_ids = [
            Command.create({"category_id": category.id, "rate": 0.5})
        ]
        invoice = self._invoice(800, "2026-01-10", lines=[(product, 400), (False, 400)])
        invoice.invoice_line_ids[0].sudo().quota_cost = 300
        self._compute(self.january)
        self.assertEqual(self._figures(self.january), (500, 90, 0))
