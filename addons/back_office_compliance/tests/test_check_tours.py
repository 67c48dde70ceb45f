from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_check import CheckFixture


@tagged("post_install", "-at_install")
class TestCheckTours(HttpCase, CheckFixture):
    """A finding's life in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.Check.search([]) - cls.check).active = False
        cls.check.write({"code": "TOUR", "name": "Check TOUR"})
        cls.partner = cls._make_partners(name="Tour Partner")
        groups = ("base.group_partner_manager",)
        cls.preparer = cls._make_user("tour_preparer", "preparer", *groups)
        cls.manager = cls._make_user("tour_manager", "manager", *groups)

    def _tour(self, name, login="tour_preparer", path="/odoo/compliance-findings"):
        self.start_tour(path, f"back_office_compliance_{name}", login=login)
        self.env.invalidate_all()

    def test_finding(self):
        self._run()
        self.partner.ref = "good"
        self._tour("finding")
        finding = self._findings()
        self.assertEqual(finding.state, "resolved")
        self.assertEqual(finding.fixed_by_id, self.preparer)

    def test_waiver(self):
        self._run()
        self._tour("waiver_ask")
        self._tour("waiver_grant", "tour_manager")
        finding = self._findings()
        self.assertEqual(finding.state, "waived")
        self.assertEqual(finding.waiver_asked_by_id, self.preparer)
        self.assertEqual(finding.waived_by_id, self.manager)

    def test_run_now(self):
        """The form of the run reads it again until the cron has done it."""
        registry_class = self.registry["compliance.run"]
        web_read = registry_class.web_read
        reads = []

        def read_and_go_on(run, specification):
            reads.append(run.id)
            if len(reads) > 1 and run.state == "running":
                # what the cron does meanwhile; Odoo asks again with a cursor to write
                run.sudo().line_ids._execute()
            return web_read(run, specification)

        with (
            patch.object(registry_class, "web_read", read_and_go_on),
            mute_logger("odoo.sql_db", "odoo.http"),
        ):
            self._tour("run_now", path="/odoo/compliance-checks")
        self.assertGreaterEqual(len(reads), 2)
        self.assertEqual(self._findings().state, "open")
