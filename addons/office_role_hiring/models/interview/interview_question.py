from odoo import api, fields, models


class InterviewQuestion(models.Model):
    """Something to ask an applicant about a skill."""

    _name = "interview.question"
    _description = "Interview Question"
    _order = "skill_type_id, skill_id, sequence, id"
    _check_company_auto = True

    name = fields.Text(string="Question", required=True, translate=True)
    skill_id = fields.Many2one(
        "hr.skill", required=True, index=True, ondelete="cascade"
    )
    skill_type_id = fields.Many2one(
        related="skill_id.skill_type_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to ask it in all companies.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.model
    def _get_by_skill(self, skills, company):
        """Return the questions of skills in their order, those of the company first.

        :param skills: ``hr.skill`` records
        :param company: the company of the interview, or an empty record
        :return: a dict of question records by skill
        """
        questions = self.search(
            [
                ("skill_id", "in", skills.ids),
                ("company_id", "in", [*company.ids, False]),
            ]
        )
        questions = questions.sorted(lambda question: not question.company_id)
        return questions.grouped("skill_id")
