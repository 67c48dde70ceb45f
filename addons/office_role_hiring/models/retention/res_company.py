from odoo import fields, models


class ResCompany(models.Model):
    """How long applications say whose they are, and how small a group may be."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    hiring_retention_months = fields.Integer(
        string="Anonymise applications after (months)",
        default=0,
        help="Months after the last decision, when the application was refused or "
        "archived. 0: never.",
    )
    hiring_group_minimum = fields.Integer(
        string="Smallest group shown",
        default=5,
        help="The adverse-impact report shows nothing of a group of which fewer were "
        "considered.",
    )

    _hiring_retention_months_check = models.Constraint(
        "CHECK (hiring_retention_months >= 0)",
        "The months after which applications are anonymised must not be negative.",
    )
    _hiring_group_minimum_check = models.Constraint(
        "CHECK (hiring_group_minimum >= 3)",
        "The smallest group shown must have at least three people: of two, each would "
        "know the other one's answer.",
    )
