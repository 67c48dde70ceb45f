from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class TrainingSessionJudge(models.TransientModel):
    """Judge what was practised in a session: all who were present, on one screen."""

    _name = "training.session.judge"
    _description = "Judge the Steps of a Session"

    session_id = fields.Many2one(
        "training.session", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("training.session.judge.line", "wizard_id")
    left_out_count = fields.Integer(
        string="Left out",
        readonly=True,
        help="Steps of those present that are closed already, or that somebody else "
        "signs.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create the screens with a line for each step that the user may judge."""
        wizards = super().create(
            [{"session_id": vals.get("session_id")} for vals in vals_list]
        )
        for wizard in wizards:
            wizard.session_id.check_access("write")
            steps, left_out = wizard.session_id._get_steps_to_judge()
            wizard.write(
                {
                    "left_out_count": len(left_out),
                    "line_ids": [
                        Command.create({"enrolment_step_id": step.id}) for step in steps
                    ],
                }
            )
        return wizards

    def action_all_passed(self):
        """Fill in that everybody passed; what was said to be repeated stays."""
        self.ensure_one()
        self.line_ids.filtered(lambda line: not line.result).result = "passed"
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_session_judge_action"
            ),
            "res_id": self.id,
        }

    def action_confirm(self):
        """Tick and sign what was passed; send back what is to be repeated.

        Nothing is judged unless all of it is.

        :raises AccessError: when one of the steps is not the user's to judge
        :raises UserError: when nothing is judged, or words are missing
        """
        self.ensure_one()
        self.session_id.check_access("write")
        lines = self.line_ids.filtered("result")
        if not lines:
            raise UserError(
                self.env._(
                    "%s: say of at least one step whether it was passed.",
                    self.session_id.name,
                )
            )
        self._check_lines(lines)
        lines.enrolment_step_id._tick_observed()
        passed = lines.filtered(lambda line: line.result == "passed")
        if passed:
            passed.enrolment_step_id.action_sign()
        for words, group in (lines - passed).grouped("feedback").items():
            group.enrolment_step_id._fail(words)
        return {"type": "ir.actions.act_window_close"}

    def _check_lines(self, lines):
        """Refuse a step from elsewhere, and sending back without a word.

        :raises UserError: naming the step
        """
        steps, _left_out = self.session_id._get_steps_to_judge()
        for line in lines:
            step = line.enrolment_step_id
            if step not in steps:
                raise UserError(
                    self.env._(
                        "%(step)s of %(employee)s is not to be judged here: the "
                        "trainee was not present, the step is closed, or somebody "
                        "else signs it. Close this screen and open it again.",
                        step=step.name,
                        employee=step.employee_id.display_name,
                    )
                )
            if line.result == "failed" and not (line.feedback or "").strip():
                raise UserError(
                    self.env._(
                        "%(step)s of %(employee)s: write what to do better next time.",
                        step=step.name,
                        employee=step.employee_id.display_name,
                    )
                )
