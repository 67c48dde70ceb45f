from odoo import api, fields, models
from odoo.exceptions import UserError

REFUSE_TYPES = [
    ("must_have", "Must-have skill missing"),
    ("degree", "Degree missing"),
    ("right_to_work", "No right to work"),
    ("requirements", "Other requirement not met"),
    ("interview", "Others were better in the interviews"),
    ("filled", "Position filled"),
    ("withdrew", "Applicant withdrew"),
    ("duplicate", "Duplicate"),
    ("other", "Other"),
]

# the kinds of the reasons that Odoo ships
ODOO_KINDS = {
    "refuse_reason_1": "requirements",
    "refuse_reason_2": "withdrew",
    "refuse_reason_5": "filled",
    "refuse_reason_6": "duplicate",
    "refuse_reason_8": "withdrew",
}


class HrApplicantRefuseReason(models.Model):
    """Why an application ends: the words are free, the kind is one of a list."""

    _inherit = "hr.applicant.refuse.reason"

    office_type = fields.Selection(
        REFUSE_TYPES,
        string="Kind",
        required=True,
        default="other",
        help="A missing must-have names the skills. Who withdrew, and duplicates, do "
        "not count in the adverse-impact report.",
    )

    def write(self, vals):
        if "office_type" in vals:
            self._check_office_type_unused(vals["office_type"])
        return super().write(vals)

    def _check_office_type_unused(self, kind):
        """Refuse to give refusals that were made another kind afterwards.

        :raises UserError: when applications were refused for the reason
        """
        changed = self.filtered(lambda reason: reason.office_type != kind)
        # sudo: whether a reason was used does not depend on whom the user sees
        decision = (
            self.env["hr.applicant.decision"]
            .sudo()
            .search([("refuse_reason_id", "in", changed.ids)], limit=1)
        )
        if decision:
            raise UserError(
                self.env._(
                    "Applications were refused for “%s”, so its kind stays. Archive "
                    "this reason and add another one.",
                    decision.refuse_reason_id.name,
                )
            )

    @api.model
    def _set_odoo_kinds(self):
        """Give the reasons that Odoo ships their kind, where nobody has chosen one."""
        for name, kind in ODOO_KINDS.items():
            reason = self.env.ref(f"hr_recruitment.{name}", raise_if_not_found=False)
            if reason and reason.office_type == "other":
                reason.office_type = kind
