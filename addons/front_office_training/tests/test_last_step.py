from odoo.tests import TransactionCase, freeze_time, tagged

from .evidence_common import EvidenceFixture


@tagged("post_install", "-at_install")
class TestLastStep(EvidenceFixture, TransactionCase):
    """Whatever closes the last step gives the certificate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-10 12:00:00"))
        cls._set_up_training()
        cls.programme.issues_certificate = True

    def _signed_enrolment(self, **vals):
        """Enrol in a step for the trainer and another, and sign the first."""
        self._add_steps(
            {"name": "Make two contacts", "signoff": "trainer", "evidence_count": 1},
            vals,
        )
        enrolment = self._enrol(start_date="2026-03-02")
        self._contacts(self.trainee_user, "2026-03-03 12:00:00")
        first, last = enrolment.step_ids.sorted("sequence")
        first.with_user(self.trainee_user).action_done()
        first.with_user(self.trainer_user).action_sign()
        return enrolment, last

    def test_real_work_closes_it(self):
        enrolment, last = self._signed_enrolment(
            name="Make one contact", signoff="none", evidence_count=1
        )
        self.assertFalse(enrolment.certificate_ids)
        last._close_by_evidence()
        self.assertEqual(enrolment.state, "done")
        self.assertEqual(enrolment.certificate_ids.signer_id, self.trainer_user)

    def test_acknowledgement_closes_it(self):
        enrolment, last = self._signed_enrolment(
            name="Greet",
            kind="practice",
            evidence_rule_id=False,
            signoff="trainer",
            acknowledge=True,
        )
        last.with_user(self.trainee_user).action_done()
        last.with_user(self.trainer_user).action_sign()
        self.assertFalse(enrolment.certificate_ids)
        last.with_user(self.trainee_user).action_acknowledge()
        self.assertEqual(enrolment.state, "done")
        self.assertEqual(enrolment.certificate_ids.signer_id, self.trainer_user)
