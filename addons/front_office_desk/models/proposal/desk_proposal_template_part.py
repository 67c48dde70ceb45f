from odoo import fields, models

OFFICES = [("front", "Front office"), ("back", "Back office")]


class DeskProposalTemplatePart(models.Model):
    _name = "desk.proposal.template.part"
    _description = "Part of a checklist"
    _order = "days_before desc, id"

    template_id = fields.Many2one(
        "desk.proposal.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    name = fields.Char(string="Part", required=True, translate=True)
    office = fields.Selection(OFFICES, required=True, default="back")
    days_before = fields.Integer(
        string="Working days before",
        required=True,
        default=1,
        help="How many working days before the submission the part has to be ready.",
    )
    is_required = fields.Boolean(
        string="Needed", default=True, help="Without it nothing is handed in."
    )

    _days_before_positive = models.Constraint(
        "CHECK (days_before >= 0)",
        "A part is ready on the day of the submission or some days before.",
    )
