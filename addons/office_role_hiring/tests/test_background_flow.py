import doctest
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.office_role_hiring import background_dates
from odoo.addons.office_role_hiring.background_dates import earliest_final_notice

from .background_common import GROUP, MONDAY, REPORT, SIGNED, BackgroundCommon

PROPERTY = settings(max_examples=150, deadline=None, database=None, derandomize=True)
DAYS = st.sets(st.integers(-30, 90).map(lambda n: MONDAY + timedelta(n)), min_size=1)


@tagged("post_install", "-at_install")
class TestBackgroundDates(BaseCase):
    def test_examples(self):
        result = doctest.testmod(background_dates)
        self.assertGreater(result.attempted, 6)
        self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(DAYS, st.integers(1, 20))
    def test_exactly_the_waiting_days_lie_between(self, working, days):
        after = {day for day in working if day > MONDAY}
        if len(after) < days:
            with self.assertRaises(ValueError):
                earliest_final_notice(MONDAY, days, working)
            return
        earliest = earliest_final_notice(MONDAY, days, working)
        self.assertEqual(sum(day < earliest for day in after), days)
        self.assertIn(earliest - timedelta(1), after)

    @PROPERTY
    @given(DAYS, st.integers(1, 20))
    def test_a_day_off_never_makes_it_earlier(self, working, days):
        after = sorted(day for day in working if day > MONDAY)
        if len(after) > days:
            fewer = working - {after[0]}
            self.assertGreater(
                earliest_final_notice(MONDAY, days, fewer),
                earliest_final_notice(MONDAY, days, working) - timedelta(1),
            )


