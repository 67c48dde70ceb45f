from odoo import Command, models


class HrApplicant(models.Model):
    """From hire to day one: what the employee takes over from the application."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    def _get_employee_create_vals(self):
        """Take over the skills with their levels and their dates, each once.

        Odoo takes over the levels alone, so that a certificate would begin today and
        never end, and what somebody could do until last year would count for ever.
        The role comes with the job position.
        """
        vals = super()._get_employee_create_vals()
        vals["employee_skill_ids"] = self._get_employee_skill_commands()
        if self.company_id:
            # Odoo would take the company that the recruiter works in at the moment
            vals.setdefault("company_id", self.company_id.id)
        return vals

    def _get_employee_skill_commands(self):
        """Return the commands that give a new employee the skills of the applicant."""
        self.ensure_one()
        return [
            Command.create(
                {
                    "skill_type_id": skill.skill_type_id.id,
                    "skill_id": skill.skill_id.id,
                    "skill_level_id": skill.skill_level_id.id,
                    "valid_from": skill.valid_from,
                    "valid_to": skill.valid_to,
                }
            )
            for skill in self.applicant_skill_ids
        ]
