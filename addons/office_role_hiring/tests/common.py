from datetime import date

from odoo.addons.office_role.tests.common import LAST_YEAR, OfficeRoleCommon

TODAY = date(2026, 3, 16)


class HiringCommon(OfficeRoleCommon):
    """A desk that asks for greeting at 75 (must-have, weight 3) and telephone at 50."""

    @classmethod
    def _create_applicant(cls, name, job=None, skills=(), **values):
        """Create an applicant from ``(skill, progress)`` pairs."""
        applicant = cls.env["hr.applicant"].create(
            {"partner_name": name, "job_id": job.id if job else False, **values}
        )
        for skill, progress in skills:
            cls._give_applicant_skill(applicant, skill, progress)
        cls._commit_matches()
        return applicant

    @classmethod
    def _give_applicant_skill(cls, applicant, skill, progress, **values):
        return cls.env["hr.applicant.skill"].create(
            {
                "applicant_id": applicant.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": cls._levels(skill.skill_type_id)[progress].id,
                "valid_from": LAST_YEAR,
                "valid_to": False,
                **values,
            }
        )

    @classmethod
    def _commit_matches(cls):
        """Do what happens before the transaction is committed."""
        cls.env["office.role.match"]._refresh_pending()
