from datetime import date
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..models.dates.compliance_filing import ESCALATION, REMINDER
from .common_dates import DatesFixture


@tagged("post_install", "-at_install")
class TestReminder(DatesFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()
        cls.preparer = cls._create_user("preparer.dates", "preparer")
        cls.reviewer = cls._create_user("reviewer.dates", "reviewer")
        cls.manager = cls._create_user("manager.dates", "manager")
        cls.company.write(
            {
                "compliance_preparer_id": cls.preparer.id,
                "compliance_reviewer_id": cls.reviewer.id,
                "compliance_manager_id": cls.manager.id,
            }
        )
        with freeze_time("2026-01-02"):
            filings = cls.obligation._generate_filings(cls.company, date(2026, 3, 31))
        cls.filing = filings.sorted("due_date")[1]  # due on 17 February
        assert cls.filing.internal_date == date(2026, 2, 9), cls.filing.internal_date

    def _remind(self, day):
        with (
            freeze_time(day),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", return_value=60
            ),
        ):
            self.env["compliance.filing"]._cron_remind()

    def _activities(self, xmlid, filing=None):
        kind = self.env.ref(xmlid)
        activities = (filing or self.filing).activity_ids
        return activities.filtered(
            lambda activity: activity.active and activity.activity_type_id == kind
        )

    def test_the_preparer_is_told_once(self):
        self._remind("2026-01-29")
        self.assertFalse(self._activities(REMINDER))
        self._remind("2026-01-30")
        activity = self._activities(REMINDER)
        self.assertEqual(activity.user_id, self.preparer)
        self.assertEqual(activity.date_deadline, date(2026, 2, 9))
        self._remind("2026-01-31")
        self.assertEqual(self._activities(REMINDER), activity)
        self.assertFalse(self._activities(ESCALATION))

    def test_a_reminder_that_was_closed_does_not_come_back(self):
        self._remind("2026-01-30")
        self._activities(REMINDER).action_done()
        self._remind("2026-01-31")
        self.assertFalse(self._activities(REMINDER))

    def test_the_days_of_the_line(self):
        self.env["compliance.scope"].create(
            {
                "company_id": self.company.id,
                "obligation_id": self.obligation.id,
                "reminder_days": 2,
            }
        )
        self._remind("2026-02-06")
        self.assertFalse(self._activities(REMINDER))
        self._remind("2026-02-07")
        self.assertTrue(self._activities(REMINDER))

    def test_late_goes_to_the_manager(self):
        self._remind("2026-02-09")
        self.assertFalse(self._activities(ESCALATION))
        self._remind("2026-02-10")
        activity = self._activities(ESCALATION)
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.date_deadline, date(2026, 2, 17))
        self._remind("2026-02-20")
        self.assertEqual(self._activities(ESCALATION), activity)
        self.assertEqual(activity.with_context(tz="UTC").user_id, self.manager)

    def test_the_manager_of_the_line_comes_first(self):
        self.env["compliance.scope"].create(
            {
                "company_id": self.company.id,
                "obligation_id": self.obligation.id,
                "manager_id": self.reviewer.id,
            }
        )
        self._remind("2026-02-10")
        self.assertEqual(self._activities(ESCALATION).user_id, self.reviewer)

    def test_in_review_it_waits_for_the_reviewer(self):
        self._remind("2026-01-30")
        self.env.cr.execute(
            "UPDATE compliance_filing SET state = 'review' WHERE id = %s",
            [self.filing.id],
        )
        self.env.invalidate_all()
        self._remind("2026-01-31")
        self.assertEqual(self._activities(REMINDER).user_id, self.reviewer)

    def test_what_is_filed_is_closed(self):
        self._remind("2026-02-10")
        self.env.cr.execute(
            "UPDATE compliance_filing SET state = 'filed', filed_on = due_date, "
            "frozen_hash = 'x' WHERE id = %s",
            [self.filing.id],
        )
        self.env.invalidate_all()
        self._remind("2026-02-11")
        self.assertFalse(self._activities(REMINDER) | self._activities(ESCALATION))

    def test_nobody_to_tell(self):
        self.filing.preparer_id = False
        self.company.compliance_manager_id = False
        self._remind("2026-02-10")
        self.assertFalse(self.filing.activity_ids)

    def test_what_is_no_longer_demanded_is_left_alone(self):
        self.filing.no_longer_due = True
        self._remind("2026-02-10")
        self.assertFalse(self.filing.activity_ids)

    @mute_logger("odoo.addons.back_office_compliance.models.dates.compliance_filing")
    def test_an_error_stays_on_its_filing(self):
        broken = self._create_obligation("DATES-BROKEN")
        with freeze_time("2026-01-02"):
            other = broken._generate_filings(self.company, date(2026, 2, 28))
        other = other.filtered(lambda filing: filing.due_date == date(2026, 2, 17))
        schedule = type(self.filing).activity_schedule

        def fail(filing, *args, **kwargs):
            if filing.obligation_id == broken:
                raise ValueError("the post is on strike")
            return schedule(filing, *args, **kwargs)

        with patch.object(type(self.filing), "activity_schedule", fail):
            self._remind("2026-01-30")
        self.assertIn("strike", other.reminder_error)
        self.assertTrue(self._activities(REMINDER))
        self._remind("2026-01-31")
        self.assertFalse(other.reminder_error)
        self.assertTrue(self._activities(REMINDER, other))

    def test_queries_do_not_grow(self):
        filings = self.env["compliance.filing"]
        with freeze_time("2026-01-02"):
            for number in range(10):
                filings |= self._create_obligation(f"DATES-{number}")._generate_filings(
                    self.company, date(2026, 1, 31)
                )
        self._remind("2026-01-10")
        counts = []
        for group in (filings[:2], filings):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time("2026-01-10"):
                group.with_user(SUPERUSER_ID)._remind()  # everybody is told already
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
