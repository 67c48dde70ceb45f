from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import ReceivableFixture

BROKEN_ON = "2026-03-17 10:00:00"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")  # a Wednesday
class TestRecall(ReceivableFixture):
    """A broken promise asks the salesperson to call, once and no longer than needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._invoice(100, "2026-03-01")
        cls.call = cls._call(cls.move, [("2026-03-12", 100)])
        cls.kind = cls.env.ref("front_office_receivable.mail_activity_type_call_again")

    def _activities(self, calls=None, done=False):
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.kind.id),
                ("res_model", "=", "receivable.call"),
                ("res_id", "in", (calls or self.call).ids),
                ("active", "=", not done),
            ]
        )

    def _break(self):
        with freeze_time(BROKEN_ON):
            self._decide()
        return self._activities()

    def test_broken_promise_plans_a_call(self):
        self._decide()
        self.assertFalse(self._activities())
        activity = self._break()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.ann)
        # Tuesday: the next working day
        self.assertEqual(str(activity.date_deadline), "2026-03-18")
        self.assertEqual(activity.activity_category, "phonecall")
        self.assertTrue(activity.automated)
        for word in (self.customer.name, "100.00", self.move.name):
            self.assertIn(word, activity.summary)
        # the salesperson sees it, where they work
        self.assertEqual(self.call.with_user(self.ann).activity_ids, activity)

    def test_over_a_weekend(self):
        # Friday, Saturday and Sunday: the next working day is Monday
        for day in (20, 21, 22):
            with self.subTest(day), freeze_time(f"2026-03-{day} 10:00:00"):
                days = self.company._get_receivable_recall_days()
                self.assertEqual(str(days[self.company.id]), "2026-03-23")
        self.company.receivable_retry_days = 2
        with freeze_time("2026-03-21 10:00:00"):
            days = self.company._get_receivable_recall_days()
            self.assertEqual(str(days[self.company.id]), "2026-03-24")
        self.company.receivable_retry_days = 0
        with freeze_time("2026-03-20 10:00:00"):
            self._decide()
        self.assertEqual(str(self._activities().date_deadline), "2026-03-20")

    def test_not_twice(self):
        activity = self._break()
        with freeze_time("2026-03-18 10:00:00"):
            self._decide()
            self.assertEqual(self._activities(), activity)
            self.call.sudo().to_plan = True
            self._decide()
        self.assertEqual(self._activities(), activity)
        self.assertFalse(self.call.to_plan)

    def test_second_instalment_while_the_first_is_still_to_be_called_about(self):
        move = self._invoice(200, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100), ("2026-03-13", 100)])
        with freeze_time("2026-03-17 10:00:00"):
            self._decide()
            self.assertEqual(len(self._activities(call)), 1)
        with freeze_time("2026-03-18 10:00:00"):
            self._decide()
            self.assertEqual(call.promise_ids.mapped("state"), ["broken", "broken"])
            self.assertEqual(len(self._activities(call)), 1)

    def test_board_while_the_next_instalment_is_still_open(self):
        move = self._invoice(200, "2026-03-01")
        self._call(move, [("2026-03-12", 100), ("2026-03-31", 100)])
        self.assertFalse(self._item(move).to_call)
        with freeze_time(BROKEN_ON):
            self._decide()
            item = self._item(move)
            # tomorrow, and though the second part is promised for later
            self.assertEqual(str(item.promise_date), "2026-03-31")
            self.assertFalse(item.to_call)
        with freeze_time("2026-03-18 10:00:00"):
            self.assertTrue(self._item(move).to_call)

    def test_kept_promise_plans_nothing(self):
        self._pay(self.move, 100, "2026-03-12")
        self.assertFalse(self._break())

    def test_next_call_is_the_answer(self):
        activity = self._break()
        with freeze_time("2026-03-18 10:00:00"):
            # somebody else of the same customer answers nothing for this one
            self._call(self._invoice(50, "2026-03-01"), reason="cash")
            self.assertTrue(activity.active)
            self._call(self.move, reason=False, outcome="no_answer")
        self.assertFalse(activity.active)
        self.assertEqual(activity.feedback, "Called again")
        self.assertEqual(self._activities(done=True), activity)
        with freeze_time("2026-03-19 10:00:00"):
            self._decide()
        self.assertFalse(self._activities())

    def test_broken_at_the_next_call(self):
        # in the morning, before the ledger was asked
        with freeze_time(BROKEN_ON):
            self._call(self.move, [("2026-03-27", 100)])
            self.assertEqual(self.call.promise_ids.state, "broken")
            self.assertFalse(self.call.to_plan)
            self._decide()
        self.assertFalse(self._activities())

    def test_paid_invoice_is_not_called_about(self):
        activity = self._break()
        self._pay(self.move, 60, "2026-03-17")
        self.assertTrue(activity.exists())
        self._pay(self.move, 40, "2026-03-17")
        self.assertFalse(activity.exists())

    def test_paid_between_the_mark_and_the_activity(self):
        with freeze_time(BROKEN_ON):
            self.env["receivable.promise"]._decide("broken")
            self.assertTrue(self.call.to_plan)
            self._pay(self.move, 100, "2026-03-17")
            self.assertFalse(self.call.to_plan)
            self._decide()
        self.assertFalse(self._activities())

    def test_one_of_two_invoices_is_paid(self):
        other = self._invoice(70, "2026-03-01")
        call = self._call(self.move + other, [("2026-03-12", 170)])
        self._break()
        self._pay(self.move, 100, "2026-03-17")
        self.assertTrue(self._activities(call))
        self._pay(other, 70, "2026-03-17")
        self.assertFalse(self._activities(call))

    def test_statement_that_comes_late(self):
        move = self._invoice(200, "2026-03-01")
        call = self._call(move, [("2026-03-12", 100)])
        with freeze_time(BROKEN_ON):
            self._decide()
            self.assertTrue(self._activities(call))
            self._pay(move, 100, "2026-03-13")
            self._decide()
            self.assertEqual(call.promise_ids.state, "kept")
        self.assertFalse(self._activities(call))

    def test_dispute(self):
        activity = self._break()
        self.move._pause_receivable("Scratched")
        with freeze_time("2026-03-18 10:00:00"):
            self._decide()
        self.assertFalse(activity.exists())

    def test_whose_call_it_is(self):
        large = self._invoice(500, "2026-03-01", user=self.bob)
        boss = self._make_user("boss", "group_receivable_admin")
        call = self._call(self.move + large, [("2026-03-12", 600)], user=boss)
        unsold = self._invoice(100, "2026-03-01", user=False)
        other = self._call(unsold, [("2026-03-12", 100)], user=boss)
        self.assertEqual(call._get_recall_user(), self.bob)
        self.assertEqual(other._get_recall_user(), boss)
        self.bob.active = False
        self.assertEqual(call._get_recall_user(), self.ann)
        self.ann.active = False
        self.assertEqual(call._get_recall_user(), boss)
        boss.active = False
        self.assertFalse(call._get_recall_user())
        # even then it is planned: whoever sees the call sees it
        with freeze_time(BROKEN_ON):
            self._decide()
        self.assertEqual(len(self._activities(call)), 1)

    def test_activity_is_for_those_who_see_the_call(self):
        activity = self._break()
        employee = self._make_user("employee", "base.group_user")
        self.assertTrue(activity.with_user(self.ann).read(["summary"]))
        for user in (self.bob, employee):
            self.env.invalidate_all()
            with self.subTest(user.login), self.assertRaises(AccessError):
                activity.with_user(user).read(["summary"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                activity.with_user(user).unlink()

    def test_mark_is_set_by_nobody(self):
        with self.assertRaisesRegex(AccessError, "planned by the ledger"):
            self.call.with_user(self.ann).write({"to_plan": True})
        # and neither by the screen of the next call
        move = self._invoice(100, "2026-03-01")
        self.assertFalse(self._call(move, to_plan=True).to_plan)
        self.call.with_user(self.ann).write({"note": "x"})

    def test_interrupted_work_goes_on(self):
        """What was marked before the power went is planned by the next run."""
        calls = self.call
        for _number in range(4):
            calls += self._call(self._invoice(10, "2026-03-01"), [("2026-03-12", 10)])
        promises = self.env["receivable.promise"]
        with freeze_time(BROKEN_ON):
            promises._decide("broken")
            self.assertEqual(self.env["receivable.call"]._plan_activities(limit=2), 2)
            self.assertEqual(len(self._activities(calls)), 2)
            cron = self.env.ref("front_office_receivable.ir_cron_decide_promises")
            root = self.env.ref("base.user_root")
            with self.enter_registry_test_mode():
                cron.with_user(root).method_direct_trigger()
        self.assertEqual(len(self._activities(calls)), 5)

    def test_time_is_over(self):
        progress = type(self.env["ir.cron"])
        with (
            freeze_time(BROKEN_ON),
            patch.object(progress, "_commit_progress", return_value=0),
        ):
            self.env["receivable.promise"]._cron_decide()
        # the first state was all there was time for
        self.assertEqual(self.call.promise_ids.state, "open")
        times = iter([9] * 5 + [0])
        with (
            freeze_time(BROKEN_ON),
            patch.object(
                progress, "_commit_progress", side_effect=lambda *_a, **_k: next(times)
            ),
        ):
            self.env["receivable.promise"]._cron_decide()
        self.assertEqual(self.call.promise_ids.state, "broken")
        self.assertEqual(len(self._activities()), 1)

    def test_statements_do_not_grow(self):
        def plan():
            self.env["receivable.call"]._plan_activities()
            self.env.flush_all()

        counts = []
        for number in (2, 2, 22):
            for _number in range(number):
                move = self._invoice(10, "2026-03-01")
                self._call(move, [("2026-03-12", 10)])
            with freeze_time(BROKEN_ON):
                self.env["receivable.promise"]._decide("broken")
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                plan()
                counts.append(self.env.cr.sql_log_count - before)
        # the first one warms up
        self.assertLessEqual(counts[2], counts[1] + 3)
