from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import ReceivableFixture

MODELS = ("receivable.item", "receivable.call", "receivable.promise", "receivable.case")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestAccess(ReceivableFixture):
    """A salesperson sees their own, a leader their team's, the accountant all of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._make_user("leader", "group_receivable_manager")
        cls.accountant = cls._make_user("accountant", "account.group_account_invoice")
        cls.employee = cls._make_user("employee", "base.group_user")
        cls.data_2 = cls.setup_other_company()
        cls.stranger = cls._make_user(
            "stranger", "group_receivable_admin", company=cls.data_2["company"]
        )
        people = cls.ann + cls.bob + cls.leader + cls.accountant + cls.stranger
        cls.env.ref("base.group_allow_export").sudo().user_ids += people + cls.employee
        cls.env["crm.team"].sudo().create(
            {
                "name": "Ann's team",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "crm_team_member_ids": [Command.create({"user_id": cls.ann.id})],
            }
        )
        cls.of_ann = cls._invoice(100, "2026-03-01", user=cls.ann)
        cls.of_bob = cls._invoice(200, "2026-03-01", user=cls.bob)
        cls.of_nobody = cls._invoice(400, "2026-03-01", user=False)
        cls.call_ann = cls._call(cls.of_ann, [("2026-03-12", 100)], user=cls.ann)
        cls.call_bob = cls._call(cls.of_bob, [("2026-03-12", 200)], user=cls.bob)
        cls.env.flush_all()

    def _mine(self, model, user):
        """Return what a user sees: by search, by grouping, by export."""
        records = self.env[model].with_user(user)
        domain = [("company_id", "=", self.company.id)]
        found = records.search(domain)
        ((count,),) = records._read_group(domain, [], ["__count"])
        self.assertEqual(count, len(found))
        exported = found.export_data([".id"])["datas"]
        self.assertEqual([int(row[0]) for row in exported], found.ids)
        groups = records.formatted_read_group(domain, ["company_id"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), len(found))
        self.assertEqual(records.search_count(domain), len(found))
        return found

    def test_board(self):
        everything = self.of_ann + self.of_bob + self.of_nobody
        for user, moves in (
            (self.ann, self.of_ann),
            (self.bob, self.of_bob),
            (self.leader, self.of_ann),
            (self.accountant, everything),
            (self.stranger, everything.browse()),
        ):
            with self.subTest(user.login):
                self.assertEqual(
                    self._mine("receivable.item", user).move_id.sorted(),
                    moves.sorted(),
                )

    def test_calls_promises_and_cases(self):
        both = self.call_ann + self.call_bob
        for user, calls in (
            (self.ann, self.call_ann),
            (self.bob, self.call_bob),
            (self.leader, self.call_ann),
            (self.accountant, both),
            (self.stranger, both.browse()),
        ):
            with self.subTest(user.login):
                found = self._mine("receivable.call", user)
                self.assertEqual(found.sorted("id"), calls.sorted("id"))
                promises = self._mine("receivable.promise", user)
                self.assertEqual(promises, calls.promise_ids)
                cases = self._mine("receivable.case", user)
                self.assertEqual(cases.call_id, calls.sorted("id"))

    def test_others_are_not_read(self):
        items = self._item(self.of_ann)
        records = {
            "receivable.item": items,
            "receivable.call": self.call_ann,
            "receivable.promise": self.call_ann.promise_ids,
            "receivable.case": items.case_id,
            "account.move": self.of_ann,
            "account.move.line": self.of_ann.line_ids,
        }
        self.assertLessEqual(set(MODELS), records.keys())
        for user in (self.bob, self.employee, self.stranger):
            for model, record in records.items():
                for read in (
                    lambda r: r.read(["company_id"]),
                    lambda r: r.web_read({"company_id": {}}),
                    lambda r: r.export_data(["company_id"]),
                ):
                    self.env.invalidate_all()
                    with (
                        self.subTest(user=user.login, model=model),
                        self.assertRaises(AccessError),
                    ):
                        read(record.with_user(user))

    def test_employee_sees_nothing(self):
        for model in MODELS:
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.employee).search([])
        # nor the figures on a customer and an invoice
        for record, field in (
            (self.customer, "receivable_overdue"),
            (self.customer, "receivable_call_count"),
        ):
            self.assertNotIn(field, record.with_user(self.employee).fields_get())
            with self.assertRaises(AccessError):
                record.with_user(self.employee).read([field])

    def test_figures_on_the_customer_are_one_s_own(self):
        for user, overdue, calls in (
            (self.ann, 100, 1),
            (self.accountant, 700, 2),
            (self.stranger, 0, 0),
        ):
            self.env.invalidate_all()
            customer = self.customer.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(customer.receivable_overdue, overdue)
                self.assertEqual(customer.receivable_call_count, calls)

    def test_call_about_somebody_elses_invoice(self):
        for user in (self.employee, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._call(self.of_ann, user=user)
        with self.assertRaises(AccessError):
            self._call(self.of_bob, user=self.ann)
        # mixed with one's own, it is refused as well
        with self.assertRaises(AccessError):
            self._call(self.of_ann + self.of_bob, user=self.ann)
        self.assertTrue(self._call(self.of_ann, user=self.leader))
        self.assertTrue(self._call(self.of_bob, user=self.accountant))

    def test_call_in_somebody_elses_name(self):
        with self.assertRaisesRegex(AccessError, "your own calls only"):
            self._call(self.of_ann, user=self.ann, user_id=self.leader.id)
        call = self._call(self.of_ann, user=self.accountant, user_id=self.ann.id)
        self.assertEqual(call.user_id, self.ann)

    def test_call_is_not_changed_or_deleted_by_others(self):
        for user in (self.bob, self.employee, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.call_ann.with_user(user).write({"note": "x"})
        for user in (self.ann, self.leader, self.accountant):
            self.call_ann.with_user(user).write({"note": user.login})
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.call_ann.with_user(user).unlink()

    def test_chatter_is_for_those_who_see_the_call(self):
        message = self.call_ann.message_post(body="The secretary was rude")
        self.assertTrue(message.with_user(self.ann).read(["body"]))
        for user in (self.bob, self.employee, self.stranger):
            self.env.invalidate_all()
            with self.subTest(user.login), self.assertRaises(AccessError):
                message.with_user(user).read(["body"])

    def test_import(self):
        calls = self.env["receivable.call"].with_user(self.bob)
        result = calls.load(
            ["partner_id/.id", "move_ids/.id", "reason"],
            [[str(self.customer.id), str(self.of_ann.id), "Cash shortage"]],
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])
        promises = self.env["receivable.promise"].with_user(self.ann)
        result = promises.load(
            ["call_id/.id", "date", "amount", "state"],
            [[str(self.call_ann.id), "2026-03-12", "5", "Kept"]],
        )
        self.assertFalse(result["ids"])

    def test_import_of_one_s_own_calls(self):
        calls = self.env["receivable.call"].with_user(self.ann)
        result = calls.load(
            [
                "partner_id/.id",
                "move_ids/.id",
                "reason",
                "note",
                "promise_ids/date",
                "promise_ids/amount",
            ],
            [
                [
                    str(self.customer.id),
                    str(self.of_ann.id),
                    "Cash shortage",
                    "=1+1",
                    "2026-03-16",
                    "60",
                ],
                ["", "", "", "", "2026-03-20", "40"],
            ],
        )
        self.assertFalse(result["messages"])
        call = calls.browse(result["ids"])
        self.assertEqual(call.promise_ids.mapped("amount"), [60, 40])
        self.assertEqual((call.amount_due, call.logged), (100, True))
        # the agreement of before ended with it, as on the screen
        self.assertEqual(self.call_ann.promise_ids.state, "replaced")
        exported = call.export_data(
            ["partner_id", "reason", "promise_ids/amount", "promise_ids/state"]
        )["datas"]
        self.assertEqual(
            exported,
            [
                [self.customer.name, "Cash shortage", 60, "Open"],
                ["", "", 40, "Open"],
            ],
        )

    def test_import_of_what_the_ledger_decides(self):
        calls = self.env["receivable.call"].with_user(self.ann)
        row = [str(self.customer.id), str(self.of_ann.id), "Cash shortage"]
        fields = ["partner_id/.id", "move_ids/.id", "reason"]
        for more, value in (("promise_ids/state", "Kept"), ("logged", "True")):
            with self.subTest(more):
                result = calls.load(
                    [*fields, more, "promise_ids/date", "promise_ids/amount"],
                    [[*row, value, "2026-03-16", "60"]],
                )
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"])

    def test_cases_are_written_by_nobody(self):
        case = self._item(self.of_ann).case_id
        for user in (self.ann, self.leader, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                case.with_user(user).write({"paused_on": "2026-03-11"})
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._item(self.of_ann).with_user(user).write({"amount": 1})

    def test_pause_of_others_is_not_lifted(self):
        self.of_bob._pause_receivable("Goods are broken")
        item = self._item(self.of_bob)
        for user in (self.ann, self.leader, self.employee, self.stranger):
            self.env.invalidate_all()
            with self.subTest(user.login), self.assertRaises(AccessError):
                item.with_user(user).action_resume()
        self.assertTrue(self._item(self.of_bob).paused)
        item.with_user(self.accountant).action_resume()
        self.assertFalse(self._item(self.of_bob).paused)
