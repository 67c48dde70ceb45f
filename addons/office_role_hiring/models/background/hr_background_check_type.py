from odoo import fields, models


class HrBackgroundCheckType(models.Model):
    """A kind of background check, such as a criminal record or a licence."""

    _name = "hr.background.check.type"
    _description = "Background Check Type"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    validity_months = fields.Integer(
        string="Valid for (months)",
        default=12,
        help="How long a result counts. 0: it never expires.",
    )
    is_sensitive = fields.Boolean(
        string="Legally sensitive",
        help="The law limits who may ask for this check, when, and what may follow "
        "from it. Ask only where the work makes it necessary, and take advice.",
    )
    description = fields.Text(
        string="What is checked", translate=True, help="Shown to those who order it."
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to share the type between all companies.",
    )

    _validity_not_negative = models.Constraint(
        "CHECK (validity_months >= 0)",
        "The months of validity of a background check type cannot be negative. Enter 0 "
        "where results never expire.",
    )
