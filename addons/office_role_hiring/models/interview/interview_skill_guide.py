from odoo import api, fields, models

from ... import interview_rating

ANCHORS = range(interview_rating.LOWEST, interview_rating.HIGHEST + 1)


class InterviewSkillGuide(models.Model):
    """How a skill is rated in an interview: four anchors of behaviour.

    A guide without a company holds for all; one of a company takes its place there.
    """

    _name = "interview.skill.guide"
    _description = "Interview Guide of a Skill"
    _order = "skill_type_id, skill_id, company_id, id"
    _rec_name = "skill_id"
    _check_company_auto = True

    skill_id = fields.Many2one(
        "hr.skill", required=True, index=True, ondelete="cascade"
    )
    skill_type_id = fields.Many2one(
        related="skill_id.skill_type_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty for all companies. A guide of a company takes the place of "
        "the shared one there.",
    )
    active = fields.Boolean(default=True)
    anchor_1 = fields.Text(
        string="1: not shown", required=True, translate=True, help="What you heard."
    )
    anchor_2 = fields.Text(string="2: in part", required=True, translate=True)
    anchor_3 = fields.Text(string="3: well", required=True, translate=True)
    anchor_4 = fields.Text(
        string="4: an example to others", required=True, translate=True
    )
    question_ids = fields.Many2many(
        "interview.question", compute="_compute_question_ids", string="Questions"
    )

    _skill_unique = models.UniqueIndex(
        "(skill_id, COALESCE(company_id, 0)) WHERE active",
        "This skill already has an interview guide. Change that one, or archive it "
        "first.",
    )

    @api.depends("skill_id", "company_id")
    def _compute_question_ids(self):
        questions = self.env["interview.question"].search(
            [("skill_id", "in", self.skill_id.ids)]
        )
        by_skill = questions.grouped("skill_id")
        for guide in self:
            guide.question_ids = by_skill.get(guide.skill_id, questions.browse())

    @api.model
    def _get_anchors(self, skills, company):
        """Return the anchors of skills, as values of a line by skill.

        :param skills: ``hr.skill`` records
        :param company: the company whose guides come first, or an empty record
        :return: a dict ``{skill: {"anchor_1": …, … "anchor_4": …}}``
        """
        guides = self.search(
            [
                ("skill_id", "in", skills.ids),
                ("company_id", "in", [*company.ids, False]),
            ]
        )
        # the guides of the company last: they win
        guides = guides.sorted(lambda guide: bool(guide.company_id))
        return {
            guide.skill_id: {
                f"anchor_{rating}": guide[f"anchor_{rating}"] for rating in ANCHORS
            }
            for guide in guides
        }

    def action_add_question(self):
        """Open the questions of the skill, to write another."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.interview_question_action"
        )
        return {
            **action,
            "domain": [("skill_id", "=", self.skill_id.id)],
            "context": {
                "default_skill_id": self.skill_id.id,
                "default_company_id": self.company_id.id,
            },
        }
