from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class HrJob(models.Model):
    _inherit = "hr.job"

    office_role_id = fields.Many2one(
        "office.role",
        string="Role",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        help="What people in this position do, and the skills it takes.",
    )
    office_role_skill_difference = fields.Html(
        string="Difference from the role",
        compute="_compute_office_role_skill_difference",
        help="Where the expected skills of the position differ from its role.",
    )

    @api.constrains("office_role_id", "company_id")
    def _check_office_role_company(self):
        # Odoo's job position does not check companies by itself
        self._check_company(["office_role_id"])

    @api.depends(
        "office_role_id.skill_ids.skill_level_id",
        "job_skill_ids.skill_level_id",
        "job_skill_ids.valid_to",
    )
    def _compute_office_role_skill_difference(self):
        for job in self:
            lines = job._office_role_skill_difference_lines()
            job.office_role_skill_difference = (
                Markup("<ul class='mb-0'>%s</ul>")
                % Markup().join(Markup("<li>%s</li>") % line for line in lines)
                if lines
                else False
            )

    def _compare_with_office_role(self):
        """Compare the current skills of the position with its role.

        :return: ``(missing, different, extra)``: the role's requirements that the
            position lacks, ``(job skill, requirement)`` pairs at another level, and
            the job skills that the role does not ask for
        """
        self.ensure_one()
        requirement_by_skill = {
            requirement.skill_id: requirement
            for requirement in self.office_role_id.skill_ids
        }
        current = self.current_job_skill_ids
        missing = self.office_role_id.skill_ids.filtered(
            lambda requirement: requirement.skill_id not in current.skill_id
        )
        different = [
            (job_skill, requirement_by_skill[job_skill.skill_id])
            for job_skill in current
            if job_skill.skill_id in requirement_by_skill
            and job_skill.skill_level_id
            != requirement_by_skill[job_skill.skill_id].skill_level_id
        ]
        extra = current.filtered(
            lambda job_skill: job_skill.skill_id not in requirement_by_skill
        )
        return missing, different, extra

    def _office_role_skill_difference_lines(self):
        """Return the difference from the role as sentences, most important first."""
        if not self.office_role_id:
            return []
        missing, different, extra = self._compare_with_office_role()
        return [
            *(
                self.env._(
                    "%(skill)s (%(level)s): asked for by the role, not by this "
                    "position",
                    skill=requirement.skill_id.name,
                    level=requirement.skill_level_id.name,
                )
                for requirement in missing
            ),
            *(
                self.env._(
                    "%(skill)s: the role asks for %(required)s, this position for "
                    "%(current)s",
                    skill=requirement.skill_id.name,
                    required=requirement.skill_level_id.name,
                    current=job_skill.skill_level_id.name,
                )
                for job_skill, requirement in different
            ),
            *(
                self.env._(
                    "%(skill)s (%(level)s): asked for by this position, not by the "
                    "role",
                    skill=job_skill.skill_id.name,
                    level=job_skill.skill_level_id.name,
                )
                for job_skill in extra
            ),
        ]

    def action_align_skills_with_role(self):
        """Make the expected skills of the position those of its role.

        The old skills end yesterday and stay in the history, as Odoo does.

        :raises UserError: when the position has no role
        """
        self.check_access("write")
        for job in self:
            if not job.office_role_id:
                raise UserError(
                    self.env._(
                        "%s has no role. Choose a role on the job position first.",
                        job.name,
                    )
                )
            # Odoo takes a write of no commands for one that clears the skills
            if commands := job._align_skills_commands():
                job.write({"job_skill_ids": commands})

    def _align_skills_commands(self):
        """Return the commands that make the skills of the position its role's."""
        missing, different, extra = self._compare_with_office_role()
        replaced = [job_skill for job_skill, _requirement in different]
        added = missing.concat(*(requirement for _skill, requirement in different))
        return [
            *(Command.delete(job_skill.id) for job_skill in extra),
            *(Command.delete(job_skill.id) for job_skill in replaced),
            *(
                Command.create(
                    {
                        "skill_id": requirement.skill_id.id,
                        "skill_level_id": requirement.skill_level_id.id,
                        "skill_type_id": requirement.skill_type_id.id,
                        # Odoo's default is the day the server started
                        "valid_from": fields.Date.context_today(self),
                        "valid_to": False,
                    }
                )
                for requirement in added
            ),
        ]

    def write(self, vals):
        if "office_role_id" not in vals:
            return super().write(vals)
        # sudo: who gains the role by this change does not depend on who may read it
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search([("current_version_id.job_id", "in", self.ids)])
        )
        roles_before = employees._get_office_roles()
        result = super().write(vals)
        employees._office_roles_changed(roles_before)
        return result
