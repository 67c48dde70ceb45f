from odoo import fields, models


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    explanation = fields.Html(
        translate=True,
        help="Why the right answer is right. It shows under the question when the "
        "answers are reviewed.",
    )
