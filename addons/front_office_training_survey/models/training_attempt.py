from odoo import fields, models


class TrainingAttempt(models.Model):
    _inherit = "training.attempt"

    # restrict: the answers are what the attempt was judged by, so they stay
    user_input_id = fields.Many2one(
        "survey.user_input",
        string="Answers",
        readonly=True,
        ondelete="restrict",
        help="The answer sheet of the quiz by which the step was judged.",
    )

    _user_input_unique = models.UniqueIndex(
        "(user_input_id) WHERE user_input_id IS NOT NULL",
        "These answers were counted already. Reload the page to see the result.",
    )

    def action_view_answers(self):
        """Open the answers by which the step was judged, on a page of their own."""
        self.ensure_one()
        self.check_access("read")
        # sudo: whoever may read the attempt may read what it was judged by
        sheet = self.sudo().user_input_id
        return {
            "type": "ir.actions.act_url",
            "url": sheet.get_print_url(),
            "target": "new",
        }
