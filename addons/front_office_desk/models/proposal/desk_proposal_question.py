from odoo import api, fields, models
from odoo.exceptions import UserError


class DeskProposalQuestion(models.Model):
    _name = "desk.proposal.question"
    _description = "Question about a proposal to the customer"
    _inherit = ["desk.protected"]
    _order = "id"
    _check_company_auto = True
    _desk_protected = frozenset(("asked_on", "answered_on"))

    proposal_id = fields.Many2one(
        "desk.proposal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="proposal_id.company_id", store=True, index=True, precompute=True
    )
    name = fields.Char(string="Question", required=True)
    asked_on = fields.Datetime(string="Asked", readonly=True, copy=False)
    answer = fields.Text(copy=False)
    answered_on = fields.Datetime(string="Answered", readonly=True, copy=False)

    def write(self, vals):
        """Change questions that weren't asked yet, and note answers.

        :raise UserError: when a question was asked, or a time is written
        """
        if not self.env.su:
            for question in self:
                if {"asked_on", "answered_on", "proposal_id"} & vals.keys() or (
                    "name" in vals and question.asked_on
                ):
                    raise UserError(
                        self.env._(
                            "%s: what the customer was asked, and when, stays.",
                            question.name,
                        )
                    )
        if "answer" in vals:
            vals = {
                **vals,
                "answered_on": bool(vals["answer"]) and fields.Datetime.now(),
            }
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        for question in self:
            if question.asked_on:
                raise UserError(self.env._("%s was asked and is kept.", question.name))
