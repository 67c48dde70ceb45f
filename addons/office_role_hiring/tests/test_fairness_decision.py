from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import warmup
from odoo.tools import mute_logger

from .common import TODAY
from .fairness_common import FairnessCommon


@freeze_time(TODAY)
class TestFairnessDecision(FairnessCommon):
    """Whatever is decided is logged with its grounds, and the log is not changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()
        cls.ada = cls._apply("Ada", [(cls.greeting, 50), (cls.telephone, 50)])
        cls.bo = cls._apply("Bo", [(cls.greeting, 75), (cls.telephone, 50)])

    def test_a_move_with_its_grounds(self):
        self.ada.with_user(self.recruiter).stage_id = self.stage_interview
        decision = self._log(self.ada)
        self.assertEqual(decision.kind, "stage")
        self.assertEqual(decision.applicant_id, self.ada)
        self.assertEqual(decision.user_id, self.recruiter)
        self.assertEqual(decision.date.date(), TODAY)
        self.assertEqual(decision.job_id, self.job_desk)
        self.assertEqual(decision.stage_before_id, self.stage_new)
        self.assertEqual(decision.stage_id, self.stage_interview)
        self.assertEqual(decision.summary, "Test new → Test interview")
        self.assertEqual(decision.role_id, self.role_desk)
        self.assertEqual(decision.role_version, 1)
        self.assertAlmostEqual(decision.score, 83.33)
        self.assertEqual(decision.must_haves_missed, 1)
        self.assertEqual(decision.skills_missed, "Greeting (50/75)")
        self.assertEqual(decision.company_id, self.company)

    def test_the_grounds_are_frozen(self):
        self.ada.stage_id = self.stage_interview
        self.ada.applicant_skill_ids.unlink()
        self.stage_interview.name = "Renamed"
        self._commit_matches()
        self.assertEqual(self.ada.office_match_score, 0)
        decision = self._log(self.ada)
        decision.invalidate_recordset()
        self.assertAlmostEqual(decision.score, 83.33)
        self.assertEqual(decision.summary, "Test new → Test interview")

    def test_a_skill_of_the_same_transaction_counts(self):
        self.ada.applicant_skill_ids.filtered(
            lambda skill: skill.skill_id == self.greeting
        ).skill_level_id = self.level[75]
        self.ada.stage_id = self.stage_interview
        decision = self._log(self.ada)
        self.assertAlmostEqual(decision.score, 100)
        self.assertFalse(decision.skills_missed)

    def test_the_version_of_the_role(self):
        version = self.env["office.role.version"].create(
            {"role_id": self.role_desk.id, "number": 1, "valid_to": "2026-03-01"}
        )
        (self.ada + self.bo).stage_id = self.stage_interview
        self.ada.office_role_version_id = version
        (self.ada + self.bo).stage_id = self.stage_new
        self.assertEqual(self._log(self.bo).mapped("role_version"), [2, 2])
        self.assertEqual(self._log(self.ada).mapped("role_version"), [2, 1])

    def test_without_a_role(self):
        applicant = self._create_applicant("Free", self._create_job("Free"))
        applicant.stage_id = self.stage_interview
        decision = self._log(applicant)
        self.assertFalse(decision.has_score)
        self.assertFalse(decision.role_id)
        self.assertEqual(decision.role_version, 0)

    def test_a_refusal_with_reason_and_note(self):
        self._refuse(
            self.ada, self.reason_must_have, self.recruiter, office_note="By phone"
        )
        decision = self._log(self.ada)
        self.assertEqual(decision.kind, "refusal")
        self.assertEqual(decision.refuse_reason_id, self.reason_must_have)
        self.assertEqual(decision.refuse_type, "must_have")
        self.assertEqual(decision.summary, "Must-have skill missing: Greeting")
        self.assertEqual(decision.note, "By phone")

    def test_from_hire_to_employee(self):
        self.bo.stage_id = self.stage_signed
        self.bo.create_employee_from_applicant()
        decisions = self._log(self.bo)
        self.assertEqual(decisions.mapped("kind"), ["hire", "employee"])
        self.assertEqual(decisions[0].stage_before_id, self.stage_new)

    def test_back_again(self):
        self._refuse(self.ada, self.reason_degree)
        self.ada.action_unarchive()
        self.assertEqual(
            self._log(self.ada).mapped(lambda d: (d.kind, d.summary))[:3],
            [
                ("refusal", "Degree missing"),
                ("restore", False),
                ("restore", "Refusal taken back: Degree missing"),
            ],
        )
        self.bo.action_archive()
        self.assertEqual(self._log(self.bo).kind, "archive")

    def test_nothing_decided_nothing_logged(self):
        self.ada.write({"priority": "2", "stage_id": self.stage_new.id})
        self.ada.write({"active": True, "refuse_reason_id": False})
        self.assertFalse(self._log(self.ada))

    @warmup
    def test_a_batch_costs_as_much_as_one(self):
        counts = []
        for size in (2, 2, 20):
            applicants = self.env["hr.applicant"].create(
                [
                    {
                        "partner_name": f"Many {number}",
                        "job_id": self.job_desk.id,
                        "stage_id": self.stage_new.id,
                    }
                    for number in range(size)
                ]
            )
            before = applicants._get_decision_state()
            for state in before.values():
                state["stage_id"] = self.stage_interview
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            applicants._log_decisions(before)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(self._log(applicants)), size)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_append_only_for_everybody(self):
        self.ada.stage_id = self.stage_interview
        decision = self._log(self.ada)
        admin = self.env.ref("base.user_admin")
        values = {
            "kind": "hire",
            "date": TODAY,
            "user_id": admin.id,
            "application_number": self.ada.id,
        }
        for record in (
            decision,
            decision.with_user(admin),
            decision.with_user(self.fair),
        ):
            with self.assertRaises(UserError):
                record.write({"score": 100})
            with self.assertRaises(UserError):
                record.note = "Changed"
            with self.assertRaises(UserError):
                record.unlink()
        for user in (admin, self.fair, self.recruiter):
            with self.assertRaises(UserError):
                decision.with_user(user).create(values)
            with self.assertRaises(UserError):
                self.ada.with_user(user).write(
                    {"office_decision_ids": [Command.clear()]}
                )
        loaded = decision.with_user(admin).load(
            [".id", "score"], [[str(decision.id), "100"]]
        )
        self.assertFalse(loaded["ids"])
        self.assertAlmostEqual(decision.score, 83.33)

    def test_not_in_sql_either(self):
        self.ada.stage_id = self.stage_interview
        decision = self._log(self.ada)
        self.env.flush_all()
        for statement in (
            "DELETE FROM hr_applicant_decision WHERE id = %s",
            "UPDATE hr_applicant_decision SET score = 100 WHERE id = %s",
            "UPDATE hr_applicant_decision SET note = 'Another' WHERE id = %s",
            "UPDATE hr_applicant_decision SET stage_id = stage_before_id WHERE id = %s",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "never changed"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, (decision.id,))
        # what refers to something that is deleted becomes empty
        self.env.cr.execute(
            "UPDATE hr_applicant_decision SET note = NULL, job_id = NULL WHERE id = %s",
            (decision.id,),
        )
        self.assertEqual(self.env.cr.rowcount, 1)

    def test_the_log_outlasts_the_application(self):
        self.ada.stage_id = self.stage_interview
        decision = self._log(self.ada)
        number = self.ada.id
        self.ada.with_user(self.recruiter).unlink()
        decision.invalidate_recordset()
        self.assertFalse(decision.applicant_id)
        self.assertEqual(decision.application_number, number)
        self.assertAlmostEqual(decision.score, 83.33)

    def test_who_reads_the_log(self):
        self.ada.interviewer_ids = self.interviewer
        self.ada.stage_id = self.stage_interview
        decision = self._log(self.ada)
        for user in (self.recruiter, self.manager, self.fair):
            self.assertEqual(
                self.ada.with_user(user).office_decision_ids, decision.with_user(user)
            )
        for user in (self.interviewer, self.employee_user):
            with self.assertRaises(AccessError):
                decision.with_user(user).search([])
            with self.assertRaises(AccessError):
                self.ada.with_user(user).read(["office_decision_ids"])
        # what is logged for an interviewer is logged all the same
        self.ada.with_user(self.interviewer).stage_id = self.stage_new
        self.assertEqual(self._log(self.ada)[-1].user_id, self.interviewer)
        abroad = decision.with_user(self.abroad)
        self.assertFalse(abroad.search([("id", "=", decision.id)]))
        self.assertFalse(
            abroad._read_group([("application_number", "=", self.ada.id)], ["kind"])
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            abroad.read(["score"])

    def test_the_menu_is_for_managers(self):
        menu = self.env.ref("office_role_hiring.hr_applicant_decision_menu")
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu.id, menus.with_user(self.manager)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(self.recruiter)._visible_menu_ids())
