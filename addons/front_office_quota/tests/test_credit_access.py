from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .credit_common import QuotaCreditCase


@tagged("post_install", "-at_install")
class TestCreditAccess(QuotaCreditCase):
    """A salesperson learns their own credit only, a manager that of their people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._create_person(
            "leader",
            "sales_team.group_sale_salesman,front_office_quota.group_quota_manager",
        )
        cls.boss = cls._create_person("boss", "front_office_quota.group_quota_manager")
        cls.admin = cls._create_person("admin", "front_office_quota.group_quota_admin")
        cls.biller = cls._create_person("biller", "account.group_account_invoice")
        cls.employee = cls._create_person("employee", "base.group_user")
        cls.data_2 = cls.setup_other_company()
        cls.stranger = cls._create_person(
            "stranger",
            "front_office_quota.group_quota_admin",
            company=cls.data_2["company"],
        )
        exporters = cls.ann + cls.bob + cls.leader + cls.boss + cls.admin + cls.stranger
        cls.env.ref("base.group_allow_export").sudo().user_ids += exporters
        cls.team.sudo().user_id = cls.leader
        boss, bob = (
            cls.env["hr.employee"]
            .sudo()
            .create(
                [
                    {
                        "name": user.name,
                        "user_id": user.id,
                        "company_id": cls.company.id,
                    }
                    for user in (cls.boss, cls.bob)
                ]
            )
        )
        bob.parent_id = boss
        cls.of_ann = cls._sell(100, user=cls.ann, team=cls.team)
        cls.of_bob = cls._sell(50, user=cls.bob, team=cls.other_team)
        cls.shared = cls._sell(10, user=cls.ann, team=cls.team)
        cls.shared.quota_split_ids = [
            Command.create({"user_id": cls.ann.id, "percent": 60}),
            Command.create({"user_id": cls.bob.id, "percent": 40}),
        ]
        cls.of_nobody = cls._sell(7, team=cls.team)
        cls._sell(3)
        cls.env.cr.flush()
        cls.env["quota.target"]._refresh_achieved()
        cls.domain = [("basis", "=", "invoiced"), ("company_id", "=", cls.company.id)]

    def _sum(self, user, domain=()):
        """Return what a user sees: by search, by grouping, by export."""
        credit = self.env["quota.credit"].with_user(user)
        domain = [*self.domain, *domain]
        rows = credit.search(domain)
        total = round(sum(rows.mapped("amount")), 2)
        ((grouped,),) = credit._read_group(domain, [], ["amount:sum"])
        self.assertEqual(round(grouped or 0, 2), total)
        exported = rows.export_data(["amount"])["datas"]
        self.assertEqual(round(sum(row[0] for row in exported), 2), total)
        return total

    def test_salesperson(self):
        self.assertEqual(self._sum(self.ann), 106)
        self.assertEqual(self._sum(self.bob), 54)
        for domain in (
            [("user_id", "=", self.ann.id)],
            [("move_id", "=", self.of_ann.id)],
            [("user_id", "=", False)],
            ["|", ("amount", ">", 0), ("user_id", "!=", self.bob.id)],
        ):
            rows = self.env["quota.credit"].with_user(self.bob).search(domain)
            self.assertLessEqual(rows.user_id, self.bob)
        others = self.env["quota.credit"].search(
            [*self.domain, ("user_id", "=", self.ann.id)]
        )
        for read in (
            lambda: others.with_user(self.bob).read(["amount"]),
            lambda: others.with_user(self.bob).export_data(["amount"]),
            lambda: others.with_user(self.bob).web_read({"amount": {}}),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                read()
        groups = (
            self.env["quota.credit"]
            .with_user(self.bob)
            .formatted_read_group(self.domain, ["user_id"], ["amount:sum"])
        )
        self.assertEqual([group["user_id"][0] for group in groups], [self.bob.id])

    def test_managers(self):
        # the team's leader: all that the team sold, with nobody's and the split
        self.assertEqual(self._sum(self.leader), 117)
        # Bob's superior: Bob's
        self.assertEqual(self._sum(self.boss), 54)
        self.assertEqual(self._sum(self.admin), 170)

    def test_others(self):
        self.assertEqual(self._sum(self.stranger), 0)
        for user in (self.employee, self.biller):
            with self.assertRaises(AccessError):
                self.env["quota.credit"].with_user(user).search([])
        for user in (self.ann, self.leader, self.employee):
            with self.assertRaises(AccessError):
                self.env["quota.credit.delta"].with_user(user).search([])

    def test_nobody_writes_credit(self):
        row = self.env["quota.credit"].search(self.domain, limit=1)
        for user in (self.ann, self.admin):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"amount": 1})
            with self.assertRaises(AccessError):
                self.env["quota.credit.delta"].with_user(user).create({})

    def test_splits_are_read(self):
        splits = self.env["quota.credit.split"]
        third = self._create_person("third")
        for user, found in (
            (self.ann, 2),
            (self.bob, 2),
            (third, 0),
            (self.leader, 2),
            (self.boss, 2),
            (self.admin, 2),
            (self.biller, 2),
            (self.stranger, 0),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(len(splits.with_user(user).search([])), found)
        with self.assertRaises(AccessError):
            splits.with_user(self.employee).search([])

    def _share(self, move, user):
        move.with_user(user).env["quota.credit.split"].create(
            [
                {"move_id": move.id, "user_id": person.id, "percent": 50}
                for person in (self.ann, self.bob)
            ]
        )
        self.env.cr.flush()

    def test_splits_are_edited(self):
        draft = self._sell(10, user=self.ann, post=False)
        for user in (self.ann, self.leader, self.employee):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._share(draft, user)
        self._share(draft, self.biller)
        self.assertEqual(len(draft.quota_split_ids), 2)
        # once posted it takes a quota administrator, and is told in the chatter
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._share(self.of_ann, self.biller)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.shared.with_user(self.biller).quota_split_ids = [Command.clear()]
        splits = self.shared.quota_split_ids
        with self.assertRaises(UserError), self.env.cr.savepoint():
            splits.with_user(self.biller).write({"percent": 50})
        self._share(self.of_ann, self.admin)
        message = self.of_ann.message_ids[0]
        self.assertIn("Ann 50 %", message.body)
        self.assertEqual(message.author_id, self.admin.partner_id)
        self.assertAchieved(
            {
                ("invoiced", "2026-03", self.ann): 56,
                ("invoiced", "2026-03", self.bob): 104,
            }
        )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._share(self.of_bob, self.stranger)

    def test_drill_down(self):
        """From a cell to its credits, which sum to it, and to their invoices."""
        for holder in (self.ann, self.bob, self.team):
            target = self._target("invoiced", "2026-03", holder)
            action = target.action_open_credits()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(rows.mapped("amount")), target.achieved)
        own = self._target("invoiced", "2026-03", self.ann).with_user(self.ann)
        action = own.action_open_credits()
        rows = self.env["quota.credit"].with_user(self.ann).search(action["domain"])
        self.assertEqual(rows.move_id, self.of_ann + self.shared)
        opened = rows.filtered(lambda row: row.move_id == self.of_ann)
        self.assertEqual(opened.action_open_move()["res_id"], self.of_ann.id)
        other = self._target("invoiced", "2026-03", self.bob)
        with self.assertRaises(AccessError):
            other.with_user(self.ann).action_open_credits()

    def test_uncredited(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_quota.quota_credit_action_uncredited"
        )
        self.assertEqual(action["res_model"], "quota.credit")
        domain = [("counts_for", "!=", "person")]
        self.assertIn("counts_for", action["domain"])
        self.assertEqual(self._sum(self.admin, domain), 10)
        # somebody without a target
        self._sell(1, user=self.leader, team=self.team)
        rows = self.env["quota.credit"].search(
            [*self.domain, ("reason", "=", "no_target")]
        )
        self.assertEqual(rows.mapped("counts_for"), ["team"])

    def test_invoice_form(self):
        """Who has no right to splits opens the invoice all the same."""
        for user, shown in (
            (self.biller, True),
            (self.ann, True),
            (
                self._create_person("auditor", "account.group_account_readonly"),
                False,
            ),
        ):
            arch = (
                self.env["account.move"]
                .with_user(user)
                .get_view(view_type="form")["arch"]
            )
            self.assertEqual("quota_split_ids" in arch, shown, user.login)
