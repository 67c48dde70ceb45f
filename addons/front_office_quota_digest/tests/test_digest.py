from ast import literal_eval
from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.front_office_quota.tests.common_target import TargetFixture

NAMES = ("kpi_quota_attainment", "kpi_quota_achieved", "kpi_quota_statements")
# figures of the month as they are on 9 February, and those of 9 January
NOW = (datetime(2026, 2, 2), datetime(2026, 2, 9))
BEFORE = (datetime(2026, 1, 2), datetime(2026, 1, 9))


@tagged("post_install", "-at_install")
@freeze_time("2026-02-09 08:00:00")
class TestDigest(TargetFixture, TransactionCase):
    """A team of two whose February is half full, and the digests around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_targets()
        for period, part in ((cls.january, 0.9), (cls.february, 0.5)):
            for holder, amount in (
                (cls.team, 2000.0),
                (cls.anna, 1500.0),
                (cls.bert, 500.0),
            ):
                values = {} if holder == cls.team else {"team_id": cls.team.id}
                target = cls.target(holder, amount, period, **values)
                target.sudo().achieved = amount * part
        cls.plan.sudo().state = "approved"
        cls.env["quota.statement"].create(
            [
                {
                    "plan_id": cls.plan.id,
                    "period_id": period.id,
                    "user_id": person.id,
                    "team_id": cls.team.id,
                    "state": state,
                    "approver_id": cls.admin.id if state == "approved" else False,
                }
                for period, person, state in (
                    (cls.january, cls.anna, "computed"),
                    (cls.january, cls.bert, "confirmed"),
                    (cls.february, cls.anna, "computed"),
                    (cls.february, cls.bert, "approved"),
                )
            ]
        )
        cls.env.flush_all()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Quota digest",
                "periodicity": "weekly",
                "company_id": cls.company.id,
                **dict.fromkeys(NAMES, True),
            }
        )

    def values(self, user, time=NOW, digest=None):
        digest = (
            (digest or self.digest)
            .with_user(user)
            .with_context(
                start_datetime=time[0],
                end_datetime=time[1],
                allowed_company_ids=user.company_ids.ids,
            )
        )
        digest.invalidate_model()
        return tuple(digest[f"{name}_value"] for name in NAMES)

    def test_administrator_gets_the_companys_figures(self):
        # the team's target, and not its people's on top
        self.assertEqual(self.values(self.admin), (50.0, 1000.0, 2))

    def test_leader_gets_the_teams(self):
        self.assertEqual(self.values(self.leader), (50.0, 1000.0, 2))

    def test_salesperson_gets_their_own(self):
        self.assertEqual(self.values(self.anna), (50.0, 750.0, 1))
        self.assertEqual(self.values(self.bert), (50.0, 250.0, 1))

    def test_month_before(self):
        self.assertEqual(self.values(self.admin, BEFORE)[:2], (90.0, 1800.0))

    def test_first_of_a_month_tells_the_month_before(self):
        first = (datetime(2026, 1, 25), datetime(2026, 2, 1))
        self.assertEqual(self.values(self.admin, first)[0], 90.0)
        second = (datetime(2026, 1, 26), datetime(2026, 2, 2))
        self.assertEqual(self.values(self.admin, second)[0], 50.0)

    def test_plans_that_do_not_count(self):
        self.plan.sudo().state = "proposed"
        self.assertEqual(self.values(self.admin)[:2], (0.0, 0.0))
        self.plan.sudo().state = "closed"
        self.assertEqual(self.values(self.admin)[:2], (50.0, 1000.0))
        self.plan.sudo().active = False
        self.assertEqual(self.values(self.admin)[:2], (0.0, 0.0))

    def test_of_two_plans_the_first_in_the_list(self):
        """Different bases are not added up."""
        plan = self.env["quota.plan"].create(
            {
                "name": "A plan before it",
                "year": 2026,
                "basis": "collected",
                "company_id": self.company.id,
            }
        )
        period = self.periods_of(plan)[1]
        target = self.env["quota.target"].create(
            {
                "plan_id": plan.id,
                "period_id": period.id,
                "user_id": self.anna.id,
                "full_amount": 400.0,
            }
        )
        target.sudo().achieved = 100.0
        plan.sudo().state = "approved"
        self.env.flush_all()
        self.assertEqual((plan + self.plan).sorted()[0], plan)
        self.assertEqual(self.values(self.admin)[:2], (25.0, 100.0))

    def test_target_of_nothing(self):
        self.env["quota.target"].search([]).sudo().write({"full_amount": 0.0})
        self.assertEqual(self.values(self.admin)[0], 0.0)

    def test_another_company_has_none(self):
        company = self.env["res.company"].create({"name": "Quota elsewhere"})
        admin = self.new_person(
            "quota elsewhere", "front_office_quota.group_quota_admin", company
        )
        digest = self.digest.copy({"company_id": company.id})
        self.assertEqual(self.values(admin, digest=digest), (0.0, 0.0, 0))

    def test_digests_of_two_companies_at_once(self):
        company = self.env["res.company"].create({"name": "Quota elsewhere"})
        self.admin.company_ids = [Command.link(company.id)]
        digests = self.digest + self.digest.copy({"company_id": company.id})
        digests = digests.with_user(self.admin).with_context(
            start_datetime=NOW[0],
            end_datetime=NOW[1],
            allowed_company_ids=(self.company + company).ids,
        )
        self.assertEqual(digests.mapped("kpi_quota_achieved_value"), [1000.0, 0.0])

    def test_plain_employee_is_refused(self):
        stranger = self.new_person("quota stranger", "base.group_user")
        for name in NAMES:
            digest = self.digest.with_user(stranger).with_context(
                start_datetime=NOW[0], end_datetime=NOW[1]
            )
            with self.assertRaises(AccessError):
                digest[f"{name}_value"]  # pylint: disable=pointless-statement

    def kpis(self, user):
        kpis = self.digest._compute_kpis(self.company, user)
        return {kpi["kpi_name"]: kpi for kpi in kpis}

    def test_e_mail_shows_them_to_whom_they_concern(self):
        kpis = self.kpis(self.admin)
        self.assertEqual(kpis["kpi_quota_attainment"]["kpi_col2"]["value"], "50.00")
        self.assertIn("1", kpis["kpi_quota_achieved"]["kpi_col2"]["value"])
        self.assertEqual(kpis["kpi_quota_statements"]["kpi_col2"]["value"], 2)
        # against the month before
        self.assertEqual(kpis["kpi_quota_attainment"]["kpi_col3"]["margin"], -44.44)
        stranger = self.new_person("quota stranger", "base.group_user")
        self.assertFalse({name for name in self.kpis(stranger) if "quota" in name})

    def test_figures_lead_to_what_they_count(self):
        actions = self.digest._compute_kpis_actions(self.company, self.admin)
        for name in NAMES:
            action = self.env.ref(actions[name].split("?")[0])
            self.assertTrue(action.exists())
        domain = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_quota_digest.quota_statement_action_waiting"
        )["domain"]
        statements = self.env["quota.statement"].with_user(self.admin)
        self.assertEqual(
            statements.search_count(literal_eval(domain)),
            self.values(self.admin)[2],
        )

    def test_default_digest_has_them(self):
        digest = self.env.ref("digest.digest_digest_default")
        self.assertTrue(all(digest[name] for name in NAMES))
