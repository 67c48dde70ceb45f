from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# what an interviewer writes
EDITABLE = {"line_ids", "recommendation", "summary"}
# free text, which may be emptied where an applicant is anonymised, and nothing else
ERASABLE = {"summary"}

RECOMMENDATIONS = [
    ("strong_yes", "Hire, without hesitation"),
    ("yes", "Hire"),
    ("no", "Do not hire"),
    ("strong_no", "Do not hire, certainly"),
]


class InterviewScorecard(models.Model):
    """What one interviewer heard in one round, skill by skill.

    Blind until submitted: the record rules show a scorecard to its interviewer only
    until it is submitted, and then to nobody who still owes one for the same applicant.
    Locked once submitted. It has no chatter, so that none can give ratings away.
    """

    _name = "interview.scorecard"
    _description = "Interview Scorecard"
    _order = "id desc"
    _check_company_auto = True

    round_id = fields.Many2one(
        "interview.round",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    applicant_id = fields.Many2one(
        related="round_id.applicant_id", store=True, index=True
    )
    job_id = fields.Many2one(
        related="round_id.job_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="round_id.company_id", store=True, index="btree_not_null"
    )
    start = fields.Datetime(related="round_id.start")
    interviewer_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "To fill in"), ("submitted", "Submitted")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    recommendation = fields.Selection(RECOMMENDATIONS)
    summary = fields.Text(help="In one or two sentences, what decides it for you.")
    line_ids = fields.One2many("interview.scorecard.line", "scorecard_id")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _round_interviewer_unique = models.UniqueIndex(
        "(round_id, interviewer_id)", "An interviewer has one scorecard a round."
    )

    @api.depends("round_id", "interviewer_id")
    def _compute_display_name(self):
        for card in self:
            card.display_name = self.env._(
                "%(round)s, scorecard of %(interviewer)s",
                # sudo: whose scorecard it is, for somebody who may not see the round
                round=card.sudo().round_id.display_name,
                interviewer=card.interviewer_id.name,
            )

    @api.depends_context("uid")
    @api.depends("interviewer_id")
    def _compute_is_mine(self):
        for card in self:
            card.is_mine = card.interviewer_id == self.env.user

    def action_submit(self):
        """Submit one's own scorecard, for good.

        :raises AccessError: if it is somebody else's
        :raises UserError: if a rating, a note or the recommendation is missing, or the
            scorecard has been submitted before
        """
        self._check_mine()
        self._check_open()
        for card in self:
            card._check_complete()
        # sudo: nobody writes the state by hand; that it is one's own was checked above
        cards = self.sudo()
        cards.write({"state": "submitted", "submitted_on": fields.Datetime.now()})
        for card in cards:
            card.round_id._scorecard_submitted(card.interviewer_id)

    def _check_mine(self):
        self.check_access("read")
        if others := self.filtered(lambda card: not card.is_mine):
            raise AccessError(
                self.env._(
                    "%s: only the interviewer fills in and submits a scorecard.",
                    ", ".join(others.mapped("display_name")),
                )
            )

    def _check_open(self):
        if locked := self.filtered(lambda card: card.state == "submitted"):
            raise UserError(
                self.env._(
                    "%s: the scorecard has been submitted and is never changed again. "
                    "Write what you want to add to the decision instead.",
                    ", ".join(locked.mapped("display_name")),
                )
            )

    def _check_complete(self):
        """Refuse a scorecard with something missing, and say what.

        :raises UserError: naming the skills
        """
        self.ensure_one()
        unrated = self.line_ids.filtered(lambda line: not line.rating).skill_id
        if unrated:
            problem = self.env._(
                "rate these skills first: %s.", ", ".join(unrated.mapped("name"))
            )
        elif not self.recommendation:
            problem = self.env._("choose what you recommend, then submit.")
        else:
            self.line_ids._check_note()
            return
        raise UserError(
            self.env._("%(card)s: %(problem)s", card=self.display_name, problem=problem)
        )

    def _is_begun(self):
        """Return whether something stands in the scorecard."""
        self.ensure_one()
        return bool(
            self.state == "submitted"
            or self.recommendation
            or self.summary
            or any(line.rating or line.note for line in self.line_ids)
        )

    def write(self, vals):
        if not self.env.su:
            self._check_mine()
            if others := vals.keys() - EDITABLE:
                raise AccessError(
                    self.env._(
                        "Scorecard: %s cannot be set by hand.",
                        ", ".join(sorted(others)),
                    )
                )
        if not self._is_erasure(vals, ERASABLE):
            self._check_open()
        return super().write(vals)

    def _is_erasure(self, vals, names):
        """Return whether superuser mode empties free text: an anonymisation."""
        return self.env.su and vals.keys() <= names and not any(vals.values())

    @api.ondelete(at_uninstall=False)
    def _unlink_never_submitted(self):
        self._check_open()