@freeze_time(MONDAY)
class TestBackgroundFlow(BackgroundCommon):
    """From consent to the decision; what is out of order is refused."""

    def test_clear(self):
        check = self._ordered()
        self.assertEqual(check.ordered_on, MONDAY)
        self.assertEqual(check.ordered_by_id, self.officer)
        self.assertEqual(check.display_name, "Test criminal record: Ada")
        check.action_result_clear()
        self.assertEqual((check.state, check.result), ("done", "clear"))
        self.assertEqual(check.valid_until, date(2027, 3, 2))
        self.assertEqual(check.closed_on, MONDAY)

    def test_what_never_expires(self):
        self.assertFalse(self._clear(check_type=self.identity).valid_until)

    def test_no_order_without_consent(self):
        check = self._prepare()[0]
        with self.assertRaisesRegex(UserError, "whose state is To do"):
            check.action_order()
        check.consent_date = MONDAY
        with self.assertRaisesRegex(ValidationError, "attach the Signed consent"):
            check.action_record_consent()
        check.write({"consent_date": False, "consent_document": SIGNED})
        with self.assertRaisesRegex(ValidationError, "Enter Consent given on"):
            check.action_record_consent()
        self.assertEqual(check.state, "todo")

    def test_no_order_without_consent_even_as_superuser(self):
        check = self._prepare()[0].sudo()
        with self.assertRaises(ValidationError):
            check.write({"state": "ordered", "ordered_on": MONDAY})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE hr_background_check SET state = 'ordered', ordered_on = %s "
                "WHERE id = %s",
                [MONDAY, check.id],
            )

    def test_consent_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "lies in the future"):
            self._prepare()[0].consent_date = MONDAY + timedelta(1)

    def test_the_steps_are_not_written_by_hand(self):
        check = self._ordered()
        for vals in (
            {"state": "done"},
            {"result": "clear"},
            {"result_date": MONDAY},
            {"ordered_on": MONDAY},
            {"consent_date": MONDAY - timedelta(1)},
            {"consent_document": REPORT},
            {"decision": "hired"},
            {"pre_adverse_date": MONDAY},
            {"final_notice_from": MONDAY},
            {"erased_on": MONDAY},
            {"type_id": self.identity.id},
            {"employee_id": self._create_employee("Bo").id},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "by hand"):
                check.write(vals)

    def test_a_check_begins_at_the_beginning(self):
        checks = self.env["hr.background.check"].with_user(self.officer)
        person = {"applicant_id": self.ada.id, "type_id": self.identity.id}
        consent = {"consent_date": MONDAY, "consent_document": SIGNED}
        for vals in (
            {"state": "consented", **consent},
            {"state": "cancelled"},
            {"ordered_on": MONDAY, **consent},
            {"decision_reason": "Because"},
        ):
            with self.subTest(vals), self._refused("begins without"):
                checks.create({**person, **vals})
        with self._refused("begins without"):
            checks.with_context(default_state="cancelled").create(person)

    def test_import_begins_at_the_beginning(self):
        checks = self.env["hr.background.check"].with_user(self.officer)
        names = ["applicant_id/.id", "type_id/.id", "state"]
        row = [str(self.ada.id), str(self.identity.id), "cancelled"]
        result = checks.load(names, [row])
        self.assertIn("begins without", result["messages"][0]["message"])
        result = checks.load(names, [[*row[:2], "todo"]])
        self.assertTrue(result["ids"], result["messages"])

    def test_closed_stays(self):
        check = self._clear()
        for user in (self.officer, self.env.ref("base.user_root")):
            for vals in ({"note": "x"}, {"valid_until": False}, {"result": "adverse"}):
                with (
                    self.subTest(vals, user=user.login),
                    self.assertRaisesRegex(UserError, "is closed"),
                ):
                    check.with_user(user).write(vals)
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                check.with_user(user).unlink()
        check.legal_hold = True
        self.assertTrue(check.legal_hold)

    def test_files_of_a_closed_check_stay(self):
        check = self._ordered()
        file = self.env["ir.attachment"].with_user(self.officer)
        file = file.create(
            {
                "name": "more.txt",
                "raw": b"x",
                "res_model": check._name,
                "res_id": check.id,
            }
        )
        file.name = "other.txt"
        check.action_result_clear()
        with self.assertRaisesRegex(UserError, "stay as they are"):
            file.raw = b"changed"
        with self.assertRaisesRegex(UserError, "stay as they are"):
            file.unlink()
        signed = self.env["ir.attachment"].search(
            [("res_field", "=", "consent_document"), ("res_id", "=", check.id)]
        )
        with self.assertRaisesRegex(UserError, "stay as they are"):
            signed.with_user(self.officer).write({"raw": b"changed"})
        self.assertTrue(file.copy({"name": "added.txt"}))

    def test_files_are_not_public(self):
        check = self._ordered()
        values = {
            "name": "x",
            "raw": b"x",
            "res_model": check._name,
            "res_id": check.id,
        }
        with self.assertRaisesRegex(ValidationError, "cannot be public"):
            self.env["ir.attachment"].create({**values, "public": True})

    def test_cancel(self):
        check = self._ordered()
        check.action_cancel()
        self.assertEqual((check.state, check.closed_on), ("cancelled", MONDAY))
        with self.assertRaisesRegex(UserError, "whose state is Cancelled"):
            check.action_result_clear()
        self.assertTrue(self._ordered())

    def test_one_open_check_of_a_type(self):
        self._ordered()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._ordered()

    def test_due_before_the_order(self):
        check = self._prepare()[0]
        check.write({"consent_date": MONDAY, "consent_document": SIGNED})
        check.due_date = MONDAY - timedelta(1)
        check.action_record_consent()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            check.action_order()
            self.env.flush_all()

    def test_a_person_is_needed(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["hr.background.check"].create({"type_id": self.identity.id})
            self.env.flush_all()

    def test_ask_for_consent(self):
        partner = self.ada.partner_id
        check = self._prepare()[0]
        check.action_ask_consent()
        self.assertEqual((check.state, check.asked_on), ("asked", MONDAY))
        mail = self._get_notices(check)
        self.assertEqual(self._get_addresses(mail), ["ada@example.com"])
        self.assertIn("Ada", mail.body_html)
        self.assertEqual(check.notice_lang, partner.lang)

    def test_no_address(self):
        bo = self._create_applicant("Bo", self.job_desk)
        check = self._prepare(bo)[0]
        with self._refused("Bo has no e-mail address"):
            check.action_ask_consent()
        check.notice_by_post = True
        check.action_ask_consent()
        self.assertEqual(check.state, "asked")
        self.assertFalse(self._get_notices(check))

    def test_activities(self):
        check = self._prepare()[0]
        self.assertEqual(check.activity_ids.user_id, self.officer)
        self.assertEqual(check.activity_ids.summary, "Ask for consent")
        check.write({"consent_date": MONDAY, "consent_document": SIGNED})
        check.due_date = date(2026, 3, 9)
        check.action_record_consent()
        check.action_order()
        self.assertEqual(check.activity_ids.summary, "Record the result")
        self.assertEqual(check.activity_ids.date_deadline, date(2026, 3, 9))
        check.action_result_clear()
        self.assertFalse(check.activity_ids)

    def test_activities_of_what_comes_with_a_state(self):
        self.company.background_responsible_id = self.officer
        values = {"applicant_id": self.ada.id, "consent_document": SIGNED}
        checks = self.env["hr.background.check"].create(
            [
                {
                    **values,
                    "type_id": self.identity.id,
                    "consent_date": MONDAY,
                    "state": "consented",
                },
                {
                    **values,
                    "type_id": self.criminal.id,
                    "state": "cancelled",
                },
            ]
        )
        self.assertEqual(checks[0].activity_ids.summary, "Order the check")
        self.assertFalse(checks[1].activity_ids)

    def test_the_activities_go_to_the_responsible(self):
        with self.assertRaisesRegex(ValidationError, "without the right"):
            self.company.background_responsible_id = self.recruiter
        orders = self._create_user("background_orders", GROUP)
        self.company.background_responsible_id = orders
        self.assertEqual(self._prepare().activity_ids.user_id, orders)

    def test_nobody_checks_oneself(self):
        self.ada.partner_id = self.officer.partner_id
        check = self.env["hr.background.check"].create(
            {"applicant_id": self.ada.id, "type_id": self.identity.id}
        )
        with self.assertRaises(AccessError):
            check.with_user(self.officer).read(["state"])
        other = self._create_user("background_other", GROUP)
        self.assertEqual(check.with_user(other).state, "todo")


@freeze_time(MONDAY)
class TestBackgroundAdverse(BackgroundCommon):
    """The notices, the waiting days and the decision."""

    def test_pre_adverse_notice(self):
        check = self._adverse()
        self.assertEqual(check.state, "adverse")
        check.action_pre_adverse_notice()
        self.assertEqual(check.pre_adverse_date, MONDAY)
        self.assertEqual(check.final_notice_from, date(2026, 3, 10))
        mail = self._get_notices(check)
        self.assertEqual(
            sorted(mail.attachment_ids.mapped("name")),
            ["Summary of rights", "report.pdf"],
        )
        self.assertEqual(set(mail.attachment_ids.mapped("res_model")), {check._name})
        self.assertIn("03/10/2026", mail.body_html)
        # what was sent stays on the check
        message = mail.mail_message_id
        self.assertTrue(mail.auto_delete)
        self.assertFalse(check.notice_failed)
        mail.state = "exception"
        check.invalidate_recordset()
        self.assertTrue(check.notice_failed)
        mail.unlink()
        self.assertIn("03/10/2026", message.body)
        self.assertIn(message, check.message_ids)
        self.assertEqual(len(message.attachment_ids), 2)
        with self.assertRaisesRegex(UserError, "went out on 2026-03-02"):
            check.action_pre_adverse_notice()

    def test_what_is_to_be_sent_must_be_there(self):
        check = self._adverse(report_file=False)
        with self.assertRaisesRegex(UserError, "Attach the Report"):
            check.action_pre_adverse_notice()
        check.attach_report = False
        self.company.background_rights_document = False
        with self.assertRaisesRegex(UserError, "has no Summary of rights"):
            check.action_pre_adverse_notice()
        self.assertFalse(check.pre_adverse_date)
        check.attach_rights = False
        check.action_pre_adverse_notice()
        self.assertFalse(self._get_notices(check).attachment_ids)

    def test_final_notice_waits(self):
        check = self._adverse()
        with self.assertRaisesRegex(UserError, "pre-adverse notice of .* first"):
            check.action_final_notice()
        check.action_pre_adverse_notice()
        with (
            freeze_time("2026-03-09"),
            self.assertRaisesRegex(UserError, "2026-03-10 at the earliest"),
        ):
            check.action_final_notice()
        self.assertEqual(check.state, "adverse")
        with freeze_time("2026-03-10"):
            check.action_final_notice()
        self.assertEqual((check.state, check.decision), ("done", "rejected"))
        self.assertEqual(check.final_notice_date, date(2026, 3, 10))
        self.assertEqual(check.decided_by_id, self.officer)
        self.assertEqual(len(self._get_notices(check)), 2)

    def test_the_waiting_days_hold_in_the_database(self):
        check = self._adverse()
        check.action_pre_adverse_notice()
        for vals in (
            {"final_notice_date": date(2026, 3, 9)},
            {"final_notice_from": MONDAY, "final_notice_date": MONDAY},
            {"state": "done", "decision": "rejected"},
            {"state": "done"},
            {"state": "done", "decision": "hired"},
            {"pre_adverse_date": MONDAY - timedelta(1)},
            {"result": "clear"},
        ):
            with (
                self.subTest(vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                check.sudo().write(vals)
                self.env.flush_all()

    def test_the_calendar_of_the_company(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-04 00:00:00",
                "date_to": "2026-03-04 23:59:59",
            }
        )
        self.company.background_waiting_days = 3
        check = self._adverse()
        self.assertEqual(check._get_earliest_final_notice(MONDAY), date(2026, 3, 7))
        self.company.resource_calendar_id = False
        self.assertEqual(check._get_earliest_final_notice(MONDAY), date(2026, 3, 6))

    def test_hire_anyway_needs_a_reason(self):
        check = self._adverse()
        with self.assertRaisesRegex(UserError, "Enter Reason of the decision"):
            check.action_hire_anyway()
        check.decision_reason = "Twenty years ago, and of no weight at a desk"
        check.action_hire_anyway()
        self.assertEqual((check.state, check.decision), ("done", "hired"))
        self.assertFalse(check.activity_ids)

    def test_an_adverse_result_is_not_cancelled(self):
        with self.assertRaisesRegex(UserError, "whose state is Adverse process"):
            self._adverse().action_cancel()

    def test_settings(self):
        for name in ("background_waiting_days", "background_retention_months"):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company[name] = 0
                self.env.flush_all()
        wizard = self.env["res.config.settings"].create({"background_waiting_days": 7})
        wizard.execute()
        self.assertEqual(self.company.background_waiting_days, 7)


@freeze_time(MONDAY)
class TestBackgroundMail(BackgroundCommon):
    """What leaves the house."""

    def test_in_the_language_of_the_person_with_the_files(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        template = self.env.ref(
            "office_role_hiring.mail_template_background_pre_adverse"
        )
        template.with_context(lang="sv_SE").subject = "Innan vi beslutar"
        self.ada.partner_id.lang = "sv_SE"
        check = self._adverse()
        check.action_pre_adverse_notice()
        mail = self._get_notices(check)
        message = mail.mail_message_id
        (sent,) = mail._prepare_outgoing_list()
        self.assertEqual(sent["subject"], "Innan vi beslutar")
        self.assertEqual(sent["email_to"], ["ada@example.com"])
        self.assertEqual(
            {(name, content) for name, content, _type in sent["attachments"]},
            {
                ("report.pdf", b"Two convictions"),
                ("Summary of rights", b"Your rights"),
            },
        )
        self.assertIn("2026-03-10", sent["body"])
        # what the queue does with it once it is sent
        self.assertTrue(mail.auto_delete)
        mail.unlink()
        self.assertIn(message, check.message_ids)
