from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from .common import TODAY, HiringCommon


@freeze_time(TODAY)
class TestMatchBadInput(HiringCommon):
    """Each mistake is answered with a sentence, and scores stay as they were."""

    def assertRefused(self, error, sentence, values):
        before = self.role_desk.skill_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error) as caught,
            self.env.cr.savepoint(),
        ):
            self.role_desk.skill_ids = [Command.create(values)]
            self.env.flush_all()
        message = str(caught.exception)
        if error is IntegrityError:
            # what the client is told
            model = self.env["office.role.skill"]
            message = str(model._sql_error_to_message(caught.exception))
        self.assertRegex(message, sentence)
        self.env.invalidate_all()
        self.assertEqual(self.role_desk.skill_ids, before)

    def test_level_of_another_type(self):
        other = self._create_skill_type("Other", ["Filing"])
        values = self._requirement(self.counting, 50)
        values["skill_level_id"] = other.skill_level_ids[0].id
        sentence = "does not belong to the skill “Counting”"
        self.assertRefused(ValidationError, sentence, values)

    def test_weight_of_nothing(self):
        values = {**self._requirement(self.counting, 50), "weight": 0}
        self.assertRefused(IntegrityError, "lies between 1 and 5", values)

    def test_the_same_skill_twice(self):
        values = self._requirement(self.greeting, 50)
        self.assertRefused(IntegrityError, "asks for a skill only once", values)

    def test_role_without_skills(self):
        """No score, and not 0: for everybody who is scored against it."""
        empty = self._create_role("test_empty")
        employee = self._create_employee("Clerk")
        applicant = self._create_applicant("Ada", self._create_job("Empty", empty))
        matches = self.env["office.role.match"].search([("role_id", "=", empty.id)])
        self.assertIn(employee, matches.employee_id)
        self.assertEqual(matches.applicant_id, applicant)
        self.assertEqual(set(matches.mapped("fit")), {"none"})
        self.assertFalse(any(matches.mapped("has_score")))
        ranked = matches.search([("role_id", "=", empty.id), ("has_score", "=", True)])
        self.assertFalse(ranked, "no score is not a score of 0")
        self.assertIn("asks for no skills", applicant.office_match_note)

    def test_applicant_without_a_job(self):
        applicant = self._create_applicant("Ada", None, [(self.counting, 25)])
        self.assertIn("Choose one", applicant.office_match_note)
        applicant.action_score_every_role()
        self._commit_matches()
        self.assertFalse(applicant.office_role_match_id)
        match = self.env["office.role.match"].search(
            [("applicant_id", "=", applicant.id), ("role_id", "=", self.role_till.id)]
        )
        self.assertEqual(match.score, 100)
        self.assertIn("no job position", applicant.office_match_note)

    def test_a_skill_held_twice(self):
        applicant = self._create_applicant("Ada", self.job_desk, [(self.greeting, 25)])
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self._give_applicant_skill(applicant, self.greeting, 75)
