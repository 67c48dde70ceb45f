import random
import re

from freezegun import freeze_time

from odoo.tools import SQL

from odoo.addons.office_role.tests.common import TOMORROW, YESTERDAY
from odoo.addons.office_role_hiring import match_score

from .common import TODAY, HiringCommon


@freeze_time(TODAY)
class TestMatch(HiringCommon):
    def test_score_with_its_reasons(self):
        applicant = self._create_applicant(
            "Ada", self.job_desk, [(self.greeting, 50), (self.telephone, 100)]
        )
        match = applicant.office_role_match_id
        self.assertEqual(match.role_id, self.role_desk)
        self.assertEqual(match.company_id, self.company)
        self.assertAlmostEqual(match.score, 83.33)
        self.assertEqual(match.must_haves_missed, 1)
        self.assertEqual(match.shortfall, 25)
        self.assertEqual((match.skills_held, match.skills_required), (1, 2))
        self.assertEqual(match.fit, "missed")
        greeting, telephone = applicant.office_match_line_ids
        self.assertEqual(greeting.skill_id, self.greeting)
        self.assertTrue(greeting.must_have_missed)
        self.assertEqual((greeting.required_progress, greeting.shortfall), (75, 25))
        self.assertAlmostEqual(greeting.points, 33.33)
        self.assertFalse(telephone.must_have_missed)
        self.assertEqual(telephone.shortfall, 0)
        self.assertAlmostEqual(telephone.points, 50)

    def test_fit(self):
        for skills, fit in (
            ([(self.greeting, 75), (self.telephone, 50)], "full"),
            ([(self.greeting, 75), (self.telephone, 25)], "partial"),
            ([(self.telephone, 50)], "missed"),
        ):
            with self.subTest(fit=fit):
                applicant = self._create_applicant("Fit", self.job_desk, skills)
                self.assertEqual(applicant.office_match_fit, fit)

    def test_more_than_required_hides_nothing(self):
        applicant = self._create_applicant(
            "Strong", self.job_desk, [(self.telephone, 100), (self.juggling, 100)]
        )
        self.assertAlmostEqual(applicant.office_match_score, 50)
        self.assertEqual(applicant.office_match_missed, 1)

    def test_only_skills_valid_today_count(self):
        for values, score in (
            ({"valid_to": YESTERDAY}, 0),
            ({"valid_to": TODAY}, 50),
            ({"valid_from": TODAY}, 50),
            ({"valid_from": TOMORROW}, 0),
        ):
            with self.subTest(values=values):
                applicant = self._create_applicant("Dated", self.job_desk)
                self._give_applicant_skill(applicant, self.greeting, 75, **values)
                self._commit_matches()
                self.assertAlmostEqual(applicant.office_match_score, score)
                line = applicant.office_match_line_ids[:1]
                self.assertEqual(line.current_progress, 75 if score else 0)

    def test_sql_agrees_with_the_arithmetic(self):
        rng = random.Random(6)
        skills = (self.greeting, self.telephone, self.counting, self.juggling)
        role = self._create_role(
            "test_all", [(s, rng.choice((25, 50, 75, 100)), False) for s in skills]
        )
        for requirement in role.skill_ids:
            requirement.write(
                {"weight": rng.randint(1, 5), "must_have": rng.random() < 0.5}
            )
        job = self._create_job("All", role)
        for number in range(8):
            held = {s: rng.choice((25, 50, 75, 100)) for s in skills}
            held = {s: p for s, p in held.items() if rng.random() < 0.7}
            applicant = self._create_applicant(f"A{number}", job, held.items())
            lines = [
                match_score.Requirement(
                    line.required_progress,
                    held.get(line.skill_id, 0),
                    line.weight,
                    line.must_have,
                )
                for line in applicant.office_match_line_ids
            ]
            self.assertEqual(len(lines), 4)
            match = applicant.office_role_match_id
            self.assertAlmostEqual(
                match.score,
                float(match_score.two_decimals(match_score.score(lines))),
                places=2,
            )
            self.assertEqual(
                match.must_haves_missed, match_score.must_haves_missed(lines)
            )
            self.assertEqual(match.shortfall, sum(line.shortfall for line in lines))
            points = applicant.office_match_line_ids.mapped("points")
            self.assertAlmostEqual(sum(points), match.score, places=2)
            for point, part in zip(points, match_score.parts(lines), strict=True):
                self.assertAlmostEqual(point, float(part), places=2)

    def test_no_score_says_why(self):
        empty = self._create_role("test_empty")
        archived = self._create_role(
            "test_archived", [(self.counting, 25, False)], active=False
        )
        for job, words in (
            (None, "no job position"),
            (self._create_job("Free"), "has no role"),
            (self._create_job("Archived", archived), "is archived"),
            (self._create_job("Empty", empty), "asks for no skills"),
        ):
            with self.subTest(words):
                applicant = self._create_applicant("Nobody", job)
                self.assertFalse(applicant.office_match_has_score)
                self.assertIn(words, applicant.office_match_note)
        applicant = self._create_applicant("Scored", self.job_desk)
        self.assertTrue(applicant.office_match_has_score, "0 is a score")
        self.assertEqual(applicant.office_match_score, 0)
        self.assertFalse(applicant.office_match_note)

    def test_search_sort_and_group(self):
        good = self._create_applicant(
            "Good", self.job_desk, [(self.greeting, 75), (self.telephone, 50)]
        )
        weak = self._create_applicant("Weak", self.job_desk, [(self.telephone, 50)])
        none = self._create_applicant("None")
        everybody = good + weak + none
        applicants = self.env["hr.applicant"]
        domain = [("id", "in", everybody.ids)]
        found = applicants.search(domain + [("office_match_score", ">=", 60)])
        self.assertEqual(found, good)
        found = applicants.search(domain + [("office_match_fit", "=", "missed")])
        self.assertEqual(found, weak)
        for order in ("office_match_score desc", "office_match_score desc, id"):
            self.assertEqual(applicants.search(domain, order=order), good + weak + none)
        groups = applicants._read_group(domain, ["office_match_fit"], ["__count"])
        self.assertEqual(dict(groups), {"full": 1, "missed": 1, False: 1})
        matches = self.env["office.role.match"].search(
            [("applicant_id", "in", everybody.ids)]
        )
        self.assertEqual(matches.applicant_id, good + weak)
        self.assertEqual(matches[0].applicant_id, good)

    def test_only_skills_are_read(self):
        """No column that says who somebody is stands in the statement."""
        match = self.env["office.role.match"]
        line = self.env["office.role.match.line"]
        forbidden = {
            name
            for model in ("hr.applicant", "hr.candidate", "res.partner", "hr.employee")
            if model in self.env
            for name in self.env[model]._fields
            if re.search(
                r"name|birth|age$|sex|gender|country|national|image|photo|marital"
                r"|children|email|phone|place|disab|religion",
                name,
            )
        }
        self.assertIn("partner_name", forbidden)
        for statement in (
            match._get_refresh_statement("applicant", SQL("TRUE")),
            match._get_refresh_statement("employee", SQL("TRUE")),
            line._table_query,
        ):
            words = set(re.findall(r"\w+", statement.code))
            self.assertIn("level_progress", words)
            # `place` numbers the lines of the sum
            self.assertFalse(words & (forbidden - {"place"}))
            tables = {
                word for word in words if word.startswith(("hr_", "res_", "office_"))
            }
            self.assertLessEqual(
                tables,
                {
                    "hr_applicant",
                    "hr_applicant_skill",
                    "hr_job",
                    "hr_skill_level",
                    "hr_recruitment_degree",
                    *("hr_employee", "hr_employee_skill", "hr_version"),
                    "hr_version_office_role_rel",
                    # of whom: in a talent pool, or asked to be scored more widely
                    *("office_in_pool", "office_every_role"),
                    *("office_role_version", "office_role_version_skill"),
                    "office_role_version_id",
                    "office_role",
                    "office_role_skill",
                    "office_role_match",
                    "office_role_id",
                    "office_role_match_id",
                },
            )

    def test_buttons(self):
        applicant = self._create_applicant("Ada", self.job_desk)
        self.job_desk.invalidate_recordset()
        self.assertEqual(self.job_desk.office_match_count, 1)
        for record in (self.job_desk, self.role_desk):
            action = record.action_view_office_ranking()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertIn(applicant, found.applicant_id)
            self.assertEqual(record.office_match_count, len(found))
        action = applicant.office_role_match_id.action_open_applicant()
        self.assertEqual(action["res_id"], applicant.id)
