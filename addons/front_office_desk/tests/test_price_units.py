from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase, tagged

from .price_common import PriceFixture

DAY = datetime(2026, 3, 2, 12)


@tagged("post_install", "-at_install")
class TestPriceUnits(PriceFixture, TransactionCase):
    """Past sales in other units, and days where the company is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_prices()
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env["uom.uom"].create(
            {
                "name": "Test dozen",
                "relative_factor": 12,
                "relative_uom_id": cls.unit.id,
            }
        )

    def _move(self, move_type, quantity, unit, price):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.ada.id,
                "invoice_date": "2026-02-02",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.chair.product_variant_id.id,
                            "quantity": quantity,
                            "product_uom_id": unit.id,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        move.action_post()

    @freeze_time(DAY)
    def test_sold_by_the_dozen(self):
        self._move("out_invoice", 2, self.dozen, 1200)
        line = self._profile().line_ids.with_user(self.fay)
        # 24 chairs for 2400 that cost 60 each
        self.assertAlmostEqual(line.past_revenue, 2400)
        self.assertAlmostEqual(line.past_margin, 0.4)

    @freeze_time(DAY)
    def test_several_units_and_a_return(self):
        self._move("out_invoice", 2, self.dozen, 1200)
        self._move("out_invoice", 6, self.unit, 100)
        self._move("out_refund", 1, self.dozen, 1200)
        line = self._profile().line_ids.with_user(self.fay)
        # 24 + 6 - 12 chairs
        self.assertAlmostEqual(line.past_revenue, 1800)
        self.assertAlmostEqual(line.past_margin, 1 - 18 * 60 / 1800)

    @freeze_time(DAY)
    def test_product_that_is_kept_by_the_dozen(self):
        self.chair.write({"uom_id": self.dozen.id, "standard_price": 720})
        self._move("out_invoice", 6, self.unit, 100)
        line = self._profile().line_ids.with_user(self.fay)
        self.assertAlmostEqual(line.past_margin, 1 - 0.5 * 720 / 600)

    def _days(self, tz):
        self.company.partner_id.tz = tz
        profile = self._agreed().sudo()
        items = profile.pricelist_id.item_ids.filtered("date_start")
        return items.date_start, items.date_end

    def test_days_where_the_company_is(self):
        self.assertEqual(
            self._days("Europe/Madrid"),
            # summer time begins in between
            (datetime(2026, 3, 1, 23), datetime(2026, 3, 31, 21, 59, 59)),
        )

    def test_days_west_of_greenwich(self):
        start, end = self._days("America/Los_Angeles")
        self.assertEqual(start, datetime(2026, 3, 2, 8))
        self.assertEqual(end, datetime(2026, 4, 1, 6, 59, 59))

    def test_prices_begin_at_midnight_of_the_company(self):
        self.company.partner_id.tz = "Europe/Madrid"
        pricelist = self._agreed().sudo().pricelist_id
        chair = self.chair.product_variant_id
        for moment, price in (
            (datetime(2026, 3, 1, 22, 59), 100),
            (datetime(2026, 3, 1, 23, 1), 80),
            (datetime(2026, 3, 31, 21, 59), 80),
            (datetime(2026, 3, 31, 22, 1), 100),
        ):
            found = pricelist._get_product_price(chair, 1, date=moment)
            self.assertEqual(found, price, moment)

    def test_which_zone(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        self.assertEqual(self.company._desk_get_tz(), "Asia/Tokyo")
        with freeze_time("2026-03-01 20:00:00"):
            self.assertEqual(self.company._desk_today(), date(2026, 3, 2))
        self.company.resource_calendar_id = False
        self.env.user.tz = "America/Lima"
        self.assertEqual(self.company._desk_get_tz(), "America/Lima")

    def test_begins_and_ends_with_the_day_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        profile = self._agreed("2026-02-20 12:00:00")
        self._run_cron("2026-03-01 10:30:00")
        self.assertEqual(profile.state, "agreed")
        self._run_cron("2026-03-01 11:30:00")
        self.assertEqual(profile.state, "active")
        self._run_cron("2026-03-31 10:30:00")
        self.assertEqual(profile.state, "active")
        self._run_cron("2026-03-31 11:30:00")
        self.assertEqual(profile.state, "expired")
