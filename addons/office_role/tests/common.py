from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

TODAY = date(2026, 3, 16)
YESTERDAY = date(2026, 3, 15)
TOMORROW = date(2026, 3, 17)
LAST_YEAR = date(2025, 1, 1)


@tagged("post_install", "-at_install")
class OfficeRoleCommon(TransactionCase):
    """Two companies, one skill type with four levels, two roles and a job position.

    The front desk asks for greeting at 75 (must-have) and telephone at 50, the till
    for counting at 25.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **DISABLED_MAIL_CONTEXT})
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.skill_type = cls._create_skill_type(
            "Desk", ["Greeting", "Telephone", "Counting", "Juggling"]
        )
        cls.level = cls._levels(cls.skill_type)
        skills = {skill.name: skill for skill in cls.skill_type.skill_ids}
        cls.greeting = skills["Greeting"]
        cls.telephone = skills["Telephone"]
        cls.counting = skills["Counting"]
        cls.juggling = skills["Juggling"]
        cls.role_desk = cls._create_role(
            "test_desk", [(cls.greeting, 75, True), (cls.telephone, 50, False)]
        )
        cls.role_till = cls._create_role("test_till", [(cls.counting, 25, False)])
        cls.job_desk = cls._create_job("Desk clerk", cls.role_desk)

    @classmethod
    def _create_skill_type(cls, name, skills, **values):
        return cls.env["hr.skill.type"].create(
            {
                "name": name,
                "skill_ids": [Command.create({"name": skill}) for skill in skills],
                "skill_level_ids": [
                    Command.create(
                        {
                            "name": f"{name} {progress}",
                            "level_progress": progress,
                            "default_level": progress == 50,
                        }
                    )
                    for progress in (25, 50, 75, 100)
                ],
                **values,
            }
        )

    @classmethod
    def _levels(cls, skill_type):
        """Return the levels of a skill type by their progress."""
        return {level.level_progress: level for level in skill_type.skill_level_ids}

    @classmethod
    def _create_role(cls, code, requirements=(), **values):
        """Create a role from ``(skill, progress, must_have)`` requirements."""
        return cls.env["office.role"].create(
            {
                "name": code.replace("_", " ").capitalize(),
                "code": code,
                "skill_ids": [
                    Command.create(cls._requirement(skill, progress, must_have))
                    for skill, progress, must_have in requirements
                ],
                **values,
            }
        )

    @classmethod
    def _requirement(cls, skill, progress, must_have=False):
        return {
            "skill_id": skill.id,
            "skill_level_id": cls._levels(skill.skill_type_id)[progress].id,
            "must_have": must_have,
        }

    @classmethod
    def _create_job(cls, name, role=None, **values):
        return cls.env["hr.job"].create(
            {"name": name, "office_role_id": role.id if role else False, **values}
        )

    @classmethod
    def _create_employee(cls, name, job=None, **values):
        return cls.env["hr.employee"].create(
            {
                "name": name,
                "job_id": job.id if job else False,
                "date_version": LAST_YEAR,
                **values,
            }
        )

    @classmethod
    def _give_skill(cls, employee, skill, progress, **values):
        skill_type = skill.skill_type_id
        return cls.env["hr.employee.skill"].create(
            {
                "employee_id": employee.id,
                "skill_type_id": skill_type.id,
                "skill_id": skill.id,
                "skill_level_id": cls._levels(skill_type)[progress].id,
                "valid_from": LAST_YEAR,
                "valid_to": False,
                **values,
            }
        )

    @classmethod
    def _give_job_skill(cls, job, skill, progress, **values):
        return cls.env["hr.job.skill"].create(
            {
                "job_id": job.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": cls._levels(skill.skill_type_id)[progress].id,
                "valid_from": LAST_YEAR,
                "valid_to": False,
                **values,
            }
        )

    @classmethod
    def _create_user(cls, login, groups="base.group_user", company=None, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=(company or cls.company).id,
            context=DISABLED_MAIL_CONTEXT,
            **values,
        )

    @classmethod
    def _create_hr_user(cls, login, group):
        """Create somebody of HR who also keeps the job positions.

        Where Recruitment is installed, that takes a right of Recruitment.
        """
        recruitment = "hr_recruitment.group_hr_recruitment_user"
        installed = cls.env.ref(recruitment, raise_if_not_found=False)
        return cls._create_user(login, f"{group},{recruitment}" if installed else group)

    def _gaps(self, employee, **values):
        """Return the skill gaps of an employee by skill, as they are now."""
        gaps = self.env["office.role.gap"]
        gaps.invalidate_model()
        found = gaps.search([("employee_id", "in", employee.ids)])
        return {gap.skill_id: gap for gap in found}

    @contextmanager
    def _roles_gained(self):
        """Record what the hook is called with: a list of one dict a call."""
        calls = []

        def record(employees, employees_by_role):
            calls.append(employees_by_role)

        with patch.object(self.registry["hr.employee"], "_office_roles_gained", record):
            yield calls
