from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .rubric_common import RubricFixture


@tagged("post_install", "-at_install")
class TestScore(RubricFixture, TransactionCase):
    """A practice is scored, by the trainer and by observers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.observer_user = cls._user("t_observer")
        cls.step = cls._greet(observer_ids=[Command.set(cls.observer_user.ids)])
        cls.enrolment = cls.step.enrolment_id

    def _screen(self, user, step=None):
        """Return the screen that opens for ``user``."""
        action = (step or self.step).with_user(user).action_score()
        self.assertEqual(action["res_model"], "training.score")
        return self.env["training.score"].with_user(user).browse(action["res_id"])

    # --- the trainer decides ----------------------------------------------------

    def test_passed_on_the_screen(self):
        screen = self._screen(self.trainer_user)
        self.assertTrue(screen.deciding)
        self.assertEqual(screen.line_ids.mapped("level"), [0, 0, 0])
        self.assertEqual(screen.line_ids[0].level_3, "Listens at level 3")
        for line, level in zip(screen.line_ids, self.PASSING, strict=True):
            line.level = level
        screen.line_ids[1].remark = "Clear."
        screen.action_confirm()
        self.assertEqual(
            (self.step.state, self.step.score, self.step.signed_by_id),
            ("signed", 66.67, self.trainer_user),
        )
        attempt = self.step.attempt_ids
        self.assertEqual((attempt.number, attempt.result), (1, "passed"))
        self.assertEqual(
            [(line.level, line.weight, line.remark) for line in attempt.line_ids],
            [(3, 3, False), (3, 1, "Clear."), (3, 1, False)],
        )
        self.assertEqual(attempt.line_ids.criterion_id, self.step.criterion_ids)

    def test_screen_is_a_form(self):
        screen = self._screen(self.trainer_user)
        with Form(screen) as form:
            form.feedback = "Good."
        self.assertEqual((screen.feedback, screen.pass_mark), ("Good.", 60))

    def test_failed_comes_back_with_words_and_is_never_ejected(self):
        with self.assertRaisesRegex(UserError, "Greet a visitor: .*not passed"):
            self._give(self.trainer_user, self.step, self.FAILING, "  ")
        self.assertEqual((self.step.state, self.step.attempts), ("done", 0))
        self._give(self.trainer_user, self.step, self.FAILING, "Let them finish.")
        self.assertEqual(
            (self.step.state, self.step.score, self.step.feedback),
            ("failed", 40, "Let them finish."),
        )
        self.assertEqual(self.enrolment.state, "running")
        self.assertTrue(self.step.with_user(self.trainee_user).can_tick)
        self._tick(self.step)
        self._give(self.trainer_user, self.step, self.ALL_FOURS)
        self.assertEqual(
            [(each.number, each.result, each.score) for each in self.step.attempt_ids],
            [(2, "passed", 100), (1, "failed", 40)],
        )

    def test_pass_mark_itself_passes(self):
        self.env.cr.execute(
            "UPDATE training_enrolment_step SET pass_mark = 40 WHERE id = %s",
            [self.step.id],
        )
        self.step.invalidate_recordset()
        self._give(self.trainer_user, self.step, self.FAILING)
        self.assertEqual(self.step.state, "signed")

    def test_rubric_is_neither_signed_nor_sent_back_without_a_score(self):
        step = self.step.with_user(self.trainer_user)
        self.assertEqual((step.can_sign, step.can_score), (False, True))
        for method, args in (("action_sign", ()), ("_fail", ("No",))):
            with self.assertRaisesRegex(UserError, "Greet a visitor is judged with"):
                getattr(step, method)(*args)
        self.assertEqual(step.state, "done")

    def test_step_without_a_rubric_is_signed_as_before(self):
        desk = self._steps(self.enrolment)[2]
        desk.with_user(self.trainee_user).action_done()
        step = desk.with_user(self.boss_user)
        self.assertEqual((step.can_sign, step.can_score), (True, False))
        with self.assertRaisesRegex(UserError, "Run the desk for an hour has no"):
            step.action_score()
        step.action_sign()
        self.assertEqual(desk.state, "signed")

    def test_every_criterion_has_a_level(self):
        step = self.step.with_user(self.trainer_user)
        first, second, third = step.criterion_ids.ids
        for levels in (
            {},
            {first: 4, second: 4},
            {first: 4, second: 4, third: 0},
            {first: 4, second: 4, third: 5},
        ):
            with self.assertRaisesRegex(UserError, "choose a level from 1 to 4 for"):
                step._score(levels)
        other = self._greet(self.colleague)
        with self.assertRaisesRegex(UserError, "belongs to another step"):
            step._score({first: 4, second: 4, third: 4, other.criterion_ids.ids[0]: 1})
        self.assertFalse(self.step.attempt_ids)

    def test_what_is_not_done_or_judged_already_is_not_scored(self):
        screen = self._screen(self.manager_user)
        screen.line_ids.level = 4
        self._give(self.trainer_user, self.step, self.PASSING)
        with self.assertRaisesRegex(UserError, "somebody else has judged it already"):
            screen.action_confirm()
        todo = self._steps(self._enrol(self.colleague))[1]
        with self.assertRaisesRegex(UserError, "Greet a visitor is not done yet"):
            todo.with_user(self.trainer_user).action_score()
        self.assertEqual(len(self.step.attempt_ids), 1)

    # --- observers --------------------------------------------------------------

    def test_observer_scores_and_decides_nothing(self):
        screen = self._screen(self.observer_user)
        self.assertFalse(screen.deciding)
        screen.line_ids.level = 1
        screen.action_confirm()
        self.assertEqual((self.step.state, self.step.attempts), ("done", 0))
        self.assertEqual((self.step.observer_count, self.step.observer_score), (1, 0))
        self.enrolment.observer_ids += self.hr_user
        self._give(self.hr_user, self.step, self.PASSING)
        self.assertEqual(self.step.observer_score, 33.34, "the mean of 0 and 66.67")
        self._give(self.trainer_user, self.step, self.ALL_FOURS)
        self.assertEqual((self.step.state, self.step.score), ("signed", 100))
        self.assertEqual(
            sorted(
                self.step.attempt_ids.mapped(lambda each: (each.number, each.result))
            ),
            [(1, "observed"), (1, "observed"), (1, "passed")],
        )
        self.assertEqual(self.step.observer_count, 2)

    def test_observer_scores_each_attempt_once(self):
        self.assertTrue(self.step.with_user(self.observer_user).can_score)
        self._give(self.observer_user, self.step, self.PASSING)
        self.assertFalse(self.step.with_user(self.observer_user).can_score)
        with self.assertRaisesRegex(UserError, "you have scored this attempt already"):
            self._give(self.observer_user, self.step, self.PASSING)
        self._give(self.trainer_user, self.step, self.FAILING, "Listen.")
        self._tick(self.step)
        self.assertEqual(self.step.observer_count, 0, "nobody saw the second yet")
        self.assertTrue(self.step.with_user(self.observer_user).can_score)
        self._give(self.observer_user, self.step, self.PASSING)
        self.assertEqual(
            sorted(
                self.step.attempt_ids.mapped(lambda each: (each.number, each.result))
            ),
            [(1, "failed"), (1, "observed"), (2, "observed")],
        )

    def test_observers_do_not_see_each_other(self):
        self.enrolment.observer_ids += self.colleague_user
        self._give(self.observer_user, self.step, self.PASSING)
        mine = self.env["training.attempt"].search(
            [("enrolment_step_id", "=", self.step.id)]
        )
        for user, visible in (
            (self.observer_user, mine),
            (self.colleague_user, mine.browse()),
            (self.trainer_user, mine),
            (self.hr_user, mine),
        ):
            found = mine.with_user(user).search([("id", "in", mine.ids)])
            self.assertEqual(found, visible, user.login)
            lines = mine.line_ids.with_user(user).search(
                [("attempt_id", "in", mine.ids)]
            )
            self.assertEqual(lines, visible.line_ids, user.login)
        self.assertEqual(self.step.with_user(self.colleague_user).observer_count, 0)

    def test_trainee_is_no_observer(self):
        with self.assertRaisesRegex(
            ValidationError, "Test trainee is the trainee|t_tra"
        ):
            self.enrolment.observer_ids += self.trainee_user
        self.assertFalse(self.step.with_user(self.trainee_user)._may_observe())

    def test_trainer_names_observers(self):
        enrolment = self.enrolment.with_user(self.trainer_user)
        enrolment.observer_ids = [Command.link(self.colleague_user.id)]
        self.assertIn(self.colleague_user, self.enrolment.observer_ids)
        with self.assertRaises(AccessError):
            self.enrolment.with_user(self.observer_user).write(
                {"observer_ids": [Command.link(self.hr_user.id)]}
            )

    # --- who may ----------------------------------------------------------------

    def test_who_may_score(self):
        for user in (self.trainee_user, self.colleague_user, self.hr_user):
            with self.assertRaises(AccessError):
                self.step.with_user(user).action_score()
        for user in (self.trainer_user, self.manager_user, self.observer_user):
            self.assertTrue(self._screen(user), user.login)
        own = self._greet(self._employee("Test own", user_id=self.manager_user.id))
        self.assertFalse(own.with_user(self.manager_user).can_score)
        with self.assertRaisesRegex(AccessError, "never the trainee"):
            own.with_user(self.manager_user).action_score()

    def test_manager_of_another_company_reaches_nothing(self):
        user = self._manager_elsewhere()
        attempt = self._give(self.trainer_user, self.step, self.PASSING)
        self.env.invalidate_all()
        for record in (self.step.criterion_ids, attempt, attempt.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["company_id"])
        with self.assertRaises(AccessError):
            self.step.with_user(user).action_score()
        for model in ("training.enrolment.criterion", "training.attempt.line"):
            self.assertFalse(self.env[model].with_user(user).search([]))

    def test_a_screen_of_ones_own_gives_no_right(self):
        """Whoever makes the wizard by RPC neither reads nor judges somebody's step."""
        self.env.invalidate_all()
        screen = (
            self.env["training.score"]
            .with_user(self.colleague_user)
            .create(
                {
                    "step_id": self.step.id,
                    "line_ids": [
                        Command.create({"criterion_id": each.id, "level": 4})
                        for each in self.step.criterion_ids
                    ],
                }
            )
        )
        self.env.invalidate_all()
        for name in ("employee_id", "name", "note", "instructions", "deciding"):
            with self.assertRaises(AccessError, msg=name):
                screen.read([name])
        with self.assertRaises(AccessError):
            screen.line_ids.read(["level_1"])
        with self.assertRaises(AccessError):
            screen.action_confirm()
        own = self.env["training.score"].with_user(self.trainee_user)
        with self.assertRaises(AccessError):
            own.create({"step_id": self.step.id}).action_confirm()

    def test_judgements_are_written_by_nobody(self):
        attempt = self._give(self.trainer_user, self.step, self.PASSING)
        line = attempt.line_ids[0]
        with self.assertRaisesRegex(UserError, "Listens: what was judged stays"):
            line.sudo().write({"level": 4})
        with self.assertRaisesRegex(UserError, "Listens: what was judged is never"):
            line.sudo().unlink()
        values = {"attempt_id": attempt.id, "level": 4, "weight": 1}
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            criterion = self.step.criterion_ids.with_user(user)
            with self.assertRaises(AccessError):
                line.with_user(user).create(
                    {**values, "criterion_id": criterion.ids[0]}
                )
            with self.assertRaises(AccessError):
                criterion.create(
                    {"enrolment_step_id": self.step.id, "name": "x", "weight": 1}
                )
            with self.assertRaises(AccessError):
                self.step.with_user(user).write({"pass_mark": 0})
            self.assertEqual(line.with_user(user).read(["level"])[0]["level"], 3)
        with self.assertRaises(AccessError):
            line.with_user(self.colleague_user).read(["level"])
        self.colleague_user.group_ids = [
            Command.link(self.env.ref("base.group_allow_export").id)
        ]
        with self.assertRaises(AccessError):
            line.with_user(self.colleague_user).export_data(["level"])
        self.assertFalse(
            line.with_user(self.colleague_user)._read_group([], ["level"], ["__count"])
        )

    # --- opening the pile -------------------------------------------------------

    def _queries_to_open(self, count):
        """Return how many queries *To sign off* takes with ``count`` cards."""
        people = self.env["hr.employee"].create(
            [
                {"name": f"Test pile {number}", "department_id": self.department.id}
                for number in range(count)
            ]
        )
        steps = self.programme._enrol(people).step_ids.filtered("rubric")
        steps.with_user(self.trainer_user).action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        Step = self.env["training.enrolment.step"].with_user(self.trainer_user)
        specification = {
            name: {}
            for name in ("name", "can_sign", "can_score", "can_waive", "observer_score")
        }
        specification |= {
            "employee_id": {"fields": {"display_name": {}}},
            "attachment_ids": {"fields": {"name": {}}},
        }
        start = self.env.cr.sql_log_count
        result = Step.web_search_read([("id", "in", steps.ids)], specification)
        taken = self.env.cr.sql_log_count - start
        self.assertEqual(result["length"], count)
        self.assertTrue(all(record["can_score"] for record in result["records"]))
        return taken

    def test_observer_without_any_group_opens_the_pile(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_training.training_enrolment_step_action_sign"
        )
        self.assertIn("search_default_mine_to_observe", action["context"])
        self.env.invalidate_all()
        result = (
            self.env["training.enrolment.step"]
            .with_user(self.observer_user)
            .web_search_read(
                [("enrolment_id.observer_ids", "in", self.observer_user.id)],
                {
                    "can_score": {},
                    "can_sign": {},
                    "state": {},
                    "employee_id": {"fields": {"display_name": {}}},
                },
            )
        )
        found = [record for record in result["records"] if record["can_score"]]
        self.assertEqual([record["id"] for record in found], self.step.ids)
        self.assertEqual(found[0]["employee_id"]["display_name"], "Test trainee")
        self.assertFalse(any(record["can_sign"] for record in result["records"]))

    def test_queries_do_not_depend_on_the_number_of_steps(self):
        self._queries_to_open(2)  # what is cached for good
        self.assertEqual(self._queries_to_open(10), self._queries_to_open(100))
