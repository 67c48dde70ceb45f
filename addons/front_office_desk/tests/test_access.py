from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import DeskFixture

MODELS = (
    "desk.cause",
    "desk.contact",
    "desk.improvement",
    "desk.request",
    "desk.request.pause",
    "desk.request.type",
    "desk.team",
)


@tagged("post_install", "-at_install")
class TestAccess(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.portal = new_test_user(
            cls.env, "d_portal", "base.group_portal", partner_id=cls.ada.id
        )
        cls.request = cls._handed()
        cls.contact = (
            cls.env["desk.contact"]
            .with_user(cls.rita)
            .create({"name": "Call", "partner_id": cls.ada.id, "outcome": "answered"})
        )
        cls.env.flush_all()

    def test_nobody_without_the_group_reads(self):
        reads = {
            "search": lambda records: records.search([]),
            "count": lambda records: records.search_count([]),
            "group": lambda records: records._read_group([], [], ["__count"]),
            "name": lambda records: records.name_search(""),
            "export": lambda records: records.browse(1).export_data(["id"]),
        }
        for user in (self.plain, self.portal, self.env.ref("base.public_user")):
            for model in (*MODELS, "desk.cause.report"):
                for route, read in reads.items():
                    with self.subTest(user=user.login, model=model, route=route):
                        with self.assertRaises(UserError):
                            read(self.env[model].with_user(user))

    def test_portal_reads_nothing_of_the_own_request_either(self):
        request = self.request.with_user(self.portal)
        with self.assertRaises(AccessError):
            request.read(["name"])
        with self.assertRaises(AccessError):
            request.message_post(body="by RPC")
        messages = self.env["mail.message"].with_user(self.portal)
        domain = [("model", "=", "desk.request"), ("res_id", "=", self.request.id)]
        self.assertFalse(messages.search(domain))

    def test_everybody_at_the_desk_reads_and_only_the_holder_writes(self):
        self.assertTrue(self.request.with_user(self.other_front).name)
        with self.assertRaises(AccessError):
            self.request.with_user(self.other_front).name = "Mine"
        with self.assertRaises(AccessError):
            self.request.with_user(self.stranger).name = "Mine"
        self.request.with_user(self.rita).name = "Still broken"
        self.request.with_user(self.bo).name = "Chair broken"
        self.request.with_user(self.boss).name = "Chair is broken"

    def test_buttons_are_not_written_around(self):
        for user, name, value in (
            (self.rita, "state", "closed"),
            (self.boss, "user_id", self.boss.id),
            (self.boss, "accept_due", "2030-01-01 00:00:00"),
            (self.boss, "number", "1"),
            (self.boss, "active", False),
            (self.bo, "access_token", "mine"),
            (self.boss, "is_awaiting", True),
            (self.boss, "pause_ids", [Command.clear()]),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, "Use the but"):
                self.request.with_user(user).write({name: value})

    def test_neither_by_create_nor_by_import(self):
        request = self._request(state="closed", user_id=self.rita.id, number="X")
        self.assertEqual(request.state, "new")
        self.assertFalse(request.user_id)
        self.assertNotEqual(request.number, "X")
        result = (
            self.env["desk.request"]
            .with_user(self.rita)
            .load(
                ["name", "type_id", "partner_id", "state"],
                [["Imported", self.complaint.name, self.ada.name, "closed"]],
            )
        )
        self.assertEqual(self.env["desk.request"].browse(result["ids"]).state, "new")
        result = (
            self.env["desk.request"]
            .with_user(self.rita)
            .load([".id", "state"], [[str(request.id), "closed"]])
        )
        self.assertFalse(result["ids"])

    def test_customer_and_team_stay_once_handed_over(self):
        with self.assertRaisesRegex(UserError, "its customer, type and team stay"):
            self.request.with_user(self.rita).partner_id = self.ben

    def test_not_in_somebody_elses_name(self):
        with self.assertRaises(AccessError):
            self._request(user=self.other_front, front_user_id=self.rita.id)

    def test_contacts(self):
        self.assertTrue(self.contact.with_user(self.other_front).name)
        with self.assertRaises(AccessError):
            self.contact.with_user(self.other_front).name = "Mine"
        self.contact.outcome = "message"
        self.contact.with_user(self.other_front).outcome = "answered"
        with self.assertRaises(AccessError):
            self.contact.with_user(self.rita).unlink()
        self.contact.with_user(self.boss).unlink()

    def test_other_company(self):
        for record in (self.request, self.contact, self.team):
            other = record.with_user(self.elsewhere)
            with self.assertRaises(AccessError):
                other.read(["name"])
            self.assertNotIn(record.id, other.search([]).ids)
            self.assertNotIn(record.id, [each[0] for each in other.name_search("")])
        with self.assertRaises(AccessError):
            self.request.with_user(self.elsewhere).action_accept()

    def test_configuration_is_the_managers(self):
        for user in (self.rita, self.bo):
            with self.assertRaises(AccessError):
                self.team.with_user(user).name = "Mine"
            with self.assertRaises(AccessError):
                self.complaint.with_user(user).answer_hours = 999
        self.team.with_user(self.boss).name = "Service"
        self.complaint.with_user(self.boss).answer_hours = 24

    def test_pauses_are_written_by_buttons_only(self):
        for user in (self.bo, self.boss):
            with self.assertRaises(AccessError):
                self.env["desk.request.pause"].with_user(user).create(
                    {
                        "request_id": self.request.id,
                        "date_start": "2026-01-01 00:00:00",
                    }
                )

    def test_desk_reads_posted_customer_invoices_only(self):
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": move_type,
                    "partner_id": self.ada.id,
                    "invoice_date": "2026-03-02",
                    "invoice_line_ids": [
                        Command.create({"name": "Chair", "price_unit": 5})
                    ],
                }
                for move_type in ("out_invoice", "in_invoice", "out_invoice")
            ]
        )
        moves[:2].action_post()
        found = moves.with_user(self.rita).search([("id", "in", moves.ids)])
        self.assertEqual(found.ids, moves[0].ids)
        lines = self.env["account.move.line"].with_user(self.rita)
        found = lines.search([("move_id", "in", moves.ids)])
        self.assertEqual(found.ids, moves[0].invoice_line_ids.ids)
        with self.assertRaises(AccessError):
            moves[0].with_user(self.rita).ref = "Mine"
