from odoo import Command
from odoo.tests import freeze_time, users, warmup

from .common import LAST_YEAR, TODAY, TOMORROW, YESTERDAY, OfficeRoleCommon


class OfficeRoleGapCase(OfficeRoleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gap_model = cls.env["office.role.gap"]
        cls.ada = cls._create_employee("Ada", cls.job_desk)

    def _current(self, skill=None):
        """Return the level that Ada is seen to hold now."""
        return self._gaps(self.ada)[skill or self.greeting].current_progress


@freeze_time(TODAY)
class TestOfficeRoleGap(OfficeRoleGapCase):
    def test_skill_that_is_not_held(self):
        gap = self._gaps(self.ada)[self.greeting]
        self.assertRecordValues(
            gap,
            [
                {
                    "employee_id": self.ada.id,
                    "company_id": self.company.id,
                    "job_id": self.job_desk.id,
                    "role_id": self.role_desk.id,
                    "side": "front",
                    "skill_type_id": self.skill_type.id,
                    "skill_level_id": self.level[75].id,
                    "required_progress": 75,
                    "current_progress": 0,
                    "shortfall": 75,
                    "weight": 3,
                    "must_have": True,
                    "must_have_missed": True,
                    "must_have_missed_count": 1,
                }
            ],
        )

    def test_shortfall_and_must_have_at_each_level(self):
        skill = self._give_skill(self.ada, self.greeting, 25)
        for progress, shortfall, missed in (
            (25, 50, True),
            (50, 25, True),
            (75, 0, False),
            (100, 0, False),
        ):
            with self.subTest(progress=progress):
                skill.skill_level_id = self.level[progress]
                gap = self._gaps(self.ada)[self.greeting]
                self.assertEqual(gap.current_progress, progress)
                self.assertEqual(gap.shortfall, shortfall)
                self.assertEqual(gap.must_have_missed, missed)
                self.assertEqual(gap.must_have_missed_count, int(missed))

    def test_shortfall_of_a_skill_that_is_not_a_must_have(self):
        gap = self._gaps(self.ada)[self.telephone]
        self.assertEqual(gap.shortfall, 50)
        self.assertFalse(gap.must_have)
        self.assertFalse(gap.must_have_missed)
        self.assertEqual(gap.must_have_missed_count, 0)

    def test_skills_of_somebody_else_and_other_skills_do_not_count(self):
        self._give_skill(self._create_employee("Bo"), self.greeting, 100)
        self._give_skill(self.ada, self.juggling, 100)
        gaps = self._gaps(self.ada)
        self.assertEqual(gaps.keys(), {self.greeting, self.telephone})
        self.assertEqual(gaps[self.greeting].current_progress, 0)

    def test_gaps_follow_the_requirements(self):
        requirement = self.role_desk.skill_ids[0]
        requirement.write({"skill_level_id": self.level[100].id, "must_have": False})
        gap = self._gaps(self.ada)[requirement.skill_id]
        self.assertEqual((gap.shortfall, gap.must_have), (100, False))
        requirement.unlink()
        self.assertNotIn(self.greeting, self._gaps(self.ada))

    def test_gaps_follow_the_levels(self):
        self._give_skill(self.ada, self.greeting, 25)
        self.level[75].level_progress = 80
        self.level[25].level_progress = 30
        gap = self._gaps(self.ada)[self.greeting]
        self.assertEqual(gap.required_progress, 80)
        self.assertEqual(gap.current_progress, 30)
        self.assertEqual(gap.shortfall, 50)

    def test_gaps_follow_the_department(self):
        self.assertFalse(self._gaps(self.ada)[self.greeting].department_id)
        department = self.env["hr.department"].create({"name": "Front"})
        self.ada.department_id = department
        gap = self._gaps(self.ada)[self.greeting]
        self.assertEqual(gap.department_id, department)

    # -- validity ---------------------------------------------------------------------

    def test_skill_counts_up_to_its_last_day(self):
        skill = self._give_skill(self.ada, self.greeting, 75, valid_to=TODAY)
        self.assertEqual(self._current(), 75)
        skill.valid_to = YESTERDAY
        self.assertEqual(self._current(), 0)

    def test_skill_counts_from_its_first_day(self):
        skill = self._give_skill(self.ada, self.greeting, 75, valid_from=TODAY)
        self.assertEqual(self._current(), 75)
        skill.valid_from = TOMORROW
        self.assertEqual(self._current(), 0)

    def test_skill_expires_as_the_days_pass(self):
        self._give_skill(self.ada, self.greeting, 75, valid_to=TODAY)
        with freeze_time(TOMORROW):
            self.assertEqual(self._current(), 0)

    def test_today_is_the_users(self):
        self._give_skill(self.ada, self.greeting, 75, valid_to=TODAY)
        auckland = self.gap_model.with_context(tz="Pacific/Auckland")
        domain = [
            ("employee_id", "=", self.ada.id),
            ("skill_id", "=", self.greeting.id),
        ]
        with freeze_time("2026-03-16 20:00:00"):
            self.assertEqual(self._current(), 75)
            auckland.invalidate_model()
            self.assertEqual(auckland.search(domain).current_progress, 0)

    def test_former_level_of_a_skill_does_not_count(self):
        self._give_skill(self.ada, self.greeting, 100, valid_to=YESTERDAY)
        self._give_skill(self.ada, self.greeting, 50, valid_from=TODAY)
        self.assertEqual(self._current(), 50)

    def test_certification_counts_at_its_best_valid_level(self):
        first_aid = self._create_skill_type(
            "Safety", ["First aid"], is_certification=True
        ).skill_ids
        self.role_desk.skill_ids = [
            Command.create(self._requirement(first_aid, 100, must_have=True))
        ]
        self.assertEqual(self._current(first_aid), 0)
        self._give_skill(self.ada, first_aid, 50, valid_to=TOMORROW)
        self._give_skill(self.ada, first_aid, 75, valid_to=TODAY)
        expired = self._give_skill(self.ada, first_aid, 100, valid_to=YESTERDAY)
        self.assertEqual(self._current(first_aid), 75)
        expired.valid_to = TODAY
        self.assertEqual(self._current(first_aid), 100)
        self.assertFalse(self._gaps(self.ada)[first_aid].must_have_missed)

    # -- who, and which roles ---------------------------------------------------------

    def test_archived_role_leaves_no_gaps(self):
        self.role_desk.active = False
        self.assertFalse(self._gaps(self.ada))
        self.role_desk.active = True
        self.assertEqual(len(self._gaps(self.ada)), 2)

    def test_archived_employee_has_no_gaps(self):
        self.ada.active = False
        self.assertFalse(self._gaps(self.ada))
        self.ada.active = True
        self.assertEqual(len(self._gaps(self.ada)), 2)

    def test_no_role_no_gaps(self):
        self.ada.job_id = False
        self.assertFalse(self._gaps(self.ada))

    def test_gaps_of_several_roles(self):
        night = self._create_role("test_night", [(self.greeting, 100, False)])
        self.ada.extra_office_role_ids = self.role_till + night
        gaps = self.gap_model.search([("employee_id", "=", self.ada.id)])
        self.assertEqual(
            {(gap.role_id, gap.skill_id, gap.shortfall) for gap in gaps},
            {
                (self.role_desk, self.greeting, 75),
                (self.role_desk, self.telephone, 50),
                (self.role_till, self.counting, 25),
                (night, self.greeting, 100),
            },
        )

    def test_gaps_follow_the_version_of_today(self):
        self.ada.create_version({"date_version": TOMORROW, "job_id": False})
        self.assertEqual(len(self._gaps(self.ada)), 2)
        with freeze_time(TOMORROW):
            self.env["hr.employee"]._cron_update_current_version_id()
            self.assertFalse(self._gaps(self.ada))

    # -- ids and groups ---------------------------------------------------------------

    def test_ids_are_unique_stable_and_fit_the_web_client(self):
        bo = self._create_employee("Bo", self.job_desk)
        self.ada.extra_office_role_ids = self.role_till
        domain = [("employee_id", "in", (self.ada + bo).ids)]
        gaps = self.gap_model.search(domain)
        self.assertEqual(len(set(gaps.ids)), 5)
        self.assertLess(max(gaps.ids), 2**53)
        by_id = {gap.id: (gap.employee_id, gap.role_id, gap.skill_id) for gap in gaps}
        self._give_skill(self.ada, self.greeting, 100)
        self._create_employee("Cy", self.job_desk)
        self.gap_model.invalidate_model()
        for one in self.gap_model.search(domain, order="shortfall"):
            key = (one.employee_id, one.role_id, one.skill_id)
            self.assertEqual(by_id.pop(one.id), key)
            self.assertEqual(self.gap_model.browse(one.id).skill_id, one.skill_id)
        self.assertFalse(by_id)

    def test_ids_stay_when_other_gaps_go(self):
        bo = self._create_employee("Bo", self.job_desk)
        before = {skill: gap.id for skill, gap in self._gaps(bo).items()}
        self.ada.active = False
        self.assertFalse(self._gaps(self.ada))
        after = {skill: gap.id for skill, gap in self._gaps(bo).items()}
        self.assertEqual(after, before)

    def test_read_group(self):
        bo = self._create_employee("Bo", self.job_desk)
        self._give_skill(bo, self.greeting, 100)
        groups = self.gap_model._read_group(
            [("employee_id", "in", (self.ada + bo).ids)],
            ["role_id", "skill_id"],
            [
                "shortfall:sum",
                "must_have_missed_count:sum",
                "current_progress:avg",
                "__count",
            ],
        )
        self.assertCountEqual(
            groups,
            [
                (self.role_desk, self.greeting, 75, 1, 50, 2),
                (self.role_desk, self.telephone, 100, 0, 0, 2),
            ],
        )

    def test_gaps_are_filtered_by_what_is_short(self):
        self._give_skill(self.ada, self.greeting, 75)
        short = self.gap_model.search(
            [("employee_id", "=", self.ada.id), ("shortfall", ">", 0)]
        )
        self.assertEqual(short.skill_id, self.telephone)
        missed = self.gap_model.search(
            [("employee_id", "=", self.ada.id), ("must_have_missed", "=", True)]
        )
        self.assertFalse(missed)


@freeze_time(TODAY)
class TestOfficeRoleGapQueries(OfficeRoleGapCase):
    """The number of queries does not grow with the number of employees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_hr_user("role_officer", "hr.group_hr_user")
        cls.staff = cls.env["hr.employee"].create(
            [
                {
                    "name": f"Clerk {number}",
                    "job_id": cls.job_desk.id,
                    "date_version": LAST_YEAR,
                }
                for number in range(100)
            ]
        )
        for employee in cls.staff[::2]:
            cls._give_skill(employee, cls.greeting, 50)

    def _measure(self, count, queries, read):
        """Assert the queries of ``read(employees)``, from an empty cache."""
        employees = self.staff[:count].with_user(self.env.user)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.subTest(count=count), self.assertQueryCount(queries):
            return read(employees)

    @users("role_officer")
    @warmup
    def test_read_group(self):
        def read(employees):
            return self.env["office.role.gap"]._read_group(
                [("employee_id", "in", employees.ids)],
                ["role_id", "skill_id"],
                ["shortfall:sum"],
            )

        for count in (10, 100):
            groups = self._measure(count, 1, read)
            self.assertEqual(
                {skill.id: shortfall for _role, skill, shortfall in groups},
                {self.greeting.id: count * 50, self.telephone.id: count * 50},
            )

    @users("role_officer")
    @warmup
    def test_list(self):
        def read(employees):
            return self.env["office.role.gap"].web_search_read(
                [("employee_id", "in", employees.ids)],
                {
                    "employee_id": {"fields": {"display_name": {}}},
                    "role_id": {"fields": {"display_name": {}}},
                    "skill_id": {"fields": {"display_name": {}}},
                    "shortfall": {},
                },
            )

        for count in (10, 100):
            result = self._measure(count, 5, read)
            self.assertEqual(result["length"], count * 2)

    @users("role_officer")
    @warmup
    def test_smart_button(self):
        def read(employees):
            return employees.mapped("office_role_gap_count")

        for count in (10, 100):
            self.assertEqual(self._measure(count, 1, read), [2] * count)
