from datetime import date, datetime

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_dates import DatesFixture

EIGHT = {"trigger": "event", "event": "injury", "hours": 8, "shift": "none"}
DAY = EIGHT | {"hours": 24}


@tagged("post_install", "-at_install")
# 23:30 of 9 January in Los Angeles
@freeze_time("2026-01-10 07:30:00")
class TestEvent(DatesFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()
        cls.company.resource_calendar_id.tz = "America/Los_Angeles"
        cls.fatality = cls._create_obligation("EVENT-8H", EIGHT | {"lead_days": 0})
        cls.hospital = cls._create_obligation("EVENT-24H", DAY | {"lead_days": 0})
        cls.users = {
            name: cls._create_user(f"{name}.event", *groups)
            for name, groups in {
                "safety": ["preparer"],
                "accountant": ["preparer"],
                "hr": ["preparer", "hr.group_hr_user"],
                "viewer": ["viewer"],
                "manager": ["manager"],
                "hr_manager": ["manager", "hr.group_hr_user"],
                "hr_viewer": ["viewer", "hr.group_hr_user"],
                "auditor": ["auditor"],
                "plain": [],
            }.items()
        }
        cls.other = cls.env["res.company"].create(
            {"name": "Other events", "country_id": cls.usa.id}
        )
        cls.users["foreign"] = cls._create_user(
            "foreign.event", "manager", company=cls.other
        )

    def _record(self, user="safety", **values):
        model = self.env["compliance.event"].with_user(self.users[user])
        return model.with_context(allowed_company_ids=self.company.ids).create(
            {
                "kind": "injury",
                "reference": "Incident 14",
                "happened_at": "2026-01-10 06:00:00",
                "company_id": self.company.id,
                "obligation_ids": [Command.set(self.fatality.ids)],
            }
            | values
        )

    def _get_filings(self, event):
        return event.sudo().filing_ids.sorted("due_date")

    # --- what follows -----------------------------------------------------------

    def test_a_filing_follows_at_once(self):
        event = self._record()
        filing = self._get_filings(event)
        self.assertEqual(filing.obligation_id, self.fatality)
        self.assertEqual(filing.company_id, self.company)
        # the evening of the 9th there, and eight hours later the morning of the 10th
        self.assertEqual(filing.period_start, date(2026, 1, 9))
        self.assertEqual(filing.due_date, date(2026, 1, 10))
        self.assertEqual(filing.deadline, datetime(2026, 1, 10, 14, 0))
        self.assertIn("8 hours", filing.deadline_note)
        self.assertIn("6:00", filing.deadline_note)
        self.assertIn("America/Los_Angeles", filing.deadline_note)

    def test_all_that_can_follow_is_ticked(self):
        with Form(self.env["compliance.event"].with_user(self.users["safety"])) as form:
            form.kind = "injury"
            form.reference = "Incident 15"
            form.happened_at = "2026-01-10 06:00:00"
        event = form.record
        # other add-ons may bring further ones
        self.assertLessEqual(self.fatality | self.hospital, event.obligation_ids)
        self.assertEqual(self._get_filings(event).obligation_id, event.obligation_ids)
        self.assertNotIn(self.obligation, event.possible_obligation_ids)

    def test_hours_over_the_change_of_the_clocks(self):
        with freeze_time("2026-03-10"):
            event = self._record(
                happened_at="2026-03-07 17:00:00",
                obligation_ids=[Command.set(self.hospital.ids)],
            )
        filing = self._get_filings(event)
        self.assertEqual(filing.deadline, datetime(2026, 3, 8, 17, 0))
        self.assertIn("10:00", filing.deadline_note)

    def test_overdue_by_the_hour(self):
        filing = self._get_filings(self._record())
        self.assertNotEqual(filing.urgency, "overdue")
        with freeze_time("2026-01-10 14:00:01"):
            filing.invalidate_recordset()
            self.assertEqual(filing.urgency, "overdue")

    def test_the_preparer_is_told_at_once(self):
        self.company.compliance_preparer_id = self.users["safety"]
        filing = self._get_filings(self._record(user="hr"))
        self.assertEqual(filing.activity_ids.user_id, self.users["safety"])

    def test_being_told_is_no_work(self):
        """A reminder alone does not keep a filing that is not demanded any more."""
        self.company.compliance_preparer_id = self.users["safety"]
        event = self._record()
        filing = self._get_filings(event)
        event.obligation_ids = self.hospital
        self.assertFalse(filing.exists())

    def test_work_outlives_the_event(self):
        event = self._record()
        filing = self._get_filings(event)
        filing.with_user(self.users["safety"]).receipt_number = "By telephone"
        event.with_user(self.users["hr_manager"]).unlink()
        self.assertTrue(filing.exists().no_longer_due)
        self.assertIn("Within 8 hours", filing.deadline_note)
        self.assertFalse(filing.deadline)

    def test_the_nightly_run_keeps_it(self):
        event = self._record()
        filing = self._get_filings(event)
        self.assertFalse(self.fatality._generate_filings(self.company))
        self.assertEqual(self._get_filings(event), filing)

    def test_it_follows_the_event(self):
        event = self._record()
        filing = self._get_filings(event)
        event.happened_at = "2026-01-08 20:00:00"
        self.assertEqual(filing.due_date, date(2026, 1, 8))
        event.obligation_ids = self.hospital
        self.assertFalse(filing.exists())
        self.assertEqual(self._get_filings(event).obligation_id, self.hospital)
        event.with_user(self.users["hr_manager"]).unlink()
        self.assertFalse(self._filings(self.hospital))

    def test_a_begun_filing_holds_its_event(self):
        event = self._record()
        self._get_filings(event).state = "review"
        for change in (
            {"happened_at": "2026-01-09 01:00:00"},
            {"obligation_ids": [Command.set(self.hospital.ids)]},
        ):
            with self.assertRaisesRegex(UserError, "EVENT-8H .* is in review"):
                event.write(change)
        with self.assertRaisesRegex(UserError, "can no longer change"):
            event.with_user(self.users["hr_manager"]).unlink()
        event.note = "Ambulance called."
        self.assertEqual(event.note, "Ambulance called.")

    def test_two_events_of_a_day_are_two_filings(self):
        events = self._record() | self._record(reference="Incident 15")
        self.assertEqual(len(self._filings(self.fatality)), 2)
        self.assertEqual(
            self._filings(self.fatality).recorded_event_id.sorted("id"), events
        )
        self.assertEqual(len(self._get_filings(events[1])), 1)

    # --- what is refused --------------------------------------------------------

    def test_not_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "lies in the future"):
            self._record(happened_at="2026-01-10 07:30:01")

    def test_nothing_that_does_not_follow(self):
        with self.assertRaisesRegex(ValidationError, "does not follow"):
            self._record(obligation_ids=[Command.set(self.obligation.ids)])
        with self.assertRaisesRegex(ValidationError, "No filing follows"):
            self._record(obligation_ids=[Command.clear()])

    def test_before_the_first_filing(self):
        with self.assertRaisesRegex(UserError, "No filing of Event-8H could be made"):
            self._record(happened_at="2025-12-20 07:00:00")

    def test_what_records_tell_is_not_recorded_by_hand(self):
        kinds = dict(self.env["compliance.event"]._get_kinds())
        self.assertEqual(set(kinds), {"injury", "payday"})
        hired = self._create_obligation(
            "EVENT-HIRE", {"trigger": "event", "event": "hire", "days": 3}
        )
        with self.assertRaisesRegex(ValidationError, "other records tell"):
            self._record(kind="hire", obligation_ids=[Command.set(hired.ids)])

    # --- who --------------------------------------------------------------------

    def _as(self, event, user):
        user = self.users[user]
        return event.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def test_who_sees_an_injury_and_what_follows(self):
        """One rule for the event and its filings, by every route."""
        event = self._record()
        filing = self._get_filings(event)
        self.assertTrue(filing.is_personal)
        self.env.flush_all()
        self.env.invalidate_all()
        for user in ("safety", "hr", "hr_manager", "hr_viewer", "auditor"):
            with self.subTest(user=user):
                seen = self._as(event, user)
                self.assertIn(event, seen.search([]))
                self.assertTrue(seen.read(["reference"]))
                self.assertEqual(seen.filing_ids, filing)
                self.assertIn(filing, self._as(filing, user).search([]))
                self.assertEqual(self._as(filing, user).event_name, "Incident 14")
        for user in ("accountant", "viewer", "manager", "foreign"):
            for record in (event, filing):
                with self.subTest(user=user, model=record._name):
                    self._check_hidden(self._as(record, user))
        for record in (event, filing):
            with self.assertRaises(AccessError):
                self._as(record, "plain").search([])

    def _check_hidden(self, record):
        self.env.invalidate_all()
        self.assertFalse(record.search([("id", "=", record.id)]))
        group = record.formatted_read_group(
            [("id", "=", record.id)], ["company_id"], ["__count"]
        )
        self.assertFalse(group)
        for refused in (
            lambda: record.read(["display_name"]),
            lambda: record.export_data(["display_name"]),
            lambda: record.message_ids.read(["body"]),
            lambda: record.write({"company_id": self.company.id}),
            lambda: record.message_post(body="Who is it?"),
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_named_on_a_filing(self):
        """Whoever prepares or reviews what follows reads the event, as it is."""
        event = self._record()
        filing = self._get_filings(event)
        for field, user in (("preparer_id", "accountant"), ("reviewer_id", "manager")):
            filing[field] = self.users[user]
            with self.subTest(field=field):
                seen = self._as(event, user)
                self.assertIn(event, seen.search([]))
                self.assertEqual(seen.reference, "Incident 14")
                self.assertEqual(self._as(filing, user).event_name, "Incident 14")
                with self.assertRaises(AccessError):
                    seen.write({"note": "x"})
            filing[field] = False
            self.env.flush_all()
            self._check_hidden(self._as(event, user))
            self._check_hidden(self._as(filing, user))

    def test_the_recorder_goes_on_with_what_follows(self):
        """Lines, runs, the on-time rate and the calendar are of the filing."""
        event = self._record(obligation_ids=[Command.set(self.hospital.ids)])
        filing = self._get_filings(event)
        self._as(filing, "safety").action_prepare()
        run = self.env["compliance.run"].create(
            {"company_id": self.company.id, "filing_id": filing.id}
        )
        with freeze_time("2026-01-20"):
            self.env.flush_all()
            for model, domain in (
                ("compliance.run", [("id", "=", run.id)]),
                ("compliance.on.time.report", [("filing_id", "=", filing.id)]),
            ):
                for user, number in (("safety", 1), ("accountant", 0), ("manager", 0)):
                    with self.subTest(model=model, user=user):
                        found = self._as(self.env[model], user).search(domain)
                        self.assertEqual(len(found), number)

    def test_a_manager_is_told_that_it_is_late(self):
        """Who may see neither is told that there is something, and no more."""
        manager = self.users["manager"]
        self.company.compliance_manager_id = manager
        event = self._record(note="Lost a finger")
        filing = self._get_filings(event)
        with freeze_time("2026-01-12 07:30:00"):
            filing._remind()
        activity = filing.activity_ids.filtered(lambda each: each.user_id == manager)
        self.assertIn("EVENT-8H", activity.summary)
        self.env.invalidate_all()
        told = str(activity.with_user(manager).read(["summary", "note", "res_name"]))
        self.assertNotIn("Incident", told)
        self.assertNotIn("finger", told)
        for record in (event, filing):
            with self.assertRaises(AccessError):
                record.with_user(manager).read(["display_name"])

    def test_what_is_said_is_sent_to_who_may_read(self):
        """A manager who was told follows the filing, and hears no more of it."""
        self.company.compliance_manager_id = self.users["manager"]
        self.company.compliance_preparer_id = self.users["safety"]
        filing = self._get_filings(self._record(user="hr"))
        with freeze_time("2026-01-12 07:30:00"):
            filing._remind()
        people = self.users["manager"] | self.users["safety"]
        self.assertLessEqual(people.partner_id, filing.message_partner_ids)
        outside = self.env["res.partner"].create({"name": "Inspector"})
        filing.message_subscribe(outside.ids)
        said = filing.message_post(
            body="Lost a finger", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(
            said.notified_partner_ids, self.users["safety"].partner_id | outside
        )
        said = filing.message_post(
            body="Please help",
            partner_ids=self.users["manager"].partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
        self.assertEqual(said.notified_partner_ids, self.users["manager"].partner_id)

    def test_nobody_links_a_filing_to_an_event(self):
        """Or the link would open what one must not see."""
        mine, other = self._record(), self._record(user="hr")
        filing = self._as(self._get_filings(other), "hr")
        for value in (mine.id, False):
            with self.assertRaises(UserError):
                filing.recorded_event_id = value

    def test_who_records_one(self):
        for user in ("viewer", "auditor", "plain"):
            with self.assertRaises(AccessError):
                self._record(user=user)
        for user in ("safety", "hr", "manager", "hr_manager"):
            event = self._record(user=user)
            self.assertEqual(self._as(event, user).filing_ids, self._get_filings(event))
        with self.assertRaises(AccessError):
            self._as(self._record(), "safety").unlink()
        with self.assertRaises(AccessError):
            self._as(self._record(), "auditor").write({"note": "x"})

    def test_from_the_filing_to_the_event(self):
        event = self._record()
        filing = self._get_filings(event)
        opened = self._as(filing, "safety").action_open_event()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), (event._name, event.id)
        )
        with self.assertRaises(AccessError):
            self._as(filing, "accountant").action_open_event()
        self.assertEqual(
            self.env["compliance.filing"].search(event.action_open_filings()["domain"]),
            filing,
        )

    def test_from_the_obligation(self):
        self.assertFalse(self.obligation.recorded_event)
        action = self.fatality.action_record_event()
        self.assertEqual(
            action["context"],
            {"default_kind": "injury", "default_obligation_ids": self.fatality.ids},
        )

    # --- rules ------------------------------------------------------------------

    def test_paydays_are_seen_by_preparers(self):
        deposit = self._create_obligation(
            "EVENT-PAY",
            {
                "trigger": "event",
                "event": "payday",
                "day_rule": "next_weekday",
                "weekdays": "2, 5",
                "days": 3,
                "business_days": True,
                "shift": "none",
            },
        )
        event = self._record(
            kind="payday",
            happened_at="2026-01-09 20:00:00",
            obligation_ids=[Command.set(deposit.ids)],
        )
        self.assertEqual(self._get_filings(event).due_date, date(2026, 1, 14))
        self.assertFalse(self._get_filings(event).deadline_note)
        self.assertIn(event, self._as(event, "accountant").search([]))

    @mute_logger("odoo.sql_db")
    def test_hours_stand_alone(self):
        for values in ({"shift": "forward"}, {"days": 1}, {"months": 1}, {"hours": -1}):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
                self.fatality.rule_ids.write(values)
                self.env.flush_all()

    def test_weekdays_are_weekdays(self):
        for text in (False, "", "0", "8", "Friday"):
            with self.assertRaisesRegex(ValidationError, "1 \\(Monday\\) to 7"):
                self.rule.write({"day_rule": "next_weekday", "weekdays": text})

    def test_a_day_alone_counts_whole_days(self):
        published = self.env["compliance.published.date"].create(
            [
                {
                    "rule_id": rule.id,
                    "period_start": "2026-01-09",
                    "due_date": due,
                    "source": "Test",
                }
                for rule, due in (
                    (self.fatality.rule_ids, "2026-01-09"),
                    (self.hospital.rule_ids, "2026-01-10"),
                )
            ]
        )
        self.assertEqual(published.rule_id._check_published(), [])

    # --- postings ---------------------------------------------------------------

    def test_a_posting_begins_and_ends(self):
        posting = self._create_obligation(
            "EVENT-POSTER",
            {
                "period": "year",
                "months": 2,
                "day_rule": "day",
                "day": 1,
                "shift": "none",
                "posted_months": 3,
            },
            kind="posting",
        )
        filings = posting._generate_filings(self.company)
        self.assertEqual(filings[0].due_date, date(2026, 2, 1))
        self.assertEqual(filings[0].posted_until, date(2026, 4, 30))
        self.assertFalse(
            self.obligation._generate_filings(self.company)[0].posted_until
        )


@tagged("post_install", "-at_install")
class TestEventCalendar(DatesFixture, TransactionCase):
    """With the real clock: the calendar's library wants real dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()

    def test_the_calendar_tells_hours_and_ends(self):
        injury = self._create_obligation("EVENT-8H", EIGHT)
        event = self.env["compliance.event"].create(
            {
                "kind": "injury",
                "reference": "Incident 14",
                "company_id": self.company.id,
                "obligation_ids": [Command.set(injury.ids)],
            }
        )
        self.rule.posted_months = 1
        posted = self.obligation._generate_filings(self.company)
        user = self._create_user("calendar.event", "viewer", "hr.group_hr_user")
        text = self.env["compliance.filing"].with_user(user)._get_calendar().decode()
        text = text.replace("\r\n ", "")
        self.assertIn("Within 8 hours", text)
        self.assertIn(f"Posted until {posted[0].posted_until}", text)
        self.assertEqual(event.filing_ids.obligation_id, injury)
