from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...playbook_score import Question, best


class DeskPlaybookQuestion(models.Model):
    _name = "desk.playbook.question"
    _description = "Question of a playbook"
    _order = "playbook_id, sequence, id"

    playbook_id = fields.Many2one(
        "desk.playbook", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="playbook_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(string="Question", required=True, translate=True)
    kind = fields.Selection(
        [
            ("yesno", "Yes or no"),
            ("choice", "One of several"),
            ("number", "Number"),
            ("text", "Text"),
        ],
        required=True,
        default="yesno",
    )
    is_required = fields.Boolean(
        string="Needed", default=True, help="Without it the playbook is incomplete."
    )
    points = fields.Float(
        help="For a yes, for a number from the threshold on, or for any text."
    )
    threshold = fields.Float(help="A number earns the points from here on.")
    option_ids = fields.One2many(
        "desk.playbook.option", "question_id", string="Choices", copy=True
    )

    @api.constrains("kind", "option_ids")
    def _check_options(self):
        for question in self:
            if question.kind == "choice" and not question.option_ids:
                raise ValidationError(
                    self.env._("%s: add what can be chosen.", question.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Add questions, to the leads as well that have the playbook already."""
        questions = super().create(vals_list)
        # sudo: whoever keeps the playbook need not read the leads that it is asked of
        leads = self.env["crm.lead"].sudo()
        domain = [("playbook_id", "in", questions.playbook_id.ids)]
        leads.search(domain)._add_playbook_answers()
        return questions

    def write(self, vals):
        """Change questions; whose kind was answered stays.

        :raise UserError: when an answered question shall become another kind
        """
        if "kind" in vals or "playbook_id" in vals:
            # sudo: all answers count, also those of others' leads
            answers = self.env["desk.playbook.answer"].sudo()
            domain = [("question_id", "in", self.ids), ("is_answered", "=", True)]
            if answer := answers.search(domain, limit=1):
                raise UserError(
                    self.env._(
                        "%s was answered already. Archive it and add a new question.",
                        answer.question_id.name,
                    )
                )
        return super().write(vals)

    def unlink(self):
        """Delete questions, and on the leads too where nobody has answered them."""
        # sudo: all answers count, also those of others' leads
        answers = self.env["desk.playbook.answer"].sudo()
        domain = [("question_id", "in", self.ids), ("is_answered", "=", False)]
        answers.search(domain).unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        # sudo: as above
        answers = self.env["desk.playbook.answer"].sudo()
        if answer := answers.search([("question_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%s was answered already. Archive it.", answer.question_id.name
                )
            )

    def _get_question(self):
        """Return the question for the arithmetic."""
        self.ensure_one()
        return Question(
            kind=self.kind,
            points=self.points,
            threshold=self.threshold,
            options={option.id: option.points for option in self.option_ids},
        )

    def _get_best(self):
        """Return the most points that an answer can have."""
        return best(self._get_question())
