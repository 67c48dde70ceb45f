from odoo import fields, models


class DeskPlaybookOption(models.Model):
    _name = "desk.playbook.option"
    _description = "Choice of a question"
    _order = "sequence, id"

    question_id = fields.Many2one(
        "desk.playbook.question", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="question_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    points = fields.Float()
