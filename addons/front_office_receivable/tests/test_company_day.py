from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import ReceivableFixture

# In Auckland it is noon of 17 March, in Los Angeles the afternoon of 16 March.
NOW = "2026-03-16 23:00:00"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestCompanyDay(ReceivableFixture):
    """The day is the company's, whoever asks and wherever they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data_2 = cls.setup_other_company()
        cls.west = cls.company
        cls.east = cls.data_2["company"]
        cls.west.partner_id.tz = "America/Los_Angeles"
        cls.east.partner_id.tz = "Pacific/Auckland"
        cls.eve = cls._make_user("eve", "group_receivable_admin", company=cls.east)
        cls.of_west = cls._invoice(100, "2026-03-01")
        cls.of_east = cls._invoice(
            100,
            "2026-03-01",
            user=cls.eve,
            company_id=cls.east.id,
            journal_id=cls.data_2["default_journal_sale"].id,
        )
        cls.both = cls.env["res.users"].create(
            {
                "name": "Both",
                "login": "receivable_both",
                "tz": "Asia/Tokyo",
                "company_id": cls.west.id,
                "company_ids": [Command.set((cls.west + cls.east).ids)],
                "group_ids": [
                    Command.set(
                        cls.env.ref(
                            "front_office_receivable.group_receivable_admin"
                        ).ids
                    )
                ],
            }
        )

    def _promises(self, day="2026-03-12"):
        west = self._call(self.of_west, [(day, 100)])
        east = self._call(
            self.of_east, [(day, 100)], user=self.eve, company_id=self.east.id
        )
        return west, east

    def test_zones(self):
        companies = self.env["res.company"]
        with freeze_time(NOW):
            days = companies._get_receivable_today()
            self.assertEqual(str(days[self.west.id]), "2026-03-16")
            self.assertEqual(str(days[self.east.id]), "2026-03-17")
            # the schedule's where the address has none, and UTC where neither has
            self.east.partner_id.tz = False
            self.east.resource_calendar_id.tz = "Asia/Tokyo"
            days = companies._get_receivable_today()
            self.assertEqual(str(days[self.east.id]), "2026-03-17")
            self.east.resource_calendar_id = False
            days = companies._get_receivable_today()
            self.assertEqual(str(days[self.east.id]), "2026-03-16")

    def test_one_constant_where_all_have_the_same_day(self):
        companies = self.env["res.company"]
        self.env["res.partner"].search([("ref_company_ids", "!=", False)]).tz = "UTC"
        code = companies._receivable_today(SQL("company_id")).code
        self.assertNotIn("CASE", code)
        self.east.partner_id.tz = "Pacific/Auckland"
        with freeze_time(NOW):
            code = companies._receivable_today(SQL("company_id")).code
        self.assertIn("CASE", code)

    def test_broken_where_the_day_is_over(self):
        west, east = self._promises()
        self.assertEqual(str(east.promise_ids.deadline), "2026-03-16")
        with freeze_time(NOW):
            # whoever runs it: their own day is of no account
            self.env.user.tz = "Pacific/Kiritimati"
            self._decide()
            self.assertEqual(west.promise_ids.state, "open")
            self.assertEqual(east.promise_ids.state, "broken")
            case = self._item(self.of_east).case_id
            self.assertEqual(str(case.next_call_date), "2026-03-18")
            self.assertEqual(str(east.sudo().activity_ids.date_deadline), "2026-03-18")
            self.assertFalse(west.sudo().activity_ids)
        with freeze_time("2026-03-17 08:00:00"):
            self._decide()
            # the first hour of 17 March in Los Angeles
            self.assertEqual(west.promise_ids.state, "broken")

    def test_board_and_figures(self):
        west = self._invoice(100, "2026-03-16")
        east = self._invoice(
            100,
            "2026-03-16",
            user=self.eve,
            company_id=self.east.id,
            journal_id=self.data_2["default_journal_sale"].id,
        )
        with freeze_time(NOW):
            companies = (self.west + self.east).ids
            self.env.flush_all()
            items = (
                self.env["receivable.item"]
                .with_user(self.both)
                .with_context(allowed_company_ids=companies)
                .search([("move_id", "in", (west + east).ids)])
                .grouped("company_id")
            )
            self.assertEqual(items[self.west].overdue, False)
            self.assertEqual((items[self.west].days, items[self.west].bucket), (0, "0"))
            self.assertEqual(items[self.east].overdue, True)
            self.assertEqual((items[self.east].days, items[self.east].bucket), (1, "1"))
            expected = self.env["receivable.expected"].search(
                [("move_id", "in", (west + east).ids)]
            )
            sources = {row.move_id: row.source for row in expected}
            self.assertEqual(sources, {west: "due", east: "late"})

    def test_next_call_and_pause(self):
        with freeze_time(NOW):
            west = self._call(self.of_west)
            east = self._call(self.of_east, user=self.eve, company_id=self.east.id)
            # five working days after Monday, and after Tuesday
            self.assertEqual(str(west.next_call_date), "2026-03-23")
            self.assertEqual(str(east.next_call_date), "2026-03-24")
            moves = self.of_west + self.of_east
            moves._pause_receivable("Scratched")
            cases = self._item(moves).case_id.grouped("company_id")
            self.assertEqual(str(cases[self.west].paused_on), "2026-03-16")
            self.assertEqual(str(cases[self.east].paused_on), "2026-03-17")

    def test_cron_of_both(self):
        west, east = self._promises()
        cron = self.env.ref("front_office_receivable.ir_cron_decide_promises")
        root = self.env.ref("base.user_root")
        with freeze_time(NOW), self.enter_registry_test_mode():
            cron.with_user(root).method_direct_trigger()
        self.assertEqual(
            (west.promise_ids.state, east.promise_ids.state), ("open", "broken")
        )
        self.assertEqual(len(east.sudo().activity_ids), 1)
