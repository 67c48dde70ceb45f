from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, users

from .common import LAST_YEAR, TODAY, TOMORROW, YESTERDAY, OfficeRoleCommon


@freeze_time(TODAY)
class TestHrJob(OfficeRoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_hr_user("role_officer", "hr.group_hr_user")

    def _skills(self, job):
        """Return the current skills of a position: name → progress."""
        job.invalidate_recordset()
        return {
            skill.skill_id.name: skill.level_progress
            for skill in job.current_job_skill_ids
        }

    # -- the difference -------------------------------------------------------------

    def test_no_role_no_difference(self):
        job = self._create_job("Clerk")
        self._give_job_skill(job, self.juggling, 25)
        self.assertFalse(job.office_role_skill_difference)

    def test_no_difference_when_the_skills_are_the_roles(self):
        self._give_job_skill(self.job_desk, self.greeting, 75)
        self._give_job_skill(self.job_desk, self.telephone, 50)
        self.assertFalse(self.job_desk.office_role_skill_difference)

    def test_difference_says_what_is_missing_different_and_extra(self):
        self._give_job_skill(self.job_desk, self.telephone, 25)
        self._give_job_skill(self.job_desk, self.juggling, 100)
        self.assertEqual(
            self.job_desk.office_role_skill_difference,
            "<ul class='mb-0'>"
            "<li>Greeting (Desk 75): asked for by the role, not by this position</li>"
            "<li>Telephone: the role asks for Desk 50, this position for Desk 25</li>"
            "<li>Juggling (Desk 100): asked for by this position, not by the role</li>"
            "</ul>".replace("'", '"'),
        )

    def test_difference_leaves_out_skills_of_the_past(self):
        self._give_job_skill(self.job_desk, self.greeting, 75, valid_to=YESTERDAY)
        self._give_job_skill(self.job_desk, self.telephone, 50, valid_to=TOMORROW)
        difference = self.job_desk.office_role_skill_difference
        self.assertIn("Greeting", difference)
        self.assertNotIn("Telephone", difference)

    def test_difference_escapes_names(self):
        self.greeting.name = "<b>Greeting</b>"
        difference = self.job_desk.office_role_skill_difference
        self.assertIn("&lt;b&gt;Greeting&lt;/b&gt;", difference)
        self.assertNotIn(Markup("<b>"), difference)

    @users("role_officer")
    def test_form_shows_the_difference_as_soon_as_a_role_is_chosen(self):
        job = self._create_job("Till clerk")
        with Form(job.with_user(self.env.user)) as form:
            self.assertFalse(form.office_role_skill_difference)
            form.office_role_id = self.role_till
            self.assertIn("Counting", form.office_role_skill_difference)
        self.assertEqual(job.office_role_id, self.role_till)

    # -- align ----------------------------------------------------------------------

    @users("role_officer")
    def test_align_adds_changes_and_removes(self):
        self._give_job_skill(self.job_desk, self.telephone, 25)
        self._give_job_skill(self.job_desk, self.juggling, 100)
        self.job_desk.with_user(self.env.user).action_align_skills_with_role()
        self.assertEqual(self._skills(self.job_desk), {"Greeting": 75, "Telephone": 50})
        self.assertFalse(self.job_desk.office_role_skill_difference)

    def test_align_keeps_the_history(self):
        changed = self._give_job_skill(self.job_desk, self.telephone, 25)
        extra = self._give_job_skill(self.job_desk, self.juggling, 100)
        self.job_desk.action_align_skills_with_role()
        for old, progress in ((changed, 25), (extra, 100)):
            self.assertEqual(old.valid_from, LAST_YEAR)
            self.assertEqual(old.valid_to, YESTERDAY)
            self.assertEqual(old.level_progress, progress)
        new = self.job_desk.job_skill_ids - changed - extra
        self.assertEqual(new.mapped("valid_from"), [TODAY, TODAY])
        self.assertEqual(new.mapped("valid_to"), [False, False])

    def test_align_leaves_alone_what_is_right(self):
        right = self._give_job_skill(self.job_desk, self.greeting, 75)
        self.job_desk.action_align_skills_with_role()
        self.assertIn(right, self.job_desk.current_job_skill_ids)
        self.assertEqual((right.valid_from, right.valid_to), (LAST_YEAR, False))

    def test_second_align_changes_nothing(self):
        self._give_job_skill(self.job_desk, self.juggling, 100)
        self.job_desk.action_align_skills_with_role()
        fields = ["skill_id", "skill_level_id", "valid_from", "valid_to"]
        before = self.job_desk.job_skill_ids.read(fields)
        self.job_desk.action_align_skills_with_role()
        self.job_desk.invalidate_recordset()
        self.assertEqual(self.job_desk.job_skill_ids.read(fields), before)
        self.assertEqual(len(before), 3)

    def test_align_again_on_the_day_a_role_changes(self):
        self.job_desk.action_align_skills_with_role()
        self.role_desk.skill_ids.filtered(
            lambda requirement: requirement.skill_id == self.greeting
        ).skill_level_id = self.level[100]
        self.assertIn("Greeting", self.job_desk.office_role_skill_difference)
        self.job_desk.action_align_skills_with_role()
        self.assertEqual(
            self._skills(self.job_desk), {"Greeting": 100, "Telephone": 50}
        )

    def test_align_brings_back_a_skill_of_the_past(self):
        past = self._give_job_skill(
            self.job_desk, self.greeting, 75, valid_to=YESTERDAY
        )
        self.job_desk.action_align_skills_with_role()
        self.assertEqual(self._skills(self.job_desk)["Greeting"], 75)
        self.assertEqual(past.valid_to, YESTERDAY)

    def test_align_several_positions(self):
        till = self._create_job("Till clerk", self.role_till)
        (self.job_desk + till).action_align_skills_with_role()
        self.assertEqual(self._skills(self.job_desk), {"Greeting": 75, "Telephone": 50})
        self.assertEqual(self._skills(till), {"Counting": 25})

    def test_align_without_a_role_is_refused_by_name(self):
        job = self._create_job("Odd jobs")
        skill = self._give_job_skill(job, self.juggling, 25)
        with self.assertRaisesRegex(UserError, "Odd jobs has no role"):
            job.action_align_skills_with_role()
        self.assertEqual(job.job_skill_ids, skill)

    # -- company --------------------------------------------------------------------

    def test_position_takes_a_shared_role_or_its_companys_own(self):
        own = self._create_role("test_own", company_id=self.company.id)
        job = self._create_job("Clerk", self.role_desk, company_id=self.company.id)
        job.office_role_id = own
        self.assertEqual(job.office_role_id, own)

    def test_position_does_not_take_another_companys_role(self):
        foreign = self._create_role("test_own", company_id=self.other_company.id)
        for company in (self.company, self.env["res.company"]):
            job = self._create_job("Clerk", company_id=company.id)
            with self.subTest(company=company), self.assertRaises(UserError):
                job.office_role_id = foreign

    def test_position_with_its_companys_role_does_not_move(self):
        own = self._create_role("test_own", company_id=self.company.id)
        job = self._create_job("Clerk", own, company_id=self.company.id)
        with self.assertRaises(UserError):
            job.company_id = self.other_company
