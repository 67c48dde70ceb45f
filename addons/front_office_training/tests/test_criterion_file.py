import json

from odoo import Command
from odoo.tests import TransactionCase, tagged

from .common import TrainingFixture

LEVELS = {f"level_{number}": f"Level {number}" for number in range(1, 5)}


@tagged("post_install", "-at_install")
class TestCriterionFile(TrainingFixture, TransactionCase):
    """The rubric of a step travels in the file of its programme."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.programme.action_revise()
        cls.programme.step_ids[1].write(
            {
                "rubric": True,
                "pass_mark": 75,
                "criterion_ids": [
                    Command.create({"name": "Patient", "weight": 3, **LEVELS}),
                    Command.create({"name": "Cordial", "sequence": 20, **LEVELS}),
                ],
            }
        )
        cls.programme.action_publish()
        cls.File = cls.env["training.programme.file"]

    def _content(self):
        return json.loads(self.File._export(self.programme))

    def _read(self, content):
        return self.File._read(json.dumps(content).encode())

    def test_round_trip(self):
        parts, sentences = self._read(self._content())
        self.assertEqual(sentences, [])
        copy = self.File._import(parts)
        self.assertEqual(copy._content_digest(), self.programme._content_digest())
        criteria = copy.step_ids[1].criterion_ids
        self.assertEqual(criteria.mapped("name"), ["Patient", "Cordial"])
        self.assertEqual(criteria[0].level_4, "Level 4")
        self.assertEqual((criteria[0].weight, copy.step_ids[1].pass_mark), (3, 75))

    def test_bad_criteria_are_named_and_nothing_is_made(self):
        for bad in (
            "Patient",
            ["Patient"],
            [{"weight": 1}],
            [{"name": "Patient", "weight": 9}],
            [{"name": "Patient", "colour": "red"}],
            [{"name": "Patient", "level_1": 5}],
        ):
            content = self._content()
            content["steps"][1]["criteria"] = bad
            parts, sentences = self._read(content)
            self.assertIsNone(parts, bad)
            self.assertEqual(len(sentences), 1, bad)
            self.assertIn("criteria", sentences[0])

    def test_version_shows_a_changed_level(self):
        self.programme.action_revise()
        self.programme.step_ids[1].criterion_ids[0].level_1 = "Walks away"
        self.programme.action_publish()
        self.assertEqual(self.programme.version, 3)
        newest, older = self.programme.version_ids[:2]
        self.assertNotEqual(newest.content, older.content)
