import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .rubric_common import RubricFixture, criterion_values


@tagged("post_install", "-at_install")
class TestCriterion(RubricFixture, TransactionCase):
    """A rubric is written, checked, published, and copied by an enrolment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.criterion = cls.greet_step.criterion_ids[0]

    # --- authoring --------------------------------------------------------------

    def test_written_in_the_form_of_the_step(self):
        self.programme.action_revise()
        view = "front_office_training.training_step_view_form"
        desk = self.programme.step_ids.sorted("sequence")[2]
        with Form(desk.with_user(self.manager_user), view) as form:
            form.rubric = True
            form.pass_mark = 75
            with form.criterion_ids.new() as line:
                for name, value in criterion_values("Cordial", 2).items():
                    setattr(line, name, value)
        self.assertEqual((desk.rubric, desk.pass_mark), (True, 75))
        self.assertEqual(desk.criterion_ids.name, "Cordial")
        self.programme.action_publish()
        self.assertEqual(self.programme.version, 3)

    def test_criteria_make_a_rubric(self):
        self.assertTrue(self.greet_step.rubric)
        self.assertEqual(self.greet_step.pass_mark, 60)
        self.assertFalse(self.programme.step_ids.sorted("sequence")[2].rubric)

    def test_every_part_of_a_criterion_makes_a_version(self):
        changes = {
            "sequence": 99,
            "name": "Another",
            "weight": 5,
            **{f"level_{level}": "Another" for level in (1, 2, 3, 4)},
        }
        self.assertEqual(set(changes), set(self.criterion._snapshot_fields()))
        version = self.programme.version
        for name, value in changes.items():
            self.programme.action_revise()
            self.criterion[name] = value
            self.programme.action_publish()
            version += 1
            self.assertEqual(self.programme.version, version, name)
        self.programme.action_revise()
        self.programme.action_publish()
        self.assertEqual(self.programme.version, version, "nothing was changed")

    def test_criteria_of_a_published_programme_are_fixed(self):
        message = "Test programme is not a draft"
        with self.assertRaisesRegex(UserError, message):
            self.criterion.name = "Changed"
        with self.assertRaisesRegex(UserError, message):
            self.criterion.unlink()
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            self.env["training.criterion"].create(
                criterion_values("More", step_id=self.greet_step.id)
            )
        draft = self.programme.copy()
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            draft.step_ids.criterion_ids[0].step_id = self.greet_step
        self.programme.action_revise()
        self.criterion.name = "Changed"
        self.criterion.unlink()
        self.assertEqual(len(self.greet_step.criterion_ids), 2)

    def test_copy_of_a_programme_has_the_criteria(self):
        copy = self.programme.copy()
        self.assertEqual(
            copy.step_ids.criterion_ids.mapped("level_4"),
            self.greet_step.criterion_ids.mapped("level_4"),
        )
        copy.action_publish()
        self.assertEqual(copy.published_digest, self.programme.published_digest)

    # --- what cannot be published -----------------------------------------------

    def _assert_not_published(self, message):
        with self.assertRaisesRegex(
            UserError, f"Test programme, Greet a visitor: .*{message}"
        ):
            self.programme.action_publish()
        self.assertEqual(self.programme.state, "draft")

    def test_rubric_without_criteria(self):
        self.programme.action_revise()
        self.greet_step.criterion_ids.unlink()
        self.greet_step.rubric = True
        self._assert_not_published("has no criteria")
        self.greet_step.rubric = False
        self.programme.action_publish()

    def test_level_without_description(self):
        for value in (False, "  "):
            self.programme.action_revise()
            self.criterion.level_3 = value
            self._assert_not_published("“Listens” lacks the description of a level")
        self.criterion.level_3 = "Listens"
        self.programme.action_publish()

    def test_criteria_that_nobody_would_use(self):
        for name, value, good in (
            ("rubric", False, True),
            ("kind", "acknowledge", "practice"),
            ("signoff", "none", "trainer"),
        ):
            self.programme.action_revise()
            self.greet_step[name] = value
            self._assert_not_published("it has criteria, so")
            self.greet_step[name] = good
            self.programme.action_publish()

    def test_pass_mark_is_a_percentage(self):
        self.programme.action_revise()
        for mark in (-1, 101):
            with self.assertRaisesRegex(
                ValidationError, f"Greet a visitor: the pass mark is {mark}"
            ):
                self.greet_step.pass_mark = mark
        self.greet_step.pass_mark = 100

    @mute_logger("odoo.sql_db")
    def test_database_refuses_numbers_out_of_range(self):
        for table, record, column, value in (
            ("training_step", self.greet_step, "pass_mark", 101),
            ("training_criterion", self.criterion, "weight", 0),
            ("training_criterion", self.criterion, "weight", 6),
            ("training_programme", self.programme, "max_attempts", -1),
        ):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE {table} SET {column} = %s WHERE id = %s",
                    [value, record.id],
                )

    # --- the snapshot -----------------------------------------------------------

    def test_enrolment_copies_the_criteria_in_all_languages(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.programme.action_revise()
        self.criterion.with_context(lang="sv_SE").level_1 = "Avbryter"
        self.programme.action_publish()
        self.programme.max_attempts = 2
        enrolment = self._enrol()
        step = self._steps(enrolment)[1]
        self.assertEqual((step.rubric, step.pass_mark), (True, 60))
        self.assertEqual(enrolment.max_attempts, 2)
        self.assertEqual(
            [(each.name, each.weight, each.level_2) for each in step.criterion_ids],
            [
                ("Listens", 3, "Listens at level 2"),
                ("Articulate", 1, "Articulate at level 2"),
                ("Patient", 1, "Patient at level 2"),
            ],
        )
        copied = step.criterion_ids[0]
        self.assertEqual(copied.with_context(lang="sv_SE").level_1, "Avbryter")
        self.assertEqual(copied.company_id, self.company)
        self.assertFalse((enrolment.step_ids - step).criterion_ids)

    def test_people_under_way_keep_their_rubric(self):
        step = self._greet()
        self.programme.action_revise()
        self.criterion.write({"name": "Hears", "weight": 5})
        self.greet_step.criterion_ids[1].unlink()
        self.programme.action_publish()
        self.assertEqual(
            step.criterion_ids.mapped("name"), ["Listens", "Articulate", "Patient"]
        )
        later = self._steps(self._enrol(self.colleague))[1]
        self.assertEqual(later.criterion_ids.mapped("name"), ["Hears", "Patient"])

    def test_copied_criteria_stay(self):
        criterion = self._greet().criterion_ids[0]
        with self.assertRaisesRegex(UserError, "Listens: a criterion stays"):
            criterion.sudo().write({"weight": 5})
        with self.assertRaisesRegex(UserError, "Listens: a criterion is never taken"):
            criterion.sudo().unlink()

    def test_deleting_an_enrolment_takes_all_of_it(self):
        step = self._greet()
        attempt = self._give(self.trainer_user, step, self.PASSING)
        gone = step.criterion_ids + step.criterion_ids
        lines = attempt.line_ids
        step.enrolment_id.with_user(self.manager_user).unlink()
        self.assertFalse(gone.exists() or attempt.exists() or lines.exists())

    def test_who_writes_criteria(self):
        self.programme.action_revise()
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            with self.assertRaises(AccessError):
                self.criterion.with_user(user).write({"name": "Mine"})
            with self.assertRaises(AccessError):
                self.criterion.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.programme.with_user(user).write(
                    {
                        "step_ids": [
                            Command.update(
                                self.greet_step.id,
                                {
                                    "criterion_ids": [
                                        Command.create(criterion_values("Mine"))
                                    ]
                                },
                            )
                        ]
                    }
                )
            self.assertEqual(self.criterion.with_user(user).name, "Listens")
        self.criterion.with_user(self.manager_user).name = "Changed"
