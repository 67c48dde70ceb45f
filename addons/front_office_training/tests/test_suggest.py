from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged, warmup

from .test_programme_skill import SkillFixture


@tagged("post_install", "-at_install")
class TestSuggest(SkillFixture, TransactionCase):
    """The role asks for greeting at 75 (must-have), calling at 50 and juggling at 100.

    «Desk» leads to greeting and calling, «Phone» to calling alone; nothing to juggling.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls._set_up_skills()
        cls.programme.role_ids = False
        cls._develops(cls.programme, greeting=75, calling=50)
        cls.phone = cls.programme.copy({"name": "Test phone"})
        cls.phone.step_ids.minutes = 1
        cls.phone.action_publish()
        cls._develops(cls.phone, calling=100)
        cls.role.skill_ids = [
            Command.create({**cls._skill_values(skill, progress), "must_have": must})
            for skill, progress, must in (
                (cls.greeting, 75, True),
                (cls.calling, 50, False),
                (cls.juggling, 100, False),
            )
        ]
        (cls.trainee + cls.colleague).job_id = cls.job
        cls._give(cls.colleague, greeting=75)
        cls.env.flush_all()

    @classmethod
    def _give(cls, employee, **levels):
        employee.employee_skill_ids = [
            Command.create(
                {
                    "skill_type_id": cls.skill_type.id,
                    **cls._skill_values(getattr(cls, name), progress),
                    "valid_from": "2020-01-01",
                }
            )
            for name, progress in levels.items()
        ]

    def _suggest(self, employees, user=None):
        action = (
            self.env["training.suggest"]
            .with_user(user or self.manager_user)
            ._open(employees)
        )
        return (
            self.env["training.suggest"]
            .with_user(user or self.manager_user)
            .browse(action["res_id"])
        )

    def _shown(self, wizard):
        return {
            (line.employee_id, line.programme_id): line.reason
            for line in wizard.line_ids
        }

    def test_smallest_set_and_the_reason(self):
        wizard = self._suggest(self.trainee + self.colleague)
        self.assertEqual(
            self._shown(wizard),
            {
                (self.trainee, self.programme): "Greeting (must-have), Calling",
                (self.colleague, self.phone): "Calling",
            },
        )
        self.assertEqual(wizard.gap_ids.skill_id, self.juggling)
        self.assertEqual(len(wizard.gap_ids), 2)
        line = wizard.line_ids.filtered(lambda line: line.employee_id == self.trainee)
        self.assertEqual((line.minutes, line.must_have_count), (90, 1))
        self.assertFalse(
            self.env["training.enrolment"].search(
                [("employee_id", "=", self.trainee.id)]
            )
        )

    def test_enrols_what_is_ticked_and_nothing_else(self):
        wizard = self._suggest(self.trainee + self.colleague)
        line = wizard.line_ids.filtered(lambda line: line.employee_id == self.colleague)
        line.include = False
        action = wizard.action_enrol()
        enrolments = self.env["training.enrolment"].search(action["domain"])
        self.assertEqual(enrolments.employee_id, self.trainee)
        self.assertEqual(enrolments.programme_id, self.programme)
        self.assertEqual(enrolments.trainer_id, self.trainer_user)

    def test_start_and_trainer_are_those_of_the_wizard(self):
        wizard = self._suggest(self.trainee)
        wizard.write({"start_date": "2026-05-04", "trainer_id": self.manager_user.id})
        wizard.action_enrol()
        enrolment = self.trainee.training_enrolment_ids
        self.assertEqual(str(enrolment.start_date), "2026-05-04")
        self.assertEqual(enrolment.trainer_id, self.manager_user)

    def test_nothing_ticked_is_said(self):
        wizard = self._suggest(self.trainee)
        wizard.line_ids.include = False
        with self.assertRaisesRegex(UserError, "tick at least one line"):
            wizard.action_enrol()

    def test_what_is_under_way_is_not_suggested_again(self):
        self.programme._enrol(self.trainee)
        wizard = self._suggest(self.trainee)
        self.assertFalse(wizard.line_ids)
        self.assertEqual(wizard.gap_ids.skill_id, self.juggling)

    def test_drafts_and_other_companies_are_not_suggested(self):
        self.programme.action_revise()
        company = self.env["res.company"].create({"name": "Test elsewhere"})
        self.phone.action_revise()
        self.phone.company_id = company
        self.phone.action_publish()
        self.assertFalse(self._suggest(self.trainee, self.env.user).line_ids)

    def test_prerequisites_are_named(self):
        first = self.programme.copy({"name": "Test first"})
        first.skill_ids.unlink()
        first.action_publish()
        self.programme.prerequisite_ids = first
        wizard = self._suggest(self.trainee + self.colleague)
        also = {line.programme_id: line.also for line in wizard.line_ids}
        self.assertEqual(also, {self.programme: "Test first", self.phone: ""})
        wizard.action_enrol()
        self.assertEqual(
            self.trainee.training_enrolment_ids.programme_id, first + self.programme
        )

    def test_a_skill_of_two_roles_is_named_once(self):
        self.trainee.extra_office_role_ids = self.env["office.role"].create(
            {
                "name": "Test second role",
                "code": "test_second_role",
                "skill_ids": [Command.create(self._skill_values(self.greeting, 50))],
            }
        )
        wizard = self._suggest(self.trainee)
        self.assertEqual(wizard.line_ids.reason, "Greeting (must-have), Calling")
        self.assertEqual(wizard.line_ids.must_have_count, 1)

    def test_department_in_the_form(self):
        form = Form(self.env["training.suggest"].with_user(self.manager_user))
        form.department_id = self.department
        wizard = form.save()
        wizard.action_suggest()
        self.assertEqual(wizard.line_ids.employee_id, self.trainee + self.colleague)
        wizard.action_back()
        self.assertEqual((wizard.state, len(wizard.line_ids)), ("choose", 0))

    def test_nobody_chosen_and_two_companies_are_said(self):
        wizard = self._suggest(self.env["hr.employee"])
        with self.assertRaisesRegex(UserError, "Choose a department or employees"):
            wizard.action_suggest()
        company = self.env["res.company"].create({"name": "Test elsewhere"})
        foreign = self._employee("Test foreign", company_id=company.id, department_id=0)
        with self.assertRaisesRegex(UserError, "people of one company"):
            self._suggest(self.trainee + foreign, self.env.user)

    def test_entry_points(self):
        gaps = self.env["office.role.gap"].search(
            [("employee_id", "in", (self.trainee + self.colleague).ids)]
        )
        user_gaps = gaps.with_user(self.manager_user)
        for action in (
            user_gaps.action_suggest_programmes(),
            (self.trainee + self.colleague)
            .with_user(self.manager_user)
            .action_suggest_programmes(),
            self.env.ref("front_office_training.office_role_gap_action_suggest")
            .with_user(self.manager_user)
            .with_context(active_model="office.role.gap", active_ids=gaps.ids)
            .run(),
        ):
            wizard = self.env["training.suggest"].browse(action["res_id"])
            self.assertEqual(len(wizard.line_ids), 2)

    def test_who_sees_whose_gaps(self):
        # a trainer: their trainees; nobody else's
        self.phone._enrol(self.colleague)
        wizard = self._suggest(self.trainee + self.colleague, self.trainer_user)
        self.assertEqual(wizard.gap_ids.employee_id, self.colleague)
        self.assertFalse(wizard.line_ids)
        self.env.invalidate_all()
        values = wizard.web_read(
            {"gap_ids": {"fields": {"employee_id": {"fields": {"display_name": {}}}}}}
        )
        shown = values[0]["gap_ids"][0]["employee_id"]["display_name"]
        self.assertEqual(shown, "Test colleague")
        # an HR officer who trains: everybody's
        self.hr_user.group_ids += self.env.ref(
            "front_office_training.group_training_trainer"
        )
        wizard = self._suggest(self.trainee + self.colleague, self.hr_user)
        self.assertEqual(wizard.gap_ids.employee_id, self.trainee + self.colleague)
        # a training manager of another company: nobody's
        elsewhere = self._manager_elsewhere()
        Gap = self.env["office.role.gap"].with_user(elsewhere)
        self.assertFalse(Gap.search([("employee_id", "=", self.trainee.id)]))

    def test_without_the_group_there_is_no_wizard(self):
        for user in (self.trainee_user, self.hr_user):
            with self.assertRaises(AccessError):
                self.env["training.suggest"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.trainee.with_user(user).sudo(False).action_suggest_programmes()

    def test_the_wizard_gives_no_right_to_enrol(self):
        self.programme.responsible_id = self.manager_user
        self.phone._enrol(self.trainee)
        wizard = self._suggest(self.trainee, self.trainer_user)
        self.assertEqual(wizard.line_ids.programme_id, self.programme)
        with self.assertRaises(AccessError):
            wizard.action_enrol()

    @warmup
    def test_queries_do_not_grow_with_the_people(self):
        people = self.env["hr.employee"].create(
            [{"name": f"Test {n}", "job_id": self.job.id} for n in range(30)]
        )
        counts = []
        # the first round fills what is cached for good
        for employees in (people[:3], people[:3], people):
            wizard = self.env["training.suggest"].create(
                {"employee_ids": [Command.set(employees.ids)]}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_suggest()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(wizard.line_ids), len(employees))
        self.assertEqual(*counts[1:])
