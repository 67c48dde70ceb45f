from odoo import SUPERUSER_ID, Command
from odoo.tests import new_test_user

ADMIN = "front_office_quota.group_quota_admin"
MANAGER = "front_office_quota.group_quota_manager"
USER = "front_office_quota.group_quota_user"


class QuotaPlanFixture:
    """A company with two admins, a manager, three sellers and two teams."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # invoicing's own tests begin as an accountant, who makes no users and teams
        cls.env = cls.env(user=SUPERUSER_ID)
        cls.company = cls.env["res.company"].create({"name": "Plan Company"})
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})
        cls.proposer = cls._user("plan_proposer", ADMIN)
        cls.approver = cls._user("plan_approver", ADMIN)
        cls.manager = cls._user("plan_manager", MANAGER)
        cls.seller = cls._user("plan_seller", USER)
        cls.seller_2 = cls._user("plan_seller_2", USER)
        cls.seller_3 = cls._user("plan_seller_3", USER)
        cls.employee_user = cls._user("plan_employee", "base.group_user")
        cls.stranger = cls._user("plan_stranger", ADMIN, company=cls.other_company)
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Plan Team",
                "company_id": cls.company.id,
                "user_id": cls.manager.id,
            }
        )
        cls.team_2 = cls.env["crm.team"].create(
            {"name": "Plan Team Two", "company_id": cls.company.id}
        )
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            # what they may not read, they may not export either
            f"{groups},base.group_allow_export",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _plan(cls, user=None, **vals):
        """Make a plan as the proposer, in 2027 and with a margin of 40 %."""
        return (
            cls.env["quota.plan"]
            .with_user(user or cls.proposer)
            .with_company(cls.company)
            .create(
                {
                    "name": "Plan 2027",
                    "year": 2027,
                    "margin": 0.4,
                    "company_id": cls.company.id,
                    **vals,
                }
            )
        )

    @classmethod
    def _cost(cls, period, amount=1000.0, **vals):
        return (
            cls.env["quota.cost.line"]
            .with_env(period.env)
            .create(
                {
                    "period_id": period.id,
                    "name": "Rent",
                    "category": "rent",
                    "amount": amount,
                    **vals,
                }
            )
        )

    @classmethod
    def _share(cls, plan, user=None, team=None, weight=1.0):
        return (
            cls.env["quota.share"]
            .with_env(plan.env)
            .create(
                {
                    "plan_id": plan.id,
                    "user_id": user.id if user else False,
                    "team_id": team.id if team else False,
                    "weight": weight,
                }
            )
        )

    @classmethod
    def _covering_plan(cls, **vals):
        """Make a plan whose targets cover a cost of 1,000 a month."""
        plan = cls._plan(**vals)
        first = plan.period_ids.sorted("date_from")[0]
        cls._cost(first).action_repeat()
        cls._share(plan, cls.seller, weight=2)
        cls._share(plan, cls.seller_2, weight=1)
        plan.action_split()
        return plan
