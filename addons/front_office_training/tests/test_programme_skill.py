from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import TrainingFixture


class SkillFixture(TrainingFixture):
    """Skills of one type with the levels 25 to 100, and what a programme develops."""

    @classmethod
    def _set_up_skills(cls):
        cls.skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "Test desk",
                "skill_ids": [
                    Command.create({"name": name})
                    for name in ("Greeting", "Calling", "Counting", "Juggling")
                ],
                "skill_level_ids": [
                    Command.create(
                        {"name": f"Level {progress}", "level_progress": progress}
                    )
                    for progress in (25, 50, 75, 100)
                ],
            }
        )
        cls.greeting, cls.calling, cls.counting, cls.juggling = (
            cls.skill_type.skill_ids.search(
                [("skill_type_id", "=", cls.skill_type.id), ("name", "=", name)]
            )
            for name in ("Greeting", "Calling", "Counting", "Juggling")
        )
        cls.level = {
            level.level_progress: level for level in cls.skill_type.skill_level_ids
        }

    @classmethod
    def _develops(cls, programme, **levels):
        """Say that a programme leads to the levels of skills by their names."""
        programme.skill_ids = [Command.clear()] + [
            Command.create(cls._skill_values(getattr(cls, name), progress))
            for name, progress in levels.items()
        ]
        return programme

    @classmethod
    def _skill_values(cls, skill, progress):
        return {"skill_id": skill.id, "skill_level_id": cls.level[progress].id}


@tagged("post_install", "-at_install")
class TestProgrammeSkill(SkillFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls._set_up_skills()

    def test_written_in_the_form_while_published(self):
        self.assertEqual(self.programme.state, "published")
        digest = self.programme._content_digest()
        with (
            Form(self.programme.with_user(self.manager_user)) as form,
            form.skill_ids.new() as line,
        ):
            line.skill_id = self.greeting
            line.skill_level_id = self.level[75]
        line = self.programme.skill_ids
        self.assertEqual(line.skill_type_id, self.skill_type)
        self.assertEqual(line.level_progress, 75)
        self.assertEqual(self.programme._content_digest(), digest)

    def test_level_of_another_type_is_refused(self):
        other = self.env["hr.skill.type"].create(
            {
                "name": "Test other",
                "skill_ids": [Command.create({"name": "Singing"})],
                "skill_level_ids": [
                    Command.create({"name": "Solo", "level_progress": 50})
                ],
            }
        )
        with self.assertRaisesRegex(
            ValidationError, "Test programme: the level “Solo”"
        ):
            self.programme.skill_ids = [
                Command.create(
                    {
                        "skill_id": self.greeting.id,
                        "skill_type_id": self.skill_type.id,
                        "skill_level_id": other.skill_level_ids.id,
                    }
                )
            ]

    @mute_logger("odoo.sql_db")
    def test_a_skill_stands_once(self):
        self._develops(self.programme, greeting=25)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.programme.skill_ids.copy()
            self.env.flush_all()

    def test_copy_takes_the_skills_along(self):
        self._develops(self.programme, greeting=25, calling=50)
        copy = self.programme.copy()
        self.assertEqual(copy.skill_ids.skill_id, self.greeting + self.calling)
        self.assertEqual(len(self.programme.skill_ids), 2)

    def test_who_reads_and_writes(self):
        self._develops(self.programme, greeting=25)
        line = self.programme.skill_ids
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            self.assertEqual(
                line.with_user(user).read(["level_progress"])[0]["id"], line.id
            )
            for method, args in (
                ("write", [{"skill_level_id": self.level[50].id}]),
                ("unlink", []),
            ):
                with self.assertRaises(AccessError):
                    getattr(line.with_user(user), method)(*args)
        line.with_user(self.manager_user).skill_level_id = self.level[50]
        self.assertEqual(line.level_progress, 50)
        self.programme.company_id = self.company
        elsewhere = self._manager_elsewhere()
        with self.assertRaises(AccessError):
            line.with_user(elsewhere).read(["skill_id"])
        line.with_user(self.manager_user).unlink()
