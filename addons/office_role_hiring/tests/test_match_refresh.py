from freezegun import freeze_time

from odoo import Command

from odoo.addons.office_role.tests.common import TOMORROW

from .common import TODAY, HiringCommon


@freeze_time(TODAY)
class TestMatchRefresh(HiringCommon):
    """Whatever a score depends on changes it, and nothing else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.ada = cls._create_applicant(
                "Ada", cls.job_desk, [(cls.greeting, 75), (cls.telephone, 25)]
            )

    def assertScore(self, score, applicant=None):
        self.env.cr.precommit.run()
        self.assertAlmostEqual((applicant or self.ada).office_match_score, score)

    def test_skills(self):
        self.assertScore(75)
        skill = self.ada.applicant_skill_ids.filtered(
            lambda line: line.skill_id == self.telephone
        )
        skill.skill_level_id = self.level[50]
        self.assertScore(100)
        skill.unlink()
        self.assertScore(50)
        self._give_applicant_skill(self.ada, self.telephone, 25)
        self.assertScore(75)

    def test_skill_of_somebody_else(self):
        other = self._create_applicant("Bo", self.job_desk)
        self._give_applicant_skill(other, self.greeting, 50).applicant_id = other
        self.assertScore(33.33, other)
        other.applicant_skill_ids.write(
            {"applicant_id": self.ada.id, "skill_id": self.juggling.id}
        )
        self.assertScore(0, other)
        self.assertScore(75)

    def test_form_shows_the_score_that_it_saves(self):
        commands = [
            Command.create(
                {
                    "skill_type_id": self.skill_type.id,
                    "skill_id": self.telephone.id,
                    "skill_level_id": self.level[50].id,
                    "valid_from": TODAY,
                }
            )
        ]
        self.ada.write({"current_applicant_skill_ids": commands})
        self.assertAlmostEqual(self.ada.office_match_score, 100)

    def test_requirements(self):
        greeting, telephone = self.role_desk.skill_ids
        telephone.weight = 1
        self.assertScore(87.5)
        telephone.skill_level_id = self.level[25]
        self.assertScore(100)
        telephone.unlink()
        self.assertScore(100)
        self.role_desk.skill_ids = [
            Command.create(self._requirement(self.counting, 50, True))
        ]
        self.assertScore(50)
        self.assertEqual(self.ada.office_match_missed, 1)
        greeting.role_id = self.role_till
        self.assertScore(0)

    def test_levels(self):
        self.level[25].level_progress = 40
        self.assertScore(90)

    def test_role_of_the_job(self):
        match = self.ada.office_role_match_id
        self.job_desk.office_role_id = self.role_till
        self.assertScore(0)
        self.assertEqual(self.ada.office_role_id, self.role_till)
        self.assertFalse(match.exists(), "nobody asked for it any more")
        match = self.ada.office_role_match_id
        self.job_desk.office_role_id = False
        self.env.cr.precommit.run()
        self.assertFalse(self.ada.office_role_match_id)
        self.assertFalse(match.exists())

    def test_archived_role(self):
        self.role_desk.active = False
        self.env.cr.precommit.run()
        self.assertFalse(self.ada.office_role_match_id)
        self.role_desk.active = True
        self.assertScore(75)

    def test_job_of_the_applicant(self):
        till = self._create_job("Till", self.role_till)
        self.ada.job_id = till
        self.assertEqual(self.ada.office_role_id, self.role_till)
        self.assertEqual(self.ada.office_role_match_id.job_id, till)
        self.ada.job_id = False
        self.assertFalse(self.ada.office_role_match_id)

    def test_company_of_the_application(self):
        self.ada.company_id = self.other_company
        self.assertEqual(self.ada.office_role_match_id.company_id, self.other_company)

    def test_validity_dates_arrive(self):
        late = self._create_applicant("Late", self.job_desk)
        self._give_applicant_skill(late, self.greeting, 75, valid_from=TOMORROW)
        self._give_applicant_skill(late, self.telephone, 50, valid_to=TODAY)
        self.assertScore(50, late)
        self.assertEqual(late.office_match_missed, 1)
        cron = self.env.ref("office_role_hiring.ir_cron_office_role_match")
        with freeze_time(TOMORROW), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertScore(50, late)
        self.assertEqual(late.office_match_missed, 0)
        self.assertScore(75)

    def test_deleting(self):
        match = self.ada.office_role_match_id
        self.ada.unlink()
        self.assertFalse(match.exists())
        bo = self._create_applicant("Bo", self._create_job("Till", self.role_till))
        bo.job_id.unlink()
        self.env.invalidate_all()
        self.assertFalse(bo.office_role_match_id)

    def test_install_scores_who_was_there(self):
        self.env.cr.execute("DELETE FROM office_role_match")
        self.env.invalidate_all()
        self.env["office.role.match"]._refresh_all()
        self.assertScore(75)

    def _count_queries(self, function):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_statement_for_few_and_for_many(self):
        counts = []
        for size in (5, 40):
            job = self._create_job(f"Job of {size}", self.role_desk)
            applicants = self.env["hr.applicant"].create(
                [
                    {"partner_name": f"{size}-{number}", "job_id": job.id}
                    for number in range(size)
                ]
            )
            self._commit_matches()
            requirement = self.role_desk.skill_ids[0]
            weight = requirement.weight
            self.env.invalidate_all()
            requirement.weight = weight % 5 + 1
            self.env.flush_all()
            counts.append(self._count_queries(self._commit_matches))
            self.assertEqual(len(applicants.office_role_match_id), size)
        # one for applicants, one for employees
        self.assertEqual(counts, [2, 2])

    def test_adding_a_skill_costs_the_same_among_many(self):
        counts = []
        for size in (2, 30):
            self.env["hr.applicant"].create(
                [
                    {"partner_name": f"{size}-{number}", "job_id": self.job_desk.id}
                    for number in range(size)
                ]
            )
            applicant = self._create_applicant(f"Extra {size}", self.job_desk)
            self._give_applicant_skill(applicant, self.juggling, 25)
            self._commit_matches()
            self._give_applicant_skill(applicant, self.greeting, 25)
            counts.append(self._count_queries(self._commit_matches))
        self.assertEqual(counts, [1, 1])

    def test_a_skill_of_somebody_scored_against_every_role(self):
        """The same for few and for many people and roles, and for an employee."""
        counts = []
        for size in (2, 12):
            for number in range(size):
                self._create_role(f"test_{size}_{number}", [(self.counting, 25, True)])
            people = self.env["hr.applicant"].create(
                [{"partner_name": f"{size}-{number}"} for number in range(size)]
            )
            people.action_score_every_role()
            employee = self._create_employee(f"Employee {size}")
            for person, give in (
                (people[0], self._give_applicant_skill),
                (employee, self._give_skill),
            ):
                give(person, self.juggling, 25)
                self._commit_matches()
                give(person, self.counting, 25)
                counts.append(self._count_queries(self._commit_matches))
                field = "employee_id" if person == employee else "applicant_id"
                full = self.env["office.role.match"].search_count(
                    [
                        (field, "=", person.id),
                        ("role_id.code", "like", f"test_{size}_"),
                        ("fit", "=", "full"),
                    ]
                )
                self.assertEqual(full, size)
        self.assertEqual(counts, [1] * 4)
