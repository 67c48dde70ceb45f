from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged

from .common_filing import FilingFixture


@freeze_time("2026-03-12 12:00:00")
@tagged("post_install", "-at_install")
class TestFilingWorkflow(FilingFixture, TransactionCase):
    """Two people prepare and review; what is missing is refused by name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls.filing = cls._filing()

    def as_user(self, user):
        return self.filing.with_user(user)

    def _activity_users(self):
        return self.filing.sudo().activity_ids.mapped("user_id")

    def test_prepare_review_file_accept(self):
        self._invoice(1000)
        self.as_user(self.preparer).action_prepare()
        self.assertEqual(self.filing.state, "review")
        self.assertEqual(self.filing.prepared_by_id, self.preparer)
        self.assertEqual(self.filing.amount_computed, 100.0)
        self.assertEqual(self._activity_users(), self.reviewer)
        self.as_user(self.reviewer).action_review()
        self.assertEqual(self.filing.state, "ready")
        self.assertEqual(self.filing.reviewed_by_id, self.reviewer)
        self.as_user(self.reviewer).write(
            {"receipt_number": "R-1", "filed_on": "2026-03-12"}
        )
        self.as_user(self.reviewer).action_file()
        self.assertEqual(self.filing.state, "filed")
        self.assertEqual(self.filing.filed_by_id, self.reviewer)
        self.assertFalse(self._activity_users())
        self.as_user(self.reviewer).action_accept()
        self.assertEqual(self.filing.state, "accepted")
        self.assertEqual(self.filing.accepted_on, fields.Date.to_date("2026-03-12"))

    def test_the_preparer_does_not_review(self):
        self.as_user(self.reviewer).action_prepare()
        with self.assertRaisesRegex(UserError, "You prepared TEST-ST 2026-02-28"):
            self.as_user(self.reviewer).action_review()
        self.as_user(self.manager).action_review()
        self.assertEqual(self.filing.state, "ready")

    def test_groups(self):
        for user in (self.viewer, self.auditor, self.employee_user, self.stranger):
            with self.assertRaises(AccessError):
                self.as_user(user).action_prepare()
        self.as_user(self.preparer).action_prepare()
        with self.assertRaisesRegex(AccessError, "takes a Reviewer"):
            self.as_user(self.preparer).action_review()

    def test_another_state_is_refused_by_name(self):
        with self.assertRaisesRegex(UserError, "is to prepare; .* in review"):
            self.as_user(self.reviewer).action_review()
        with self.assertRaisesRegex(UserError, "is to prepare"):
            self.as_user(self.reviewer).action_file()

    def test_what_filing_takes(self):
        self._ready(self.filing, filed_on=False, receipt_number=False)
        filing = self.as_user(self.reviewer)
        with self.assertRaisesRegex(UserError, "TEST-ST 2026-02-28 .* 'Filed on'"):
            filing.action_file()
        filing.filed_on = "2026-03-13"
        with self.assertRaisesRegex(UserError, "in the future: 2026-03-13"):
            filing.action_file()
        filing.filed_on = "2026-03-12"
        with self.assertRaisesRegex(UserError, "Receipt Number"):
            filing.action_file()
        filing.receipt_number = "R-2"
        self.obligation.evidence_required = True
        with self.assertRaisesRegex(UserError, "Sales tax return demands proof"):
            filing.action_file()
        self._evidence(filing)
        filing.action_file()
        self.assertEqual(self.filing.state, "filed")

    def test_a_posting_needs_no_receipt(self):
        self.obligation.kind = "posting"
        self._ready(self.filing, receipt_number=False)
        self.as_user(self.reviewer).action_file()
        self.assertEqual(self.filing.state, "filed")

    def test_a_ledger_that_changed_after_the_review_is_refused(self):
        self._invoice(1000)
        self._ready(self.filing)
        self._invoice(50)
        with self.assertRaisesRegex(UserError, r"100\.00, now it gives .*105\.00"):
            self.as_user(self.reviewer).action_file()

    def _gate(self):
        """A check that gates the return, and finds the drafts."""
        return self.env["compliance.check"].create(
            {
                "code": "TEST-DRAFT",
                "name": "No drafts",
                "model_id": self.env["ir.model"]._get("account.move").id,
                "domain": "[('state', '=', 'draft')]",
                "obligation_ids": [Command.set(self.obligation.ids)],
                "company_id": self.company.id,
            }
        )

    def test_failed_checks_are_named(self):
        self._gate()
        self._invoice(10, post=False)
        self._ready(self.filing)
        with self.assertRaisesRegex(UserError, "have not passed: No drafts"):
            self.as_user(self.reviewer).action_file()
        action = self.as_user(self.reviewer).action_run_checks()
        self.assertEqual(len(self.env[action["res_model"]].search(action["domain"])), 1)

    def test_a_check_without_an_answer_is_named(self):
        """An error proves nothing: it may have found something or not."""
        check = self._gate()
        self._ready(self.filing)
        with (
            patch.object(
                self.registry["compliance.check"],
                "_read_patiently",
                side_effect=UserError("The table is locked"),
            ),
            self.assertRaisesRegex(UserError, "have not passed: No drafts"),
        ):
            self.as_user(self.reviewer).action_file()
        self.assertEqual(self.filing.state, "ready")
        self.assertFalse(self.filing._gate_findings())
        # what an archived check has to say stops nobody
        check.active = False
        self.as_user(self.reviewer).action_file()
        self.assertEqual(self.filing.state, "filed")

    def test_passed_checks_let_it_through(self):
        self._gate()
        self._ready(self.filing)
        self.as_user(self.reviewer).action_file()
        self.assertEqual(self.filing.frozen["checks"][0]["result"], "pass")

    def _override(self, user, reason="The authority agreed by telephone"):
        return (
            self.env["compliance.filing.reason"]
            .with_user(user)
            .create(
                {"filing_id": self.filing.id, "action": "override", "reason": reason}
            )
            .action_confirm()
        )

    def test_override_by_a_manager_who_is_neither(self):
        self._gate()
        self._invoice(10, post=False)
        self.as_user(self.preparer).action_prepare()
        self.as_user(self.manager).action_review()
        with self.assertRaisesRegex(UserError, "takes another manager"):
            self._override(self.manager)
        with self.assertRaisesRegex(AccessError, "takes a Manager"):
            self._override(self.reviewer)
        self._override(self.manager_2)
        self.assertEqual(self.filing.override_by_id, self.manager_2)
        self.as_user(self.reviewer).write(
            {"receipt_number": "R-1", "filed_on": "2026-03-10"}
        )
        self.as_user(self.reviewer).action_file()
        facts = self.filing.frozen["filing"]
        self.assertEqual(facts["override_reason"], "The authority agreed by telephone")
        self.assertEqual(self.filing.frozen["checks"][0]["result"], "fail")

    def _because(self, user, action, reason="The rate is wrong"):
        self.env["compliance.filing.reason"].with_user(user).create(
            {"filing_id": self.filing.id, "action": action, "reason": reason}
        ).action_confirm()

    def test_back_with_a_reason(self):
        self._ready(self.filing)
        self._override(self.manager)
        self._because(self.reviewer, "back")
        self.assertEqual(self.filing.state, "review")
        self.assertFalse(self.filing.reviewed_by_id | self.filing.override_by_id)
        self._because(self.reviewer, "back")
        self.assertEqual(self.filing.state, "to_prepare")
        self.assertFalse(self.filing.prepared_by_id)
        self.assertEqual(self._activity_users(), self.preparer)
        self.assertIn("The rate is wrong", self.filing.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self._because(self.reviewer, "back", "  ")

    def test_the_preparer_does_not_undo_a_review(self):
        self._ready(self.filing)
        with self.assertRaisesRegex(AccessError, "takes a Reviewer"):
            self._because(self.preparer, "back")

    def test_reject_and_amend(self):
        self._invoice(1000)
        self._filed(self.filing)
        self._because(self.reviewer, "reject", "Wrong form")
        self.assertEqual(self.filing.state, "rejected")
        self.assertEqual(self._activity_users(), self.preparer)
        self._invoice(50)
        action = self.as_user(self.preparer).action_amend()
        amendment = self.env["compliance.filing"].browse(action["res_id"])
        self.assertEqual(amendment.amends_id, self.filing)
        self.assertEqual(self.filing.amendment_ids, amendment)
        self.assertEqual(amendment.amendment_number, 1)
        self.assertEqual(amendment.name, "TEST-ST 2026-02-28 /1")
        self.assertEqual(amendment.amount_computed, 105.0)
        self.assertEqual(
            self.as_user(self.preparer).action_amend()["res_id"], amendment.id
        )
        self.assertEqual(self.filing.state, "rejected", "until the amendment is filed")
        self._filed(amendment)
        self.assertEqual(self.filing.state, "amended")
        self.assertEqual(amendment.frozen["filing"]["amends"], self.filing.frozen_hash)
