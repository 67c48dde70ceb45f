from freezegun import freeze_time

from odoo import Command

from .common import DeskFixture

SALES = "sales_team.group_sale_salesman"
FINANCE = "front_office_desk.group_desk_finance"


class PriceFixture(DeskFixture):
    """Salespeople, finance and two products; mix into a test case class."""

    @classmethod
    def _set_up_prices(cls):
        cls._set_up_desk()
        cls.sue = cls._user("d_sue", SALES, name="Test Sue")
        cls.sam = cls._user("d_sam", SALES, name="Test Sam")
        cls.fay = cls._user("d_fay", FINANCE, name="Test Fay")
        cls.both = cls._user("d_both", f"{SALES},{FINANCE}", name="Test Both")
        cls._switch_pricelists_on()
        cls.company.desk_margin_floor = 0.2
        cls.category = cls.env["product.category"].create({"name": "Test chairs"})
        cls.chair, cls.stool = cls.env["product.template"].create(
            [
                {
                    "name": f"Test {name}",
                    "list_price": 100,
                    "standard_price": cost,
                    "categ_id": cls.category.id,
                    "taxes_id": False,
                }
                for name, cost in (("chair", 60), ("stool", 20))
            ]
        )
        cls.former = cls.env["product.pricelist"].create({"name": "Test former"})
        cls.ada.specific_property_product_pricelist = cls.former

    @classmethod
    def _profile(cls, user=None, discount=20, **vals):
        return (
            cls.env["desk.price.profile"]
            .with_user(user or cls.sue)
            .create(
                {
                    "partner_id": cls.ada.id,
                    "date_from": "2026-03-02",
                    "date_to": "2026-03-31",
                    "line_ids": [
                        Command.create(
                            {"product_tmpl_id": cls.chair.id, "discount": discount}
                        )
                    ],
                    **vals,
                }
            )
        )

    def _agreed(self, day="2026-03-02 12:00:00", **vals):
        with freeze_time(day):
            profile = self._profile(**vals)
            profile.action_propose()
            profile.with_user(self.fay).action_agree()
        return profile

    def _run_cron(self, day):
        cron = self.env.ref("front_office_desk.ir_cron_profiles")
        with freeze_time(day), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
