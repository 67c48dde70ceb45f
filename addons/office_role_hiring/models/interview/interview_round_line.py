from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InterviewRoundLine(models.Model):
    """One question that one interviewer asks, with the anchors to rate the answer by.

    Question and anchors are copied: what somebody is rated by stays as it was.
    """

    _name = "interview.round.line"
    _description = "Question of an Interview Round"
    _order = "round_id, sequence, id"
    _rec_name = "skill_id"
    _check_company_auto = True

    round_id = fields.Many2one(
        "interview.round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="round_id.company_id", store=True, index="btree_not_null"
    )
    sequence = fields.Integer(default=100)
    skill_id = fields.Many2one(
        "hr.skill", required=True, index=True, ondelete="restrict"
    )
    must_have = fields.Boolean()
    weight = fields.Integer(default=1)
    interviewer_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', parent.interviewer_ids)]",
    )
    question = fields.Text()
    minutes = fields.Integer(required=True, default=1)
    anchor_1 = fields.Text(string="1: not shown")
    anchor_2 = fields.Text(string="2: in part")
    anchor_3 = fields.Text(string="3: well")
    anchor_4 = fields.Text(string="4: an example to others")

    _skill_once = models.UniqueIndex(
        "(round_id, interviewer_id, skill_id)",
        "An interviewer rates a skill once. Put two questions into one line.",
    )
    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0)", "A question takes at least one minute."
    )

    @api.onchange("skill_id")
    def _onchange_skill_id(self):
        """Bring the question and the anchors of the skill that was chosen."""
        company = self.round_id.company_id
        questions = self.env["interview.question"]
        by_skill = questions._get_by_skill(self.skill_id, company)
        self.question = by_skill.get(self.skill_id, questions)[:1].name
        anchors = self.env["interview.skill.guide"]._get_anchors(self.skill_id, company)
        self.update(anchors.get(self.skill_id, dict.fromkeys(self._get_anchor_names())))

    @api.model
    def _get_anchor_names(self):
        return [name for name in self._fields if name.startswith("anchor_")]

    @api.constrains("interviewer_id", "round_id")
    def _check_interviewer(self):
        for line in self:
            if line.interviewer_id not in line.round_id.interviewer_ids:
                raise ValidationError(
                    self.env._(
                        "%(round)s: %(user)s asks about %(skill)s, but is not among "
                        "the interviewers. Add them to the round, or let somebody else "
                        "ask.",
                        round=line.round_id.display_name,
                        user=line.interviewer_id.name,
                        skill=line.skill_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.round_id._check_is_plan()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            rounds = self.round_id
            # neither out of a fixed plan nor into one
            rounds |= rounds.browse(vals.get("round_id"))
            rounds._check_is_plan()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_from_a_plan(self):
        self.round_id._check_is_plan()
