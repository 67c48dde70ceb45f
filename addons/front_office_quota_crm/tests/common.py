from odoo import Command

from odoo.addons.front_office_quota.tests.common_target import TargetFixture


class PipelineFixture(TargetFixture):
    """The people of :class:`TargetFixture`, with opportunities. Today is 9 February."""

    @classmethod
    def set_up_pipeline(cls):
        cls.set_up_targets()
        cls.march = cls.periods_of(cls.plan)[2]
        own = cls.env.ref("sales_team.group_sale_salesman")
        (cls.anna + cls.bert).group_ids = [Command.link(own.id)]
        (cls.leader + cls.admin).group_ids = [
            Command.link(cls.env.ref("sales_team.group_sale_salesman_all_leads").id)
        ]

    @classmethod
    def lead(cls, user=None, amount=1000.0, probability=50.0, **values):
        """Make an opportunity that closes on 20 February unless told otherwise."""
        return cls.env["crm.lead"].create(
            {
                "name": "Quota opportunity",
                "type": "opportunity",
                "user_id": user.id if user else False,
                "team_id": False,
                "company_id": cls.company.id,
                "expected_revenue": amount,
                "probability": probability,
                "date_deadline": "2026-02-20",
                **values,
            }
        )

    def refresh(self, day="2026-02-09"):
        self.env["quota.target"]._refresh_forecast(
            self.env["quota.target"]._fields["date_from"].to_date(day)
        )
