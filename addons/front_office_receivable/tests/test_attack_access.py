from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import ReceivableFixture

MODELS = (
    "receivable.call",
    "receivable.case",
    "receivable.customer",
    "receivable.expected",
    "receivable.item",
    "receivable.promise",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-11 10:00:00")
class TestAttackAccess(ReceivableFixture):
    """What somebody tries who wants to know or to change more than is theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._make_user("leader", "group_receivable_manager")
        cls.accountant = cls._make_user("accountant", "account.group_account_invoice")
        cls.team = (
            cls.env["crm.team"]
            .sudo()
            .create(
                {
                    "name": "Ann's and Bob's team",
                    "company_id": cls.company.id,
                    "user_id": cls.leader.id,
                    "crm_team_member_ids": [
                        Command.create({"user_id": user.id})
                        for user in (cls.ann, cls.bob)
                    ],
                }
            )
        )
        cls.of_ann = cls._invoice(100, "2026-03-01", user=cls.ann)
        cls.of_bob = cls._invoice(200, "2026-03-01", user=cls.bob)
        cls.joint = cls._call(
            cls.of_ann + cls.of_bob, [("2026-03-12", 300)], user=cls.accountant
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _search(self, model, user, domain=()):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env[model]
            .with_user(user)
            .search([("company_id", "=", self.company.id), *domain])
        )

    # --- teams ------------------------------------------------------------------------

    def test_leader_of_a_former_member(self):
        self._call(self.of_bob, user=self.bob)
        for model in MODELS:
            if model != "receivable.expected":  # of several people's: the caller's
                self.assertTrue(self._search(model, self.leader), model)
        members = self.team.sudo().crm_team_member_ids
        members.filtered(lambda each: each.user_id == self.bob).active = False
        found = self._search("receivable.item", self.leader)
        self.assertEqual(found.user_id, self.ann)
        self.assertEqual(self._search("account.move", self.leader), self.of_ann)
        self.assertEqual(self._search("receivable.call", self.leader), self.joint)
        with self.assertRaises(AccessError):
            self.of_bob.with_user(self.leader).read(["amount_total"])

    def test_leader_of_a_former_team(self):
        self.team.sudo().active = False
        for model in (*MODELS, "account.move"):
            with self.subTest(model):
                self.assertFalse(self._search(model, self.leader))

    def test_members_of_a_team_do_not_see_each_other_s(self):
        for model in ("receivable.item", "receivable.case"):
            with self.subTest(model):
                found = self._search(model, self.ann)
                self.assertEqual(found.move_id, self.of_ann)

    # --- joint calls ------------------------------------------------------------------

    def test_joint_call_names_one_s_own_invoices(self):
        name = {"fields": {"display_name": {}}}
        for model in ("receivable.call", "receivable.promise"):
            found = self._search(model, self.ann)
            self.assertEqual(len(found), 1)
            # as a list and a form ask for it
            rows = found.web_search_read(
                [("id", "in", found.ids)],
                {"partner_id": name, "company_id": {}, "move_ids": name},
            )["records"]
            with self.subTest(model):
                self.assertEqual(
                    [each["id"] for each in rows[0]["move_ids"]], self.of_ann.ids
                )
            self.env.invalidate_all()
            (row,) = found.read(["partner_id", "move_ids"])
            with self.subTest(model):
                self.assertEqual(row["move_ids"], self.of_ann.ids)
            domain = [("move_ids", "in", self.of_ann.ids)]
            self.assertEqual(self._search(model, self.ann, domain), found)

    def test_joint_call_counts_one_s_own_invoices(self):
        call = self.joint.with_user(self.ann)
        # the rule reads all invoices, and leaves them in memory
        call.check_access("read")
        self.assertEqual(call.amount_open, 100)
        self.env.invalidate_all()
        self.assertEqual(self.joint.with_user(self.accountant).amount_open, 300)

    def test_joint_call_is_saved(self):
        self.env.invalidate_all()
        name = {"fields": {"display_name": {}}}
        (row,) = self.joint.with_user(self.ann).web_save(
            {"note": "He called back"},
            {
                "note": {},
                "move_ids": name,
                "amount_open": {},
                "promise_ids": {"fields": {"amount": {}, "move_ids": name}},
            },
        )
        self.assertEqual([each["id"] for each in row["move_ids"]], self.of_ann.ids)
        self.assertEqual(row["amount_open"], 100)
        (promise,) = row["promise_ids"]
        self.assertEqual([each["id"] for each in promise["move_ids"]], self.of_ann.ids)

    def test_reminder_of_a_joint_call(self):
        self.customer.email = "customer@example.com"
        action = self.joint.with_user(self.ann).action_send_mail()
        composer = Form(
            self.env["mail.compose.message"]
            .with_user(self.ann)
            .with_context(**action["context"])
        ).save()
        composer._action_send_mail()
        body = self.joint.message_ids.filtered("partner_ids").body
        self.assertIn(self.of_ann.name, body)
        self.assertNotIn(self.of_bob.name, body)

    def test_reminder_is_about_what_is_open(self):
        paid = self._invoice(70, "2026-03-01")
        call = self._call(self.of_ann + paid, [("2026-03-12", 30), ("2026-03-20", 140)])
        self._pay(paid, 70, "2026-03-11")
        self._decide()
        template = self.env.ref("front_office_receivable.mail_template_call")
        body = template.sudo()._render_field("body_html", call.ids)[call.id]
        self.assertIn(self.of_ann.name, body)
        self.assertNotIn(paid.name, body)
        self.assertIn("03/20/2026", body)
        self.assertNotIn("03/12/2026", body)

    def test_joint_call_is_not_changed_for_others(self):
        for values in ({"reason": "disputed"}, {"next_call_date": "2030-01-01"}):
            for user in (self.ann, self.bob):
                self.env.invalidate_all()
                with self.subTest(values), self.assertRaises(AccessError):
                    self.joint.with_user(user).write(values)
        self.env.invalidate_all()
        self.joint.with_user(self.ann).write({"note": "He called back"})
        self.assertFalse(any(self._item(self.of_ann + self.of_bob).mapped("paused")))
        self.joint.with_user(self.leader).write({"reason": "disputed"})
        self.assertTrue(all(self._item(self.of_ann + self.of_bob).mapped("paused")))

    def test_call_about_what_was_handed_over(self):
        call = self._call(self.of_ann, user=self.ann)
        self.of_ann.invoice_user_id = self.bob
        self.env.flush_all()
        self.env.invalidate_all()
        mine = call.with_user(self.ann)
        self.assertTrue(mine.read(["note"]))
        self.assertFalse(mine.move_ids)
        with self.assertRaises(AccessError):
            mine.write({"reason": "disputed"})

    def test_auditor_and_salesperson(self):
        auditor = self._make_user("auditor", "account.group_account_readonly")
        for model in MODELS:
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(auditor).search([])
        self.assertEqual(
            self.env["account.move"].with_user(auditor).browse(self.of_bob.id).name,
            self.of_bob.name,
        )
        # who is both loses nothing of the ledger, and wins nothing of the calls
        auditor.sudo().group_ids += self.env.ref(
            "front_office_receivable.group_receivable_user"
        )
        self.env.invalidate_all()
        self.of_bob.with_user(auditor).read(["name"])
        self.of_bob.line_ids.with_user(auditor).read(["name"])
        for model in MODELS:
            with self.subTest(model):
                self.assertFalse(self._search(model, auditor))

    def test_cash_of_one_s_invoices_whoever_called(self):
        self._call(self.of_ann, [("2026-03-12", 60)], user=self.accountant)
        for user, owed in ((self.ann, 100), (self.bob, 200), (self.leader, 300)):
            found = self._search("receivable.expected", user)
            with self.subTest(user.login):
                self.assertEqual(sum(found.mapped("amount")), owed)

    # --- what is typed for others -----------------------------------------------------

    def test_promise_in_somebody_else_s_name(self):
        other = self._make_user("other")
        for values in (
            {"user_id": other.id},
            {"partner_id": self.partner_b.id},
            {"company_id": self.setup_other_company()["company"].id},
        ):
            line = {"date": "2026-03-12", "amount": 10, **values}
            with self.subTest(values), self.assertRaises(AccessError):
                self.env["receivable.call"].with_user(self.ann).create(
                    {
                        "company_id": self.company.id,
                        "partner_id": self.customer.id,
                        "move_ids": [Command.set(self.of_ann.ids)],
                        "reason": "cash",
                        "promise_ids": [Command.create(line)],
                    }
                )

    def test_contact_of_somebody_else(self):
        stranger = self.env["res.partner"].create({"name": "X", "phone": "+46 8 1"})
        with self.assertRaisesRegex(ValidationError, "Who Was Called"):
            self._call(self.of_ann, contact_id=stranger.id)
        call = self._call(self.of_ann)
        with self.assertRaisesRegex(ValidationError, "Who Was Called"):
            call.write({"contact_id": stranger.id})
        person = self.env["res.partner"].create(
            {"name": "Y", "parent_id": self.customer.id}
        )
        call.write({"contact_id": person.id})

    def test_figures_of_a_call_are_not_typed(self):
        call = self._call(
            self.of_ann, [("2026-03-12", 50)], amount_due=5000, paid_before=-900
        )
        self.assertEqual((call.amount_due, call.paid_before), (100, 0))

    def test_promise_for_the_far_future(self):
        for day in ("2062-03-12", "9999-12-31"):
            with (
                self.subTest(day),
                self.assertRaisesRegex(ValidationError, "too far"),
                self.env.cr.savepoint(),
            ):
                self._call(self.of_ann, [(day, 50)])

    # --- other people -----------------------------------------------------------------

    def test_customer_in_the_portal(self):
        portal = new_test_user(
            self.env, "receivable_portal", "base.group_portal", tz="UTC"
        )
        portal.partner_id.parent_id = self.customer
        self.joint.message_subscribe(portal.partner_id.ids)
        message = self.joint.message_post(body="The secretary was rude")
        self.env.invalidate_all()
        for model in MODELS:
            records = self.env[model].with_user(portal)
            for attempt in (
                lambda r: r.search([]),
                lambda r: r.name_search(""),
                lambda r: r.formatted_read_group([], [], ["__count"]),
                lambda r: r.web_search_read([], {"company_id": {}}),
            ):
                with self.subTest(model), self.assertRaises(AccessError):
                    attempt(records)
        with self.assertRaises(AccessError):
            self.joint.with_user(portal).web_read({"note": {}})
        with self.assertRaises(AccessError):
            message.with_user(portal).read(["body"])
        move = self.of_ann.with_user(portal)
        self.assertTrue(move.read(["amount_total"]))
        with self.assertRaises(AccessError):
            move.action_receivable_log_call()
        with self.assertRaises(AccessError):
            move.read(["receivable_call_count"])

    def test_follower_reads_no_more(self):
        outsider = self._make_user("outsider")
        self.joint.message_subscribe(outsider.partner_id.ids)
        message = self.joint.message_post(body="The secretary was rude")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.joint.with_user(outsider).read(["amount_due"])
        with self.assertRaises(AccessError):
            message.with_user(outsider).read(["body"])
        other = self.joint.with_user(outsider)
        self.assertFalse(other.message_subscribe(outsider.partner_id.ids))

    def test_attachment_of_a_call(self):
        paper = self.env["ir.attachment"].create(
            {
                "name": "letter",
                "raw": b"secret",
                "res_model": "receivable.call",
                "res_id": self.joint.id,
            }
        )
        outsider = self._make_user("outsider")
        self.env.invalidate_all()
        self.assertEqual(paper.with_user(self.ann).raw, b"secret")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            paper.with_user(outsider).read(["raw"])

    def test_filters_by_what_is_not_one_s_own(self):
        self._call(self.of_bob, user=self.bob, note="Bob's secret")
        for model, domain in (
            ("receivable.call", [("move_ids.amount_total", "=", 200)]),
            ("receivable.promise", [("move_ids.amount_total", "=", 200)]),
            ("receivable.promise", [("call_id.move_ids.amount_total", "=", 200)]),
            ("receivable.item", [("partner_id.invoice_ids.amount_total", "=", 200)]),
            ("receivable.item", [("call_id.note", "ilike", "secret")]),
            ("account.move", [("partner_id.invoice_ids.amount_total", "=", 200)]),
        ):
            self.env.invalidate_all()
            with self.subTest(model=model, domain=domain):
                try:
                    found = self._search(model, self.ann, domain)
                except AccessError:
                    continue
                self.assertFalse(found)

    def test_two_companies(self):
        data = self.setup_other_company()
        both = self._make_user("both", "group_receivable_admin")
        both.sudo().company_ids += data["company"]
        theirs = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": data["company"].id,
                "journal_id": data["default_journal_sale"].id,
                "partner_id": self.customer.id,
                "invoice_date": "2026-02-01",
                "invoice_date_due": "2026-02-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": 700,
                            "account_id": data["default_account_revenue"].id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        theirs.action_post()
        self.env.flush_all()
        items = self.env["receivable.item"].with_user(both)
        companies = self.company + data["company"]
        for active in (self.company, data["company"], companies):
            self.env.invalidate_all()
            found = items.with_context(allowed_company_ids=active.ids).search(
                [("partner_id", "=", self.customer.id)]
            )
            self.assertEqual(found.company_id, active)
        # and no call about invoices of two companies
        calls = self.env["receivable.call"].with_user(both)
        calls = calls.with_context(allowed_company_ids=companies.ids)
        values = {"partner_id": self.customer.id, "reason": "cash"}
        with self.assertRaises(UserError):
            calls.create(
                {**values, "move_ids": [Command.set((self.of_ann + theirs).ids)]}
            )
        action = (
            theirs.with_user(both)
            .with_context(allowed_company_ids=companies.ids)
            .action_receivable_log_call()
        )
        call = calls.with_context(**action["context"]).create({"reason": "cash"})
        self.assertEqual(call.company_id, data["company"])
        self.assertEqual(call.move_ids, theirs)

    def test_what_the_groups_open_of_the_ledger(self):
        entry = self._pay(self.of_ann, 10, "2026-03-02")
        self.env.flush_all()
        for user in (self.ann, self.leader):
            self.env.invalidate_all()
            for record in (entry, entry.line_ids, self.of_ann.line_ids):
                with (
                    self.subTest(user=user.login, model=record._name),
                    self.assertRaises(AccessError),
                ):
                    record.with_user(user).read(["company_id"])
            with self.assertRaises(AccessError):
                self.of_ann.with_user(user).write({"ref": "x"})

    def test_copy_and_delete(self):
        with self.assertRaisesRegex(AccessError, "your own calls only"):
            self.joint.with_user(self.ann).copy()
        own = self._call(self.of_ann, [("2026-03-12", 50)], user=self.ann)
        copied = own.with_user(self.ann).copy()
        self.assertFalse(copied.promise_ids)
        self.assertTrue(copied.logged)
        for user in (self.ann, self.leader, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                own.promise_ids.with_user(user).unlink()
            with self.subTest(user.login), self.assertRaises(UserError):
                own.with_user(user).write({"promise_ids": [Command.clear()]})
            with self.subTest(user.login), self.assertRaises(UserError):
                own.with_user(user).web_save({"move_ids": [Command.clear()]}, {})
