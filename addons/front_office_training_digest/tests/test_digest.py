from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.front_office_training.tests.common import TrainingFixture


@tagged("post_install", "-at_install")
class TestDigest(TrainingFixture, TransactionCase):
    """A training that was completed on 14 May 2026, and the digests around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time("2026-05-14 10:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls._set_up_training()
        enrolment = cls._enrol(start_date="2026-05-10")
        read, greet, desk, _visit = cls._steps(enrolment)
        (read + greet + desk).with_user(cls.trainee_user).action_done()
        greet.with_user(cls.trainer_user).action_sign()
        desk.with_user(cls.boss_user).action_sign()
        cls.env.flush_all()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Test digest",
                "periodicity": "weekly",
                "company_id": cls.company.id,
                "kpi_training_completed": True,
                "kpi_training_signed": True,
            }
        )

    def _values(self, user, start, end, digest=None):
        digest = (
            (digest or self.digest)
            .with_user(user)
            .with_context(start_datetime=start, end_datetime=end)
        )
        digest.invalidate_model()
        return digest.kpi_training_completed_value, digest.kpi_training_signed_value

    def test_figures_of_the_week(self):
        week = datetime(2026, 5, 11), datetime(2026, 5, 18)
        self.assertEqual(self._values(self.manager_user, *week), (1, 2))
        self.assertEqual(self._values(self.hr_user, *week), (1, 2))

    def test_week_before_has_none(self):
        week = datetime(2026, 5, 4), datetime(2026, 5, 11)
        self.assertEqual(self._values(self.manager_user, *week), (0, 0))

    def test_another_company_has_none(self):
        manager = self._manager_elsewhere()
        company = manager.company_id
        digest = self.digest.copy({"company_id": company.id})
        week = datetime(2026, 5, 11), datetime(2026, 5, 18)
        self.assertEqual(self._values(manager, *week, digest=digest), (0, 0))

    def test_plain_employee_is_refused(self):
        week = datetime(2026, 5, 11), datetime(2026, 5, 18)
        for name in ("kpi_training_completed_value", "kpi_training_signed_value"):
            digest = self.digest.with_user(self.trainee_user).with_context(
                start_datetime=week[0], end_datetime=week[1]
            )
            with self.assertRaises(AccessError):
                digest[name]  # pylint: disable=pointless-statement

    def _kpis(self, user):
        kpis = self.digest._compute_kpis(self.company, user)
        return {kpi["kpi_name"]: kpi for kpi in kpis}

    def test_e_mail_shows_them_to_whom_they_concern(self):
        # A day counts once it is over, so that no week counts it twice.
        with freeze_time("2026-05-15 10:00:00"):
            kpis = self._kpis(self.manager_user)
        self.assertIn(
            "training_report_action", kpis["kpi_training_signed"]["kpi_action"]
        )
        self.assertEqual(kpis["kpi_training_completed"]["kpi_col2"]["value"], 1)
        self.assertFalse(
            {name for name in self._kpis(self.trainee_user) if "training" in name}
        )

    def test_default_digest_has_them(self):
        digest = self.env.ref("digest.digest_digest_default")
        self.assertTrue(digest.kpi_training_completed and digest.kpi_training_signed)
