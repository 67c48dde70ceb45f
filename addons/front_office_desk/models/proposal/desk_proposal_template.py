from odoo import fields, models


class DeskProposalTemplate(models.Model):
    _name = "desk.proposal.template"
    _description = "Checklist of a proposal"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    part_ids = fields.One2many(
        "desk.proposal.template.part", "template_id", string="Parts", copy=True
    )
