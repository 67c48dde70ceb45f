from odoo import fields, models


class HrJob(models.Model):
    _inherit = "hr.job"

    office_match_count = fields.Integer(
        string="Applicants scored",
        compute="_compute_office_match_count",
        groups="hr_recruitment.group_hr_recruitment_interviewer",
    )

    def _compute_office_match_count(self):
        counts = dict(
            self.env["office.role.match"]._read_group(
                [("job_id", "in", self.ids), ("applicant_id.active", "=", True)],
                ["job_id"],
                ["__count"],
            )
        )
        for job in self:
            job.office_match_count = counts.get(job._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if {"office_role_id", "company_id"} & vals.keys():
            self.env["office.role.match"]._queue("jobs", self.ids)
        return result

    def unlink(self):
        # before the applications lose their job: both refer to the match.
        # sudo: nobody may delete a match, whoever may delete a job position
        self.env["office.role.match"].sudo().search(
            [("job_id", "in", self.ids)]
        ).unlink()
        return super().unlink()

    def action_view_office_ranking(self):
        """Open the applicants for this job, the best first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.office_role_match_action"
        )
        return {
            **action,
            "name": self.env._("Ranking for %s", self.name),
            "domain": [("job_id", "=", self.id)],
        }
