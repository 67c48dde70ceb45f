from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestImprovement(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.box, cls.driver = cls.env["desk.cause"].create(
            [
                {"name": "Test box", "category": "delivery"},
                {"name": "Test driver", "category": "people"},
            ]
        )

    def _improvement(self, request, owner=None, **vals):
        return (
            self.env["desk.improvement"]
            .with_user(self.rita)
            .create(
                {
                    "name": "Thicker box",
                    "request_id": request.id,
                    "user_id": (owner or self.rita).id,
                    "date_due": "2026-03-20",
                    "check_days": 10,
                    **vals,
                }
            )
        )

    def test_complaint_needs_a_cause_and_an_improvement(self):
        request = self._answered()
        with self.assertRaisesRegex(UserError, "closes with its cause"):
            request.action_close()
        request.cause_id = self.box
        with self.assertRaisesRegex(UserError, "add an improvement"):
            request.action_close()
        request.no_improvement_reason = "   "
        with self.assertRaisesRegex(UserError, "add an improvement"):
            request.action_close()
        self._improvement(request)
        request.action_close()
        self.assertEqual(request.state, "closed")

    def test_reason_is_enough(self):
        request = self._answered()
        request.cause_id = self.box
        request.no_improvement_reason = "The customer dropped it."
        request.action_close()
        self.assertEqual(request.state, "closed")
        with self.assertRaisesRegex(UserError, "is closed and stays"):
            request.cause_id = self.driver

    def test_other_types_close_without(self):
        request = self._answered(type_id=self.other_type.id)
        request.action_close()
        self.assertEqual(request.state, "closed")

    def test_effect_is_checked_later_by_somebody_else(self):
        improvement = self._improvement(self._request(), self.bo)
        self.assertEqual(improvement.activity_ids.user_id, self.bo)
        with freeze_time("2026-03-10 12:00:00"):
            improvement.with_user(self.bo).action_done()
        self.assertEqual(improvement.date_check, date(2026, 3, 20))
        self.assertEqual(improvement.activity_ids.user_id, self.boss)
        wizard = (
            self.env["desk.improvement.check"]
            .with_user(self.boss)
            .create({"improvement_id": improvement.id, "note": "None came again."})
        )
        with freeze_time("2026-03-19 12:00:00"):
            with self.assertRaisesRegex(UserError, "checked from"):
                wizard.action_effective()
        with freeze_time("2026-03-20 12:00:00"):
            with self.assertRaisesRegex(UserError, "you own it"):
                improvement.with_user(self.bo).action_effective("Yes")
            with self.assertRaisesRegex(UserError, "the back office checks"):
                improvement.with_user(self.rita).action_effective("Yes")
            with self.assertRaisesRegex(UserError, "what you have seen"):
                improvement.with_user(self.boss).action_effective(" ")
            wizard.action_effective()
            with self.assertRaisesRegex(UserError, "was checked already"):
                wizard.action_ineffective()
        self.assertEqual(improvement.state, "effective")
        self.assertEqual(improvement.checked_by_id, self.boss)

    def test_owner_is_refused_by_the_database_too(self):
        improvement = self._improvement(self._request(), self.bo).sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            improvement.write(
                {
                    "state": "effective",
                    "checked_by_id": self.bo.id,
                    "effect_note": "Yes",
                }
            )
            improvement.flush_recordset()

    def test_owner_does_not_change_after_it_was_done(self):
        improvement = self._improvement(self._request(), self.bo)
        improvement.action_done()
        with self.assertRaisesRegex(UserError, "its owner too"):
            improvement.user_id = self.bea
        with self.assertRaisesRegex(UserError, "with the buttons"):
            improvement.state = "open"

    def test_kept_with_a_closed_complaint(self):
        request = self._answered()
        request.cause_id = self.box
        improvement = self._improvement(request)
        loose = self._improvement(self._request())
        request.action_close()
        with self.assertRaisesRegex(UserError, "it is kept"):
            improvement.with_user(self.boss).unlink()
        loose.with_user(self.boss).unlink()
        self.assertFalse(loose.exists())

    # --- causes and costs -------------------------------------------------------

    def _refund(self, partner, amount):
        move = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": partner.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Chair", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def test_cost_is_what_was_refunded(self):
        request = self._request()
        refunds = self._refund(self.ada, 40) + self._refund(self.ada, 2.5)
        request.refund_ids = refunds
        self.assertEqual(request.cost, 42.5)
        refunds[0].button_draft()
        self.assertEqual(request.cost, 2.5)
        with self.assertRaisesRegex(ValidationError, "no refund of this customer"):
            request.refund_ids |= self._refund(self.ben, 1)

    def test_pareto(self):
        self.env["desk.request"].search([]).sudo().cause_id = False
        for cause, number in ((self.box, 3), (self.driver, 1)):
            for _each in range(number):
                self._request(cause_id=cause.id)
        self._request(type_id=self.other_type.id, cause_id=self.driver.id)
        rows = self.env["desk.cause.report"].with_user(self.bo).search([])
        self.assertEqual(
            [
                (row.cause_id, row.complaints, row.share, row.running_share)
                for row in rows
            ],
            [(self.box, 3, 0.75, 0.75), (self.driver, 1, 0.25, 1)],
        )
        self.assertFalse(
            self.env["desk.cause.report"].with_user(self.elsewhere).search([])
        )
