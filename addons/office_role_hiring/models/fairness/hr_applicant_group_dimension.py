from odoo import fields, models


class HrApplicantGroupDimension(models.Model):
    """A question that applicants may answer about themselves, such as their sex.

    None is shipped: whether to ask, and what, the company decides, as its law allows.
    """

    _name = "hr.applicant.group.dimension"
    _description = "Voluntary Question to Applicants"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index="btree_not_null",
        help="Empty for all companies.",
    )
    question = fields.Text(
        translate=True, help="What the applicant reads above the answers."
    )
    group_ids = fields.One2many(
        "hr.applicant.group", "dimension_id", string="Answers", copy=True
    )
