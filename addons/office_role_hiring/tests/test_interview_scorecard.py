from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import TODAY
from .common_interview import InterviewCommon


class TestInterviewScorecard(InterviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.interview = cls._create_round(opened=True)
        cls.card = cls._card(cls.interview, cls.ivy)

    def test_extremes_need_a_note(self):
        line = self.card.line_ids[0]
        line.rating = 3
        for rating in (1, 4):
            with self.assertRaisesRegex(ValidationError, "Greeting: a rating of"):
                line.write({"rating": rating, "note": "  "})
            line.write({"rating": rating, "note": "Did not greet anybody"})
            with self.assertRaisesRegex(ValidationError, "needs a note"):
                line.note = False
        line.write({"rating": 2, "note": False})

    def test_submitting_takes_everything(self):
        with self.assertRaisesRegex(UserError, "rate these skills first: Greeting"):
            self.card.action_submit()
        self.card.line_ids.rating = 3
        with self.assertRaisesRegex(UserError, "choose what you recommend"):
            self.card.action_submit()
        self.card.recommendation = "no"
        self.card.action_submit()
        self.assertEqual(self.card.state, "submitted")
        self.assertTrue(self.card.submitted_on)

    def test_locked_by_every_route(self):
        card = self._submit(self.interview, self.ivy)
        line = card.line_ids[0]
        xml_id = line.sudo().export_data(["id"])["datas"][0][0]
        for act in (
            lambda: card.write({"summary": "Changed"}),
            lambda: card.write({"line_ids": [Command.update(line.id, {"rating": 2})]}),
            lambda: line.write({"rating": 2}),
            lambda: line.web_save({"note": "Changed"}, {"note": {}}),
            card.action_submit,
            lambda: card.sudo().write({"recommendation": "no"}),
            lambda: card.sudo().unlink(),
            lambda: line.sudo().write({"rating": 2}),
            lambda: line.sudo().unlink(),
        ):
            with self.assertRaisesRegex(UserError, "never changed again"):
                act()
        for act in (
            card.unlink,
            line.unlink,
            lambda: card.write({"line_ids": [Command.delete(line.id)]}),
            lambda: self.interview.with_user(self.ivy).write({"name": "Mine"}),
        ):
            with self.assertRaises(UserError):
                act()
        result = line.load(["id", "rating"], [[xml_id, "2"]])
        self.assertFalse(result["ids"])
        self.assertIn("never changed again", result["messages"][0]["message"])
        self.assertEqual(line.rating, 3)
        with self.assertRaisesRegex(UserError, "begun or submitted"):
            self.interview.unlink()

    def test_only_ratings_and_words_are_written(self):
        line = self.card.line_ids[0]
        for act in (
            lambda: self.card.write({"state": "submitted"}),
            lambda: self.card.write({"interviewer_id": self.ian.id}),
            lambda: self.card.write({"submitted_on": "2026-01-01"}),
            lambda: line.write({"scorecard_id": self.card.id}),
            lambda: line.write({"skill_id": self.juggling.id}),
            lambda: self.card.copy(),
            lambda: self.card.write(
                {"line_ids": [Command.create({"round_line_id": line.round_line_id.id})]}
            ),
            self.card.unlink,
        ):
            with self.assertRaises(AccessError):
                act()

    def test_nobody_fills_in_for_somebody_else(self):
        for user in (self.ian, self.rob, self.boss, self.otto, self.emma, self.abe):
            card = self.card.with_user(user)
            with self.subTest(user.login):
                self.env.invalidate_all()
                for act in (
                    lambda card=card: card.write({"recommendation": "no"}),
                    lambda card=card: card.line_ids.write({"rating": 2}),
                    card.action_submit,
                ):
                    with self.assertRaises(AccessError):
                        act()
        with self.assertRaisesRegex(AccessError, "only the interviewer"):
            self.card.sudo().with_user(self.rob).sudo().action_submit()

    def test_anonymising_empties_words_only(self):
        card = self._submit(self.interview, self.ivy, rating=4).sudo()
        card.write({"summary": False})
        card.line_ids.write({"note": False})
        self.assertFalse(card.line_ids[0].note)
        self.assertEqual(card.line_ids[0].rating, 4)
        with self.assertRaisesRegex(UserError, "never changed again"):
            card.line_ids.write({"note": "Other words"})

    def test_consolidated(self):
        self._submit(self.interview, self.ivy, rating=4, note="Sang at the door")
        ada = self.ada.with_user(self.rob)
        self.assertIn("1</span> of <span>2", ada.interview_summary)
        self._submit(self.interview, self.ian, rating=2, recommendation="strong_no")
        html = str(ada.interview_summary)
        for words in ("Sang at the door", "talk about it", "3.0", "certainly", "Ivy"):
            self.assertIn(words, html)
        self.assertLess(html.index("Greeting"), html.index("Telephone"))
        self.assertNotIn("are not submitted", html)
        rows = ada._get_interview_skills(ada._get_interview_scorecards())
        self.assertTrue(rows[0]["disagree"])
        self.assertEqual((rows[0]["spread"], rows[1]["spread"]), (2, 0))

    def test_many_summaries_take_few_queries(self):
        applicants = [
            self._create_applicant(f"A{number}", self.job_desk) for number in range(6)
        ]
        for applicant in applicants:
            interview = self._create_round(applicant=applicant, opened=True)
            self._submit(interview, self.ivy)

        def count(number):
            self.env.invalidate_all()
            records = self.ada.browse([each.id for each in applicants[:number]])
            before = self.env.cr.sql_log_count
            records.with_user(self.rob).mapped("interview_summary")
            return self.env.cr.sql_log_count - before

        count(6)
        self.assertLessEqual(count(6), count(2) + 2)

    @freeze_time(TODAY)
    def test_ratings_become_skills_when_the_recruiter_says_so(self):
        held = self._give_applicant_skill(self.ada, self.greeting, 25)
        ada = self.ada.with_user(self.rob)
        with self.assertRaisesRegex(UserError, "no ratings to take over"):
            ada.action_rate_skills()
        self._submit(self.interview, self.ivy, rating=4)
        self._submit(self.interview, self.ian, rating=3)
        self.assertEqual(ada.applicant_skill_ids, held, "nothing by itself")
        before = ada.office_match_score
        wizard = self.env["interview.take.over"].with_user(self.rob)
        wizard = wizard.browse(ada.action_rate_skills()["res_id"])
        greeting, telephone = wizard.line_ids
        self.assertEqual(greeting.skill_level_id, self.level[75], "3.5 goes down")
        self.assertEqual(greeting.current_level_id, self.level[25])
        self.assertTrue(greeting.take_over)
        # whoever comes first in the plan asks about it
        self.assertEqual(telephone.skill_level_id, self.level[100])
        telephone.skill_level_id = False
        with self.assertRaisesRegex(UserError, "Telephone: choose the level"):
            wizard.action_confirm()
        telephone.skill_level_id = self.level[50]
        wizard.action_confirm()
        current = {
            skill.skill_id: skill.skill_level_id
            for skill in ada.current_applicant_skill_ids
        }
        self.assertEqual(current[self.greeting], self.level[75])
        self.assertEqual(current[self.telephone], self.level[50])
        self.assertTrue(held.exists().valid_to, "what was before is kept")
        self.assertGreater(ada.office_match_score, before)
        self.assertAlmostEqual(ada.office_match_score, 100)

    def test_what_is_not_ticked_stays(self):
        self._submit(self.interview, self.ivy)
        ada = self.ada.with_user(self.rob)
        wizard = self.env["interview.take.over"].with_user(self.rob)
        wizard = wizard.browse(ada.action_rate_skills()["res_id"])
        wizard.line_ids.take_over = False
        wizard.action_confirm()
        self.assertFalse(ada.applicant_skill_ids)

    def test_what_is_ticked_at_first(self):
        self._give_applicant_skill(self.ada, self.telephone, 75)
        self._submit(self.interview, self.ivy, rating=3)
        ada = self.ada.with_user(self.rob)
        wizards = self.env["interview.take.over"].with_user(self.rob)
        wizard = wizards.browse(ada.action_rate_skills()["res_id"])
        self.assertEqual(wizard.line_ids.mapped("take_over"), [True, False], "no news")
        self._submit(self.interview, self.ian, rating=1)
        wizard = wizards.browse(ada.action_rate_skills()["res_id"])
        self.assertFalse(wizard.line_ids[0].take_over, "in dispute")

    def test_nothing_shown_is_no_level(self):
        self._submit(self.interview, self.ivy, rating=1)
        ada = self.ada.with_user(self.rob)
        wizards = self.env["interview.take.over"].with_user(self.rob)
        wizard = wizards.browse(ada.action_rate_skills()["res_id"])
        self.assertFalse(any(wizard.line_ids.mapped("take_over")))
        self._give_applicant_skill(self.ada, self.greeting, 75)
        wizard = wizards.browse(ada.action_rate_skills()["res_id"])
        self.assertTrue(wizard.line_ids[0].take_over, "somebody thought more")

    def test_means_keep_their_decimals(self):
        self._submit(self.interview, self.ivy, rating=4)
        self._submit(self.interview, self.ian, rating=3)
        lines = self.env["interview.scorecard.line"].with_user(self.rob)
        domain = [("applicant_id", "=", self.ada.id)]
        groups = dict(lines._read_group(domain, ["skill_id"], ["mean_rating:avg"]))
        self.assertEqual(groups[self.greeting], 3.5)

    def test_only_a_recruiter_takes_over(self):
        self._submit(self.interview, self.ivy)
        with self.assertRaisesRegex(AccessError, "Only a recruiter"):
            self.ada.with_user(self.ivy).action_rate_skills()
        wizard = self.env["interview.take.over"].with_user(self.rob)
        wizard = wizard.browse(
            self.ada.with_user(self.rob).action_rate_skills()["res_id"]
        )
        for user in (self.ivy, self.rita):
            with self.assertRaises(AccessError):
                wizard.with_user(user).read(["line_ids"])

    def test_a_skill_without_levels(self):
        skill_type = self.env["hr.skill.type"].new({"name": "Flat"})
        skill = self.env["hr.skill"].new({"name": "X", "skill_type_id": skill_type})
        level = self.ada._get_rated_level({"skill": skill, "mean": 3})
        self.assertFalse(level)
