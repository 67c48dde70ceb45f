from odoo import fields, models


class OfficeRole(models.Model):
    _inherit = "office.role"

    office_match_count = fields.Integer(
        string="Applicants scored",
        compute="_compute_office_match_count",
        groups="hr_recruitment.group_hr_recruitment_user",
    )

    def _compute_office_match_count(self):
        counts = dict(
            self.env["office.role.match"]._read_group(
                [("role_id", "in", self.ids), ("applicant_id.active", "=", True)],
                ["role_id"],
                ["__count"],
            )
        )
        for role in self:
            role.office_match_count = counts.get(role._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env["office.role.match"]._queue("roles", self.ids)
        return result

    def action_view_office_ranking(self):
        """Open the applicants for this role, the best first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.office_role_match_action"
        )
        return {
            **action,
            "name": self.env._("Ranking for %s", self.name),
            "domain": [("role_id", "=", self.id)],
        }
