from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .background_common import (
    GROUP,
    INTERVIEWER,
    MONDAY,
    RECRUITER,
    BackgroundCommon,
)

MISSING_BOTH = "are missing: Test identity, Test criminal record"


@freeze_time(MONDAY)
class TestBackgroundStage(BackgroundCommon):
    """A stage waits for the checks; what is missing is a computation on sets."""

    def test_blocks_then_frees(self):
        ada = self.ada.with_user(self.recruiter)
        ada.stage_id = self.talk
        with self._refused(f"Ada cannot move on to Contract. .*{MISSING_BOTH}"):
            ada.stage_id = self.contract
        self.assertEqual(self.ada.stage_id, self.talk)
        self._clear(check_type=self.identity)
        with self._refused("are missing: Test criminal record[.]"):
            ada.stage_id = self.contract
        self._clear()
        ada.stage_id = self.contract
        self.assertEqual(self.ada.stage_id, self.contract)

    def test_a_later_stage_waits_too(self):
        with self._refused("Ada cannot move on to Signed"):
            self.ada.with_user(self.recruiter).stage_id = self.signed

    def test_going_back_is_free(self):
        self._clear(check_type=self.identity)
        check = self._clear()
        self.ada.stage_id = self.signed
        check._erase()
        self.ada.stage_id = self.contract
        with self._refused("Ada cannot move on to Signed"):
            self.ada.stage_id = self.signed
        self.ada.stage_id = self.first

    def test_by_the_routes_of_users(self):
        interviewer = self._create_user("background_interviewer", INTERVIEWER)
        self.ada.interviewer_ids = interviewer
        for user in (interviewer, self.recruiter, self.officer):
            with self.subTest(user.login), self._refused(MISSING_BOTH):
                self.ada.with_user(user).write({"stage_id": self.contract.id})
            with self.subTest(user.login), self._refused(MISSING_BOTH):
                # what dragging a card in the kanban does
                self.ada.with_user(user).web_save(
                    {"stage_id": self.contract.id}, {"stage_id": {}}
                )
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        with self._refused(MISSING_BOTH):
            applicants.create(
                {
                    "partner_name": "Bo",
                    "job_id": self.job_desk.id,
                    "stage_id": self.contract.id,
                }
            )

    def test_by_import(self):
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        result = applicants.load(
            [".id", "stage_id/.id"], [[str(self.ada.id), str(self.contract.id)]]
        )
        self.assertRegex(result["messages"][0]["message"], MISSING_BOTH)
        self.env.invalidate_all()
        self.assertEqual(self.ada.stage_id, self.first)

    def test_by_another_job(self):
        other = self._create_job("Other")
        bo = self._create_applicant("Bo", other, stage_id=self.first.id)
        self.contract.job_ids += other
        bo.stage_id = self.contract
        with self._refused("Bo cannot move on to Contract"):
            bo.job_id = self.job_desk
        bo.stage_id = self.first
        bo.job_id = self.job_desk
        self.assertEqual(bo.job_id, self.job_desk)

    def test_hiring_waits(self):
        recruiter = self._create_user(
            "background_hires", f"hr.group_hr_manager,{RECRUITER}"
        )
        ada = self.ada.with_user(recruiter)
        with self._refused(f"Ada cannot be hired yet. .*{MISSING_BOTH}"):
            ada.create_employee_from_applicant()
        with self._refused("Ada cannot be hired yet"):
            self.env["hr.employee"].with_user(recruiter).create(
                {"name": "Ada", "applicant_ids": self.ada.ids}
            )
        employee = self._create_employee("Ada by hand")
        with self._refused("Ada cannot be hired yet"):
            ada.employee_id = employee
        identity = self._clear(check_type=self.identity)
        criminal = self._clear()
        ada.create_employee_from_applicant()
        self.assertTrue(self.ada.employee_id)
        for check in identity + criminal:
            self.assertEqual(check.sudo().employee_id, self.ada.employee_id)
            self.assertEqual(check.sudo().applicant_id, self.ada)
        self.assertEqual(
            self.ada.employee_id.with_user(self.officer).background_check_count, 2
        )
        action = self.ada.employee_id.with_user(
            self.officer
        ).action_view_background_checks()
        self.assertEqual(
            self.env["hr.background.check"].search(action["domain"]),
            criminal.sudo() + identity.sudo(),
        )

    def test_carried_over_within_the_company_only(self):
        self._clear(check_type=self.identity)
        criminal = self._clear()
        self.ada.employee_id = self._create_employee(
            "Ada abroad", company_id=self.other_company.id
        )
        self.assertFalse(criminal.sudo().employee_id)

    def test_without_a_waiting_stage_nothing_waits(self):
        self.contract.requires_background_checks = False
        self.ada.stage_id = self.signed
        self.ada.employee_id = self._create_employee("Ada")
        self.assertTrue(self.ada.employee_id)

    def test_a_role_without_checks(self):
        self.role_desk.background_type_ids = False
        self.ada.stage_id = self.contract
        self.assertEqual(self.ada.background_status, "none")

    def test_what_counts(self):
        self._clear(check_type=self.identity)
        ada = self.ada.with_user(self.recruiter)
        for name, act, status in (
            ("ordered", lambda: self._ordered(), "missing"),
            ("inconclusive", lambda: self._inconclusive(), "missing"),
            ("adverse", lambda: self._adverse(), "missing"),
            ("hired", lambda: self._hired_anyway(), "complete"),
            ("rejected", lambda: self._rejected(), "missing"),
            ("clear", lambda: self._clear(), "complete"),
            ("erased", lambda: self._clear()._erase(), "missing"),
        ):
            with self.subTest(name):
                savepoint = self.env.cr.savepoint()
                act()
                self.env.invalidate_all()
                self.assertEqual(ada.background_status, status)
                if status == "missing":
                    self.assertEqual(ada.background_missing_names, self.criminal.name)
                    self.assertEqual(ada.background_missing_count, 1)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def _inconclusive(self):
        self._ordered().action_result_inconclusive()

    def _hired_anyway(self):
        check = self._adverse()
        check.decision_reason = "Long ago"
        check.action_hire_anyway()

    def _rejected(self):
        check = self._adverse()
        check.action_pre_adverse_notice()
        with freeze_time(check.final_notice_from):
            check.action_final_notice()

    def test_expired_is_missing(self):
        self._clear(check_type=self.identity)
        check = self._clear()
        self.assertEqual(self.ada.background_status, "complete")
        with freeze_time(check.valid_until):
            self.env.invalidate_all()
            self.assertEqual(self.ada.background_status, "complete")
        with freeze_time(check.valid_until + timedelta(1)):
            self.env.invalidate_all()
            self.assertEqual(self.ada.background_status, "missing")
            with self._refused("are missing: Test criminal record[.]"):
                self.ada.stage_id = self.contract

    def test_the_newest_check_counts(self):
        """An old clear result does not stand against a new one."""
        self._clear(check_type=self.identity)
        self._clear()
        ada = self.ada.with_user(self.recruiter)
        self.assertEqual(ada.background_status, "complete")
        again = self._ordered()
        self.env.invalidate_all()
        # from the beginning, so that the result cannot be guessed from the change
        self.assertEqual(ada.background_status, "missing")
        again.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(ada.background_status, "complete")
        self._rejected()
        self.env.invalidate_all()
        self.assertEqual(ada.background_status, "missing")
        with self._refused("are missing: Test criminal record[.]"):
            ada.stage_id = self.contract

    def test_the_check_of_another_company_does_not_count(self):
        self._clear(check_type=self.identity)
        self._clear()
        self.ada.company_id = self.other_company
        self.assertEqual(self.ada.background_missing_count, 2)

    def test_search(self):
        bo = self._create_applicant("Bo", self.job_desk)
        cy = self._create_applicant("Cy", self._create_job("Other"))
        self._clear(check_type=self.identity)
        self._clear()
        everybody = self.ada + bo + cy
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        for status, expected in (("complete", self.ada), ("missing", bo), ("none", cy)):
            domain = [("id", "in", everybody.ids)]
            with self.subTest(status):
                found = applicants.search([*domain, ("background_status", "=", status)])
                self.assertEqual(found, expected)
                others = applicants.search(
                    [*domain, ("background_status", "!=", status)]
                )
                self.assertEqual(set(others.ids), set((everybody - expected).ids))

    def test_prepare(self):
        bo = self._create_applicant("Bo", self.job_desk)
        cy = self._create_applicant("Cy", self._create_job("Other"))
        self._ordered()
        everybody = (self.ada + bo + cy).with_user(self.officer)
        action = everybody.action_prepare_background_checks()
        checks = self.env["hr.background.check"].search(action["domain"])
        self.assertEqual(
            {(check.applicant_id, check.type_id) for check in checks},
            {(self.ada, self.identity), (bo, self.identity), (bo, self.criminal)},
        )
        self.assertEqual(set(checks.mapped("state")), {"todo"})
        again = everybody.action_prepare_background_checks()
        self.assertEqual(again["tag"], "display_notification")

    def test_prepare_renews_what_expired(self):
        self._clear(check_type=self.identity)
        check = self._clear()
        self.assertFalse(self._prepare())
        with freeze_time(check.valid_until + timedelta(1)):
            self.assertEqual(self._prepare().type_id, self.criminal)

    def test_queries_do_not_grow(self):
        applicants = self.env["hr.applicant"].create(
            [
                {"partner_name": f"Person {number}", "job_id": self.job_desk.id}
                for number in range(45)
            ]
        )
        missing, prepared = [], []
        # the first group fills the caches
        for group in (applicants[:2], applicants[2:5], applicants[5:]):
            missing.append(self._count(group._get_missing_background_checks))
            prepared.append(self._count(lambda g=group: self._prepare(g)))
            self.assertEqual(
                self.env["hr.background.check"].search_count(
                    [("applicant_id", "in", group.ids)]
                ),
                2 * len(group),
            )
        self.assertEqual(missing[1], missing[2])
        self.assertLessEqual(prepared[2], prepared[1] + 10)

    def _count(self, act):
        """Return how many queries it takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def test_many_are_stopped_by_one_query(self):
        applicants = self.env["hr.applicant"].create(
            [
                {
                    "partner_name": f"Person {number}",
                    "job_id": self.job_desk.id,
                    "stage_id": self.first.id,
                }
                for number in range(45)
            ]
        )
        counts = []
        for group in (applicants[:2], applicants[2:5], applicants[5:]):
            before = {a.id: (self.first, self.job_desk, False) for a in group}
            self.env.cr.execute(
                "UPDATE hr_applicant SET stage_id = %s WHERE id = ANY(%s)",
                [self.contract.id, group.ids],
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            with self.assertRaises(UserError) as refused:
                group._check_background_complete(before)
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(str(refused.exception).count("cannot move"), len(group))
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_deleting_an_applicant(self):
        self._prepare()
        self.ada.with_user(self.recruiter).unlink()
        self.assertFalse(self.ada.exists())
        bo = self._create_applicant("Bo", self.job_desk)
        self._ordered(bo)
        with self._refused("Bo cannot be deleted, because background checks were made"):
            bo.with_user(self.recruiter).unlink()

    def test_deleting_an_employee(self):
        employee = self._create_employee("Bo")
        self.env["hr.background.check"].create(
            {"employee_id": employee.id, "type_id": self.identity.id}
        )
        with self._refused("Bo cannot be deleted, because background checks were made"):
            employee.unlink()
        other = self._create_employee("Cy")
        other.unlink()
        self.assertFalse(other.exists())

    def test_counts_and_buttons(self):
        self._prepare()
        ada = self.ada.with_user(self.officer)
        self.assertEqual(ada.background_check_count, 2)
        action = ada.action_view_background_checks()
        self.assertEqual(
            self.env["hr.background.check"].search_count(action["domain"]), 2
        )

    def test_types_of_another_company(self):
        abroad = self.env["hr.background.check.type"].create(
            {"name": "Abroad", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self.role_desk.background_type_ids += abroad

    def test_menus(self):
        menu = self.env.ref("office_role_hiring.hr_background_check_menu")
        only = self._create_user("background_only", GROUP)
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu.id, menus.with_user(only)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(self.recruiter)._visible_menu_ids())
