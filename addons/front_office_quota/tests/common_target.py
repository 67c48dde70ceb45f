from odoo import Command
from odoo.tests import new_test_user


class TargetFixture:
    """A plan of 2026 with its first quarter, two people in a team, their leader."""

    @classmethod
    def set_up_targets(cls):
        cls.company = cls.env["res.company"].create({"name": "Quota Ltd"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        groups = "front_office_quota.group_quota_"
        cls.admin = cls.new_person("quota admin", groups + "admin")
        cls.leader = cls.new_person("quota leader", groups + "manager")
        cls.anna = cls.new_person("quota anna", groups + "user")
        cls.bert = cls.new_person("quota bert", groups + "user")
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "user_id": cls.leader.id, "company_id": cls.company.id}
        )
        cls.plan = cls.env["quota.plan"].create(
            {"name": "Plan 2026", "year": 2026, "company_id": cls.company.id}
        )
        cls.january, cls.february = cls.periods_of(cls.plan)[:2]

    @classmethod
    def new_person(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            tz="UTC",
        )

    @classmethod
    def periods_of(cls, plan):
        """Return the periods of a plan, made where the plan has none."""
        if not plan.period_ids:
            cls.env["quota.period"].create(
                [
                    {
                        "plan_id": plan.id,
                        "name": f"2026-{month:02}",
                        "date_from": f"2026-{month:02}-01",
                        "date_to": f"2026-{month:02}-28",
                        "quarter": "2026-Q1",
                    }
                    for month in (1, 2, 3)
                ]
            )
        return plan.period_ids.sorted("date_from")

    @classmethod
    def target(cls, holder, amount=1000.0, period=None, **values):
        """Make a target for a person or a team."""
        is_person = holder._name == "res.users"
        return cls.env["quota.target"].create(
            {
                "plan_id": cls.plan.id,
                "period_id": (period or cls.january).id,
                "user_id" if is_person else "team_id": holder.id,
                "full_amount": amount,
                **values,
            }
        )
