from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import LAST_YEAR, TODAY, YESTERDAY, OfficeRoleCommon


class TestMarket(OfficeRoleCommon):
    """Three clerks: greeting at 100, 50 and nothing; telephone at 50 by all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("market_officer", "hr.group_hr_user")
        cls.clerks = cls.env["hr.employee"].union(
            *(cls._create_employee(name, cls.job_desk) for name in ("A", "B", "C"))
        )
        cls._give_skill(cls.clerks[0], cls.greeting, 100)
        cls._give_skill(cls.clerks[1], cls.greeting, 50)
        for clerk in cls.clerks:
            cls._give_skill(clerk, cls.telephone, 50)

    def _market(self):
        """Return the rows of the desk's company by skill, as they are now."""
        market = self.env["office.role.market"]
        market.invalidate_model()
        rows = market.search(
            [("role_id", "=", self.role_desk.id), ("company_id", "=", self.company.id)]
        )
        return {row.skill_id: row for row in rows}

    def test_median_and_difference(self):
        rows = self._market()
        self.assertEqual(set(rows), {self.greeting, self.telephone})
        greeting, telephone = rows[self.greeting], rows[self.telephone]
        self.assertEqual(
            (greeting.holders, greeting.at_level, greeting.has_median), (3, 1, True)
        )
        # who lacks the skill counts as 0: the median of 0, 50 and 100
        self.assertEqual(
            (greeting.median_progress, greeting.median_level_id, greeting.difference),
            (50, self.level[50], -25),
        )
        self.assertEqual((greeting.required_progress, greeting.must_have), (75, True))
        self.assertEqual((telephone.median_progress, telephone.difference), (50, 0))

    def test_a_median_between_two_levels(self):
        fourth = self._create_employee("D", self.job_desk)
        self._give_skill(fourth, self.greeting, 100)
        row = self._market()[self.greeting]
        # of 0, 50, 100 and 100
        self.assertEqual((row.holders, row.median_progress), (4, 75))
        fourth.employee_skill_ids.unlink()
        row = self._market()[self.greeting]
        self.assertEqual(
            (row.median_progress, row.median_level_id), (25, self.level[25])
        )

    def test_a_median_below_every_level(self):
        self.clerks[1].employee_skill_ids.filtered(
            lambda each: each.skill_id == self.greeting
        ).unlink()
        row = self._market()[self.greeting]
        self.assertEqual((row.median_progress, row.difference), (0, -75))
        self.assertFalse(row.median_level_id)

    def test_fewer_than_three_tell_nothing(self):
        self.clerks[2].active = False
        row = self._market()[self.greeting]
        self.assertEqual((row.holders, row.has_median), (2, False))
        self.assertFalse(row.at_level or row.median_progress or row.difference)
        self.assertFalse(row.median_level_id)

    def test_only_who_holds_the_role_today(self):
        self.clerks[0].job_id = False
        self.assertEqual(self._market()[self.greeting].holders, 2)
        self.clerks[1].extra_office_role_ids = self.role_till
        rows = self.env["office.role.market"].search(
            [("role_id", "=", self.role_till.id)]
        )
        self.assertEqual(rows.holders, 1)

    def test_a_skill_that_has_ended_does_not_count(self):
        with freeze_time(TODAY):
            self._give_skill(
                self.clerks[2],
                self.greeting,
                100,
                valid_from=LAST_YEAR,
                valid_to=YESTERDAY,
            )
            self.assertEqual(self._market()[self.greeting].median_progress, 50)

    def test_each_company_by_itself(self):
        job = self._create_job(
            "Desk abroad", self.role_desk, company_id=self.other_company.id
        )
        self._create_employee("Abroad", job, company_id=self.other_company.id)
        self.assertEqual(self._market()[self.greeting].holders, 3)
        rows = (
            self.env["office.role.market"]
            .with_user(self.officer)
            .search([("role_id", "=", self.role_desk.id)])
        )
        self.assertEqual(rows.company_id, self.company)

    def test_only_hr_reads_it(self):
        plain = self._create_user("market_plain")
        market = self.env["office.role.market"]
        with self.assertRaises(AccessError):
            market.with_user(plain).search([])
        with self.assertRaises(AccessError):
            market.with_user(plain)._read_group([], ["role_id"], ["__count"])
        with self.assertRaises(AccessError):
            self.role_desk.with_user(plain).read(["market_ids"])
        row = self._market()[self.greeting].with_user(self.officer)
        self.assertEqual(row.holders, 3)
        with self.assertRaises(AccessError):
            row.write({"holders": 1})

    def test_the_tab_of_the_role(self):
        role = self.role_desk.with_user(self.officer)
        self.assertEqual(role.market_ids.skill_id, self.greeting + self.telephone)
        with Form(role) as form:
            self.assertEqual(len(form.market_ids), 2)
        action = role.action_view_market()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]).role_id,
            self.role_desk,
        )

    def test_queries_do_not_grow(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["office.role.market"].search([]).mapped("median_progress")
            return self.env.cr.sql_log_count - before

        count()
        first = count()
        for number in range(10):
            self._create_role(f"test_more_{number}", [(self.greeting, 75, True)])
        self.assertLessEqual(count(), first + 1)
