from odoo import fields, models
from odoo.exceptions import AccessError


class OfficeRole(models.Model):
    _inherit = "office.role"

    score_every_applicant = fields.Boolean(
        readonly=True,
        copy=False,
        help="Every applicant who is not archived is scored against the role, and not "
        "only those who apply for it.",
    )
    office_match_count = fields.Integer(
        string="People scored",
        compute="_compute_office_match_count",
        groups="hr_recruitment.group_hr_recruitment_user,hr.group_hr_user",
    )

    def _compute_office_match_count(self):
        counts = dict(
            self.env["office.role.match"]._read_group(
                [
                    ("role_id", "in", self.ids),
                    "|",
                    ("employee_id", "!=", False),
                    ("applicant_id.active", "=", True),
                ],
                ["role_id"],
                ["__count"],
            )
        )
        for role in self:
            role.office_match_count = counts.get(role._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_id", "score_every_applicant"} & vals.keys():
            self.env["office.role.match"]._queue("roles", self.ids)
        return result

    def action_view_office_ranking(self):
        """Open the people for this role, the best first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.office_role_match_person_action"
        )
        name = self.env._("Best People for %s", self.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("role_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }

    def action_find_people(self):
        """Score every applicant against this role, and open the ranking.

        :raises AccessError: for whoever is no recruitment officer
        """
        self._set_score_every_applicant(True)
        return self.action_view_office_ranking()

    def action_stop_finding_people(self):
        """Score only those against this role who applied for it.

        :raises AccessError: for whoever is no recruitment officer
        """
        self._set_score_every_applicant(False)
        return True

    def _set_score_every_applicant(self, value):
        if not self.env.user.has_group("hr_recruitment.group_hr_recruitment_user"):
            raise AccessError(
                self.env._(
                    "Only recruitment officers have every applicant scored against a "
                    "role. Ask one of them."
                )
            )
        self.check_access("read")
        # sudo: only HR administrators change roles, but this is no change of what the
        # role asks for, and the right was checked above
        self.sudo().score_every_applicant = value
