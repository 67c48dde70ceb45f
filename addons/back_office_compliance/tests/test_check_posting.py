from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common_ledger_check import LedgerCheckFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestCheckPosting(LedgerCheckFixture):
    """Posting standards: each demand names what breaks it, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prefix = cls.accounts["expense"].code
        # a Wednesday at noon
        cls.noon = "2026-03-11 12:00:00"

    def _make_rule(self, **values):
        # sudo: standards are a manager's
        return (
            self.env["compliance.posting.rule"]
            .sudo()
            .create({"name": "Standard", "company_id": self.company.id, **values})
        )

    def _make_pair(self, amount=100, journal="misc", **values):
        """Make an entry of a Wednesday at noon that misses nothing."""
        partner = {"partner_id": self.partner_a.id}
        entry = self._make_entry(
            "2026-03-11",
            (self.accounts["expense"], amount, {**partner, **values}),
            (self.accounts["payable"], -amount, partner),
            journal=journal,
        )
        self._set_created(entry, self.noon)
        return entry

    def _found(self):
        """Return what is named: the entry and what is wrong with it."""
        findings = self._ask("posting_rules")
        return {(found.res_id, found.key.split("|")[1]) for found in findings}

    # --- items --------------------------------------------------------------------

    def test_no_standard(self):
        self._make_pair()
        self.assertFalse(self._found())

    def test_partner(self):
        rule = self._make_rule(needs_partner=True, account_prefix=self.prefix)
        self._make_pair()
        bad = self._make_pair(partner_id=False)
        finding = self._ask("posting_rules")
        self.assertEqual(finding.res_id, bad.id)
        self.assertEqual(finding.key, f"{rule.id}|partner")
        self.assertEqual(
            finding.values,
            {"standard": "Standard", "problem": "partner", "items": 1, "amount": 100},
        )

    def test_label(self):
        self._make_rule(needs_label=True, account_prefix=self.prefix)
        self._make_pair()
        bad, blank = self._make_pair(name=False), self._make_pair(name="  ")
        self.assertEqual(self._found(), {(bad.id, "label"), (blank.id, "label")})

    def test_analytic(self):
        self._make_rule(needs_analytic=True)
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create(
            {"name": "Project", "plan_id": plan.id}
        )
        # the item on the payable account has none, and needs none
        self._make_pair(analytic_distribution={str(account.id): 100})
        bad = self._make_pair()
        self.assertEqual(self._found(), {(bad.id, "analytic")})

    def test_forbidden_counter_account(self):
        self._make_rule(
            account_prefix=self.prefix,
            forbidden_prefix=f"999, {self.accounts['payable'].code}",
        )
        bad = self._make_pair()
        self._make_entry(
            "2026-03-11",
            (self.accounts["expense"], 100),
            (self.accounts["revenue"], -100),
        )
        self.assertEqual(self._found(), {(bad.id, "counter_account")})

    def test_round_amounts(self):
        self._make_rule(round_amounts=1000, account_prefix=self.prefix)
        bad = self._make_pair(3000)
        self._make_pair(3000.5)
        self._make_invoice("2026-03-11", 3000, "in_invoice")  # not typed by hand
        self.assertEqual(self._found(), {(bad.id, "round")})

    # --- entries ------------------------------------------------------------------

    def test_document(self):
        self._make_rule(needs_document=True, account_prefix=self.prefix)
        bad, good = self._make_pair(), self._make_pair()
        self.env["ir.attachment"].create(
            {
                "name": "receipt.txt",
                "raw": b"receipt",
                "res_model": "account.move",
                "res_id": good.id,
            }
        )
        self._make_entry(  # on other accounts
            "2026-03-11",
            (self.accounts["payable"], 100),
            (self.accounts["revenue"], -100),
        )
        self.assertEqual(self._found(), {(bad.id, "document")})

    def test_review(self):
        self._make_rule(review_above=500)
        bad, reviewed, small = (self._make_pair(amount) for amount in (501, 900, 500))
        (bad + small).checked = False
        reviewed.checked = True
        self.assertEqual(self._found(), {(bad.id, "review")})

    def test_nights_and_weekends_in_the_time_zone(self):
        # sudo: the calendar of a company is HR's
        self.company.sudo().resource_calendar_id = (
            self.env["resource.calendar"]
            .sudo()
            .create({"name": "C", "tz": "Asia/Tokyo"})
        )
        self._make_rule(nights=True, weekends=True)
        moments = (
            ("2026-03-11 12:59:00", ()),  # Wednesday 21:59 in Tokyo
            ("2026-03-11 13:00:00", ("night",)),  # 22:00
            ("2026-03-11 20:59:00", ("night",)),  # Thursday 5:59
            ("2026-03-11 21:00:00", ()),  # 6:00
            ("2026-03-13 15:30:00", ("night", "weekend")),  # Saturday 0:30
            ("2026-03-15 03:00:00", ("weekend",)),  # Sunday noon
            ("2026-03-15 22:00:00", ()),  # Monday 7:00
        )
        expected = set()
        for moment, problems in moments:
            entry = self._make_pair()
            self._set_created(entry, moment)
            expected |= {(entry.id, problem) for problem in problems}
        self.assertEqual(self._found(), expected)

    def test_what_odoo_made_is_left_alone(self):
        self._make_rule(nights=True)
        entry = self._make_pair()
        self._set_created(entry, "2026-03-11 23:00:00")
        self.assertTrue(self._found())
        self.env.cr.execute(
            "UPDATE account_move SET create_uid = 1 WHERE id = %s", (entry.id,)
        )
        self.assertFalse(self._found())

    # --- where --------------------------------------------------------------------

    def test_journal_and_date(self):
        rule = self._make_rule(
            needs_partner=True,
            account_prefix=self.prefix,
            journal_ids=[Command.set(self.journals["cash"].ids)],
        )
        self._make_pair(partner_id=False)
        bad = self._make_pair(partner_id=False, journal="cash")
        self.assertEqual(self._found(), {(bad.id, "partner")})
        rule.date_from = "2026-03-12"
        self.assertFalse(self._found())

    def test_drafts_are_left_alone(self):
        self._make_rule(needs_partner=True, needs_document=True)
        self._make_entry(
            "2026-03-11",
            (self.accounts["expense"], 100),
            (self.accounts["payable"], -100),
            post=False,
        )
        self.assertFalse(self._found())

    def test_two_standards_are_two_findings(self):
        self._make_rule(needs_partner=True, account_prefix=self.prefix)
        self._make_rule(needs_partner=True, needs_document=True, sequence=20)
        self._make_pair(partner_id=False)
        self.assertEqual(len(self._ask("posting_rules")), 3)

    def test_archived_standard(self):
        rule = self._make_rule(needs_document=True)
        self._make_pair()
        self.assertTrue(self._found())
        rule.active = False
        self.assertFalse(self._found())

    def test_other_company(self):
        other = self._in_other_company()["company"]
        self._make_rule(needs_document=True, company_id=other.id)
        self._make_pair()
        self.assertFalse(self._found())
        self.assertFalse(self._ids("posting_rules", other))

    # --- what is refused ----------------------------------------------------------

    def test_refused(self):
        cases = [
            ({}, "demands nothing"),
            ({"needs_partner": True, "account_prefix": "57,,60"}, "Accounts"),
            ({"needs_partner": True, "account_prefix": "57%"}, "57%"),
            ({"forbidden_prefix": "5 7"}, "Forbidden Counter-Accounts"),
            ({"forbidden_prefix": "570", "account_prefix": "57"}, "among its own"),
            ({"review_above": -1}, "below 0"),
            ({"round_amounts": -1}, "below 0"),
        ]
        for values, text in cases:
            with self.subTest(values=values):
                with self.assertRaises(ValidationError) as refused:
                    self._make_rule(**values)
                self.assertIn("Standard", str(refused.exception))
                self.assertIn(text, str(refused.exception))

    def test_a_journal_of_another_company_is_refused(self):
        other = self._in_other_company()
        with self.assertRaisesRegex(Exception, "company"):
            self._make_rule(
                needs_partner=True,
                journal_ids=[Command.set(other["default_journal_misc"].ids)],
            )

    # --- who may ------------------------------------------------------------------

    def _make_user(self, group, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            login=f"{group or 'plain'}-{company.id}",
            groups="base.group_user"
            + (f",back_office_compliance.group_compliance_{group}" if group else ""),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_access(self):
        rule = self._make_rule(needs_partner=True)
        # sudo: validities are a manager's
        validity = (
            self.env["compliance.tax.validity"]
            .sudo()
            .create({"tax_id": self.tax_sale_a.id, "company_id": self.company.id})
        )
        users = {
            group: self._make_user(group)
            for group in ("", "viewer", "auditor", "preparer", "reviewer", "manager")
        }
        records = (rule, {"needs_label": True}), (validity, {"note": "Law"})
        for record, values in records:
            record.with_user(users["manager"]).write(values)
            for group in ("viewer", "auditor", "preparer", "reviewer"):
                with self.subTest(model=record._name, group=group):
                    theirs = record.with_user(users[group])
                    self.assertTrue(theirs.read(list(values)))
                    self.assertRaises(AccessError, theirs.write, values)
                    self.assertRaises(AccessError, theirs.unlink)
            self.assertRaises(
                AccessError, record.with_user(users[""]).read, list(values)
            )

    def test_access_from_another_company(self):
        other = self._in_other_company()["company"]
        rule = self._make_rule(needs_partner=True)
        theirs = rule.with_user(self._make_user("manager", other))
        self.assertFalse(theirs.search([("id", "=", rule.id)]))
        self.assertRaises(AccessError, theirs.write, {"name": "Mine"})
