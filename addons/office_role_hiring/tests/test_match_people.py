import random
from fractions import Fraction

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from odoo.addons.office_role.tests.common import TOMORROW
from odoo.addons.office_role_hiring import match_score
from odoo.addons.office_role_hiring.models.refresh import office_role_match

from .common import TODAY, HiringCommon


class PeopleCommon(HiringCommon):
    """A clerk at the desk who greets, and can count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.clerk = cls._create_employee("Clerk", cls.job_desk)
            cls._give_skill(cls.clerk, cls.greeting, 75)
            cls._give_skill(cls.clerk, cls.counting, 25)
            cls._commit_matches()

    def _match(self, person, role):
        """Return the match of a person with a role, as it is at the commit."""
        self._commit_matches()
        field = "employee_id" if person._name == "hr.employee" else "applicant_id"
        return self.env["office.role.match"].search(
            [(field, "=", person.id), ("role_id", "=", role.id)]
        )

    def _roles(self, person):
        """Return those of the two test roles that the person is scored against."""
        roles = self.role_desk + self.role_till
        return roles.filtered(lambda role: self._match(person, role))


@freeze_time(TODAY)
class TestMatchEmployee(PeopleCommon):
    def test_every_role_of_the_company(self):
        held = self._match(self.clerk, self.role_desk)
        self.assertAlmostEqual(held.score, 50)
        self.assertTrue(held.for_job)
        self.assertEqual((held.kind, held.fit), ("employee", "partial"))
        self.assertEqual(held.company_id, self.company)
        self.assertEqual(held.job_id, self.job_desk)
        till = self._match(self.clerk, self.role_till)
        self.assertEqual((till.score, till.fit), (100, "full"))
        self.assertFalse(till.for_job)
        self.assertEqual(till.display_name, "Clerk")
        found = self.env["office.role.match"].name_search("Clerk")
        self.assertIn((till.id, "Clerk"), found)
        foreign = self._create_role("test_abroad", company_id=self.other_company.id)
        self.assertFalse(self._match(self.clerk, foreign))
        foreign.company_id = self.company
        self.assertFalse(self._match(self.clerk, foreign).has_score, "nothing is asked")

    def test_skills(self):
        skill = self._give_skill(self.clerk, self.telephone, 50)
        self.assertEqual(self._match(self.clerk, self.role_desk).score, 100)
        skill.skill_level_id = self.level[25]
        self.assertEqual(self._match(self.clerk, self.role_desk).score, 75)
        other = self._create_employee("Other")
        skill.employee_id = other
        self.assertEqual(self._match(self.clerk, self.role_desk).score, 50)
        self.assertEqual(self._match(other, self.role_desk).score, 25)
        skill.unlink()
        self.assertEqual(self._match(other, self.role_desk).score, 0)

    def test_a_skill_that_begins_tomorrow(self):
        self._give_skill(self.clerk, self.telephone, 50, valid_from=TOMORROW)
        self.assertEqual(self._match(self.clerk, self.role_desk).score, 50)
        cron = self.env.ref("office_role_hiring.ir_cron_office_role_match")
        with freeze_time(TOMORROW), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._match(self.clerk, self.role_desk).score, 100)

    def test_job_and_extra_roles(self):
        self.clerk.job_id = self._create_job("Till", self.role_till)
        self.assertFalse(self._match(self.clerk, self.role_desk).for_job)
        till = self._match(self.clerk, self.role_till)
        self.assertTrue(till.for_job)
        self.assertEqual(till.job_id, self.clerk.job_id)
        self.clerk.extra_office_role_ids = self.role_desk
        self.assertTrue(self._match(self.clerk, self.role_desk).for_job)
        self.clerk.job_id.office_role_id = False
        self.assertFalse(self._match(self.clerk, self.role_till).for_job)
        department = self.env["hr.department"].create({"name": "Desk"})
        self.clerk.department_id = department
        self.assertEqual(
            self._match(self.clerk, self.role_desk).department_id, department
        )

    def test_a_version_that_begins_tomorrow(self):
        till = self._create_job("Till", self.role_till)
        self.clerk.create_version({"date_version": TOMORROW, "job_id": till.id})
        self.assertTrue(self._match(self.clerk, self.role_desk).for_job)
        with freeze_time(TOMORROW):
            self.clerk._cron_update_current_version_id()
            self.assertFalse(self._match(self.clerk, self.role_desk).for_job)
            self.assertTrue(self._match(self.clerk, self.role_till).for_job)

    def test_archived_and_deleted(self):
        self.clerk.active = False
        self.assertFalse(self._roles(self.clerk))
        self.clerk.active = True
        self.assertEqual(self._roles(self.clerk), self.role_desk + self.role_till)
        self.role_till.active = False
        self.assertEqual(self._roles(self.clerk), self.role_desk)
        self.job_desk.unlink()
        match = self._match(self.clerk, self.role_desk)
        self.assertFalse(match.for_job)
        self.assertFalse(match.job_id)

    def test_company(self):
        foreign = self._create_role("test_abroad", company_id=self.other_company.id)
        employee = self._create_employee("Abroad", company_id=self.other_company.id)
        match = self._match(employee, foreign)
        self.assertEqual(match.company_id, self.other_company)

    def test_requirements(self):
        self.role_till.skill_ids.skill_level_id = self.level[50]
        self.assertEqual(self._match(self.clerk, self.role_till).score, 50)

    def test_lines_add_up(self):
        match = self._match(self.clerk, self.role_desk)
        lines = self.env["office.role.match.line"].search([("match_id", "=", match.id)])
        self.assertEqual(lines.skill_id, self.greeting + self.telephone)
        self.assertEqual(lines.employee_id, self.clerk)
        self.assertEqual(lines.mapped("current_progress"), [75, 0])
        self.assertAlmostEqual(sum(lines.mapped("points")), match.score)

    def test_buttons(self):
        other = self.env["office.role.match"].search(
            [
                ("employee_id", "=", self.clerk.id),
                ("for_job", "=", False),
                ("must_haves_missed", "=", 0),
                ("has_score", "=", True),
            ]
        )
        self.assertIn(self.role_till, other.role_id)
        self.assertEqual(self.clerk.office_fit_role_count, len(other))
        action = self.clerk.action_view_office_best_roles()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertLessEqual(self.role_desk + self.role_till, found.role_id)
        self.assertEqual(found.employee_id, self.clerk)
        action = found[0].action_open_applicant()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("hr.employee", self.clerk.id)
        )


@freeze_time(TODAY)
class TestMatchEveryRole(PeopleCommon):
    def setUp(self):
        super().setUp()
        self.ada = self._create_applicant("Ada", self.job_desk, [(self.counting, 25)])

    def test_on_demand_and_back(self):
        self.assertEqual(self._roles(self.ada), self.role_desk)
        action = self.ada.action_score_every_role()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertLessEqual(self.role_desk + self.role_till, found.role_id)
        self.assertEqual(found[0].role_id, self.role_till, "the best comes first")
        self.assertEqual(found[0].kind, "applicant")
        self.assertEqual(self.ada.office_role_id, self.role_desk, "the job's is kept")
        self.assertEqual(self.ada.office_match_line_ids.role_id, self.role_desk)
        self._give_applicant_skill(self.ada, self.juggling, 25)
        self.role_till.skill_ids.skill_level_id = self.level[50]
        self.assertEqual(self._match(self.ada, self.role_till).score, 50, "it follows")
        self.ada.action_score_job_only()
        self.assertEqual(self._roles(self.ada), self.role_desk)

    def test_several_at_once(self):
        bo = self._create_applicant("Bo")
        action = (self.ada + bo).action_score_every_role()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.applicant_id, self.ada + bo)
        self.assertFalse(self._match(bo, self.role_desk).for_job)
        self.assertFalse(bo.office_role_match_id)

    def test_another_job(self):
        self.ada.action_score_every_role()
        desk = self._match(self.ada, self.role_desk)
        till = self._match(self.ada, self.role_till)
        self.ada.job_id = self._create_job("Till", self.role_till)
        self.assertEqual(self.ada.office_role_match_id, till, "the row was there")
        self.assertFalse(desk.for_job)
        self.ada.job_id = False
        self.assertFalse(self.ada.office_role_match_id)
        self.assertTrue(till.exists())
        self.assertFalse(till.for_job)

    def test_archived_keeps_the_match_of_the_job(self):
        self.ada.action_score_every_role()
        self.ada.active = False
        self.assertEqual(self._roles(self.ada), self.role_desk)
        self.ada.active = True
        self.assertEqual(self._roles(self.ada), self.role_desk + self.role_till)

    def test_talent_pool(self):
        pool = self.env["hr.talent.pool"].create({"name": "Silver"})
        talent = self._create_applicant("Talent")
        self.assertFalse(self._roles(talent))
        talent.talent_pool_ids = pool
        self.assertEqual(self._roles(talent), self.role_desk + self.role_till)
        self.assertEqual(self._match(talent, self.role_till).kind, "talent")
        pool.talent_ids = [Command.unlink(talent.id)]
        self.assertFalse(self._roles(talent))

    def test_find_people(self):
        foreign = self._create_applicant("Cy", company_id=self.other_company.id)
        own = self._create_role(
            "test_own", [(self.counting, 50, True)], company_id=self.company.id
        )
        action = own.action_find_people()
        self._commit_matches()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(self.ada, found.applicant_id)
        self.assertIn(self.clerk, found.employee_id)
        self.assertNotIn(foreign, found.applicant_id)
        self.assertEqual(self._match(self.ada, own).fit, "missed")
        late = self._create_applicant("Late", company_id=self.company.id)
        self.assertTrue(self._match(late, own), "who applies later, too")
        own.action_stop_finding_people()
        self.assertFalse(self._match(self.ada, own))
        self.assertTrue(self._match(self.clerk, own), "employees stay")

    def test_who_may_find_people(self):
        recruiter = self._create_user(
            "find_recruiter", "hr_recruitment.group_hr_recruitment_user"
        )
        interviewer = self._create_user(
            "find_interviewer", "hr_recruitment.group_hr_recruitment_interviewer"
        )
        with self.assertRaisesRegex(AccessError, "Only recruitment officers"):
            self.role_till.with_user(interviewer).action_find_people()
        with self.assertRaises(AccessError):
            self.ada.with_user(interviewer).action_score_every_role()
        self.role_till.with_user(recruiter).action_find_people()
        self.assertTrue(self._match(self.ada, self.role_till))
        with self.assertRaises(AccessError):
            self.role_till.with_user(recruiter).write({"score_every_applicant": False})

    def test_sql_agrees_with_the_arithmetic(self):
        """Also where a requirement asks for nothing, and for each kind of person."""
        rng = random.Random(16)
        self.level[25].level_progress = 0
        points = (0, 50, 75, 100)
        skills = (self.greeting, self.telephone, self.counting, self.juggling)
        role = self._create_role(
            "test_all", [(s, p, False) for s, p in zip(skills, points, strict=True)]
        )
        for requirement in role.skill_ids:
            requirement.write(
                {"weight": rng.randint(1, 5), "must_have": rng.random() < 0.5}
            )
        people = []
        for number in range(6):
            held = {s: rng.choice(points) for s in skills if rng.random() < 0.7}
            applicant = self._create_applicant(f"A{number}", None, held.items())
            employee = self._create_employee(f"E{number}")
            for skill, progress in held.items():
                self._give_skill(employee, skill, progress)
            people += [(applicant, held), (employee, held)]
        role.action_find_people()
        for person, held in people:
            lines = [
                match_score.Requirement(
                    line.level_progress,
                    held.get(line.skill_id, 0),
                    line.weight,
                    line.must_have,
                )
                for line in role.skill_ids
            ]
            match = self._match(person, role)
            score = match_score.two_decimals(match_score.score(lines))
            self.assertAlmostEqual(match.score, float(score))
            self.assertEqual(
                match.must_haves_missed, match_score.must_haves_missed(lines)
            )
            self.assertEqual(match.shortfall, sum(line.shortfall for line in lines))
            parts = self.env["office.role.match.line"].search(
                [("match_id", "=", match.id)]
            )
            self.assertAlmostEqual(sum(parts.mapped("points")), match.score)

    def test_batches_leave_the_same(self):
        self.ada.action_score_every_role()
        matches = self.env["office.role.match"]
        matches._refresh_all()
        fields = ["applicant_id", "employee_id", "role_id", "score", "for_job"]
        domain = ["|", ("applicant_id", "=", self.ada.id), ("employee_id", "!=", False)]
        before = matches.search_read(domain, fields, order="id")
        self.patch(office_role_match, "BATCH", 1)
        self.assertGreater(len(matches._get_batches()), 2)
        matches._refresh_all()
        self.assertEqual(matches.search_read(domain, fields, order="id"), before)

    def test_many_at_once_are_cut_into_batches(self):
        many = self.ada + self._create_applicant("Bo") + self._create_applicant("Cy")
        self.patch(office_role_match, "BATCH", 1)
        many.action_score_every_role()
        matches = self.env["office.role.match"].search(
            [("applicant_id", "in", many.ids), ("role_id", "=", self.role_till.id)]
        )
        self.assertEqual(matches.applicant_id, many)

    def test_lines_are_read_by_way_of_their_match(self):
        """Else PostgreSQL forms the lines of everybody, to show those of one."""
        lines = self.ada.office_match_line_ids
        self.assertEqual(len(lines), 2)
        self.assertEqual(
            {line_id % 2**31 for line_id in lines.ids}, {lines.match_id.id}
        )
        lines.invalidate_recordset()
        self.assertEqual(lines.sorted("id").skill_id, self.greeting + self.telephone)
        query = lines._search([("id", "in", lines.ids)]).select()
        self.assertRegex(query.code, r'(?s)WHERE .*"match_id" IN')

    def test_exactly_one_person(self):
        cr = self.env.cr
        for applicant, employee in ((self.ada.id, self.clerk.id), (None, None)):
            with (
                self.subTest(applicant=applicant),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(Exception, "one_person"),
                cr.savepoint(),
            ):
                cr.execute(
                    """INSERT INTO office_role_match
                              (applicant_id, employee_id, role_id, kind)
                       VALUES (%s, %s, %s, 'employee')""",
                    [applicant, employee, self._create_role("test_new").id],
                )

    def test_filters_and_groups(self):
        self.ada.action_score_every_role()
        self._commit_matches()
        matches = self.env["office.role.match"]
        domain = [("role_id", "=", self.role_till.id)]
        kinds = dict(
            matches._read_group(
                [*domain, ("applicant_id", "in", [self.ada.id, False])],
                ["kind"],
                ["applicant_id:count_distinct"],
            )
        )
        self.assertEqual(kinds["applicant"], 1)
        self.assertIn("employee", kinds)
        for field in ("job_id", "stage_id", "department_id", "degree_fit", "fit"):
            self.assertTrue(matches._read_group(domain, [field], ["score:avg"]))


@freeze_time(TODAY)
class TestMatchDegree(HiringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.low, cls.high = cls.env["hr.recruitment.degree"].create(
            [{"name": "Test low", "score": 0.3}, {"name": "Test high", "score": 0.6}]
        )
        cls.ada = cls._create_applicant("Ada", cls.job_desk, type_id=cls.low.id)

    def assertDegree(self, fit):
        self._commit_matches()
        self.assertEqual(self.ada.office_match_degree, fit)
        asked, own = self.ada.job_id.expected_degree, self.ada.type_id
        self.assertEqual(
            match_score.degree_fit(
                Fraction(asked.score) if asked else None,
                Fraction(own.score) if own else None,
            ),
            fit,
        )

    def test_met_or_not(self):
        self.assertDegree("none")
        score = self.ada.office_match_score
        self.job_desk.expected_degree = self.high
        self.assertDegree("missed")
        self.ada.type_id = self.high
        self.assertDegree("met")
        self.ada.type_id = False
        self.assertDegree("missed")
        self.assertEqual(self.ada.office_match_score, score, "a degree is no skill")

    def test_scores_of_degrees(self):
        self.job_desk.expected_degree = self.high
        self.assertDegree("missed")
        self.high.score = 0.3
        self.assertDegree("met")

    def test_only_the_job_asks_for_it(self):
        self.job_desk.expected_degree = self.high
        self.ada.action_score_every_role()
        self._commit_matches()
        matches = self.env["office.role.match"].search(
            [("applicant_id", "=", self.ada.id), ("role_id", "!=", self.role_desk.id)]
        )
        self.assertEqual(set(matches.mapped("degree_fit")), {"none"})
        found = self.env["hr.applicant"].search(
            [("office_match_degree", "=", "missed"), ("id", "=", self.ada.id)]
        )
        self.assertEqual(found, self.ada)


@freeze_time(TODAY)
class TestMatchVersion(HiringCommon):
    """Ada applied when the desk asked for telephone at 25 alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.env["office.role.version"].create(
            {
                "role_id": cls.role_desk.id,
                "number": 1,
                "valid_to": TODAY,
                "skill_ids": [
                    Command.create(
                        {
                            "skill_id": cls.telephone.id,
                            "skill_level_id": cls.level[25].id,
                            "weight": 2,
                        }
                    )
                ],
            }
        )
        cls.ada = cls._create_applicant("Ada", cls.job_desk, [(cls.telephone, 25)])
        cls.ada.office_role_version_id = cls.version
        cls.bo = cls._create_applicant("Bo", cls.job_desk, [(cls.telephone, 25)])

    def test_pinned_beside_live(self):
        self.assertEqual(self.ada.office_match_score, 100)
        self.assertEqual(self.ada.office_role_match_id.version_id, self.version)
        self.assertEqual(self.ada.office_role_match_id.skills_required, 1)
        self.assertEqual(self.bo.office_match_score, 25)
        line = self.ada.office_match_line_ids
        self.assertEqual((line.skill_id, line.points), (self.telephone, 100))
        self.assertFalse(line.requirement_id)
        self.assertEqual(len(self.bo.office_match_line_ids), 2)
        ids = (self.ada + self.bo).office_match_line_ids.ids
        self.assertEqual(len(ids), len(set(ids)))
        self.assertLess(max(ids), 2**53)

    def test_unpinned(self):
        self.ada.office_role_version_id = False
        self.assertEqual(self.ada.office_match_score, 25)
        self.assertEqual(len(self.ada.office_match_line_ids), 2)

    def test_requirements_change(self):
        self.role_desk.skill_ids.filtered("must_have").unlink()
        self._commit_matches()
        self.assertEqual(self.ada.office_match_score, 100)
        self.assertEqual(self.bo.office_match_score, 50)

    def test_a_version_of_another_role_counts_for_nothing(self):
        self.ada.action_score_every_role()
        self._commit_matches()
        self.assertEqual(self.ada.office_role_match_id.version_id, self.version)
        other = self.env["office.role.match"].search(
            [("applicant_id", "=", self.ada.id), ("role_id", "=", self.role_till.id)]
        )
        self.assertFalse(other.version_id)
        self.assertEqual(other.score, 0)
