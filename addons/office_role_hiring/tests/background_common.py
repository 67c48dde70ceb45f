import base64
from contextlib import contextmanager
from datetime import date

from odoo import Command
from odoo.exceptions import UserError

from .common import HiringCommon

GROUP = "office_role_hiring.group_background_check"
RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"
MONDAY = date(2026, 3, 2)
SIGNED = base64.b64encode(b"Signed by Ada")
REPORT = base64.b64encode(b"Two convictions")
RIGHTS = base64.b64encode(b"Your rights")


class BackgroundCommon(HiringCommon):
    """The desk needs an identity and a criminal record check before the contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        types = cls.env["hr.background.check.type"]
        cls.identity = types.create(
            {"name": "Test identity", "sequence": 1, "validity_months": 0}
        )
        cls.criminal = types.create(
            {"name": "Test criminal record", "sequence": 2, "is_sensitive": True}
        )
        cls.role_desk.background_type_ids = cls.identity + cls.criminal
        cls.env["hr.recruitment.stage"].search([]).requires_background_checks = False
        cls.first, cls.talk, cls.contract, cls.signed = cls.env[
            "hr.recruitment.stage"
        ].create(
            [
                {"name": name, "sequence": number, "job_ids": cls.job_desk.ids}
                for number, name in enumerate(("First", "Talk", "Contract", "Signed"))
            ]
        )
        cls.contract.requires_background_checks = True
        cls.signed.hired_stage = True
        cls.officer = cls._create_user("background_officer", f"{GROUP},{RECRUITER}")
        cls.recruiter = cls._create_user("background_recruiter", RECRUITER)
        # whatever the database was set up with
        cls.company.write(
            {
                "background_rights_document": RIGHTS,
                "background_rights_filename": False,
                "background_responsible_id": False,
                "background_waiting_days": 5,
                "background_retention_months": 12,
                "background_remind_days": 30,
                "resource_calendar_id": cls.env["resource.calendar"]
                .create({"name": "Mondays to Fridays"})
                .id,
            }
        )
        cls.ada = cls._create_applicant(
            "Ada", cls.job_desk, stage_id=cls.first.id, email_from="ada@example.com"
        )

    @classmethod
    def _prepare(cls, applicants=None):
        """Return the checks prepared, as the officer, by type."""
        applicants = (applicants or cls.ada).with_user(cls.officer)
        return applicants._prepare_background_checks()

    @classmethod
    def _ordered(cls, applicant=None, check_type=None, day=None):
        """Return a check of the officer that is ordered."""
        check = (
            cls.env["hr.background.check"]
            .with_user(cls.officer)
            .create(
                {
                    "applicant_id": (applicant or cls.ada).id,
                    "type_id": (check_type or cls.criminal).id,
                    "consent_date": day or MONDAY,
                    "consent_document": SIGNED,
                }
            )
        )
        check.action_record_consent()
        check.action_order()
        return check

    @classmethod
    def _clear(cls, applicant=None, check_type=None):
        check = cls._ordered(applicant, check_type)
        check.action_result_clear()
        return check

    @classmethod
    def _adverse(cls, **values):
        """Return a check with an adverse result and its report."""
        check = cls._ordered()
        check.write({"report_file": REPORT, "report_filename": "report.pdf", **values})
        check.action_result_adverse()
        return check

    @classmethod
    def _allow_export(cls, *users):
        cls.env.ref("base.group_allow_export").user_ids = [
            Command.link(user.id) for user in users
        ]

    def _get_notices(self, check):
        """Return the e-mails to the person who is checked."""
        return self.env["mail.mail"].search(
            [("model", "=", check._name), ("res_id", "=", check.id)]
        )

    def _get_addresses(self, mail):
        partners = mail.recipient_ids.mapped("email")
        return [address for address in (mail.email_to, *partners) if address]

    @contextmanager
    def _refused(self, sentence):
        """What happens inside is refused with the sentence, and undone."""
        with (
            self.assertRaisesRegex(UserError, sentence),
            self.env.cr.savepoint(),
        ):
            yield
        self.env.invalidate_all()
