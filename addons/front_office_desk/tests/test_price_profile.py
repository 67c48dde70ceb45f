from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .price_common import FINANCE, PriceFixture


@tagged("post_install", "-at_install")
class TestPriceProfile(PriceFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_prices()

    def test_both_signatures_make_the_pricelist(self):
        profile = self._agreed()
        self.assertEqual(profile.state, "active")
        self.assertEqual(
            (profile.sales_signer_id, profile.finance_signer_id), (self.sue, self.fay)
        )
        pricelist = profile.sudo().pricelist_id
        self.assertEqual(self.ada.specific_property_product_pricelist, pricelist)
        with freeze_time("2026-03-10"):
            prices = [
                pricelist._get_product_price(product.product_variant_id, 1)
                for product in (self.chair, self.stool)
            ]
        self.assertEqual(prices, [80, 100])

    def test_all_else_costs_what_it_did(self):
        self.former.item_ids = [
            Command.create(
                {
                    "applied_on": "3_global",
                    "compute_price": "percentage",
                    "percent_price": 5,
                }
            )
        ]
        pricelist = self._agreed().sudo().pricelist_id
        with freeze_time("2026-03-10"):
            price = pricelist._get_product_price(self.stool.product_variant_id, 1)
        self.assertEqual(price, 95)

    def test_begins_on_its_day_and_expires(self):
        profile = self._agreed("2026-02-20 12:00:00")
        self.assertEqual(profile.state, "agreed")
        self.assertEqual(self.ada.specific_property_product_pricelist, self.former)
        self._run_cron("2026-03-01 12:00:00")
        self.assertEqual(profile.state, "agreed")
        self._run_cron("2026-03-02 12:00:00")
        self.assertEqual(profile.state, "active")
        pricelist = profile.sudo().pricelist_id
        self.assertEqual(self.ada.specific_property_product_pricelist, pricelist)
        self._run_cron("2026-03-31 12:00:00")
        self.assertEqual(profile.state, "active")
        self._run_cron("2026-04-01 12:00:00")
        self.assertEqual(profile.state, "expired")
        self.assertEqual(self.ada.specific_property_product_pricelist, self.former)
        self.assertFalse(pricelist.active)
        told = profile.sudo().activity_ids.user_id
        self.assertEqual(told, self.sue + self.fay)

    def test_another_pricelist_in_between_stays(self):
        profile = self._agreed()
        other = self.former.copy()
        self.ada.specific_property_product_pricelist = other
        self._run_cron("2026-04-01 12:00:00")
        self.assertEqual(profile.state, "expired")
        self.assertEqual(self.ada.specific_property_product_pricelist, other)

    def test_finance_sees_margins_and_sales_does_not(self):
        line = self._profile().line_ids
        margins = ["margin", "past_margin", "highest_discount"]
        with self.assertRaises(AccessError):
            line.with_user(self.sue).read(margins)
        [figures] = line.with_user(self.fay).read(margins)
        self.assertAlmostEqual(figures["margin"], 0.25)
        self.assertAlmostEqual(figures["highest_discount"], 25)

    def test_past_sales_weigh_a_category(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.ada.id,
                "invoice_date": "2026-02-02",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.product_variant_id.id,
                            "quantity": quantity,
                            "price_unit": 100,
                            "tax_ids": False,
                        }
                    )
                    for product, quantity in ((self.chair, 1), (self.stool, 3))
                ],
            }
        )
        move.action_post()
        profile = self._profile(
            line_ids=[Command.create({"categ_id": self.category.id, "discount": 50})]
        )
        with freeze_time("2026-03-02"):
            line = profile.line_ids.with_user(self.fay)
            self.assertAlmostEqual(line.past_revenue, 400)
            self.assertAlmostEqual(line.past_margin, 0.7)
            self.assertAlmostEqual(line.margin, 0.4)

    def test_floor(self):
        profile = self._profile(discount=26)
        profile.action_propose()
        with self.assertRaisesRegex(UserError, "less than 20.0 %. Offer 25 % at most"):
            profile.with_user(self.fay).action_agree()
        self.assertEqual(profile.state, "proposed")
        profile.line_ids.with_user(self.fay).counter_discount = 30
        with self.assertRaisesRegex(UserError, "at most"):
            profile.with_user(self.fay).action_counter()

    def test_finance_offers_and_sales_accepts(self):
        profile = self._profile(discount=40)
        profile.action_propose()
        with self.assertRaisesRegex(UserError, "write on each line"):
            profile.with_user(self.fay).action_counter()
        profile.line_ids.with_user(self.fay).counter_discount = 10
        profile.with_user(self.fay).action_counter()
        self.assertEqual(profile.state, "countered")
        self.assertFalse(profile.sales_signer_id)
        profile.action_accept_counter()
        self.assertEqual(profile.sudo().pricelist_id.item_ids[:1].percent_price, 10)
        self.assertIn(profile.state, ("agreed", "active"))

    def test_sales_proposes_anew(self):
        profile = self._profile(discount=40)
        profile.action_propose()
        profile.line_ids.with_user(self.fay).counter_discount = 10
        profile.with_user(self.fay).action_counter()
        profile.line_ids.discount = 15
        profile.action_propose()
        self.assertFalse(profile.finance_signer_id or profile.is_countered)
        profile.with_user(self.fay).action_agree()
        self.assertEqual(profile.sudo().pricelist_id.item_ids[:1].percent_price, 15)

    def test_nobody_signs_both_sides(self):
        profile = self._profile(self.both)
        profile.action_propose()
        with self.assertRaisesRegex(UserError, "signed for the other side"):
            profile.action_agree()
        profile.line_ids.counter_discount = 10
        with self.assertRaisesRegex(UserError, "signed for the other side"):
            profile.action_counter()
        other = self._profile(self.both)
        other.action_propose()
        other.line_ids.with_user(self.fay).counter_discount = 10
        other.with_user(self.fay).action_counter()
        other.action_accept_counter()
        self.assertEqual(other.finance_signer_id, self.fay)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            profile.sudo().finance_signer_id = self.both
            profile.sudo().flush_recordset()

    def test_one_at_a_time(self):
        first = self._agreed()
        with self.assertRaisesRegex(ValidationError, "already"):
            self._agreed()
        later = self._agreed(date_from="2026-04-01", date_to="2026-04-30")
        self.assertEqual((first.state, later.state), ("active", "agreed"))

    def test_refused(self):
        profile = self._profile()
        profile.action_propose()
        with self.assertRaisesRegex(UserError, "can't be changed by finance"):
            profile.action_refuse()
        profile.with_user(self.fay).action_refuse()
        self.assertEqual(profile.state, "refused")

    # --- access -------------------------------------------------------------------

    def test_each_side_writes_its_own(self):
        profile = self._profile()
        with self.assertRaisesRegex(UserError, "can't be changed by finance"):
            profile.line_ids.with_user(self.fay).counter_discount = 5
        profile.action_propose()
        for change in (
            lambda: profile.line_ids.write({"discount": 50}),
            lambda: profile.line_ids.unlink(),
            lambda: profile.write({"date_to": "2027-01-01"}),
            lambda: profile.line_ids.with_user(self.fay).write({"discount": 5}),
        ):
            with self.assertRaisesRegex(UserError, "can't be changed by sales"):
                change()
        with self.assertRaisesRegex(UserError, "was proposed and is kept"):
            profile.unlink()

    def test_buttons_are_not_written_around(self):
        profile = self._profile(state="active", finance_signer_id=self.fay.id)
        self.assertEqual(
            (profile.state, profile.finance_signer_id.id), ("draft", False)
        )
        for user in (self.sue, self.fay):
            with self.assertRaisesRegex(UserError, "by the buttons"):
                profile.with_user(user).state = "active"
        with self.assertRaisesRegex(UserError, "What was signed stays"):
            profile.line_ids.with_user(self.fay).signed_margin = 1

    def test_strangers(self):
        profile = self._profile()
        elsewhere = self._user(
            "d_fay_elsewhere",
            FINANCE,
            company_id=self.elsewhere_company.id,
            company_ids=[Command.set(self.elsewhere_company.ids)],
        )
        for user in (self.sam, self.plain, self.rita, elsewhere):
            for record in (profile, profile.line_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["state"])
        with self.assertRaises(AccessError):
            profile.with_user(self.sam).action_propose()

    def test_discounts_are_sensible(self):
        for vals in (
            {"discount": 100},
            {"discount": 0},
            {"categ_id": self.category.id},
            {"product_tmpl_id": False},
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                profile = self._profile()
                profile.line_ids.write(vals)
                profile.line_ids.flush_recordset()
