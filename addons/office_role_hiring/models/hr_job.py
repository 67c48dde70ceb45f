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
                [
                    ("job_id", "in", self.ids),
                    ("for_job", "=", True),
                    ("applicant_id.active", "=", True),
                ],
                ["job_id"],
                ["__count"],
            )
        )
        for job in self:
            job.office_match_count = counts.get(job._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if {"office_role_id", "company_id", "expected_degree"} & vals.keys():
            self.env["office.role.match"]._queue("jobs", self.ids)
        return result

    def unlink(self):
        # sudo: whom it concerns, and that nobody may delete a match, does not depend on
        # who may delete a job position
        env = self.with_context(active_test=False).sudo().env
        domain = [("job_id", "in", self.ids)]
        match = self.env["office.role.match"]
        match._queue("applicants", env["hr.applicant"].search(domain).ids)
        match._queue("employees", env["hr.version"].search(domain).employee_id.ids)
        # before the applications lose their job: both refer to the match
        env["office.role.match"].search(
            [*domain, ("for_job", "=", True), ("applicant_id", "!=", False)]
        ).unlink()
        return super().unlink()

    def action_view_office_ranking(self):
        """Open the applicants for this job, the best first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.office_role_match_action"
        )
        name = self.env._("Ranking for %s", self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [
                ("job_id", "=", self.id),
                ("for_job", "=", True),
                ("applicant_id", "!=", False),
            ],
        }
