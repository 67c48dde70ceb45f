from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import DisputeFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestDisputeAccess(DisputeFixture):
    """Who only calls needs no desk, and who is at the desk sees no money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._user("dr_plain", "base.group_user")
        other = cls.setup_other_company()["company"]
        groups = (
            "front_office_receivable.group_receivable_admin,"
            "front_office_desk.group_desk_manager"
        )
        cls.stranger = cls._user(
            "dr_stranger",
            groups,
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        cls.move = cls._invoice(100, "2026-03-01")
        cls.call = cls._dispute(cls.move)

    def test_salesperson_without_the_desk(self):
        """The request is made for Ann, handed over, and she reads how it stands."""
        request = self._open(self.call)
        self.assertEqual(request.front_user_id, self.boss)
        self.assertEqual(request.state, "handed")
        self.assertEqual(request.handed_by_id, self.ann)
        self.assertTrue(request.accept_due)
        self.assertNotIn(self.ann.partner_id, request.message_partner_ids)
        action = self.call.with_user(self.ann).action_show_requests()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn(request.number, action["params"]["message"])
        answer = request.message_post(body="Said at the desk")
        for read in (
            lambda: request.with_user(self.ann).read(["answer"]),
            lambda: self.env["desk.request"].with_user(self.ann).search([]),
            lambda: self.call.with_user(self.ann).read(["desk_request_ids"]),
            lambda: self.move.with_user(self.ann).read(["desk_request_ids"]),
            lambda: answer.with_user(self.ann).read(["body"]),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                read()

    def test_form_of_the_salesperson(self):
        calls = self.env["receivable.call"]
        arch = calls.with_user(self.ann).get_view(view_type="form")["arch"]
        self.assertIn("action_open_request", arch)
        self.assertNotIn("action_show_requests", arch)
        arch = calls.with_user(self.both).get_view(view_type="form")["arch"]
        self.assertIn("action_show_requests", arch)

    def test_no_team_takes_it(self):
        for kind in self.types.values():
            kind.with_company(self.company).team_id = False
        with self.assertRaises(UserError) as caught:
            self._open(self.call)
        self.assertIn("choose the Team of the type", str(caught.exception))
        self.assertFalse(self.move.desk_request_ids)

    def test_team_without_a_leader(self):
        self.team.user_id = False
        self.assertEqual(self._open(self.call).front_user_id, self.bo)

    def test_desk_sees_no_money(self):
        request = self._open(self.call).with_user(self.rita)
        self.assertTrue(request.read(["disputed_move_ids"]))
        fields = request.fields_get()
        arch = request.get_view(view_type="form")["arch"]
        for name in ("receivable_call_ids", "receivable_call_count"):
            self.assertNotIn(name, fields)
            self.assertNotIn(name, arch)
            with self.assertRaises(AccessError):
                request.read([name])
        self.assertNotIn("action_receivable_items", arch)
        for model in ("receivable.call", "receivable.item"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.rita).search([])

    def test_who_opens_none(self):
        wizards = self.env["receivable.call.request"]
        for user in (self.bob, self.rita, self.employee, self.stranger):
            self.env.invalidate_all()
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.call.with_user(user).action_open_request()
                with self.assertRaises(AccessError):
                    wizards.with_user(user).create(
                        {"call_id": self.call.id}
                    ).action_open()
        self.assertFalse(self.move.desk_request_ids)

    def test_invoice_that_somebody_else_has_now(self):
        wizards = self.env["receivable.call.request"].with_user(self.ann)
        wizard = wizards.create({"call_id": self.call.id})
        self.move.invoice_user_id = self.bob
        self.env.invalidate_all()
        with self.assertRaises(UserError) as caught:
            wizard.action_open()
        self.assertIn("Choose Invoices", str(caught.exception))
        action = self.call.with_user(self.ann).action_open_request()
        self.assertEqual(action["res_model"], "receivable.call.request")
        self.assertFalse(self.move.desk_request_ids)

    def test_links_are_made_by_the_button_only(self):
        request = self._request(partner=self.customer)
        for user in (self.rita, self.boss):
            for values in (
                {"disputed_move_ids": [Command.set(self.move.ids)]},
                {"receivable_call_ids": [Command.set(self.call.ids)]},
            ):
                with self.subTest(values), self.assertRaises(UserError) as caught:
                    request.with_user(user).write(values)
                self.assertIn("Open a Request", str(caught.exception))
        made = self._request(
            partner=self.customer, disputed_move_ids=[Command.set(self.move.ids)]
        )
        self.assertFalse(made.disputed_move_ids)
        by_default = self.env["desk.request"].with_user(self.rita)
        by_default = by_default.with_context(
            default_disputed_move_ids=[Command.set(self.move.ids)]
        ).create(
            {
                "name": "Chair",
                "type_id": made.type_id.id,
                "partner_id": self.customer.id,
            }
        )
        self.assertFalse(by_default.disputed_move_ids)
        result = (
            self.env["desk.request"]
            .with_user(self.rita)
            .load(
                ["name", "type_id/.id", "partner_id/.id", "disputed_move_ids/.id"],
                [
                    [
                        "Imported",
                        str(self.types["other"].id),
                        str(self.customer.id),
                        str(self.move.id),
                    ]
                ],
            )
        )
        imported = self.env["desk.request"].browse(result["ids"] or [])
        self.assertFalse(imported.disputed_move_ids)

    def test_request_of_another_company(self):
        request = self._open(self.call)
        for read in (
            lambda: request.with_user(self.stranger).read(["disputed_move_ids"]),
            lambda: self.call.with_user(self.stranger).read(["desk_request_label"]),
            lambda: self.call.with_user(self.stranger).action_show_requests(),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                read()
        data = (
            self.env["desk.request"]
            .sudo()
            .create(
                {
                    "name": "Elsewhere",
                    "type_id": self.env.ref("front_office_desk.type_other").id,
                    "partner_id": self.customer.id,
                    "company_id": self.stranger.company_id.id,
                    "front_user_id": self.stranger.id,
                }
            )
        )
        with self.assertRaises(UserError):
            data.disputed_move_ids = self.move
