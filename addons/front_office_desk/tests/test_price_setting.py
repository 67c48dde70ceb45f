from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, TransactionCase, tagged

from .price_common import SALES, PriceFixture

DAY = datetime(2026, 3, 2, 12)


@tagged("post_install", "-at_install")
class TestPriceSetting(PriceFixture, TransactionCase):
    """Without pricelists nobody signs what would have no effect."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_prices()

    def _switch(self, is_on):
        settings = Form(self.env["res.config.settings"])
        # the other fields of the whole form are not looked at
        settings = settings.save()
        settings.group_product_pricelist = is_on
        settings.set_values()
        self.env.invalidate_all()

    def test_off_no_signature(self):
        profile, proposed, countered = (
            self._profile(date_from=f"2026-0{month}-02", date_to=f"2026-0{month}-20")
            for month in (3, 4, 5)
        )
        (proposed + countered).action_propose()
        countered.line_ids.with_user(self.fay).counter_discount = 10
        countered.with_user(self.fay).action_counter()
        proposed.line_ids.with_user(self.fay).counter_discount = 10
        self._switch(False)
        self.assertTrue(profile.is_pricelist_off)
        for sign in (
            profile.action_propose,
            proposed.with_user(self.fay).action_agree,
            proposed.with_user(self.fay).action_counter,
            countered.action_accept_counter,
        ):
            with self.assertRaisesRegex(UserError, "Settings → Desk → Pricelists"):
                sign()
        states = (profile + proposed + countered).mapped("state")
        self.assertEqual(states, ["draft", "proposed", "countered"])
        self._switch(True)
        self.assertFalse(profile.is_pricelist_off)
        profile.action_propose()
        self.assertEqual(profile.state, "proposed")

    def test_administrator_is_led_to_the_settings(self):
        admin = self._user("d_admin", f"{SALES},base.group_system", name="Test Admin")
        profile = self._profile(admin)
        self._switch(False)
        with self.assertRaises(RedirectWarning) as caught:
            profile.action_propose()
        action = self.env.ref("front_office_desk.desk_settings_action")
        self.assertIn(action.id, caught.exception.args)

    @freeze_time(DAY)
    def test_off_and_on_again(self):
        pricelist = self._agreed().sudo().pricelist_id
        self.assertEqual(self.ada.property_product_pricelist, pricelist)
        self._switch(False)
        self.assertFalse(pricelist.active)
        self.assertFalse(self.ada.property_product_pricelist)
        self._switch(True)
        self.assertTrue(pricelist.active)
        self.assertEqual(self.ada.property_product_pricelist, pricelist)

    @freeze_time(DAY)
    def test_expired_ones_stay_archived(self):
        profile = self._agreed()
        pricelist = profile.sudo().pricelist_id
        profile.sudo()._expire()
        self._switch(False)
        self._switch(True)
        self.assertFalse(pricelist.active)

    def test_special_prices_are_nobody_elses(self):
        # not one other pricelist that Odoo could fall back to
        self.env["product.pricelist"].search([]).active = False
        self.ada.specific_property_product_pricelist = False
        other = self.env["res.partner"].create({"name": "Test other customer"})
        profile = self._agreed()
        self.env.invalidate_all()
        self.assertEqual(profile.state, "active")
        self.assertEqual(self.ada.property_product_pricelist, profile.pricelist_id)
        self.assertFalse(other.property_product_pricelist)
        # and all else costs the customer what it costs everybody
        self.assertNotIn("3_global", profile.pricelist_id.item_ids.mapped("applied_on"))
        self.assertEqual(
            profile.pricelist_id._get_product_price(self.stool.product_variant_id, 1),
            100,
        )
