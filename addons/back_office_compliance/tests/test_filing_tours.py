from odoo.tests import HttpCase, tagged

from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestFilingTours(FilingFixture, HttpCase):
    """A filing from its preparation to its amendment and audit, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls._invoice(1000)
        cls.filing = cls._filing()

    def _tour(self, name, user):
        self.start_tour(
            "/odoo/filings", f"back_office_compliance_filing_{name}", login=user.login
        )
        self.env.invalidate_all()

    def test_prepare_review_file_amend_audit(self):
        self._tour("prepare", self.preparer)
        self.assertEqual(self.filing.prepared_by_id, self.preparer)
        self._tour("review", self.reviewer)
        self.assertEqual(self.filing.state, "filed")
        self.assertEqual(self.filing.reviewed_by_id, self.reviewer)
        self._invoice(50)
        self.env.flush_all()
        self.start_tour(
            "/odoo/filings-changed",
            "back_office_compliance_filing_amend",
            login=self.preparer.login,
        )
        self.assertEqual(self.filing.amendment_ids.amount_computed, 105.0)
        # the list of the auditor's tour has one row of the name
        self.filing.amendment_ids.sudo().unlink()
        self._tour("audit", self.auditor)
