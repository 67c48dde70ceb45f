from odoo import Command

from odoo.addons.office_role_hiring.tests.common import HiringCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
HR = "hr.group_hr_user"
TRAINER = "front_office_training.group_training_manager"


class HireTrainingCommon(HiringCommon):
    """The desk has a programme; another one teaches the telephone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._create_user("hire_hr", f"{RECRUITER},{HR},{TRAINER}")
        cls.recruiter = cls._create_user("hire_recruiter", RECRUITER)
        cls.stage = cls.env["hr.recruitment.stage"].create(
            {
                "name": "Test signed",
                "sequence": 1003,
                "hired_stage": True,
                "job_ids": cls.job_desk.ids,
            }
        )
        cls.desk = cls._create_programme("Test first week", role_ids=cls.role_desk.ids)
        cls.phone = cls._create_programme(
            "Test telephone",
            skill_ids=[
                Command.create(
                    {
                        "skill_id": cls.telephone.id,
                        "skill_level_id": cls.level[75].id,
                    }
                )
            ],
        )
        cls.ada = cls._create_applicant(
            "Ada Hire",
            cls.job_desk,
            [(cls.greeting, 75), (cls.telephone, 25)],
            stage_id=cls.stage.id,
        )

    @classmethod
    def _create_programme(cls, name, **values):
        programme = cls.env["training.programme"].create(
            {
                "name": name,
                "responsible_id": cls.hr.id,
                "step_ids": [
                    Command.create({"name": "Test step", "kind": "acknowledge"})
                ],
                **values,
            }
        )
        programme.action_publish()
        return programme
