from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_dates import DatesFixture
from .published_dates import BLOCKS


@tagged("post_install", "-at_install")
class TestDueRule(DatesFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()

    def test_constraints(self):
        refused = [
            {"first_month": 0},
            {"first_month": 13},
            {"trigger": "event"},
            {"event": "hire"},
            {"period": False},
            {"day": 0},
            {"day": 32},
            {"day_rule": "last_weekday"},
            {"other_months": "1,8"},
            {"other_months": "1", "other_day": 17, "day_rule": "month_end"},
            {"lead_days": -1},
        ]
        for values in refused:
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.rule.write(values)
                self.env.flush_all()
            self.env.invalidate_all()
        allowed = [
            {"first_month": 12},
            {"other_months": "1,8", "other_day": 17},
            {"day_rule": "last_weekday", "weekday": "4", "other_months": False},
            {"trigger": "event", "event": "hire"},
        ]
        for values in allowed:
            self.rule.write(values)
            self.env.flush_all()

    def test_other_months_are_months(self):
        for text in ("13", "January", "1;8"):
            with self.assertRaisesRegex(ValidationError, "Dates-Monthly.*1,8"):
                self.rule.write({"other_months": text, "other_day": 1})

    @mute_logger("odoo.sql_db")
    def test_one_version_a_day(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.rule.copy()
            self.env.flush_all()

    @freeze_time("2026-01-10")
    def test_next_six_dates(self):
        self.assertEqual(
            self.rule.next_dates,
            "01/15/2026, 02/17/2026, 03/16/2026, 04/15/2026, 05/15/2026, 06/15/2026",
        )
        self.rule.write({"trigger": "event", "event": "hire", "months": 0})
        self.rule.write({"day_rule": "none", "days": 3, "business_days": True})
        self.assertEqual(self.rule.next_dates, "01/14/2026")

    @freeze_time("2026-01-10")
    def test_the_preview_follows_the_form(self):
        with Form(self.obligation) as form, form.rule_ids.edit(0) as line:
            self.assertIn("01/15/2026", line.next_dates)
            line.day = 20
            self.assertIn("01/20/2026", line.next_dates)
            line.day = 0  # not valid yet: no preview, and no error while typing
            self.assertFalse(line.next_dates)
            line.day = 20

    def test_display_name(self):
        self.assertEqual(self.rule.display_name, "Dates-Monthly from 01/01/2020")

    # --- published dates ----------------------------------------------------------

    def _publish(self, *dates):
        self.rule.published_ids = [
            Command.create({"period_start": first, "due_date": due, "source": "Test"})
            for first, due in dates
        ]

    def test_published_dates_agree(self):
        self._publish(("2022-03-01", "2022-04-18"), ("2026-01-01", "2026-02-17"))
        self.assertEqual(self.rule._check_published(), [])
        action = self.rule.action_check_published()
        self.assertEqual(action["params"]["type"], "success")

    def test_a_published_date_disagrees(self):
        self._publish(("2022-03-01", "2022-04-15"), ("2022-03-02", "2022-04-18"))
        sentences = self.rule._check_published()
        self.assertEqual(len(sentences), 2)
        self.assertIn("04/18/2022", sentences[0])
        self.assertIn("no period begins", sentences[1])
        action = self.rule.action_check_published()
        self.assertEqual(action["params"]["type"], "danger")

    def test_nothing_published(self):
        action = self.rule.action_check_published()
        self.assertEqual(action["params"]["type"], "warning")

    def test_published_for_events_and_fiscal_years(self):
        self.rule.write({"period": "fiscal_year", "months": 4})
        self._publish(("2025-07-01", "2026-10-15"))
        self.assertEqual(self.rule._check_published(), [])
        self.rule.published_ids.unlink()
        self.rule.write({"trigger": "event", "event": "hire", "months": 0})
        self.rule.write({"day_rule": "none", "days": 20, "shift": "none"})
        self._publish(("2026-02-28", "2026-03-20"))
        self.assertEqual(self.rule._check_published(), [])

    def test_the_table_of_published_dates_through_records(self):
        block = BLOCKS[0]
        self.assertEqual(block.period, "quarter")
        obligation = self._create_obligation(
            "DATES-941",
            {
                "period": block.period,
                "months": block.rule.months,
                "day_rule": block.rule.day_rule,
                "published_ids": [
                    Command.create(
                        {"period_start": first, "due_date": due, "source": block.source}
                    )
                    for first, due in block.dates.items()
                ],
            },
        )
        self.assertEqual(len(obligation.rule_ids.published_ids), 28)
        self.assertEqual(obligation.rule_ids._check_published(), [])
        obligation.rule_ids.months = 2
        self.assertEqual(len(obligation.rule_ids._check_published()), 28)

    def test_plain_rule(self):
        self.rule.write({"other_months": "1, 8", "other_day": 17, "weekday": "2"})
        rule = self.rule._to_rule()
        self.assertEqual(rule.other_months, {1, 8})
        self.assertEqual((rule.day, rule.other_day, rule.weekday), (15, 17, 2))

    def test_display_of_a_period(self):
        self.assertEqual(
            self.rule._get_due_date_of(
                date(2026, 1, 1), self.federal._get_calendar(self.company, [2026])
            ),
            date(2026, 2, 17),
        )
