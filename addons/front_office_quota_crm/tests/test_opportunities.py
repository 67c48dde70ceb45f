from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import PipelineFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-02-09 08:00:00")
class TestOpportunities(PipelineFixture, TransactionCase):
    """From a target to its opportunities, as several people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_pipeline()
        cls.target_of_anna = cls.target(cls.anna, 1000.0, cls.february)
        cls.target_of_team = cls.target(cls.team, 5000.0, cls.february)
        cls.first = cls.lead(cls.anna, 333.33, 33.0, team_id=cls.team.id)
        cls.second = cls.lead(cls.anna, 77.77, 11.0)
        cls.overdue = cls.lead(cls.anna, date_deadline="2026-02-02")
        cls.of_bert = cls.lead(cls.bert, 400.0, team_id=cls.team.id)
        cls.later = cls.lead(cls.anna, date_deadline="2026-03-01")
        cls.of_nobody = cls.lead(None, 60.0, team_id=cls.team.id)
        cls.without_company = cls.lead(cls.anna, 40.0)
        cls.without_company.company_id = False
        cls.plan.sudo().state = "approved"

    def open_as(self, user, target, overdue=False):
        target = target.with_user(user)
        action = (
            target.action_open_overdue_opportunities()
            if overdue
            else target.action_open_opportunities()
        )
        return self.env["crm.lead"].with_user(user).search(action["domain"])

    def test_list_adds_up_to_the_pipeline(self):
        leads = self.open_as(self.anna, self.target_of_anna)
        self.assertEqual(leads, self.first + self.second + self.without_company)
        self.assertEqual(
            self.target_of_anna.pipeline, sum(leads.mapped("prorated_revenue"))
        )
        self.assertEqual(self.target_of_anna.opportunity_count, len(leads))

    def test_list_of_a_team_adds_up(self):
        leads = self.open_as(self.leader, self.target_of_team)
        self.assertEqual(leads, self.first + self.of_bert + self.of_nobody)
        self.assertEqual(
            self.target_of_team.pipeline, sum(leads.mapped("prorated_revenue"))
        )

    def test_overdue_ones(self):
        leads = self.open_as(self.anna, self.target_of_anna, overdue=True)
        self.assertEqual(leads, self.overdue)
        self.assertEqual(self.target_of_anna.overdue_opportunity_count, 1)

    def test_figures_are_brought_up_to_date(self):
        self.open_as(self.anna, self.target_of_anna)
        before = self.target_of_anna.forecast
        self.second.expected_revenue += 100.0
        self.open_as(self.anna, self.target_of_anna)
        self.assertEqual(self.target_of_anna.forecast, before + 11.0)

    def test_other_periods(self):
        past = self.target(self.anna, 1000.0, self.january)
        future = self.target(self.anna, 1000.0, self.march)
        self.assertFalse(self.open_as(self.anna, past))
        self.assertFalse(self.open_as(self.anna, past, overdue=True))
        self.assertEqual(self.open_as(self.anna, future), self.later)
        self.assertFalse(self.open_as(self.anna, future, overdue=True))

    def test_administrator_sees_all(self):
        self.assertEqual(
            self.open_as(self.admin, self.target_of_anna),
            self.first + self.second + self.without_company,
        )

    def test_others_are_refused(self):
        stranger = self.new_person("quota crm stranger", "base.group_user")
        company = self.env["res.company"].create({"name": "Quota elsewhere"})
        elsewhere = self.new_person(
            "quota crm elsewhere", "front_office_quota.group_quota_admin", company
        )
        for user in (self.bert, stranger, elsewhere):
            target = self.target_of_anna.with_user(user)
            for method in (
                target.action_open_opportunities,
                target.action_open_overdue_opportunities,
                target.get_what_if,
            ):
                with self.assertRaises(AccessError):
                    method()

    def test_colleagues_opportunities_stay_hidden(self):
        """The action gives a domain, and what one may read of it is CRM's rule."""
        self.leader.group_ids = [
            Command.unlink(self.env.ref("sales_team.group_sale_salesman_all_leads").id),
            Command.link(self.env.ref("sales_team.group_sale_salesman").id),
        ]
        leads = self.open_as(self.leader, self.target_of_team)
        self.assertEqual(leads, self.of_nobody)

    def test_figures_of_others_stay_hidden(self):
        """Neither grouping nor export shows more than the target's own rules."""
        self.env["quota.target"]._refresh_forecast()
        self.env.flush_all()
        targets = self.env["quota.target"]
        found = targets.with_user(self.anna)._read_group([], [], ["pipeline:sum"])
        self.assertEqual(found, [(self.target_of_anna.pipeline,)])
        found = targets.with_user(self.bert)._read_group(
            [], ["user_id"], ["pipeline:sum", "opportunity_count:sum"]
        )
        self.assertFalse(found)
        self.bert.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        of_anna = self.target_of_anna.with_user(self.bert)
        with self.assertRaises(AccessError):
            of_anna.export_data(["pipeline"])
        with self.assertRaises(AccessError):
            of_anna.read(["pipeline_counted"])

    def test_without_rights_in_crm_there_is_no_button(self):
        reader = self.new_person(
            "quota crm reader", "front_office_quota.group_quota_user"
        )
        targets = self.env["quota.target"]
        for user, found in ((self.anna, True), (reader, False)):
            arch = targets.with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("action_open_opportunities" in arch, found)
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(reader).search([])
