from odoo import Command
from odoo.tests import tagged

from .common_check import CheckFixture

HIDDEN = "A record that you may not read"


@tagged("post_install", "-at_install")
class TestFindingGroups(CheckFixture):
    """The figures of a group are for who may read each of its records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Groups",
                "code": "GRP",
                "type": "general",
                "company_id": cls.company.id,
            }
        )
        cls.partner = cls._make_partners(name="Named")
        cls.moves = cls._make_moves("bad", 2)
        cls.by_ref = cls._make_group("TEST-REF", "ref")
        cls.by_partner = cls._make_group("TEST-PARTNER", "partner_id, ref")
        cls.Check._run_checks(cls.company, cls.by_ref | cls.by_partner)
        cls.accountant = cls._make_user(
            "accountant", "preparer", "account.group_account_user"
        )
        cls.viewer = cls._make_user("viewer", "viewer")
        cls.auditor = cls._make_user("auditor", "auditor")

    @classmethod
    def _make_moves(cls, ref, number, company=None):
        return (
            cls.env["account.move"]
            .with_company(cls.company)
            .create(
                [
                    {
                        "ref": ref,
                        "partner_id": cls.partner.id,
                        "journal_id": cls.journal.id,
                    }
                    for _number in range(number)
                ]
            )
        )

    @classmethod
    def _make_group(cls, code, group_by, **values):
        return cls._make_check(
            code,
            model_id=cls.env["ir.model"]._get_id("account.move"),
            kind="aggregate",
            domain="[('ref', '=', 'bad')]",
            group_by=group_by,
            aggregate="__count, amount_total:sum",
            **values,
        )

    def _shown(self, check, user):
        finding = self._findings(check).with_user(user)
        finding.invalidate_recordset()
        return finding.record_name, finding.details

    def test_who_reads_the_whole_group(self):
        for user in (self.accountant, self.auditor):
            with self.subTest(user=user.login):
                name, details = self._shown(self.by_ref, user)
                self.assertEqual(name, "bad")
                self.assertIn("Count: 2", details)
                name, details = self._shown(self.by_partner, user)
                self.assertEqual(name, "Named")
                self.assertTrue(details)

    def test_who_reads_the_model_not(self):
        self.assertEqual(self._shown(self.by_ref, self.viewer), (HIDDEN, False))

    def test_who_reads_the_record_but_not_what_was_counted(self):
        """A partner may be read by everybody, what was invoiced may not."""
        self.assertEqual(self._shown(self.by_partner, self.viewer), ("Named", False))

    def test_who_reads_some_records_of_the_group(self):
        self.env["ir.rule"].create(
            {
                "name": "Own entries only",
                "model_id": self.env["ir.model"]._get_id("account.move"),
                "domain_force": f"[('id', '!=', {self.moves[0].id})]",
                "groups": [Command.link(self.env.ref("base.group_user").id)],
            }
        )
        # rules of groups are alternatives: those of the accountant would let it pass
        account = self.env["ir.model"]._get_id("account.move")
        self.env["ir.rule"].search(
            [
                ("model_id", "=", account),
                ("groups", "!=", False),
                ("name", "!=", "Own entries only"),
            ]
        ).active = False
        self.assertEqual(self._shown(self.by_ref, self.accountant), (HIDDEN, False))
        self.assertEqual(
            self._shown(self.by_partner, self.accountant), ("Named", False)
        )

    def test_another_company(self):
        foreign = self._make_user(
            "foreign",
            "manager",
            "account.group_account_user",
            company=self.stranger_company,
        )
        finding = self._findings(self.by_ref).with_user(foreign).sudo()
        self.assertEqual((finding.record_name, finding.details), (HIDDEN, False))

    def test_a_field_of_the_group_that_may_not_be_read(self):
        field = self.registry["account.move"]._fields["amount_total"]
        self.patch(field, "groups", "base.group_system")
        _name, details = self._shown(self.by_ref, self.accountant)
        self.assertIn("Count", details)
        self.assertNotIn("Total", details)

    def test_a_group_that_is_gone(self):
        self.moves.ref = "good"
        self.assertEqual(self._shown(self.by_ref, self.accountant), (HIDDEN, False))

    def test_a_question_that_has_changed(self):
        self.by_ref.group_by = "name"
        self.assertEqual(self._shown(self.by_ref, self.accountant), (HIDDEN, False))

    def _make_line(self, account, amount, partner=None):
        """Post an entry on an account, and return its line there."""
        other = self.env["account.account"].create(
            {
                "code": f"X{account.code}",
                "name": "Other side",
                "account_type": "income",
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        sides = ((account, amount), (other, -amount))
        move = (
            self.env["account.move"]
            .with_company(self.company)
            .create(
                {
                    "date": "2026-01-15",
                    "journal_id": self.journal.id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": each.id,
                                "balance": balance,
                                "partner_id": partner and partner.id,
                            }
                        )
                        for each, balance in sides
                    ],
                }
            )
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == account)

    def test_figures_of_the_items_of_an_account(self):
        """Everybody reads accounts; what is on them, only who reads the ledger."""
        account = self.env["account.account"].create(
            {
                "code": "SUSP",
                "name": "Transfers",
                "account_type": "asset_current",
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        check = self.env.ref("back_office_compliance.compliance_check_ledger_suspense")
        self.company.transfer_account_id = account
        line = self._make_line(account, -777)
        self._run(check)
        finding = self._findings(check).filtered(lambda f: f.res_id == account.id)[:1]
        self.assertTrue(finding)
        for user in (self.accountant, self.auditor):
            with self.subTest(user=user.login):
                self.assertIn("777", finding.with_user(user).details)
        viewer = finding.with_user(self.viewer)
        self.assertIn("Transfers", viewer.record_name)
        self.assertFalse(viewer.details)
        self.env["ir.rule"].create(
            {
                "name": "Not this item",
                "model_id": self.env["ir.model"]._get_id("account.move.line"),
                "domain_force": f"[('id', '!=', {line.id})]",
            }
        )
        finding.invalidate_recordset()
        self.assertFalse(finding.with_user(self.accountant).details)

    def test_figures_of_a_customer(self):
        """Everybody reads contacts; what they owe, only who reads the ledger."""
        check = self.env.ref(
            "back_office_compliance.compliance_check_receivable_credit_limit"
        )
        finding = self.Finding.create(
            {
                "check_id": check.id,
                "company_id": self.company.id,
                "res_model": "res.partner",
                "res_id": self.partner.id,
                "values": {"owed": 888.0},
            }
        )
        receivable = self.env["account.account"].create(
            {
                "code": "RECV",
                "name": "Receivable",
                "account_type": "asset_receivable",
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        contact = self.partner.copy({"parent_id": self.partner.id})
        self._make_line(receivable, 888, contact)
        for user in (self.accountant, self.auditor):
            with self.subTest(user=user.login):
                self.assertIn("888", finding.with_user(user).details)
        self.assertEqual(finding.with_user(self.viewer).record_name, "Named")
        self.assertFalse(finding.with_user(self.viewer).details)
