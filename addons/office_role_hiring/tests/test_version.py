from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import TODAY, HiringCommon

LATER = date(2026, 4, 20)
RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"
HR = "hr.group_hr_manager"


class VersionCommon(HiringCommon):
    """Ada has greeting at 50 of 75, telephone at 50 of 50; both weigh the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("version_manager", HR)
        cls.recruiter = cls._create_user("version_recruiter", RECRUITER)
        cls.interviewer = cls._create_user("version_interviewer", INTERVIEWER)
        cls.ada = cls._create_applicant(
            "Ada",
            cls.job_desk,
            [(cls.greeting, 50), (cls.telephone, 50)],
            interviewer_ids=cls.interviewer.ids,
        )

    def _begin(self, day=TODAY, role=None):
        """Begin a version as HR and return the one that is kept."""
        role = role or self.role_desk
        with freeze_time(day):
            role.with_user(self.manager).action_begin_version()
        self._commit_matches()
        return self.env["office.role.version"].search(
            [("role_id", "in", role.ids)], order="number desc", limit=1
        )

    def _ask_for_more(self):
        """Ask for greeting at 100 instead of 75."""
        line = self.role_desk.skill_ids.filtered(
            lambda each: each.skill_id == self.greeting
        )
        line.skill_level_id = self.level[100]
        self._commit_matches()


class TestVersion(VersionCommon):
    """Who has applied is scored against what the role asked for on that day."""

    def test_the_present_requirements_are_kept(self):
        self.role_desk.skill_ids[0].weight = 5
        self.assertEqual(self.role_desk.version_number, 1)
        version = self._begin()
        self.assertEqual(
            (version.number, version.valid_from, version.valid_to), (1, False, TODAY)
        )
        self.assertEqual(
            version.skill_ids._get_terms(), self.role_desk._get_requirement_terms()
        )
        self.assertEqual(
            (self.role_desk.version_number, self.role_desk.version_count), (2, 1)
        )
        self.assertEqual(version.display_name, "Test desk, version 1")
        self.assertIn("Version 2 begins", self.role_desk.message_ids[0].body)

    def test_a_version_begins_the_day_after_the_one_before(self):
        self._begin()
        self._ask_for_more()
        second = self._begin(LATER)
        self.assertEqual(
            (second.number, second.valid_from, second.valid_to),
            (2, date(2026, 3, 17), LATER),
        )

    def test_the_score_stays_when_the_requirements_change(self):
        before = self.ada.office_match_score
        self.assertAlmostEqual(before, 83.33)
        version = self._begin()
        self.assertEqual(self.ada.office_role_version_id, version)
        self.assertAlmostEqual(self.ada.office_match_score, before)
        self._ask_for_more()
        self.assertAlmostEqual(self.ada.office_match_score, before)
        bo = self._create_applicant(
            "Bo", self.job_desk, [(self.greeting, 50), (self.telephone, 50)]
        )
        self.assertFalse(bo.office_role_version_id)
        self.assertAlmostEqual(bo.office_match_score, 75)

    def test_everybody_who_has_applied_is_held(self):
        refused = self._create_applicant("Refused", self.job_desk, active=False)
        abroad = self._create_applicant(
            "Abroad", self.job_desk, company_id=self.other_company.id
        )
        elsewhere = self._create_applicant(
            "Elsewhere", self._create_job("Till", self.role_till)
        )
        version = self._begin()
        held = self.ada + refused + abroad
        self.assertEqual(held.office_role_version_id, version)
        self.assertFalse(elsewhere.office_role_version_id)
        self.assertEqual(version.applicant_count, 3)
        self.assertIn("scored against it: 3.", self.role_desk.message_ids[0].body)
        action = version.action_view_applicants()
        found = self.env["hr.applicant"].with_context(**action["context"])
        self.assertEqual(found.search(action["domain"]), held.sorted())

    def test_who_is_held_stays_held_to_the_first_version(self):
        first = self._begin()
        self._ask_for_more()
        bo = self._create_applicant("Bo", self.job_desk)
        second = self._begin(LATER)
        self.assertEqual(self.ada.office_role_version_id, first)
        self.assertEqual(bo.office_role_version_id, second)

    def test_several_roles_at_once(self):
        roles = self.role_desk + self.role_till
        with freeze_time(TODAY):
            roles.with_user(self.manager).action_begin_version()
        self.assertEqual(roles.mapped("version_number"), [2, 2])

    def test_one_statement_holds_few_or_many(self):
        counts = []
        for size in (3, 30):
            role = self._create_role(f"test_size_{size}", [(self.greeting, 75, True)])
            job = self._create_job(f"Job of {size}", role)
            self.env["hr.applicant"].create(
                [
                    {"partner_name": f"Person {number}", "job_id": job.id}
                    for number in range(size)
                ]
            )
            self._commit_matches()
            self.env.flush_all()
            version = (
                self.env["office.role.version"]
                .create([role._get_version_vals(TODAY)])
                .with_env(self.env)
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(version._pin_applicants(), {version.id: size})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [1, 1])

    # --- refused ----------------------------------------------------------------------

    def test_nothing_has_changed(self):
        self._begin()
        with self.assertRaisesRegex(UserError, "Test desk: nothing has changed since"):
            self._begin(LATER)

    def test_nothing_to_keep(self):
        empty = self._create_role("test_empty")
        with self.assertRaisesRegex(UserError, "Test empty asks for no skills"):
            self._begin(role=empty)

    def test_a_version_lasts_a_day(self):
        self._begin()
        self._ask_for_more()
        with self.assertRaisesRegex(UserError, "Begin the next version tomorrow"):
            self._begin()

    def test_somebody_else_is_at_it(self):
        """The row is locked by another transaction."""
        roles = self.registry["office.role"]
        with (
            patch.object(roles, "try_lock_for_update", lambda self, **_: self.browse()),
            self.assertRaisesRegex(UserError, "Somebody else.*Test desk.*Try again"),
        ):
            self._begin()
        self.assertFalse(self.role_desk.version_ids)

    def test_only_who_may_change_roles(self):
        for user in (
            self.recruiter,
            self.interviewer,
            self._create_user("version_officer", "hr.group_hr_user"),
            self._create_user("version_plain"),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.role_desk.with_user(user).action_begin_version()

    def test_not_the_role_of_another_company(self):
        foreign = self._create_role(
            "test_foreign",
            [(self.greeting, 75, True)],
            company_id=self.other_company.id,
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).action_begin_version()

    # --- read-only --------------------------------------------------------------------

    def test_nobody_changes_a_version(self):
        version = self._begin()
        for user in (self.manager, self.recruiter, self.env.ref("base.user_admin")):
            mine = version.with_user(user)
            line = version.skill_ids[0].with_user(user)
            with self.subTest(user.login):
                for record in (mine, line):
                    with self.assertRaises(UserError):
                        record.write({"number": 9} if record == mine else {"weight": 1})
                    with self.assertRaises(AccessError):
                        record.unlink()
                    with self.assertRaises(AccessError):
                        record.copy()
                with self.assertRaises(UserError):
                    self.role_desk.with_user(user).write(
                        {"version_ids": [Command.update(version.id, {"number": 9})]}
                    )
                imported = (
                    self.env["office.role.version"]
                    .with_user(user)
                    .load([".id", "number"], [[str(version.id), "9"]])
                )
                self.assertFalse(imported["ids"])
        self.assertEqual(version.number, 1)

    def test_not_even_the_system(self):
        version = self._begin()
        for record in (version, version.skill_ids[0]):
            with self.assertRaisesRegex(UserError, "a version stays as it was"):
                record.sudo().write({"number": 9})
            with self.assertRaisesRegex(UserError, "a version stays as it was"):
                record.sudo().unlink()

    def test_it_goes_with_its_role(self):
        role = self._create_role("test_gone", [(self.greeting, 75, True)])
        version = self._begin(role=role)
        role.unlink()
        self.assertFalse(version.exists())

    def test_its_company_follows_the_role(self):
        version = self._begin(role=self.role_till)
        self.role_till.company_id = self.other_company
        self.env.flush_all()
        self.assertEqual(version.company_id, self.other_company)
        self.assertEqual(version.skill_ids.company_id, self.other_company)
        with self.assertRaises(AccessError):
            version.with_user(self.manager).read(["number"])

    def test_who_reads_versions(self):
        version = self._begin()
        for user in (self.manager, self.recruiter, self.interviewer):
            self.assertEqual(version.with_user(user).number, 1)
            self.assertEqual(len(version.with_user(user).skill_ids), 2)
        plain = self._create_user("version_plain")
        for records in (version, version.skill_ids):
            with self.assertRaises(AccessError):
                records.with_user(plain).read(["display_name"])
        role = self.role_desk.with_user(plain)
        self.assertEqual(role.version_number, 2)
        with self.assertRaises(AccessError):
            role.read(["version_ids"])

    # --- compared ---------------------------------------------------------------------

    def test_what_has_changed_since(self):
        version = self._begin()
        self.assertFalse(version.difference)
        greeting, telephone = self.role_desk.skill_ids
        greeting.write(
            {
                "skill_level_id": self.level[100].id,
                "weight": 5,
                "must_have": False,
            }
        )
        telephone.unlink()
        self.role_desk.skill_ids = [
            Command.create(self._requirement(self.counting, 25, True))
        ]
        version.invalidate_recordset()
        self.assertEqual(
            version._describe_difference(),
            [
                "Counting (Desk 25, must-have, weight 3): added",
                "Telephone (Desk 50, not a must-have, weight 3): removed",
                "Greeting: level Desk 75 → Desk 100, is no longer a must-have, "
                "weight 3 → 5",
            ],
        )
        self.assertIn("<li>Counting", version.difference)

    def test_names_are_escaped(self):
        version = self._begin()
        self.role_desk.skill_ids.filtered(
            lambda line: line.skill_id == self.telephone
        ).unlink()
        self.telephone.name = "<script>"
        version.invalidate_recordset()
        self.assertIn("&lt;script&gt;", version.difference)

    def test_the_button_of_the_role(self):
        version = self._begin()
        action = self.role_desk.action_view_versions()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, version)
        with Form(self.role_desk.with_user(self.manager)) as form:
            self.assertEqual(form.version_number, 2)


class TestVersionOfApplicant(VersionCommon):
    """An application says by which version it is scored, and may leave it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.role_desk.with_user(cls.manager).action_begin_version()
        cls._commit_matches()
        cls.version = cls.ada.office_role_version_id

    def test_what_the_application_says(self):
        self.assertIn(
            "version 1 of Test desk, in force until 2026-03-16",
            self.ada.with_user(self.interviewer).office_role_version_note,
        )
        bo = self._create_applicant("Bo", self.job_desk)
        self.assertEqual(
            bo.office_role_version_note,
            "Scored against version 2 of Test desk, the one in force.",
        )
        nobody = self._create_applicant("Nobody")
        self.assertFalse(nobody.office_role_version_note)

    def test_a_recruiter_scores_by_the_version_in_force(self):
        self._ask_for_more()
        self.assertAlmostEqual(self.ada.office_match_score, 83.33)
        self.ada.with_user(self.recruiter).action_score_against_version_in_force()
        self._commit_matches()
        self.assertFalse(self.ada.office_role_version_id)
        self.assertAlmostEqual(self.ada.office_match_score, 75)
        self.assertIn("Test desk, version 1", self.ada.message_ids[0].body)

    def test_several_at_once(self):
        bo = self._create_applicant("Bo", self.job_desk)
        both = (self.ada + bo).with_user(self.recruiter)
        both.action_score_against_version_in_force()
        self.assertFalse(both.office_role_version_id)
        with self.assertRaisesRegex(UserError, "Ada, Bo: already scored"):
            both.action_score_against_version_in_force()

    def test_an_interviewer_may_not(self):
        ada = self.ada.with_user(self.interviewer)
        with self.assertRaisesRegex(AccessError, "Only recruitment officers"):
            ada.action_score_against_version_in_force()

    def test_a_recruiter_of_another_company_may_not(self):
        self.ada.company_id = self.company
        abroad = self._create_user("version_abroad", RECRUITER, self.other_company)
        with self.assertRaises(AccessError):
            self.ada.with_user(abroad).action_score_against_version_in_force()

    def test_nobody_chooses_a_version(self):
        bo = self._create_applicant("Bo", self.job_desk)
        for user in (self.recruiter, self.interviewer, self.env.ref("base.user_admin")):
            ada = self.ada.with_user(user)
            with self.subTest(user.login):
                with self.assertRaisesRegex(UserError, "not chosen by hand"):
                    ada.write({"office_role_version_id": False})
        with self.assertRaisesRegex(UserError, "not chosen by hand"):
            bo.with_user(self.recruiter).office_role_version_id = self.version
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        with self.assertRaisesRegex(UserError, "not chosen by hand"):
            applicants.create(
                {"partner_name": "Cy", "office_role_version_id": self.version.id}
            )
        imported = applicants.load(
            [".id", "office_role_version_id/.id"],
            [[str(bo.id), str(self.version.id)]],
        )
        self.assertFalse(imported["ids"])
        self.assertFalse(bo.office_role_version_id)

    def test_the_action_of_the_list(self):
        action = self.env.ref("office_role_hiring.hr_applicant_action_score_in_force")
        action.with_user(self.recruiter).with_context(
            active_model="hr.applicant", active_ids=self.ada.ids
        ).run()
        self.assertFalse(self.ada.office_role_version_id)

    def test_the_form_of_an_application(self):
        form = Form(self.env["hr.applicant"].with_user(self.recruiter))
        form.partner_name = "Cy"
        form.job_id = self.job_desk
        self.assertIn("version 2", form.save().office_role_version_note)
        with Form(self.ada.with_user(self.recruiter)) as form:
            form.partner_name = "Ada B."
        self.assertEqual(self.ada.office_role_version_id, self.version)

    def test_a_copy_applies_now(self):
        self.assertFalse(self.ada.copy().office_role_version_id)

    def test_another_job_with_the_role_keeps_the_version(self):
        self.ada.with_user(self.recruiter).job_id = self._create_job(
            "Evening desk", self.role_desk
        )
        self.assertEqual(self.ada.office_role_version_id, self.version)

    def test_a_job_with_another_role_leaves_it(self):
        self.ada.with_user(self.recruiter).job_id = self._create_job(
            "Till", self.role_till
        )
        self.assertFalse(self.ada.office_role_version_id)

    def test_the_job_gets_another_role(self):
        self.ada.active = False
        self.job_desk.office_role_id = self.role_till
        self.assertFalse(self.ada.office_role_version_id)
