from datetime import datetime

from odoo import Command

from .common import HiringCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
INTERVIEWER = "hr_recruitment.group_hr_recruitment_interviewer"
MANAGER = "hr_recruitment.group_hr_recruitment_manager"
START = datetime(2026, 3, 18, 9)


class InterviewCommon(HiringCommon):
    """Ada applies for the desk; Ivy, Ian and the recruiter Rita interview her.

    Rob is a recruiter who does not interview, Otto an interviewer of somebody else,
    Emma an employee, Abe a recruiter of another company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create = cls._create_user
        cls.ivy = create("iv_ivy", name="Ivy")
        cls.ian = create("iv_ian", name="Ian")
        cls.rita = create("iv_rita", f"{RECRUITER},base.group_partner_manager")
        cls.rob = create("iv_rob", RECRUITER)
        cls.boss = create("iv_boss", MANAGER)
        cls.otto = create("iv_otto", INTERVIEWER)
        cls.emma = create("iv_emma")
        cls.abe = create("iv_abe", RECRUITER, cls.other_company)
        cls.ada = cls._create_applicant("Ada", cls.job_desk)
        cls.bo = cls._create_applicant(
            "Bo", cls.job_desk, interviewer_ids=[Command.link(cls.otto.id)]
        )
        cls.env["interview.skill.guide"].create(
            {
                "skill_id": cls.greeting.id,
                **{f"anchor_{number}": f"Greets {number}" for number in (1, 2, 3, 4)},
            }
        )
        cls.env["interview.question"].create(
            [
                {"skill_id": cls.greeting.id, "name": "How do you greet?"},
                {"skill_id": cls.greeting.id, "name": "Whom did you greet last?"},
                {"skill_id": cls.telephone.id, "name": "Who calls?"},
            ]
        )

    @classmethod
    def _create_round(cls, users=None, applicant=None, opened=False, **values):
        """Create a round with its plan, and hand out the scorecards if asked."""
        users = cls.ivy + cls.ian if users is None else users
        interview = (
            cls.env["interview.round"]
            .with_user(cls.rob)
            .create(
                {
                    "applicant_id": (applicant or cls.ada).id,
                    "interviewer_ids": [Command.set(users.ids)],
                    **values,
                }
            )
        )
        interview.action_plan()
        if opened:
            interview.action_open()
            cls.env.invalidate_all()
        return interview

    @classmethod
    def _card(cls, interview, user):
        """Return somebody's own scorecard, as they see it."""
        return (
            cls.env["interview.scorecard"]
            .with_user(user)
            .search([("round_id", "=", interview.id), ("interviewer_id", "=", user.id)])
        )

    @classmethod
    def _submit(cls, interview, user, rating=3, recommendation="yes", note="Heard it"):
        """Fill in and submit somebody's scorecard as they would."""
        card = cls._card(interview, user)
        card.write(
            {
                "recommendation": recommendation,
                "summary": f"Summary of {user.login}",
                "line_ids": [
                    Command.update(line.id, {"rating": rating, "note": note})
                    for line in card.line_ids
                ],
            }
        )
        card.action_submit()
        cls.env.invalidate_all()
        return card
