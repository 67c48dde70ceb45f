from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...playbook_score import is_answered, score

VALUES = {
    "yesno": "value_yesno",
    "choice": "value_option_id",
    "number": "value_number",
    "text": "value_text",
}


class DeskPlaybookAnswer(models.Model):
    _name = "desk.playbook.answer"
    _description = "Answer of a lead to a question"
    _inherit = ["desk.protected"]
    _order = "question_sequence, id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)
    question_id = fields.Many2one(
        "desk.playbook.question", required=True, index=True, ondelete="restrict"
    )
    question_sequence = fields.Integer(
        related="question_id.sequence", store=True, string="Sequence"
    )
    kind = fields.Selection(related="question_id.kind")
    is_required = fields.Boolean(related="question_id.is_required")
    value_yesno = fields.Selection([("yes", "Yes"), ("no", "No")], string="Yes or no")
    value_option_id = fields.Many2one(
        "desk.playbook.option",
        string="Choice",
        ondelete="restrict",
        domain="[('question_id', '=', question_id)]",
    )
    value_number = fields.Float(string="Number", help="0 counts as not answered.")
    value_text = fields.Char(string="Text")
    is_answered = fields.Boolean(compute="_compute_points", store=True)
    points = fields.Float(compute="_compute_points", store=True)
    points_best = fields.Float(
        string="Of", compute="_compute_points", store=True, help="The most points."
    )

    _once = models.UniqueIndex(
        "(lead_id, question_id)", "Each question is answered once for a lead."
    )

    @api.depends(
        "value_yesno",
        "value_option_id",
        "value_number",
        "value_text",
        "question_id.kind",
        "question_id.points",
        "question_id.threshold",
        "question_id.option_ids.points",
    )
    def _compute_points(self):
        for answer in self:
            question, value = answer.question_id._get_question(), answer._get_value()
            answer.is_answered = is_answered(value)
            answer.points = score(question, value)
            answer.points_best = answer.question_id._get_best()

    @api.constrains("value_option_id", "question_id")
    def _check_option(self):
        for answer in self:
            option = answer.value_option_id
            if option and option.question_id != answer.question_id:
                raise ValidationError(
                    self.env._(
                        "%(option)s is no choice of the question %(question)s.",
                        option=option.name,
                        question=answer.question_id.name,
                    )
                )

    def write(self, vals):
        """Answer; the lead and the question stay.

        :raise UserError: when an answer shall move to another lead or question, or
            one that the stage of its lead needs is emptied
        """
        if not self.env.su and {"lead_id", "question_id"} & vals.keys():
            raise UserError(
                self.env._("An answer stays with its lead and its question.")
            )
        answered = self.filtered("is_answered")
        result = super().write(vals)
        emptied = answered.filtered(lambda each: not each.is_answered)
        for lead in emptied.lead_id if not self.env.su else ():
            lead._check_playbook(lead.stage_id)
        return result

    def _get_value(self):
        """Return what was answered, in the field of the question's kind."""
        self.ensure_one()
        name = VALUES.get(self.kind)
        value = self[name] if name else None
        return value.id if name == "value_option_id" else value
