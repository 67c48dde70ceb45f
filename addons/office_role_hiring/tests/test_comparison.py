from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException
from odoo.tools import mute_logger

from .common import HiringCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"


class ComparisonCommon(HiringCommon):
    """Ada meets everything, Bo misses the must-have, Eve works here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._create_user("compare_hr", f"hr.group_hr_user,{RECRUITER}")
        cls.recruiter = cls._create_user("compare_recruiter", RECRUITER)
        cls.interviewer = cls._create_user("compare_interviewer", INTERVIEWER)
        cls.role_desk.skill_ids.filtered(
            lambda line: line.skill_id == cls.greeting
        ).weight = 5
        cls.job_till = cls._create_job("Till clerk", cls.role_till)
        cls.ada = cls._create_applicant(
            "Ada", cls.job_desk, [(cls.greeting, 100), (cls.telephone, 50)]
        )
        cls.bo = cls._create_applicant(
            "Bo",
            cls.job_desk,
            [(cls.greeting, 50)],
            interviewer_ids=cls.interviewer.ids,
        )
        cls.cy = cls._create_applicant(
            "Cy", cls.job_till, interviewer_ids=cls.interviewer.ids
        )
        cls.eve = cls._create_employee("Eve", cls.job_till)
        cls._give_skill(cls.eve, cls.greeting, 75)
        cls._commit_matches()

    def _compare(self, *people, user=None, **values):
        comparison = self.env["office.role.comparison"].with_user(user or self.hr)
        return comparison.get_comparison(
            [[person._name, person.id] for person in people], **values
        )


class TestComparison(ComparisonCommon):
    """What the page shows."""

    def test_people_beside_each_other(self):
        result = self._compare(self.ada, self.bo)
        self.assertEqual(result["role_id"], self.role_desk.id)
        self.assertFalse(result["note"])
        ada, bo = result["people"]
        self.assertEqual((ada["name"], ada["kind"]), ("Ada", "Applicant"))
        self.assertEqual((ada["score"], ada["missed"], ada["held"]), (100, 0, 2))
        self.assertEqual((bo["score"], bo["missed"], bo["shortfall"]), (41.67, 1, 75))
        greeting, telephone = result["rows"]
        self.assertEqual(
            (greeting["skill"], greeting["must_have"], greeting["required"]),
            ("Greeting", True, 75),
        )
        self.assertFalse(telephone["must_have"])
        self.assertEqual(
            greeting["cells"][1],
            {
                "level": "Desk 50",
                "held": 50,
                "shortfall": 25,
                "missed": True,
                "points": 41.67,
            },
        )
        self.assertEqual(
            (telephone["cells"][1]["level"], telephone["cells"][1]["missed"]),
            ("", False),
        )

    def test_it_is_the_stored_score_and_adds_up(self):
        for weight in (1, 3):
            self.role_desk.skill_ids[1].weight = weight
            self._commit_matches()
            result = self._compare(self.ada, self.bo)
            for number, applicant in enumerate(self.ada + self.bo):
                match = applicant.office_role_match_id
                person = result["people"][number]
                self.assertEqual(person["score"], match.score)
                self.assertEqual(person["missed"], match.must_haves_missed)
                self.assertEqual(person["shortfall"], match.shortfall)
                parts = [row["cells"][number]["points"] for row in result["rows"]]
                self.assertAlmostEqual(sum(parts), match.score)
                lines = applicant.office_match_line_ids
                for line, row in zip(lines, result["rows"], strict=True):
                    self.assertEqual(line.skill_id.name, row["skill"])
                    self.assertAlmostEqual(line.points, row["cells"][number]["points"])

    def test_must_haves_first_then_weight(self):
        role = self._create_role(
            "test_order",
            [
                (self.counting, 25, False),
                (self.greeting, 75, True),
                (self.telephone, 50, False),
            ],
        )
        role.skill_ids.filtered(lambda line: line.skill_id == self.telephone).weight = 5
        result = self._compare(self.ada, self.bo, role_id=role.id)
        self.assertEqual(
            [row["skill"] for row in result["rows"]],
            ["Greeting", "Telephone", "Counting"],
        )

    def test_an_employee_beside_applicants(self):
        """It is about what the applicants apply for."""
        result = self._compare(self.ada, self.eve)
        self.assertEqual(result["role_id"], self.role_desk.id)
        eve = result["people"][1]
        self.assertEqual(
            (eve["kind"], eve["job"], eve["score"]), ("Employee", "Till clerk", 62.5)
        )
        stored = self.env["office.role.match"].search(
            [("employee_id", "=", self.eve.id), ("role_id", "=", self.role_desk.id)]
        )
        self.assertEqual(stored.score, eve["score"])

    def test_employees_with_one_role_in_common(self):
        both = self._create_employee("Ben", self.job_till)
        both.extra_office_role_ids = self.role_desk
        self.assertEqual(self._compare(self.eve, both)["role_id"], self.role_till.id)

    def test_people_of_different_roles_choose(self):
        result = self._compare(self.ada, self.cy)
        self.assertFalse(result["role_id"])
        self.assertIn("Ada: Test desk; Cy: Test till", result["note"])
        self.assertEqual(result["rows"], [])
        self.assertIn(self.role_till.id, [role["id"] for role in result["roles"]])
        chosen = self._compare(self.ada, self.cy, role_id=self.role_till.id)
        self.assertEqual(chosen["role_id"], self.role_till.id)
        self.assertEqual(len(chosen["rows"]), 1)

    def test_somebody_without_a_role_does_not_matter(self):
        talent = self._create_applicant("Talent", skills=[(self.telephone, 50)])
        result = self._compare(self.ada, talent)
        self.assertEqual(result["role_id"], self.role_desk.id)
        self.assertEqual(result["people"][1]["score"], 37.5)
        note = self._compare(talent, self._create_applicant("Other"))["note"]
        self.assertIn("Talent: no role", note)

    def test_a_role_without_skills(self):
        empty = self._create_role("test_empty")
        result = self._compare(self.ada, self.bo, role_id=empty.id)
        self.assertIn("Test empty asks for no skills", result["note"])
        self.assertEqual(result["rows"], [])

    def test_an_earlier_version(self):
        self.role_desk.action_begin_version()
        self.role_desk.skill_ids.filtered("must_have").skill_level_id = self.level[100]
        self._commit_matches()
        version = self.ada.office_role_version_id
        now = self._compare(self.bo, self.eve)
        self.assertEqual((now["version_id"], now["version_number"]), (False, 2))
        self.assertEqual(now["versions"][0]["id"], version.id)
        self.assertEqual(now["people"][0]["version"], 1)
        self.assertEqual(now["people"][0]["score"], 31.25)
        then = self._compare(self.bo, self.eve, version_id=version.id)
        self.assertEqual((then["version_id"], then["version_number"]), (version.id, 1))
        self.assertEqual(then["people"][0]["score"], self.bo.office_role_match_id.score)
        # a version of another role says nothing about this one
        other = self._compare(
            self.bo, self.eve, role_id=self.role_till.id, version_id=version.id
        )
        self.assertFalse(other["version_id"])

    def test_the_degree_stands_beside_the_score(self):
        bachelor, master = self.env["hr.recruitment.degree"].create(
            [{"name": "Test B", "score": 0.5}, {"name": "Test M", "score": 0.9}]
        )
        self.job_desk.expected_degree = bachelor
        self.ada.type_id = master
        self._commit_matches()
        people = self._compare(self.ada, self.bo, self.eve)["people"]
        self.assertEqual(
            [person["degree"] for person in people], ["met", "missed", "none"]
        )
        self.assertEqual(people[0]["score"], 100)

    def test_a_skill_that_has_ended_does_not_count(self):
        self._give_applicant_skill(
            self.bo,
            self.telephone,
            50,
            valid_from=date(2020, 1, 1),
            valid_to=date(2020, 12, 31),
        )
        with freeze_time("2020-06-01"):
            before = self._compare(self.ada, self.bo)["rows"][1]["cells"][1]
        after = self._compare(self.ada, self.bo)["rows"][1]["cells"][1]
        self.assertEqual((before["held"], after["held"]), (50, 0))

    def test_queries_do_not_grow_with_people(self):
        more = [self._create_applicant(name, self.job_desk) for name in "XYZ"]

        def count(*people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._compare(*people)
            return self.env.cr.sql_log_count - before

        count(self.ada, self.bo)
        few = count(self.ada, self.bo)
        self.assertLessEqual(count(self.ada, self.bo, *more), few + 2)


class TestComparisonOpening(ComparisonCommon):
    """From the ranking, from the applicants and from the employees."""

    def test_from_the_ranking(self):
        matches = (self.ada + self.bo).office_role_match_id
        action = matches.with_user(self.recruiter).action_compare()
        self.assertEqual(action["tag"], "office_role_hiring.comparison")
        self.assertEqual(action["params"]["role_id"], self.role_desk.id)
        self.assertEqual(
            sorted(action["params"]["people"]),
            [["hr.applicant", self.ada.id], ["hr.applicant", self.bo.id]],
        )

    def test_from_a_ranking_of_several_roles(self):
        matches = (self.ada + self.cy).office_role_match_id
        self.assertFalse(matches.action_compare()["params"]["role_id"])

    def test_an_employee_of_the_ranking(self):
        matches = self.ada.office_role_match_id + self.env["office.role.match"].search(
            [("employee_id", "=", self.eve.id), ("role_id", "=", self.role_desk.id)]
        )
        people = matches.with_user(self.hr).action_compare()["params"]["people"]
        self.assertIn(["hr.employee", self.eve.id], people)

    def test_from_the_lists(self):
        action = (self.ada + self.bo).action_compare_for_role()
        self.assertEqual(len(action["params"]["people"]), 2)
        ben = self._create_employee("Ben")
        server_action = self.env.ref("office_role_hiring.hr_employee_action_compare")
        action = (
            server_action.with_user(self.hr)
            .with_context(active_model="hr.employee", active_ids=[self.eve.id, ben.id])
            .run()
        )
        self.assertEqual(action["params"]["people"][0][0], "hr.employee")

    def test_one_or_six_are_refused(self):
        with self.assertRaisesRegex(UserError, "two to five people to compare: 1"):
            self.ada.action_compare_for_role()
        with self.assertRaisesRegex(UserError, "two to five people to compare: 1"):
            self._compare(self.ada, self.ada)
        six = [
            self._create_applicant(str(number), self.job_desk) for number in range(6)
        ]
        applicants = self.env["hr.applicant"].union(*six)
        with self.assertRaisesRegex(UserError, "6 people are too many"):
            applicants.action_compare_for_role()
        with self.assertRaisesRegex(UserError, "6 people are too many"):
            self._compare(*six)
        with self.assertRaisesRegex(UserError, "6 people are too many"):
            applicants.office_role_match_id.action_compare()

    def test_the_same_person_twice_is_one(self):
        """Somebody stands in the ranking once for each role."""
        matches = self.env["office.role.match"].search(
            [("employee_id", "=", self.eve.id)], limit=2
        )
        self.assertEqual(len(matches), 2)
        with self.assertRaisesRegex(UserError, "two to five people to compare: 1"):
            matches.action_compare()


class TestComparisonAccess(ComparisonCommon, HttpCase):
    """Nobody is compared by whom may not see them."""

    def test_an_interviewer_compares_own_candidates(self):
        result = self._compare(
            self.bo, self.cy, user=self.interviewer, role_id=self.role_desk.id
        )
        self.assertEqual([each["name"] for each in result["people"]], ["Bo", "Cy"])
        with self.assertRaises(AccessError):
            self._compare(self.ada, self.bo, user=self.interviewer)

    def test_employees_are_for_hr(self):
        for user in (self.recruiter, self.interviewer):
            with self.assertRaisesRegex(AccessError, "for HR officers"):
                self._compare(self.bo, self.eve, user=user)
        officer = self._create_user("compare_officer", "hr.group_hr_user")
        ben = self._create_employee("Ben")
        result = self._compare(self.eve, ben, user=officer, role_id=self.role_desk.id)
        self.assertEqual(len(result["people"]), 2)
        with self.assertRaises(AccessError):
            self._compare(self.bo, self.eve, user=officer)

    def test_hr_searches_employees_beside_applicants(self):
        """An HR officer without Recruitment: the filter of the ranking works."""
        officer = self._create_user("compare_officer", "hr.group_hr_user")
        matches = self.env["office.role.match"].with_user(officer)
        domain = [("role_id", "=", self.role_desk.id)]
        found = matches.search(
            [
                *domain,
                "|",
                ("employee_id", "!=", False),
                ("applicant_id.active", "=", True),
            ]
        )
        self.assertIn(self.eve, found.employee_id)
        self.assertFalse(found.sudo().applicant_id)
        self.assertFalse(
            matches.search([*domain, ("applicant_id.partner_name", "=", "Ada")])
        )

    def test_another_company_is_refused(self):
        abroad = self._create_user(
            "compare_abroad", f"hr.group_hr_user,{RECRUITER}", self.other_company
        )
        self.ada.company_id = self.bo.company_id = self.company
        ben = self._create_employee("Ben")
        for people in ((self.ada, self.bo), (self.eve, ben)):
            with self.assertRaises(AccessError):
                self._compare(*people, user=abroad)
        foreign = self._create_role(
            "test_foreign",
            [(self.greeting, 75, True)],
            company_id=self.other_company.id,
        )
        with self.assertRaises(AccessError):
            self._compare(self.ada, self.bo, role_id=foreign.id)
        self.assertNotIn(
            foreign.id,
            [role["id"] for role in self._compare(self.ada, self.bo)["roles"]],
        )

    def test_a_plain_employee_is_refused(self):
        plain = self._create_user("compare_plain")
        ben = self._create_employee("Ben", user_id=plain.id)
        for people in ((self.ada, self.bo), (self.eve, ben)):
            with self.assertRaises(AccessError):
                self._compare(*people, user=plain)

    def test_nothing_but_people_is_read(self):
        with self.assertRaisesRegex(UserError, "Only applicants and employees"):
            self._compare(self.env.user, self.env.user.partner_id)

    def test_over_rpc(self):
        people = [["hr.applicant", self.ada.id], ["hr.applicant", self.bo.id]]

        def call(login):
            self.authenticate(login, login)
            return self.make_jsonrpc_request(
                "/web/dataset/call_kw/office.role.comparison/get_comparison",
                {
                    "model": "office.role.comparison",
                    "method": "get_comparison",
                    "args": [people],
                    "kwargs": {},
                },
            )

        self.assertEqual(call("compare_recruiter")["people"][0]["score"], 100)
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "AccessError"),
        ):
            call("compare_interviewer")
