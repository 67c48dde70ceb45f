from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture

SALES = "sales_team.group_sale_salesman"
FINANCE = "front_office_desk.group_desk_finance"


@tagged("post_install", "-at_install")
class TestWaysAroundSignatures(DeskFixture, TransactionCase):
    """Both sides sign the same: nothing changes between the signatures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls._switch_pricelists_on()
        cls.sue = cls._user("d_sue", SALES, name="Test Sue")
        cls.fay = cls._user("d_fay", FINANCE, name="Test Fay")
        cls.chair, cls.stool = cls.env["product.template"].create(
            [
                {"name": name, "list_price": 100, "standard_price": 10}
                for name in ("Test chair", "Test stool")
            ]
        )
        cls.ada.specific_property_product_pricelist = cls.env[
            "product.pricelist"
        ].create({"name": "Test former"})

    def _countered(self):
        line = Command.create({"product_tmpl_id": self.chair.id, "discount": 20})
        profile = (
            self.env["desk.price.profile"]
            .with_user(self.sue)
            .create(
                {
                    "partner_id": self.ada.id,
                    "date_from": "2026-03-02",
                    "date_to": "2026-03-31",
                    "line_ids": [line],
                }
            )
        )
        profile.action_propose()
        profile.with_user(self.fay).line_ids.counter_discount = 5
        profile.with_user(self.fay).action_counter()
        return profile

    def test_what_finance_signed_is_not_changed(self):
        line = Command.create({"product_tmpl_id": self.stool.id, "discount": 90})
        for vals in (
            {"partner_id": self.ben.id},
            {"date_to": "2099-01-01"},
            {"line_ids": [line]},
            {"line_ids": [Command.clear()]},
            "product",
            "discount",
        ):
            with self.subTest(str(vals)):
                profile = self._countered()
                if vals == "product":
                    profile.line_ids.product_tmpl_id = self.stool
                elif vals == "discount":
                    profile.line_ids.discount = 90
                else:
                    profile.write(vals)
                self.assertEqual(profile.state, "draft")
                self.assertFalse(profile.finance_signer_id)
                with self.assertRaisesRegex(UserError, "has offered nothing else"):
                    profile.action_accept_counter()
                with self.assertRaisesRegex(UserError, "was proposed and is kept"):
                    profile.unlink()

    def test_changed_offer_goes_round_again(self):
        profile = self._countered()
        profile.line_ids.discount = 10
        profile.action_propose()
        self.assertEqual((profile.state, profile.is_countered), ("proposed", False))
        with freeze_time("2026-03-02 12:00:00"):
            profile.with_user(self.fay).action_agree()
        [rule, _base] = profile.sudo().pricelist_id.item_ids.sorted("applied_on")
        self.assertEqual((rule.percent_price, profile.state), (10, "active"))

    def test_note_changes_nothing(self):
        profile = self._countered()
        profile.note = "The customer has seen it."
        self.assertEqual(profile.state, "countered")

    @freeze_time("2026-03-02 12:00:00")
    def test_no_discount_by_the_context(self):
        profile = self._countered().with_context(
            default_price_discount=90, default_fixed_price=1, default_percent_price=99
        )
        profile.action_accept_counter()
        items = profile.sudo().pricelist_id.item_ids
        self.assertEqual(len(items), 2)
        self.assertFalse(any(items.mapped("price_discount")))
        self.assertFalse(any(items.mapped("fixed_price")))

    @freeze_time("2026-03-02 12:00:00")
    def test_two_signed_in_the_same_moment(self):
        one, other = self._countered(), self._countered()
        one.action_accept_counter()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE desk_price_profile SET sales_signer_id = %s WHERE id = %s",
            [self.sue.id, other.id],
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env.cr.execute(
                "UPDATE desk_price_profile SET state = 'agreed' WHERE id = %s",
                [other.id],
            )
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    @freeze_time("2026-03-02 12:00:00")
    def test_signed_pricelist_is_not_deleted(self):
        profile = self._countered()
        profile.action_accept_counter()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            profile.sudo().pricelist_id.unlink()
        self.assertTrue(profile.sudo().pricelist_id.exists())


@tagged("post_install", "-at_install")
class TestWaysAroundRequests(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls._switch_pricelists_on()
        cls.sue = cls._user("d_sue", SALES, name="Test Sue")

    def test_complaint_does_not_end_in_another_request(self):
        complaint = self._answered()
        other = self._answered(type_id=self.other_type.id)
        with self.assertRaisesRegex(UserError, "is a complaint and closes only"):
            complaint._merge_into(other)
        other._merge_into(complaint)
        with self.assertRaisesRegex(UserError, "closes with its cause"):
            complaint.action_close()

    def _proposal(self, user=None, **vals):
        return (
            self.env["desk.proposal"]
            .with_user(user or self.rita)
            .create({"name": "Test chairs", "partner_id": self.ada.id, **vals})
        )

    def test_merge_keeps_proposals_and_profiles(self):
        source, target = self._request(), self._request()
        proposal = self._proposal(request_id=source.id)
        profile = self.env["desk.price.profile"].create(
            {
                "partner_id": self.ada.id,
                "request_id": source.id,
                "date_to": "2099-01-01",
            }
        )
        source._merge_into(target)
        self.assertEqual(proposal.request_id, target)
        self.assertEqual(profile.request_id, target)
        # one proposal a request: the second one stays to be found
        second = self._request()
        other = self._proposal(request_id=second.id)
        second._merge_into(target)
        self.assertEqual(other.request_id, second)

    def test_opportunity_of_others_is_not_won(self):
        lead = self.env["crm.lead"].create(
            {"name": "Test lead", "type": "opportunity", "user_id": self.sue.id}
        )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._proposal(lead_id=lead.id)
        proposal = self._proposal()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            proposal.lead_id = lead
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["desk.proposal"].with_user(self.rita).with_context(
                default_lead_id=lead.id
            ).create({"name": "x", "partner_id": self.ada.id})

    def test_clock_of_others_is_not_stopped(self):
        request = self._handed(user=self.other_front)
        request.with_user(self.bo).action_accept()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._proposal(request_id=request.id)
        self.assertTrue(self._proposal(self.bo, request_id=request.id))

    def test_customer_is_not_asked_about_another_one(self):
        request = self._request()
        with self.assertRaisesRegex(ValidationError, "for another customer"):
            self._proposal(request_id=request.id, partner_id=self.ben.id)

    # --- customers --------------------------------------------------------------

    def test_other_customer_does_not_read_what_was_said(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_await_customer("A secret of Ada?")
        request.with_user(self.bo).action_return("This is Ben's")
        with self.assertRaisesRegex(UserError, "Test Ada follows it already"):
            request.partner_id = self.ben
        colleague = self.env["res.partner"].create(
            {"name": "Test Ada's colleague", "parent_id": self.ada.id}
        )
        request.partner_id = colleague

    def test_link_of_the_former_customer(self):
        request = self._request()
        request.partner_id = self.ben
        request.partner_id = self.ada
        request.sudo()._portal_ensure_token()
        with self.assertRaisesRegex(UserError, "Test Ada follows it already"):
            request.partner_id = self.ben

    def test_lines_of_an_answer_stay(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).action_answer("One\nTwo <b>three</b>")
        self.assertRegex(request.sudo().message_ids[:1].body, r"One<br */?>\s*Two &lt;")
        other = self._handed()
        other.with_user(self.bo).action_return("1 < 2 <b>x</b>")
        self.assertIn("&lt;b&gt;", other.sudo().activity_ids.note)

    def test_duplicate_begins_without_cause_and_cost(self):
        cause = self.env["desk.cause"].create({"name": "Test cause"})
        refund = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.ada.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create({"name": "Chair", "price_unit": 5, "tax_ids": False})
                ],
            }
        )
        refund.action_post()
        request = self._request(cause_id=cause.id, no_improvement_reason="None")
        request.refund_ids = refund
        twin = request.copy()
        self.assertFalse(twin.cause_id or twin.refund_ids or twin.cost)
        self.assertFalse(twin.no_improvement_reason)
        proposal = self._proposal(request_id=request.id)
        self.assertFalse(proposal.copy().request_id)

    def test_deleted_request_leaves_its_customer_waiting(self):
        contact = (
            self.env["desk.contact"]
            .with_user(self.other_front)
            .create({"name": "Call", "partner_id": self.ada.id})
        )
        request = self._request(
            user=self.other_front, contact_ids=[Command.link(contact.id)]
        )
        self.assertEqual((contact.outcome, contact.state), ("handed", "settled"))
        request.with_user(self.boss).unlink()
        self.assertEqual((contact.outcome, contact.state), (False, "open"))

    # --- ratings ----------------------------------------------------------------

    def test_who_is_rated_does_not_write_the_rating(self):
        request = self._answered(type_id=self.other_type.id)
        request.action_close()
        model = self.env["ir.model"]._get_id("desk.request")
        forged = {"res_model_id": model, "res_id": request.id, "rating": 5}
        rating = request.sudo().rating_ids
        customer = request.with_user(self.env.ref("base.public_user")).sudo()
        customer.rating_apply(1, rating=rating, feedback="Secret words")
        for user in (self.rita, self.bo, self.boss, self.plain):
            ratings = self.env["rating.rating"].with_user(user)
            for write in (
                lambda ratings=ratings: ratings.create(forged),
                lambda ratings=ratings: ratings.browse(rating.id).write({"rating": 5}),
                lambda ratings=ratings: ratings.browse(rating.id).unlink(),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    write()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            request.rating_ids = [Command.create({"rating": 5, "res_model_id": model})]
        self.assertEqual(rating.rating, 1)

    def test_words_of_a_rating_are_for_the_desk(self):
        request = self._answered(type_id=self.other_type.id)
        request.action_close()
        ratings = self.env["rating.rating"]
        domain = [("res_model", "=", "desk.request"), ("res_id", "=", request.id)]
        self.assertTrue(ratings.with_user(self.rita).search(domain))
        self.assertFalse(ratings.with_user(self.plain).search(domain))
        self.assertFalse(ratings.with_user(self.sue).search(domain))

    # --- clocks -----------------------------------------------------------------

    def test_leader_hears_of_the_acceptance_before_all_else(self):
        """A short time to answer must not hide that nobody has accepted."""
        kind = self._type("other", acceptance_hours=4, answer_hours=6, warn_share=0.5)
        with freeze_time("2026-03-02 09:00:00"):
            request = self._handed(type_id=kind.id).sudo()
            accepted = self._handed(type_id=kind.id).sudo()
            accepted.with_user(self.bo).action_accept()
        for hour, alarm, other in (
            (12, "1_accept", "3_answer"),
            (13, "2_accept", "3_answer"),
            (15, "4_answer", "4_answer"),
        ):
            with freeze_time(f"2026-03-02 {hour}:00:00"):
                cron = self.env.ref("front_office_desk.ir_cron_alarms")
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
                self.env.invalidate_all()
                self.assertEqual((request.alarm, accepted.alarm), (alarm, other))

    def test_pause_does_not_end_by_the_context(self):
        request = self._handed()
        request.with_user(self.bo).action_accept()
        request.with_user(self.bo).with_context(
            default_date_stop="2099-01-01 00:00:00"
        ).action_await_customer()
        self.assertFalse(request.sudo().pause_ids.date_stop)
