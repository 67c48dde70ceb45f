from odoo import fields, models


class HrApplicantGroup(models.Model):
    """One answer to a voluntary question: a group of the adverse-impact report."""

    _name = "hr.applicant.group"
    _description = "Group of Applicants"
    _order = "dimension_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    dimension_id = fields.Many2one(
        "hr.applicant.group.dimension", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="dimension_id.company_id", store=True, index="btree_not_null"
    )
