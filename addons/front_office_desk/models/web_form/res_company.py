from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Say who reads what customers write on their page."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    desk_web_team_id = fields.Many2one(
        "desk.team",
        string="Team for the web form",
        ondelete="set null",
        domain="[('company_id', '=', id)]",
        help="What customers write on their page comes to this team. Empty: to the "
        "team of the type of request “Other”.",
    )

    @api.constrains("desk_web_team_id")
    def _check_desk_web_team_id(self):
        for company in self:
            team = company.desk_web_team_id
            if team and team.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(company)s: the team %(team)s is one of another company. "
                        "Choose one of this company for the web form.",
                        company=company.name,
                        team=team.name,
                    )
                )

    def _desk_get_web_team(self):
        """Return the team that reads what customers of the company write, or none."""
        self.ensure_one()
        team = self.desk_web_team_id
        # a team may have moved since; what customers write isn't lost for that
        if team.active and team.company_id == self:
            return team
        kinds = self.env["desk.request.type"].with_company(self)
        domain = [
            ("kind", "=", "other"),
            ("company_id", "in", [False, self.id]),
            ("team_id.active", "=", True),
            ("team_id.company_id", "=", self.id),
        ]
        return kinds.search(domain, limit=1).team_id
