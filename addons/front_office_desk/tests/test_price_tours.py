from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestPriceTours(DeskFixture, HttpCase):
    def test_signed_by_both(self):
        self._set_up_desk()
        self._switch_pricelists_on()
        sales = self._user("d_sue", "sales_team.group_sale_salesman")
        finance = self._user("d_fay", "front_office_desk.group_desk_finance")
        product = self.env["product.template"].create(
            {"name": "Test chair", "list_price": 100, "standard_price": 40}
        )
        start = fields.Date.today() + relativedelta(days=2)
        profile = (
            self.env["desk.price.profile"]
            .with_user(sales)
            .create(
                {
                    "partner_id": self.ada.id,
                    "date_from": start,
                    "date_to": start + relativedelta(months=1),
                    "line_ids": [
                        Command.create({"product_tmpl_id": product.id, "discount": 10})
                    ],
                }
            )
        )
        url = f"/odoo/desk-price-profiles/{profile.id}"
        self.start_tour(url, "front_office_desk_price_sales", login="d_sue")
        self.start_tour(url, "front_office_desk_price_finance", login="d_fay")
        self.env.invalidate_all()
        self.assertEqual(
            (profile.sales_signer_id, profile.finance_signer_id), (sales, finance)
        )
        self.assertTrue(profile.sudo().pricelist_id)
