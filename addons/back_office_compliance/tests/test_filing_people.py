import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_filing import FilingFixture


@freeze_time("2026-03-12 12:00:00")
@tagged("post_install", "-at_install")
class TestFilingPeople(FilingFixture, TransactionCase):
    """Whoever entered a figure neither reviews nor overrides, by any route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls.filing = cls._filing()

    def as_user(self, user):
        return self.filing.with_user(user)

    def _hand_in(self):
        self.as_user(self.preparer).action_prepare()

    def _assert_refused(self, user):
        self.assertIn(user, self.filing.contributor_ids)
        with self.assertRaisesRegex(UserError, "entered its figures"):
            self.as_user(user).action_review()
        with self.assertRaisesRegex(ValidationError, "entered figures of TEST-ST"):
            self.filing.sudo().reviewed_by_id = user

    def test_typed_by_hand(self):
        self.as_user(self.reviewer).amount_declared = 12.5
        self._hand_in()
        self._assert_refused(self.reviewer)
        self.as_user(self.manager).action_review()
        self.assertEqual(self.filing.reviewed_by_id, self.manager)

    def test_imported(self):
        result = (
            self.env["compliance.filing"]
            .with_user(self.reviewer)
            .load([".id", "amount_declared"], [[str(self.filing.id), "12.5"]])
        )
        self.assertTrue(result["ids"])
        self._hand_in()
        self._assert_refused(self.reviewer)

    def test_created_with_it(self):
        self.filing = (
            self.env["compliance.filing"]
            .with_user(self.reviewer)
            .create(
                {
                    "company_id": self.company.id,
                    "obligation_id": self.obligation.id,
                    "period_start": "2026-01-01",
                    "period_end": "2026-01-31",
                    "due_date": "2026-03-20",
                    "internal_date": "2026-03-13",
                    "amount_declared": 5.0,
                }
            )
        )
        self._hand_in()
        self._assert_refused(self.reviewer)

    def test_as_superuser(self):
        """A server action runs with all rights, and yet for somebody."""
        self.as_user(self.reviewer).sudo().amount_declared = 3.0
        self._hand_in()
        self._assert_refused(self.reviewer)

    def test_handed_in_before_it_came_back(self):
        self.as_user(self.reviewer).action_prepare()
        self.as_user(self.manager)._send_back("Look again")
        self.assertFalse(self.filing.prepared_by_id)
        self._hand_in()
        self._assert_refused(self.reviewer)

    def test_what_is_no_figure_of_theirs(self):
        filing = self.as_user(self.reviewer)
        filing.action_compute()
        filing.write({"receipt_number": "R-1", "amount_declared": 0.0})
        self._hand_in()
        self.assertEqual(self.filing.contributor_ids, self.preparer)
        filing.action_review()
        self.assertEqual(self.filing.state, "ready")

    def test_nobody_takes_a_name_off(self):
        self.as_user(self.reviewer).amount_declared = 12.5
        for user in (self.reviewer, self.manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.as_user(user).contributor_ids = False
        self._hand_in()
        self._assert_refused(self.reviewer)

    def test_no_override(self):
        self.as_user(self.manager).amount_declared = 12.5
        self._ready(self.filing)
        with self.assertRaisesRegex(UserError, "takes another manager"):
            self.as_user(self.manager)._override("It is right")
        with self.assertRaisesRegex(ValidationError, "entered figures"):
            self.filing.sudo().override_by_id = self.manager
        self.as_user(self.manager_2)._override("It is right")

    def test_frozen_with_the_rest(self):
        self.as_user(self.manager).amount_declared = 12.5
        self._filed(self.filing)
        names = self.filing.frozen["filing"]["entered_by"]
        self.assertIn(self.manager.name, names)
        self.assertIn(self.preparer.name, names)
        with self.assertRaisesRegex(UserError, "is frozen"):
            self.filing.sudo().contributor_ids = False
        with (
            self.assertRaises(psycopg2.errors.RestrictViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "DELETE FROM compliance_filing_contributor_rel"
                " WHERE compliance_filing_id = %s",
                [self.filing.id],
            )
