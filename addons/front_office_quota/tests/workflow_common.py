from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user

# 2 % of everything, 3 % more on what is above the target
TERMS = {
    "target": "1000",
    "base_rate": "0.02",
    "tiers": [{"threshold": "1", "rate": "0.05", "accelerator": "1"}],
    "categories": [],
    "cap": "0",
    "minimum": "0",
    "rounding": "0.01",
}
ADMIN = "front_office_quota.group_quota_admin"
MANAGER = "front_office_quota.group_quota_manager"
USER = "front_office_quota.group_quota_user"


class StatementFixture:
    """People, an approved plan and statements; mix into any Odoo test case class.

    The statements are written as the engine writes them; the engine itself is
    tested with invoices elsewhere.
    """

    @classmethod
    def _set_up_statements(cls):
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US", "tz": "UTC"})
        cls.company = cls.env.ref("base.main_company")
        cls._set_up_people()
        cls.plan = cls._plan(cls.company)
        cls.january, cls.february = (
            cls._period(cls.plan, month, day) for month, day in ((1, 31), (2, 28))
        )
        cls.partner = cls.env["res.partner"].create({"name": "Test customer"})
        cls.statement = cls._statement(cls.january, cls.anna)
        cls.later = cls._statement(cls.february, cls.anna)
        cls.foreign = cls._statement(cls.january, cls.bert, credited=500)
        cls.env.flush_all()

    @classmethod
    def _set_up_people(cls):
        cls.anna = cls._user("s_anna", USER, name="Test Anna")
        cls.bert = cls._user("s_bert", USER, name="Test Bert")
        cls.boss = cls._user("s_boss", MANAGER, name="Test Boss")
        cls.other_boss = cls._user("s_other_boss", MANAGER, name="Test Other Boss")
        cls.admin = cls._user("s_admin", ADMIN, name="Test Admin")
        cls.other_admin = cls._user("s_other_admin", ADMIN, name="Test Other Admin")
        cls.elsewhere_company = cls.env["res.company"].create(
            {"name": "Test elsewhere"}
        )
        cls.elsewhere = cls._user(
            "s_elsewhere",
            ADMIN,
            company_id=cls.elsewhere_company.id,
            company_ids=[Command.set(cls.elsewhere_company.ids)],
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Test team", "company_id": cls.company.id, "user_id": cls.boss.id}
        )
        cls.other_team = cls.env["crm.team"].create(
            {
                "name": "Test other team",
                "company_id": cls.company.id,
                "user_id": cls.other_boss.id,
            }
        )

    @classmethod
    def _user(cls, login, groups, **vals):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=vals.pop("company_id", cls.company.id),
            tz="UTC",
            **vals,
        )

    @classmethod
    def _plan(cls, company):
        plan = cls.env["quota.plan"].create(
            {
                "name": f"Test plan {company.name}",
                "company_id": company.id,
                "year": 2025,
            }
        )
        # straight to the state: how a plan is approved is tested elsewhere
        cls.env.flush_all()
        cls.env.cr.execute(
            """UPDATE quota_plan SET state = 'approved', proposer_id = %s,
                      approver_id = %s WHERE id = %s""",
            [cls.admin.id, cls.other_admin.id, plan.id],
        )
        cls.env.invalidate_all()
        return plan

    @classmethod
    def _period(cls, plan, month, day):
        dates = {"date_from": date(2025, month, 1), "date_to": date(2025, month, day)}
        period = plan.period_ids.filtered(
            lambda each: each.date_from == dates["date_from"]
        )
        return period or cls.env["quota.period"].create(
            {"name": f"2025-{month:02}", "plan_id": plan.id, **dates}
        )

    @classmethod
    def _statement(cls, period, user, credited=1200, **vals):
        """Return a computed statement with two lines.

        Up to the target it pays 2 %, above it 5 %.
        """
        commission = credited * 0.02 + max(0, credited - 1000) * 0.03
        first = round(commission * 0.25, 2)
        parts = ((credited * 0.25, first), (credited * 0.75, commission - first))
        return cls.env["quota.statement"].create(
            {
                "plan_id": period.plan_id.id,
                "period_id": period.id,
                "user_id": user.id,
                "team_id": (cls.other_team if user == cls.bert else cls.team).id
                if period.company_id == cls.company
                else False,
                "terms": TERMS,
                "target_amount": 1000,
                "credited": credited,
                "attainment": credited / 1000,
                "commission": commission,
                "total": commission,
                "line_ids": [
                    Command.create(
                        {
                            "date": period.date_from,
                            "move_name": f"INV/{period.name}/{number}",
                            "partner_id": cls.partner.id
                            if hasattr(cls, "partner")
                            else False,
                            "partial_id": number,
                            "amount": amount,
                            "rate": 0.02,
                            "commission": part,
                        }
                    )
                    for number, (amount, part) in enumerate(parts, 1)
                ],
                **vals,
            }
        )

    def _engine(self, compute=lambda engine, periods, users=None: None):
        """Replace what the engine computes: nothing changes unless ``compute`` does.

        The fixture's statements have no invoices; the real engine would empty them.
        """
        return patch.object(
            type(self.env["quota.statement.engine"]), "_compute_statements", compute
        )

    def _confirm(self, *statements):
        """Confirm statements, each as its person."""
        with self._engine():
            for statement in statements:
                statement.with_user(statement.user_id).action_confirm()

    def _approve(self, *statements):
        for statement in statements:
            if statement.state == "computed":
                self._confirm(statement)
            statement.with_user(self.admin).action_approve()

    def _dispute(self, statement, line=None, user=None, **vals):
        return (
            self.env["quota.dispute"]
            .with_user(user or statement.user_id)
            .create(
                {
                    "statement_id": statement.id,
                    "line_id": line.id if line else False,
                    "reason": "amount" if line else "missing",
                    "note": "Look again, please.",
                    **vals,
                }
            )
        )
