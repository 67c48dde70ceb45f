from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .. import ageing, promise
from .common import ReceivableFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestFigures(ReceivableFixture):
    """Ageing, days sales outstanding, promises kept, and cash by week."""

    def _rows(self, model, groupby, aggregates, domain=()):
        self.env.flush_all()
        self.env[model].invalidate_model()
        return self.env[model]._read_group(
            [("company_id", "=", self.company.id), *domain], groupby, aggregates
        )

    def _expected(self):
        """Return the expected sum of each source and day, and check the whole."""
        rows = self._rows("receivable.expected", ["source", "date:day"], ["amount:sum"])
        ((owed,),) = self._rows("receivable.item", [], ["amount:sum"])
        self.assertEqual(sum(amount for *_key, amount in rows), owed or 0)
        return {
            (source, str(day) if day else ""): amount for source, day, amount in rows
        }

    def test_ageing_by_reason(self):
        days = (0, 1, 30, 31, 60, 61, 90, 91, 400)
        for late in days:
            due = ageing_day(late)
            move = self._invoice(10 + late, due)
            if late > 30:
                self._call(move, reason="goods")
        rows = self._rows("receivable.item", ["bucket", "reason"], ["amount:sum"])
        sums = ageing.spread((late, 10 + late) for late in days)
        found = dict.fromkeys(sums, 0)
        for bucket, _reason, amount in rows:
            found[bucket] += amount
        self.assertEqual(found, {key: float(total) for key, total in sums.items()})
        self.assertEqual(
            {bucket for bucket, reason, _amount in rows if reason == "goods"},
            {"2", "3", "4"},
        )

    def test_days_sales_outstanding(self):
        # 30 days before the due date it was invoiced
        self._invoice(900, "2026-03-31")
        paid = self._invoice(2100, "2026-02-15")
        self._pay(paid, 2100, "2026-02-15")
        self._invoice(-300, "2026-03-20")
        self._invoice(500, "2025-06-01")
        (row,) = self._rows(
            "receivable.customer",
            ["partner_id"],
            ["open:sum", "sales:sum", "dso:avg"],
        )
        customer, owed, sales, dso = row
        self.assertEqual(customer, self.customer)
        self.assertEqual((owed, sales), (1100, 2700))
        self.assertAlmostEqual(
            dso, ageing.days_sales_outstanding(1100.0, 2700.0, 90), places=6
        )

    def test_dso_of_a_group_is_not_the_mean(self):
        self._invoice(1000, "2026-03-31", user=self.ann)
        paid = self._invoice(3000, "2026-03-31", user=self.bob)
        self._pay(paid, 3000, "2026-03-10")
        rows = self.env["receivable.customer"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(sorted(rows.mapped("dso")), [0, 90])
        ((dso,),) = self._rows("receivable.customer", [], ["dso:avg"])
        self.assertAlmostEqual(dso, 22.5)

    def test_no_sales_no_days(self):
        self._invoice(500, "2025-06-01")
        ((dso, rate),) = self._rows(
            "receivable.customer", [], ["dso:avg", "keeping_rate:avg"]
        )
        # nothing can be said, which is not the same as 0
        self.assertEqual((dso, rate), (False, False))

    def test_promise_keeping_rate(self):
        for user, kept in ((self.ann, 2), (self.bob, 0)):
            for number in range(3):
                move = self._invoice(100, "2026-03-01", user=user)
                self._call(move, [("2026-03-12", 100)], user=user)
                if number < kept:
                    self._pay(move, 100, "2026-03-12")
        with freeze_time("2026-03-20"):
            self._decide()
            (row,) = self._rows(
                "receivable.customer",
                ["partner_id"],
                ["kept:sum", "broken:sum", "keeping_rate:avg"],
            )
            by_person = dict(
                self._rows("receivable.customer", ["user_id"], ["keeping_rate:avg"])
            )
        self.assertEqual(row[1:3], (2, 4))
        self.assertAlmostEqual(row[3], promise.keeping_rate(2, 4))
        self.assertAlmostEqual(by_person[self.ann], 2 / 3)
        self.assertEqual(by_person[self.bob], 0)

    def test_cash_from_due_dates(self):
        self._invoice(100, "2026-03-20")
        self._invoice(200, "2026-03-01")
        disputed = self._invoice(300, "2026-03-25")
        disputed._pause_receivable("Broken on arrival")
        self._invoice(-50, "2026-03-20")
        self.env.flush_all()
        row = self.env["receivable.expected"].search([("move_id", "=", disputed.id)])
        self.assertEqual(row.action_open_source()["res_id"], disputed.id)
        self.assertEqual(
            self._expected(),
            {
                ("due", "2026-03-20"): 100,
                ("late", ""): 200,
                ("disputed", ""): 300,
                ("credit", ""): -50,
            },
        )

    def test_cash_from_promises(self):
        move = self._invoice(1000, "2026-03-01")
        call = self._call(move, [("2026-03-12", 300), ("2026-03-19", 400)])
        rows = self.env["receivable.expected"].search([("call_id", "=", call.id)])
        self.assertEqual(rows[0].action_open_source()["res_id"], call.id)
        self.assertEqual(
            self._expected(),
            {
                ("promise", "2026-03-12"): 300,
                ("promise", "2026-03-19"): 400,
                ("late", ""): 300,
            },
        )
        # what came counts for the first instalment first
        self._pay(move, 350, "2026-03-11")
        self.assertEqual(
            self._expected(), {("promise", "2026-03-19"): 350, ("late", ""): 300}
        )

    def test_promise_that_was_partly_kept(self):
        move = self._invoice(1000, "2026-03-01")
        self._call(move, [("2026-03-12", 300), ("2026-03-31", 700)])
        self._pay(move, 100, "2026-03-11")
        self.assertEqual(
            self._expected(),
            {("promise", "2026-03-12"): 200, ("promise", "2026-03-31"): 700},
        )
        with freeze_time("2026-03-20 10:00:00"):
            self._decide()
            # the rest of the broken one is late, and the next one is still to come
            self.assertEqual(
                self._expected(), {("promise", "2026-03-31"): 700, ("late", ""): 200}
            )
            self._pay(move, 350, "2026-03-19")
            # 450 in all: 300 for the first, 150 for the second
            self.assertEqual(self._expected(), {("promise", "2026-03-31"): 550})

    def test_broken_promise_is_expected_no_more(self):
        move = self._invoice(1000, "2026-03-01")
        self._call(move, [("2026-03-12", 300), ("2026-03-31", 700)])
        with freeze_time("2026-03-16 10:00:00"):
            # in the days of grace it may still come
            self.assertEqual(self._expected()["promise", "2026-03-16"], 300)
        with freeze_time("2026-03-20 10:00:00"):
            self._decide()
            self.assertEqual(
                self._expected(), {("promise", "2026-03-31"): 700, ("late", ""): 300}
            )

    def test_agreement_on_several_invoices(self):
        moves = self._invoice(600, "2026-03-01") + self._invoice(400, "2026-03-20")
        self._call(moves, [("2026-03-18", 900)])
        self.assertEqual(
            self._expected(), {("promise", "2026-03-18"): 900, ("late", ""): 100}
        )
        # the second is agreed on anew, and what the first call said is replaced
        self._call(moves[1], [("2026-03-25", 400)])
        self.assertEqual(
            self._expected(), {("promise", "2026-03-25"): 400, ("late", ""): 600}
        )

    def test_figures_are_one_s_own(self):
        self._call(self._invoice(100, "2026-03-01"), [("2026-03-12", 100)])
        self._invoice(200, "2026-03-01", user=self.bob)
        leader = self._make_user("leader", "group_receivable_manager")
        self.env["crm.team"].sudo().create(
            {
                "name": "Bob's team",
                "company_id": self.company.id,
                "user_id": leader.id,
                "crm_team_member_ids": [(0, 0, {"user_id": self.bob.id})],
            }
        )
        accountant = self._make_user("accountant", "account.group_account_invoice")
        stranger = self._make_user(
            "stranger", "group_receivable_admin", self.setup_other_company()["company"]
        )
        self.env.flush_all()
        for user, owed in (
            (self.ann, 100),
            (self.bob, 200),
            (leader, 200),
            (accountant, 300),
            (stranger, 0),
        ):
            self.env.invalidate_all()
            for model, field in (
                ("receivable.customer", "open"),
                ("receivable.expected", "amount"),
            ):
                with self.subTest(user=user.login, model=model):
                    records = self.env[model].with_user(user)
                    domain = [("company_id", "=", self.company.id)]
                    self.assertEqual(sum(records.search(domain).mapped(field)), owed)
                    ((grouped,),) = records._read_group(domain, [], [f"{field}:sum"])
                    self.assertEqual(grouped or 0, owed)
        employee = self._make_user("employee", "base.group_user")
        for model in ("receivable.customer", "receivable.expected"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(employee).search([])

    def test_row_leads_to_the_promises(self):
        call = self._call(self._invoice(100, "2026-03-01"), [("2026-03-12", 100)])
        self.env.flush_all()
        row = self.env["receivable.customer"].search(
            [("partner_id", "=", self.customer.id), ("user_id", "=", self.ann.id)]
        )
        action = row.action_open_promises()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, call.promise_ids)


def ageing_day(late):
    """Return the due date of what is so many days late on the frozen day."""
    return date(2026, 3, 11) - timedelta(days=late)
