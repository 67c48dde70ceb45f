from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .hr_background_check import GROUP


class ResCompany(models.Model):
    """Background checks: waiting days, retention and who orders them."""

    _inherit = "res.company"

    background_waiting_days = fields.Integer(
        string="Waiting days before a final notice",
        default=5,
        help="Working days between a pre-adverse notice and the final notice. "
        "In the United States the Fair Credit Reporting Act, 15 U.S.C. 1681b(b)(3), "
        "asks for a copy of the report and a description of the person's rights "
        "before an adverse action, and names no number of days: five working days "
        "are a common practice. Local law may ask for more.",
    )
    background_retention_months = fields.Integer(
        string="Keep results for (months)",
        default=12,
        help="Months after the check, the hiring or the refusal, whichever is last. "
        "In the United States 29 CFR 1602.14 has private employers keep hiring "
        "records for one year, and as long as a charge is pending; schools and state "
        "and local governments keep them for two. Elsewhere a shorter time may be due.",
    )
    background_remind_days = fields.Integer(
        string="Remind before expiry (days)",
        default=30,
        help="How many days before a check expires somebody is reminded. 0: never.",
    )
    background_responsible_id = fields.Many2one(
        "res.users",
        string="Background checks are ordered by",
        help="Gets the activities. Empty: whoever prepares the checks.",
    )
    background_rights_document = fields.Binary(
        string="Summary of rights",
        attachment=True,
        help="Sent with a pre-adverse notice, for instance the summary of rights "
        "under the Fair Credit Reporting Act.",
    )
    background_rights_filename = fields.Char(string="Name of the summary of rights")

    _background_waiting_days_positive = models.Constraint(
        "CHECK (background_waiting_days >= 1)",
        "There is at least one waiting day between a pre-adverse notice and the final "
        "notice of a background check.",
    )
    _background_retention_months_positive = models.Constraint(
        "CHECK (background_retention_months >= 1)",
        "Results of background checks are kept for at least one month.",
    )
    _background_remind_days_positive = models.Constraint(
        "CHECK (background_remind_days >= 0)",
        "The days before a background check expires cannot be negative. Enter 0 for "
        "no reminder.",
    )

    @api.constrains("background_responsible_id")
    def _check_background_responsible(self):
        for company in self:
            user = company.background_responsible_id
            if user and not user.has_group(GROUP):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot order the background checks of %(company)s "
                        "without the right Background Checks. Give them that right "
                        "first, or choose somebody else.",
                        user=user.name,
                        company=company.name,
                    )
                )
