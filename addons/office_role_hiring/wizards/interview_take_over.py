from odoo import Command, fields, models
from odoo.exceptions import UserError


class InterviewTakeOver(models.TransientModel):
    """The recruiter decides which ratings become skills of the applicant."""

    _name = "interview.take.over"
    _description = "Ratings to Skills"

    applicant_id = fields.Many2one("hr.applicant", required=True, ondelete="cascade")
    line_ids = fields.One2many("interview.take.over.line", "take_over_id")

    def action_confirm(self):
        """Write the skills; Odoo keeps the earlier level with its dates.

        :raises UserError: if a chosen skill has no level, or somebody who still owes
            a scorecard would see the result
        """
        self.ensure_one()
        self.applicant_id._check_may_take_over()
        chosen = self.line_ids.filtered("take_over")
        if unclear := chosen.filtered(lambda line: not line.skill_level_id):
            raise UserError(
                self.env._(
                    "%s: choose the level that the applicant has, or leave the skill "
                    "out.",
                    ", ".join(unclear.skill_id.mapped("name")),
                )
            )
        held = self.applicant_id.current_applicant_skill_ids.grouped("skill_id")
        commands = []
        for line in chosen:
            values = {"skill_level_id": line.skill_level_id.id}
            if current := held.get(line.skill_id):
                commands.append(Command.update(current[0].id, values))
            else:
                skill = line.skill_id
                commands.append(
                    Command.create(
                        {
                            **values,
                            "skill_id": skill.id,
                            "skill_type_id": skill.skill_type_id.id,
                            # Odoo's default is the day on which the server started
                            "valid_from": fields.Date.today(),
                        }
                    )
                )
        if commands:
            self._check_nobody_blind()
            self.applicant_id.write({"current_applicant_skill_ids": commands})
        return {"type": "ir.actions.act_window_close"}

    def _check_nobody_blind(self):
        """Refuse while scorecards are missing: skills tell what the others said.

        :raises UserError: naming the interviewers
        """
        # sudo: who owes a scorecard says nothing about what stands in the others
        cards = self.sudo().applicant_id.interview_scorecard_ids
        if missing := cards.filtered(lambda card: card.state == "draft"):
            raise UserError(
                self.env._(
                    "%(applicant)s: %(interviewers)s would learn from the skills how "
                    "the others rated. Wait for their scorecards, or end the round "
                    "without them.",
                    applicant=self.applicant_id.partner_name,
                    interviewers=", ".join(missing.interviewer_id.mapped("name")),
                )
            )
