import json
from datetime import date, timedelta

import psycopg2
from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .. import certificate_record
from .common import TrainingFixture


class CertificateFixture(TrainingFixture):
    """The programme of the fixture, which holds for a year, and ways through it."""

    @classmethod
    def _set_up_certificates(cls):
        cls._set_up_training()
        cls.programme.write({"validity_months": 12, "refresher_days": 30})
        cls.skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "Test desk",
                "skill_ids": [Command.create({"name": "Test greeting"})],
                "skill_level_ids": [
                    Command.create({"name": name, "level_progress": progress})
                    for name, progress in (("Low", 20), ("Middle", 50), ("High", 90))
                ],
            }
        )
        cls.skill = cls.skill_type.skill_ids
        cls.low, cls.middle, cls.high = cls.skill_type.skill_level_ids.sorted(
            "level_progress"
        )

    @classmethod
    def _develop(cls, level=None):
        """Let the programme develop the skill."""
        return cls.env["training.programme.skill"].create(
            {
                "programme_id": cls.programme.id,
                "skill_id": cls.skill.id,
                "skill_level_id": (level or cls.middle).id,
            }
        )

    @classmethod
    def _complete(cls, enrolment):
        """Walk through all mandatory steps; return the certificates."""
        read, greet, desk, _visit = cls._steps(enrolment)
        for step in (read, greet, desk):
            user = enrolment.trainee_user_id or cls.manager_user
            step.with_user(user).action_done()
        greet.with_user(cls.trainer_user).action_sign()
        desk.with_user(enrolment.manager_user_id).action_sign()
        cls.env.flush_all()
        return enrolment.certificate_ids

    @classmethod
    def _certify(cls, employee=None, day="2026-03-10"):
        with freeze_time(day):
            return cls._complete(cls._enrol(employee, start_date=day))

    def _run_cron(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref(
                "front_office_training.ir_cron_certificate"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _skills(self, employee=None):
        return self.env["hr.employee.skill"].search(
            [
                ("employee_id", "=", (employee or self.trainee).id),
                ("skill_id", "=", self.skill.id),
            ],
            order="id",
        )

    def _hold(self, level, valid_from, valid_to=False):
        return self.env["hr.employee.skill"].create(
            {
                "employee_id": self.trainee.id,
                "skill_type_id": self.skill_type.id,
                "skill_id": self.skill.id,
                "skill_level_id": level.id,
                "valid_from": valid_from,
                "valid_to": valid_to,
            }
        )


@tagged("post_install", "-at_install")
class TestCertificate(CertificateFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_certificates()

    # --- issue ------------------------------------------------------------------

    def test_last_signature_issues_the_certificate(self):
        enrolment = self._enrol(start_date="2026-03-01")
        read, greet, desk, _visit = self._steps(enrolment)
        with freeze_time("2026-03-10"):
            for step in (read, greet, desk):
                step.with_user(self.trainee_user).action_done()
            greet.with_user(self.trainer_user)._judge(True, score=70)
            self.assertFalse(enrolment.certificate_ids)
            desk.with_user(self.boss_user)._judge(True, score=85)
        certificate = enrolment.certificate_ids
        self.assertEqual(len(certificate), 1)
        self.assertEqual(certificate.employee_id, self.trainee)
        self.assertEqual(certificate.holder_name, "Test trainee")
        self.assertEqual(certificate.programme_version, 1)
        self.assertEqual(certificate.company_id, self.company)
        self.assertEqual(certificate.issued_on, date(2026, 3, 10))
        self.assertEqual(certificate.expires_on, date(2027, 3, 10))
        self.assertEqual(certificate.signer_id, self.boss_user)
        self.assertEqual(certificate.score, 77.5)
        self.assertEqual(certificate.state, "valid")
        self.assertTrue(certificate.name.startswith("CERT/2026/"))
        self.assertGreaterEqual(len(certificate.code), 32)
        self.assertIn(certificate.name, enrolment.message_ids[0].body)

    def test_without_validity_it_is_for_good(self):
        self.programme.validity_months = 0
        certificate = self._certify()
        self.assertFalse(certificate.expires_on)
        self.assertFalse(certificate.refresher_on)
        self._run_cron("2090-01-01")
        self.assertEqual(certificate.state, "valid")
        self.assertTrue(
            self.trainee._has_current_certificate(self.programme, date(2090, 1, 1))
        )

    def test_programme_that_gives_none(self):
        self.programme.issues_certificate = False
        self.assertFalse(self._certify())

    def test_waived_steps_complete_it_too(self):
        enrolment = self._enrol()
        steps = self.env["training.enrolment.step"].union(*self._steps(enrolment)[:3])
        steps.with_user(self.manager_user)._waive("Knows it.")
        self.assertEqual(enrolment.certificate_ids.signer_id, self.manager_user)
        self.assertEqual(enrolment.certificate_ids.score, 0)

    def test_optional_step_afterwards_issues_no_second_one(self):
        certificate = self._certify()
        enrolment = certificate.enrolment_id
        self.assertFalse(enrolment._issue_certificates())
        self.assertEqual(enrolment.certificate_ids, certificate)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            values = self.env["training.certificate"]._prepare_certificate(
                "CERT/1", date(2026, 3, 10), enrolment, self.programme, self.boss_user
            )
            self.env["training.certificate"].create(values)

    def _complete_unjudged(self):
        self.programme.action_revise()
        self.programme.step_ids.signoff = "none"
        self.programme.action_publish()
        enrolment = self._enrol()
        enrolment.step_ids.with_user(self.trainee_user).action_done()
        self.assertEqual(enrolment.state, "done")
        return enrolment

    def test_where_nobody_judged_a_manager_vouches(self):
        enrolment = self._complete_unjudged()
        self.assertFalse(enrolment.certificate_ids)
        self.assertTrue(enrolment.with_user(self.manager_user).can_issue)
        action = enrolment.with_user(self.manager_user).action_issue_certificate()
        certificate = self.env["training.certificate"].search(action["domain"])
        self.assertEqual(certificate.signer_id, self.manager_user)
        self.assertFalse(enrolment.with_user(self.manager_user).can_issue)
        with self.assertRaisesRegex(UserError, "no certificate to issue"):
            enrolment.with_user(self.manager_user).action_issue_certificate()

    def test_nobody_issues_their_own_nor_without_the_right(self):
        enrolment = self._complete_unjudged()
        self.trainee_user.group_ids += self.env.ref(
            "front_office_training.group_training_manager"
        )
        for user in (self.trainee_user, self.trainer_user):
            self.assertFalse(enrolment.with_user(user).can_issue)
            with self.assertRaisesRegex(AccessError, "never their own"):
                enrolment.with_user(user).action_issue_certificate()

    @mute_logger("odoo.sql_db")
    def test_signer_and_revoker_are_never_the_holder_in_the_database(self):
        certificate = self._certify()
        for column in ("signer_id", "revoked_by_id"):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE training_certificate SET {column} = %s WHERE id = %s",
                    (self.trainee_user.id, certificate.id),
                )

    def test_batch_takes_one_query_a_certificate(self):
        # the number of each is drawn from the sequence
        small, large = self._count_queries_of_batches()
        self.assertLessEqual(large - small, 90 + 5, (small, large))

    def test_batch_with_skills_takes_three_queries_a_certificate(self):
        # Odoo stores the list of an employee's skills: two queries an employee
        self._develop()
        small, large = self._count_queries_of_batches()
        self.assertLessEqual(large - small, 3 * 90 + 5, (small, large))

    def _count_queries_of_batches(self):
        """Return how many queries issuing takes for 10 and for 100 people."""
        counts = []
        for number in (10, 100):
            people = self.env["hr.employee"].concat(
                *(self._employee(f"Test batch {number} {i}") for i in range(number))
            )
            enrolments = self.programme._enrol(people)
            enrolments.step_ids.write(
                {
                    "state": "signed",
                    "signed_on": "2026-03-01",
                    "signed_by_id": self.trainer_user.id,
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            certificates = enrolments._issue_certificates()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(certificates), number)
            self.assertEqual(len(set(certificates.mapped("code"))), number)
            self.assertEqual(
                len(people.employee_skill_ids), number * len(self.programme.skill_ids)
            )
        return counts

    # --- frozen -----------------------------------------------------------------

    def test_record_holds_the_evidence(self):
        self._develop()
        certificate = self._certify()
        record = json.loads(certificate.frozen)
        self.assertEqual(record["certificate"]["holder_name"], "Test trainee")
        self.assertEqual(record["signer"], self.boss_user.name)
        self.assertEqual(
            [(step["name"], step["state"]) for step in record["steps"]],
            [
                ("Read the rules", "done"),
                ("Greet a visitor", "signed"),
                ("Run the desk for an hour", "signed"),
                ("Visit the warehouse", "to_do"),
            ],
        )
        self.assertEqual(record["steps"][1]["signer"], self.trainer_user.name)
        self.assertEqual(
            record["skills"], [{"skill": "Test greeting", "level": "Middle"}]
        )
        self.assertEqual(
            certificate.digest, certificate_record.digest(certificate.frozen)
        )

    def test_facts_stay_for_everybody(self):
        certificate = self._certify()
        for values in (
            {"holder_name": "Somebody else"},
            {"score": 100},
            {"expires_on": False},
            {"frozen": "{}"},
            {"digest": "0"},
            {"code": "1"},
            {"signer_id": self.manager_user.id},
        ):
            with self.assertRaisesRegex(UserError, "stay as they were issued"):
                certificate.sudo().write(values)
        with self.assertRaisesRegex(UserError, "never deleted"):
            certificate.sudo().unlink()
        with self.assertRaisesRegex(UserError, "has given a certificate"):
            certificate.enrolment_id.with_user(self.manager_user).unlink()

    def test_digest_finds_a_change_behind_odoos_back(self):
        certificate = self._certify()
        self.trainee.name = "Married name"
        self.programme.name = "Renamed"
        certificate.invalidate_recordset()
        self.assertTrue(certificate._verify_digest(), "what it points at may change")
        self.assertTrue(certificate.is_intact)
        for column, value in (
            ("score", 99.5),
            ("expires_on", "2099-01-01"),
            ("holder_name", "Somebody else"),
            ("frozen", certificate.frozen.replace('"signed"', '"waived"')),
            ("digest", "0" * 64),
        ):
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    f"UPDATE training_certificate SET {column} = %s WHERE id = %s",
                    (value, certificate.id),
                )
                certificate.invalidate_recordset()
                self.assertFalse(certificate._verify_digest())
                savepoint.rollback()
        certificate.invalidate_recordset()
        self.assertTrue(certificate._verify_digest())

    # --- who is certified -------------------------------------------------------

    def test_current_on_its_days(self):
        certificate = self._certify()
        for day, expected in (
            (date(2026, 3, 9), False),
            (date(2026, 3, 10), True),
            (date(2027, 3, 10), True),
            (date(2027, 3, 11), False),
        ):
            self.assertEqual(
                self.trainee._has_current_certificate(self.programme, day),
                expected,
                day,
            )
        with freeze_time("2027-03-11"):
            self.assertEqual(certificate.state, "valid", "the cron has not run yet")
            self.assertFalse(self.trainee._has_current_certificate(self.programme))
            self.assertEqual(certificate._get_status(), "expired")
        with freeze_time("2027-03-10"):
            self.assertTrue(self.trainee._has_current_certificate(self.programme))
            self.assertEqual(certificate._get_status(), "valid")
        other = self.programme.copy()
        self.assertFalse(
            self.trainee._has_current_certificate(other, date(2026, 3, 10))
        )

    def test_many_employees_take_one_query(self):
        self._certify()
        people = self.trainee + self.colleague + self.boss + self.without_login
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            certified = people._get_certified(self.programme, date(2026, 4, 1))
        self.assertEqual(certified, self.trainee)

    def test_counts_on_employee_and_programme(self):
        self._certify()
        with freeze_time("2026-06-01"):
            employee = self.trainee.with_user(self.hr_user)
            self.assertEqual(employee.training_certificate_count, 1)
            self.assertEqual(self.programme.certificate_count, 1)
            for record in (employee, self.programme):
                name = (
                    "action_view_training_certificates"
                    if record == employee
                    else "action_view_certificates"
                )
                action = getattr(record, name)()
                self.assertEqual(
                    self.env["training.certificate"].search(action["domain"]),
                    self.trainee.training_certificate_ids,
                )
        self.env.invalidate_all()
        with freeze_time("2028-06-01"):
            self.assertEqual(self.programme.certificate_count, 0)

    # --- skills -----------------------------------------------------------------

    def test_skill_is_written_until_the_expiry(self):
        self._develop()
        self.env["office.role.skill"].create(
            {
                "role_id": self.role.id,
                "skill_id": self.skill.id,
                "skill_level_id": self.middle.id,
            }
        )
        self.programme.role_ids = False
        self.trainee.job_id = self.job
        gap = [("employee_id", "=", self.trainee.id), ("skill_id", "=", self.skill.id)]
        Gap = self.env["office.role.gap"]
        with freeze_time("2026-03-09"):
            self.assertEqual(Gap.search(gap).shortfall, 50)
        certificate = self._certify()
        skill = self._skills()
        self.assertEqual(skill.skill_level_id, self.middle)
        self.assertEqual(skill.valid_from, date(2026, 3, 10))
        self.assertEqual(skill.valid_to, date(2027, 3, 10))
        self.assertEqual(skill.certificate_id, certificate)
        for day, shortfall in (
            ("2026-03-10", 0),
            ("2027-03-10", 0),
            ("2027-03-11", 50),
        ):
            with freeze_time(day):
                self.env.invalidate_all()
                self.assertEqual(Gap.search(gap).shortfall, shortfall, day)

    def test_lower_skill_is_raised_and_its_history_kept(self):
        self._develop()
        earlier = self._hold(self.low, "2025-01-01")
        self._certify()
        self.assertEqual(earlier.valid_to, date(2026, 3, 9))
        self.assertEqual(
            (self._skills() - earlier).mapped("skill_level_id"), self.middle
        )

    def test_higher_skill_stays(self):
        self._develop()
        earlier = self._hold(self.high, "2025-01-01", "2026-05-01")
        self._certify()
        self.assertEqual(self._skills(), earlier)
        self.assertEqual(earlier.valid_to, date(2026, 5, 1))

    def test_same_level_is_prolonged_but_never_shortened(self):
        self._develop()
        earlier = self._hold(self.middle, "2025-01-01", "2026-05-01")
        self._certify()
        self.assertEqual(len(self._skills()), 2)
        self.assertEqual(self._skills()[-1:].valid_to, date(2027, 3, 10))
        self.assertEqual(earlier.valid_to, date(2026, 3, 9))

    def test_skill_for_good_stays(self):
        self._develop()
        earlier = self._hold(self.middle, "2025-01-01")
        self._certify()
        self.assertEqual(self._skills(), earlier)
        self.assertFalse(earlier.valid_to)

    def test_certificate_of_the_past_writes_what_still_holds(self):
        self._develop()
        enrolment = self._enrol(start_date="2025-01-01")
        enrolment.step_ids.write(
            {
                "state": "signed",
                "signed_on": "2025-02-01",
                "signed_by_id": self.trainer_user.id,
            }
        )
        with freeze_time("2026-01-10"):
            self._hold(self.low, "2024-01-01")
            certificate = enrolment._issue_certificates(date(2025, 2, 1))
            self.assertEqual(certificate.expires_on, date(2026, 2, 1))
            self.assertEqual(self._skills()[-1:].valid_to, date(2026, 2, 1))

    def test_skill_of_a_programme_needs_its_own_level(self):
        other = self.skill_type.copy()
        with (
            self.assertRaisesRegex(ValidationError, "does not belong to the skill"),
            self.env.cr.savepoint(),
        ):
            self._develop(other.skill_level_ids[0])
        line = self.env["training.programme.skill"].create(
            {"programme_id": self.programme.id, "skill_id": self.skill.id}
        )
        self.assertIn(line.skill_level_id, self.skill_type.skill_level_ids)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._develop()

    # --- revocation -------------------------------------------------------------

    def _revoke(self, certificate, user, reason="Signed by mistake."):
        wizard = (
            self.env["training.certificate.revoke"]
            .with_user(user)
            .create({"certificate_ids": certificate.ids, "reason": reason})
        )
        return wizard.action_confirm()

    def test_revoked_is_not_current(self):
        self._develop()
        with freeze_time("2026-03-20"):
            certificate = self._certify()
            self.assertTrue(certificate.with_user(self.manager_user).can_revoke)
            action = certificate.with_user(self.manager_user).action_open_revoke()
            self.assertEqual(
                action["context"]["default_certificate_ids"], certificate.ids
            )
            self._revoke(certificate, self.manager_user)
            self.assertEqual(certificate.state, "revoked")
            self.assertEqual(certificate.revoked_by_id, self.manager_user)
            self.assertFalse(self.trainee._has_current_certificate(self.programme))
            self.assertEqual(certificate._get_status(), "revoked")
            self.assertTrue(certificate._verify_digest())
            self.assertIn("Signed by mistake.", certificate.message_ids[0].body)
            self.assertFalse(
                self._skills().filtered(
                    lambda skill: not skill.valid_to
                    or skill.valid_to >= date(2026, 3, 20)
                )
            )
            with self.assertRaisesRegex(UserError, "revoked already"):
                self._revoke(certificate, self.manager_user)
        self._run_cron("2028-01-01")
        self.assertEqual(certificate.state, "revoked")
        self.assertFalse(certificate.refresher_enrolment_id)

    def test_revoking_needs_a_reason(self):
        certificate = self._certify()
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self._revoke(certificate, self.manager_user, reason="  ")

    def test_revoking_leaves_what_another_certificate_vouches_for(self):
        self._develop()
        first = self._certify()
        with freeze_time("2026-06-01"):
            second = self._certify(day="2026-06-01")
            self.assertEqual(first.renewed_by_id, second)
            self._revoke(second, self.manager_user)
            self.assertFalse(first.renewed_by_id)
            self.assertTrue(self.trainee._has_current_certificate(self.programme))
            self.assertEqual(self._skills()[-1:].valid_to, first.expires_on)
            self.assertEqual(self._skills()[-1:].certificate_id, first)

    def test_who_may_revoke(self):
        certificate = self._certify()
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            self.assertFalse(certificate.with_user(user).can_revoke)
            with self.assertRaises(AccessError):
                self._revoke(certificate, user)
            with self.assertRaisesRegex(AccessError, "never their own"):
                certificate.with_user(user)._revoke("x")
        self.trainee_user.group_ids += self.env.ref(
            "front_office_training.group_training_manager"
        )
        with self.assertRaisesRegex(AccessError, "never their own"):
            self._revoke(certificate, self.trainee_user)
        self.assertEqual(certificate.state, "valid")

    # --- expiry and refresher ---------------------------------------------------

    def _activities(self, certificate):
        return self.env["mail.activity"].search(
            [("res_model", "=", certificate._name), ("res_id", "=", certificate.id)]
        )

    def test_refresher_then_renewal(self):
        certificate = self._certify()
        self._run_cron("2027-02-07")
        self.assertFalse(certificate.refresher_enrolment_id)
        self._run_cron("2027-02-08")
        refresher = certificate.refresher_enrolment_id
        self.assertEqual(refresher.programme_id, self.programme)
        self.assertEqual(refresher.employee_id, self.trainee)
        self.assertEqual(refresher.start_date, date(2027, 2, 8))
        for day in ("2027-02-08", "2027-02-09", "2027-03-01"):
            self._run_cron(day)
        self.assertEqual(
            len(self.trainee.training_enrolment_ids), 2, "assigned only once"
        )
        with freeze_time("2027-03-01"):
            renewal = self._complete(refresher)
        self.assertEqual(renewal.expires_on, date(2028, 3, 1))
        self.assertEqual(certificate.renewed_by_id, renewal)
        self._run_cron("2027-03-11")
        self.assertEqual((certificate.state, renewal.state), ("expired", "valid"))
        self.assertFalse(self._activities(certificate), "it was renewed in time")
        self.assertTrue(
            self.trainee._has_current_certificate(self.programme, date(2027, 3, 11))
        )

    def test_expiry_without_renewal(self):
        certificate = self._certify()
        self._run_cron("2027-03-10")
        self.assertEqual(certificate.state, "valid", "its last day")
        self._run_cron("2027-03-11")
        self.assertEqual(certificate.state, "expired")
        self.assertIn("valid until", certificate.message_ids[0].body)
        activity = self._activities(certificate)
        self.assertEqual(activity.user_id, self.trainer_user)
        self._run_cron("2027-03-12")
        self.assertEqual(self._activities(certificate), activity, "only once")
        self.assertEqual(certificate.refresher_enrolment_id.state, "running")
        with freeze_time("2027-04-01"):
            self._complete(certificate.refresher_enrolment_id)
        self.assertFalse(self._activities(certificate), "nothing is left to do")

    def test_refresher_programme_renews_the_certificate_of_the_programme(self):
        refresher = self.programme.copy(
            {"name": "Test refresher", "role_ids": False, "issues_certificate": False}
        )
        refresher.responsible_id = self.trainer_user
        refresher.action_publish()
        self.programme.refresher_id = refresher
        certificate = self._certify()
        self._run_cron("2027-02-08")
        enrolment = certificate.refresher_enrolment_id
        self.assertEqual(enrolment.programme_id, refresher)
        with freeze_time("2027-03-01"):
            renewal = self._complete(enrolment)
        self.assertEqual(renewal.programme_id, self.programme)
        self.assertEqual(
            json.loads(renewal.frozen)["taken"]["programme"], "Test refresher"
        )
        self.assertTrue(
            self.trainee._has_current_certificate(self.programme, date(2027, 12, 1))
        )
        self.assertTrue(renewal._verify_digest())

    def test_running_enrolment_is_taken_as_the_refresher(self):
        certificate = self._certify()
        running = self._enrol(start_date="2027-02-01")
        self._run_cron("2027-02-20")
        self.assertEqual(certificate.refresher_enrolment_id, running)
        self.assertEqual(len(self.trainee.training_enrolment_ids), 2)

    def test_cancelled_refresher_is_not_assigned_again(self):
        certificate = self._certify()
        self._run_cron("2027-02-20")
        certificate.refresher_enrolment_id._cancel("on leave")
        self._run_cron("2027-02-21")
        self.assertEqual(certificate.refresher_enrolment_id.state, "cancelled")

    def test_nobody_is_refreshed_who_left_or_where_there_is_none(self):
        certificate = self._certify()
        other = self._certify(self.colleague)
        self.trainee.active = False
        self._run_cron("2027-02-20")
        self.assertFalse(certificate.refresher_enrolment_id)
        self.assertTrue(other.refresher_enrolment_id)
        third = self._certify(self.without_login)
        self.programme.refresher_days = 0
        self._run_cron("2027-02-21")
        self.assertFalse(third.refresher_enrolment_id)

    def test_one_failure_stays_where_it_is(self):
        broken = self._certify()
        draft = self.programme.copy({"name": "Draft", "role_ids": False})
        fine_programme = self.programme.copy({"name": "Fine", "role_ids": False})
        fine_programme.responsible_id = self.trainer_user
        fine_programme.action_publish()
        self.programme, usual = fine_programme, self.programme
        self.addCleanup(setattr, type(self), "programme", usual)
        with freeze_time("2026-03-10"):
            fine = self._complete(
                self.env["training.enrolment"].create(
                    {
                        "employee_id": self.colleague.id,
                        "programme_id": fine_programme.id,
                    }
                )
            )
        usual.refresher_id = draft
        with self.assertLogs("odoo.addons.front_office_training", "WARNING"):
            self._run_cron("2027-02-20")
        self.assertIn("Draft is not published", broken.cron_error)
        self.assertTrue(fine.refresher_enrolment_id)
        self.assertFalse(fine.cron_error)
        draft.action_publish()
        self._run_cron("2027-02-21")
        self.assertFalse(broken.cron_error)
        self.assertEqual(broken.refresher_enrolment_id.programme_id, draft)

    def test_refresher_of_another_company_is_an_error_on_the_certificate(self):
        certificate = self._certify()
        refresher = self.programme.copy({"name": "Elsewhere", "role_ids": False})
        refresher.action_publish()
        self.programme.refresher_id = refresher
        refresher.company_id = self.env["res.company"].create({"name": "Test other"})
        with self.assertLogs("odoo.addons.front_office_training", "WARNING"):
            self._run_cron("2027-02-20")
        self.assertIn("for another company", certificate.cron_error)

    def test_batches_do_the_same(self):
        certificates = self._certify() + self._certify(self.colleague)
        with freeze_time("2027-03-20"), self.enter_registry_test_mode():
            cron = self.env.ref("front_office_training.ir_cron_certificate")
            cron.code = "model._cron_expire(batch_size=1)"
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(certificates.mapped("state")), {"expired"})
        self.assertEqual(len(certificates.refresher_enrolment_id), 2)

    # --- certified signer -------------------------------------------------------

    def _demand_certified_signers(self):
        self.programme.action_revise()
        self.programme.step_ids.filtered(
            lambda step: step.signoff != "none"
        ).certified_signer = True
        self.programme.responsible_id = self.boss_user
        self.programme.action_publish()
        enrolment = self._enrol(self.colleague, trainer_id=self.trainer_user.id)
        enrolment.step_ids.with_user(self.colleague_user).action_done()
        return self._steps(enrolment)[1]

    def test_signer_without_a_certificate_is_refused(self):
        greet = self._demand_certified_signers()
        self.assertTrue(greet.certified_signer)
        for user in (self.trainer_user, self.manager_user):
            step = greet.with_user(user)
            self.assertFalse(step.can_sign)
            with self.assertRaisesRegex(AccessError, "takes a certified signer"):
                step.action_sign()
            with self.assertRaisesRegex(AccessError, "takes a certified signer"):
                step._fail("x")
        with self.assertRaisesRegex(AccessError, "not yours to sign"):
            greet.with_user(self.colleague_user).action_sign()

    def test_certified_signer_signs(self):
        trainer = self._employee("Test trainer", user_id=self.trainer_user.id)
        enrolment = self._enrol(trainer, trainer_id=self.manager_user.id)
        enrolment.step_ids.write(
            {
                "state": "signed",
                "signed_on": "2026-03-01",
                "signed_by_id": self.boss_user.id,
            }
        )
        certificate = enrolment._issue_certificates()
        greet = self._demand_certified_signers()
        with freeze_time(certificate.expires_on + timedelta(days=1)):
            with self.assertRaisesRegex(AccessError, "current certificate"):
                greet.with_user(self.trainer_user).action_sign()
        greet.invalidate_recordset()
        self.assertTrue(greet.with_user(self.trainer_user).can_sign)
        greet.with_user(self.trainer_user).action_sign()
        self.assertEqual(greet.signed_by_id, self.trainer_user)

    def test_the_responsible_signs_without_a_certificate(self):
        greet = self._demand_certified_signers()
        self.assertNotEqual(greet.signer_id, self.boss_user)
        greet.with_user(self.boss_user).action_sign()
        self.assertEqual(greet.signed_by_id, self.boss_user)

    def test_the_responsible_never_signs_their_own(self):
        greet = self._demand_certified_signers()
        self.programme.responsible_id = self.colleague_user
        self.assertFalse(greet.with_user(self.colleague_user).can_sign)

    def test_many_steps_ask_once_who_is_certified(self):
        greet = self._demand_certified_signers()
        steps = greet.enrolment_id.step_ids.with_user(self.manager_user)
        self.env.flush_all()
        counts = []
        for size in (4, 2, 4):  # the first fills the caches of the registry
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            steps[:size].read(["can_sign"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)

    # --- filters ----------------------------------------------------------------

    def _filtered(self, name):
        """Return what a filter of the search view finds among our certificates."""
        view = self.env.ref("front_office_training.training_certificate_view_search")
        node = etree.fromstring(view.arch).find(f".//filter[@name='{name}']")
        domain = safe_eval(node.get("domain"), {"uid": self.trainee_user.id})
        return self.env["training.certificate"].search(
            Domain(domain) & Domain("programme_id", "=", self.programme.id)
        )

    def test_filters_find_what_they_say(self):
        certificate = self._certify()
        for day, found in (
            ("2026-04-01", {"current"}),
            ("2026-12-10", {"current", "expiring_90"}),
            ("2027-01-10", {"current", "expiring_90", "expiring_60"}),
            ("2027-03-10", {"current", "expiring_90", "expiring_60", "expiring_30"}),
            ("2027-03-11", {"expired"}),
        ):
            with freeze_time(day):
                for name in (
                    "current",
                    "expiring_90",
                    "expiring_60",
                    "expiring_30",
                    "expired",
                    "revoked",
                ):
                    self.assertEqual(
                        bool(self._filtered(name)), name in found, (day, name)
                    )
        self.assertEqual(self._filtered("mine"), certificate)
        certificate.with_user(self.manager_user)._revoke("x")
        self.assertEqual(self._filtered("revoked"), certificate)
        self.assertFalse(self._filtered("expired"))

    # --- forms ------------------------------------------------------------------

    def test_author_sets_it_up_in_the_form(self):
        with Form(self.programme.with_user(self.manager_user)) as form:
            form.validity_months = 24
            form.refresher_days = 14
            with form.skill_ids.new() as line:
                line.skill_id = self.skill
                line.skill_level_id = self.high
        self.assertEqual(self.programme.skill_ids.skill_level_id, self.high)
        self.assertEqual(self.programme.copy().skill_ids.skill_id, self.skill)
        with self.assertRaises(AccessError):
            self.programme.skill_ids.with_user(self.trainer_user).unlink()
