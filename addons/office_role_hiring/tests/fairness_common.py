from .common import HiringCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"
MANAGER = "hr_recruitment.group_hr_recruitment_manager"
FAIRNESS = "office_role_hiring.group_hiring_fairness"


class FairnessCommon(HiringCommon):
    """Three stages, the shipped reasons, and one user for each right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env["hr.recruitment.stage"].create(
            [
                {"name": "Test new", "sequence": 1001},
                {"name": "Test interview", "sequence": 1002},
                {"name": "Test signed", "sequence": 1003, "hired_stage": True},
            ]
        )
        cls.stage_new, cls.stage_interview, cls.stage_signed = stages
        stages.job_ids = cls.job_desk
        cls.reason_must_have = cls.env.ref("office_role_hiring.refuse_reason_must_have")
        cls.reason_degree = cls.env.ref("office_role_hiring.refuse_reason_degree")
        cls.reason_withdrew = cls.env["hr.applicant.refuse.reason"].create(
            {"name": "Test withdrew", "office_type": "withdrew"}
        )

    @classmethod
    def _set_up_users(cls):
        cls.interviewer = cls._create_user("fair_interviewer", INTERVIEWER)
        cls.recruiter = cls._create_user("fair_recruiter", RECRUITER)
        cls.manager = cls._create_user("fair_manager", MANAGER)
        cls.fair = cls._create_user("fair_hr_manager", FAIRNESS)
        cls.employee_user = cls._create_user("fair_employee")
        cls.abroad = cls._create_user("fair_abroad", FAIRNESS, cls.other_company)

    @classmethod
    def _apply(cls, name, skills=(), job=None, **values):
        """Create an applicant in the first stage of a job."""
        return cls._create_applicant(
            name,
            job or cls.job_desk,
            skills,
            **{"stage_id": cls.stage_new.id, **values},
        )

    def _refuse(self, applicants, reason, user=None, **values):
        """Refuse through the wizard, as a user."""
        wizard = (
            self.env["applicant.get.refuse.reason"]
            .with_user(user or self.env.user)
            .create(
                {
                    "applicant_ids": applicants.ids,
                    "refuse_reason_id": reason.id,
                    "send_mail": False,
                    **values,
                }
            )
        )
        wizard.action_refuse_reason_apply()

    def _log(self, applicants):
        """Return the decisions on applicants, the first one first."""
        return self.env["hr.applicant.decision"].search(
            [("application_number", "in", applicants.ids)], order="id"
        )
