from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.front_office_training.tests.common import TrainingFixture

BEGUN = "2026-01-01"
CERTIFIED = "2026-03-10"
TODAY = "2026-06-15"
GROUP = "back_office_compliance.group_compliance_"


@tagged("post_install", "-at_install")
class TestCheckTraining(TrainingFixture, TransactionCase):
    """Who holds a role without the certificate, and when the check falls silent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(BEGUN))
        cls._set_up_training()
        cls.programme.validity_months = 12
        cls.trainee.current_version_id.date_version = BEGUN
        cls.trainee.job_id = cls.job
        cls.check = cls.env.ref(
            "back_office_compliance_training.compliance_check_training_certificate"
        )
        cls.env.flush_all()

    def _keys(self, day=TODAY, employee=None):
        """Ask the check on a day; return which programmes an employee still lacks."""
        with freeze_time(day):
            line = (
                self.env["compliance.check"]
                ._run_checks(self.company, self.check)
                .line_ids
            )
        self.assertIn(line.result, ("pass", "fail"), line.error)
        return [finding.key for finding in self._findings(employee)]

    def _findings(self, employee=None):
        return self.env["compliance.finding"].search(
            [
                ("check_id", "=", self.check.id),
                ("company_id", "=", self.company.id),
                ("res_id", "=", (employee or self.trainee).id),
                ("state", "=", "open"),
            ]
        )

    def _certify(self):
        """Walk through all mandatory steps; return the certificate."""
        enrolment = self.trainee.training_enrolment_ids.filtered(
            lambda enrolment: enrolment.programme_id == self.programme
        )
        with freeze_time(CERTIFIED):
            read, greet, desk, _visit = self._steps(enrolment)
            for step in (read, greet, desk):
                step.with_user(self.trainee_user).action_done()
            greet.with_user(self.trainer_user).action_sign()
            desk.with_user(enrolment.manager_user_id).action_sign()
            self.env.flush_all()
        return enrolment.certificate_ids

    def test_never_certified(self):
        self.assertEqual(self._keys(), [str(self.programme.id)])
        self.assertFalse(self._findings().date)
        self.assertFalse(self._keys(employee=self.colleague), "who holds no role")

    def test_certified(self):
        self._keys()
        self.assertTrue(self._certify())
        self.assertEqual(self._keys(), [])

    def test_expired(self):
        """It holds on its last day, whether or not the nightly action has run."""
        certificate = self._certify()
        self.assertEqual(str(certificate.expires_on), "2027-03-10")
        self.assertEqual(self._keys("2027-03-10"), [])
        self.assertEqual(self._keys("2027-03-11"), [str(self.programme.id)])
        self.assertEqual(str(self._findings().date), "2027-03-10")

    def test_revoked(self):
        certificate = self._certify()
        self.env.cr.execute(
            "UPDATE training_certificate SET state = 'revoked',"
            " revoked_reason = 'Test', revoked_on = now(), revoked_by_id = %s"
            " WHERE id = %s",
            [self.manager_user.id, certificate.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._keys(), [str(self.programme.id)])
        self.assertFalse(self._findings().date)

    def test_newcomer(self):
        self.assertEqual(self._keys("2026-01-31"), [])
        self.assertEqual(self._keys("2026-02-01"), [str(self.programme.id)])

    def test_role_taken_later(self):
        """The days count from the version that brought the role."""
        self.trainee.current_version_id.job_id = False
        version = self.trainee.create_version({"date_version": "2026-06-01"})
        version.job_id = self.job
        later = self.trainee.create_version({"date_version": "2026-06-10"})
        self.assertEqual(later.office_role_ids, self.role)
        self.env.flush_all()
        self.assertEqual(self._keys("2026-07-01"), [])
        self.assertEqual(self._keys("2026-07-02"), [str(self.programme.id)])

    def test_role_given_up(self):
        self.trainee.create_version({"date_version": "2026-06-01"}).job_id = False
        self.env.flush_all()
        self.assertEqual(self._keys("2026-05-31"), [str(self.programme.id)])
        self.assertEqual(self._keys("2026-06-01"), [])

    def test_programme_without_certificate(self):
        self.programme.issues_certificate = False
        self.assertEqual(self._keys(), [])

    def test_programme_that_is_retired(self):
        self.programme.active = False
        self.assertEqual(self._keys(), [])

    def test_two_roles_ask_once(self):
        role = self.env["office.role"].create(
            {"name": "Second", "code": "test_second", "side": "back"}
        )
        self.programme.role_ids += role
        self.trainee.extra_office_role_ids = [Command.link(role.id)]
        self.assertEqual(self._keys(), [str(self.programme.id)])

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        with freeze_time(TODAY):
            run = self.env["compliance.check"]._run_checks(other, self.check)
        self.assertEqual(run.line_ids.result, "pass")

    def test_days_per_company(self):
        self.env["compliance.check.parameter"].create(
            {
                "check_id": self.check.id,
                "company_id": self.company.id,
                "name": "days",
                "value": 365,
            }
        )
        self.assertEqual(self._keys(), [])

    def test_access(self):
        self._keys()
        (finding,) = self._findings()
        accountant = self._user(
            "t_accountant",
            f"base.group_user,{GROUP}manager,account.group_account_manager",
        )
        officer = self._user("t_officer", f"{GROUP}preparer,hr.group_hr_user")
        Finding = self.env["compliance.finding"].with_user(accountant)
        self.assertNotIn(finding, Finding.search([]))
        families = Finding.formatted_read_group([], ["family"], ["__count"])
        self.assertNotIn("training", [group["family"] for group in families])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            finding.with_user(accountant).read(["key"])
        self.assertIn("Test programme", finding.with_user(officer).details)
        self.assertIn("Test trainee", finding.with_user(officer).record_name)
