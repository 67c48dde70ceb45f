from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...interview_rating import EXTREMES

EDITABLE = {"rating", "note"}
ERASABLE = {"note"}


class InterviewScorecardLine(models.Model):
    """The rating of one skill on a scorecard, with what was heard."""

    _name = "interview.scorecard.line"
    _description = "Rating on a Scorecard"
    _order = "scorecard_id, id"
    _rec_name = "skill_id"
    _check_company_auto = True

    scorecard_id = fields.Many2one(
        "interview.scorecard",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    round_line_id = fields.Many2one(
        "interview.round.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="scorecard_id.company_id", store=True, index="btree_not_null"
    )
    applicant_id = fields.Many2one(
        related="scorecard_id.applicant_id", store=True, index=True
    )
    job_id = fields.Many2one(
        related="scorecard_id.job_id", store=True, index="btree_not_null"
    )
    interviewer_id = fields.Many2one(
        related="scorecard_id.interviewer_id", store=True, index=True
    )
    state = fields.Selection(related="scorecard_id.state", store=True)
    skill_id = fields.Many2one(related="round_line_id.skill_id", store=True, index=True)
    must_have = fields.Boolean(related="round_line_id.must_have", store=True)
    question = fields.Text(related="round_line_id.question")
    minutes = fields.Integer(related="round_line_id.minutes")
    anchor_1 = fields.Text(related="round_line_id.anchor_1")
    anchor_2 = fields.Text(related="round_line_id.anchor_2")
    anchor_3 = fields.Text(related="round_line_id.anchor_3")
    anchor_4 = fields.Text(related="round_line_id.anchor_4")
    rating = fields.Integer(
        aggregator=None, help="1 to 4, by the anchors; 0 is not rated yet."
    )
    # a mean of whole numbers would be shown as a whole number
    mean_rating = fields.Float(
        compute="_compute_mean_rating", store=True, digits=(3, 2), aggregator="avg"
    )
    note = fields.Text(help="What the applicant said or did. Needed for a 1 and a 4.")

    _rating_range = models.Constraint(
        "CHECK (rating BETWEEN 0 AND 4)", "A rating is 1, 2, 3 or 4."
    )
    _round_line_unique = models.UniqueIndex(
        "(round_line_id)", "A question of a round is rated once."
    )

    @api.depends("rating")
    def _compute_mean_rating(self):
        for line in self:
            line.mean_rating = line.rating

    @api.constrains("rating", "note")
    def _check_note(self):
        # a submitted note changes only where an applicant is anonymised
        for line in self.filtered(lambda line: line.state != "submitted"):
            if line.rating in EXTREMES and not (line.note or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(skill)s: a rating of %(rating)s needs a note. Write what "
                        "the applicant said or did.",
                        skill=line.skill_id.name,
                        rating=line.rating,
                    )
                )

    def write(self, vals):
        cards = self.scorecard_id
        if not self.env.su:
            self.check_access("read")
            cards._check_mine()
            if others := vals.keys() - EDITABLE:
                raise AccessError(
                    self.env._(
                        "Rating: %s cannot be set by hand.", ", ".join(sorted(others))
                    )
                )
        if not cards._is_erasure(vals, ERASABLE):
            cards._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_submitted(self):
        self.scorecard_id._check_open()
