from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .background_common import MONDAY, REPORT, BackgroundCommon

A_YEAR_LATER = date(2027, 3, 2)


@freeze_time(MONDAY)
class TestBackgroundRetention(BackgroundCommon):
    """Results go after their time; that a check was made stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.background_retention_months = 12

    def _run(self, day=A_YEAR_LATER):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref(
                "office_role_hiring.ir_cron_background_erase"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _rejected(self):
        check = self._adverse(note="Two convictions", provider_reference="A-1")
        check.action_pre_adverse_notice()
        check.message_post(body="We talked about it")
        with freeze_time(check.final_notice_from):
            check.action_final_notice()
        return check.sudo()

    def test_the_result_goes(self):
        check = self._rejected()
        files = [("res_model", "=", check._name), ("res_id", "=", check.id)]
        # files of fields too
        files.append(("id", "!=", False))
        self.assertTrue(self.env["ir.attachment"].search(files))
        self._run(date(2027, 3, 9))
        self.assertEqual(check.result, "adverse")
        self._run(date(2027, 3, 10))
        for name in check._get_erased_fields():
            self.assertFalse(check[name], name)
        self.assertFalse(self.env["ir.attachment"].search(files))
        owned = [("model", "=", check._name), ("res_id", "=", check.id)]
        self.assertFalse(self.env["mail.message"].search(owned))
        self.assertFalse(self.env["mail.mail"].search(owned))
        self.assertFalse(check.with_context(active_test=False).activity_ids)
        # what stays
        self.assertEqual(check.erased_on, date(2027, 3, 10))
        self.assertEqual(check.ordered_on, MONDAY)
        self.assertEqual(check.closed_on, date(2026, 3, 10))
        self.assertEqual(check.state, "done")
        self.assertEqual((check.applicant_id, check.type_id), (self.ada, self.criminal))

    def test_a_clear_and_a_rejected_check_look_the_same_afterwards(self):
        rejected, bo = self._rejected(), self._create_applicant("Bo", self.job_desk)
        clear = self._clear(bo).sudo()
        (rejected + clear)._erase()
        skipped = {"id", "applicant_id", "person_name", "display_name", "closed_on"}
        skipped |= {"message_ids", "website_message_ids", "message_follower_ids"}
        names = [name for name in check_fields(clear) if name not in skipped]
        first, second = (rejected + clear).read(names)
        self.assertEqual({**first, "id": 0}, {**second, "id": 0})

    def test_the_time_runs_from_the_hiring(self):
        check = self._clear().sudo()
        self.ada.date_closed = "2026-06-01 10:00:00"
        self._run()
        self.assertEqual(check.result, "clear")
        self._run(date(2027, 6, 1))
        self.assertFalse(check.result)

    def test_legal_hold(self):
        check = self._clear().sudo()
        check.legal_hold = True
        self._run()
        self.assertEqual(check.result, "clear")
        self.assertFalse(check._erase())

    def test_open_checks_of_a_refused_applicant(self):
        check = self._ordered().sudo()
        other = self._ordered(check_type=self.identity).sudo()
        self.env.cr.execute("UPDATE hr_background_check SET write_date = '2026-03-02'")
        self._run()
        self.assertEqual(check.state, "ordered")
        other.action_cancel()
        self.ada.write({"active": False, "refuse_date": "2026-04-01 10:00:00"})
        self._run(date(2027, 4, 1))
        self.assertEqual((check.state, check.erased_on), ("done", date(2027, 4, 1)))
        self.assertFalse(check.consent_document)
        self.assertEqual(other.state, "cancelled")

    def test_a_check_that_was_never_ordered_ends_as_cancelled(self):
        check = self._prepare()[0].sudo()
        check._erase()
        self.assertEqual((check.state, check.closed_on), ("cancelled", MONDAY))

    def test_the_months_of_each_company(self):
        check = self._clear().sudo()
        self.company.background_retention_months = 24
        self._run()
        self.assertEqual(check.result, "clear")
        self.company.background_retention_months = 1
        self._run()
        self.assertFalse(check.result)

    def test_one_failure_stops_nobody_else(self):
        checks = self._clear().sudo() + self._clear(check_type=self.identity).sudo()
        bad = checks[0]
        original = type(bad)._erase

        def _erase(records):
            if bad in records:
                raise ValueError("broken")
            return original(records)

        with (
            patch.object(self.registry["hr.background.check"], "_erase", _erase),
            mute_logger(
                "odoo.addons.office_role_hiring.models.background.retention"
                ".hr_background_check"
            ),
        ):
            self._run()
        self.assertEqual(checks.mapped("erased_on"), [False, A_YEAR_LATER])
        self.assertEqual(bad.result, "clear")

    def test_erased_stays_erased(self):
        check = self._clear()
        check._erase()
        self.assertFalse(check.sudo()._erase())
        with self._refused("is closed"):
            check.note = "Two convictions"
        with self._refused("is closed"):
            check.sudo().report_file = REPORT

    def test_reminder(self):
        check = self._clear().sudo()
        self.company.background_responsible_id = self.officer
        cron = self.env.ref("office_role_hiring.ir_cron_background_remind")
        for day, expected in (
            (check.valid_until - timedelta(31), 0),
            (check.valid_until - timedelta(29), 1),
            (check.valid_until - timedelta(28), 1),
        ):
            with freeze_time(day), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(check.activity_ids), expected, day)
        self.assertEqual(check.activity_ids.user_id, self.officer)
        self.assertEqual(check.activity_ids.date_deadline, check.valid_until)

    def test_no_reminder_of_what_was_renewed_or_of_who_is_gone(self):
        check = self._clear().sudo()
        day = check.valid_until - timedelta(10)
        with freeze_time(day):
            found = self.env["hr.background.check"]
            self.assertEqual(found._get_ids_to_remind(), check.ids)
            self.ada.active = False
            self.assertFalse(found._get_ids_to_remind())
            self.ada.active = True
            self._prepare()
            self.assertEqual(found._get_ids_to_remind(), check.ids)
            self._ordered()
            self.assertFalse(found._get_ids_to_remind())

    def test_no_reminder_where_none_is_wanted(self):
        check = self._clear().sudo()
        self.company.background_remind_days = 0
        with freeze_time(check.valid_until):
            self.assertFalse(check._get_ids_to_remind())
            self.company.background_remind_days = 1
            self.assertEqual(check._get_ids_to_remind(), check.ids)


def check_fields(check):
    """Return the names of the fields that tell two checks apart."""
    technical = {"create_date", "write_date", "create_uid", "write_uid"}
    return [
        name
        for name, field in check._fields.items()
        if name not in technical and (field.store or field.type == "one2many")
    ]
